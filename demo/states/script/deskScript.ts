// A help desk of a few lines for tests of the face: it answers the desk's calls from a list of events that the
// test writes. The real server is met in tests/unit/desk; here only the window is looked at.

import { createEnvironment, type Environment } from '../../../src/base/environment'
import { createMemoryStore, type KeyedStore } from '../../../src/base/keyedStore'
import { safeStorage } from '../../../src/base/safeStorage'
import type { SignInResult } from '../../../src/desk/account'
import { createDeskModel, type DeskModel } from '../../../src/desk/deskModel'
import { createPreferences } from '../../../src/desk/preferences'
import { type AttachmentsModel, createAttachmentsModel } from '../../../src/live/attachmentsModel'
import type { LinkState, LiveTransport } from '../../../src/live/liveTransport'
import { contestsOf, openContests } from '../../../src/protocol/contest'
import type {
  CannedReply,
  DeskDetails,
  DeskPerson,
  DeskSettings,
  DisputeReport,
  SimilarTicket,
} from '../../../src/protocol/deskRecords'
import type { AgentBody, Draft, EventBody, StoredEvent } from '../../../src/protocol/events'
import { type ConversationState, EMPTY_STATE, foldEvent } from '../../../src/protocol/phase'
import type { Author, Brief, Hours } from '../../../src/protocol/records'
import type {
  DeskCalls,
  DeskTotals,
  Pushes,
  PushName,
  QueueRow,
  RefusalCode,
} from '../../../src/protocol/wire'
import type { Passage, Suggestion } from '../../../src/search/searchProvider'
import { contestDueAt } from '../../../src/server/contests'
import { by, claimed, markdown, plain, SERVER, VISITOR, WAITS } from './events'

export const ADA = { agentId: 'agent-ada', name: 'Ada Byron' }
export const GRACE = { agentId: 'agent-grace', name: 'Grace Hopper' }

export interface ScriptedConversation {
  readonly id: string
  readonly brief: Brief
  readonly isVerified?: boolean
  /** What the list is told besides what the events say. */
  readonly row?: Pick<QueueRow, 'priority' | 'team'>
}

/** Who said or did what, how many minutes ago, and whether it was on the visitor's device, before a person came. */
export type Told = readonly [Author, EventBody, number, 'device'?]

/** Who sits at the desk; `me` is the first of `people`. */
export interface ScriptedTeam {
  readonly people: readonly [DeskPerson, ...DeskPerson[]]
  readonly settings?: Partial<DeskSettings>
}

export interface ScriptedDeskOptions {
  readonly signedIn?: boolean
  readonly team?: ScriptedTeam
  /** Default: the page's own. */
  readonly env?: Environment
  /** Default: kept for as long as the page lives. */
  readonly keeping?: 'stored' | 'memory'
  /** What unsent words are kept in. Default: a fresh one. */
  readonly store?: KeyedStore
  /** Default: the real ones, over addresses that lead nowhere. */
  readonly createFiles?: () => AttachmentsModel
  /** Who asks whose session it is waits for ever. */
  readonly isOpening?: boolean
}

export interface ScriptedDesk {
  readonly model: DeskModel
  /** Opens a conversation with its brief as event 1; what followed is its story. */
  openConversation(conversation: ScriptedConversation, minutesAgo?: number, story?: readonly Told[]): void
  say(
    id: string,
    author: Author,
    body: EventBody,
    more?: { minutesAgo?: number; isFromDevice?: boolean },
  ): void
  visitorTypes(id: string): void
  /** The dispute of whichever conversation is open. */
  setDispute(told: DisputeReport): void
  /** Solved tickets like whichever conversation is open. */
  setSimilar(told: readonly SimilarTicket[]): void
  setLink(state: LinkState): void
  /** What the server says of a row from now on. */
  listAs(id: string, change: Partial<QueueRow>): void
  /** Whom the agent takes next. */
  setNext(id: string): void
  /** So many more wait, have a ticket and so on than the list has rows for. */
  crowd(more: Partial<DeskTotals>): void
  /** What the site's help answers from now on. */
  help(passages: readonly Passage[]): void
  details(id: string, change: Partial<DeskDetails>): void
  setReplies(replies: readonly CannedReply[]): void
  /** What its search suggests. */
  suggest(suggestions: readonly Suggestion[]): void
  /** What leads are asked to judge from now on. */
  setReviews(told: DeskCalls['reviews']['reply']): void
  /** What did not go out. */
  setDeliveries(told: DeskCalls['deliveries']['reply']): void
  /** Ada is a lead from now on. */
  promote(): void
  /** What was asked, in order. */
  asked(name: keyof DeskCalls): readonly Record<string, unknown>[]
  /** The next `name` calls are refused. */
  refuse(name: keyof DeskCalls, code: RefusalCode | null): void
  setPassword(result: SignInResult): void
  texts(id: string): string[]
  dispose(): void
}

export function briefOf(
  more: Omit<Partial<Brief>, 'page'> & { name?: string; role?: string; page?: Partial<Brief['page']> },
): Brief {
  const { name, role, page, ...rest } = more
  return {
    reason: 'askedForPerson',
    visitor: { ...(name && { name }), ...(role && { role }), locale: 'en-GB', attributes: {} },
    articlesRead: [],
    slots: [],
    turns: 0,
    ...rest,
    page: {
      url: 'https://market.example/contracts/4711',
      route: '/contracts/4711',
      title: 'Contract 4711',
      name: 'Contracts',
      headings: [],
      language: 'en',
      data: {},
      ...page,
    },
  }
}

/** How a talk goes on a good day: asked, claimed, said what it is about, answered, read, and asked again by now. */
export const answeredTalk = (
  agent: { readonly agentId: string; readonly name: string },
  about: string,
  answer: string,
  again: string,
): readonly Told[] => [
  [VISITOR, WAITS, 29],
  [by(agent), claimed(agent), 27],
  [VISITOR, plain(about), 26],
  [by(agent), markdown(answer), 25],
  [VISITOR, { type: 'marked', delivered: 5, read: 5 }, 25],
  [VISITOR, plain(again), 3],
]

const NO_DETAILS: DeskDetails = {
  revision: 0,
  notes: [],
  labels: [],
  pageNow: null,
  visitor: { state: 'here', seenAt: null },
  earlier: [],
  team: null,
}
const FILE_HOURS: Hours = { zone: 'Europe/Berlin', week: { mon: [['09:00', '17:00']] } }

const MORNING_TEAM: ScriptedTeam = {
  people: [
    { ...ADA, role: 'agent', teams: ['payments'], state: 'here', live: 1 },
    { ...GRACE, role: 'agent', teams: ['accounts'], state: 'here', live: 2 },
    { agentId: 'agent-alan', name: 'Alan Turing', role: 'lead', teams: [], state: 'away', live: 0 },
  ],
}

export function scriptDesk(options: ScriptedDeskOptions = {}): ScriptedDesk {
  const { signedIn = true, team = MORNING_TEAM, env = createEnvironment(), keeping = 'stored' } = options
  const { agentId, name: ownName } = team.people[0]
  const me = { agentId, name: ownName }
  const deviceStore = safeStorage(() => null)
  createPreferences(deviceStore, agentId).setHoldsReplies(false)
  const conversations = new Map<string, { conversation: ScriptedConversation; events: StoredEvent[] }>()
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const calls: { readonly name: string; readonly body: Record<string, unknown> }[] = []
  const links = new Set<(state: LinkState) => void>()
  const refusals = new Map<string, RefusalCode>()
  let link: LinkState = 'offline'
  let isStarted = signedIn
  let unseen: Partial<DeskTotals> = {}
  let password: SignInResult = { ok: true, agent: me }
  let passages: readonly Passage[] = []
  let suggestions: readonly Suggestion[] = []
  let reviews: DeskCalls['reviews']['reply'] | null = null
  let deliveries: DeskCalls['deliveries']['reply'] | null = null
  const epoch = 'epoch'
  let people: readonly DeskPerson[] = team.people
  let replies: readonly CannedReply[] = []
  let settings: DeskSettings = {
    hours: FILE_HOURS,
    hoursAreOwn: false,
    hoursRevision: 0,
    categories: ['payments', 'account', 'disputes'],
    labels: ['vip', 'refund', 'bug'],
    teams: ['payments', 'accounts'],
    ...team.settings,
  }

  const push = <Name extends PushName>(name: Name, payload: Pushes[Name]) => {
    for (const listener of listeners.get(name) ?? []) listener(payload as never)
  }
  const stateOf = (events: readonly StoredEvent[]) => events.reduce(foldEvent, EMPTY_STATE)

  function append(
    id: string,
    clientId: string,
    author: Author,
    body: EventBody,
    more: { minutesAgo?: number; isFromDevice?: boolean } = {},
  ): StoredEvent {
    const events = conversations.get(id)?.events ?? []
    const known = events.find(event => event.clientId === clientId)
    if (known) return known
    const event: StoredEvent = {
      conversationId: id,
      seq: events.length + 1,
      clientId,
      at: Date.now() - (more.minutesAgo ?? 0) * 60_000,
      author,
      body,
      ...(more.isFromDevice && { origin: 'device' }),
    }
    events.push(event)
    push('events', { conversationId: id, epoch, events: [event] })
    push('queueChanged', {})
    return event
  }

  const say: ScriptedDesk['say'] = (id, author, body, more) => {
    const count = conversations.get(id)?.events.length ?? 0
    append(id, `${id}-${count}`, author, body, more)
  }
  function assign(
    { conversationId, expected }: { conversationId: string; expected: number },
    author: Author,
    change: Pick<Extract<EventBody, { type: 'assigned' }>, 'agent' | 'cause' | 'team'>,
  ) {
    const assignment = expected + 1
    append(conversationId, `a${assignment}`, author, { type: 'assigned', assignment, ...change })
    return { assignment }
  }

  const listed = new Map<string, Partial<QueueRow>>()
  let nextId: string | null = null

  function rows(): QueueRow[] {
    return [...conversations].map(([conversationId, { conversation, events }]) => {
      const state = stateOf(events)
      const { brief } = conversation
      return {
        conversationId,
        phase: state.phase,
        assignment: state.assignment,
        agent: state.agent,
        waitingSince: state.waitingSince,
        head: events.length,
        ticketNumber: state.ticket?.number ?? null,
        visitorName: brief.visitor.name ?? '',
        role: brief.visitor.role ?? '',
        pageName: brief.page.name,
        question: brief.question ?? '',
        lastAt: events.at(-1)?.at ?? 0,
        ...(conversation.isVerified !== undefined && { isVerified: conversation.isVerified }),
        ...ticketIn(state),
        ...contestedIn(events),
        ...conversation.row,
        ...listed.get(conversationId),
      }
    })
  }

  /** As the real server has it. */
  function ticketIn({ ticket, agent }: ConversationState): Partial<QueueRow> {
    if (!ticket) return {}
    const { status, owner, category } = ticket
    return { ticketStatus: status, category, ...(owner && !agent && { ticketOwner: owner }) }
  }

  /** As the real server has it. */
  function contestedIn(events: readonly StoredEvent[]): Pick<QueueRow, 'contested'> {
    const open = openContests(contestsOf(events))
    const [oldest] = open
    return oldest
      ? { contested: { about: oldest.about, dueAt: contestDueAt(oldest.at, null), count: open.length } }
      : {}
  }

  function totals(): DeskTotals {
    const count = (isOne: (row: QueueRow) => boolean) => rows().filter(isOne).length
    const isMine = ({ phase, agent }: QueueRow) => phase === 'live' && agent?.agentId === me.agentId
    const { mine = 0, waiting = 0, tickets = 0, colleagues = 0, ended = 0 } = unseen
    return {
      mine: mine + count(isMine),
      waiting: waiting + count(({ phase }) => phase === 'queued'),
      tickets: tickets + count(({ phase }) => phase === 'ticketed'),
      colleagues: colleagues + count(row => row.phase === 'live' && !isMine(row)),
      ended: ended + count(({ phase }) => phase === 'ended'),
    }
  }

  let dispute: DisputeReport | null = null
  let similar: readonly SimilarTicket[] = []
  const answers: Record<string, (body: never) => object> = {
    queue: () => ({ rows: rows(), epoch, totals: totals(), ...(nextId !== null && { next: nextId }) }),
    sync: ({ conversationId, after }: DeskCalls['sync']['request']) => {
      const events = conversations.get(conversationId)?.events ?? []
      return { events: events.slice(after), head: events.length, epoch }
    },
    claim: (call: DeskCalls['claim']['request']) => assign(call, by(me), { agent: me, cause: 'claimed' }),
    release: (call: DeskCalls['release']['request']) =>
      assign(call, SERVER, { agent: null, cause: 'handedOn' }),
    send: ({ conversationId, drafts }: { conversationId: string; drafts: readonly Draft<AgentBody>[] }) => ({
      results: drafts.map(({ clientId, body }) => {
        const { seq, at } = append(conversationId, clientId, by(me), body)
        return { clientId, seq, at }
      }),
    }),
    setCategory: ({ conversationId, category }: DeskCalls['setCategory']['request']) => {
      append(conversationId, `category ${category}`, by(me), { type: 'categorised', category })
      return {}
    },
    openTicket: ({ conversationId }: DeskCalls['openTicket']['request']) => {
      const number = 2_000 + conversations.size
      const ticket = { number, category: '', priority: 'normal', status: 'open' } as const
      append(conversationId, 'ticket', by(me), { type: 'ticketOpened', cause: 'followUp', ticket })
      return { number }
    },
    typing: () => ({}),
    details: ({ conversationId }: DeskCalls['details']['request']) => ({
      details: detailsOf(conversationId),
    }),
    note: ({ conversationId, noteId, text }: DeskCalls['note']['request']) => {
      const { notes, ...rest } = detailsOf(conversationId)
      const afterSeq = conversations.get(conversationId)?.events.length ?? 0
      const note = { noteId, at: Date.now(), by: me, text, afterSeq }
      if (!notes.some(each => each.noteId === noteId))
        setDetails(conversationId, { ...rest, notes: [...notes, note] })
      return { at: note.at, afterSeq }
    },
    fileUrls: ({ attachmentIds }: DeskCalls['fileUrls']['request']) => ({
      urls: attachmentIds.map(attachmentId => ({ attachmentId, url: `file/${attachmentId}?c=x&e=1&s=y` })),
      holdMs: 600_000,
      accepts: { types: ['application/pdf'], maxBytes: 10_000_000 },
    }),
    label: ({ conversationId, label, on }: DeskCalls['label']['request']) => {
      const others = detailsOf(conversationId).labels.filter(each => each !== label)
      const labels = on ? [...others, label] : others
      setDetails(conversationId, { labels })
      return { labels }
    },
    dispute: () => ({ dispute }),
    similar: () => ({ tickets: similar }),
    usedSimilar: () => ({}),
    people: () => ({ people }),
    presence: ({ state }: DeskCalls['presence']['request']) => {
      people = people.map(person => (person.agentId === me.agentId ? { ...person, state } : person))
      return {}
    },
    replies: () => ({ replies }),
    saveReply: ({ v: _, expected, ...edited }: DeskCalls['saveReply']['request']) => {
      replies = [
        ...replies.filter(each => each.replyId !== edited.replyId),
        { ...edited, revision: expected + 1, editedBy: me, editedAt: Date.now() },
      ]
      return { revision: expected + 1 }
    },
    dropReply: ({ replyId }: DeskCalls['dropReply']['request']) => {
      replies = replies.filter(each => each.replyId !== replyId)
      return {}
    },
    settings: () => ({ settings }),
    saveHours: ({ expected, hours }: DeskCalls['saveHours']['request']) => {
      settings = {
        ...settings,
        hours: hours === 'file' ? FILE_HOURS : hours,
        hoursAreOwn: hours !== 'file',
        hoursRevision: expected + 1,
      }
      return { revision: expected + 1 }
    },
    reviews: () => reviews ?? {},
    deliveries: () => deliveries ?? {},
    deliver: () => ({}),
    judge: ({ expected }: DeskCalls['judge']['request']) => ({ revision: expected + 1 }),
    transfer: ({ to, ...call }: DeskCalls['transfer']['request']) => {
      const person = 'agentId' in to ? people.find(each => each.agentId === to.agentId) : undefined
      const agent = person ? { agentId: person.agentId, name: person.name } : null
      return assign(call, by(me), { agent, cause: 'transferred', ...('team' in to && { team: to.team }) })
    },
  }

  const allDetails = new Map<string, DeskDetails>()
  const detailsOf = (id: string) => allDetails.get(id) ?? NO_DETAILS
  function setDetails(id: string, change: Partial<DeskDetails>) {
    const before = detailsOf(id)
    allDetails.set(id, { ...before, ...change, revision: before.revision + 1 })
    push('detailsChanged', { conversationId: id })
  }

  const transport: LiveTransport<DeskCalls> = {
    request: (async (name: string, body: never) => {
      if (link !== 'online') return { ok: false, code: 'no_answer', retry: true }
      const code = refusals.get(name)
      calls.push({ name, body })
      // A store that is away may be back: that one alone is asked again.
      if (code) return { ok: false, code, retry: code === 'store_unavailable' }
      return { ok: true, ...structuredClone(answers[name]?.(body) ?? {}) }
    }) as LiveTransport<DeskCalls>['request'],
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(listener as (payload: never) => void))
      return () => set.delete(listener as (payload: never) => void)
    },
    onLink(listener) {
      links.add(listener)
      listener(link)
      return () => links.delete(listener)
    },
    connect: () => setLink('online'),
    nudge() {},
    close: () => setLink('offline'),
  }
  function setLink(state: LinkState) {
    link = state
    for (const listener of links) listener(state)
  }

  const model = createDeskModel({
    env,
    account: {
      me: async () =>
        options.isOpening
          ? new Promise<never>(() => {})
          : isStarted
            ? { ok: true, agent: me }
            : { ok: false, problem: 'refused' },
      signIn: async () => password,
      signOut: async () => {
        isStarted = false
      },
    },
    createTransport: () => transport,
    openStore: async () => options.store ?? createMemoryStore(keeping),
    tabStore: safeStorage(() => null),
    deviceStore,
    search: {
      suggest: async () => [...suggestions],
      passages: async () => passages,
      article: () => Promise.reject(new Error('no article here')),
    },
    createFiles: (conversationId, _agentId, fileUrls) =>
      options.createFiles?.() ??
      createAttachmentsModel({
        environment: env,
        conversationId,
        base: '/asklet/v1/',
        path: 'desk/upload',
        withCookie: false,
        headers: async () => ({}),
        fileUrls,
        tab: safeStorage(() => null),
      }),
  })

  return {
    model,
    openConversation(conversation, minutesAgo = 0, story = []) {
      const { id, brief } = conversation
      conversations.set(id, { conversation, events: [] })
      append(id, 'opened', VISITOR, { type: 'opened', brief }, { minutesAgo })
      for (const [author, body, ago, from] of story)
        say(id, author, body, { minutesAgo: ago, isFromDevice: from === 'device' })
    },
    say,
    visitorTypes: id => push('typing', { conversationId: id, who: 'visitor' }),
    setLink,
    listAs(id, change) {
      listed.set(id, change)
      push('queueChanged', {})
    },
    setNext(id) {
      nextId = id
      push('queueChanged', {})
    },
    crowd(more) {
      unseen = more
      push('queueChanged', {})
    },
    suggest(next) {
      suggestions = next
    },
    setDispute(told) {
      dispute = told
    },
    setSimilar(told) {
      similar = told
    },
    setDeliveries(told) {
      deliveries = told
    },
    setReviews(told) {
      reviews = told
    },
    help(next) {
      passages = next
    },
    details: setDetails,
    setReplies(next) {
      replies = next
      push('deskChanged', { what: 'replies' })
    },
    promote() {
      people = people.map(each => (each.agentId === me.agentId ? { ...each, role: 'lead' } : each))
      push('deskChanged', { what: 'people' })
    },
    asked: name => calls.filter(each => each.name === name).map(each => each.body),
    refuse(name, code) {
      if (code) refusals.set(name, code)
      else refusals.delete(name)
    },
    setPassword(result) {
      password = result
    },
    texts: id =>
      (conversations.get(id)?.events ?? []).flatMap(({ body }) =>
        body.type === 'message' ? [body.text] : [],
      ),
    dispose: () => model.dispose(),
  }
}

/** A morning at the desk of a freelance marketplace: one of each kind of row. */
export function scriptMorning(desk: ScriptedDesk): void {
  const bot: Author = { kind: 'bot', name: 'Milo' }

  desk.openConversation(
    {
      id: 'conv-mia-0001',
      isVerified: true,
      brief: briefOf({
        name: 'Mia Okafor',
        role: 'client',
        reason: 'notSolvedTwice',
        question: 'I released the milestone but the freelancer says no money arrived. Where is it?',
        turns: 4,
        slots: [
          { name: 'contract', label: 'Contract number', value: 'C-4711' },
          { name: 'amount', label: 'Amount', value: '1,200 EUR' },
          { name: 'card', label: 'Card', value: '[card hidden]' },
        ],
        flow: { id: 'payment-missing', title: 'A payment is missing', step: 'When was it released?' },
        articlesRead: [
          { articleId: 'payments/release', title: 'Release a milestone' },
          { articleId: 'payments/times', title: 'How long payouts take' },
        ],
        visitor: {
          name: 'Mia Okafor',
          role: 'client',
          email: 'mia@studio-okafor.example',
          locale: 'en-GB',
          attributes: { plan: 'Business', contracts: 12 },
        },
      }),
    },
    9,
    [
      [VISITOR, plain('Where is the money of milestone 2?'), 9, 'device'],
      [
        bot,
        {
          type: 'message',
          text: 'A released milestone reaches the freelancer within 3 working days.',
          format: 'plain',
          citations: [{ articleId: 'payments/times', title: 'How long payouts take' }],
        },
        9,
        'device',
      ],
      [VISITOR, plain('It has been a week. I want to talk to somebody.'), 9, 'device'],
      [bot, plain('I will hand you over to a person, with what you told me.'), 9, 'device'],
      [VISITOR, WAITS, 8],
      [VISITOR, plain('Are you there? <b>Contract C-4711</b>, released on Monday.'), 7],
    ],
  )

  const guest = { role: 'guest', question: 'Can I sign up without a company?', page: { name: 'Sign up' } }
  desk.openConversation({ id: 'conv-anon-0002', isVerified: false, brief: briefOf(guest) }, 2, [
    [VISITOR, WAITS, 1.4],
  ])

  desk.openConversation(
    {
      id: 'conv-luca-0003',
      isVerified: true,
      brief: briefOf({
        name: 'Luca Brandt',
        role: 'freelancer',
        question: 'My invoice shows the wrong VAT number',
        page: { name: 'Invoices', url: 'https://market.example/invoices' },
      }),
    },
    30,
    answeredTalk(
      ADA,
      'Hi! It still prints my old VAT number on every invoice.',
      'Hello Luca, thanks for waiting. Two things to check:\n\n1. **Settings → Tax details**: is the new number saved?\n2. Invoices keep the number of the day they were *issued*; `INV-2041` stays as it is.\n\nMore in [our guide](https://market.example/help/vat).',
      'Saved, yes. And can you reissue the June one?',
    ),
  )

  desk.openConversation(
    {
      id: 'conv-sara-0004',
      brief: briefOf({
        name: 'Sara Lind',
        role: 'client',
        question: 'How do I close my account and keep my invoices?',
        page: { name: 'Account' },
      }),
    },
    190,
    [
      [
        SERVER,
        {
          type: 'ticketOpened',
          cause: 'nobodyThere',
          ticket: {
            number: 1042,
            category: 'account',
            priority: 'normal',
            status: 'open',
            contact: { email: 'sara@lind.example', phone: '+46 70 123 45 67' },
          },
        },
        188,
      ],
    ],
  )

  desk.openConversation(
    {
      id: 'conv-omar-0005',
      brief: briefOf({
        name: 'Omar Haddad',
        role: 'freelancer',
        question: 'Dispute about hours',
        page: { name: 'Disputes' },
      }),
    },
    40,
    [
      [VISITOR, WAITS, 39],
      [by(GRACE), claimed(GRACE), 38],
    ],
  )

  desk.openConversation(
    {
      id: 'conv-jun-0006',
      brief: briefOf({ name: 'Jun', role: 'client', question: 'Thanks, solved!', page: { name: 'Home' } }),
    },
    70,
    [
      [VISITOR, WAITS, 69],
      [by(ADA), claimed(ADA), 68],
      [VISITOR, { type: 'ended', by: 'visitor' }, 60],
    ],
  )
}
