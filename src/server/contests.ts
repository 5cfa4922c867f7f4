// When an answer to a visitor's objection is due. Pure: a moment and the desk's hours in, a moment out.

import type { Hours } from '../protocol/records'
import type { QueueRow } from '../protocol/wire'
import { isOpen, opensAt } from './hours'
import type { OpenContest } from './store/deskRecordStore'

const DAY_MS = 24 * 60 * 60_000
const WEEKEND: readonly number[] = [0, 6]

/**
 * One working day after `at`: a day later, and where the desk is closed then, when it opens next. A desk that has said
 * no hours works from Monday to Friday, by UTC.
 */
export function contestDueAt(at: number, hours: Hours | null): number {
  let due = at + DAY_MS
  if (hours) return isOpen(hours, due) ? due : (opensAt(hours, due) ?? due)
  while (WEEKEND.includes(new Date(due).getUTCDay())) due += DAY_MS
  return due
}

/** What the desk's rows say of it, by conversation: the oldest one, which is due first. */
export function contestsDue(
  open: ReadonlyMap<string, readonly OpenContest[]>,
  hours: Hours | null,
): Map<string, NonNullable<QueueRow['contested']>> {
  const due = new Map<string, NonNullable<QueueRow['contested']>>()
  for (const [conversationId, contests] of open) {
    const [oldest] = contests
    if (!oldest) continue
    const { about, at } = oldest
    due.set(conversationId, { about, dueAt: contestDueAt(at, hours), count: contests.length })
  }
  return due
}
