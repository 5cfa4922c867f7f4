// The rules of `HelpDeskStore` about what leaves the server (S50 to S53), as cases of the store's contract.

import type { NewDelivery } from '../../server/store/deliveries'
import type { AppendOutcome, HelpDeskStore, NewEvent } from '../../server/store/helpDeskStore'
import { type ContractCase, expectEqual, expectTrue } from './contractCase'
import type { StoreUnderTest } from './storeContract'

interface Tools {
  caseOf(title: string, run: (made: StoreUnderTest) => Promise<void>): ContractCase
  open(store: HelpDeskStore, openId?: string): Promise<{ row: { readonly conversationId: string } }>
  append(
    store: HelpDeskStore,
    conversationId: string,
    drafts: readonly NewEvent[],
    change?: object,
  ): Promise<AppendOutcome>
}

const words = (clientId: string): NewEvent => ({
  sender: 'visitor',
  clientId,
  author: { kind: 'visitor' },
  body: { type: 'message', text: clientId, format: 'plain' },
})

export function storeDeliveryCases({ caseOf, open, append }: Tools): readonly ContractCase[] {
  const due = (conversationId: string, seq: number, change: Partial<NewDelivery> = {}): NewDelivery => ({
    id: `${conversationId}.${seq}.answered`,
    conversationId,
    seq,
    road: 'mail',
    kind: 'answered',
    target: null,
    facts: null,
    createdAt: 2_000,
    dueAt: 3_000,
    ...change,
  })

  /** A conversation with a message for each of these, whose deliveries they are. */
  async function filled(store: HelpDeskStore, ...changes: readonly Partial<NewDelivery>[]) {
    const { conversationId } = (await open(store)).row
    for (const [n, change] of changes.entries())
      await append(store, conversationId, [words(`message-${n}`)], {
        deliveries: () => [due(conversationId, n + 2, change)],
      })
    return conversationId
  }

  const claim = (store: HelpDeskStore, lease: string, now = 5_000, limit = 10) =>
    store.claimDeliveries({ lease, roads: ['mail', 'webhook'], now, until: now + 1_000, limit })
  const seqs = (rows: readonly { readonly seq: number }[]) => rows.map(({ seq }) => seq)

  return [
    caseOf('[S50] what is to be sent is stored with its events, or neither', async ({ store }) => {
      const { conversationId } = (await open(store)).row
      const deliveries = () => [due(conversationId, 2)]
      await append(store, conversationId, [words('message-1')], { deliveries, plan: () => 'closed' })
      expectEqual(await claim(store, 'lease-1'), [], 'of a refused append')
      await append(store, conversationId, [words('message-1')], { deliveries })
      await append(store, conversationId, [words('message-1')], { deliveries })
      expectEqual(
        (await claim(store, 'lease-2')).map(({ id, attempts }) => [id, attempts]),
        [[`${conversationId}.2.answered`, 1]],
        'of a stored one, said twice',
      )
    }),

    caseOf(
      '[S51] nothing is handed out before it is due, and then to one until the lease ends',
      async made => {
        const { store } = made
        const other = (await made.another?.()) ?? store
        await filled(store, {})
        expectEqual(await claim(store, 'early', 2_999), [], 'before it is due')
        const both = await Promise.all([claim(store, 'lease-a'), claim(other, 'lease-b')])
        expectEqual(both.flat().length, 1, 'who claimed it of two at once')
        expectEqual(await claim(other, 'lease-c', 5_999), [], 'while the lease holds')
        const [again] = await claim(other, 'lease-d', 6_000)
        expectEqual(again?.attempts, 2, 'tries, once the lease has ended')
      },
    ),

    caseOf('[S51] mail about one conversation goes in order, one at a time', async ({ store }) => {
      const conversationId = await filled(store, {}, {})
      expectEqual(seqs(await claim(store, 'lease-1')), [2], 'the first')
      await store.finishDelivery(`${conversationId}.2.answered`, 'lease-1', { state: 'sent', at: 5_100 })
      expectEqual(seqs(await claim(store, 'lease-2')), [3], 'then the second')
    }),

    caseOf('[S51] a road that is not asked for stays where it is', async ({ store }) => {
      await filled(store, { road: 'webhook', target: 'endpoint' })
      const mail = { lease: 'lease-1', roads: ['mail'] as const, now: 5_000, until: 6_000, limit: 10 }
      expectEqual(await store.claimDeliveries(mail), [], 'mail')
      expectEqual((await claim(store, 'lease-2')).length, 1, 'all roads')
    }),

    caseOf('[S51] rows are handed out by where they go, whatever lies before them', async ({ store }) => {
      const { conversationId } = (await open(store)).row
      const to = (n: number, target: string | null) => ({
        ...due(conversationId, n),
        id: `row-${n}`,
        road: 'webhook' as const,
        target,
        dueAt: 1_000 + n,
      })
      const rows = [to(1, 'a'), to(2, 'a'), to(3, 'b'), to(4, 'gone')]
      await append(store, conversationId, [words('message-1')], { deliveries: () => rows })
      const claimed = async (lease: string, more: object) => {
        const found = await store.claimDeliveries({
          lease,
          roads: ['webhook'],
          now: 5_000,
          until: 6_000,
          limit: 1,
          ...more,
        })
        return found.map(({ id }) => id)
      }
      expectEqual(await claimed('lease-b', { targets: ['b'] }), ['row-3'], 'of one')
      expectEqual(await claimed('lease-x', { otherTargets: ['a', 'b'] }), ['row-4'], 'of none that is known')
      expectEqual(await claimed('lease-a', { targets: ['a'] }), ['row-1'], 'of another')
      const which = { roads: ['webhook'], targets: ['a'], at: 5_500 } as const
      await store.giveUpDeliveries({ ...which, createdBefore: 0 })
      expectEqual((await store.countDeliveries()).failed, 0, 'young ones stay')
      await store.giveUpDeliveries({ ...which, createdBefore: 1_000_000 })
      expectEqual(
        (await store.failedDeliveries(10)).map(({ id, attempts }) => `${id} ${attempts}`),
        ['row-2 0'],
        'given up without a try; what is under way stays',
      )
    }),

    caseOf('[S52] who lost the lease changes nothing', async ({ store }) => {
      const conversationId = await filled(store, {})
      const id = `${conversationId}.2.answered`
      await claim(store, 'lease-1')
      await claim(store, 'lease-2', 6_000)
      const sent = { state: 'sent', at: 6_100 } as const
      expectTrue(!(await store.finishDelivery(id, 'lease-1', sent)), 'the first holder is too late')
      expectTrue(await store.finishDelivery(id, 'lease-2', sent), 'the second one says so')
      expectTrue(!(await store.finishDelivery(id, 'lease-2', sent)), 'once')
      expectEqual((await store.countDeliveries()).sent, 1, 'sent')
    }),

    caseOf('[S52] what was said together is not said again', async ({ store }) => {
      const conversationId = await filled(store, {}, {}, { kind: 'solved' })
      await claim(store, 'lease-1')
      const sent = { state: 'sent', at: 5_100, upTo: 4 } as const
      await store.finishDelivery(`${conversationId}.2.answered`, 'lease-1', sent)
      expectEqual(
        await store.countDeliveries(),
        { waiting: 1, sent: 1, dropped: 1, failed: 0 },
        'of two answers and a solved one',
      )
    }),

    caseOf('[S52] what failed is kept to be seen, until it is forgotten', async ({ store }) => {
      const conversationId = await filled(store, {})
      const id = `${conversationId}.2.answered`
      expectEqual(await store.oldestDeliveries(), { mail: 2_000 }, 'the oldest that waits')
      await claim(store, 'lease-1')
      await store.finishDelivery(id, 'lease-1', {
        state: 'waiting',
        dueAt: 7_000,
        attempts: 1,
        problem: 'ECONNECTION',
      })
      expectEqual(await claim(store, 'lease-2', 6_999), [], 'before the next try')
      await claim(store, 'lease-3', 7_000)
      await store.finishDelivery(id, 'lease-3', { state: 'failed', at: 7_100, problem: 'no such address' })
      expectEqual(
        await store.failedDeliveries(10),
        [
          {
            id,
            conversationId,
            road: 'mail',
            kind: 'answered',
            attempts: 2,
            doneAt: 7_100,
            problem: 'no such address',
          },
        ],
        'the failed one',
      )
      expectEqual(
        await store.settledMail(conversationId, 5),
        [{ kind: 'answered', state: 'failed', doneAt: 7_100, problem: 'no such address' }],
        'what became of the letter',
      )
      expectEqual(await store.settledMail('another-conversation', 5), [], 'of another conversation')
      expectEqual(await store.oldestDeliveries(), {}, 'none waits')
      await store.forgetDeliveries(7_101)
      expectEqual(await store.failedDeliveries(10), [], 'forgotten')
    }),

    caseOf(
      '[O15] what waits or was given up is tried at once or never again, unless it is under way',
      async ({ store }) => {
        const conversationId = await filled(store, {}, { id: 'second-one', kind: 'solved' })
        const [first, second] = [`${conversationId}.2.answered`, 'second-one']
        const ids = async () =>
          (await store.openDeliveries(5)).map(({ id, state, attempts }) => `${id} ${state} ${attempts}`)
        await claim(store, 'lease-1')
        expectTrue(!(await store.retryDelivery(first, 5_050)), 'under way')
        expectTrue(!(await store.dropDelivery(first, 5_050)), 'under way, no more')
        await store.finishDelivery(first, 'lease-1', { state: 'failed', at: 5_100, problem: 'refused' })
        expectEqual(await ids(), [`${first} failed 1`, `${second} waiting 0`], 'given up, then waiting')
        expectTrue(await store.retryDelivery(first, 6_000), 'tried again')
        expectTrue(await store.dropDelivery(second, 6_000), 'never again')
        expectEqual(await ids(), [`${first} waiting 0`], 'one waits')
        expectTrue(!(await store.dropDelivery(second, 6_100)), 'twice')
        const [claimed] = await store.claimDeliveries({
          lease: 'lease-2',
          roads: ['mail'],
          now: 6_000,
          until: 7_000,
          limit: 5,
        })
        expectEqual([claimed?.id, claimed?.attempts, claimed?.createdAt], [first, 1, 6_000], 'as a new one')
      },
    ),

    caseOf('what goes to one address is counted over all conversations', async ({ store }) => {
      const count = async (lease: string, openId: string, key: string, since = 0) => {
        const { conversationId } = (await open(store, openId)).row
        const delivery = due(conversationId, 2)
        await append(store, conversationId, [words('message-1')], { deliveries: () => [delivery] })
        await claim(store, lease)
        const before = await store.countTowards({ id: delivery.id, lease }, key, since)
        await store.finishDelivery(delivery.id, lease, { state: 'sent', at: 5_000 })
        return before
      }
      expectEqual(await count('lease-1', 'open-0001', 'a'), 0, 'the first to an address')
      expectEqual(await count('lease-2', 'open-0002', 'a'), 1, 'the second')
      expectEqual(await count('lease-3', 'open-0003', 'b'), 0, 'to another address')
      expectEqual(await count('lease-4', 'open-0004', 'a', 5_001), 0, 'an hour later')
      expectEqual(await store.countSent('answered', 5_000), 4, 'to whomever')
      expectEqual(await store.countSent('answered', 5_001), 0, 'to whomever, an hour later')
      expectEqual(await store.countSent('solved', 0), 0, 'of another kind')
    }),

    caseOf('[S53] erasing a conversation takes what waits and what was sent', async ({ store }) => {
      const conversationId = await filled(store, {}, {})
      await claim(store, 'lease-1')
      await store.erase(conversationId, 9_000)
      const sent = { state: 'sent', at: 5_100 } as const
      expectTrue(!(await store.finishDelivery(`${conversationId}.2.answered`, 'lease-1', sent)), 'under way')
      expectEqual(
        await store.countDeliveries(),
        { waiting: 0, sent: 0, dropped: 0, failed: 0 },
        'rows that are left',
      )
    }),
  ]
}
