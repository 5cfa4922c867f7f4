// The desk's list in sections, most pressing first. Pure: rows in, rows out.

import type { DeskTotals } from '../protocol/wire'
import type { DeskRow } from './deskModel'
import { byPressing, pressingLevel } from './levels'

export type SectionName = 'waiting' | 'mine' | 'tickets' | 'colleagues' | 'earlier'

export interface QueueSection {
  readonly name: SectionName
  readonly rows: readonly DeskRow[]
  /** With those that the list has no row for. */
  readonly total: number
}

const ORDER: readonly SectionName[] = ['waiting', 'mine', 'tickets', 'colleagues', 'earlier']

const TOTALS: Readonly<Record<SectionName, keyof DeskTotals>> = {
  waiting: 'waiting',
  mine: 'mine',
  tickets: 'tickets',
  colleagues: 'colleagues',
  earlier: 'ended',
}

/**
 * Non-empty sections in fixed order. Waiting: in the server's order, which knows priorities and head starts. Tickets: what
 * is late or soon will be (of the rows that were fetched, D45), then those that this agent answers for, then the others,
 * oldest first, so that none is starved by new ones. The rest: newest words first.
 *
 * @param totals  null: the rows are all there are
 * @param now     ms since 1970, for what is due
 */
export function queueSections(rows: readonly DeskRow[], totals: DeskTotals | null, now = 0): QueueSection[] {
  const sections = new Map<SectionName, DeskRow[]>(ORDER.map(name => [name, []]))
  for (const row of rows) sections.get(sectionOf(row))?.push(row)
  return [...sections]
    .map(([name, found]) => ({
      name,
      rows: found.sort(orderOf(name, now)),
      total: Math.max(found.length, totals?.[TOTALS[name]] ?? 0),
    }))
    .filter(({ total }) => total > 0)
}

function sectionOf(row: DeskRow): SectionName {
  if (row.phase === 'queued') return 'waiting'
  if (row.phase === 'live') return row.isMine ? 'mine' : 'colleagues'
  return row.phase === 'ticketed' ? 'tickets' : 'earlier'
}

function orderOf(name: SectionName, now: number): (a: DeskRow, b: DeskRow) => number {
  const byId = (a: DeskRow, b: DeskRow) => (a.conversationId < b.conversationId ? -1 : 1)
  if (name === 'waiting') return () => 0
  if (name === 'tickets')
    return (a, b) =>
      byPressing(pressingLevel(a.levels, now), pressingLevel(b.levels, now)) ||
      Number(b.isOwnTicket) - Number(a.isOwnTicket) ||
      (a.ticketNumber ?? 0) - (b.ticketNumber ?? 0) ||
      byId(a, b)
  return (a, b) => b.lastAt - a.lastAt || byId(a, b)
}

/** All rows in the order they are shown: what up and down walk through. */
export function rowsInOrder(sections: readonly QueueSection[]): DeskRow[] {
  return sections.flatMap(section => section.rows)
}
