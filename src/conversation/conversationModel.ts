// One conversation from the first question to the person's last word: one timeline, one phase.
// Before the handoff it owns phase, timeline, flow step, slots and draft; after it, phase and timeline are a
// fold of the server's events, and this model only shows them.

import { batch, computed, effect, signal, untracked } from '@preact/signals-core'
import type { Environment, Undo } from '../base/environment'
import { redact } from '../base/redact'
import type { SafeStorage } from '../base/safeStorage'
import type { ReadonlySignal } from '../base/signal'
import type { Texts } from '../base/texts'
import type { AnswerSource, BotInput, BotProvider, BotTurn, Choice } from '../bot/botProvider'
import type { JournalRecord } from '../journal/record'
import type { LiveModel } from '../live/liveModel'
import type { LinkState } from '../live/liveTransport'
import type { OutboxRow } from '../live/outbox'
import type { Draft, VisitorBody } from '../protocol/events'
import type { Facts } from '../protocol/facts'
import { MAX_MESSAGE_CHARS } from '../protocol/limits'
import { type Phase, phaseAfter } from '../protocol/phase'
import type { Author, Channel, Contact, EscalationReason, TicketRecord } from '../protocol/records'
import type { Availability } from '../protocol/wire'
import type { Understand } from '../understanding/understand'
import { buildBrief, clip } from './brief'
import { type ChannelConfig, channelOffers, usableContact } from './channels'
import { decide, ESCALATION_RULES } from './escalation'
import { freshConversation, type Remembered, recall, remember } from './resume'
import { buildTimeline, type LocalTurn, type TimelineItem } from './timeline'

/** One road to a person, as offered. */
export interface ChannelOffer {
  readonly channel: Channel
  /** Can it be chosen now? If not, the text says why and until when. */
  readonly available: boolean
  /** Milliseconds from real recent waits; null when we do not know. */
  readonly expectedWaitMs: number | null
  /** ms since 1970, when it opens; null when open or unknown. */
  readonly opensAt: number | null
  readonly recommended: boolean
  /** A contact is asked for before it is chosen. */
  readonly needsContact: 'email' | 'phone' | null
}

export interface Offer {
  readonly reason: EscalationReason
  readonly channels: readonly ChannelOffer[]
  /** Asking the server who is there. */
  readonly checking: boolean
}

export interface ConversationModel {
  readonly phase: ReadonlySignal<Phase>
  readonly items: ReadonlySignal<readonly TimelineItem[]>
  /** Buttons under the bot's last words. */
  readonly choices: ReadonlySignal<readonly Choice[]>
  readonly expects: ReadonlySignal<BotTurn['expects'] | null>
  readonly consent: ReadonlySignal<BotTurn['consent'] | null>
  readonly isThinking: ReadonlySignal<boolean>
  readonly draft: ReadonlySignal<string>
  readonly offer: ReadonlySignal<Offer | null>
  readonly link: ReadonlySignal<LinkState>
  /** The link has been away for over 2 s while it is needed. */
  readonly isCutOff: ReadonlySignal<boolean>
  readonly agent: ReadonlySignal<{ readonly agentId: string; readonly name: string } | null>
  readonly isAgentTyping: ReadonlySignal<boolean>
  /** 1 = next; null when not queued or not known. */
  readonly place: ReadonlySignal<number | null>
  readonly expectedWaitMs: ReadonlySignal<number | null>
  readonly ticket: ReadonlySignal<TicketRecord | null>
  /** `memory`: storage is refused, closing loses unsent words, and the panel says so. */
  readonly keeping: ReadonlySignal<'stored' | 'memory'>
  /** Socket and HTTP are both out of reach: show the text to copy and an address to write to. */
  readonly isStranded: ReadonlySignal<boolean>
  /** Messages of others after the last one that was seen. */
  readonly unread: ReadonlySignal<number>

  setDraft(text: string): void
  /**
   * Sends what is typed, to the bot or to the person, by phase. Nothing is lost when it fails.
   * On the way to a person cards and secrets are masked, and the timeline shows it; `keepsAll` is the visitor's
   * own wish to send this one message as typed.
   */
  send(text: string, options?: { readonly keepsAll?: boolean }): Promise<void>
  choose(choiceId: string): Promise<void>
  answerConsent(granted: boolean): Promise<void>
  articleDidNotHelp(articleId: string, title: string): Promise<void>
  askForPerson(reason?: EscalationReason): Promise<void>
  chooseChannel(channel: Channel, contact?: Contact): Promise<void>
  stayWithBot(): void
  cancelWaiting(): Promise<void>
  giveContact(contact: Contact): Promise<void>
  end(): Promise<void>
  /** After `ended`: a fresh conversation with the bot. */
  askAgain(): void
  retry(key: string): void
  discard(key: string): void
  /** Whole conversation as plain text, each line with author and time. */
  transcript(): string
  /** The panel shows the timeline: everything in it has been seen. */
  seen(): void
  typing(): void
  /** The visitor is nobody again: turns of this tab, the conversation on this device, and the secret behind it. */
  logout(): Promise<void>
  dispose(): void
}

export interface ConversationDeps {
  readonly environment: Environment
  readonly texts: Texts
  /** What the machine calls itself. */
  readonly botName: string
  readonly bot: BotProvider
  facts(): Facts
  articlesRead(): readonly { readonly articleId: string; readonly title: string }[]
  readonly config: ChannelConfig
  /** This tab's storage; a memory one where the visitor or the browser refuses. */
  readonly tab: SafeStorage
  /** A conversation waits on this device: it is picked up at once. */
  readonly isWaiting: boolean
  /** Fetches and makes the live half; rejects when its chunk does not come. Asked again after a failure. */
  loadLive(): Promise<LiveModel>
  /** Reads tone and topics of the visitor's words, where the site has a model for it. */
  readonly understand?: Understand
  /** Journal; inputs are redacted here. */
  record?(entry: Pick<JournalRecord, 'kind' | 'inputs' | 'rule' | 'reason'>): void
  onAsked?(toPerson: boolean): void
  onEscalated?(reason: EscalationReason, channel: Channel): void
}

/** A banner sooner than this flickers on train rides; later, people type into nothing. Milliseconds. */
const CUT_OFF_AFTER_MS = 2_000

const VISITOR: Author = { kind: 'visitor' }
const isVisitorSide = (author: Author) => author.kind === 'visitor' || author.kind === 'bot'
/** It waits for the visitor's word. */
const isStuck = (row: OutboxRow) => row.state === 'needsConfirm' || typeof row.state === 'object'

/** One conversation, with the bot first. Picks up what this tab and this device remember. */
export function createConversationModel(deps: ConversationDeps): ConversationModel {
  const { environment, texts, bot, config, tab } = deps
  const recalled = recall(tab)
  const saved = signal<Remembered>(recalled ?? freshConversation(environment.now()))
  const offer = signal<Offer | null>(null)
  const isThinking = signal(false)
  const isCutOff = signal(false)
  const liveFailed = signal(false)
  const live = signal<LiveModel | null>(null)
  const seenSeq = signal(0)
  const seenTurns = signal(recalled?.turns.length ?? 0)
  let contact: Contact | null = null
  let isDisposed = false
  /** Counts offers and restarts: a late answer to an older one is dropped. */
  let round = 0

  const save = (change: Partial<Remembered>) => {
    saved.value = { ...saved.value, ...change }
    remember(tab, saved.value)
  }

  // ---- phase: the server's fold, with what is on its way to the server on top

  const pendingPhase = computed<Phase | null>(() => {
    const model = live.value
    if (!model?.hasThread.value) return null
    let phase = model.state.value.phase
    let isOpeningStuck = false
    for (const row of model.rows.value) {
      if (row.brief && isStuck(row)) isOpeningStuck = true
      const body = row.draft?.body
      if (body?.type === 'handoffReady')
        phase =
          isOpeningStuck || isStuck(row)
            ? 'offered'
            : phaseAfter(phase, body.channel === 'live' ? 'liveChosen' : 'ticketChosen')
      if (body?.type === 'cancelled') phase = phaseAfter(phase, 'visitorCancelled')
      if (body?.type === 'ended') phase = phaseAfter(phase, 'visitorEnded')
    }
    return phase
  })
  const phase = computed<Phase>(() => {
    const withPeople = pendingPhase.value
    if (withPeople !== null && withPeople !== 'bot' && withPeople !== 'offered') return withPeople
    return saved.value.offered === null ? 'bot' : 'offered'
  })
  const isWithBot = () => phase.value === 'bot' || phase.value === 'offered'

  const items = computed<readonly TimelineItem[]>(() => {
    const { turns, sources, startedAt } = saved.value
    const events = live.value?.events.value ?? []
    const hasThread = live.value?.hasThread.value ?? false
    return buildTimeline({
      intro: hasThread && turns.length === 0 ? null : { name: deps.botName, at: startedAt },
      // Once events are here every turn is among them or among the rows.
      turns: events.length > 0 ? [] : turns,
      sources: new Map([...sources, ...turns.map(turn => [turn.clientId, turn.source] as const)]),
      events,
      rows: live.value?.rows.value ?? [],
      me: VISITOR,
      isOwn: isVisitorSide,
    })
  })
  const unread = computed(
    () =>
      items.value.filter(
        (item, n) =>
          item.kind === 'message' &&
          item.author.kind !== 'visitor' &&
          !item.fromDevice &&
          (item.seq === null
            ? !live.value?.hasThread.value && n > seenTurns.value
            : item.seq > seenSeq.value),
      ).length,
  )

  // ---- the live half

  let loading: Promise<LiveModel> | null = null
  const loadLive = (): Promise<LiveModel> => {
    loading ??= deps.loadLive().then(
      async model => {
        if (isDisposed) model.dispose()
        await model.resume()
        liveFailed.value = false
        live.value = model
        return model
      },
      error => {
        loading = null
        liveFailed.value = true
        throw error
      },
    )
    return loading
  }

  let lastPending: Phase | null = null
  const undos: Undo[] = [
    // The server, or a handoff that lay too long, puts the choice back to the visitor.
    effect(() => {
      const next = pendingPhase.value
      const before = lastPending
      lastPending = next
      if (next === before || before === null) return
      untracked(() => {
        if (next === 'offered') makeOffer(saved.value.offered ?? 'askedForPerson', true)
        else if (next === 'bot') save({ offered: null })
        else if (next !== null) {
          offer.value = null
          if (saved.value.offered !== null) save({ offered: null })
        } else if (saved.value.isHandedOver) reset()
      })
    }),
    effect(() => {
      const needsLink =
        live.value?.hasThread.value === true &&
        phase.value !== 'ended' &&
        (!(phase.value === 'bot' || phase.value === 'offered') || live.value.rows.value.length > 0)
      if (!needsLink || live.value?.link.value === 'online') {
        isCutOff.value = false
        return
      }
      return environment.after(CUT_OFF_AFTER_MS, () => {
        isCutOff.value = true
      })
    }),
    effect(() => {
      // Marks of this visitor's other devices count as seen here too.
      for (const { author, body } of live.value?.events.value.slice(-50) ?? [])
        if (body.type === 'marked' && author.kind === 'visitor' && body.read > seenSeq.peek())
          seenSeq.value = body.read
    }),
  ]

  // ---- saying

  /** Into the timeline; and to the server, where a conversation with people is open (D23). */
  const say = (author: 'visitor' | 'bot', text: string, source: AnswerSource | null = null) => {
    const clientId = environment.randomId()
    const at = environment.now()
    const turn: LocalTurn = { clientId, author: { kind: author }, text, source, at }
    const model = live.value
    if (!model?.hasThread.value) return save({ turns: [...saved.value.turns, turn] })
    if (source) save({ sources: [...saved.value.sources.slice(-200), [clientId, source]] })
    const draft = turnDraft(turn)
    const { assignment } = model.state.value
    model.send(
      author === 'bot' ? { ...draft, expectedAssignment: assignment } : { clientId, body: draft.body },
    )
  }

  /** One question at a time: a second one waits until the first is answered. */
  let answering: Promise<void> = Promise.resolve()
  const askBot = (input: BotInput, words: string | null): Promise<void> => {
    const mine = round
    answering = answering.then(async () => {
      if (isDisposed || mine !== round || !isWithBot()) return
      isThinking.value = true
      const facts = deps.facts()
      const { turn, state } = await bot.answer(input, saved.value.bot, facts).catch(() => ({
        // A host's bot that throws has no answer; it does not take the conversation down.
        turn: {
          messages: [{ text: texts('bot.unknown'), source: { kind: 'asklet' } }],
          choices: [],
          missed: true,
        } satisfies BotTurn as BotTurn,
        state: saved.value.bot,
      }))
      isThinking.value = false
      // Handed over meanwhile: the bot is silent.
      if (isDisposed || mine !== round || !isWithBot()) return
      batch(() => {
        for (const { text, source } of turn.messages) say('bot', text, source)
        const misses = turn.missed ? saved.value.misses + 1 : 0
        save({
          bot: state,
          misses,
          choices: turn.choices,
          expects: turn.expects ?? null,
          consent: turn.consent ?? null,
        })
        const asked = redact(words ?? ('label' in input ? input.label : input.kind), 'derived')
        const source = turn.messages[0]?.source
        deps.record?.({
          kind: turn.missed ? 'missed' : 'answered',
          inputs: { question: asked },
          rule: source?.kind === 'flow' ? `flow:${source.flowId}` : `bot:${source?.kind ?? 'none'}`,
          reason: turn.missed ? 'no answer' : 'answer found',
        })
        const reading = words === null ? null : (deps.understand?.(words, facts) ?? null)
        const decision = decide({ turn, misses, reading, wasDeclined: saved.value.wasDeclined })
        if (!decision) return
        deps.record?.({
          kind: 'escalated',
          inputs: { question: asked, reason: decision.reason },
          rule: ESCALATION_RULES,
          reason: decision.because,
        })
        makeOffer(decision.reason)
      })
    })
    return answering
  }

  // ---- offering and handing over

  const knownContact = (): Contact | null => usableContact({ ...deps.facts().visitor, ...contact } as Contact)

  /** @param isNobody  a chat was just refused for want of people: whatever a count says, do not advise it again */
  const makeOffer = async (reason: EscalationReason, isNobody = false): Promise<void> => {
    const mine = ++round
    save({ offered: reason })
    const show = (availability: Availability | null) => {
      const channels = channelOffers(availability, config, knownContact())
      offer.value = { reason, channels, checking: false }
    }
    if (!config.hasPeople) return show(null)
    offer.value = { reason, channels: [], checking: true }
    const availability = await loadLive()
      .then(model => model.availability())
      .catch(() => null)
    if (isDisposed || mine !== round || saved.value.offered === null) return
    show(availability && isNobody ? { ...availability, agentsOnline: 0 } : availability)
  }

  const withdrawOffer = () => {
    round++
    offer.value = null
    if (saved.value.offered !== null) save({ offered: null })
  }

  const reset = () => {
    round++
    offer.value = null
    isThinking.value = false
    seenTurns.value = 0
    seenSeq.value = 0
    save(freshConversation(environment.now()))
  }

  const tell = (body: VisitorBody): Promise<void> =>
    live.value?.send({ clientId: environment.randomId(), body }) ?? Promise.resolve()

  // ---- picking up
  if (deps.isWaiting || recalled?.isHandedOver) loadLive().catch(() => {})
  if (recalled?.offered && !recalled.isHandedOver) makeOffer(recalled.offered)

  const ofLive = <T>(read: (model: LiveModel) => T, otherwise: T) =>
    computed<T>(() => (live.value ? read(live.value) : otherwise))

  return {
    phase,
    items,
    choices: computed(() => (phase.value === 'bot' ? saved.value.choices : [])),
    expects: computed(() => (phase.value === 'bot' ? saved.value.expects : null)),
    consent: computed(() => (phase.value === 'bot' ? saved.value.consent : null)),
    isThinking,
    draft: computed(() => saved.value.draft),
    offer,
    link: ofLive(model => model.link.value, 'offline'),
    isCutOff,
    agent: ofLive(model => model.state.value.agent, null),
    isAgentTyping: ofLive(model => model.isAgentTyping.value, false),
    place: ofLive(model => model.place.value, null),
    expectedWaitMs: ofLive(model => model.expectedWaitMs.value, null),
    ticket: ofLive(model => model.state.value.ticket, null),
    keeping: ofLive(model => model.keeping.value, 'stored'),
    isStranded: computed(() => liveFailed.value || live.value?.isStranded.value === true),
    unread,

    setDraft: draft => save({ draft }),
    async send(text, { keepsAll = false } = {}) {
      const words = text.trim()
      // Too long is the composer's to say; the words stay where they are.
      if (!words || words.length > MAX_MESSAGE_CHARS) return
      if (phase.value === 'ended') this.askAgain()
      save({ draft: '' })
      const toPerson = !isWithBot()
      deps.onAsked?.(toPerson)
      if (toPerson)
        return tell({ type: 'message', text: keepsAll ? words : redact(words, 'toPerson'), format: 'plain' })
      save({ choices: [], expects: null, consent: null })
      say('visitor', words)
      return askBot({ kind: 'text', text: words }, words)
    },
    async choose(choiceId) {
      const choice = saved.value.choices.find(each => each.id === choiceId)
      if (!choice || !isWithBot()) return
      save({ choices: [], expects: null, consent: null })
      say('visitor', choice.label)
      return askBot({ kind: 'choice', ...choice }, null)
    },
    async answerConsent(granted) {
      if (!saved.value.consent || !isWithBot()) return
      save({ choices: [], expects: null, consent: null })
      say('visitor', texts(granted ? 'consent.allow' : 'consent.refuse'))
      return askBot({ kind: 'consent', granted }, null)
    },
    async articleDidNotHelp(articleId, title) {
      if (!isWithBot()) return
      return askBot({ kind: 'article', articleId, title }, null)
    },
    async askForPerson(reason = 'askedForPerson') {
      if (!isWithBot() || offer.value?.checking) return
      deps.record?.({
        kind: 'escalated',
        inputs: { reason },
        rule: ESCALATION_RULES,
        reason: 'asked for a person',
      })
      await makeOffer(reason)
    },
    async chooseChannel(channel, given) {
      contact = { ...contact, ...usableContact(given) }
      const chosen = offer.value?.channels.find(each => each.channel === channel)
      const reason = saved.value.offered ?? 'askedForPerson'
      const reachable = knownContact()
      if (chosen?.needsContact && !reachable?.[chosen.needsContact]) return
      const report = () => {
        deps.record?.({
          kind: 'channelChosen',
          inputs: { channel, reason },
          rule: ESCALATION_RULES,
          reason: 'chosen',
        })
        deps.onEscalated?.(reason, channel)
      }
      // A letter is written in the visitor's own program; here it stays with the bot.
      if (channel === 'email') return report()
      const mine = round
      const model = await loadLive().catch(() => null)
      if (!model || isDisposed || mine !== round || !isWithBot()) return
      const { turns, bot: botState } = saved.value
      const wasOpen = model.hasThread.value
      // A handoff that lay too long or was refused is replaced by this choice; its opening goes again.
      for (const row of model.rows.value)
        if (isStuck(row) && row.brief) model.retry(row.clientId)
        else if (isStuck(row) && row.draft?.body.type === 'handoffReady') model.discard(row.clientId)
      const brief = buildBrief({
        reason,
        facts: deps.facts(),
        articlesRead: deps.articlesRead(),
        bot: botState,
        turns: turns.length,
      })
      withdrawOffer()
      save({ isHandedOver: true, choices: [], expects: null, consent: null })
      report()
      await model.open(brief, wasOpen ? [] : turns.map(turnDraft), {
        clientId: environment.randomId(),
        body: { type: 'handoffReady', channel, ...(reachable && { contact: reachable }) },
      })
    },
    stayWithBot() {
      for (const row of live.value?.rows.value ?? [])
        if (isStuck(row) && row.draft?.body.type === 'handoffReady') live.value?.discard(row.clientId)
      withdrawOffer()
      save({ wasDeclined: true, misses: 0 })
    },
    async cancelWaiting() {
      if (phase.value === 'queued') await tell({ type: 'cancelled' })
    },
    async giveContact(given) {
      const usable = usableContact(given)
      if (!usable) return
      contact = { ...contact, ...usable }
      if (live.value?.hasThread.value) await tell({ type: 'contactGiven', contact: usable })
    },
    async end() {
      if (isWithBot()) return reset()
      await tell(phase.value === 'queued' ? { type: 'cancelled' } : { type: 'ended', by: 'visitor' })
    },
    askAgain() {
      reset()
      live.value?.leave()
    },
    retry: key => live.value?.retry(key),
    discard: key => live.value?.discard(key),
    transcript: () =>
      items.value
        .map(item => {
          const at = new Date(item.at).toISOString().slice(0, 16).replace('T', ' ')
          if (item.kind === 'notice') return `[${at}] ${texts(`notice.${item.name}`, item.values)}`
          const { author } = item
          const name = author.kind === 'agent' ? author.name : deps.botName
          return `[${at}] ${texts(`author.${author.kind}`, { name })}: ${item.text}`
        })
        .join('\n'),
    seen() {
      seenTurns.value = saved.value.turns.length
      const last = live.value?.events.value.at(-1)?.seq ?? 0
      if (last <= seenSeq.value) return
      seenSeq.value = last
      live.value?.markRead(last)
    },
    typing() {
      if (phase.value === 'live') live.value?.typing()
    },
    async logout() {
      reset()
      await live.value?.logout()
    },
    dispose() {
      isDisposed = true
      for (const undo of undos) undo()
      live.value?.dispose()
    },
  }
}

/** A turn from before the handoff, as it is reported to the server: by this device, and marked as such (D23). */
function turnDraft({ clientId, author, text, source, at }: LocalTurn): Draft<VisitorBody> {
  const citations = source?.kind === 'article' ? source.citations.slice(0, 10) : []
  return {
    clientId,
    ...(author.kind === 'bot' && { as: 'bot' }),
    origin: 'device',
    saidAt: at,
    body: {
      type: 'message',
      // What was typed to a machine is read by a person now.
      text: clip(redact(text, 'toPerson'), MAX_MESSAGE_CHARS) || '…',
      format: 'plain',
      ...(citations.length > 0 && { citations }),
    },
  }
}

export type { AnswerSource, Author, TimelineItem }
