// One page against a tiny model server, for the properties of `session`: plain arrays for the server, the disk and
// the wire, and nothing of the project's own but the reducer that is looked at. Whatever happens is checked against
// the invariants at once; `finish` brings calm weather and demands what the contract promises in the end.

import type { OutboxRow } from '../../../src/live/outbox'
import type { Timer } from '../../../src/live/session'
import {
  type Answer,
  type Asked,
  type Effect,
  emptySession,
  type Input,
  type Session,
  step,
} from '../../../src/live/session'
import type { TabMessage, Thread } from '../../../src/live/tabs'
import type { Draft, EventBody, StoredEvent, VisitorBody } from '../../../src/protocol/events'
import { emptyBrief } from '../../../src/testing/emptyBrief'

export const IDENTITY = 'site/ann'
export const BRIEF = emptyBrief()

export const wordDraft = (clientId: string, text = clientId): Draft<VisitorBody> => ({
  clientId,
  body: { type: 'message', text, format: 'plain' },
})
export const wishDraft = (clientId: string): Draft<VisitorBody> => ({
  clientId,
  body: { type: 'handoffReady', channel: 'live' },
})
/** A row as another page of this visitor's saved and told it. */
export const rowOf = (row: Partial<OutboxRow> & Pick<OutboxRow, 'clientId' | 'thread'>): OutboxRow => ({
  identity: IDENTITY,
  order: 1,
  brief: null,
  draft: row.brief ? null : wordDraft(row.clientId),
  isEarlier: false,
  queuedAt: 0,
  attempts: 0,
  notBefore: 0,
  state: 'queued',
  isConfirmed: false,
  isAlone: false,
  ...row,
})

/** Frozen through and through: a reducer that writes into what it was given throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const each of Object.values(value)) frozen(each)
  }
  return value
}

/** What a disk, a channel and a history can carry. */
export function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJson)
  return (
    typeof value === 'object' &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.values(value).every(isJson)
  )
}

// ---- the model server

interface Conversation {
  readonly conversationId: string
  readonly openId: string
  epoch: string
  events: StoredEvent[]
  /** Somebody else's since a claim: this visitor is told so, for good. */
  isForeign?: boolean
}

/** The visitor sees what became of it, and has a word in it. */
const isShown = ({ brief, draft }: OutboxRow) =>
  brief !== null || draft?.body.type === 'handoffReady' || (draft?.body.type === 'message' && !draft.as)

/** Small, so that catching up takes several pages. */
const PAGE = 3

function createModelServer(now: () => number) {
  const conversations: Conversation[] = []
  const rolledBack = new Set<string>()
  const pushes: Input[] = []
  let epochs = 0
  const find = (id: string) => conversations.find(each => each.conversationId === id)
  const append = (
    to: Conversation,
    clientId: string,
    kind: 'visitor' | 'agent' | 'system',
    body: EventBody,
  ) => {
    const author =
      kind === 'agent' ? ({ kind, agentId: 'agent-ada', name: 'Ada' } as const) : ({ kind } as const)
    const { conversationId, epoch } = to
    const event = { conversationId, seq: to.events.length + 1, clientId, at: now(), author, body }
    to.events.push(event)
    pushes.push({ type: 'events', push: { conversationId, epoch, events: [event] } })
    return event
  }
  const answer = ({ call, body }: Asked): Answer => {
    if (call === 'open') {
      const { openId, brief } = body as { openId: string; brief: typeof BRIEF }
      let to = conversations.find(each => each.openId === openId)
      if (!to) {
        to = { conversationId: `conversation-${openId}`, openId, epoch: `epoch-${++epochs}`, events: [] }
        conversations.push(to)
        append(to, openId, 'system', { type: 'opened', brief })
      }
      return {
        ok: true,
        conversationId: to.conversationId,
        epoch: to.epoch,
        head: to.events.length,
      } as Answer
    }
    const to = find((body as { conversationId: string }).conversationId)
    if (!to) return { ok: false, code: 'not_found', retry: false }
    if (to.isForeign) return { ok: false, code: 'forbidden', retry: false }
    if (call === 'sync') {
      const from = body.epoch === to.epoch ? body.after : 0
      return { ok: true, events: to.events.slice(from, from + PAGE), head: to.events.length, epoch: to.epoch }
    }
    const { drafts } = body as { drafts: readonly Draft<VisitorBody>[] }
    const known = (id: string) =>
      to.events.find(each => each.clientId === id && each.author.kind === 'visitor')
    for (const { clientId, body: said } of drafts) {
      if (known(clientId)) continue
      const isOver = to.events.some(each => each.body.type === 'ended')
      if (isOver && said.type !== 'marked') return { ok: false, code: 'closed', retry: false }
      if (said.type === 'message' && said.text.startsWith('bad'))
        return { ok: false, code: 'too_large', retry: false }
    }
    return {
      ok: true,
      results: drafts.map(({ clientId, body: said }) => {
        const { seq, at } = known(clientId) ?? append(to, clientId, 'visitor', said)
        return { clientId, seq, at }
      }),
    }
  }
  return {
    conversations,
    rolledBack,
    pushes,
    answer,
    say: (to: Conversation, text: string) =>
      append(to, `agents-${text}`, 'agent', { type: 'message', text, format: 'markdown' }),
    end: (to: Conversation) => append(to, 'agents-end', 'agent', { type: 'ended', by: 'agent' }),
    /** An older backup: the tail is gone, and the data has another name. */
    restore(to: Conversation, keep: number) {
      for (const { clientId } of to.events.slice(keep)) rolledBack.add(clientId)
      to.events = to.events.slice(0, keep)
      // Nobody puts a backup back under a running server.
      pushes.length = 0
      to.epoch = `epoch-${++epochs}`
    },
    beacon(to: Conversation) {
      const { conversationId, epoch, events } = to
      pushes.push({ type: 'head', push: { conversationId, epoch, head: events.length } })
    },
    stored: (id: string) =>
      conversations.flatMap(({ events }) =>
        events.filter(each => each.clientId === id && each.author.kind === 'visitor'),
      ),
  }
}

// ---- the world around the page

type Fate = 'open' | 'discarded' | 'handedBack' | 'forgotten' | 'unsaved'

interface Word {
  readonly id: string
  readonly sender: string
  fate: Fate
}

interface DiskTask {
  readonly rows: readonly string[]
  work(isRefused: boolean): void
  after?(): void
}

function demand(claim: boolean, otherwise: () => string): void {
  if (!claim) throw new Error(otherwise())
}

export type SessionWorld = ReturnType<typeof createSessionWorld>

export function createSessionWorld() {
  let now = 1_700_000_000_000
  let ids = 0
  const fresh = (kind: string) => `${kind}-${String(++ids).padStart(8, '0')}`
  const server = createModelServer(() => now)
  let session: Session = emptySession(IDENTITY)

  // What this device keeps.
  let thread: Thread | null = null
  const rows = new Map<string, OutboxRow>()
  const cached = new Map<string, StoredEvent>()
  let tasks: DiskTask[] = []
  let hasRefused = false
  /** Handed back or thrown away by this very page: what the disk did not forget, a later one cannot know. */
  const gone = new Set<string>()
  let hasGivenUpDisk = false
  /** The disk still takes a conversation for unopened: its words may join another leader's. */
  const refusedIds = new Set<string>()
  /** What a page that just came has read, and not yet taken in. */
  let reading: Extract<Input, { type: 'loaded' }> | null = null
  /** Let go of while this page stood. */
  const left = new Set<string>()
  const everLeft = new Set<string>()

  // What is under way. Requests of a page that is gone may still arrive.
  let requests: Asked[] = []
  let orphans: Asked[] = []
  let answers: { readonly asked: Asked; readonly answer: Answer }[] = []
  const timers = new Map<Timer, number>()

  // What is known of words, in the order in which they were wished for.
  let words: Word[] = []
  const bodies = new Map<string, string>()
  const acked = new Set<string>()
  const keptOnce = new Set<string>()
  const savedWell = new Set<string>()
  /** Wished for once more and not on the disk yet; and those that have no place among the sender's other words. */
  const wishedAgain = new Set<string>()
  const unplaced = new Set<string>()
  /** The other tab has heard of these. */
  const told = new Set<string>()
  const wordOf = (id: string) => words.find(each => each.id === id)
  const decide = (id: string, fate: Fate) => {
    const word = wordOf(id)
    if (word && word.fate === 'open') word.fate = fate
  }
  const again = (id: string) => {
    const word = wordOf(id)
    // What the server has already keeps its place, whatever is wished for.
    if (!word || server.stored(id).length) return
    words = [...words.filter(each => each !== word), word]
    wishedAgain.add(id)
  }
  const here = () => server.conversations.find(each => each.openId === session.thread?.openId)

  function happened(input: Input): void {
    const before = frozen(session)
    const { session: after, effects } = step(before, frozen(input), {
      now,
      random: () => 0.5,
      randomId: () => fresh('made'),
    })
    session = after
    look(before, input, effects)
    for (const effect of effects) carryOut(effect)
  }

  function look(before: Session, input: Input, effects: readonly Effect[]): void {
    const { events, rows: rest, thread: at } = session
    if (at) demand(!left.has(at.openId), () => `${at.openId} came back on ${input.type}`)
    if (before.thread && at?.openId !== before.thread.openId)
      for (const each of [left, everLeft]) each.add(before.thread.openId)
    // The page's own record of the talk with the bot still has them: nobody gets them back to send them again.
    if (at?.openId !== before.thread?.openId)
      for (const { clientId, isEarlier } of before.rows) if (isEarlier) decide(clientId, 'handedBack')
    for (const effect of effects) demand(isJson(effect), () => `not JSON: ${effect.do}`)
    events.forEach(({ seq, conversationId }, n) => {
      demand(seq === n + 1, () => `shown ${seq} at place ${n + 1}`)
      demand(
        conversationId === at?.conversationId,
        () => `${conversationId} is shown in ${at?.conversationId}`,
      )
    })
    for (const { clientId } of rest)
      demand(
        !gone.has(clientId) || before.rows.some(row => row.clientId === clientId),
        () => `${clientId} was ${wordOf(clientId)?.fate} and came back on ${input.type}`,
      )
    for (const { clientId, state } of rest)
      demand(state !== 'sent' || acked.has(clientId), () => `${clientId} is called sent without an ok`)
    for (const { clientId } of before.rows) {
      const word = wordOf(clientId)
      if (word?.fate !== 'open' || rest.some(row => row.clientId === clientId)) continue
      const isHandedBack = effects.some(
        effect => effect.do === 'handBack' && effect.rows.some(row => row.clientId === clientId),
      )
      const isGone =
        input.type === 'heard' &&
        (input.message.type === 'gone' || (input.message.type === 'thread' && !input.message.thread))
      demand(
        server.stored(clientId).length > 0 ||
          server.rolledBack.has(clientId) ||
          isHandedBack ||
          isGone ||
          (input.type === 'discarded' && input.clientId === clientId) ||
          (input.type === 'left' && input.forgetsSecret) ||
          (session.thread?.openId !== before.thread?.openId &&
            before.rows.some(row => row.clientId === clientId && row.state === 'sent')),
        () => `${clientId} disappeared on ${input.type}`,
      )
    }
  }

  function carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'save':
        tasks.push({
          rows: effect.rows.map(row => row.clientId),
          work(isFull) {
            const isRefused = isFull
            for (const { clientId } of effect.rows) keptOnce.add(clientId)
            if (isRefused) {
              hasRefused = true
              if (effect.thread?.conversationId != null && thread?.conversationId == null)
                refusedIds.add(effect.thread.conversationId)
              if (effect.orNothing) {
                // The panel says so: what only the disk knew is lost, and the rest with this page.
                for (const id of rows.keys())
                  if (!session.rows.some(row => row.clientId === id)) decide(id, 'unsaved')
                thread = null
                rows.clear()
                hasGivenUpDisk = true
              }
              return
            }
            if (effect.thread) thread = effect.thread
            for (const row of effect.rows) {
              rows.set(row.clientId, row)
              savedWell.add(row.clientId)
              if (wishedAgain.delete(row.clientId)) unplaced.delete(row.clientId)
            }
            for (const id of effect.forget) rows.delete(id)
          },
          after() {
            for (const message of effect.tell) tell(message)
            if (effect.isAwaited) happened({ type: 'saved' })
          },
        })
        return
      case 'cache':
        tasks.push({
          rows: [],
          work(isRefused) {
            const of = `${effect.conversationId}/${effect.epoch}/`
            if (effect.dropsOthers)
              for (const key of [...cached.keys()]) if (!key.startsWith(of)) cached.delete(key)
            if (!isRefused) for (const event of effect.events) cached.set(of + event.seq, event)
          },
        })
        return
      case 'ask':
        return ask(effect.asked)
      case 'after':
        timers.set(effect.timer, now + effect.ms)
        return
      case 'tell':
        return tell(effect.message)
      case 'leave':
        tasks.push({
          rows: [],
          work(isFull) {
            const { openId, forgetsSecret } = effect
            const isAnother = !forgetsSecret && thread && openId !== undefined && thread.openId !== openId
            const lost = [...rows.values()].filter(row => !isAnother || row.thread === openId)
            if (isFull) {
              hasRefused = true
              // The next page finds them.
              for (const { clientId } of lost) decide(clientId, 'unsaved')
              return
            }
            for (const { clientId } of lost) {
              rows.delete(clientId)
              if (forgetsSecret) decide(clientId, 'forgotten')
              else if (!session.gone.includes(clientId)) decide(clientId, 'handedBack')
            }
            if (!isAnother) forgetDisk()
          },
        })
        return
      case 'handBack':
        for (const { clientId } of effect.rows) {
          demand(!gone.has(clientId), () => `${clientId} is handed back twice`)
          decide(clientId, 'handedBack')
          gone.add(clientId)
        }
        tasks.push({
          rows: [],
          work(isFull) {
            if (isFull) hasRefused = true
            else for (const { clientId } of effect.rows) rows.delete(clientId)
          },
        })
    }
  }
  const tell = (message: TabMessage) => {
    if (message.type === 'rows') for (const { clientId } of message.rows) told.add(clientId)
  }
  /** A page that comes now must be able to go on with what it finds. */
  const lookAtDisk = () => {
    if (!thread || thread.conversationId !== null || hasRefused) return
    const { openId } = thread
    // A save that was under way when it was let go: the next leader lets go of it once more.
    if (everLeft.has(openId)) return
    demand(rows.has(openId), () => `${openId} was never opened, and its opening is forgotten`)
  }
  const forgetDisk = () => {
    thread = null
    rows.clear()
    cached.clear()
  }

  function ask(asked: Asked): void {
    if (asked.call !== 'sync') {
      const isBusy = requests.some(each => each.call !== 'sync' && each.openId === asked.openId)
      demand(!isBusy, () => `two sends at once: ${asked.ids}`)
      for (const id of asked.ids) {
        const row = session.rows.find(each => each.clientId === id)
        demand(row?.identity === IDENTITY, () => `${id} is ${row?.identity}'s`)
        demand(row?.thread === asked.openId, () => `${id} belongs to ${row?.thread}`)
        if (row?.draft?.body.type === 'marked') continue
        demand(keptOnce.has(id), () => `${id} is on the wire and was never saved`)
        demand(
          !tasks.some(task => task.rows.includes(id)),
          () => `${id} is on the wire while it is being saved`,
        )
      }
      const said =
        asked.call === 'open'
          ? [asked.body as { openId: string }].map(body => [body.openId, body] as const)
          : (asked.body as { drafts: readonly Draft<VisitorBody>[] }).drafts.map(
              draft => [draft.clientId, draft] as const,
            )
      for (const [id, body] of said) {
        const text = JSON.stringify(body)
        demand((bodies.get(id) ?? text) === text, () => `${id} has another body`)
        bodies.set(id, text)
      }
    }
    requests.push(asked)
  }

  const take = <T>(list: T[], n: number): T | undefined => list.splice(n % Math.max(1, list.length), 1)[0]
  const silence = (asked: Asked) =>
    answers.push({ asked, answer: { ok: false, code: 'no_answer', retry: true } })
  const hear = (message: TabMessage) => happened({ type: 'heard', message })
  const typed = (text: string, sender = 'here') => {
    // Nobody types two words in one moment; the order of what pages do not know of one another is by the clock.
    now += 20
    const id = fresh(text)
    words.push({ id, sender, fate: 'open' })
    return id
  }
  /** Another page of this visitor's has saved it already. */
  const typedThere = (
    to: string,
    text: string,
    sender: string,
    change: Partial<OutboxRow> = {},
  ): OutboxRow => {
    const id = typed(text, sender)
    const row = rowOf({
      clientId: id,
      thread: to,
      order: now,
      queuedAt: now,
      draft: wordDraft(id, id),
      ...change,
    })
    rows.set(id, row)
    keptOnce.add(id)
    savedWell.add(id)
    return row
  }

  const world = {
    session: () => session,
    stored: () => server.conversations.reduce((all, { events }) => all + events.length, 0),
    say() {
      if (!session.thread) return
      happened({ type: 'typed', draft: wordDraft(typed('word')) })
    },
    sayBad() {
      if (!session.thread) return
      happened({ type: 'typed', draft: wordDraft(typed('bad')) })
    },
    open(turns: number) {
      if (reading) world.load()
      const earlierTurns = Array.from({ length: turns }, () => wordDraft(typed('turn')))
      const id = fresh('wish')
      happened({ type: 'opened', brief: BRIEF, earlierTurns, handoff: wishDraft(id) })
    },
    /** The oldest wish of the disk, done or refused. */
    disk(isRefused: boolean) {
      const task = tasks.shift()
      task?.work(isRefused)
      lookAtDisk()
      task?.after?.()
    },
    /** Its turn has come: it reads the disk, behind all that it has asked of it. */
    lead() {
      if (reading) world.load()
      world.read(found => {
        if (!session.leads) happened({ type: 'led', rows: found, thread })
      })
    },
    read(take: (found: OutboxRow[]) => void) {
      let found: OutboxRow[] = []
      tasks.push({
        rows: [],
        work() {
          found = [...rows.values()]
        },
        after: () => take(found),
      })
    },
    link(isUp: boolean) {
      if (!isUp) for (const asked of requests.splice(0)) silence(asked)
      happened({ type: 'link', link: isUp ? 'online' : 'retrying' })
    },
    request(how: 'deliver' | 'lose' | 'double', n: number) {
      const asked = take(requests, n)
      if (!asked) return
      if (how === 'lose') return void silence(asked)
      if (how === 'double') server.answer(asked)
      answers.push({ asked, answer: server.answer(asked) })
    },
    /** Not now: a limit, or a store that does not know. */
    refuse(n: number) {
      const asked = take(requests, n)
      if (asked) answers.push({ asked, answer: { ok: false, code: 'rate_limited', retry: true, after: 500 } })
    },
    answer(how: 'deliver' | 'lose', n: number) {
      const given = take(answers, n)
      if (!given) return
      const { asked, answer } = given
      if (how === 'lose')
        return happened({ type: 'answered', asked, answer: { ok: false, code: 'no_answer', retry: true } })
      if (answer.ok && asked.call !== 'sync') for (const id of asked.ids) acked.add(id)
      happened({ type: 'answered', asked, answer })
    },
    /** What a page that is gone had sent still arrives. */
    orphan(n: number) {
      const asked = take(orphans, n)
      if (!asked) return
      // Younger words went past what asks for a yes; a request of long ago takes no place among them.
      if (asked.call !== 'sync')
        for (const { clientId, state } of session.rows)
          if (state === 'needsConfirm' && asked.ids.includes(clientId)) unplaced.add(clientId)
      server.answer(asked)
    },
    push(how: 'deliver' | 'lose' | 'double', n: number) {
      const push = take(server.pushes, n)
      if (!push || how === 'lose' || session.link !== 'online') return
      happened(push)
      if (how === 'double') happened(push)
    },
    /** The leader looks at the disk once more: two looks may be under way before it is heard what was found. */
    look() {
      if (session.leads) world.read(found => happened({ type: 'found', rows: found }))
    },
    beacon() {
      const to = here()
      if (to) server.beacon(to)
    },
    agentSays() {
      const to = here()
      if (to) server.say(to, fresh('agent'))
    },
    agentEnds() {
      const to = here()
      if (to && !to.events.some(each => each.body.type === 'ended')) server.end(to)
    },
    claimedElsewhere() {
      const to = here()
      if (!to) return
      to.isForeign = true
      // From then on nothing of it is pushed here, and what was on its way comes before the refusal.
      while (server.pushes.length) world.push('deliver', 0)
    },
    restore(cut: number) {
      const to = here()
      if (to && to.events.length > 1) server.restore(to, Math.max(1, to.events.length - cut))
    },
    /** A send is answered, and its tail is lost before anybody has shown it. */
    answeredAndLost() {
      const n = requests.findIndex(each => each.call === 'send')
      if (n < 0) return
      world.request('deliver', n)
      world.answer('deliver', answers.length - 1)
      world.restore(1)
    },
    seen: () => happened({ type: 'seen', seq: session.cursor.last }),
    wait(ms: number) {
      const until = now + ms
      for (;;) {
        const [next] = [...timers].filter(([, due]) => due <= until).sort((a, b) => a[1] - b[1])
        if (!next) break
        timers.delete(next[0])
        now = Math.max(now, next[1])
        happened({ type: 'timer', timer: next[0] })
      }
      now = until
    },
    /** Yes to what asks; what failed is thrown away. In this tab, or in another one that sees the same. */
    decide(isThere = false) {
      for (const row of session.rows) {
        const { clientId, state, draft } = row
        if (!isShown(row)) continue
        if (state === 'needsConfirm') {
          again(clientId)
          if (!isThere) happened({ type: 'retried', clientId })
          else {
            now++
            const order = Math.max(now, ...session.rows.map(each => each.order + 1))
            const wish = {
              ...row,
              state: 'queued' as const,
              isConfirmed: true,
              queuedAt: now,
              notBefore: 0,
              order: draft?.body.type === 'message' ? order : row.order,
            }
            rows.set(clientId, wish)
            wishedAgain.delete(clientId)
            hear({ type: 'rows', thread: row.thread, rows: [wish] })
          }
        } else if (typeof state === 'object') {
          decide(clientId, 'discarded')
          gone.add(clientId)
          if (!isThere) happened({ type: 'discarded', clientId })
          else {
            rows.delete(clientId)
            hear({ type: 'gone', thread: row.thread, clientIds: [clientId] })
          }
        }
      }
    },
    retryFailed() {
      for (const { clientId, state } of session.rows)
        if (typeof state === 'object') {
          again(clientId)
          happened({ type: 'retried', clientId })
        }
    },
    leave(isLogout: boolean) {
      // Signing out waits for no disk.
      if (reading && !isLogout) world.load()
      if (!session.thread && !reading) return
      if (reading) left.add(reading.thread.openId)
      // What was not yet saved is known to this page, and goes with its rows.
      for (const { clientId } of session.rows) if (isLogout) decide(clientId, 'forgotten')
      happened({ type: 'left', forgetsSecret: isLogout })
    },
    /** The page is killed after the disk has done some of what it was asked for, and comes again. */
    reload(done: number) {
      for (let n = 0; n < done && tasks.length; n++) {
        const task = tasks.shift()
        task?.work(false)
        lookAtDisk()
        // What the page would have heard it does not hear any more.
      }
      tasks = []
      orphans = [...orphans, ...requests]
      requests = []
      answers = []
      timers.clear()
      for (const word of words)
        if (word.fate === 'open' && !rows.has(word.id) && !server.stored(word.id).length) {
          demand(
            !savedWell.has(word.id) || hasGivenUpDisk || server.rolledBack.has(word.id),
            () => `${word.id} was saved and is not on the disk any more`,
          )
          word.fate = 'unsaved'
        }
      for (const id of wishedAgain) unplaced.add(id)
      session = emptySession(IDENTITY)
      gone.clear()
      left.clear()
      reading = null
      if (thread) {
        const { openId, conversationId, epoch } = thread
        const of = `${conversationId}/${epoch}/`
        reading = {
          type: 'loaded',
          thread,
          rows: [...rows.values()].filter(row => row.thread === openId),
          events: [...cached]
            .flatMap(([key, event]) => (key.startsWith(of) ? [event] : []))
            .sort((a, b) => a.seq - b.seq),
        }
      }
    },
    /** The disk of a page that just came is read. */
    load() {
      if (reading) happened(reading)
      reading = null
      // A page that starts tells what it found: another tab that leaves hands that back, too.
      const { thread: at, rows: found } = session
      if (at) tell({ type: 'rows', thread: at.openId, rows: found })
      happened({ type: 'resumed' })
    },

    // ---- the other tab

    otherSays() {
      if (session.thread)
        hear({
          type: 'rows',
          thread: session.thread.openId,
          rows: [typedThere(session.thread.openId, 'word', 'there')],
        })
    },
    /** Any script of the page may have written it. */
    strangerSays() {
      if (!session.thread) return
      const id = fresh('stranger')
      hear({
        type: 'rows',
        thread: session.thread.openId,
        rows: [
          rowOf({
            clientId: id,
            thread: session.thread.openId,
            identity: 'site/bob',
            order: now,
            queuedAt: now,
            draft: wordDraft(id),
          }),
        ],
      })
    },
    /** The leader has it on the wire; this page sees so, and may have to go on from there. */
    otherSends() {
      const [row] = session.rows
      if (session.leads || !row || row.state !== 'queued' || !keptOnce.has(row.clientId)) return
      hear({ type: 'rows', thread: row.thread, rows: [{ ...row, state: 'sending' }] })
    },
    /** A page that slept tells what it found on the disk when it came. */
    otherRepeats() {
      if (session.thread && rows.size)
        hear({
          type: 'rows',
          thread: session.thread.openId,
          rows: [...rows.values()].filter(row => row.thread === session.thread?.openId),
        })
    },
    otherDiscards() {
      const stuck = session.rows
        .filter(isShown)
        .find(({ state }) => state === 'needsConfirm' || typeof state === 'object')
      if (!stuck || !session.thread) return
      decide(stuck.clientId, 'discarded')
      gone.add(stuck.clientId)
      rows.delete(stuck.clientId)
      hear({ type: 'gone', thread: session.thread.openId, clientIds: [stuck.clientId] })
    },
    /** Asked for a person at the same moment: this page leads, the other's words join. */
    otherOpens() {
      if (!session.leads || !session.thread) return
      const openId = fresh('other')
      const opening = rowOf({ clientId: openId, thread: openId, brief: BRIEF, order: 0, queuedAt: now })
      rows.set(openId, opening)
      const word = typedThere(openId, 'word', 'there')
      hear({ type: 'thread', thread: { openId, conversationId: null, epoch: '' } })
      const stranger = rowOf({ clientId: fresh('stranger'), thread: openId, identity: 'site/bob' })
      hear({ type: 'rows', thread: openId, rows: [opening, word, stranger] })
    },
    /** Another tab leads, and its conversation holds. */
    otherHolds() {
      if (session.leads || session.thread?.conversationId) return
      const openId = fresh('other')
      server.answer({ call: 'open', body: { v: 1, openId, brief: BRIEF }, openId, ids: [openId] })
      const held: Thread = { openId, conversationId: `conversation-${openId}`, epoch: '' }
      thread = held
      hear({ type: 'thread', thread: held, isLeaders: true })
    },
    otherLeaves() {
      // It can only leave what it has heard of, and that was on the disk by then.
      const ours = (reading?.thread ?? session.thread)?.openId
      if (ours === undefined || thread?.openId !== ours) return
      if (reading) left.add(ours)
      for (const id of rows.keys()) decide(id, 'handedBack')
      for (const { id, sender } of words) if (sender === 'there' || told.has(id)) decide(id, 'handedBack')
      forgetDisk()
      hear({ type: 'thread', thread: null, openId: ours })
    },
    /** It read its disk before it was let go of. */
    otherTellsOld() {
      const [openId] = left
      if (openId === undefined) return
      const to = server.conversations.find(each => each.openId === openId)
      hear({
        type: 'thread',
        thread: { openId, conversationId: to?.conversationId ?? null, epoch: to?.epoch ?? '' },
      })
    },
    otherTellsPage() {
      const to = here()
      if (session.leads || !to || session.thread?.conversationId == null) return
      const after = session.cursor.epoch === to.epoch ? session.cursor.last : 0
      const page = { events: to.events.slice(after, after + PAGE), head: to.events.length, epoch: to.epoch }
      hear({ type: 'page', thread: to.openId, after, page })
    },
    otherComes: () => hear({ type: 'hello' }),
    otherWants() {
      if (session.thread)
        hear({ type: 'want', thread: session.thread.openId, after: 0, epoch: session.cursor.epoch })
    },

    /** All goes well for a moment. */
    calm() {
      for (let n = 0; n < 6; n++) {
        world.disk(false)
        world.request('deliver', 0)
        world.answer('deliver', 0)
        world.push('deliver', 0)
      }
    },

    /** Calm weather for as long as anything moves; then what was promised must be true. */
    finish(decidesThere = false) {
      const settle = () => {
        for (let n = 0; n < 2_000; n++) {
          if (tasks.length) world.disk(false)
          else if (requests.length) world.request('deliver', 0)
          else if (answers.length) world.answer('deliver', 0)
          else if (server.pushes.length) world.push('deliver', 0)
          else if (timers.size) world.wait(Math.max(0, Math.min(...timers.values()) - now))
          else return
        }
        throw new Error('it does not come to rest')
      }
      world.lead()
      while (tasks.length) world.disk(false)
      world.link(true)
      while (orphans.length) world.orphan(0)
      settle()
      world.beacon()
      settle()
      // A wish that is stuck holds back what stands behind it: one decision may call for the next.
      for (let n = 0; n < 60 && (n < 3 || session.rows.some(isShown)); n++) {
        world.decide(decidesThere)
        settle()
      }
      const to = here()
      demand(!to?.isForeign, () => "somebody else's conversation stays in sight")
      demand(
        session.rows.length === 0,
        () => `left over: ${session.rows.map(row => `${row.clientId} ${JSON.stringify(row.state)}`)}`,
      )
      demand(
        !session.thread || to?.events.length === session.events.length,
        () => `${session.events.length} of ${to?.events.length} shown`,
      )
      to?.events.forEach((event, n) => {
        demand(session.events[n]?.clientId === event.clientId, () => `shown ${n + 1} is another than stored`)
      })
      const places = new Map<string, number>()
      for (const { id, sender, fate } of words) {
        const stored = server.stored(id)
        const homes = new Set(stored.map(each => each.conversationId))
        demand(stored.length === homes.size, () => `${id} is stored twice in one conversation`)
        demand(
          stored.length <= 1 || [...homes].some(home => refusedIds.has(home)),
          () => `${id} is stored twice`,
        )
        const [event] = stored
        if (!event) {
          demand(fate !== 'open' || server.rolledBack.has(id), () => `${id} is lost`)
          continue
        }
        // What a backup had lost comes again when that is noticed, perhaps behind younger words; what no disk had was
        // perhaps on the wire when its page was killed; and a wish that was killed with its page places nothing.
        if (server.rolledBack.has(id) || fate !== 'open' || unplaced.has(id)) continue
        const lane = `${sender} ${event.conversationId}`
        demand(event.seq > (places.get(lane) ?? 0), () => `${id} is stored before what was typed earlier`)
        places.set(lane, event.seq)
      }
    },
  }
  return world
}
