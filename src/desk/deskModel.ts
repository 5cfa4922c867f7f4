// The agents' window as facts and actions: who is signed in, what waits, which conversation is open, what is on
// its way out. Owns the order of things (sign in, list, copies, outbox, marks); the hard decisions are pure and
// elsewhere: catch-up, outbox, timeline, phases. Knows no DOM and no socket.

import { batch, computed, effect, signal } from '@preact/signals-core'
import type { Environment, Undo } from '../base/environment'
import type { KeyedStore } from '../base/keyedStore'
import type { SafeStorage } from '../base/safeStorage'
import type { ReadonlySignal } from '../base/signal'
import { createTimeline, type TimelineItem } from '../conversation/timeline'
import type { AttachmentsDeps, AttachmentsModel } from '../live/attachmentsModel'
import type { LinkState, LiveTransport } from '../live/liveTransport'
import { isStuck } from '../live/outbox'
import { watchHiding, watchWakeups } from '../live/wakeups'
import type { AgentBody, StoredEvent } from '../protocol/events'
import { parseDeskTotals, parseNext, parseQueueRows } from '../protocol/parseDesk'
import type { ConversationState } from '../protocol/phase'
import type { Author, Brief, Contact, Priority, TriageRecord } from '../protocol/records'
import { type TicketEntry, ticketHistory } from '../protocol/ticketHistory'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { DeskCalls, DeskTotals, QueueRow } from '../protocol/wire'
import type { SearchProvider } from '../search/searchProvider'
import type { Credentials, DeskAccount, DeskAgent, SignInProblem } from './account'
import {
  type AssignmentModel,
  createAssignmentModel,
  type DeskNotice,
  type TransferTarget,
} from './assignmentModel'
import type { ComposerModel } from './composerModel'
import { contestFormId, contestsToAnswer, type ToAnswer } from './contestAnswers'
import {
  type ConversationCopies,
  type ConversationCopy,
  createConversationCopies,
} from './conversationCopies'
import { createDeskOutbox, type DeskOutbox } from './deskOutbox'
import { isHeld } from './hold'
import { handedTo, listNews, ownTicketNews } from './listNews'
import {
  answerAtOf,
  type Closing,
  closingOf,
  isVisitorWords,
  lastOfGrowing,
  readUpTo,
  type Transfer,
  transferOf,
  triageIn,
  unreadIn,
} from './reading'
import type { SimilarSubject } from './similarModel'
import type { HelpQuestion } from './suggestionsModel'
import { type ThreadNote, threadNotes } from './threadNotes'
import { createWorkplace, type Workplace } from './workplace'

export interface DeskRow extends QueueRow {
  readonly isMine: boolean
  /** A ticket that this agent answers for. */
  readonly isOwnTicket: boolean
  /** The visitor's messages that this agent has not seen; counted only where a copy is kept. */
  readonly unread: number
  /** Waits, or has news, and was not opened here since. */
  readonly isNew: boolean
  /** Waits for a team that this agent is of. */
  readonly isForMyTeam: boolean
}

/** The open conversation, all of it: what the thread, the reply and the brief show. */
export interface OpenThread {
  readonly conversationId: string
  readonly status: 'loading' | 'ready' | 'failed'
  readonly state: ConversationState
  readonly brief: Brief | null
  /** What the server read of the words when it first came to people; null: nothing. */
  readonly triage: TriageRecord | null
  readonly items: readonly TimelineItem[]
  /** Null when it has left the list. */
  readonly row: DeskRow | null
  /** Live, and this agent's. */
  readonly isMine: boolean
  /** May be written to: live and this agent's, or a ticket, whoever answers for it (D39). */
  readonly mayReply: boolean
  /** It was a ticket and is over: `reopen` makes it one again (D41). */
  readonly mayReopen: boolean
  readonly isVisitorTyping: boolean
  /** Highest seq this agent had seen when it was opened; what came later is new. */
  readonly seenBefore: number
  readonly closing: Closing
  /** Where the visitor wants to be answered who is gone. */
  readonly answerAt: Contact | null
  /** How it came from one agent to another, where that was the last change. */
  readonly transfer: Transfer | null
  /** The conversation from which this one was opened, to be read; null: it was not. */
  readonly cameFrom: string | null
  /** As what: one of the same visitor, or a ticket that is like it. */
  readonly cameAs: 'earlier' | 'similar'
  /** What agents wrote for each other. */
  readonly notes: readonly ThreadNote[]
  /** A reply of this agent that has not gone out yet. */
  readonly held: HeldReply | null
  /** This agent has ended it, and the server does not know yet. */
  readonly ending: PendingEnd | null
  /** What the visitor objects to, and nobody has answered or is answering; and what an answer did not get through to. */
  readonly contests: readonly ToAnswer[]
  /** It is a side of a dispute, or the thread of one. */
  readonly hasDispute: boolean
}

export interface PendingEnd {
  readonly key: string
  /** It may still be kept open. */
  readonly mayWithdraw: boolean
  /** Goes by itself no more: it is to be asked for again, or forgotten. */
  readonly isStuck: boolean
}

export interface HeldReply {
  readonly key: string
  /** It goes by itself then; ms since 1970. */
  readonly until: number
  /** False: it was written in another window, or before a reload. */
  readonly mayTakeBack: boolean
}

/** Something an agent who looks elsewhere should hear of: see `newsText`. */
export interface DeskNews {
  readonly kind: 'waiting' | 'message' | 'ticket' | 'handed'
  readonly visitorName: string
  /** For which somebody waits; null: for anybody. */
  readonly team: string | null
  /** Counts up, so that the same news twice is two pieces of news. */
  readonly number: number
}

export interface DeskModel {
  readonly account: ReadonlySignal<'asking' | 'signedOut' | 'signedIn'>
  readonly agent: ReadonlySignal<DeskAgent | null>
  readonly isSigningIn: ReadonlySignal<boolean>
  /** Why nobody is signed in, where there is something to say. `expired`: was signed in until now. */
  readonly signInProblem: ReadonlySignal<SignInProblem | 'linkRefused' | 'expired' | null>

  readonly link: ReadonlySignal<LinkState>
  /** The link has been away for over 2 s. */
  readonly isCutOff: ReadonlySignal<boolean>
  readonly keeping: ReadonlySignal<'stored' | 'memory'>
  /** ms since 1970, once a second while signed in: for times that tick. */
  readonly now: ReadonlySignal<number>

  /** In the server's order; `queueSections` sorts them. */
  readonly rows: ReadonlySignal<readonly DeskRow[]>
  /** How many there are in all, of which `rows` are the most pressing. Null: the server does not say. */
  readonly totals: ReadonlySignal<DeskTotals | null>
  /** Which of those who wait this agent takes next; null: nobody waits, or the server does not say. */
  readonly next: ReadonlySignal<string | null>
  readonly queueStatus: ReadonlySignal<'loading' | 'ready'>
  /** Conversations that wait for anybody, or hold words for this agent. */
  readonly attention: ReadonlySignal<number>
  readonly news: ReadonlySignal<DeskNews | null>

  readonly openId: ReadonlySignal<string | null>
  readonly thread: ReadonlySignal<OpenThread | null>
  /** What happened to the open conversation's ticket, oldest first; worked out while somebody reads it. */
  readonly history: ReadonlySignal<readonly TicketEntry[]>
  readonly draft: ReadonlySignal<string>
  /** Files of the open conversation; null while none is open. */
  readonly files: ReadonlySignal<AttachmentsModel | null>
  readonly isChanging: ReadonlySignal<boolean>
  readonly notice: ReadonlySignal<DeskNotice | null>
  /** What belongs to the agent who is signed in; null: nobody is. */
  readonly workplace: ReadonlySignal<Workplace | null>

  /** Is the session of an earlier visit still good? */
  begin(): Promise<void>
  signIn(credentials: Credentials): Promise<void>
  signOut(): Promise<void>
  open(conversationId: string): void
  /** Another conversation of the same visitor, in place of the open one; `back` leads back. */
  openEarlier(conversationId: string): void
  /** A solved ticket that is like the open one, in its place; `back` leads back. */
  openSimilar(conversationId: string): void
  back(): void
  close(): void
  claim(): Promise<void>
  /** Opens it and claims it, whoever has it. */
  takeOver(conversationId: string): Promise<void>
  /** Opens `next` and claims it, unless a colleague was quicker. */
  takeNext(): Promise<void>
  /** Back to the queue, with its place. */
  release(): Promise<void>
  /** To a colleague or a team, with a note for them. True when it went; else `notice` says why it did not. */
  transfer(to: TransferTarget, note?: string): Promise<boolean>
  /** Also solves a ticket. @param category  what it was about; '' for none. Remembered for the next one */
  end(category?: string): void
  /** E4. To an objection of the open conversation, once: `changed` says that the visitor was right. */
  answerContest(contest: number, outcome: 'upheld' | 'changed', words: string): void
  /** An answer that did not get through, back into its form; nothing of what is begun there is lost. */
  reviseContest(contest: number): void
  /** The ticket that was solved is not. True when it is one again; else `notice` says why it is not. */
  reopen(): Promise<boolean>
  /** Of the own live conversation, or of who waits: a ticket that this agent answers for (D43). As `reopen`. */
  openTicket(options?: { readonly category?: string; readonly priority?: Priority }): Promise<boolean>
  /** Takes an end back that has not gone out: false when it may have. */
  keepOpen(): boolean
  setDraft(text: string): void
  /** Sends the draft, or with an empty one what is held: see `ComposerModel`. */
  send: ComposerModel['send']
  /** The last held reply of the open conversation, back into the draft; false when there is none. */
  takeBack(): boolean
  retry(key: string): void
  discard(key: string): void
  dismissNotice(): void
  refresh(): Promise<void>
  dispose(): void
}

export interface DeskParts {
  readonly env: Environment
  readonly account: DeskAccount
  /** A fresh carrier for the session that the cookie now holds. */
  readonly createTransport: () => LiveTransport<DeskCalls>
  /** Where unsent words are kept. */
  readonly openStore: () => Promise<KeyedStore>
  /** By which the windows of one browser know of each other. */
  readonly locks?: Pick<LockManager, 'request'>
  /** Where drafts of this tab are kept. */
  readonly tabStore: SafeStorage
  /** Where an agent's own choices are kept. */
  readonly deviceStore: SafeStorage
  /** Over the help of the same server; absent: nothing is suggested. */
  readonly search?: SearchProvider
  /** Files of one conversation. Absent: there are none. */
  readonly createFiles?: (
    conversationId: string,
    agentId: string,
    fileUrls: AttachmentsDeps['fileUrls'],
  ) => AttachmentsModel
}

/** A banner sooner than this flickers. */
const CUT_OFF_AFTER_MS = 2_000
const ASK_AGAIN_WHILE_CUT_OFF_MS = 15_000
/** Whose the session is, while the server cannot be reached. */
const ASK_WHO_EVERY_MS = 5_000
/** `queueChanged` is a hint that may be lost; this bounds how long a wrong list can stand. */
const REFRESH_EVERY_MS = 20_000
/** Many changes at once are one question. */
const REFRESH_GATHER_MS = 150
const SHOW_TYPING_MS = 5_000
/** Words that were held have so long to go before the agent does, or the conversation. */
const FLUSH_WITHIN_MS = 2_000

interface Session {
  readonly agent: DeskAgent
  readonly transport: LiveTransport<DeskCalls>
  readonly request: LiveTransport<DeskCalls>['request']
  readonly outbox: DeskOutbox
  readonly copies: ConversationCopies
  readonly workplace: Workplace
  readonly assignment: AssignmentModel
  end(): void
}

export function createDeskModel(parts: DeskParts): DeskModel {
  const { env, account, tabStore } = parts
  const page = env.window

  const accountState = signal<'asking' | 'signedOut' | 'signedIn'>('asking')
  const isSigningIn = signal(false)
  const signInProblem = signal<SignInProblem | 'linkRefused' | 'expired' | null>(null)
  const session = signal<Session | null>(null)
  const link = signal<LinkState>('offline')
  const isCutOff = signal(false)
  const now = signal(env.now())
  const queue = signal<readonly QueueRow[]>([])
  const totals = signal<DeskTotals | null>(null)
  const next = signal<string | null>(null)
  const queueStatus = signal<'loading' | 'ready'>('loading')
  const news = signal<DeskNews | null>(null)
  const openCopy = signal<ConversationCopy | null>(null)
  const seenBefore = signal(0)
  /** Head of each conversation when it was last in view here. */
  const seenHeads = signal<ReadonlyMap<string, number>>(new Map())
  /** Copies that are kept, so that what is computed from them follows. */
  const followed = signal<readonly ConversationCopy[]>([])
  const cameFrom = signal<string | null>(null)
  const cameAs = signal<'earlier' | 'similar'>('earlier')
  const typists = signal<ReadonlySet<string>>(new Set())
  /** By conversation; what is on its way there goes on while another one is open. */
  const filesOf = new Map<string, AttachmentsModel>()
  const files = signal<AttachmentsModel | null>(null)
  let isDisposed = false
  let stopAsking: Undo = () => {}

  const agent = computed(() => session.value?.agent ?? null)
  const openId = computed(() => openCopy.value?.conversationId ?? null)
  const isOwn = (author: Author) => author.kind === 'agent' && author.agentId === agent.value?.agentId
  const isMineBy = (state: { readonly phase: string; readonly agent: { readonly agentId: string } | null }) =>
    state.phase === 'live' && state.agent !== null && state.agent.agentId === agent.value?.agentId
  const isOwnTicketBy = ({ phase, ticket }: Pick<ConversationState, 'phase' | 'ticket'>) =>
    phase === 'ticketed' && ticket?.owner !== undefined && ticket.owner.agentId === agent.value?.agentId
  /** Whose words the visitor may know to be read: the agent's who answers. */
  const isAnsweredBy = (state: ConversationState) => isMineBy(state) || isOwnTicketBy(state)
  const mayReplyTo = ({ status, state }: ConversationCopy) =>
    isMineBy(state.value) || (status.value === 'ready' && state.value.phase === 'ticketed')

  const rows = computed<readonly DeskRow[]>(() => {
    const copies = new Map(followed.value.map(copy => [copy.conversationId, copy]))
    const teams = session.value?.workplace.people.me.value?.teams ?? []
    return queue.value.map(row => {
      const copy = copies.get(row.conversationId)
      const isMine = isMineBy(row)
      const seen = seenHeads.value.get(row.conversationId) ?? 0
      const unread = copy && isMine ? unreadIn(copy.events.value, seen, isOwn) : 0
      const isPressing = row.phase === 'queued' || row.phase === 'ticketed'
      const isForMyTeam = row.team !== undefined && teams.includes(row.team)
      const isOwnTicket =
        row.phase === 'ticketed' &&
        row.ticketOwner !== undefined &&
        row.ticketOwner.agentId === agent.value?.agentId
      return { ...row, isMine, isOwnTicket, unread, isNew: isPressing && row.head > seen, isForMyTeam }
    })
  })
  const attention = computed(() => {
    const waiting = rows.value.filter(row => row.phase === 'queued').length
    const withWords = rows.value.filter(row => row.unread > 0).length
    return Math.max(waiting, totals.value?.waiting ?? 0) + withWords
  })
  /** Of the open conversation, read as far as it was shown last. */
  const timeline = computed(() => {
    const agent = session.value?.agent ?? { agentId: '', name: '' }
    return openCopy.value && createTimeline<AgentBody>({ me: { kind: 'agent', ...agent }, isOwn })
  })
  const transfer = computed(() => transferOf(openCopy.value?.events.value ?? [], agent.value?.agentId ?? ''))
  /** The visitor's last words, while they are this agent's to answer. */
  const question = computed<HelpQuestion | null>(() => {
    const copy = openCopy.value
    const brief = copy?.brief.value
    if (!copy || !brief || !mayReplyTo(copy)) return null
    const said = copy.events.value.findLast(isVisitorWords)?.body
    return { words: said?.type === 'message' ? said.text : (brief.question ?? ''), facts: brief }
  })
  const similarTo = computed<SimilarSubject | null>(() => {
    const copy = openCopy.value
    if (!copy?.brief.value?.question || copy.status.value !== 'ready' || !mayReplyTo(copy)) return null
    const { conversationId, state } = copy
    const row = rows.value.find(each => each.conversationId === conversationId)
    return { conversationId, category: state.value.ticket?.category ?? row?.category ?? '' }
  })
  const answerAt = lastOfGrowing(answerAtOf)
  const contact = computed(() => answerAt(openCopy.value?.events.value ?? []))
  const closing = computed(() => closingOf(openCopy.value?.events.value ?? []))
  const hasDispute = computed(
    () => openCopy.value?.events.value.some(({ body }) => body.type === 'disputeOpened') === true,
  )
  const thread = computed<OpenThread | null>(() => {
    const copy = openCopy.value
    const current = session.value
    const timelineOf = timeline.value
    if (!copy || !current || !timelineOf) return null
    const { conversationId } = copy
    const state = copy.state.value
    const { outbox, workplace } = current
    const { details, notes } = workplace
    const rowsHere = outbox.rows.value.filter(row => row.thread === conversationId)
    const held = rowsHere.findLast(row => isHeld(row, env.now()))
    const end = rowsHere.find(row => row.draft?.body.type === 'ended')
    return {
      conversationId,
      status: copy.status.value,
      state,
      brief: copy.brief.value,
      triage: triageIn(copy.events.value),
      items: timelineOf({
        events: copy.events.value,
        rows: rowsHere,
      }),
      row: rows.value.find(row => row.conversationId === conversationId) ?? null,
      isMine: isMineBy(state),
      mayReply: mayReplyTo(copy),
      mayReopen: state.phase === 'ended' && state.ticket !== null,
      isVisitorTyping: typists.value.has(conversationId),
      seenBefore: seenBefore.value,
      closing: closing.value,
      answerAt: contact.value,
      transfer: transfer.value,
      cameFrom: cameFrom.value,
      cameAs: cameAs.value,
      notes: threadNotes(
        details.details.value?.notes ?? [],
        notes.pending.value.filter(note => note.conversationId === conversationId),
        current.agent,
      ),
      held: held
        ? {
            key: held.clientId,
            until: held.holdUntil ?? 0,
            mayTakeBack: outbox.mayTakeBack(held.clientId),
          }
        : null,
      ending: end
        ? { key: end.clientId, mayWithdraw: outbox.mayWithdraw(end.clientId), isStuck: isStuck(end) }
        : null,
      hasDispute: hasDispute.value,
      contests: contestsToAnswer(copy.events.value, rowsHere),
    }
  })

  const mayReply = computed(() => thread.value?.mayReply)

  // ---- the session

  function start(signedIn: DeskAgent) {
    const transport = parts.createTransport()
    const undo: Undo[] = []
    const timers = new Map<string, Undo>()
    const after = (name: string, ms: number, task: () => void) => {
      timers.get(name)?.()
      timers.set(name, env.after(ms, task))
    }
    const request: typeof transport.request = async (name, body) => {
      const reply = await transport.request(name, body)
      if (!reply.ok && reply.code === 'unauthenticated' && session.peek() === made) stop('expired')
      return reply
    }
    const copies = createConversationCopies({
      env,
      transport,
      request,
      onEvents: received,
      onCaughtUp(copy) {
        markSeen()
        if (isAnsweredBy(copy.state.value)) mark(copy)
      },
      onRestart: conversationId => outbox.recall(conversationId),
    })
    const outbox = createDeskOutbox({
      env,
      identity: `agent:${signedIn.agentId}`,
      openStore: parts.openStore,
      ...(parts.locks && { locks: parts.locks }),
      send: (conversationId, list) => request('send', { v: PROTOCOL_VERSION, conversationId, drafts: list }),
      isClosed: id => copies.get(id)?.state.value.phase === 'ended',
      isOwn: event => isOwn(event.author),
      stored: copies.noteStored,
    })
    const line = { env, agent: signedIn, request, on: transport.on, onLink: transport.onLink, openId }
    const workplace = createWorkplace({
      line,
      outbox,
      openStore: parts.openStore,
      tabStore,
      deviceStore: parts.deviceStore,
      mayReply: () => thread.peek()?.mayReply === true,
      search: parts.search ?? null,
      question,
      similarTo,
      files,
    })
    const assignment = createAssignmentModel({
      line,
      copies,
      outbox,
      addNote: workplace.notes.add,
      openCopy: () => (session.peek() === made ? openCopy.peek() : null),
      isMine: isMineBy,
      refresh,
      changed: markSeen,
    })
    const made: Session = {
      agent: signedIn,
      transport,
      request,
      outbox,
      copies,
      workplace,
      assignment,
      end() {
        for (const off of undo) off()
        for (const cancel of timers.values()) cancel()
        workplace.dispose()
        outbox.dispose()
        copies.dispose()
        transport.close()
      },
    }

    const tick = () => {
      now.value = env.now()
      after('tick', 1_000, tick)
    }
    const lookWhileCutOff = () => {
      isCutOff.value = true
      after('cut', ASK_AGAIN_WHILE_CUT_OFF_MS, lookWhileCutOff)
      void checkSession(made)
    }
    const refreshRegularly = () => {
      after('refresh', REFRESH_EVERY_MS, () => {
        void refresh()
        refreshRegularly()
      })
    }
    batch(() => {
      session.value = made
      accountState.value = 'signedIn'
      signInProblem.value = null
      queueStatus.value = 'loading'
    })
    tick()
    refreshRegularly()
    undo.push(
      transport.on('queueChanged', () => after('gather', REFRESH_GATHER_MS, () => void refresh())),
      transport.on('typing', ({ conversationId, who }) => {
        if (who !== 'visitor') return
        typists.value = new Set([...typists.value, conversationId])
        after(`typing ${conversationId}`, SHOW_TYPING_MS, () => quiet(conversationId))
      }),
      transport.onLink(state => {
        const isOnline = state === 'online'
        link.value = state
        outbox.setOnline(isOnline)
        if (isOnline) {
          timers.get('cut')?.()
          isCutOff.value = false
          void refresh()
          copies.catchUpAll()
          files.peek()?.refresh('missed')
        } else if (!isCutOff.peek()) after('cut', CUT_OFF_AFTER_MS, lookWhileCutOff)
      }),
      watchWakeups(env, () => {
        transport.nudge()
        markSeen()
      }),
      effect(() => keepWhatIsNeeded(made)),
      watchHiding(env, event => {
        if (isLeaving(event)) outbox.letGo()
      }),
      // What may be sent depends on whose it is.
      effect(() => {
        if (mayReply.value !== undefined) files.peek()?.refresh()
      }),
    )
    transport.connect()
  }

  /**
   * Whoever leaves the page has no more chance to take a reply back. A phone that puts a page away may never wake it
   * again, and tells no more than that it is hidden; at a desk another tab is a glance, and taking back goes on.
   */
  function isLeaving({ type }: Event): boolean {
    return (
      type !== 'visibilitychange' ||
      (page?.document.visibilityState === 'hidden' && page.matchMedia('(pointer: coarse)').matches)
    )
  }

  function stop(problem: 'expired' | null) {
    const ended = session.peek()
    if (!ended) return
    ended.end()
    for (const each of filesOf.values()) each.dispose()
    filesOf.clear()
    files.value = null
    batch(() => {
      session.value = null
      openCopy.value = null
      followed.value = []
      queue.value = []
      totals.value = null
      next.value = null
      typists.value = new Set()
      seenHeads.value = new Map()
      cameFrom.value = null
      news.value = null
      isCutOff.value = false
      link.value = 'offline'
      accountState.value = 'signedOut'
      signInProblem.value = problem
    })
  }

  /** A link that does not come back may mean that the session is over: the socket alone cannot tell. */
  async function checkSession(made: Session) {
    const answer = await account.me()
    if (!answer.ok && answer.problem === 'refused' && session.peek() === made) stop('expired')
  }

  /** Copies of what is open, what is mine, and what has unsent words: those must know when they are stored. */
  function keepWhatIsNeeded({ copies, outbox }: Session) {
    const needed = new Set(queue.value.filter(isMineBy).map(row => row.conversationId))
    for (const row of outbox.rows.value) needed.add(row.thread)
    if (openCopy.value) needed.add(openCopy.value.conversationId)
    copies.keepOnly(needed)
    const next = [...needed].map(copies.follow)
    const before = followed.peek()
    if (next.length !== before.length || next.some((copy, i) => copy !== before[i])) followed.value = next
  }

  /** Models of conversations that are neither open nor have a file on its way are let go of. */
  function openFiles({ request, agent }: Session, conversationId: string) {
    for (const [id, model] of filesOf) {
      if (id === conversationId || model.items.value.length > 0) continue
      model.dispose()
      filesOf.delete(id)
    }
    if (!filesOf.has(conversationId)) {
      const made = parts.createFiles?.(conversationId, agent.agentId, attachmentIds =>
        request('fileUrls', { v: PROTOCOL_VERSION, conversationId, attachmentIds }),
      )
      if (made) filesOf.set(conversationId, made)
    }
    files.value = filesOf.get(conversationId) ?? null
  }

  // ---- what arrives

  function received(copy: ConversationCopy, events: readonly StoredEvent[], isFirst: boolean) {
    const made = session.peek()
    if (!made) return
    made.outbox.dropStored(events)
    const words = events.filter(isVisitorWords)
    if (words.length > 0) quiet(copy.conversationId)
    markSeen()
    if (!isAnsweredBy(copy.state.value)) return
    mark(copy)
    if (!isFirst && words.length > 0 && !isInView(copy.conversationId))
      tell('message', queue.peek().find(row => row.conversationId === copy.conversationId)?.visitorName)
  }

  function quiet(conversationId: string) {
    if (!typists.peek().has(conversationId)) return
    typists.value = new Set([...typists.peek()].filter(id => id !== conversationId))
  }

  function tell(kind: DeskNews['kind'], visitorName = '', team: string | null = null) {
    news.value = { kind, visitorName, team, number: (news.peek()?.number ?? 0) + 1 }
  }

  function isInView(conversationId: string): boolean {
    return openCopy.peek()?.conversationId === conversationId && page?.document.visibilityState !== 'hidden'
  }

  /** What is in view counts as seen, and the visitor of a conversation that is mine may know it. */
  function markSeen() {
    const copy = openCopy.peek()
    if (!copy || !isInView(copy.conversationId)) return
    const head = copy.events.value.length
    if (head > (seenHeads.peek().get(copy.conversationId) ?? 0))
      seenHeads.value = new Map(seenHeads.peek()).set(copy.conversationId, head)
    if (isAnsweredBy(copy.state.value)) mark(copy)
  }

  /**
   * Says what was shown and read, when that is more than was said before. An agent who only looks says nothing. Of a
   * copy that is still being read nobody knows what was said before: that may stand on its next page.
   */
  function mark(copy: ConversationCopy) {
    const { conversationId } = copy
    const outbox = session.peek()?.outbox
    if (!outbox || copy.status.value !== 'ready') return
    const last = copy.events.value.findLast(isVisitorWords)?.seq ?? 0
    const marked = copy.events.value.findLast(({ author, body }) => body.type === 'marked' && isOwn(author))
    let said = marked?.body.type === 'marked' ? marked.body : { delivered: 0, read: 0 }
    for (const { thread: of, draft } of outbox.rows.value)
      if (of === conversationId && draft?.body.type === 'marked') said = draft.body
    const read = isInView(conversationId) ? Math.max(last, said.read) : said.read
    const delivered = Math.max(last, said.delivered)
    if (delivered > said.delivered || read > said.read)
      outbox.add(conversationId, { type: 'marked', delivered, read })
  }

  // ---- the list

  let refreshing: Promise<void> | null = null
  let refreshAgain = false

  function refresh(): Promise<void> {
    refreshAgain = refreshing !== null
    refreshing ??= (async () => {
      do {
        refreshAgain = false
        await askForRows()
      } while (refreshAgain)
      refreshing = null
    })()
    return refreshing
  }

  async function askForRows() {
    const made = session.peek()
    const reply = await made?.request('queue', { v: PROTOCOL_VERSION })
    // No answer: the next one comes with the link, with a hint or with the timer.
    if (!reply?.ok || session.peek() !== made) return
    const found = parseQueueRows(reply.rows)
    if (!found) return
    const before = { rows: queue.peek(), totals: totals.peek() }
    const after = { rows: found, totals: parseDeskTotals(reply.totals) }
    const isFirst = queueStatus.peek() === 'loading'
    batch(() => {
      queue.value = after.rows
      totals.value = after.totals
      next.value = parseNext(reply.next)
      queueStatus.value = 'ready'
      if (isFirst) return
      const own = made?.assignment.ownChanges ?? new Map<string, number>()
      for (const { kind, visitorName, team } of listNews(before, after, own)) tell(kind, visitorName, team)
      for (const { visitorName } of handedTo(before.rows, found, agent.value?.agentId ?? '', own))
        tell('handed', visitorName)
      for (const { visitorName } of ownTicketNews(
        before.rows,
        after.rows,
        agent.value?.agentId ?? '',
        isInView,
      ))
        tell('message', visitorName)
    })
  }

  // ---- what the agent does

  function openBeside(conversationId: string, as: 'earlier' | 'similar') {
    batch(() => {
      open(conversationId, cameFrom.peek() ?? openId.peek())
      cameAs.value = as
    })
  }

  function open(conversationId: string, from: string | null = null) {
    const made = session.peek()
    if (!made || openCopy.peek()?.conversationId === conversationId) return
    made.outbox.letGo()
    const copy = made.copies.follow(conversationId)
    made.workplace.composer.opened(conversationId)
    batch(() => {
      seenBefore.value = Math.max(
        seenHeads.peek().get(conversationId) ?? 0,
        readUpTo(copy.events.value, isOwn),
      )
      openCopy.value = copy
      cameFrom.value = from
    })
    openFiles(made, conversationId)
    made.assignment.forget()
    markSeen()
    // A copy that was kept for its unsent words may be behind.
    if (copy.status.value === 'failed') void made.copies.catchUp(conversationId)
  }

  async function signIn(credentials: Credentials) {
    if (isSigningIn.peek()) return
    isSigningIn.value = true
    const answer = await account.signIn(credentials)
    batch(() => {
      isSigningIn.value = false
      if (answer.ok) {
        stop(null)
        start(answer.agent)
        return
      }
      // A used link must not throw out an agent who is signed in already.
      if (session.peek()) return
      accountState.value = 'signedOut'
      signInProblem.value =
        answer.problem === 'refused' && 'link' in credentials ? 'linkRefused' : answer.problem
    })
  }

  /** Asked again while nobody knows: the words of an agent who was signed in wait for this. */
  async function begin(): Promise<void> {
    const answer = await account.me()
    if (isDisposed || session.peek()) return
    const isBusy = isSigningIn.peek()
    if (answer.ok && !isBusy) return start(answer.agent)
    accountState.value = 'signedOut'
    const isUnknown = !answer.ok && answer.problem === 'unreachable'
    const told = signInProblem.peek()
    // What the agent reads of their own attempt stays.
    if (!isBusy && (told === null || told === 'unreachable'))
      signInProblem.value = isUnknown ? 'unreachable' : null
    if (isUnknown || isBusy) stopAsking = env.after(ASK_WHO_EVERY_MS, () => void begin())
  }

  return {
    account: accountState,
    agent,
    isSigningIn,
    signInProblem,
    link,
    isCutOff,
    keeping: computed(() => session.value?.outbox.keeping.value ?? 'stored'),
    now,
    rows,
    totals,
    next,
    queueStatus,
    attention,
    news,
    openId,
    thread,
    history: computed(() => ticketHistory(openCopy.value?.events.value ?? [], 'agent')),
    draft: computed(() => session.value?.workplace.composer.draft.value ?? ''),
    isChanging: computed(() => session.value?.assignment.isChanging.value ?? false),
    notice: computed(() => session.value?.assignment.notice.value ?? null),
    workplace: computed(() => session.value?.workplace ?? null),
    files,

    begin,
    signIn,
    async signOut() {
      const outbox = session.peek()?.outbox
      outbox?.letGo()
      await outbox?.flushed(FLUSH_WITHIN_MS)
      stop(null)
      await account.signOut()
    },
    open: conversationId => open(conversationId),
    openEarlier: conversationId => openBeside(conversationId, 'earlier'),
    openSimilar: conversationId => openBeside(conversationId, 'similar'),
    back() {
      const from = cameFrom.peek()
      if (from) open(from)
    },
    close() {
      session.peek()?.outbox.letGo()
      batch(() => {
        openCopy.value = null
        cameFrom.value = null
        files.value = null
      })
    },
    claim: async () => session.peek()?.assignment.claim(),
    async takeOver(conversationId) {
      open(conversationId)
      const made = session.peek()
      await made?.copies.catchUp(conversationId)
      if (openId.peek() === conversationId) await made?.assignment.claim()
    },
    async takeNext() {
      const conversationId = next.peek()
      const made = session.peek()
      if (!conversationId || !made) return
      open(conversationId)
      await made.copies.catchUp(conversationId)
      const state = openCopy.peek()?.state.value
      if (openId.peek() !== conversationId || session.peek() !== made) return
      if (state?.phase === 'queued') await made.assignment.claim()
      else await refresh()
    },
    release: async () => session.peek()?.assignment.release(),
    transfer: async (to, note = '') => (await session.peek()?.assignment.transfer(to, note)) ?? false,
    end(category = '') {
      const open = thread.peek()
      const made = session.peek()
      if (!open?.mayReply || open.ending || !made) return
      made.workplace.preferences.setLastCategory(category)
      made.outbox.add(open.conversationId, { type: 'ended', by: 'agent', ...(category && { category }) })
    },
    answerContest(contest, outcome, words) {
      const open = thread.peek()
      const made = session.peek()
      const said = words.trim()
      const isAsked = open?.contests.some(({ seq, stuck }) => seq === contest && !stuck)
      if (!open || !made || !isAsked || !said) return
      made.outbox.add(open.conversationId, { type: 'contestAnswered', contest, outcome, words: said })
      made.workplace.contestForms.clear(contestFormId(open.conversationId, contest))
    },
    reviseContest(contest) {
      const open = thread.peek()
      const made = session.peek()
      const stuck = open?.contests.find(({ seq }) => seq === contest)?.stuck
      if (!open || !made || !stuck) return
      const { contestForms } = made.workplace
      const id = contestFormId(open.conversationId, contest)
      const begun = contestForms.of(id).words.trim()
      const words = begun ? `${stuck.words}\n\n${begun}` : stuck.words
      contestForms.change(id, { outcome: stuck.outcome, words })
      made.outbox.discard(stuck.key)
    },
    reopen: async () => (await session.peek()?.assignment.reopen()) ?? false,
    openTicket: async (options = {}) => (await session.peek()?.assignment.openTicket(options)) ?? false,
    keepOpen() {
      const key = thread.peek()?.ending?.key
      return key !== undefined && session.peek()?.outbox.withdraw(key) === true
    },
    setDraft: text => session.peek()?.workplace.composer.setDraft(text),
    send: options => session.peek()?.workplace.composer.send(options),
    takeBack: () => session.peek()?.workplace.composer.takeBack() ?? false,
    retry: key => session.peek()?.outbox.retry(key),
    discard: key => session.peek()?.outbox.discard(key),
    dismissNotice: () => session.peek()?.assignment.dismissNotice(),
    refresh,
    dispose() {
      isDisposed = true
      stopAsking()
      stop(null)
    },
  }
}
