// The rules of `HelpDeskStore`, as cases for whoever writes another store.

import type { EventBody } from '../../protocol/events'
import { EMPTY_STATE, foldEvent } from '../../protocol/phase'
import type { Channel, Priority } from '../../protocol/records'
import { HEAD_START_MS, queueOrder } from '../../server/queue'
import type { AppendOutcome, AppendRequest, HelpDeskStore, NewEvent } from '../../server/store/helpDeskStore'
import { emptyBrief } from '../emptyBrief'
import { type ContractCase, casesOver, expectEqual, expectRejection, expectTrue } from './contractCase'
import { type DeskRecordScene, deskRecordCases } from './deskRecordCases'
import { disputeCases } from './disputeCases'
import { journalCases } from './journalCases'
import { reviewCases } from './reviewCases'
import { storeDeliveryCases } from './storeDeliveryCases'
import { storeFilesCases } from './storeFilesContract'

export interface StoreUnderTest {
  readonly store: HelpDeskStore
  /** Closes the store and opens the same data again. Left out where nothing outlives the process. */
  reopen?(): Promise<HelpDeskStore>
  /** Another store on the same data, as another node has it. Left out where one process has the data alone. */
  another?(): Promise<HelpDeskStore>
  /** Removes what the case left behind. */
  cleanUp(): Promise<void>
}

const ADA = { agentId: 'agent-ada', name: 'Ada' }

function message(clientId: string, text: string): NewEvent {
  return {
    sender: 'visitor',
    clientId,
    author: { kind: 'visitor' },
    body: { type: 'message', text, format: 'plain' },
  }
}

function system(clientId: string, body: EventBody): NewEvent {
  return { sender: 'system', clientId, author: { kind: 'system' }, body }
}

const handoff: NewEvent = { ...message('handoff-1', ''), body: { type: 'handoffReady', channel: 'live' } }
const assigned = (assignment: number, agent: typeof ADA | null, cause: 'claimed' | 'agentLost' = 'claimed') =>
  system(`assigned-${assignment}`, { type: 'assigned', assignment, agent, cause })
const prioritised = (priority: Priority) => system(`priority-${priority}`, { type: 'prioritised', priority })
const ticket = (clientId: string) =>
  system(clientId, {
    type: 'ticketOpened',
    cause: 'chosen',
    ticket: { number: 0, category: 'general', priority: 'normal', status: 'open' },
  })

/** Each case makes a store of its own. */
export function storeContract(makeStore: () => Promise<StoreUnderTest>): readonly ContractCase[] {
  const caseOf = casesOver(makeStore)

  const open = (store: HelpDeskStore, openId = 'open-0001', identity = 'anon:one', at = 1_000) =>
    store.open({
      identities: [identity],
      openId,
      conversationId: `conversation-${openId}-${identity.slice(5)}`,
      at,
      author: { kind: 'visitor' },
      brief: emptyBrief(),
    })

  const append = (
    store: HelpDeskStore,
    conversationId: string,
    drafts: readonly NewEvent[],
    change: Partial<AppendRequest> = {},
  ): Promise<AppendOutcome> =>
    store.append({
      conversationId,
      at: 2_000,
      drafts,
      authorise: () => null,
      plan: (_row, draft) => [draft],
      ...change,
    })

  const scene: DeskRecordScene = {
    caseOf,
    append,
    async queued(store, openId, identity) {
      const { row } = await open(store, openId, identity)
      stored(await append(store, row.conversationId, [handoff]))
      return row.conversationId
    },
  }

  const stored = (outcome: AppendOutcome) => {
    if (!outcome.ok) throw new Error(`the append was refused with ${outcome.code}`)
    return outcome
  }

  return [
    caseOf('[S1] opening twice with one openId gives the first conversation', async ({ store }) => {
      const first = await open(store)
      const again = await store.open({
        identities: ['user:7', 'anon:one'],
        openId: 'open-0001',
        conversationId: 'another-id',
        at: 5_000,
        author: { kind: 'visitor' },
        brief: emptyBrief(),
      })
      expectTrue(first.created, 'the first call makes a conversation')
      expectTrue(!again.created, 'the second call makes none')
      expectEqual(again.row.conversationId, first.row.conversationId, 'conversation of the second call')
      expectEqual(
        first.events.map(e => [e.seq, e.body.type]),
        [[1, 'opened']],
        'its first event',
      )
    }),

    caseOf(
      '[S1] a visitor who signs out between two tries finds the first conversation',
      async ({ store }) => {
        const request = (identities: readonly [string, ...string[]], conversationId: string) =>
          store.open({
            identities,
            openId: 'open-0001',
            conversationId,
            at: 1_000,
            author: { kind: 'visitor' },
            brief: emptyBrief(),
          })
        const first = await request(['user:7', 'anon:one'], 'conversation-1')
        expectEqual(first.row.owner, 'user:7', 'owner')
        const again = await request(['anon:one'], 'conversation-2')
        expectEqual([again.created, again.row.conversationId], [false, 'conversation-1'], 'the second try')
      },
    ),

    caseOf('[S1] another identity with the same openId gets a conversation of its own', async ({ store }) => {
      const mine = await open(store, 'open-0001', 'anon:one')
      const theirs = await open(store, 'open-0001', 'anon:two')
      expectTrue(theirs.created, 'made anew')
      expectTrue(theirs.row.conversationId !== mine.row.conversationId, 'not shared')
    }),

    caseOf('[S2] an append that is refused half-way stores nothing', async ({ store }) => {
      const { row } = await open(store)
      const outcome = await append(
        store,
        row.conversationId,
        [message('first-01', 'a'), message('second-1', 'b')],
        {
          plan: (_row, draft) => (draft.clientId === 'second-1' ? 'closed' : [draft]),
        },
      )
      expectEqual(outcome, { ok: false, code: 'closed' }, 'answer')
      const page = await store.read(row.conversationId, 0, 10)
      expectEqual(page?.events.length, 1, 'events after the refused append')
      const next = stored(await append(store, row.conversationId, [message('third-01', 'c')]))
      expectEqual(next.results[0]?.seq, 2, 'the next seq has no hole before it')
    }),

    caseOf('[S2] seqs run from 1 without gaps, with what plan adds in its place', async ({ store }) => {
      const { row } = await open(store)
      const outcome = stored(
        await append(store, row.conversationId, [message('first-01', 'a'), message('second-1', 'b')], {
          plan: (_row, draft) =>
            draft.clientId === 'first-01' ? [draft, system('after-01', { type: 'nobodyNow' })] : [draft],
        }),
      )
      expectEqual(
        outcome.results.map(r => [r.clientId, r.seq]),
        [
          ['first-01', 2],
          ['second-1', 4],
        ],
        'results',
      )
      const page = await store.read(row.conversationId, 0, 10)
      expectEqual(
        page?.events.map(e => e.seq),
        [1, 2, 3, 4],
        'seqs',
      )
    }),

    caseOf('[S3] the same key again returns the first result and stores nothing', async ({ store }) => {
      const { row } = await open(store)
      const first = stored(await append(store, row.conversationId, [message('key-0001', 'Where is it?')]))
      const again = stored(
        await append(store, row.conversationId, [message('key-0001', 'Where is it?')], { at: 9_000 }),
      )
      expectEqual(again.results, [{ ...first.results[0], dup: true }], 'second result')
      expectEqual(again.events, [], 'events of the second call')
      expectEqual((await store.conversation(row.conversationId))?.head, 2, 'head')
    }),

    caseOf('[S3] the same key with another body is refused', async ({ store }) => {
      const { row } = await open(store)
      await append(store, row.conversationId, [message('key-0001', 'one')])
      const other = await append(store, row.conversationId, [message('key-0001', 'two')])
      expectEqual(other, { ok: false, code: 'key_reused' }, 'answer')
    }),

    caseOf('[S3] a repeated key is answered although plan would refuse it by now', async ({ store }) => {
      const { row } = await open(store)
      await append(store, row.conversationId, [message('key-0001', 'one')])
      const again = await append(store, row.conversationId, [message('key-0001', 'one')], {
        plan: () => 'closed',
      })
      expectTrue(again.ok, 'a lost ack is made good whatever happened meanwhile')
    }),

    caseOf('[S3] two senders may choose the same clientId', async ({ store }) => {
      const { row } = await open(store)
      await append(store, row.conversationId, [message('key-0001', 'mine')])
      const theirs = stored(
        await append(store, row.conversationId, [
          { ...message('key-0001', 'theirs'), sender: 'agent:ada', author: { kind: 'agent', ...ADA } },
        ]),
      )
      expectEqual(theirs.results[0]?.seq, 3, 'seq of the other sender')
    }),

    caseOf('[S3] the same key twice at once is stored once', async ({ store }) => {
      const { row } = await open(store)
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => append(store, row.conversationId, [message('key-0001', 'once')])),
      )
      expectEqual(new Set(outcomes.map(o => stored(o).results[0]?.seq)).size, 1, 'different seqs')
      expectEqual(outcomes.filter(o => stored(o).events.length > 0).length, 1, 'appends that stored')
    }),

    caseOf('[S4] many appends at once share no seq and leave no gap', async ({ store }) => {
      const { row } = await open(store)
      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, i) =>
          append(store, row.conversationId, [message(`key-${1_000 + i}`, `${i}`)]),
        ),
      )
      const seqs = outcomes.map(o => stored(o).results[0]?.seq ?? 0).sort((a, b) => a - b)
      expectEqual(
        seqs,
        Array.from({ length: 60 }, (_, i) => i + 2),
        'seqs',
      )
    }),

    caseOf('[S5] authorise is asked even for a repeated key', async ({ store }) => {
      const { row } = await open(store)
      await append(store, row.conversationId, [message('key-0001', 'one')])
      const foreign = await append(store, row.conversationId, [message('key-0001', 'one')], {
        authorise: () => 'forbidden',
      })
      expectEqual(foreign, { ok: false, code: 'forbidden' }, 'answer')
    }),

    caseOf('[S5] of two who compare and set the same assignment, one wins', async ({ store }) => {
      const { row } = await open(store)
      await append(store, row.conversationId, [handoff])
      const claim = (agentId: string) =>
        append(store, row.conversationId, [assigned(1, { agentId, name: agentId })], {
          plan: (now, draft) => (now.assignment === 0 ? [draft] : 'stale_assignment'),
        })
      const outcomes = await Promise.all([claim('ada'), claim('bob')])
      expectEqual(outcomes.filter(o => o.ok).length, 1, 'winners')
    }),

    caseOf('[S5] an append to no conversation is not_found', async ({ store }) => {
      const outcome = await append(store, 'nowhere-at-all', [message('key-0001', 'one')])
      expectEqual(outcome, { ok: false, code: 'not_found' }, 'answer')
    }),

    caseOf('[S6] what was acknowledged is there after reopening', async ({ store, reopen }) => {
      if (!reopen) return
      const { row } = await open(store)
      const first = stored(await append(store, row.conversationId, [message('key-0001', 'kept')]))
      const later = await reopen()
      const page = await later.read(row.conversationId, 0, 10)
      expectEqual(page?.events[1], first.events[0], 'the event')
      expectEqual(page?.row, first.row, 'the row')
      const again = stored(await append(later, row.conversationId, [message('key-0001', 'kept')]))
      expectEqual(again.results[0]?.dup, true, 'the key is still known')
    }),

    caseOf('[S7] time never goes back within a conversation', async ({ store }) => {
      const { row } = await open(store)
      await append(store, row.conversationId, [message('key-0001', 'late')], { at: 9_000 })
      const early = stored(
        await append(store, row.conversationId, [message('key-0002', 'early')], { at: 3_000 }),
      )
      expectEqual(early.results[0]?.at, 9_000, 'at')
    }),

    caseOf(
      '[S8] the row follows the events: queue, agent, loss, and the place is kept',
      async ({ store }) => {
        const { row } = await open(store)
        const id = row.conversationId
        const step = async (draft: NewEvent, at: number) =>
          stored(await append(store, id, [draft], { at })).row
        const queued = await step(handoff, 10_000)
        expectEqual([queued.phase, queued.waitStarted, queued.queuedAt], ['queued', 10_000, 10_000], 'queued')
        const live = await step(assigned(1, ADA), 14_000)
        expectEqual([live.phase, live.assignment, live.agent], ['live', 1, ADA], 'live')
        const lost = await step(assigned(2, null, 'agentLost'), 60_000)
        expectEqual(
          [lost.phase, lost.agent, lost.waitStarted, lost.queuedAt],
          ['queued', null, 10_000, 60_000],
          'agent lost',
        )
        expectEqual(await store.conversation(id), lost, 'the stored row')
        expectEqual(
          await store.recentJoins(0, 10),
          [{ at: 14_000, waitedMs: 4_000, priority: null }],
          'waits that an agent ended',
        )
        expectEqual(await store.countQueued(), { count: 1, since: 60_000 }, 'how many wait, since when')
        expectEqual(await store.queued(), [lost], 'rows in the queue')
      },
    ),

    caseOf('[S8] the priority is the last one said, of the ticket too', async ({ store, reopen }) => {
      const { row } = await open(store)
      const id = row.conversationId
      expectEqual(row.priority, null, 'nobody has said one')
      await append(store, id, [handoff, prioritised('high')])
      expectEqual((await store.conversation(id))?.priority, 'high', 'in the queue')
      const later = reopen ? await reopen() : store
      const { row: asTicket } = stored(await append(later, id, [ticket('ticket-1'), prioritised('urgent')]))
      expectEqual([asTicket.priority, asTicket.ticket?.priority], ['urgent', 'urgent'], 'as a ticket')
      expectEqual(await later.conversation(id), asTicket, 'the stored row')
    }),

    caseOf('[S16] the queue is by the wait less the head start of the priority', async ({ store }) => {
      const start = 1_000_000_000
      const names = new Map<string, string>()
      const wait = async (name: string, at: number, priority: Priority | null) => {
        const { row } = await open(store, `open-${name}`, 'anon:one', at)
        names.set(row.conversationId, name)
        await append(store, row.conversationId, [...(priority ? [prioritised(priority)] : []), handoff], {
          at,
        })
        return row.conversationId
      }
      const { urgent, high, low } = HEAD_START_MS
      await wait('plain', start, null)
      await wait('said normal', start + 1, 'normal')
      const raised = await wait('high, in time', start + high - 1, 'high')
      await wait('high, too late', start + high + 3, 'high')
      await wait('low, long before', start + low - 2, 'low')
      await wait('low', start + 2, 'low')
      await wait('urgent', start + urgent - 3, 'urgent')
      const idsOf = (rows: readonly { readonly conversationId: string }[]) =>
        rows.map(row => row.conversationId)
      const order = idsOf(await store.queue())
      expectEqual(
        order.map(id => names.get(id)),
        ['urgent', 'low, long before', 'high, in time', 'plain', 'said normal', 'high, too late', 'low'],
        'the queue',
      )
      expectEqual(idsOf(queueOrder(await store.queued())), order, 'as the server orders rows')
      expectEqual(
        (await store.queue())[0],
        { conversationId: order[0], priority: 'urgent', queuedAt: start + urgent - 3 },
        'what is told of the next one',
      )
      const { queued } = await store.deskList({ agentIds: [], endedSince: 0, atMost: 3 })
      expectEqual(idsOf(queued.rows), order.slice(0, 3), 'the desk’s list')
      await append(store, raised, [prioritised('low')])
      expectEqual(idsOf(await store.queue()).at(-1), raised, 'who was put back by an agent')
      await append(store, order[0] ?? '', [assigned(1, ADA)], { at: start + urgent })
      const [join] = await store.recentJoins(start, 1)
      expectEqual(join, { at: start + urgent, waitedMs: 3, priority: 'urgent' }, 'how long the wait was')
    }),

    caseOf('[S16] no contact that a visitor can give keeps the list from being read', async ({ store }) => {
      const odd = 'a\u0000"number":7\ud800@b.example'
      for (const name of ['odd', 'plain']) {
        const { row } = await open(store, `open-${name}`)
        const ticket = { number: 0, contact: { email: name === 'odd' ? odd : 'a@b.example' } }
        const opened = system(`ticket-${name}`, { type: 'ticketOpened', ticket } as EventBody)
        await append(store, row.conversationId, [{ ...handoff, clientId: `handoff-${name}` }, opened])
      }
      const { ticketed } = await store.deskList({ agentIds: [], endedSince: 0, atMost: 10 })
      const numbers = ticketed.rows.map(row => row.ticket?.number ?? 0)
      expectEqual(numbers.length, 2, 'tickets')
      expectTrue((numbers[0] ?? 0) < (numbers[1] ?? 0), 'in the order of their numbers')
    }),

    caseOf('[S16] who waits and who talks are read by themselves', async ({ store }) => {
      const make = async (name: string, at: number, ...drafts: readonly NewEvent[]) => {
        const { row } = await open(store, `open-${name}`, 'anon:one', at)
        await append(store, row.conversationId, drafts, { at })
        return row.conversationId
      }
      const bob = { agentId: 'agent-bob', name: 'Bob' }
      const waits = await make('waits', 10, handoff)
      const withAda = [
        await make('ada-1', 20, handoff, assigned(1, ADA)),
        await make('ada-2', 30, handoff, assigned(1, ADA)),
      ]
      await make('bob', 40, handoff, assigned(1, bob))
      await make('over', 50, handoff, assigned(1, bob), system('ended-01', { type: 'ended', by: 'agent' }))
      const ids = (rows: readonly { readonly conversationId: string }[]) =>
        rows.map(row => row.conversationId).sort()
      expectEqual(ids(await store.queued()), [waits], 'queued')
      expectEqual([...(await store.agentsTalking())].sort(), [ADA.agentId, bob.agentId].sort(), 'talking')
      expectEqual(ids(await store.talkingWith([ADA.agentId])), [...withAda].sort(), 'with Ada')
      expectEqual(ids(await store.talkingWith(['agent-none'])), [], 'with nobody')
      expectEqual((await store.talkingWith([ADA.agentId, bob.agentId])).length, 3, 'with both')
    }),

    caseOf(
      '[S16] the mark of the desk’s list changes with all that it shows, and else not',
      async ({ store }) => {
        const { row } = await open(store)
        const id = row.conversationId
        const marks = [await store.deskMark(0)]
        const steps: readonly (readonly NewEvent[])[] = [
          [handoff],
          [assigned(1, ADA)],
          [message('mark-0001', 'Hello')],
          [system('ended-01', { type: 'ended', by: 'agent' })],
        ]
        for (const [n, drafts] of steps.entries()) {
          await append(store, id, drafts, { at: 10_000 + n })
          marks.push(await store.deskMark(0))
          expectEqual(await store.deskMark(0), marks.at(-1), 'nothing happened')
        }
        expectEqual(new Set(marks).size, marks.length, 'marks')
        expectTrue((await store.deskMark(20_000)) !== marks.at(-1), 'what ended long ago is no longer listed')
      },
    ),

    caseOf(
      '[S8] [S16] a ticket stands as its events say, and the list of who answers for it holds it',
      async ({ store }) => {
        const { row } = await open(store)
        const id = row.conversationId
        const owned = system('owned-001', { type: 'owned', agent: ADA })
        await append(store, id, [ticket('ticket-1')], { at: 2_010 })
        await append(
          store,
          id,
          [owned, { ...message('word-001', 'Hello'), author: { kind: 'agent', ...ADA } }],
          {
            at: 2_020,
          },
        )
        await append(store, id, [message('word-002', 'Thanks, and one more')], { at: 2_030 })
        await append(store, id, [system('about-01', { type: 'categorised', category: 'payments' })], {
          at: 40,
        })
        const { events, row: stored } = (await store.read(id, 0, 50)) ?? {}
        expectEqual(
          stored?.ticket,
          {
            number: 1_001,
            category: 'payments',
            priority: 'normal',
            status: 'waitingOnUs',
            owner: ADA,
            openedAt: 2_010,
            firstResponseAt: 2_020,
            waitedOnUs: [
              [2_010, 2_020],
              [2_030, null],
            ],
          },
          'the ticket',
        )
        expectEqual(events?.reduce(foldEvent, EMPTY_STATE).ticket, stored?.ticket, 'the fold')
        expectEqual(stored?.category, 'payments', 'the category')
        const heldBy = async (agentId: string) =>
          (await store.deskList({ agentIds: [agentId], endedSince: 0, atMost: 5 })).held.map(
            each => each.conversationId,
          )
        expectEqual(await heldBy(ADA.agentId), [id], 'hers')
        expectEqual(await heldBy('agent-bob'), [], 'not his')
        await append(store, id, [system('owned-002', { type: 'owned', agent: null })], { at: 2_050 })
        expectEqual(await heldBy(ADA.agentId), [], 'hers no more')
      },
    ),

    caseOf(
      '[S16] the desk’s list holds the most pressing of each group, and counts all',
      async ({ store }) => {
        const ids = new Map<string, string>()
        const make = async (name: string, at: number, ...drafts: readonly NewEvent[]) => {
          const { row } = await open(store, `open-${name}`, 'anon:one', at)
          ids.set(row.conversationId, name)
          await append(store, row.conversationId, drafts, { at })
          return row.conversationId
        }
        const bob = { agentId: 'agent-bob', name: 'Bob' }
        const over = system('ended-01', { type: 'ended', by: 'agent' })
        // Upper case before lower case: by code units, whatever the database's language.
        await make('third-b', 30, handoff)
        await make('third-C', 30, handoff)
        await make('second', 20, handoff)
        const lost = await make('first', 10, handoff, assigned(1, ADA))
        await append(store, lost, [assigned(2, null, 'agentLost')], { at: 90 })
        for (const at of [41, 43, 42]) await make(`ada-${at}`, at, handoff, assigned(1, ADA))
        for (const at of [51, 53, 52]) await make(`bob-${at}`, at, handoff, assigned(1, bob))
        const oldest = await make('ticket-1', 61, ticket('ticket-1'))
        for (const n of [2, 3]) await make(`ticket-${n}`, 60 + n, ticket('ticket-1'))
        await append(store, oldest, [message('key-0001', 'still nothing')], { at: 95 })
        for (const at of [69, 71, 72, 73]) await make(`ended-${at}`, at, handoff, assigned(1, ADA), over)
        await make('with the bot', 80, message('key-0001', 'hi'))

        const list = async (agentIds: readonly string[], atMost: number) => {
          const {
            held,
            contests: _contests,
            ...groups
          } = await store.deskList({
            agentIds,
            endedSince: 70,
            atMost,
          })
          const names = (rows: readonly { conversationId: string }[]) =>
            rows.map(row => ids.get(row.conversationId))
          return {
            held: names(held),
            ...Object.fromEntries(
              Object.entries(groups).map(([name, { rows, total }]) => [name, [total, ...names(rows)]]),
            ),
          }
        }
        expectEqual(
          await list([ADA.agentId, 'agent-nobody'], 2),
          {
            held: ['ada-43', 'ada-42', 'ada-41'],
            queued: [4, 'first', 'second'],
            ticketed: [3, 'ticket-1', 'ticket-2'],
            live: [6, 'bob-53', 'bob-52'],
            ended: [3, 'ended-73', 'ended-72'],
            contested: [0],
          },
          'groups cut to two rows',
        )
        expectEqual(
          await list([], 10),
          {
            held: [],
            queued: [4, 'first', 'second', 'third-C', 'third-b'],
            ticketed: [3, 'ticket-1', 'ticket-2', 'ticket-3'],
            live: [6, 'bob-53', 'bob-52', 'bob-51', 'ada-43', 'ada-42', 'ada-41'],
            ended: [3, 'ended-73', 'ended-72', 'ended-71'],
            contested: [0],
          },
          'whole groups, nobody’s own',
        )
        const queue = (await store.queue()).map(({ conversationId }) => ids.get(conversationId))
        expectEqual(queue, ['first', 'second', 'third-C', 'third-b'], 'the queue')
        expectEqual((await store.countQueued()).count, 4, 'how many wait')
        const { queued } = await store.deskList({ agentIds: [], endedSince: 0, atMost: 1 })
        expectEqual(queued.rows[0], await store.conversation(lost), 'a row is whole')
      },
    ),

    caseOf('[S16] the desk’s list of an empty store', async ({ store }) => {
      const none = { rows: [], total: 0 }
      expectEqual(
        await store.deskList({ agentIds: [ADA.agentId], endedSince: 0, atMost: 500 }),
        {
          held: [],
          queued: none,
          ticketed: none,
          live: none,
          ended: none,
          contested: none,
          contests: new Map(),
        },
        'groups',
      )
      expectEqual(await store.queue(), [], 'the queue')
      expectEqual(await store.countQueued(), { count: 0, since: null }, 'how many wait')
      expectEqual(await store.recentJoins(0, 10), [], 'waits that ended')
    }),

    caseOf(
      '[S16] a conversation that moves while the list is read is in one group',
      async ({ store, another }) => {
        const other = another ? await another() : store
        const { row } = await open(store)
        await append(store, row.conversationId, [handoff])
        const seen = new Set<number>()
        const look = async () => {
          const { queued, held } = await other.deskList({ agentIds: [ADA.agentId], endedSince: 0, atMost: 5 })
          seen.add(queued.rows.length + held.length)
        }
        for (let assignment = 1; assignment <= 40; assignment++) {
          const moved = [assigned(assignment, assignment % 2 === 1 ? ADA : null)]
          await Promise.all([append(store, row.conversationId, moved), look(), look(), look(), look()])
        }
        expectEqual([...seen], [1], 'groups it was in at each look')
      },
    ),

    caseOf('[S9] tickets are numbered from 1001, and a conversation keeps its number', async ({ store }) => {
      const one = await open(store, 'open-0001')
      const two = await open(store, 'open-0002')
      const number = async (id: string, clientId: string) =>
        stored(await append(store, id, [ticket(clientId)])).row.ticket?.number
      expectEqual(await number(one.row.conversationId, 'ticket-1'), 1_001, 'first')
      expectEqual(await number(two.row.conversationId, 'ticket-1'), 1_002, 'second')
      expectEqual(await number(one.row.conversationId, 'ticket-2'), 1_001, 'the first again')
      const page = await store.read(two.row.conversationId, 1, 1)
      const body = page?.events[0]?.body
      expectEqual(body?.type === 'ticketOpened' && body.ticket.number, 1_002, 'number in the event')
    }),

    caseOf('[S9] an append that is refused after a ticket was made takes no number', async ({ store }) => {
      const { row } = await open(store)
      const id = row.conversationId
      await append(store, id, [ticket('ticket-1'), message('second-1', 'b')], {
        plan: (_row, draft) => (draft.clientId === 'second-1' ? 'closed' : [draft]),
      })
      const made = stored(await append(store, id, [ticket('ticket-1')]))
      expectEqual(made.row.ticket?.number, 1_001, 'number of the first ticket that was stored')
    }),

    caseOf('[S10] a page holds the events after a seq, in order, with the head', async ({ store }) => {
      const { row } = await open(store)
      const drafts = Array.from({ length: 20 }, (_, i) => message(`key-${1_000 + i}`, `${i}`))
      await append(store, row.conversationId, drafts)
      const page = await store.read(row.conversationId, 3, 5)
      expectEqual(
        page?.events.map(e => e.seq),
        [4, 5, 6, 7, 8],
        'seqs',
      )
      expectEqual(page?.row.head, 21, 'head')
      expectEqual(await store.read('nowhere-at-all', 0, 5), null, 'a page of no conversation')
      expectEqual(
        await store.heads([row.conversationId, 'nowhere-at-all']),
        [{ conversationId: row.conversationId, head: 21, generation: 0 }],
        'heads',
      )
    }),

    caseOf('[S11] erasing takes the words and leaves the seqs', async ({ store }) => {
      const { row } = await open(store)
      const id = row.conversationId
      await append(store, id, [message('key-0001', 'my card is 4111'), handoff, ticket('ticket-1')])
      await store.erase(id, 9_000)
      const page = await store.read(id, 0, 10)
      expectEqual(
        page?.events.map(e => [e.seq, e.body.type]),
        [
          [1, 'redacted'],
          [2, 'redacted'],
          [3, 'handoffReady'],
          [4, 'ticketOpened'],
        ],
        'events',
      )
      expectTrue(!JSON.stringify(page).includes('4111'), 'no word is left')
      const again = stored(await append(store, id, [message('key-0001', 'my card is 4111')]))
      expectEqual(again.results[0]?.dup, true, 'an erased key stays known')
    }),

    caseOf(
      '[S8] [S11] what words were read as is the row’s category until they are erased',
      async ({ store }) => {
        const { row } = await open(store)
        const id = row.conversationId
        const score = { score: 0.6, reasons: [{ code: 'urgentWords', words: ['asap'] }] }
        const triaged = (category: string, confidence: number) =>
          system(`triaged-${confidence}-${category.length}`, {
            type: 'triaged',
            category,
            confidence,
            urgency: score,
            complexity: score,
            rule: 'triage@1',
          })
        const lifted = system('lifted', { type: 'prioritised', priority: 'high', reasons: score.reasons })
        await append(store, id, [triaged('unsure', 0.4), lifted])
        expectEqual((await store.conversation(id))?.category, row.category, 'words that are not clear')
        await append(store, id, [triaged('payments', 0.9), triaged('orders', 0.9)])
        expectEqual((await store.conversation(id))?.category, 'payments', 'the first clear one')
        await store.erase(id, 9_000)
        expectEqual((await store.conversation(id))?.category, 'general', 'erased')
        const page = await store.read(id, 0, 10)
        expectTrue(!/asap|payments|orders|unsure/.test(JSON.stringify(page)), 'no word is left')
        expectEqual((await store.conversation(id))?.priority, 'high', 'what it was worth stays')
      },
    ),

    caseOf('[S3] what was erased of a body is not compared, the rest is', async ({ store }) => {
      const { row } = await open(store)
      const id = row.conversationId
      const contact = { email: 'ada@shop.example' }
      const reachable = (clientId: string, channel: Channel = 'ticket'): NewEvent => ({
        ...message(clientId, ''),
        body: { type: 'handoffReady', channel, contact },
      })
      const numbered = ticket('ticket-1')
      if (numbered.body.type !== 'ticketOpened') return
      const owed: NewEvent = {
        ...numbered,
        body: { ...numbered.body, ticket: { ...numbered.body.ticket, contact } },
      }
      await append(store, id, [handoff, reachable('handoff-2'), owed])
      await store.erase(id, 9_000)
      await store.erase(id, 9_000)
      const page = await store.read(id, 0, 10)
      expectTrue(!JSON.stringify(page).includes('ada@'), 'no contact is left')
      expectEqual(
        page?.events.slice(1).map(({ body }) => 'erased' in body && body.erased),
        [false, true, true],
        'events that say that their contact was erased',
      )
      const again = stored(await append(store, id, [handoff, reachable('handoff-2'), owed]))
      expectEqual(
        again.results.map(({ seq, dup }) => [seq, dup]),
        [
          [2, true],
          [3, true],
          [4, true],
        ],
        'the same drafts again',
      )
      const others = [reachable('handoff-1', 'live'), reachable('handoff-2', 'email')]
      for (const other of others)
        expectEqual(
          await append(store, id, [other]),
          { ok: false, code: 'key_reused' },
          'a body that never had a contact, or another channel',
        )
    }),

    caseOf('[S12] the epoch survives reopening and changes when asked to', async ({ store, reopen }) => {
      const epoch = await store.epoch()
      expectTrue(epoch.length >= 16, 'an epoch is random')
      const later = reopen ? await reopen() : store
      expectEqual(await later.epoch(), epoch, 'epoch after reopening')
      await later.newEpoch('another-epoch-altogether')
      expectEqual(await later.epoch(), 'another-epoch-altogether', 'after newEpoch')
    }),

    caseOf('[S13] one bad write does not fail its neighbours', async ({ store }) => {
      const { row } = await open(store)
      const broken = append(store, row.conversationId, [message('broken-1', 'x')], {
        plan: () => {
          throw new Error('planned to fail')
        },
      })
      const good = append(store, row.conversationId, [message('good-001', 'y')])
      await expectRejection(broken, 'the bad one')
      expectEqual(stored(await good).results[0]?.seq, 2, 'seq of the good one')
    }),

    caseOf('[S13] a write that the database refuses does not fail its neighbours', async ({ store }) => {
      const one = await open(store, 'open-0001')
      const two = await open(store, 'open-0002')
      const nameless = { ...message('bad-0001', 'x'), clientId: null as unknown as string }
      const outcomes = [
        append(store, one.row.conversationId, [message('good-001', 'a')]),
        append(store, one.row.conversationId, [nameless]),
        append(store, one.row.conversationId, [message('good-002', 'b')]),
        append(store, two.row.conversationId, [ticket('ticket-1')]),
        store.setPresence({ identity: 'anon:one', node: 'n1', connected: true, at: 1_000 }),
      ] as const
      await expectRejection(outcomes[1], 'the bad one')
      expectEqual(stored(await outcomes[0]).results[0]?.seq, 2, 'seq before it')
      expectEqual(stored(await outcomes[2]).results[0]?.seq, 3, 'seq after it')
      expectEqual(stored(await outcomes[3]).row.ticket?.number, 1_001, 'number of the ticket beside it')
      expectEqual((await store.presence(['anon:one'], 0)).length, 1, 'presence beside it')
    }),

    caseOf('[S4] appends that wait together keep the order they came in', async ({ store }) => {
      const made = await Promise.all([open(store, 'open-0001'), open(store, 'open-0002')])
      const outcomes = await Promise.all(
        Array.from({ length: 600 }, (_, n) =>
          append(store, made[n % 2]?.row.conversationId ?? '', [message(`key-${1_000 + n}`, `${n}`)]),
        ),
      )
      expectEqual(
        outcomes.map(outcome => stored(outcome).results[0]?.seq),
        Array.from({ length: 600 }, (_, n) => Math.floor(n / 2) + 2),
        'seqs in the order of the calls',
      )
    }),

    caseOf('[S8] each of those that wait together sees what the one before it did', async ({ store }) => {
      const { row } = await open(store)
      const id = row.conversationId
      const [first, second, third] = await Promise.all([
        append(store, id, [handoff], { at: 5_000 }),
        append(store, id, [assigned(1, ADA)], {
          at: 6_000,
          plan: (now, draft) => (now.phase === 'queued' ? [draft] : 'stale_assignment'),
        }),
        append(store, id, [assigned(1, ADA)], { at: 7_000 }),
      ])
      expectEqual(stored(first).row.phase, 'queued', 'after the first')
      expectEqual(stored(second).before, stored(first).row, 'row before the second')
      expectEqual(stored(third).results[0]?.dup, true, 'the third is the second again')
      expectEqual(await store.conversation(id), stored(second).row, 'the stored row')
      const joins = await store.recentJoins(0, 10)
      expectEqual(joins, [{ at: 6_000, waitedMs: 1_000, priority: null }], 'the wait')
    }),

    caseOf('[S9] tickets made at once have numbers without gaps', async ({ store }) => {
      const made = await Promise.all(Array.from({ length: 20 }, (_, n) => open(store, `open-${1_000 + n}`)))
      const rows = await Promise.all(
        made.map(({ row }, n) =>
          append(store, row.conversationId, [ticket('ticket-1')], {
            plan: (_row, draft) => (n % 4 === 0 ? 'closed' : [draft]),
          }),
        ),
      )
      const numbers = rows.flatMap(outcome => (outcome.ok ? [outcome.row.ticket?.number ?? 0] : []))
      expectEqual(
        numbers.sort((a, b) => a - b),
        Array.from({ length: 15 }, (_, n) => 1_001 + n),
        'numbers',
      )
    }),

    caseOf('[S1] the same open twice at once makes one conversation', async ({ store }) => {
      const request = (conversationId: string, identities: readonly [string, ...string[]]) =>
        store.open({
          identities,
          openId: 'open-0001',
          conversationId,
          at: 1_000,
          author: { kind: 'visitor' },
          brief: emptyBrief(),
        })
      const opened = await Promise.all([
        request('conversation-1', ['anon:one']),
        request('conversation-2', ['user:7', 'anon:one']),
        request('conversation-3', ['anon:one']),
      ])
      expectEqual(
        opened.map(({ row, created }) => [row.conversationId, created]),
        [
          ['conversation-1', true],
          ['conversation-1', false],
          ['conversation-1', false],
        ],
        'conversations',
      )
    }),

    caseOf('no text that a visitor can send keeps a conversation from being stored', async ({ store }) => {
      const odd = 'a\u0000b\ud800c\u{1f600}'
      const { row } = await store.open({
        identities: ['anon:odd'],
        openId: 'open-0001',
        conversationId: 'conversation-odd',
        at: 1_000,
        author: { kind: 'visitor', name: odd },
        brief: emptyBrief({
          question: odd,
          visitor: { locale: 'en', attributes: { [odd]: odd }, name: odd, role: odd, email: odd },
          slots: [{ name: 'category', label: odd, value: odd }],
        }),
      })
      const said = { ...message('key-0001', odd), saidAt: 1.5 }
      const first = stored(await append(store, row.conversationId, [said], { at: 2_000.5 }))
      const again = stored(await append(store, row.conversationId, [said]))
      expectEqual(again.results, [{ ...first.results[0], dup: true }], 'the same text again')
      const page = await store.read(row.conversationId, 1, 10)
      expectEqual(page?.events, first.events, 'the event as read')
      expectEqual((await store.read(row.conversationId, 2 ** 53, 10))?.events, [], 'a cursor far ahead')
      expectTrue(!page?.row.question.includes('\0'), 'a column holds no NUL')
      await store.addJournal(
        [{ id: odd, kind: 'missed', at: 5, inputs: { odd }, rule: odd, reason: odd }],
        10.5,
      )
      await store.setPresence({ identity: odd, node: odd, connected: true, at: 1.5 })
      expectEqual(await store.agentByName(odd), null, 'an agent of that name')
      expectEqual(await store.conversation(odd), null, 'a conversation of that id')
      await store.addAgent({ agentId: 'agent-odd', name: odd, roles: [odd], passwordHash: null })
      expectEqual((await store.agents())[0]?.agentId, 'agent-odd', 'the agent')
    }),

    caseOf('[S14] a sign-in link works once and not after its time', async ({ store }) => {
      await store.addAgent({ ...ADA, roles: [], passwordHash: null })
      await store.addLink({ tokenHash: 'hash-1', agentId: ADA.agentId, expiresAt: 5_000 })
      await store.addLink({ tokenHash: 'hash-2', agentId: ADA.agentId, expiresAt: 5_000 })
      const taken = await Promise.all([store.takeLink('hash-1', 4_000), store.takeLink('hash-1', 4_000)])
      expectEqual(taken.filter(agent => agent !== null).length, 1, 'who got in by one link')
      expectEqual(await store.takeLink('hash-2', 5_000), null, 'a late link')
      await store.addSession({ tokenHash: 'session', agentId: ADA.agentId, expiresAt: 9_000 })
      expectEqual((await store.sessionAgent('session', 8_000))?.name, 'Ada', 'agent of the session')
      expectEqual(await store.sessionAgent('session', 9_000), null, 'agent of a late session')
      await store.dropSession('session')
      expectEqual(await store.sessionAgent('session', 8_000), null, 'after signing out')
    }),

    caseOf('agents have names of their own, whatever the case', async ({ store }) => {
      await store.addAgent({ ...ADA, roles: ['lead'], passwordHash: null })
      const twin = { agentId: 'agent-2', name: 'ada', roles: [], passwordHash: null }
      await expectRejection(store.addAgent(twin), 'a second Ada')
      expectEqual((await store.agentByName('ADA'))?.roles, ['lead'], 'found by name')
    }),

    caseOf('a removed agent is out, and what was written keeps the name', async ({ store }) => {
      const { row } = await open(store)
      await store.addAgent({ ...ADA, roles: [], passwordHash: null })
      await store.addAgent({ agentId: 'agent-bob', name: 'Bob', roles: [], passwordHash: null })
      await store.addLink({ tokenHash: 'link', agentId: ADA.agentId, expiresAt: 9_000 })
      await store.addSession({ tokenHash: 'session', agentId: ADA.agentId, expiresAt: 9_000 })
      await store.addSession({ tokenHash: 'of-bob', agentId: 'agent-bob', expiresAt: 9_000 })
      await append(store, row.conversationId, [handoff, assigned(1, ADA)])
      await store.removeAgent(ADA.agentId)
      await store.removeAgent('nobody')
      expectEqual(await store.sessionAgent('session', 1_000), null, 'session')
      expectEqual(await store.takeLink('link', 1_000), null, 'link')
      expectEqual(
        (await store.agents()).map(agent => agent.name),
        ['Bob'],
        'accounts',
      )
      expectEqual((await store.sessionAgent('of-bob', 1_000))?.name, 'Bob', 'session of the other')
      expectEqual((await store.conversation(row.conversationId))?.agent, ADA, 'the name in the row')
      await store.addAgent({ agentId: 'agent-2', name: 'Ada', roles: [], passwordHash: null })
    }),

    caseOf("a new password ends the agent's sessions, and nobody else's", async ({ store }) => {
      await store.addAgent({ ...ADA, roles: [], passwordHash: 'old' })
      await store.addAgent({ agentId: 'agent-bob', name: 'Bob', roles: [], passwordHash: null })
      await store.addSession({ tokenHash: 'session', agentId: ADA.agentId, expiresAt: 9_000 })
      await store.addSession({ tokenHash: 'of-bob', agentId: 'agent-bob', expiresAt: 9_000 })
      await store.setPassword(ADA.agentId, 'new')
      expectEqual(await store.sessionAgent('session', 1_000), null, 'session from before')
      expectEqual((await store.sessionAgent('of-bob', 1_000))?.name, 'Bob', 'session of the other')
      expectEqual((await store.agentByName('Ada'))?.passwordHash, 'new', 'password')
    }),

    caseOf('presence is of all nodes, and a silent node is dead', async ({ store }) => {
      await store.setPresence({ identity: 'agent:ada', node: 'n1', connected: true, at: 1_000 })
      await store.setPresence({ identity: 'agent:ada', node: 'n2', connected: false, at: 2_000 })
      await store.setPresence({ identity: 'agent:bob', node: 'n2', connected: true, at: 2_000 })
      expectEqual(await store.agentsOnline(0), 2, 'agents')
      await store.beat('n1', 50_000, 0)
      expectEqual(await store.agentsOnline(40_000), 1, 'agents on living nodes')
      expectEqual(
        (await store.presence(['agent:ada', 'agent:bob'], 40_000)).map(p => [p.identity, p.online, p.seenAt]),
        [
          ['agent:ada', true, 50_000],
          ['agent:bob', false, 2_000],
        ],
        'presence',
      )
    }),

    caseOf('an owner is replaced only by who holds the former identity', async ({ store }) => {
      const { row } = await open(store)
      await store.claimOwner(row.conversationId, 'anon:somebody-else', 'user:9')
      expectEqual((await store.conversation(row.conversationId))?.owner, 'anon:one', 'owner')
      await store.claimOwner(row.conversationId, 'anon:one', 'user:7')
      const claimed = await store.conversation(row.conversationId)
      expectEqual([claimed?.owner, claimed?.claimedFrom], ['user:7', 'anon:one'], 'owner and former owner')
    }),

    caseOf('journal records are kept once each, in order', async ({ store }) => {
      const record = {
        id: 'r1',
        kind: 'missed',
        at: 5,
        inputs: {},
        rule: 'flow@1',
        reason: 'none fits',
      } as const
      await store.addJournal([record, { ...record, id: 'r2' }], 10)
      await store.addJournal([record], 11)
      const read = await store.journal(0, 10)
      expectEqual(
        read.map(entry => entry.record.id),
        ['r1', 'r2'],
        'records',
      )
    }),

    caseOf('[S4] four nodes that append to one conversation share no seq', async ({ store, another }) => {
      if (!another) return
      const nodes = [store, await another(), await another(), await another()]
      const { row } = await open(store)
      const said = await Promise.all(
        nodes.map(async (node, at) => {
          const seqs: number[] = []
          for (let n = 0; n < 50; n++) {
            const outcome = await append(node, row.conversationId, [message(`key-${at}-${1_000 + n}`, 'x')])
            seqs.push(stored(outcome).results[0]?.seq ?? 0)
          }
          return seqs
        }),
      )
      expectEqual(
        said.flat().sort((a, b) => a - b),
        Array.from({ length: 200 }, (_, n) => n + 2),
        'seqs',
      )
    }),

    caseOf('[S3] the same key on two nodes at once is stored once', async ({ store, another }) => {
      if (!another) return
      const nodes = [store, await another()]
      const { row } = await open(store)
      for (let round = 0; round < 10; round++) {
        const outcomes = await Promise.all(
          [0, 1, 0, 1].map(node =>
            append(nodes[node] ?? store, row.conversationId, [message(`key-${1_000 + round}`, 'once')]),
          ),
        )
        expectEqual(outcomes.filter(o => stored(o).events.length > 0).length, 1, 'appends that stored')
        expectEqual(new Set(outcomes.map(o => stored(o).results[0]?.seq)).size, 1, 'seqs')
      }
    }),

    caseOf('[S5] of two agents who claim on two nodes, one wins', async ({ store, another }) => {
      if (!another) return
      const nodes = [store, await another()]
      const { row } = await open(store)
      await append(store, row.conversationId, [handoff])
      for (let expected = 0; expected < 10; expected++) {
        const claims = await Promise.all(
          ['ada', 'bob'].map((agentId, node) =>
            append(
              nodes[node] ?? store,
              row.conversationId,
              [assigned(expected + 1, { agentId, name: agentId })],
              { plan: (now, draft) => (now.assignment === expected ? [draft] : 'stale_assignment') },
            ),
          ),
        )
        expectEqual(
          claims.map(claim => (claim.ok ? 'won' : claim.code)).sort(),
          ['key_reused', 'won'],
          'one is told that the number is taken',
        )
      }
      expectEqual((await store.conversation(row.conversationId))?.assignment, 10, 'assignment')
    }),

    caseOf('[S1] the same open on two nodes at once makes one conversation', async ({ store, another }) => {
      if (!another) return
      const other = await another()
      for (let round = 0; round < 10; round++) {
        const request = (node: HelpDeskStore, name: string, identities: readonly [string, ...string[]]) =>
          node.open({
            identities,
            openId: `open-${1_000 + round}`,
            conversationId: `conversation-${name}-${round}`,
            at: 1_000,
            author: { kind: 'visitor' },
            brief: emptyBrief(),
          })
        // The second time with a token: the first identity is another one, the visitor is the same.
        const opened = await Promise.all([
          request(store, 'one', ['anon:one']),
          request(other, 'two', ['user:7', 'anon:one']),
          request(other, 'three', ['anon:one']),
        ])
        expectEqual(new Set(opened.map(({ row }) => row.conversationId)).size, 1, 'conversations')
        expectEqual(opened.filter(({ created }) => created).length, 1, 'calls that made one')
      }
    }),

    caseOf('[S9] tickets made on two nodes have numbers of their own', async ({ store, another }) => {
      if (!another) return
      const nodes = [store, await another()]
      const made = await Promise.all(Array.from({ length: 30 }, (_, n) => open(store, `open-${1_000 + n}`)))
      const outcomes = await Promise.all(
        made.map(({ row }, n) => append(nodes[n % 2] ?? store, row.conversationId, [ticket('ticket-1')])),
      )
      expectEqual(
        outcomes.map(outcome => stored(outcome).row.ticket?.number ?? 0).sort((a, b) => a - b),
        Array.from({ length: 30 }, (_, n) => 1_001 + n),
        'numbers',
      )
    }),

    caseOf(
      '[S4] two nodes that write to the same conversations in other orders',
      async ({ store, another }) => {
        if (!another) return
        const nodes = [store, await another()]
        const made = await Promise.all(Array.from({ length: 40 }, (_, n) => open(store, `open-${1_000 + n}`)))
        const ids = made.map(({ row }) => row.conversationId)
        await Promise.all(
          Array.from({ length: 12 }, (_, round) =>
            Promise.all(
              (round % 2 === 0 ? ids : ids.toReversed()).map(async (id, n) => {
                const node = nodes[round % 2] ?? store
                stored(await append(node, id, [message(`key-${round}-${n}`, 'x'), ticket(`ticket-${round}`)]))
                await node.claimOwner(id, 'anon:one', 'user:7')
              }),
            ),
          ),
        )
        const heads = await store.heads(ids)
        expectEqual(
          heads.map(({ head }) => head).filter(head => head !== 25).length,
          0,
          'heads that are not 25',
        )
      },
    ),

    caseOf('[S12] nodes share the epoch, the presence and the journal', async ({ store, another }) => {
      if (!another) return
      const other = await another()
      expectEqual(await other.epoch(), await store.epoch(), 'epoch')
      await other.setPresence({ identity: 'agent:ada', node: 'n2', connected: true, at: 1_000 })
      expectEqual(await store.agentsOnline(0), 1, 'agents')
      const record = (id: string) =>
        ({ id, kind: 'missed', at: 5, inputs: {}, rule: 'flow@1', reason: 'none fits' }) as const
      const all = Promise.all(
        Array.from({ length: 40 }, (_, n) => (n % 2 ? store : other).addJournal([record(`r${n}`)], 1)),
      )
      // Who reads on after the last position seen misses none that is committed later.
      const seen: number[] = []
      let isDone = false
      all.finally(() => {
        isDone = true
      })
      for (;;) {
        const last = isDone
        seen.push(...(await store.journal(seen.at(-1) ?? 0, 10)).map(entry => entry.position))
        if (last && (await store.journal(seen.at(-1) ?? 0, 1)).length === 0) break
      }
      expectEqual(new Set(seen).size, 40, 'records seen by reading on')
    }),

    ...deskRecordCases(scene),
    ...reviewCases(scene),

    caseOf('[S6] a closed store rejects instead of pretending', async ({ store }) => {
      const { row } = await open(store)
      await store.close()
      await expectRejection(append(store, row.conversationId, [message('key-0001', 'x')]), 'append')
    }),
    ...storeFilesCases({ caseOf, open, append }),
    ...journalCases({ caseOf, open, append }),
    caseOf('tickets that are not over are counted by their status', async ({ store }) => {
      expectEqual(await store.countTickets(), {}, 'before there is one')
      for (const n of [1, 2, 3]) {
        const { row } = await open(store, `open-000${n}`)
        stored(await append(store, row.conversationId, [ticket(`ticket-${n}`)]))
        if (n === 3)
          stored(await append(store, row.conversationId, [system('solved-1', { type: 'ticketSolved' })]))
        // Taken by builds of before: words of one visitor must not hide the figures of all.
        const email = 'mia"status":"solved"\0\ud800@example.com'
        if (n === 2)
          stored(
            await append(store, row.conversationId, [
              { ...message('contact-1', ''), body: { type: 'contactGiven', contact: { email } } },
            ]),
          )
      }
      expectEqual(await store.countTickets(), { open: 2 }, 'two of three')
    }),
    caseOf('[D47] of tickets it is known how long each waited, the newest first', async ({ store }) => {
      expectEqual(await store.ticketWaits(0, 10), [], 'before there is one')
      const made = async (n: number, drafts: readonly NewEvent[]) => {
        const { row } = await open(store, `open-000${n}`)
        stored(await append(store, row.conversationId, [ticket('ticket-1')], { at: n * 1_000 }))
        for (const [k, draft] of drafts.entries())
          stored(await append(store, row.conversationId, [draft], { at: n * 1_000 + 100 * (k + 1) }))
      }
      const answer = { ...message('answer-01', 'Here.'), author: { kind: 'agent' as const, ...ADA } }
      const over = system('solved-1', { type: 'ticketSolved' })
      await made(2, [message('second-1', 'And?'), { ...answer, sender: 'agent:ada' }, over])
      await made(3, [over])
      await made(4, [])
      expectEqual(
        await store.ticketWaits(0, 10),
        [
          { openedAt: 4_000, answeredAt: null, endedAt: null },
          { openedAt: 3_000, answeredAt: null, endedAt: 3_100 },
          { openedAt: 2_000, answeredAt: 2_200, endedAt: 2_300 },
        ],
        'all',
      )
      expectEqual((await store.ticketWaits(3_000, 10)).length, 2, 'of late')
      expectEqual((await store.ticketWaits(0, 1)).length, 1, 'at most')
    }),
    ...storeDeliveryCases({ caseOf, open, append }),
    ...disputeCases({ caseOf, open, append }),
  ]
}
