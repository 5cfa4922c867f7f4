// A conversation of 10 000 messages that this device has kept: from the first look into its database until the newest
// 50 are painted, and from a frame of the socket until its message is. Over a real help desk, with the bench as agent.

import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Server } from 'socket.io'
import { DESK_NAMESPACE, HTTP_PREFIX } from '../../../src/protocol/version'
import { attachHelpDesk } from '../../../src/server/attachHelpDesk'
import { SOCKET_OPTIONS } from '../../../src/server/socketDoor'
import type { HelpDeskStore } from '../../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { connected, openSocket } from '../../support/sockets'
import { costliest } from '../profile'
import { type Browsers, SLOWER, type SlowPage } from './browser'
import { median, type OwnFigure, shown } from './figures'
import { OURS, ourTag, pageOf } from './pages'
import type { Site } from './site'
import { within } from './visits'

const MESSAGES = 10_000
const SHOWN = 50
const APPENDED = 5
const AGENT = { agentId: 'bench', name: 'Bench', roles: [] } as const
/** Longer than the bench: nobody is lost because it pauses. */
const NEVER_MS = 24 * 60 * 60_000

export async function measureTimeline(
  browsers: Browsers,
  site: Site,
  {
    runs,
    say,
    profile,
  }: {
    readonly runs: number
    say(line: string): void
    /** Folder for a CPU profile of what is appended. With it times are longer than they are. */
    readonly profile?: string | undefined
  },
): Promise<readonly OwnFigure[]> {
  const store = await openSqlStore({ file: ':memory:' })
  const io = new Server(site.server, SOCKET_OPTIONS)
  const config = { name: 'Help', knowledge: '/help/manifest.json', server: '/', channels: { live: true } }
  const helpDesk = attachHelpDesk(io, {
    store,
    config,
    allowedOrigins: [site.address],
    verifyAgent: ({ headers }) => (headers['x-bench-agent'] ? { ...AGENT } : null),
    timers: { keepPlaceMs: NEVER_MS, agentGoneMs: NEVER_MS, waitAtMostMs: NEVER_MS },
  })
  site.server.on('request', (request, response) => {
    if (request.url?.startsWith(`${HTTP_PREFIX}/`)) void helpDesk.handler(request, response)
  })
  site.add('/people.json', JSON.stringify(config))
  site.add('/with-people', pageOf(ourTag('/people.json')))
  const { port } = site.server.address() as AddressInfo
  const agent = await connected(
    openSocket(`http://127.0.0.1:${port}${DESK_NAMESPACE}`, { v: 1 }, { 'x-bench-agent': AGENT.agentId }),
  )
  const ask = (name: string, body: object) => agent.timeout(5_000).emitWithAck(name, { v: 1, ...body })
  const slow = await browsers.open(site.address, { rate: 1, line: false })
  try {
    const { page } = slow
    await page.addInitScript(watchTimeline, SHOWN)
    await page.goto(`${site.address}/with-people`)
    await slow.press(OURS.launcher)
    await page.locator('[part=person]').click()
    await page.getByRole('button', { name: /^Chat now/ }).click()
    const conversationId = await within(queued(store), 'the conversation in the queue')
    await ask('claim', { conversationId, expected: 0 })
    await fill(store, conversationId)
    say(`timeline: ${MESSAGES} messages stored, read by the device for the first time`)
    await page.reload()
    const syncMs = await within(opened(slow, `${MESSAGES}: `), 'the newest message', 120_000)
    say(`timeline: read from the server in ${shown(syncMs / 1_000)} s, at full speed`)
    // Until the disk has them too.
    await new Promise(resolve => setTimeout(resolve, 3_000))

    const [openTimes, tasks, appendTimes, busyTimes, appendTasks]: number[][] = [[], [], [], [], []]
    const profiler = profile ? await page.context().newCDPSession(page) : null
    await profiler?.send('Profiler.enable')
    await slow.throttle(SLOWER)
    let count = 0
    let newest = `${MESSAGES}: `
    for (let run = 0; run < runs; run++) {
      await page.reload()
      openTimes?.push(await within(opened(slow, newest), 'the newest message', 60_000))
      await slow.quiet()
      const { longTasks } = await page.evaluate(() => window.probe.vitals())
      tasks?.push(Math.max(0, ...longTasks))
      await page.evaluate(() => window.probe.forget())
      await profiler?.send('Profiler.start')
      for (let n = 0; n < APPENDED; n++) {
        const text = `Appended ${++count}.`
        newest = text
        await page.evaluate(wanted => window.timeline.awaits(wanted), text)
        await ask('send', {
          conversationId,
          drafts: [
            { clientId: `appended-by-bench-${count}`, body: { type: 'message', text, format: 'plain' } },
          ],
        })
        const { paintedMs, busyMs } = await within(
          page.evaluate(() => window.timeline.painted),
          `"${text}" in the list`,
        )
        appendTimes?.push(paintedMs)
        busyTimes?.push(busyMs)
        await slow.quiet()
      }
      if (profiler) {
        const file = join(profile ?? '', `append-${run + 1}.cpuprofile`)
        writeFileSync(file, JSON.stringify((await profiler.send('Profiler.stop')).profile))
        say(costliest(file, APPENDED))
      }
      const later = await page.evaluate(() => window.probe.vitals())
      appendTasks?.push(Math.max(0, ...later.longTasks))
      say(
        `timeline: run ${run + 1} of ${runs}: open ${shown(openTimes?.at(-1))} ms, append ${shown(median(appendTimes ?? []))} ms`,
      )
    }
    return [
      { name: 'timeline-open-ms', unit: 'ms', asked: { atMost: 300 }, value: median(openTimes ?? []) },
      { name: 'append-ms', unit: 'ms', asked: { atMost: 16 }, value: median(appendTimes ?? []) },
      { name: 'append-without-frame-wait', unit: 'ms', asked: null, value: median(busyTimes ?? []) },
      { name: 'timeline-open-longest-task', unit: 'ms', asked: null, value: median(tasks ?? []) },
      { name: 'append-longest-task', unit: 'ms', asked: null, value: median(appendTasks ?? []) },
      { name: 'timeline-first-sync-at-1x', unit: 'ms', asked: null, value: syncMs },
    ]
  } finally {
    await slow.close()
    agent.disconnect()
    await helpDesk.close()
    io.engine.close()
    await store.close()
  }
}

const opened = ({ page }: SlowPage, text: string) =>
  page.evaluate(wanted => window.timeline.opened(wanted), text)

/** The window shows it as queued before the server has it. */
async function queued(store: HelpDeskStore): Promise<string> {
  for (;;) {
    const first = (await store.queue())[0]?.conversationId
    if (first !== undefined) return first
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** Straight into the store: nobody types 10 000 messages. */
export async function fill(store: HelpDeskStore, conversationId: string, messages = MESSAGES): Promise<void> {
  const words = 'Where is my invoice of last month? I cannot find it under Payments. '
  const batch = 50
  for (let from = 0; from < messages; from += batch) {
    const outcome = await store.append({
      conversationId,
      at: Date.now(),
      drafts: Array.from({ length: Math.min(batch, messages - from) }, (_, i) => {
        const n = from + i + 1
        const isAgents = n % 2 === 0
        return {
          sender: isAgents ? AGENT.agentId : 'visitor',
          clientId: `filled-by-bench-${n}`,
          author: isAgents
            ? ({ kind: 'agent', agentId: AGENT.agentId, name: AGENT.name } as const)
            : ({ kind: 'visitor' } as const),
          body: { type: 'message', text: `${n}: ${words.repeat(1 + (n % 3))}`, format: 'plain' } as const,
        }
      }),
      authorise: () => null,
      plan: (_row, draft) => [draft],
    })
    if (!outcome.ok) throw new Error(`The store must take ${batch} messages, got ${outcome.code}.`)
  }
}

declare global {
  interface Window {
    timeline: {
      /** From the first opening of a database until the last line held `text`, with `atLeast` lines painted, ms. */
      opened(text: string): Promise<number>
      /**
       * From the frame of the socket that holds `text` until a line with it is painted, ms, with and without the wait
       * for the browser's next frame.
       */
      painted: Promise<{ readonly paintedMs: number; readonly busyMs: number }>
      /** Which text `painted` is about. Before it is sent. */
      awaits(text: string): void
    }
  }
}

/** In the page, before any script of it. */
function watchTimeline(atLeast: number): void {
  let databaseAt = 0
  const open = IDBFactory.prototype.open
  IDBFactory.prototype.open = function (...values) {
    databaseAt ||= performance.now()
    return open.apply(this, values)
  }
  let heard = ''
  let heardAt = 0
  const Socket = window.WebSocket
  window.WebSocket = class extends Socket {
    constructor(...values: ConstructorParameters<typeof Socket>) {
      super(...values)
      this.addEventListener('message', ({ data }) => {
        if (heard && !heardAt && String(data).includes(heard)) heardAt = performance.now()
      })
    }
  }
  // Looked at in each frame: to count all lines that often would be a part of what is measured.
  const log = () => document.querySelector('asklet-root')?.shadowRoot?.querySelector('.log')
  /** Call it before a frame is painted. */
  const behindPaint = (work: () => void) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = work
    port2.postMessage(0)
  }
  /** When which words first stood in the last line. */
  const lasts = new Map<string, number>()
  const follow = () => {
    const list = log()
    const text = list && list.children.length >= atLeast ? list.lastElementChild?.textContent : null
    if (text && !lasts.has(text)) {
      lasts.set(text, 0)
      behindPaint(() => lasts.set(text, performance.now()))
    }
    requestAnimationFrame(follow)
  }
  requestAnimationFrame(follow)
  window.timeline = {
    opened: wanted =>
      new Promise(resolve => {
        const look = () => {
          const [, at] = [...lasts].find(([text, painted]) => painted && text.includes(wanted)) ?? []
          if (at) resolve(at - databaseAt)
          else setTimeout(look, 50)
        }
        look()
      }),
    painted: new Promise(() => {}),
    awaits(text) {
      heard = text
      heardAt = 0
      this.painted = new Promise(resolve => {
        const root = document.querySelector('asklet-root')?.shadowRoot
        if (!root) throw new Error('The panel must be there, got none.')
        const watch = new MutationObserver(() => {
          if (!log()?.lastElementChild?.textContent?.includes(text)) return
          watch.disconnect()
          const changedAt = performance.now()
          requestAnimationFrame(() => {
            const frameAt = performance.now()
            behindPaint(() => {
              const paintedAt = performance.now()
              resolve({ paintedMs: paintedAt - heardAt, busyMs: changedAt - heardAt + (paintedAt - frameAt) })
            })
          })
        })
        watch.observe(root, { childList: true, subtree: true, characterData: true })
      })
    },
  }
}
