// The rules of `ReviewStore` (R1 to R6 of PROTOCOL.md), as cases of the store contract.

import type { HelpDeskStore, NewEvent } from '../../server/store/helpDeskStore'
import type { OfferedReview, ReviewCursor } from '../../server/store/reviewStore'
import { type ContractCase, expectEqual } from './contractCase'
import type { DeskRecordScene } from './deskRecordCases'

const LEA = { agentId: 'agent-lea', name: 'Lea' }
const MAX = { agentId: 'agent-max', name: 'Max' }
const START: ReviewCursor = { lastAt: 0, conversationId: '', journalPosition: 0 }

const item = (itemId: string, draw: number, change: Partial<OfferedReview> = {}): OfferedReview => ({
  itemId,
  kind: 'answer',
  stratum: 'answers',
  place: { conversationId: 'c-1', seq: 3 },
  at: 1_000,
  week: 0,
  draw,
  chance: 500,
  agentId: null,
  ...change,
})
const assigned: NewEvent = {
  sender: 'system',
  clientId: 'assigned-1',
  author: { kind: 'system' },
  body: { type: 'assigned', assignment: 1, agent: MAX, cause: 'claimed' },
}
const judgement = (change: object = {}) => ({
  verdict: 'wrong' as const,
  article: { articleId: 'payments/fees', title: 'Fees \0' },
  words: 'Says nothing of cards. \ud800',
  by: LEA,
  at: 2_000.5,
  ...change,
})

export function reviewCases({ caseOf, queued, append }: DeskRecordScene): readonly ContractCase[] {
  const offer = (store: HelpDeskStore, items: readonly OfferedReview[], weekly = 3) =>
    store.offerReviews(items, weekly, START)
  const chances = async (store: HelpDeskStore) =>
    (await store.reviewsSince(0)).map(({ itemId, stratum, chance }) => [itemId, stratum, chance])
  const code = (answer: { ok: boolean; code?: string }) => (answer.ok ? 'ok' : answer.code)

  return [
    caseOf('[R1] what is offered again changes nothing', async ({ store }) => {
      await offer(store, [item('a', 10)])
      await offer(store, [item('a', 10), item('a', 10, { stratum: 'agents', chance: 20 })])
      expectEqual(await chances(store), [['a', 'answers', 500]], 'items')
      expectEqual(
        await store.review('a'),
        { ...item('a', 10), revision: 0, judgement: null },
        'the item as it was offered',
      )
      expectEqual(await store.review('b'), null, 'one that nobody offered')
    }),

    caseOf('[R1] what is looked at more closely later moves, with its verdict', async ({ store }) => {
      await offer(store, [item('a', 10)])
      await store.judge({ itemId: 'a', expected: 0, judgement: judgement() })
      await offer(store, [item('a', 10, { stratum: 'contested', chance: 900 })])
      expectEqual(await chances(store), [['a', 'contested', 900]], 'items')
      expectEqual((await store.review('a'))?.judgement?.verdict, 'wrong', 'verdict')
    }),

    caseOf(
      '[R1] told by the journal and by a conversation it is one, read in the latter',
      async ({ store }) => {
        await offer(store, [item('a', 10, { place: { journalPosition: 7 } })])
        await offer(store, [item('a', 10)])
        await offer(store, [item('a', 10, { place: { journalPosition: 7 } })])
        expectEqual((await store.review('a'))?.place, { conversationId: 'c-1', seq: 3 }, 'place')
      },
    ),

    caseOf(
      '[R2] of a stratum and week the lowest draws stay, and the first that went is their chance',
      async ({ store }) => {
        await offer(store, [item('a', 40), item('b', 10), item('c', 30), item('d', 20)])
        await offer(store, [item('e', 5, { week: 1 }), item('f', 5, { stratum: 'agents' })])
        expectEqual(
          await chances(store),
          [
            ['b', 'answers', 40],
            ['c', 'answers', 40],
            ['d', 'answers', 40],
            ['e', 'answers', 500],
            ['f', 'agents', 500],
          ],
          'after four for three places',
        )
        // Neither the one that went nor one like it comes back, not even where a place is free.
        await offer(store, [item('a', 40), item('g', 45)])
        await offer(store, [item('h', 15)])
        expectEqual(
          (await chances(store)).slice(0, 2).concat((await chances(store)).slice(-1)),
          [
            ['b', 'answers', 30],
            ['d', 'answers', 30],
            ['h', 'answers', 30],
          ],
          'after one with a lower draw',
        )
      },
    ),

    caseOf('[R2] in whatever order they come, the same stay with the same chance', async ({ store }) => {
      const draws = [70, 20, 90, 10, 50, 30]
      for (const [week, order] of [draws, draws.toReversed(), [...draws].sort()].entries())
        for (const draw of order) await offer(store, [item(`${week}-${draw}`, draw, { week })])
      for (const week of [0, 1, 2]) {
        const rows = (await store.reviewsSince(0)).filter(row => row.week === week)
        expectEqual(
          rows.map(({ draw, chance }) => [draw, chance]),
          [
            [10, 50],
            [20, 50],
            [30, 50],
          ],
          `week ${week}`,
        )
      }
    }),

    caseOf(
      '[R2] what was judged and is over the number keeps its verdict and weighs nothing',
      async ({ store }) => {
        await offer(store, [item('a', 40)], 1)
        await store.judge({ itemId: 'a', expected: 0, judgement: judgement() })
        await offer(store, [item('b', 10)], 1)
        expectEqual(
          await chances(store),
          [
            ['a', 'answers', 0],
            ['b', 'answers', 40],
          ],
          'items',
        )
      },
    ),

    caseOf(
      '[R4] of two leads at once one judges, and a lost answer is made good',
      async ({ store, another }) => {
        const other = (await another?.()) ?? store
        await offer(store, [item('a', 10)])
        const both = await Promise.all([
          store.judge({ itemId: 'a', expected: 0, judgement: judgement() }),
          other.judge({ itemId: 'a', expected: 0, judgement: judgement({ by: MAX, verdict: 'right' }) }),
        ])
        expectEqual(both.map(code).sort(), ['ok', 'stale_assignment'], 'answers')
        const won = (await store.review('a'))?.judgement
        const said = won?.by.agentId === 'agent-lea' ? judgement() : judgement({ by: MAX, verdict: 'right' })
        expectEqual(won, { ...said, at: 2_000 }, 'what stands, every word')
        const again = { itemId: 'a', expected: 0, judgement: said }
        expectEqual(await store.judge(again), { ok: true, revision: 1 }, 'said again')
        expectEqual(
          await store.judge({ itemId: 'a', expected: 1, judgement: judgement({ article: null }) }),
          { ok: true, revision: 2 },
          'thought better of it',
        )
        expectEqual(code(await store.judge({ ...again, itemId: 'z' })), 'not_found', 'of none')
      },
    ),

    caseOf('[R6] a review goes with its conversation', async ({ store }) => {
      const [mine, theirs] = [await queued(store, 'open-0001'), await queued(store, 'open-0002')]
      const at = (conversationId: string) => ({ place: { conversationId, seq: 2 } })
      await offer(store, [item('a', 1, at(mine)), item('b', 2, at(theirs))])
      await store.judge({ itemId: 'a', expected: 0, judgement: judgement() })
      await store.erase(mine, 9_000)
      expectEqual(
        (await store.reviewsSince(0)).map(({ itemId }) => itemId),
        ['b'],
        'left',
      )
      expectEqual(await store.judgedReviews('', 10), [], 'judged ones left')
    }),

    caseOf('[R6] what cannot be read any more leaves the queue, unless it was judged', async ({ store }) => {
      await offer(store, [item('a', 1), item('b', 2)])
      await store.judge({ itemId: 'a', expected: 0, judgement: judgement() })
      await store.dropReview('a')
      await store.dropReview('b')
      expectEqual(
        (await store.judgedReviews('', 10)).map(({ itemId }) => itemId),
        ['a'],
        'left',
      )
      expectEqual((await store.reviewsSince(0)).length, 1, 'in the queue')
    }),

    caseOf('[R1] ended conversations are looked through once, in order', async ({ store }) => {
      const ids: string[] = []
      for (const openId of ['open-0001', 'open-0002', 'open-0003']) {
        const id = await queued(store, openId)
        await append(store, id, [
          assigned,
          { ...assigned, clientId: 'ended-01', body: { type: 'ended', by: 'agent' } },
        ])
        ids.push(id)
      }
      await queued(store, 'open-0004')
      expectEqual(await store.reviewCursor(), null, 'before the first look')
      const first = await store.endedAfter(START, Number.MAX_SAFE_INTEGER, 2)
      const last = first.at(-1)
      const cursor = { lastAt: last?.lastAt ?? 0, conversationId: last?.conversationId ?? '' }
      const rest = await store.endedAfter(cursor, Number.MAX_SAFE_INTEGER, 9)
      expectEqual(
        [...first, ...rest].map(({ conversationId }) => conversationId).sort(),
        ids.sort(),
        'those that ended',
      )
      expectEqual(await store.endedAfter(START, cursor.lastAt - 1, 9), [], 'up to a moment before')
      await store.offerReviews([], 3, { ...cursor, journalPosition: 4 })
      await store.offerReviews([], 3, { ...START, journalPosition: 9 })
      expectEqual(await store.reviewCursor(), { ...cursor, journalPosition: 9 }, 'it never goes back')
    }),
  ]
}
