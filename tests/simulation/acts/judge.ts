// What must hold of a simulated desk, read from the database, from what was answered, and from what desks and devices
// show once all is quiet. It asks nothing of the code under test but its fold of events and its audit: the order of the
// queue and who holds what are worked out here anew.

import type { StoredEvent } from '../../../src/protocol/events'
import { type ConversationState, EMPTY_STATE, foldEvent } from '../../../src/protocol/phase'
import type { Priority } from '../../../src/protocol/records'
import { audit } from '../../../src/server/audit'
import type { ConversationRow, HelpDeskStore } from '../../../src/server/store/helpDeskStore'
import type { Act } from './carrier'
import { type Desk, SECRET } from './desk'
import { contentOf } from './files'
import type { Office } from './office'
import type { Visitor } from './visitor'

export interface Thread {
  readonly row: ConversationRow
  readonly events: readonly StoredEvent[]
  readonly state: ConversationState
}

/** D27, minutes. */
const HEAD_START: Readonly<Record<Priority, number>> = { urgent: 15, high: 5, normal: 0, low: -5 }
/** Longer than any frame is under way. */
const LATE_MS = 2_000

export async function threadsOf(store: HelpDeskStore, ids: Iterable<string>): Promise<Thread[]> {
  const threads: Thread[] = []
  for (const id of ids) {
    const page = await store.read(id, 0, 100_000)
    if (page) threads.push({ ...page, state: page.events.reduce(foldEvent, EMPTY_STATE) })
  }
  return threads
}

/** An act that was answered with ok is in the store once, and says what it said. */
export async function judgeActs(
  office: Office,
  acts: readonly Act[],
  threads: readonly Thread[],
): Promise<string[]> {
  const found: string[] = []
  const { store, erased } = office
  const threadOf = new Map(threads.map(thread => [thread.row.conversationId, thread]))
  const idOf = ({ body }: Act) => String(body.conversationId)
  const done = acts.filter(act => act.reply?.ok && threadOf.has(idOf(act)))
  const count = (act: Act, of: number, what: string) => {
    if (of !== 1) found.push(`acknowledged act: ${what} in ${idOf(act)} is stored ${of} times`)
  }

  for (const act of done) {
    const { member, name, body, reply } = act
    const events = threadOf.get(idOf(act))?.events ?? []
    const agentId = member.kind === 'agent' ? member.agentId : null
    if (name === 'send') {
      const { results } = reply as unknown as { results: readonly { clientId: string; seq: number }[] }
      for (const { clientId, seq } of results) {
        const at = events.filter(
          event =>
            event.clientId === clientId &&
            (event.author.kind === 'agent' ? event.author.agentId : null) === agentId,
        )
        count(act, at.length, `send ${clientId}`)
        if (at[0] && at[0].seq !== seq) found.push(`acknowledged act: send ${clientId} moved`)
      }
    }
    if (name === 'claim' || name === 'release' || name === 'transfer') {
      const { assignment } = reply as unknown as { assignment: number }
      const to = body.to as { agentId?: string; team?: string } | undefined
      const wanted = name === 'claim' ? agentId : (to?.agentId ?? null)
      count(
        act,
        events.filter(
          event =>
            event.body.type === 'assigned' &&
            event.body.assignment === assignment &&
            (event.body.agent?.agentId ?? null) === wanted &&
            event.body.team === to?.team,
        ).length,
        `${name} ${assignment} to ${wanted ?? to?.team ?? 'the queue'}`,
      )
    }
    if (name === 'note' && !erased.has(idOf(act))) {
      const { notes } = await store.deskRecord(idOf(act))
      count(
        act,
        notes.filter(note => note.text === body.text && note.by.agentId === agentId).length,
        `note ${body.text}`,
      )
    }
  }

  // What is said by its value and not by an id: the last word, where no other one may have come behind it.
  const lastOf = new Map<string, Act>()
  const said = acts.filter(({ name }) => ['label', 'setPriority', 'presence'].includes(name))
  for (const act of said) lastOf.set(keyOf(act), act)
  for (const [key, act] of lastOf) {
    const others = said.filter(other => other !== act && keyOf(other) === key)
    if (!act.reply?.ok || others.some(other => (other.endedAt ?? act.at) > act.at - LATE_MS)) continue
    const { name, body, member } = act
    if (name === 'label' && !erased.has(idOf(act))) {
      const { labels } = await store.deskRecord(idOf(act))
      const times = labels.filter(label => label === body.label).length
      if (times !== (body.on ? 1 : 0))
        found.push(`acknowledged act: label ${body.label} ${body.on ? 'on' : 'off'} is there ${times} times`)
    }
    if (name === 'setPriority') {
      const now = threadOf.get(idOf(act))?.row.priority ?? 'normal'
      if (now !== body.priority) found.push(`acknowledged act: priority ${body.priority} is ${now}`)
    }
    if (name === 'presence' && member.kind === 'agent') {
      const all = await store.people(0, 0)
      const isAway = all.find(person => person.agentId === member.agentId)?.away
      if (isAway !== (body.state === 'away'))
        found.push(`acknowledged act: ${member.agentId} ${body.state} is away: ${isAway}`)
    }
  }
  return found
}

const keyOf = ({ name, body, member }: Act) =>
  [
    name,
    body.conversationId,
    name === 'label' ? body.label : '',
    name === 'presence' && member.kind === 'agent' ? member.agentId : '',
  ].join(' ')

/** One at a time has a conversation, and somebody always has: a person, the queue, the tickets, or it is over. */
export function judgeHands(threads: readonly Thread[]): string[] {
  const found: string[] = []
  for (const { row, events } of threads) {
    let state = EMPTY_STATE
    let isAsked = false
    let priority: string | null = null
    for (const event of events) {
      const { body, author } = event
      const at = `${row.conversationId} ${event.seq}`
      if (body.type === 'assigned' && body.assignment !== state.assignment + 1)
        found.push(`two hands: ${at} is assignment ${body.assignment} after ${state.assignment}`)
      // Of a ticket whoever answers for it, which the event before says where it is news (D39).
      const hand = state.phase === 'ticketed' ? state.ticket?.owner : state.agent
      if (body.type === 'message' && author.kind === 'agent' && author.agentId !== hand?.agentId)
        found.push(`two hands: ${at} is of ${author.agentId}, it is ${hand?.agentId}'s`)
      if (body.type === 'prioritised') {
        if (body.priority === priority) found.push(`said twice: ${at} is ${priority} already`)
        priority = body.priority
      }
      state = foldEvent(state, event)
      isAsked =
        body.type === 'handoffReady' || (isAsked && body.type !== 'cancelled' && body.type !== 'nobodyNow')
      const isHeld =
        state.phase === 'live' ? state.agent !== null : ['queued', 'ticketed', 'ended'].includes(state.phase)
      // A wish for a ticket and its number come one right behind the other.
      if (isAsked && !isHeld && body.type !== 'handoffReady')
        found.push(`nobody's hands: ${at} is ${state.phase} with ${state.agent?.agentId ?? 'nobody'}`)
    }
    const ticketOf = ({ ticket }: Pick<ConversationState, 'ticket'>) =>
      JSON.stringify(
        // Contact and category may have been erased from either.
        ticket && [ticket.number, ticket.status, ticket.owner, ticket.firstResponseAt, ticket.waitedOnUs],
      )
    if (ticketOf(row) !== ticketOf(state))
      found.push(
        `ticket: the row of ${row.conversationId} has ${ticketOf(row)}, its events ${ticketOf(state)}`,
      )
    if (row.phase !== state.phase || (row.agent?.agentId ?? null) !== (state.agent?.agentId ?? null))
      found.push(
        `nobody's hands: the row of ${row.conversationId} is ${row.phase}, its events ${state.phase}`,
      )
  }
  return found
}

/** D27: by the first moment of the wait less the head start, then by id. */
export function expectedQueue(threads: readonly Thread[]): string[] {
  const waiting = threads.flatMap(({ row, events }) => {
    let state = EMPTY_STATE
    let since: number | null = null
    let priority: Priority = 'normal'
    for (const event of events) {
      const before = state.phase
      state = foldEvent(state, event)
      if (event.body.type === 'prioritised') priority = event.body.priority
      if (state.phase === 'queued' && before !== 'queued' && before !== 'live') since = event.at
      if (state.phase !== 'queued' && state.phase !== 'live') since = null
      // Who was taken out of the tickets and comes back has not waited in the queue before.
      if (state.phase === 'queued' && since === null) since = event.at
    }
    if (state.phase !== 'queued' || since === null) return []
    return [{ id: row.conversationId, turn: since - HEAD_START[priority] * 60_000 }]
  })
  return waiting.sort((a, b) => a.turn - b.turn || (a.id < b.id ? -1 : 1)).map(({ id }) => id)
}

/** Each decision has its entry, the chains hold, and the same would be decided again. */
export async function judgeJournal(store: HelpDeskStore): Promise<string[]> {
  const { broken } = await audit(store)
  return broken.map(({ where, n, what }) => `journal: ${where} ${n ?? ''}: ${what}`)
}

export async function judgeQueue(store: HelpDeskStore, ids: Iterable<string>): Promise<string[]> {
  const expected = expectedQueue(await threadsOf(store, ids))
  const queue = (await store.queue()).map(({ conversationId }) => conversationId)
  return queue.join() === expected.join() ? [] : [`queue: ${queue.join()} and not ${expected.join()}`]
}

/** No file is named that is not there whole, none is named twice. */
export async function judgeFiles(office: Office, threads: readonly Thread[]): Promise<string[]> {
  const found: string[] = []
  const named = new Set<string>()
  for (const { row, events } of threads) {
    for (const { body, seq, author } of events) {
      if (body.type !== 'message') continue
      for (const attachment of body.attachments ?? []) {
        const { attachmentId, name } = attachment
        const at = `${attachmentId} of ${row.conversationId} ${seq}`
        const [file] = await office.store.files(row.conversationId, [attachmentId])
        const sender = author.kind === 'agent' ? `agent:${author.agentId}` : author.kind
        if (named.has(attachmentId)) found.push(`file: ${at} is in another message too`)
        if (file?.state !== 'used' || file.sender !== sender)
          found.push(`file: ${at} is ${file?.state ?? 'not'} there for ${sender}`)
        else if (JSON.stringify(file.attachment) !== JSON.stringify(attachment))
          found.push(`file: ${at} is described otherwise`)
        if (office.bytes.get(attachmentId) !== contentOf(name)) found.push(`file: ${at} has other bytes`)
        named.add(attachmentId)
      }
    }
  }
  return found
}

/** Once all is over: bytes that no message has are gone. */
export function judgeBytes(office: Office, threads: readonly Thread[]): string[] {
  const named = new Set(
    threads
      .flatMap(({ events }) => events)
      .flatMap(({ body }) => (body.type === 'message' ? (body.attachments ?? []) : []))
      .map(({ attachmentId }) => attachmentId),
  )
  return [...office.bytes.keys()].filter(key => !named.has(key)).map(key => `bytes left: ${key}`)
}

/** What agents know is in no frame that ever came to a visitor. */
export function judgeSecrets(toVisitors: readonly string[]): string[] {
  return toVisitors.filter(frame => frame.includes(SECRET)).map(frame => `secret: ${frame.slice(0, 200)}`)
}

/** After quiet a desk and a device show what is stored. */
export async function judgeShown(
  office: Office,
  threads: readonly Thread[],
  desks: readonly Desk[],
  visitors: readonly Visitor[],
): Promise<string[]> {
  const found: string[] = []
  const { store, erased } = office
  const expect = (what: string, shown: unknown, stored: unknown) => {
    const [a, b] = [JSON.stringify(shown), JSON.stringify(stored)]
    if (a !== b) found.push(`shown: ${what} is ${a?.slice(0, 300)} and not ${b?.slice(0, 300)}`)
  }
  const known = new Map(threads.map(thread => [thread.row.conversationId, thread]))
  const open = threads.filter(({ row }) => row.phase !== 'bot' && row.phase !== 'offered')
  const queue = expectedQueue(threads)
  for (const desk of desks) {
    if (!desk.isOpen()) continue
    const { name } = desk.crew
    const model = desk.model()
    const rows = model.rows.value
    const facts = (row: ConversationRow | (typeof rows)[number]) => [
      row.conversationId,
      row.phase,
      row.assignment,
      row.agent?.agentId ?? null,
      row.head,
      row.priority ?? 'normal',
    ]
    const byId = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1)
    expect(`the list of ${name}`, rows.map(facts).sort(byId), open.map(({ row }) => facts(row)).sort(byId))
    expect(
      `the queue of ${name}`,
      rows.filter(row => row.phase === 'queued').map(row => row.conversationId),
      queue,
    )
    const people = model.workplace.value?.people.people.value ?? []
    for (const person of await store.people(0, 0)) {
      const shown = people.find(({ agentId }) => agentId === person.agentId)
      const isThere = desks.some(each => each.crew.agentId === person.agentId && each.isOpen())
      expect(
        `${person.agentId} at ${name}'s desk`,
        shown?.state,
        isThere ? (person.away ? 'away' : 'here') : 'gone',
      )
    }
    const thread = model.thread.value
    const stored = thread && known.get(thread.conversationId)
    if (!thread || !stored) continue
    const { conversationId } = thread
    expect(`the state of ${conversationId} at ${name}'s desk`, thread.state, stored.state)
    const record = await store.deskRecord(conversationId)
    const details = model.workplace.value?.details.details.value
    expect(
      `the details of ${conversationId} at ${name}'s desk`,
      [
        details?.revision,
        details?.labels,
        details?.team,
        details?.notes.map(note => [note.noteId, note.text]),
      ],
      [record.revision, record.labels, record.team, record.notes.map(note => [note.noteId, note.text])],
    )
    if (erased.has(conversationId)) continue
    const said = stored.events.flatMap(({ body, seq }) => (body.type === 'message' ? [[seq, body.text]] : []))
    expect(
      `the thread of ${conversationId} at ${name}'s desk`,
      thread.items.flatMap(item =>
        item.kind === 'message' && item.seq !== null ? [[item.seq, item.text]] : [],
      ),
      said,
    )
  }
  for (const visitor of visitors) {
    const model = visitor.model()
    const stored = known.get(model.conversationId.value ?? '')
    if (!stored || erased.has(stored.row.conversationId)) continue
    expect(
      `${visitor.name}`,
      model.events.value.map(({ seq, clientId }) => [seq, clientId]),
      stored.events.map(({ seq, clientId }) => [seq, clientId]),
    )
    if (stored.state.phase !== 'live') continue
    const holder = stored.state.agent?.agentId
    const person = (await store.people(0, 0)).find(({ agentId }) => agentId === holder)
    // Of whom nothing was told a page believes that they are here (D36).
    expect(
      `the agent of ${visitor.name}`,
      model.agentPresence.value ?? 'here',
      person?.away ? 'away' : 'here',
    )
  }
  return found
}
