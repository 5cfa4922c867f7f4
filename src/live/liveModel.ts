// The live half of a conversation on this device: link, outbox, stored events, the agent's typing, the place in
// the queue. Decides nothing: `session` says what becomes of what happens, and this model does it, with a store,
// a carrier, timers and other tabs, and shows it as signals.
//
// Owns what is kept on this device under `<site>/<identity>/`.

import { computed, effect, signal, untracked } from '@preact/signals-core'
import type { Environment, Undo } from '../base/environment'
import { createMemoryStore, type KeyedStore } from '../base/keyedStore'
import type { ReadonlySignal } from '../base/signal'
import { namesOf } from '../protocol/attachments'
import type { Draft, StoredEvent, VisitorBody } from '../protocol/events'
import type { PageFacts } from '../protocol/facts'
import { SYNC_PAGE } from '../protocol/limits'
import type { ConversationState } from '../protocol/phase'
import type { Brief } from '../protocol/records'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { Availability, ExpectedRange } from '../protocol/wire'
import type { AttachmentsModel } from './attachmentsModel'
import type { Ladder } from './ladder'
import type { LinkState } from './liveTransport'
import { isRating, isReopening, isStuck, type Outbox, type OutboxRow } from './outbox'
import { isString, readEvents } from './readEvents'
import { type Answer, type Asked, type Effect, emptySession, type Input, type Session, step } from './session'
import { type AgentPresence, isRow, isThread, type TabLink, type Thread } from './tabs'
import { watchHiding, watchWakeups } from './wakeups'

export interface LiveModel {
  readonly link: ReadonlySignal<LinkState>
  /** No carrier reaches the server, and that for a while. */
  readonly isStranded: ReadonlySignal<boolean>
  readonly keeping: ReadonlySignal<'stored' | 'memory'>
  /** Of several tabs this is the one that speaks up. */
  readonly leads: ReadonlySignal<boolean>
  /** There is a conversation with people behind it, perhaps not yet known to the server. */
  readonly hasThread: ReadonlySignal<boolean>
  /** By the server's name for it; null until it has one. */
  /**
   * The conversation with people and what proves that it is this visitor's, for what the page tells the server beside
   * its words. Null: with the bot. Rejects where the host's token cannot be had.
   */
  proof(): Promise<({ readonly conversationId: string } & Credentials) | null>
  readonly conversationId: ReadonlySignal<string | null>
  /** 1, 2, 3 … without holes. */
  readonly events: ReadonlySignal<readonly StoredEvent[]>
  /** The fold of `events`. */
  readonly state: ReadonlySignal<ConversationState>
  /** Own words of this conversation that are not among `events` yet. */
  readonly rows: ReadonlySignal<Outbox>
  readonly isAgentTyping: ReadonlySignal<boolean>
  /** Whether the agent who has it is there; null: not known. */
  readonly agentPresence: ReadonlySignal<AgentPresence | null>
  readonly place: ReadonlySignal<number | null>
  readonly expectedWaitMs: ReadonlySignal<number | null>
  readonly expectedRange: ReadonlySignal<ExpectedRange | null>
  /** Files of a conversation with people; null while there is none, or where the site wants none. */
  readonly files: ReadonlySignal<AttachmentsModel | null>

  /** Picks up what this device knows: the conversation, its events, unsent words. True when there is one. */
  resume(): Promise<boolean>
  /** Asks the server who is there; null when it cannot be reached in time. */
  availability(): Promise<Availability | null>
  /**
   * Opens a conversation with its earlier turns and the wish that ends the handoff; all or nothing is saved.
   * Where a conversation is open already, the turns and the wish are added to it.
   */
  open(brief: Brief, earlierTurns: readonly Draft<VisitorBody>[], handoff: Draft<VisitorBody>): Promise<void>
  /** Resolves when it is saved; what becomes of it is in `rows` and `events`. */
  send(draft: Draft<VisitorBody>): Promise<void>
  /** The visitor has seen everything up to `seq`. */
  markRead(seq: number): void
  typing(): void
  /** Where the visitor is now, while this tab is looked at; nothing waits for it. */
  visits(page: PageFacts): void
  /**
   * Retry after `failed`, yes after `needsConfirm`: the same id. Words that were refused with files go back to the
   * visitor instead, and the files are to be chosen again.
   */
  retry(clientId: string): void
  discard(clientId: string): void
  /** Goes on with one that the server knows as this visitor's, from whichever device, instead of what is here. */
  join(conversationId: string): Promise<void>
  /** Lets go of the conversation on this device; the server keeps it. */
  leave(): Promise<void>
  /** Whether the conversation was last let go of by signing out, in whichever tab. */
  isSignedOut?(): boolean
  /** `leave`, and the secret that proves who the visitor is. */
  logout(): Promise<void>
  /** The visitor lets this device keep nothing any more: all goes on from memory, and the disk forgets it. */
  keepNothing(): Promise<void>
  dispose(): void
}

/** What proves who asks: a secret of this device, and a token where the host has one (then the token claims). */
export interface Credentials {
  readonly secret: string
  readonly token: string | null
}

export interface LiveDeps {
  readonly environment: Environment
  readonly store: KeyedStore
  readonly tabs: TabLink
  /** Whose words these are: the host's user id, or a word for nobody in particular. */
  readonly identity: string
  /** A guest's conversation that this visitor, signed in since, takes along. */
  readonly guest?: Guest
  getToken(): Promise<string | null>
  connectVia(credentials: () => Promise<Credentials>): Ladder
  /** Fetches and makes what files take. Absent: there are none. */
  loadFiles?(conversationId: string, credentials: () => Promise<Credentials>): Promise<AttachmentsModel>
  /** A conversation waits on this device, or no longer: the page's first script asks this one fact. */
  setWaiting(isWaiting: boolean): void
  /** Words that nobody has taken and that have no conversation any more: the visitor's to send or to throw away. */
  handBack?(text: string): void
  /** The conversation that this tab takes part in, by its openId. */
  setTakingPart?(openId: string | null): void
}

export interface Guest {
  /** Under which the guest's words are kept. */
  readonly identity: string
  /** Only the conversation that this very tab took part in: the device may be shared. */
  readonly openId: string
  /** The guest's other tabs. */
  readonly tabs: TabLink
}

/** What was said of a conversation that this device has let go of since. */
interface Late {
  readonly conversationId: string
  readonly draft: Draft<VisitorBody>
}

const TYPING_EVERY_MS = 3_000
const isRefused = (row: OutboxRow | undefined) =>
  typeof row?.state === 'object' && row.state.failed === 'bad_request'

/** A copy is written when what it is of is painted, and with what comes right behind it. Milliseconds. */
const KEEP_AFTER_MS = 200
/** Records of events beyond what they would fill: each costs a slow device as much as ten events in one. */
const SCATTERED = 50
const COMPACT_AFTER_MS = 3_000
/** Somebody waits for the answer in front of the offer. Milliseconds. */
const AVAILABILITY_WITHIN_MS = 6_000

export function createLiveModel(deps: LiveDeps): LiveModel {
  const { environment, tabs, identity } = deps
  const prefix = `${identity}/`
  let { store } = deps
  const keeping = signal<'stored' | 'memory'>(store.kind)
  const session = signal<Session>(emptySession(identity))
  const part = <Key extends keyof Session>(key: Key) => computed(() => session.value[key])
  const link = part('link')

  let isDisposed = false
  let isStarted = false
  let isSignedOut = false
  let typedAt = Number.NEGATIVE_INFINITY
  const timers = new Map<string, Undo>()
  const waitingForAvailability = new Set<(availability: Availability) => void>()

  // ---- what happens, and what is done about it

  const todo: Effect[] = []
  let isDoing = false
  const happened = (input: Input): void => {
    if (isDisposed) return
    const { thread } = session.value
    const { now, random, randomId } = environment
    const next = step(session.value, input, { now: now(), random, randomId })
    // First what is to be done: whoever looks at the session may make the next thing happen at once.
    todo.push(...next.effects)
    session.value = next.session
    const { openId = null } = next.session.thread ?? {}
    if (openId !== (thread?.openId ?? null)) deps.setTakingPart?.(openId)
    if (isDoing) return
    isDoing = true
    // In order, whatever comes in between: what is told to a tab that answers at once waits its turn.
    for (let effect = todo.shift(); effect; effect = todo.shift()) carryOut(effect)
    isDoing = false
  }

  const carryOut = (effect: Effect): void => {
    switch (effect.do) {
      case 'save':
        onDisk(() => save(effect)).then(() => {
          for (const message of effect.tell) tabs.post(message)
          if (effect.isAwaited) happened({ type: 'saved' })
        })
        return
      case 'cache':
        unkept.push(effect)
        if (unkept.length === 1) timers.set('keep', environment.after(KEEP_AFTER_MS, keepCopies))
        return
      case 'ask':
        carrier
          .request(effect.asked.call, effect.asked.body as never)
          .then(answer =>
            happened({ type: 'answered', asked: effect.asked as Asked, answer: answer as Answer }),
          )
        return
      case 'after':
        timers.get(effect.timer)?.()
        timers.set(
          effect.timer,
          environment.after(effect.ms, () => happened({ type: 'timer', timer: effect.timer })),
        )
        return
      case 'tell':
        return tabs.post(effect.message)
      case 'await':
        return deps.setWaiting(effect.isAwaited)
      case 'leave':
        unkept = []
        // First the disk, then the word: a tab that hears it must not find an old secret any more.
        onDisk(async () => {
          if (effect.forgetsSecret) return forget([''])
          const { openId } = effect
          const kept = await store.get(`${prefix}thread`)
          const isAnother = isThread(kept) && openId !== undefined && kept.openId !== openId
          const rows = (await readRows()).filter(row => !isAnother || row.thread === openId)
          if (isAnother) await store.delete(rows.map(row => rowKey(row.clientId)))
          else await forget(['thread', 'row/', 'event/'])
          // Only now: what could not be forgotten is found again, and handed back then.
          giveBack(rows.filter(row => !session.value.gone.includes(row.clientId)))
        }).then(() =>
          tabs.post({ type: 'thread', thread: null, openId: effect.openId, isLogout: effect.forgetsSecret }),
        )
        return
      case 'handBack':
        giveBack(effect.rows)
        onDisk(() => store.delete(effect.rows.map(row => rowKey(row.clientId))))
        return
      case 'proveAnew':
        memorySecret = unkeptSecret = ''
        carrier.close()
        carrier.connect()
    }
  }

  const giveBack = (rows: readonly OutboxRow[]) => {
    const texts = rows.flatMap(({ draft, isEarlier }) => {
      if (draft?.body.type !== 'message' || draft.as || isEarlier) return []
      const { text, attachments } = draft.body
      // Names that stood for words were typed by nobody.
      return attachments && text === namesOf(attachments) ? [] : [text]
    })
    if (texts.length) deps.handBack?.(texts.join('\n\n'))
  }

  // ---- keeping

  /** One thing after the other, in the order in which it was wished for. */
  let disk: Promise<void> = Promise.resolve()
  const onDisk = (work: () => Promise<unknown>): Promise<void> => {
    disk = disk.then(work).then(
      () => {},
      () => {
        // Refused or full: the words go on from memory, and the panel says that closing loses them.
        keeping.value = 'memory'
      },
    )
    return disk
  }
  const rowKey = (clientId: string) => `${prefix}row/${clientId}`
  // Conversation and epoch are part of the key: events of another one, or another incarnation, are never read as
  // this one's.
  const eventKeys = (conversationId: string | null, epoch: string) =>
    `${prefix}event/${conversationId}/${epoch}/`

  const save = async ({
    thread,
    rows,
    forget: done,
    orNothing,
  }: Extract<Effect, { do: 'save' }>): Promise<void> => {
    const entries: [string, unknown][] = rows.map(row => [rowKey(row.clientId), row])
    if (thread) entries.push([`${prefix}thread`, thread])
    try {
      if (entries.length) await store.set(entries)
    } catch (error) {
      if (orNothing) await forget(['thread', 'row/'])
      throw error
    }
    if (!done.length) return
    // First the copy that takes the row's place: a page that ends in between has the words in one of the two.
    await cache()
    await store.delete(done.map(rowKey))
  }
  type Copies = Extract<Effect, { do: 'cache' }>
  let unkept: Copies[] = []
  const keepCopies = () => {
    if (unkept.length) onDisk(cache)
  }
  const cache = async () => {
    const all = unkept
    unkept = []
    const { conversationId, epoch } = all.at(-1) ?? {}
    // Let go of meanwhile, perhaps in another tab.
    if (!conversationId || epoch === undefined || session.value.thread?.conversationId !== conversationId)
      return
    const current = eventKeys(conversationId, epoch)
    if (all.some(({ dropsOthers }) => dropsOthers)) {
      const old = await store.list(`${prefix}event/`)
      await store.delete(old.map(([key]) => key).filter(key => !key.startsWith(current)))
    }
    const events = all.flatMap(each =>
      each.conversationId === conversationId && each.epoch === epoch ? each.events : [],
    )
    if (events[0]) await store.set([[eventKey(current, events[0]), events]])
  }
  const eventKey = (current: string, { seq }: StoredEvent) => current + String(seq).padStart(9, '0')
  /** Neighbours together, up to a page of the server's: what came one by one is read in one piece from then on. */
  const compact = async (current: string, kept: readonly (readonly [string, readonly StoredEvent[]])[]) => {
    const packs: StoredEvent[][] = []
    for (const [, events] of kept) {
      const last = packs.at(-1)
      if (last && last.length + events.length <= SYNC_PAGE) last.push(...events)
      else packs.push([...events])
    }
    const records = packs.flatMap(events =>
      events[0] ? [[eventKey(current, events[0]), events] as const] : [],
    )
    const keys = new Set(records.map(([key]) => key))
    // First what is new: whatever ends this in between, all is there, some of it twice.
    await store.set(records)
    await store.delete(kept.map(([key]) => key).filter(key => !keys.has(key)))
  }
  const forget = async (parts: readonly string[], under = prefix) => {
    for (const each of parts) await store.delete((await store.list(under + each)).map(([key]) => key))
  }
  const readRows = async (under = prefix): Promise<Outbox> =>
    (await store.list(`${under}row/`)).flatMap(([, row]) =>
      isRow(row) && `${row.identity}/` === under ? [row] : [],
    )

  const credentials = async (): Promise<Credentials> => {
    // Who comes late makes no secret on a device that has just forgotten one.
    if (isDisposed) throw new Error('this conversation was let go of')
    // 256 bits, made when a person is asked for and not before; two tabs at once agree on one.
    const fresh = unkeptSecret || environment.randomId() + environment.randomId()
    const secret = await store.keep(`${prefix}secret`, fresh).catch(() => {
      // A disk that fails for a moment must not make another person of the visitor.
      unkeptSecret = memorySecret || fresh
      return unkeptSecret
    })
    memorySecret = isString(secret) ? secret : memorySecret || fresh
    // Without the token that the host promised nobody is asked: as somebody anonymous they would be another (D12).
    return { secret: memorySecret, token: await deps.getToken() }
  }
  let memorySecret = ''
  /** Used, and not on the disk yet. */
  let unkeptSecret = ''

  // ---- what comes from outside

  const carrier = deps.connectVia(credentials)
  const undos: Undo[] = [
    carrier.onLink(next => happened({ type: 'link', link: next })),
    carrier.onStranded(isStranded => happened({ type: 'stranded', isStranded })),
    carrier.on('events', push => happened({ type: 'events', push })),
    carrier.on('head', push => {
      happened({ type: 'head', push })
      // With each beacon: another tab may have saved words, and gone before it could tell.
      if (session.value.leads) onDisk(async () => happened({ type: 'found', rows: await readRows() }))
    }),
    carrier.on('place', push => happened({ type: 'place', push })),
    carrier.on('agentPresence', push => happened({ type: 'agentPresence', push })),
    carrier.on('typing', push => happened({ type: 'agentTyping', push })),
    // The last moment that a page is sure to get.
    watchHiding(environment, () => keepCopies()),
    watchWakeups(environment, () => {
      if (session.value.leads) carrier.nudge()
    }),
    tabs.listen(message => {
      const { leads } = session.value
      if (message.type === 'thread') isSignedOut = message.isLogout === true
      if (message.type === 'typing') leads && sendTyping()
      else if (message.type === 'visits')
        leads && message.thread === session.value.thread?.openId && sendPage(message.page)
      else if (message.type === 'availability')
        for (const take of [...waitingForAvailability]) take(message.availability)
      else if (message.type !== 'askAvailability') {
        happened({ type: 'heard', message })
        // A conversation that began elsewhere after this tab had found none: it takes its turn at leading all the same.
        if (session.value.thread !== null) ready().then(start)
      } else if (leads)
        ask().then(availability => {
          if (availability) tabs.post({ type: 'availability', availability })
        })
    }),
  ]

  /** A guest who has signed in: the words, and the secret that proves whose they were, are the user's now. */
  const claim = async ({ identity: guest, openId, tabs: guestTabs }: Guest): Promise<Thread | null> => {
    const under = `${guest}/`
    const thread = await store.get(`${under}thread`)
    const secret = await store.get(`${under}secret`)
    if (!isThread(thread) || thread.openId !== openId || !isString(secret)) return null
    const rows = (await readRows(under)).filter(row => row.thread === openId)
    await store.set([
      [`${prefix}thread`, thread],
      [`${prefix}secret`, secret],
      ...rows.map(row => [rowKey(row.clientId), { ...row, identity }] as const),
    ])
    await forget([''], under)
    guestTabs.post({ type: 'thread', thread: null })
    return thread
  }

  const load = () =>
    onDisk(async () => {
      const kept = await store.get(`${prefix}thread`)
      const thread = isThread(kept) ? kept : deps.guest ? await claim(deps.guest) : null
      if (!thread) return
      const current = eventKeys(thread.conversationId, thread.epoch)
      const [rows, cached] = await Promise.all([readRows(), store.list(current)])
      const events = readEvents(cached.flatMap(([, events]) => events))
      happened({ type: 'loaded', thread, rows, events: events ?? [] })
      if (!events || cached.length - events.length / SYNC_PAGE < SCATTERED) return
      // When it is shown: to write ten thousand takes as long as to read them.
      const later = () =>
        onDisk(async () => {
          const { thread: now, leads } = session.value
          // Only who writes packs, and what is there by then: a tab that slept must not bring back its old picture.
          if (leads && now && eventKeys(now.conversationId, now.epoch) === current)
            await compact(
              current,
              (await store.list(current)) as (readonly [string, readonly StoredEvent[]])[],
            )
        })
      timers.set('compact', environment.after(COMPACT_AFTER_MS, later))
    })

  /** Leads or follows from now on, with a link where this tab leads. */
  const start = () => {
    if (isStarted || isDisposed) return
    isStarted = true
    undos.push(
      tabs.lead(async () => {
        let rows: Outbox = []
        let thread: Thread | null = null
        await onDisk(async () => {
          rows = await readRows()
          const kept = await store.get(`${prefix}thread`)
          thread = isThread(kept) ? kept : null
        })
        happened({ type: 'led', rows, thread })
        if (!isDisposed) carrier.connect()
      }),
    )
    tabs.post({ type: 'hello' })
    // Saved by this tab, which then reloaded before it could tell: the leader may not know them.
    const { thread, rows } = session.value
    if (!thread) return
    tabs.post({ type: 'thread', thread })
    tabs.post({ type: 'rows', thread: thread.openId, rows })
  }

  const ask = async (): Promise<Availability | null> => {
    if (link.value !== 'online') return null
    const reply = await carrier.request('availability', { v: PROTOCOL_VERSION })
    return reply.ok ? reply : null
  }
  const sendTyping = () => {
    const conversationId = session.value.thread?.conversationId
    if (conversationId && link.value === 'online')
      carrier.request('typing', { v: PROTOCOL_VERSION, conversationId })
  }

  const sendPage = (page: PageFacts) => {
    const conversationId = session.value.thread?.conversationId
    if (conversationId && link.value === 'online')
      carrier.request('page', { v: PROTOCOL_VERSION, conversationId, page })
  }

  // ---- ratings, and that it is not solved: what outlives its conversation here

  const lateKey = (clientId: string) => `${prefix}late/${clientId}`
  const isLate = (value: unknown): value is Late => {
    const { conversationId, draft } = (value ?? {}) as Partial<Late>
    return isString(conversationId) && isString(draft?.clientId)
  }
  /** Said before the conversation is let go of: it goes on by itself, also without a line. */
  const keepRatings = () => {
    const { thread, rows } = session.value
    const conversationId = thread?.conversationId
    const late = rows.flatMap(row => {
      const isOnItsWay = (isRating(row) || isReopening(row)) && !isStuck(row) && row.state !== 'sent'
      return isOnItsWay && conversationId && row.draft ? [{ conversationId, draft: row.draft }] : []
    })
    if (!late.length) return
    // Before the disk lets go of the row.
    onDisk(() => store.set(late.map(each => [lateKey(each.draft.clientId), each])))
  }
  let isSendingLate = false
  const sendLate = async () => {
    if (isSendingLate || isDisposed) return
    isSendingLate = true
    let kept: readonly (readonly [string, unknown])[] = []
    await onDisk(async () => {
      kept = await store.list(`${prefix}late/`)
    })
    for (const [key, late] of kept) {
      if (!session.value.leads || link.value !== 'online') break
      // Under its own id: had an earlier try arrived, nothing is stored twice.
      const { conversationId, draft } = isLate(late) ? late : { conversationId: '', draft: null }
      const reply = draft
        ? await carrier.request('send', { v: PROTOCOL_VERSION, conversationId, drafts: [draft] })
        : null
      if (reply && !reply.ok && (reply.retry || reply.code === 'unauthenticated')) break
      await onDisk(() => store.delete([key]))
      if (key === kept.at(-1)?.[0] && !session.value.thread) deps.setWaiting(false)
    }
    isSendingLate = false
  }
  undos.push(
    effect(() => {
      if (link.value === 'online') untracked(sendLate)
    }),
  )

  // ---- files

  const files = signal<AttachmentsModel | null>(null)
  /** With people: before that nobody could be shown one. */
  const filesOf = computed(() => {
    const { thread, state } = session.value
    return state.phase === 'bot' || state.phase === 'offered' ? null : (thread?.conversationId ?? null)
  })
  const phase = computed(() => session.value.state.phase)
  const { loadFiles } = deps
  if (loadFiles)
    undos.push(
      effect(() => {
        const conversationId = filesOf.value
        untracked(() => {
          files.value?.forget()
          files.value = null
          if (!conversationId) return
          const isOver = () => isDisposed || filesOf.peek() !== conversationId
          const own = async () => {
            if (isOver()) throw new Error('the files of this conversation were let go of')
            return credentials()
          }
          loadFiles(conversationId, own).then(
            model => {
              if (isOver()) model.dispose()
              else files.value = model
            },
            // Without that chunk there are words.
            () => {},
          )
        })
      }),
      // What is taken depends on who has the conversation.
      effect(() => {
        if (phase.value) files.peek()?.refresh()
      }),
      effect(() => {
        if (link.value === 'online') files.peek()?.refresh('missed')
      }),
      () => files.peek()?.dispose(),
    )

  let loading: Promise<void> | null = null
  const ready = () => {
    loading ??= load()
    return loading
  }

  return {
    link,
    isStranded: part('isStranded'),
    keeping,
    leads: part('leads'),
    hasThread: computed(() => session.value.thread !== null),
    conversationId: computed(() => session.value.thread?.conversationId ?? null),
    events: part('events'),
    state: part('state'),
    rows: part('rows'),
    isAgentTyping: part('isAgentTyping'),
    agentPresence: part('agentPresence'),
    place: part('place'),
    expectedWaitMs: part('expectedWaitMs'),
    expectedRange: part('expectedRange'),
    files,
    async proof() {
      const conversationId = filesOf.peek()
      return conversationId ? { conversationId, ...(await credentials()) } : null
    },

    async resume() {
      await ready()
      // What was read after the end is nothing to conclude from.
      if (isDisposed) return false
      const hasThread = session.value.thread !== null
      if (hasThread) {
        start()
        happened({ type: 'resumed' })
      } else if ((await store.list(`${prefix}late/`).catch(() => [])).length) start()
      else deps.setWaiting(false)
      return hasThread
    },
    async availability() {
      await ready()
      start()
      return new Promise(resolve => {
        const undo: Undo[] = []
        const end = (availability: Availability | null) => {
          for (const each of undo.splice(0)) each()
          waitingForAvailability.delete(end)
          resolve(availability)
        }
        undo.push(environment.after(AVAILABILITY_WITHIN_MS, () => end(null)))
        waitingForAvailability.add(end)
        let isAsked = false
        undo.push(
          link.subscribe(() => {
            if (link.value !== 'online' || isAsked) return
            isAsked = true
            if (session.value.leads) ask().then(end)
            else tabs.post({ type: 'askAvailability' })
          }),
        )
      })
    },
    async open(brief, earlierTurns, handoff) {
      await ready()
      happened({ type: 'opened', brief, earlierTurns, handoff })
      start()
      await disk
    },
    async send(draft) {
      happened({ type: 'typed', draft })
      await disk
    },
    markRead: seq => happened({ type: 'seen', seq }),
    typing() {
      if (Math.abs(environment.now() - typedAt) < TYPING_EVERY_MS) return
      typedAt = environment.now()
      if (session.value.leads) sendTyping()
      else tabs.post({ type: 'typing', thread: session.value.thread?.openId ?? '' })
    },
    visits(page) {
      if (environment.window?.document.visibilityState === 'hidden') return
      if (session.value.leads) sendPage(page)
      else tabs.post({ type: 'visits', thread: session.value.thread?.openId ?? '', page })
    },
    retry(clientId) {
      const row = session.value.rows.find(each => each.clientId === clientId)
      const body = row?.draft?.body
      const attachments = body?.type === 'message' && isRefused(row) ? body.attachments : undefined
      const model = files.peek()
      if (!row || !attachments || !model?.lose) return happened({ type: 'retried', clientId })
      // With the same files it would be refused for ever: the words may go without, and the files be chosen again.
      giveBack([row])
      model.lose(attachments)
      happened({ type: 'discarded', clientId })
    },
    discard: clientId => happened({ type: 'discarded', clientId }),
    async join(conversationId) {
      await ready()
      if (session.value.thread?.conversationId !== conversationId) keepRatings()
      happened({ type: 'joined', conversationId })
      start()
      await disk
    },
    async leave() {
      // What is let go of has a name: a tab that comes with another one is believed.
      if (!session.value.thread) await ready()
      keepRatings()
      happened({ type: 'left', forgetsSecret: false })
      await disk
      if (!(await store.list(`${prefix}late/`).catch(() => [])).length) return
      // The next page sends it, where this one cannot.
      if (!session.value.thread) deps.setWaiting(true)
      void sendLate()
    },
    isSignedOut: () => isSignedOut,
    async logout() {
      memorySecret = unkeptSecret = ''
      isSignedOut = true
      carrier.close()
      happened({ type: 'left', forgetsSecret: true })
      await disk
    },
    async keepNothing() {
      const memory = createMemoryStore()
      keepCopies()
      await onDisk(async () => {
        if (store.kind === 'memory') return
        const kept = store
        await memory.set(await kept.list(prefix))
        store = memory
        keeping.value = 'memory'
        await kept.delete((await kept.list(prefix)).map(([key]) => key))
        kept.close()
      })
      deps.setWaiting(false)
    },
    dispose() {
      isDisposed = true
      for (const undo of [...undos.splice(0).reverse(), ...timers.values()]) undo()
      carrier.close()
      tabs.close()
      deps.guest?.tabs.close()
      // Its timer is gone.
      keepCopies()
      // What was wished for is still done: a message typed in the last moment is on the disk.
      disk.then(() => store.close())
    },
  }
}
