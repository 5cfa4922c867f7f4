// What an agent says to make a dispute of two conversations: with which one, about what, and what each side is in it.
// Pure. Who may, and whether both can, is the server's (V2).

import type { DeskRow } from './deskModel'

export type DisputeForm = {
  /** The conversation of the other side; '' none chosen. */
  readonly other: string
  readonly reference: string
  /** The site's word for the side of the open conversation, and for the other one. */
  readonly own: string
  readonly theirs: string
}
export const EMPTY_DISPUTE_FORM: DisputeForm = { other: '', reference: '', own: '', theirs: '' }

/** A longer list is one to search in. */
const MAX_SHOWN = 6

/**
 * Conversations of the desk's list that may be the other side, those with a ticket first.
 *
 * @param looked  of a name, a number, a question; '' for all
 * @param chosen  stays in sight whatever is looked for
 */
export function otherSides(
  rows: readonly DeskRow[],
  openId: string,
  looked: string,
  chosen: string,
): readonly DeskRow[] {
  const words = looked.toLowerCase().split(/\s+/).filter(Boolean)
  const isFound = ({ conversationId, visitorName, ticketNumber, question, role }: DeskRow) => {
    const text = `${visitorName} ${ticketNumber === null ? '' : `#${ticketNumber}`} ${question} ${role}`
    return conversationId === chosen || words.every(word => text.toLowerCase().includes(word))
  }
  const rank = ({ conversationId, ticketNumber }: DeskRow) =>
    conversationId === chosen ? 0 : ticketNumber === null ? 2 : 1
  return rows
    .filter(row => row.conversationId !== openId && row.phase !== 'ended' && isFound(row))
    .toSorted((a, b) => rank(a) - rank(b) || b.lastAt - a.lastAt)
    .slice(0, MAX_SHOWN)
}

/** The site's own word, where it says one that tells the two apart. */
export function partiesOf(
  form: Pick<DisputeForm, 'own' | 'theirs'>,
  roles: readonly [string, string],
): readonly [string, string] {
  const isTold = roles[0] !== roles[1]
  return [form.own.trim() || (isTold ? roles[0] : ''), form.theirs.trim() || (isTold ? roles[1] : '')]
}

export function maySend(
  { other, reference }: DisputeForm,
  [own, theirs]: readonly [string, string],
): boolean {
  return other !== '' && reference.trim() !== '' && own !== '' && theirs !== '' && own !== theirs
}
