// The rules of `DisputeStore` (V9 to V11), as cases of the store contract.

import { type DisputeState, openedDispute } from '../../server/disputeRules'
import type { AppendOutcome, HelpDeskStore, NewEvent } from '../../server/store/helpDeskStore'
import { type ContractCase, expectEqual, expectTrue } from './contractCase'
import type { StoreUnderTest } from './storeContract'

export interface DisputeScene {
  caseOf(title: string, run: (made: StoreUnderTest) => Promise<void>): ContractCase
  open(store: HelpDeskStore, openId: string, identity: string): Promise<{ row: { conversationId: string } }>
  append(store: HelpDeskStore, conversationId: string, drafts: readonly NewEvent[]): Promise<AppendOutcome>
}

const KEY = '["site","WM-4127"]'
const terms = { respondWithinMs: 1_000, decideWithinMs: 1_000 }
const ticket = (clientId: string, number: number): NewEvent => ({
  sender: 'system',
  clientId,
  author: { kind: 'system' },
  body: {
    type: 'ticketOpened',
    cause: 'chosen',
    ticket: { number, category: 'dispute', priority: 'normal', status: 'open' },
  },
})

export function disputeCases({ caseOf, open, append }: DisputeScene): readonly ContractCase[] {
  /** Three conversations, and a dispute of them that no store has yet. */
  async function made(store: HelpDeskStore, disputeId = 'dispute-0001'): Promise<DisputeState> {
    const ids: string[] = []
    for (const [n, identity] of ['user:mara', 'user:jonas', `dispute:${disputeId}`].entries())
      ids.push((await open(store, `open-of-side-${n}`, identity)).row.conversationId)
    const [client = '', freelancer = '', threadId = ''] = ids
    return openedDispute(
      {
        disputeId,
        number: 1001,
        reference: 'WM-4127',
        at: 1_000.5,
        opener: 0,
        threadId,
        sides: [
          { party: 'client', name: 'Mara', conversationId: client, head: 1 },
          { party: 'freelancer', name: 'Jonas', conversationId: freelancer, head: 1 },
        ],
        hostFacts: { contract: 'WM-4127' },
      },
      terms,
    )
  }
  const changed = (state: DisputeState, expected: number, change: Partial<DisputeState> = {}) => ({
    expected,
    state: { ...state, ...change },
    dueAt: null,
    isOver: change.phase === 'decided',
  })

  return [
    caseOf(
      '[V9] a dispute changes by compare-and-set, and is found by each of its conversations',
      async ({ store }) => {
        const state = await made(store)
        expectEqual(
          await store.addDispute(KEY, state, 2_000),
          { disputeId: state.disputeId, isNew: true },
          'added',
        )
        const found = await store.dispute(state.disputeId)
        expectEqual(found?.state, state, 'state')
        expectEqual([found?.revision, found?.isUntold, found?.heard], [1, true, [1, 1]], 'row')
        for (const id of [state.sides[0].conversationId, state.sides[1].conversationId, state.threadId])
          expectEqual((await store.disputesWith(id)).length, 1, `found by ${id}`)
        expectEqual(await store.disputesWith('no-such-conversation'), [], 'another conversation')
        const both = await Promise.all([
          store.saveDispute(changed(state, 1, { phase: 'mediating' })),
          store.saveDispute(changed(state, 1, { phase: 'mediating' })),
        ])
        expectEqual(both.filter(Boolean).length, 1, 'of two at once')
        expectEqual((await store.dispute(state.disputeId))?.revision, 2, 'revision')
        expectEqual(await store.saveDispute(changed(state, 1)), false, 'a late change')
      },
    ),

    caseOf(
      '[V10] of one key there is one open dispute, and a next one once it is over',
      async ({ store }) => {
        const state = await made(store)
        await store.addDispute(KEY, state, 2_000)
        const other = await made(store, 'dispute-0002')
        expectEqual(
          await store.addDispute(KEY, other, 2_000),
          { disputeId: state.disputeId, isNew: false },
          'a second one',
        )
        expectEqual(await store.openDisputeOf(KEY), state.disputeId, 'open')
        expectTrue(await store.saveDispute(changed(state, 1, { phase: 'decided' })), 'decided')
        expectEqual(await store.openDisputeOf(KEY), null, 'over')
        expectTrue((await store.addDispute(KEY, other, 2_000)).isNew, 'a next one')
      },
    ),

    caseOf(
      '[V9] what is to be looked at: untold, due, or with words that were not read',
      async ({ store }) => {
        const state = await made(store)
        await store.addDispute(KEY, state, 2_000)
        expectEqual(await store.disputesToLookAt(0, 10), [state.disputeId], 'untold')
        await store.disputeTold(state.disputeId, 2)
        expectEqual(await store.disputesToLookAt(0, 10), [state.disputeId], 'told of another revision')
        await store.disputeTold(state.disputeId, 1)
        expectEqual(await store.disputesToLookAt(1_999, 10), [], 'told')
        expectEqual(await store.disputesToLookAt(2_000, 10), [state.disputeId], 'due')
        expectEqual(await store.disputesToLookAt(2_000, 10, [state.disputeId, 'other']), [], 'not just now')
        await append(store, state.sides[1].conversationId, [ticket('ticket-0001', 0)])
        expectEqual(await store.disputesToLookAt(0, 10), [state.disputeId], 'with words')
        await store.disputeHeard(state.disputeId, [1, 2])
        await store.disputeHeard(state.disputeId, [1, 1])
        expectEqual(await store.disputesToLookAt(0, 10), [], 'heard, and never unheard')
      },
    ),

    caseOf('[S9] a side’s ticket has the number of the other’s, and takes none', async ({ store }) => {
      const state = await made(store)
      const numberOf = async (conversationId: string) =>
        (await store.conversation(conversationId))?.ticket?.number
      await append(store, state.threadId, [ticket('ticket-0001', 0)])
      for (const { conversationId } of state.sides)
        await append(store, conversationId, [ticket('ticket-0001', 1001)])
      const { row } = await open(store, 'open-0009', 'anon:nine')
      await append(store, row.conversationId, [ticket('ticket-0001', 0)])
      const all = [state.threadId, ...state.sides.map(side => side.conversationId), row.conversationId]
      expectEqual(await Promise.all(all.map(numberOf)), [1001, 1001, 1001, 1002], 'numbers')
    }),

    caseOf(
      '[V11] erasing a side takes its words out of the dispute and out of the others’ conversations',
      async ({ store }) => {
        const before = await made(store)
        const state = {
          ...before,
          sides: [{ ...before.sides[0], statement: 'canary', isShared: true }, before.sides[1]] as const,
        }
        await store.addDispute(KEY, state, 2_000)
        const told: NewEvent = {
          sender: 'system',
          clientId: 'dispute-shared-1',
          author: { kind: 'system' },
          body: {
            type: 'disputeShared',
            disputeId: state.disputeId,
            statements: [
              { party: 'client', text: 'canary' },
              { party: 'freelancer', text: 'stays' },
            ],
            facts: {},
            decideBy: 3_000,
          },
        }
        const [mine, theirs] = state.sides.map(({ conversationId }) => conversationId)
        for (const id of [mine, theirs, state.threadId]) await append(store, id ?? '', [told])
        await store.erase(mine ?? '', 9_000)
        const left = JSON.stringify([
          await store.read(mine ?? '', 0, 10),
          await store.read(theirs ?? '', 0, 10),
          await store.read(state.threadId, 0, 10),
          await store.dispute(state.disputeId),
        ])
        expectTrue(!left.includes('canary') && !left.includes('Mara'), 'nothing of the side is left')
        expectTrue(left.includes('stays') && left.includes('Jonas'), 'the other side’s is')
        expectEqual(await store.saveDispute(changed(state, 1)), false, 'a change of what was before')
        expectEqual(await store.openDisputeOf(KEY), null, 'the key, which names the two')
        expectEqual(await store.disputesToLookAt(0, 10), [state.disputeId], 'what is left is told')
      },
    ),

    caseOf(
      '[V11] with its second side a dispute goes, and the mediator’s thread with it',
      async ({ store }) => {
        const state = await made(store)
        await store.addDispute(KEY, state, 2_000)
        const [mine = '', theirs = ''] = state.sides.map(({ conversationId }) => conversationId)
        const words = (n: number): NewEvent => ({
          sender: 'agent:lea',
          clientId: `words-of-thread-${n}`,
          author: { kind: 'agent', agentId: 'lea', name: 'Lea' },
          body: { type: 'message', text: 'canary', format: 'plain' },
        })
        await append(store, state.threadId, [ticket(`ticket-of-thread`, 0), words(1)])
        await append(store, mine, [
          {
            sender: 'system',
            clientId: 'dispute-decided',
            author: { kind: 'system' },
            body: {
              type: 'disputeDecided',
              disputeId: state.disputeId,
              cause: 'decided',
              outcome: 'canary',
              words: '',
            },
          },
        ])
        await store.erase(mine, 9_000)
        expectTrue((await store.dispute(state.disputeId)) !== null, 'the other side still has it')
        const { conversationIds } = await store.findPerson({ conversationId: theirs })
        await store.erasePerson({ identities: [], conversationIds }, 9_000)
        expectEqual(await store.dispute(state.disputeId), null, 'the row')
        for (const id of [mine, theirs, state.threadId])
          expectEqual(await store.disputesWith(id), [], `found by ${id}`)
        expectEqual(await store.disputesToLookAt(99_000, 10), [], 'to look at')
        const thread = await store.read(state.threadId, 0, 20)
        expectEqual(thread?.row.phase, 'ended', 'the thread')
        expectEqual([thread?.row.question, thread?.row.pageName], ['', ''], 'what it was about')
        expectEqual(thread?.row.head, thread?.events.at(-1)?.seq, 'its head')
        const left = JSON.stringify([thread, await store.read(mine, 0, 20), await store.read(theirs, 0, 20)])
        expectTrue(!left.includes('canary'), 'no word is left')
        expectEqual(await store.saveDispute(changed(state, 3)), false, 'a change of what was before')
      },
    ),

    caseOf('[V11] of two sides that are erased at once nothing is left either', async ({ store }) => {
      const state = await made(store)
      await store.addDispute(KEY, state, 2_000)
      const erase = (conversationId: string) =>
        store.erasePerson({ identities: [], conversationIds: [conversationId] }, 9_000)
      await Promise.all(state.sides.map(({ conversationId }) => erase(conversationId)))
      expectEqual(await store.dispute(state.disputeId), null, 'the row')
    }),

    caseOf('[V11] a visitor whose conversation is still to be made is erased as well', async ({ store }) => {
      const state = { ...(await made(store)), toMake: [null, 'jonas'] as const }
      await store.addDispute(KEY, state, 2_000)
      await store.erasePerson({ identities: ['user:jonas'], conversationIds: [] }, 9_000)
      const after = await store.dispute(state.disputeId)
      expectEqual(after?.state.toMake, [null, null], 'nobody’s is made')
      expectTrue(!/"jonas"/i.test(JSON.stringify(after)), 'no name is left')
      expectEqual(await store.openDisputeOf(KEY), null, 'nor in the key')
    }),
  ]
}
