// A conversation of 10 000 messages at the built desk, beside one of 20: from the press on its row until its newest
// words are painted, from a key in the reply, from the frame of the socket that holds a message, and a frame of
// scrolling. Over a real help desk, in a Chromium slowed to a quarter.

import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { DESK_NAMESPACE, HTTP_PREFIX } from '../../../src/protocol/version'
import { attachHelpDesk } from '../../../src/server/attachHelpDesk'
import { SOCKET_OPTIONS } from '../../../src/server/socketDoor'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { connected, openSocket } from '../../support/sockets'
import { type Browsers, SLOWER } from './browser'
import { median, type OwnFigure, ratio, shown } from './figures'
import { pageOf } from './pages'
import type { Site } from './site'
import { fill } from './timeline'
import { within } from './visits'

const MESSAGES = 10_000
const FEW = 20
const KEYS = 12
const RECEIVED = 8
const AGENT = { agentId: 'bench', name: 'Bench', roles: [] } as const
const NEVER_MS = 24 * 60 * 60_000

interface Times {
  readonly openMs: number
  readonly keyMs: number
  readonly receiveMs: number
  readonly scrollMs: number
  readonly earlierMs: number
  readonly longestMs: number
}

export async function measureDesk(
  browsers: Browsers,
  site: Site,
  { runs, say }: { readonly runs: number; say(line: string): void },
): Promise<readonly OwnFigure[]> {
  const store = await openSqlStore({ file: ':memory:' })
  const io = new Server(site.server, SOCKET_OPTIONS)
  const config = { name: 'Help', server: '/', channels: { live: true } }
  const helpDesk = attachHelpDesk(io, {
    store,
    config,
    allowedOrigins: [site.address],
    verifyAgent: () => ({ ...AGENT }),
    timers: { keepPlaceMs: NEVER_MS, agentGoneMs: NEVER_MS, waitAtMostMs: NEVER_MS },
  })
  site.server.on('request', (request, response) => {
    if (request.url?.startsWith(`${HTTP_PREFIX}/`)) void helpDesk.handler(request, response)
  })
  site.addFolder('/desk/', 'dist/desk')
  site.add('/at-desk', pageOf('<link rel="stylesheet" href="/desk/page.css">'))

  const { port } = site.server.address() as AddressInfo
  // There before the visitor asks: where nobody is, a person is not waited for but offered otherwise.
  const agent = await connected(openSocket(`http://127.0.0.1:${port}${DESK_NAMESPACE}`, { v: 1 }))
  const answered = <Answer extends { readonly ok: boolean }>(name: string, answer: Answer): Answer => {
    if (!answer.ok) throw new Error(`${name} must be taken, got ${JSON.stringify(answer)}`)
    return answer
  }
  const ask = async (name: string, body: object) =>
    answered(name, await agent.timeout(5_000).emitWithAck(name, { v: 1, ...body }))
  const call = async (name: string, body: object) => {
    const response = await fetch(`http://127.0.0.1:${port}${HTTP_PREFIX}/${name}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer bench-visitor-secret-${'x'.repeat(20)}`,
      },
      body: JSON.stringify({ v: 1, ...body }),
    })
    return answered(
      name,
      (await response.json()) as { readonly ok: boolean; readonly conversationId?: string },
    )
  }
  /** Of one visitor, taken by the agent of the bench. */
  async function conversation(openId: string, messages: number): Promise<string> {
    const { conversationId = '' } = await call('open', { openId, brief: emptyBrief({ question: openId }) })
    await call('send', {
      conversationId,
      drafts: [{ clientId: `${openId}-ready`, body: { type: 'handoffReady', channel: 'live' } }],
    })
    await ask('claim', { conversationId, expected: 0 })
    await fill(store, conversationId, messages)
    return conversationId
  }
  const long = await conversation('long-conversation', MESSAGES)
  const short = await conversation('short-conversation', FEW)
  say(`desk: ${MESSAGES} messages stored`)

  let count = 0
  /** A page of its own: nothing of the conversation is in it yet. */
  async function visit(conversationId: string, newest: string): Promise<Times> {
    const slow = await browsers.open(site.address, { rate: 1, line: false })
    try {
      const { page } = slow
      await page.addInitScript(watchDesk)
      await page.goto(`${site.address}/desk/index.html`)
      await page
        .locator(`[data-row="${conversationId}"]`)
        .waitFor()
        .catch(async () => {
          throw new Error(`the desk shows no row for the conversation, but: ${await page.innerText('body')}`)
        })
      await slow.quiet()
      await slow.throttle(SLOWER)
      const openMs = await within(
        page.evaluate(([id, text]) => window.atDesk.open(id, text), [conversationId, newest] as const),
        'the newest message at the desk',
        120_000,
      )
      await slow.quiet()
      const keys: number[] = []
      await page.locator('.reply textarea').focus()
      for (let n = 0; n < KEYS; n++) {
        await page.evaluate(() => window.atDesk.awaitsKey())
        await page.keyboard.press('a')
        keys.push(
          await within(
            page.evaluate(() => window.atDesk.key),
            'a key at the desk',
          ),
        )
      }
      const received: number[] = []
      for (let n = 0; n < RECEIVED; n++) {
        const text = `Received ${++count}.`
        await page.evaluate(wanted => window.atDesk.awaitsWords(wanted), text)
        const body = { type: 'message', text, format: 'plain' }
        await call('send', { conversationId, drafts: [{ clientId: `received-by-bench-${count}`, body }] })
        received.push(
          await within(
            page.evaluate(() => window.atDesk.words),
            'a message at the desk',
          ),
        )
        await slow.quiet()
      }
      const scrollMs = await page.evaluate(() => window.atDesk.scroll())
      const earlierMs = await page.evaluate(() => window.atDesk.earlier())
      const longestMs = await page.evaluate(() => window.atDesk.longest())
      return { openMs, keyMs: median(keys), receiveMs: median(received), scrollMs, earlierMs, longestMs }
    } finally {
      await slow.close()
    }
  }

  const times: Record<'long' | 'short', Times[]> = { long: [], short: [] }
  try {
    for (let run = 0; run < runs; run++)
      for (const side of ['short', 'long'] as const) {
        const isLong = side === 'long'
        const newest = count && times[side].length ? 'Received' : `${isLong ? MESSAGES : FEW}: `
        const taken = await visit(isLong ? long : short, newest)
        times[side].push(taken)
        say(
          `desk: ${side}: open ${shown(taken.openMs)} ms, key ${shown(taken.keyMs)} ms, message ${shown(taken.receiveMs)} ms, a frame of scrolling ${shown(taken.scrollMs)} ms, earlier ones ${shown(taken.earlierMs)} ms, longest task after opening ${shown(taken.longestMs)} ms`,
        )
      }
  } finally {
    agent.disconnect()
    await helpDesk.close()
    io.engine.close()
    await store.close()
  }
  const of = (side: 'long' | 'short', read: (times: Times) => number) => median(times[side].map(read))
  const pair = (name: string, atMost: number, read: (times: Times) => number): OwnFigure[] => [
    { name: `desk-${name}-ms`, unit: 'ms', asked: null, value: of('long', read) },
    { name: `desk-${name}-few-ms`, unit: 'ms', asked: null, value: of('short', read) },
    {
      name: `desk-${name}-ratio`,
      unit: '',
      asked: { atMost },
      value: ratio(of('long', read), of('short', read)),
    },
  ]
  return [
    { name: 'desk-open-ms', unit: 'ms', asked: null, value: of('long', ({ openMs }) => openMs) },
    { name: 'desk-open-few-ms', unit: 'ms', asked: null, value: of('short', ({ openMs }) => openMs) },
    ...pair('key', 1.5, ({ keyMs }) => keyMs),
    ...pair('message', 1.5, ({ receiveMs }) => receiveMs),
    ...pair('scroll', 1.5, ({ scrollMs }) => scrollMs),
    { name: 'desk-earlier-ms', unit: 'ms', asked: null, value: of('long', ({ earlierMs }) => earlierMs) },
    {
      name: 'desk-longest-task-ms',
      unit: 'ms',
      asked: null,
      value: of('long', ({ longestMs }) => longestMs),
    },
  ]
}

declare global {
  interface Window {
    atDesk: {
      /** Presses the row; ms until the last line of the thread that holds `text` is painted. */
      open(conversationId: string, text: string): Promise<number>
      awaitsKey(): void
      /** From the key until the frame with it is painted, ms. */
      key: Promise<number>
      awaitsWords(text: string): void
      /** From the frame of the socket until the words are painted, ms. */
      words: Promise<number>
      /** From the newest to the oldest that is drawn and back, ms a frame. */
      scroll(): Promise<number>
      /** From the press on what shows earlier words until they are painted, ms; 0 where there are none. */
      earlier(): Promise<number>
      /** The longest task since the thread was open, ms; 0: none of 50. */
      longest(): number
    }
  }
}

/** In the page, before any script of it. */
function watchDesk(): void {
  let heard = ''
  let heardAt = 0
  let longestMs = 0
  const Socket = window.WebSocket
  window.WebSocket = class extends Socket {
    constructor(...values: ConstructorParameters<typeof Socket>) {
      super(...values)
      this.addEventListener('message', ({ data }) => {
        if (heard && !heardAt && String(data).includes(heard)) heardAt = performance.now()
      })
    }
  }
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) longestMs = Math.max(longestMs, duration)
  }).observe({ type: 'longtask' })
  const painted = () =>
    new Promise<number>(done =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => done(performance.now())
        port2.postMessage(0)
      }),
    )
  const lastWords = () => [...document.querySelectorAll('.log .message')].at(-1)?.textContent ?? ''
  const until = (isSo: () => boolean) =>
    new Promise<void>(done => {
      const watch = new MutationObserver(() => {
        if (!isSo()) return
        watch.disconnect()
        done()
      })
      watch.observe(document, { childList: true, subtree: true, characterData: true })
    })
  window.atDesk = {
    async open(conversationId, text) {
      const from = performance.now()
      document.querySelector<HTMLElement>(`[data-row="${conversationId}"]`)?.click()
      await until(() => lastWords().includes(text))
      const at = await painted()
      longestMs = 0
      return at - from
    },
    key: new Promise(() => {}),
    awaitsKey() {
      this.key = new Promise(done => {
        document.addEventListener(
          'keydown',
          ({ timeStamp }) => void painted().then(at => done(at - timeStamp)),
          { capture: true, once: true },
        )
      })
    },
    words: new Promise(() => {}),
    awaitsWords(text) {
      heard = text
      heardAt = 0
      this.words = until(() => lastWords().includes(text))
        .then(painted)
        .then(at => at - heardAt)
    },
    async scroll() {
      const inside = document.querySelector('.log .message')
      let list = inside?.parentElement
      while (list && !/auto|scroll/.test(getComputedStyle(list).overflowY)) list = list.parentElement
      if (!list) throw new Error('the thread does not scroll')
      const frames = 40
      const height = list.scrollHeight - list.clientHeight
      const from = await painted()
      for (let n = 1; n <= frames; n++) {
        list.scrollTop = height * Math.abs(1 - (2 * n) / frames)
        await painted()
      }
      return ((await painted()) - from) / frames
    },
    async earlier() {
      const button = document.querySelector<HTMLElement>('.earlier')
      if (!button) return 0
      const from = performance.now()
      button.click()
      return (await painted()) - from
    },
    longest: () => longestMs,
  }
}
