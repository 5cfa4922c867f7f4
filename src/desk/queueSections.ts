// The desk's list in sections, most pressing first. Pure: rows in, rows out.

import { isOnUs } from '../protocol/ticket'
import type { DeskTotals } from '../protocol/wire'
import type { DeskRow } from './deskModel'
import { byPressing, pressingLevel } from './levels'

export type SectionName =
  | 'waiting'
  | 'mine'
  | 'ownTickets'
  | 'tickets'
  | 'contested'
  | 'colleagues'
  | 'earlier'

export interface QueueSection {
  readonly name: SectionName
  readonly rows: readonly DeskRow[]
  /** With those that the list has no row for. */
  readonly total: number
}

const ORDER: readonly SectionName[] = [
  'waiting',
  'mine',
  'ownTickets',
  'tickets',
  'contested',
  'colleagues',
  'earlier',
]

/** Of own tickets the list has each one. */
const TOTALS: Readonly<Record<Exclude<SectionName, 'ownTickets'>, keyof DeskTotals>> = {
  waiting: 'waiting',
  mine: 'mine',
  tickets: 'tickets',
  contested: 'contested',
  colleagues: 'colleagues',
  earlier: 'ended',
}

/**
 * Non-empty sections in fixed order. Waiting: in the server's order, which knows priorities and head starts. Tickets, those
 * that this agent answers for apart: what is late or soon will be (of the rows that were fetched, D45), then what waits on
 * us, then what waits on its visitor; oldest first, so that none is starved by new ones. What is over and objected to: what
 * is due first. The rest: newest words first.
 *
 * @param totals  null: the rows are all there are
 * @param now     ms since 1970, for what is due
 */
export function queueSections(rows: readonly DeskRow[], totals: DeskTotals | null, now = 0): QueueSection[] {
  const sections = new Map<SectionName, DeskRow[]>(ORDER.map(name => [name, []]))
  for (const row of rows) sections.get(sectionOf(row))?.push(row)
  const inAll = (name: SectionName) => {
    if (name === 'ownTickets' || !totals) return 0
    const own = name === 'tickets' ? (sections.get('ownTickets')?.length ?? 0) : 0
    return (totals[TOTALS[name]] ?? 0) - own
  }
  return [...sections]
    .map(([name, found]) => ({
      name,
      rows: found.sort(orderOf(name, now)),
      total: Math.max(found.length, inAll(name)),
    }))
    .filter(({ total }) => total > 0)
}

function sectionOf(row: DeskRow): SectionName {
  if (row.phase === 'queued') return 'waiting'
  if (row.phase === 'live') return row.isMine ? 'mine' : 'colleagues'
  if (row.phase !== 'ticketed') return row.contested ? 'contested' : 'earlier'
  return row.isOwnTicket ? 'ownTickets' : 'tickets'
}

function orderOf(name: SectionName, now: number): (a: DeskRow, b: DeskRow) => number {
  const byId = (a: DeskRow, b: DeskRow) => (a.conversationId < b.conversationId ? -1 : 1)
  if (name === 'waiting') return () => 0
  if (name === 'tickets' || name === 'ownTickets')
    return (a, b) =>
      byPressing(pressingLevel(a.levels, now), pressingLevel(b.levels, now)) ||
      Number(waitsOnVisitor(a)) - Number(waitsOnVisitor(b)) ||
      (a.ticketNumber ?? 0) - (b.ticketNumber ?? 0) ||
      byId(a, b)
  const dueAt = ({ contested }: DeskRow) => contested?.dueAt ?? 0
  if (name === 'contested') return (a, b) => dueAt(a) - dueAt(b) || byId(a, b)
  return (a, b) => b.lastAt - a.lastAt || byId(a, b)
}

/** Of an older server's row nobody knows: it may be on us. */
const waitsOnVisitor = ({ ticketStatus }: DeskRow) => ticketStatus !== undefined && !isOnUs(ticketStatus)

/** All rows in the order they are shown: what up and down walk through. */
export function rowsInOrder(sections: readonly QueueSection[]): DeskRow[] {
  return sections.flatMap(section => section.rows)
}
