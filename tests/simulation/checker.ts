// Judges a history of one conversation against the delivery contract. Knows nothing of how it came about.
// Texts are unique in a history, so that a doubled word shows whatever id it came under.

import type { StoredEvent } from '../../src/protocol/events'

export type HistoryLine =
  /** Somebody pressed send. `isSaved` comes later, when the device said that it is kept. */
  | { readonly kind: 'invoke'; readonly sender: string; readonly text: string }
  | { readonly kind: 'saved'; readonly text: string }
  /** A request went on the wire with these ids and texts. */
  | { readonly kind: 'request'; readonly id: string; readonly text: string }
  | { readonly kind: 'ok'; readonly id: string; readonly text: string; readonly seq: number }
  | { readonly kind: 'fail'; readonly text: string; readonly code: string }
  /** One screen (a tab from load to unload) showed an event. */
  | { readonly kind: 'render'; readonly screen: string; readonly seq: number; readonly text: string | null }
  | { readonly kind: 'end'; readonly screen: string; readonly waiting: readonly string[] }

export type Violation =
  | 'lost'
  | 'duplicate'
  | 'gap'
  | 'reordered'
  | 'phantom'
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
  const found = new Map<Violation, string>()
  const report = (violation: Violation, at: string) => {
    if (!found.has(violation)) found.set(violation, at)
  }
  const textOf = (event: StoredEvent) => (event.body.type === 'message' ? event.body.text : null)
  const storedTexts = stored.flatMap(event => textOf(event) ?? [])
  const storedCount = new Map<string, number>()
  for (const text of storedTexts) storedCount.set(text, (storedCount.get(text) ?? 0) + 1)

  stored.forEach((event, n) => {
    if (event.seq !== n + 1) report('gap', `stored ${event.seq} at place ${n + 1}`)
  })
  for (const [text, count] of storedCount) if (count > 1) report('duplicate', text)

  const invoked = new Map<string, string>()
  const failed = new Set<string>()
  const bodies = new Map<string, string>()
  const acks = new Map<string, number>()
  const shown = new Map<string, number>()
  const ended = new Map<string, readonly string[]>()
  for (const line of history) {
    if (line.kind === 'invoke') invoked.set(line.text, line.sender)
    if (line.kind === 'request') {
      const before = bodies.get(line.id)
      if (before !== undefined && before !== line.text)
        report('key reused', `${line.id}: ${before}, ${line.text}`)
      bodies.set(line.id, line.text)
    }
    if (line.kind === 'ok') {
      const before = acks.get(line.id)
      if (before !== undefined && before !== line.seq) report('ack changed', line.text)
      acks.set(line.id, line.seq)
      if (failed.has(line.text)) report('ok after fail', line.text)
      const event = stored[line.seq - 1]
      if (!event || textOf(event) !== line.text)
        report('lost', `${line.text}: ok, but not stored at ${line.seq}`)
    }
    if (line.kind === 'fail') {
      failed.add(line.text)
      if (storedCount.has(line.text)) report('failed but stored', line.text)
    }
    if (line.kind === 'render') {
      const last = shown.get(line.screen) ?? 0
      if (line.seq <= last)
        report(line.seq === last ? 'render twice' : 'reordered', `${line.screen}: ${line.seq} after ${last}`)
      else if (line.seq !== last + 1) report('render gap', `${line.screen}: ${line.seq} after ${last}`)
      shown.set(line.screen, Math.max(last, line.seq))
      const event = stored[line.seq - 1]
      if (event && textOf(event) !== line.text)
        report('diverged', `${line.screen}: ${line.seq} "${line.text}"`)
    }
    if (line.kind === 'end') ended.set(line.screen, line.waiting)
  }
  for (const line of history)
    if (line.kind === 'saved' && !storedCount.has(line.text) && !failed.has(line.text))
      report('lost', line.text)
  for (const text of storedTexts) if (!invoked.has(text)) report('phantom', text)

  const places = new Map<string, number>()
  storedTexts.forEach((text, n) => {
    if (!places.has(text)) places.set(text, n)
  })
  const lastOf = new Map<string, number>()
  for (const [text, sender] of invoked) {
    const place = places.get(text)
    if (place === undefined) continue
    if (place < (lastOf.get(sender) ?? -1)) report('sender order', `${sender}: ${text}`)
    lastOf.set(sender, Math.max(place, lastOf.get(sender) ?? -1))
  }
  for (const [screen, waiting] of ended) {
    if (waiting.length) report('unresolved', `${screen}: ${waiting.join(', ')}`)
    if ((shown.get(screen) ?? 0) !== stored.length)
      report('not converged', `${screen}: ${shown.get(screen) ?? 0} of ${stored.length}`)
  }
  return [...found].map(([violation, at]) => `${violation}: ${at}`)
}
