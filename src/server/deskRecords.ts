// The calls about what stands beside a conversation's events: notes, labels, where the visitor is, what else the same
// visitor asked. Notes and labels are the agents' own: they go out in the answer to `details` and in nothing else.

import type { DeskDetails, PastConversation, UndeliveredMail } from '../protocol/deskRecords'
import {
  fitsIn,
  MAX_BRIEF_BYTES,
  MAX_LABELS,
  MAX_NOTES,
  MAX_NOTES_BYTES,
  MAX_PAST,
  MAX_ROW_NAME_BYTES,
  MAX_ROW_QUESTION_BYTES,
} from '../protocol/limits'
import type { DeskCalls, Reply, VisitorCalls } from '../protocol/wire'
import type { DeskSession, Push, VisitorSession } from './conversations'
import { cutToBytes } from './deskList'
import { authorise, type Member } from './membership'
import { refusal } from './refusals'
import type { SettledMail } from './store/deliveries'
import type { OwnedConversation } from './store/deskRecordStore'
import type { ConversationRow, HelpDeskStore } from './store/helpDeskStore'

export interface DeskRecordsOptions {
  readonly store: HelpDeskStore
  now(): number
  push(push: Push): void
  /** Runs later, unless the desk is closed by then. */
  later(ms: number, task: () => void): void
  /** Since when each row's visitor is gone; null while there, `unknown`: nobody ever saw them connected. */
  visitorsGoneSince(rows: readonly ConversationRow[]): Promise<readonly (number | null | 'unknown')[]>
}

type Answers<Calls, Session, Name extends keyof Calls> = {
  [Call in Name]: (
    session: Session,
    member: Member,
    body: Calls[Call] extends { request: infer Request } ? Request : never,
  ) => Promise<Reply<Calls[Call] extends { reply: infer Answer } ? Answer : never>>
}
export type VisitorAnswers<Name extends keyof VisitorCalls> = Answers<VisitorCalls, VisitorSession, Name>
export type DeskAnswers<Name extends keyof DeskCalls> = Answers<DeskCalls, DeskSession, Name>

export type DeskRecordName = 'details' | 'note' | 'label'

export interface DeskRecordCalls {
  readonly visitor: VisitorAnswers<'conversations' | 'page'>
  readonly desk: DeskAnswers<DeskRecordName>
  /** Tells this node's agents what other nodes changed since the last look. */
  look(): Promise<void>
  /** Every few seconds: tells this node's agents whose visitors came or went, of those whose details they read lately. */
  lookAtVisitors(): Promise<void>
  /** Nobody here needs to be told of what was before. */
  nobodyHere(): void
}

/** Somebody who walks through a site is followed at this pace. */
const PAGE_TOLD_EVERY_MS = 3_000
/** Who reads a thread asks again with each change of it; after this somebody has turned to another one. */
const WATCHED_FOR_MS = 10 * 60_000
const MAX_WATCHED = 500
/** Letters of one ticket that a desk is told of: what became of the last few. */
const MAX_MAIL_READ = 20
/** Looks overlap by what clocks of nodes may differ and a commit may take; what was told is not told again. */
const LOOK_BACK_MS = 15_000

export function createDeskRecordCalls(options: DeskRecordsOptions): DeskRecordCalls {
  const { store, now, push, later, visitorsGoneSince } = options
  /** Told lately that the visitor is elsewhere; true: and has moved on since. */
  const pagesTold = new Map<string, boolean>()
  /** Whose visitors agents of this node look at, and whether they were there. */
  const watched = new Map<
    string,
    { readonly row: ConversationRow; readonly isHere: boolean; readonly until: number }
  >()
  let lookedAt = now()
  let marks: ReadonlyMap<string, string> = new Map()

  const tellChanged = (conversationId: string) =>
    push({ name: 'detailsChanged', to: { conversationId, side: 'agent' }, payload: { conversationId } })

  function tellMoved(conversationId: string): void {
    if (pagesTold.has(conversationId)) return void pagesTold.set(conversationId, true)
    pagesTold.set(conversationId, false)
    tellChanged(conversationId)
    later(PAGE_TOLD_EVERY_MS, () => {
      const moved = pagesTold.get(conversationId)
      pagesTold.delete(conversationId)
      if (moved) tellMoved(conversationId)
    })
  }

  async function visitorState(row: ConversationRow): Promise<DeskDetails['visitor']> {
    const [gone = 'unknown'] = await visitorsGoneSince([row])
    watched.delete(row.conversationId)
    watched.set(row.conversationId, { row, isHere: gone === null, until: now() + WATCHED_FOR_MS })
    for (const oldest of watched.keys()) {
      if (watched.size <= MAX_WATCHED) break
      watched.delete(oldest)
    }
    if (gone === 'unknown') return { state: 'unknown', seenAt: null }
    return gone === null ? { state: 'here', seenAt: now() } : { state: 'gone', seenAt: gone }
  }

  /** Of the same signed-in visitor, and of the secret that this one was opened with. */
  async function earlier(row: ConversationRow): Promise<readonly PastConversation[]> {
    const { owner, claimedFrom, conversationId } = row
    const found = await store.conversationsOf({
      owners: claimedFrom === null ? [owner] : [owner, claimedFrom],
      // What somebody who signed in took away from the secret of a visitor who has not. Never the other way round:
      // two who sign in on one computer are two visitors.
      ...(owner.startsWith('anon:') && { claimedFrom: [owner] }),
      limit: MAX_PAST + 1,
    })
    return found
      .filter(each => each.row.conversationId !== conversationId)
      .slice(0, MAX_PAST)
      .map(found => ({ ...toPast(found), priority: found.row.priority ?? 'normal' }))
  }

  return {
    async look() {
      const at = now()
      const changed = await store.recordsChanged(lookedAt - LOOK_BACK_MS)
      const before = marks
      marks = new Map(changed.map(({ conversationId, mark }) => [conversationId, mark]))
      lookedAt = at
      for (const [conversationId, mark] of marks)
        if (before.get(conversationId) !== mark)
          push({
            name: 'detailsChanged',
            to: { conversationId, side: 'agent' },
            local: true,
            payload: { conversationId },
          })
    },
    async lookAtVisitors() {
      for (const [id, { until }] of watched) if (until < now()) watched.delete(id)
      if (watched.size === 0) return
      const all = [...watched]
      const gone = await visitorsGoneSince(all.map(([, { row }]) => row))
      for (const [n, [conversationId, before]] of all.entries()) {
        const isHere = gone[n] === null
        if (isHere === before.isHere) continue
        watched.set(conversationId, { ...before, isHere })
        push({
          name: 'detailsChanged',
          to: { conversationId, side: 'agent' },
          local: true,
          payload: { conversationId },
        })
      }
    },
    nobodyHere() {
      lookedAt = now()
    },

    visitor: {
      async conversations(session) {
        // As `authorise`: the owner's, and no more that of a secret from which it was claimed.
        const owned = await store.conversationsOf({ owners: session.identities, limit: MAX_PAST })
        return { ok: true, conversations: owned.map(toPast) }
      },

      async page(session, member, { conversationId, page }) {
        if (!fitsIn(page, MAX_BRIEF_BYTES))
          return refusal('too_large', `a page holds at most ${MAX_BRIEF_BYTES} bytes`)
        const row = await store.conversation(conversationId)
        if (!row) return refusal('not_found')
        const denied = authorise(member, 'page', row)
        if (denied) return refusal(denied)
        const { identities } = session
        const stored = await store.setPageNow({ conversationId, identities, page, at: now() })
        if (!stored.ok) return refusal(stored.code)
        tellMoved(conversationId)
        return { ok: true }
      },
    },

    desk: {
      async details(_session, _member, { conversationId }) {
        const row = await store.conversation(conversationId)
        if (!row) return refusal('not_found')
        const [record, visitor, past, mail] = await Promise.all([
          store.deskRecord(conversationId),
          visitorState(row),
          earlier(row),
          // Of tickets alone anything is mailed (O1).
          row.ticket ? store.settledMail(conversationId, MAX_MAIL_READ) : [],
        ])
        return { ok: true, details: { ...record, visitor, earlier: past, ...toldOfMail(mail) } }
      },

      async note({ agentId, name }, _member, { conversationId, noteId, text }) {
        const stored = await store.addNote({
          conversationId,
          noteId,
          at: now(),
          by: { agentId, name },
          text,
          most: MAX_NOTES,
          mostBytes: MAX_NOTES_BYTES,
        })
        if (!stored.ok)
          return stored.code === 'too_large'
            ? refusal(
                'too_large',
                `a conversation holds at most ${MAX_NOTES} notes and ${MAX_NOTES_BYTES} bytes of them`,
              )
            : refusal(stored.code)
        if (stored.isNew) tellChanged(conversationId)
        return { ok: true, at: stored.at, afterSeq: stored.afterSeq }
      },

      async label(_session, _member, { conversationId, label, on }) {
        const stored = await store.setLabel({ conversationId, label, on, at: now(), most: MAX_LABELS })
        if (!stored.ok)
          return stored.code === 'too_large'
            ? refusal('too_large', `a conversation holds at most ${MAX_LABELS} labels`)
            : refusal(stored.code)
        if (stored.isNew) tellChanged(conversationId)
        return { ok: true, labels: stored.labels }
      },
    },
  }
}

/** O12. A problem's sentence is an operator's: it may quote a mail server. @param mail  newest first */
export function toldOfMail(mail: readonly SettledMail[]): Pick<DeskDetails, 'undelivered' | 'mailedAt'> {
  const sent = mail.findIndex(({ state }) => state === 'sent')
  const undelivered = mail.slice(0, sent < 0 ? mail.length : sent).flatMap(({ kind, problem, doneAt }) => {
    const known = MAIL_KINDS.find(each => each === kind)
    const reason = problem.startsWith('given up') ? 'gaveUp' : 'refused'
    return known ? [{ kind: known, reason, at: doneAt } as const] : []
  })
  const answered = mail.find(({ kind, state }) => kind === 'answered' && state === 'sent')
  return {
    ...(undelivered.length > 0 && { undelivered }),
    ...(answered && { mailedAt: answered.doneAt }),
  }
}

const MAIL_KINDS: readonly UndeliveredMail['kind'][] = ['acknowledged', 'answered', 'solved']

function toPast({ row, agentName }: OwnedConversation): PastConversation {
  return {
    conversationId: row.conversationId,
    phase: row.phase,
    lastAt: row.lastAt,
    head: row.head,
    question: cutToBytes(row.question, MAX_ROW_QUESTION_BYTES),
    ticketNumber: row.ticket?.number ?? null,
    agentName: agentName === null ? null : cutToBytes(agentName, MAX_ROW_NAME_BYTES),
    // Of a ticket the visitor sees what the conversation's own events tell them: how it stands and what it is about.
    ...(row.ticket && {
      ticketStatus: row.ticket.status,
      category: cutToBytes(row.ticket.category, MAX_ROW_NAME_BYTES),
    }),
  }
}
