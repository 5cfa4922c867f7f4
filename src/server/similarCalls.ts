// The desk's calls about solved tickets that are like the open conversation: which, why, and what was answered there,
// for an agent to open or to put into a reply (E6). Reads the newest of them and keeps nothing; what it showed and what
// an agent did with it are entries of the open conversation's journal.
//
// What a ticket's visitor wrote stays there: shown are the question, as the desk's list has it, and an agent's answer,
// masked as derived copies are and without the visitor's name, because it may be read by another visitor.

import { createHash } from 'node:crypto'
import { redact, type SiteMasks, withoutMarks } from '../base/redact'
import type { JournalEntry } from '../journal/record'
import type { SimilarTicket } from '../protocol/deskRecords'
import { MAX_ROW_NAME_BYTES, MAX_ROW_QUESTION_BYTES, SYNC_PAGE } from '../protocol/limits'
import { similarDecision } from './decisions'
import { cutToBytes } from './deskList'
import type { DeskAnswers } from './deskRecords'
import { isThreadOwner } from './disputes'
import { authorise } from './membership'
import { refusal } from './refusals'
import { type Asked, type Similar, similarTickets } from './similarTickets'
import type { ConversationRow, HelpDeskStore } from './store/helpDeskStore'

export type SimilarCallName = 'similar' | 'usedSimilar'

export interface SimilarCallsOptions {
  readonly store: HelpDeskStore
  now(): number
  /** What the site masks and keeps of its own. */
  readonly masks?: SiteMasks | undefined
  /** An entry as the journal keeps it. */
  decided<Entry extends JournalEntry>(entry: Entry): Entry
}

/** Newest first, of the same category and of all: what was solved long ago is answered otherwise today. */
const MAX_COMPARED = 300

export function createSimilarCalls({ store, now, masks, decided }: SimilarCallsOptions): {
  readonly desk: DeskAnswers<SimilarCallName>
} {
  /** With its answer; without one there is nothing to learn from it. */
  async function told(row: ConversationRow, { number, reasons }: Similar): Promise<SimilarTicket | null> {
    const page = await store.read(row.conversationId, Math.max(0, row.head - SYNC_PAGE), SYNC_PAGE)
    const answer = page?.events.findLast(
      ({ author, body }) => author.kind === 'agent' && body.type === 'message',
    )
    if (answer?.body.type !== 'message' || !answer.body.text.trim()) return null
    const { text, format } = answer.body
    return {
      conversationId: row.conversationId,
      number,
      question: cutToBytes(redact(row.question, 'toPerson', masks), MAX_ROW_QUESTION_BYTES),
      category: cutToBytes(redact(row.category, 'toPerson', masks), MAX_ROW_NAME_BYTES),
      solvedAt: row.lastAt,
      reasons,
      answer: {
        text: withoutName(redact(text, 'derived', masks), row.visitorName),
        format,
        by: answer.author.kind === 'agent' ? cutToBytes(answer.author.name, MAX_ROW_NAME_BYTES) : '',
      },
    }
  }

  /** The same, shown again, is one entry: its id is made of what it says. */
  const keep = (conversationId: string, made: JournalEntry) => {
    const entry = decided(made)
    const at = now()
    const id = hash(JSON.stringify([conversationId, entry]))
    return store.addJournal([{ ...entry, id, at }], at, conversationId, null)
  }

  return {
    desk: {
      async similar(_session, member, { conversationId }) {
        const row = await store.conversation(conversationId)
        if (!row) return refusal('not_found')
        const denied = authorise(member, 'similar', row)
        if (denied) return refusal(denied)
        const solved = await candidates(row)
        const byNumber = new Map(solved.map(each => [each.ticket?.number ?? 0, each]))
        const found = similarTickets(
          askedIn(row),
          solved.map(each => ({ ...askedIn(each), number: each.ticket?.number ?? 0 })),
        )
        const tickets = await Promise.all(
          found.map(async each => {
            const like = byNumber.get(each.number)
            return like ? told(like, each) : null
          }),
        )
        const shown = tickets.filter(ticket => ticket !== null)
        if (shown.length > 0)
          await keep(
            conversationId,
            similarDecision(found.filter(({ number }) => shown.some(ticket => ticket.number === number))),
          )
        return { ok: true, tickets: shown }
      },

      async usedSimilar({ agentId }, member, { conversationId, from, outcome }) {
        const [row, like] = await Promise.all([store.conversation(conversationId), store.conversation(from)])
        if (!row || !like?.ticket || from === conversationId) return refusal('not_found')
        const denied = authorise(member, 'usedSimilar', row) ?? authorise(member, 'usedSimilar', like)
        if (denied) return refusal(denied)
        await keep(conversationId, {
          kind: outcome === 'taken' ? 'offerTaken' : 'offerDismissed',
          inputs: { agentId, ticket: like.ticket.number },
          rule: 'agent',
          outcome,
          reason: 'a solved ticket that is like it',
        })
        return { ok: true }
      },
    },
  }

  /** What is masked is no word that two tickets have in common, nor one to be shown as such. */
  function askedIn({ question, pageName, category, locale }: ConversationRow): Asked {
    const words = (text: string) => withoutMarks(redact(text, 'toPerson', masks), masks)
    return { question: words(question), title: words(pageName), category, locale }
  }

  /** Neither itself nor a matter between two visitors, in which nothing of one is another's. */
  async function candidates(row: ConversationRow): Promise<readonly ConversationRow[]> {
    const [sameCategory, newest] = await Promise.all([
      row.category ? store.solvedTickets({ category: row.category, limit: MAX_COMPARED }) : [],
      store.solvedTickets({ limit: MAX_COMPARED }),
    ])
    const byId = new Map([...sameCategory, ...newest].map(each => [each.conversationId, each]))
    byId.delete(row.conversationId)
    const numbers = new Set<number>()
    return [...byId.values()].filter(({ owner, ticket, category }) => {
      const number = ticket?.number
      if (number === undefined || number === row.ticket?.number || numbers.has(number)) return false
      numbers.add(number)
      return category !== 'dispute' && !isThreadOwner(owner)
    })
  }
}

/** An answer begins with a name more often than not; of a name of two words each is one. */
export function withoutName(text: string, name: string): string {
  const parts = name.match(/[\p{L}\p{M}]{2,}/gu) ?? []
  return parts.reduce(
    (left, part) => left.replace(new RegExp(`(?<![\\p{L}\\p{M}])${part}(?![\\p{L}\\p{M}])`, 'giu'), '…'),
    text,
  )
}

const hash = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22)
