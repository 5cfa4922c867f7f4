// A visitor on the real client: asks for a person, types, answers when asked, and has everything written down
// that was said, sent, acknowledged and shown. The same in a Node process and in a browser tab.

import { createEnvironment, type Environment } from '../../../src/base/environment'
import { safeStorage } from '../../../src/base/safeStorage'
import type { LiveModel } from '../../../src/live/liveModel'
import type { LiveTransport } from '../../../src/live/liveTransport'
import { createSocketTransport, type SocketOptions } from '../../../src/live/socketTransport'
import { startLive } from '../../../src/live/startLive'
import type { Draft, StoredEvent } from '../../../src/protocol/events'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import type { Line } from './history'

export interface PersonOptions {
  /** Keeps the database of this visitor apart from others of the same device; the identity in the history. */
  readonly visitor: string
  /** The window: its words have one order, across its reloads. */
  readonly sender: string
  /** Tells this load of the window from all others. */
  readonly load: string
  /** Which line (see `world`) it goes by. */
  readonly line: string
  readonly serverUrl: string
  /** In a browser it takes a moment until a line is safe: what must not be forgotten is waited for. */
  record(line: Line): void | Promise<void>
  /** Milliseconds that this device's clock is off. */
  readonly clockOffMs?: number
  /** False: no WebSocket gets through, only HTTP. */
  readonly hasSocket?: boolean
  /** The host's id of a visitor who is signed in. */
  readonly visitorId?: string
  getToken?(): Promise<string | null>
}

export interface Status {
  readonly screen: string
  readonly sender: string
  readonly conversation: string | null
  /** How many events are shown. */
  readonly shown: number
  readonly link: string
  readonly phase: string
  readonly keeping: string
  /** Own words that are not among the events. */
  readonly waiting: readonly string[]
}

export interface Person {
  readonly live: LiveModel
  /** Says something of its own; resolves to the text when the device has it. */
  say(length?: number): Promise<string>
  /** Turns the device's clock. */
  setClock(offMs: number): void
  status(): Status
  /** The last line of this screen. */
  end(): void
  dispose(): void
}

type Record = PersonOptions['record']

/** The visitor asks again where nobody was there. Milliseconds. */
const ASK_EVERY_MS = 3_000

export async function createPerson(options: PersonOptions): Promise<Person> {
  const { visitor, sender, load, line, record } = options
  const screen = `${sender}#${load}`
  let clockOffMs = options.clockOffMs ?? 0
  const real = createEnvironment()
  const environment: Environment = {
    ...real,
    now: () => real.now() + clockOffMs,
    fetch: recordingFetch(real.fetch, record),
  }
  const live = await startLive({
    environment,
    serverUrl: options.serverUrl,
    site: visitor,
    visitorId: options.visitorId ?? null,
    mayStore: true,
    hasKept: true,
    local: safeStorage(() => undefined),
    tab: safeStorage(() => undefined),
    // Back in the composer: the visitor has them, and knows that nobody else does.
    handBack: text => void record({ kind: 'fail', text, code: 'handed back' }),
    getToken: options.getToken ?? (async () => null),
    loadSocket: async () => {
      if (options.hasSocket === false) throw new Error('no socket here')
      return {
        createSocketTransport: (given: SocketOptions<never>) =>
          recordingSocket(createSocketTransport<never>(given), record, screen),
      }
    },
  })

  let shown: readonly StoredEvent[] = []
  live.events.subscribe(events => {
    const last = shown.at(-1)
    const isMore =
      events.length >= shown.length && (!last || events[shown.length - 1]?.clientId === last.clientId)
    if (!isMore) {
      record({ kind: 'restart', screen })
      shown = []
    }
    for (const { seq, body, conversationId } of events.slice(shown.length))
      record({
        kind: 'render',
        screen,
        seq,
        text: body.type === 'message' ? body.text : null,
        conversation: conversationId,
      })
    shown = events
  })
  live.link.subscribe(state => {
    record({ kind: 'link', screen, line, state })
  })
  const failed = new Set<string>()
  const asked = new Set<string>()
  live.rows.subscribe(rows => {
    for (const { clientId, state, draft } of rows) {
      const text = draft?.body.type === 'message' ? draft.body.text : null
      if (typeof state === 'object' && text !== null && !failed.has(clientId)) {
        failed.add(clientId)
        record({ kind: 'fail', text, code: state.failed })
      }
      if (state === 'needsConfirm' && !asked.has(clientId)) {
        asked.add(clientId)
        // Not while the model is telling of it.
        setTimeout(() => {
          asked.delete(clientId)
          if (!live.rows.value.some(row => row.clientId === clientId && row.state === 'needsConfirm')) return
          record({ kind: 'note', screen, what: 'needsConfirm' })
          if (text !== null) record({ kind: 'again', text })
          live.retry(clientId)
        }, 200)
      }
    }
  })

  let said = 0
  const nextText = () => `${screen}.${++said}`
  const draftOf = (text: string, as?: 'bot'): Draft<never> =>
    ({
      clientId: environment.randomId(),
      ...(as && { as, origin: 'device' as const }),
      body: { type: 'message', text, format: 'plain' },
    }) as unknown as Draft<never>
  const wish = () =>
    ({ clientId: environment.randomId(), body: { type: 'handoffReady', channel: 'live' } }) as Draft<never>

  /** Asks for a person; the first time with the turns that were before. */
  const askForPerson = async () => {
    if (live.hasThread.value) return live.open(emptyBrief(), [], wish())
    const turns = [draftOf(nextText()), draftOf(nextText(), 'bot'), draftOf(nextText())]
    for (const { body } of turns as unknown as { body: { text: string } }[])
      await record({ kind: 'invoke', sender, identity: visitor, text: body.text })
    await live.open(emptyBrief(), turns, wish())
    if (live.keeping.value === 'stored')
      for (const { body } of turns as unknown as { body: { text: string } }[])
        record({ kind: 'saved', text: body.text })
  }
  const hasWish = () => live.rows.value.some(row => row.draft?.body.type === 'handoffReady')
  const isUnattended = () => ['bot', 'offered'].includes(live.state.value.phase) && !hasWish()
  await live.resume()
  if (!live.hasThread.value) await askForPerson()
  const asking = setInterval(() => {
    if (isUnattended() && live.link.value === 'online') void askForPerson()
  }, ASK_EVERY_MS)

  const waiting = () =>
    live.rows.value.flatMap(({ draft, brief, state }) => {
      // What failed says so, and waits for nobody but the visitor.
      if (typeof state === 'object') return []
      return brief ? ['(open)'] : draft?.body.type === 'message' ? [draft.body.text] : []
    })
  return {
    live,
    async say(length = 0) {
      const text = nextText().padEnd(length, '.')
      await record({ kind: 'invoke', sender, identity: visitor, text })
      await live.send(draftOf(text))
      if (live.keeping.value === 'stored') record({ kind: 'saved', text })
      return text
    },
    setClock(offMs) {
      clockOffMs = offMs
    },
    status: () => ({
      screen,
      sender,
      conversation: live.events.value[0]?.conversationId ?? null,
      shown: live.events.value.length,
      link: live.link.value,
      phase: live.state.value.phase,
      keeping: live.keeping.value,
      waiting: waiting(),
    }),
    end() {
      const conversation = live.events.value[0]?.conversationId
      record({ kind: 'end', screen, waiting: waiting(), ...(conversation !== undefined && { conversation }) })
    },
    dispose() {
      clearInterval(asking)
      live.dispose()
    },
  }
}

interface SentDraft {
  readonly clientId: string
  readonly body: { readonly type: string; readonly text?: string }
}

function noteRequest(record: Record, drafts: readonly SentDraft[]): void {
  for (const { clientId, body } of drafts)
    if (body.type === 'message') record({ kind: 'request', id: clientId, text: body.text ?? '' })
}

function noteReply(record: Record, drafts: readonly SentDraft[], reply: unknown, screen: string): void {
  const { ok, results, code } = (reply ?? {}) as {
    ok?: boolean
    code?: string
    results?: readonly { seq?: number }[]
  }
  if (ok === false && code !== 'no_answer') record({ kind: 'note', screen, what: `refused ${code}` })
  if (ok !== true) return
  drafts.forEach(({ clientId, body }, n) => {
    const seq = results?.[n]?.seq
    if (body.type === 'message' && seq !== undefined)
      record({ kind: 'ok', id: clientId, text: body.text ?? '', seq })
  })
}

/** The carrier, with every request and ok written down. */
export function recordingSocket<Calls>(
  transport: LiveTransport<Calls>,
  record: Record,
  screen: string,
  /** Words that the server will not take; for whoever does not see them fail on a screen. */
  onRefused: (text: string, code: string) => void = () => {},
): LiveTransport<Calls> {
  return {
    ...transport,
    async request(name, body) {
      const drafts = name === 'send' ? (body as { drafts: readonly SentDraft[] }).drafts : []
      noteRequest(record, drafts)
      const reply = await transport.request(name, body)
      if (name === 'send') noteReply(record, drafts, reply, screen)
      const { ok, retry, code = '' } = reply as { ok: boolean; retry?: boolean; code?: string }
      // `closed` is asked about first, and a session that ended is signed in to again.
      if (!ok && !retry && code !== 'closed' && code !== 'unauthenticated')
        for (const { body: said } of drafts) if (said.type === 'message') onRefused(said.text ?? '', code)
      return reply
    },
  }
}

function recordingFetch(plain: typeof fetch, record: Record): typeof fetch {
  return async (input, init) => {
    const isSend = String(input).endsWith('/send')
    const drafts = isSend ? (JSON.parse(String(init?.body)) as { drafts: readonly SentDraft[] }).drafts : []
    noteRequest(record, drafts)
    const response = await plain(input, init)
    if (isSend) {
      const reply: unknown = await response
        .clone()
        .json()
        .catch(() => null)
      noteReply(record, drafts, reply, 'http')
    }
    return response
  }
}
