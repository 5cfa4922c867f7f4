// Judges a history against the delivery contract. Pure: knows nothing of how the history came about.
// Texts are unique in a history, so that a doubled word shows whatever id it came under. One conversation or
// many, one screen or many; lines may leave out the conversation where there is only one.

import type { StoredEvent } from '../../src/protocol/events'

export type HistoryLine =
  /** Somebody pressed send. `saved` comes later, when the device said that it is kept. */
  | {
      readonly kind: 'invoke'
      readonly sender: string
      readonly text: string
      /** Whose words: no conversation holds words of two visitors (D12). Default: not looked at. */
      readonly identity?: string
    }
  | { readonly kind: 'saved'; readonly text: string }
  /** The sender was asked and said yes, or pressed Retry: from here on it is a new wish (D11), perhaps in another tab. */
  | { readonly kind: 'again'; readonly text: string; readonly sender?: string }
  /** A request went on the wire with these ids and texts. */
  | { readonly kind: 'request'; readonly id: string; readonly text: string }
  | { readonly kind: 'ok'; readonly id: string; readonly text: string; readonly seq: number }
  | { readonly kind: 'fail'; readonly text: string; readonly code: string }
  /** One screen (a tab from load to unload) showed an event. */
  | {
      readonly kind: 'render'
      readonly screen: string
      readonly seq: number
      readonly text: string | null
      readonly conversation?: string
      /** A screen that shows messages and nothing else: the seq of the message shown before, 0 for none. */
      readonly after?: number
    }
  /** The screen started again from seq 1: another incarnation of the data (D4). */
  | { readonly kind: 'restart'; readonly screen: string }
  /**
   * Somebody put an older backup in the place of the database. `heads`: what was left of each conversation;
   * `texts`: what was stored and is not in the backup. The operator lost these, not the project.
   */
  | {
      readonly kind: 'restored'
      readonly heads: Readonly<Record<string, number>>
      readonly texts: readonly string[]
    }
  | {
      readonly kind: 'end'
      readonly screen: string
      readonly waiting: readonly string[]
      readonly conversation?: string
    }

export type Violation =
  | 'lost'
  | 'duplicate'
  | 'gap'
  | 'reordered'
  | 'phantom'
  | 'wrong identity'
  | 'key reused'
  | 'ack changed'
  | 'ok after fail'
  | 'failed but stored'
  | 'unresolved'
  | 'sender order'
  | 'render gap'
  | 'render twice'
  | 'diverged'
  | 'not converged'

/** Every violation once, with what it was seen at. Empty means that the contract held. */
export function check(history: readonly HistoryLine[], stored: readonly StoredEvent[]): string[] {
  return [...judge(history, stored)].map(([violation, at]) => `${violation}: ${at[0]}`)
}

const textOf = (event: StoredEvent) => (event.body.type === 'message' ? event.body.text : null)

interface Screen {
  last: number
  conversation: string | undefined
  /** Shows messages only. */
  isPartial: boolean
  /** Of the time since the last restart; compared when the end is known. */
  rendered: { readonly seq: number; readonly text: string | null; readonly after: number }[]
  restarts: number
}

/** All that was found, by violation; each entry says where it was seen. */
export function judge(
  history: readonly HistoryLine[],
  stored: readonly StoredEvent[],
): ReadonlyMap<Violation, readonly string[]> {
  const found = new Map<Violation, string[]>()
  const report = (violation: Violation, at: string) => {
    found.set(violation, [...(found.get(violation) ?? []), at])
  }

  // ---- what is stored

  const conversations = new Map<string, StoredEvent[]>()
  for (const event of stored) {
    const list = conversations.get(event.conversationId)
    if (list) list.push(event)
    else conversations.set(event.conversationId, [event])
  }
  const only = conversations.size === 1 ? [...conversations.keys()][0] : undefined
  const byText = new Map<string, StoredEvent[]>()
  for (const [conversation, events] of conversations)
    events.forEach((event, n) => {
      if (event.seq !== n + 1)
        report('gap', `stored ${event.seq} at place ${n + 1}${only ? '' : ` of ${conversation}`}`)
      const text = textOf(event)
      if (text !== null) byText.set(text, [...(byText.get(text) ?? []), event])
    })
  for (const [text, events] of byText) if (events.length > 1) report('duplicate', text)

  const heads = new Map<string, number>()
  const rolledBack = new Set<string>()
  for (const line of history)
    if (line.kind === 'restored') {
      for (const text of line.texts) rolledBack.add(text)
      for (const [conversation, head] of Object.entries(line.heads))
        heads.set(conversation, Math.min(head, heads.get(conversation) ?? head))
    }

  // ---- what was said

  const invoked = new Map<string, string>()
  const identities = new Map<string, string>()
  const failed = new Set<string>()
  const bodies = new Map<string, string>()
  const acks = new Map<string, number>()
  for (const line of history) {
    if (line.kind === 'invoke') {
      invoked.set(line.text, line.sender)
      if (line.identity !== undefined) identities.set(line.text, line.identity)
    }
    if (line.kind === 'again') {
      const before = invoked.get(line.text)
      const sender = before === undefined ? before : (line.sender ?? before)
      invoked.delete(line.text)
      if (sender !== undefined) invoked.set(line.text, sender)
      failed.delete(line.text)
    }
    if (line.kind === 'request') {
      const before = bodies.get(line.id)
      if (before !== undefined && before !== line.text)
        report('key reused', `${line.id}: ${before}, ${line.text}`)
      bodies.set(line.id, line.text)
    }
    if (line.kind === 'ok' && !rolledBack.has(line.text)) {
      const before = acks.get(line.id)
      if (before !== undefined && before !== line.seq) report('ack changed', line.text)
      acks.set(line.id, line.seq)
      if (failed.has(line.text)) report('ok after fail', line.text)
      if (!byText.get(line.text)?.some(event => event.seq === line.seq))
        report('lost', `${line.text}: ok, but not stored at ${line.seq}`)
    }
    if (line.kind === 'fail') failed.add(line.text)
  }
  for (const text of failed) if (byText.has(text)) report('failed but stored', text)
  // What still waits at the end is unresolved: that is another complaint.
  const waiting = new Map<string, readonly string[]>()
  for (const line of history) if (line.kind === 'end') waiting.set(line.screen, line.waiting)
  const waits = new Set([...waiting.values()].flat())
  const missing = new Set<string>()
  for (const line of history)
    if (
      line.kind === 'saved' &&
      !byText.has(line.text) &&
      !failed.has(line.text) &&
      !rolledBack.has(line.text) &&
      !waits.has(line.text) &&
      !missing.has(line.text)
    ) {
      missing.add(line.text)
      report('lost', line.text)
    }
  for (const text of byText.keys()) if (!invoked.has(text)) report('phantom', text)

  const placeOf = new Map(stored.map((event, n) => [event, n] as const))
  /** By sender and conversation: how far its words have come. */
  const lastOf = new Map<string, number>()
  for (const [text, sender] of invoked) {
    const [event] = byText.get(text) ?? []
    // What a backup had lost comes again when somebody notices, perhaps behind younger words.
    if (!event || rolledBack.has(text)) continue
    const place = placeOf.get(event) ?? 0
    const key = `${sender} ${event.conversationId}`
    if (place < (lastOf.get(key) ?? -1)) report('sender order', `${sender}: ${text}`)
    lastOf.set(key, Math.max(place, lastOf.get(key) ?? -1))
  }
  for (const [conversation, events] of conversations) {
    const visitors = new Set<string>()
    for (const event of events) {
      const identity = identities.get(textOf(event) ?? '')
      if (identity === undefined) continue
      if (event.author.kind !== 'agent') visitors.add(identity)
      else if (event.author.agentId !== identity)
        report('wrong identity', `${textOf(event)}: of ${identity}, stored for ${event.author.agentId}`)
    }
    if (visitors.size > 1) report('wrong identity', `${conversation}: ${[...visitors].join(', ')}`)
  }

  // ---- what was shown

  const screens = new Map<string, Screen>()
  const ends = new Map<string, readonly string[]>()
  const eventsOf = (screen: Screen) => conversations.get(screen.conversation ?? only ?? '') ?? []
  /** `isFinal`: what this screen shows in the end, after any restored backup. */
  const compare = (name: string, screen: Screen, isFinal: boolean) => {
    const events = eventsOf(screen)
    const kept = isFinal
      ? Number.POSITIVE_INFINITY
      : (heads.get(screen.conversation ?? only ?? '') ?? Number.POSITIVE_INFINITY)
    for (const { seq, text, after } of screen.rendered) {
      const event = events[seq - 1]
      if (seq > kept || (text !== null && rolledBack.has(text) && !isFinal)) continue
      if (!event) {
        if (text !== null) report('diverged', `${name}: ${seq} "${text}" is not stored`)
      } else if (textOf(event) !== text) report('diverged', `${name}: ${seq} "${text}"`)
      if (screen.isPartial && events.slice(after, seq - 1).some(each => textOf(each) !== null))
        report('render gap', `${name}: ${seq} after ${after}`)
    }
  }
  for (const line of history) {
    if (line.kind === 'render') {
      const screen = screens.get(line.screen) ?? {
        last: 0,
        conversation: undefined,
        isPartial: line.after !== undefined,
        rendered: [],
        restarts: 0,
      }
      screens.set(line.screen, screen)
      screen.conversation ??= line.conversation
      const { last } = screen
      if (line.seq <= last)
        report(line.seq === last ? 'render twice' : 'reordered', `${line.screen}: ${line.seq} after ${last}`)
      else if (!screen.isPartial && line.seq !== last + 1)
        report('render gap', `${line.screen}: ${line.seq} after ${last}`)
      screen.last = Math.max(last, line.seq)
      screen.rendered.push({ seq: line.seq, text: line.text, after: last })
    }
    if (line.kind === 'restart') {
      const screen = screens.get(line.screen)
      if (!screen) continue
      // Nothing was restored, so nothing that was shown may ever be taken back.
      if (heads.size === 0) report('diverged', `${line.screen}: started again without a cause`)
      compare(line.screen, screen, false)
      screens.set(line.screen, { ...screen, last: 0, rendered: [], restarts: screen.restarts + 1 })
    }
    if (line.kind === 'end') {
      ends.set(line.screen, line.waiting)
      const screen = screens.get(line.screen)
      if (screen) screen.conversation ??= line.conversation
      else if (line.conversation !== undefined)
        screens.set(line.screen, {
          last: 0,
          conversation: line.conversation,
          isPartial: false,
          rendered: [],
          restarts: 0,
        })
    }
  }
  for (const [name, screen] of screens) compare(name, screen, ends.has(name))
  for (const [name, waiting] of ends) {
    const left = waiting.filter(text => !rolledBack.has(text))
    if (left.length) report('unresolved', `${name}: ${left.join(', ')}`)
    const screen = screens.get(name)
    const events = screen ? eventsOf(screen) : (conversations.get(only ?? '') ?? [])
    const last = screen?.last ?? 0
    const behind = screen?.isPartial
      ? events.slice(last).some(event => textOf(event) !== null)
      : last !== events.length
    if (behind) report('not converged', `${name}: ${last} of ${events.length}`)
  }
  return found
}
