// What reached one end of a story over the wire, whichever way, and what it makes of it: the ticket as its events say,
// and what happened to it. Two ends that were told the same say the same; whoever was told a secret is found by it.

import type { Page } from 'playwright-core'
import type { StoredEvent } from '../src/protocol/events'
import { EMPTY_STATE, foldEvent } from '../src/protocol/phase'
import type { TicketRecord } from '../src/protocol/records'
import { ticketHistory } from '../src/protocol/ticketHistory'

export interface Heard {
  /** By conversation, ascending by seq. */
  events(conversationId: string): readonly StoredEvent[]
  conversations(): readonly string[]
  ticket(conversationId: string): TicketRecord | null
  /** One line each, without what only agents are told. */
  history(conversationId: string): readonly string[]
  /** How many frames and answers hold these words. */
  count(words: string): number
  /** The last of what was sent under this name, wherever it stood. */
  last(name: string): unknown
}

/** @param before  what an earlier window of the same browser was told: it keeps that, and is told only the rest */
export function hear(page: Page, before?: Heard): Heard {
  const texts: string[] = []
  const byId = new Map<string, Map<number, StoredEvent>>()
  for (const id of before?.conversations() ?? [])
    byId.set(id, new Map(before?.events(id).map(event => [event.seq, event])))
  const named = new Map<string, unknown>()

  const look = (text: string) => {
    texts.push(text)
    for (const part of text.split('\u001e')) {
      const start = part.search(/[[{]/)
      if (start < 0) continue
      try {
        walk(JSON.parse(part.slice(start)))
      } catch {
        // No JSON: a page, a script, a picture.
      }
    }
  }
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk)
    if (typeof value !== 'object' || value === null) return
    if (isEvent(value)) {
      const events = byId.get(value.conversationId) ?? new Map<number, StoredEvent>()
      byId.set(value.conversationId, events.set(value.seq, value))
    }
    for (const [name, inner] of Object.entries(value)) {
      named.set(name, inner)
      walk(inner)
    }
  }
  page.on('websocket', socket => socket.on('framereceived', ({ payload }) => look(String(payload))))
  page.on('response', response => {
    if (response.url().includes('/asklet/'))
      response.text().then(look, () => {
        // Gone with its page.
      })
  })

  const events = (id: string) => [...(byId.get(id)?.values() ?? [])].sort((one, other) => one.seq - other.seq)
  return {
    events,
    conversations: () => [...byId.keys()],
    ticket: id => events(id).reduce(foldEvent, EMPTY_STATE).ticket,
    history: id =>
      ticketHistory(events(id), 'visitor').map(({ what, by, value }) =>
        [what, by && (by.kind === 'agent' ? by.name : by.kind), value].filter(Boolean).join(' '),
      ),
    count: words => texts.filter(text => text.includes(words)).length,
    last: name => named.get(name),
  }
}

function isEvent(value: object): value is StoredEvent {
  const { conversationId, seq, body } = value as Partial<StoredEvent>
  return typeof conversationId === 'string' && typeof seq === 'number' && typeof body?.type === 'string'
}
