// The journal's rules of the store, S30 to S34, as cases of `storeContract`.

import type { JournalEntry, JournalRecord } from '../../journal/record'
import {
  bodyHash,
  type ChainEntry,
  linkAfter,
  merkleRoot,
  NO_LINK,
  statementHash,
} from '../../server/journalChain'
import type { AppendOutcome, AppendRequest, HelpDeskStore, NewEvent } from '../../server/store/helpDeskStore'
import type { SealRequest } from '../../server/store/journalStore'
import { type ContractCase, expectEqual, expectTrue } from './contractCase'
import type { StoreUnderTest } from './storeContract'

export interface JournalCasesOf {
  readonly caseOf: (title: string, run: (given: StoreUnderTest) => Promise<void>) => ContractCase
  open(store: HelpDeskStore, openId?: string, identity?: string): Promise<{ row: { conversationId: string } }>
  append(
    store: HelpDeskStore,
    conversationId: string,
    drafts: readonly NewEvent[],
    change?: Partial<AppendRequest>,
  ): Promise<AppendOutcome>
}

const decided = (outcome: string): JournalEntry => ({
  kind: 'prioritised',
  inputs: { tone: 0.7 },
  rule: 'priority@1',
  outcome,
  reason: 'the words',
})

const draft = (clientId: string, ...journal: JournalEntry[]): NewEvent => ({
  sender: 'system',
  clientId,
  author: { kind: 'system' },
  body: { type: 'prioritised', priority: 'high' },
  ...(journal.length > 0 && { journal }),
})

const record = (id: string, change: Partial<JournalRecord> = {}): JournalRecord => ({
  id,
  kind: 'missed',
  at: 5,
  inputs: {},
  rule: 'flow@1',
  reason: 'none fits',
  ...change,
})

/** Whether each entry is linked to the one before, as J4 says, and each body that is left has its hash. */
function expectChain(entries: readonly ChainEntry[], what: string) {
  let before = NO_LINK
  for (const [index, entry] of entries.entries()) {
    expectEqual(entry.n, index + 1, `${what}: place ${index + 1}`)
    if (entry.salt !== null)
      expectEqual(bodyHash(entry.salt, entry.body ?? ''), entry.hash, `${what}: hash ${entry.n}`)
    expectEqual(linkAfter(before, entry, entry.hash), entry.link, `${what}: link ${entry.n}`)
    before = entry.link
  }
}

const sealing = (change: Partial<SealRequest> = {}): SealRequest => ({
  at: 90_000_000,
  day: '1970-01-01',
  key: { id: 'key-1', publicKey: 'public' },
  sign: ({ n }) => `signed ${n}`,
  ...change,
})

export function journalCases({ caseOf, open, append }: JournalCasesOf): readonly ContractCase[] {
  return [
    caseOf('[S30] what was decided is stored and chained with its event, once', async ({ store }) => {
      const { row } = await open(store)
      const { conversationId } = row
      const two = [draft('p-1', decided('high'), decided('urgent')), draft('p-2')]
      await append(store, conversationId, two)
      await append(store, conversationId, two)
      const entries = await store.chain(conversationId, 0, 10)
      expectChain(entries, 'chain')
      expectEqual(
        entries.map(({ n, seq, at, kind, origin }) => ({ n, seq, at, kind, origin })),
        [1, 2].map(n => ({ n, seq: 2, at: 2_000, kind: 'prioritised', origin: null })),
        'entries',
      )
      expectTrue(entries[0]?.body?.includes('"outcome":"high"') ?? false, 'the decision is in the body')
      expectTrue(entries[0]?.salt !== entries[1]?.salt, 'each has a salt of its own')
    }),

    caseOf('[S30] a refused append leaves no decision behind', async ({ store }) => {
      const { row } = await open(store)
      await append(store, row.conversationId, [draft('p-1', decided('high'))], { plan: () => 'closed' })
      expectEqual(await store.chain(row.conversationId, 0, 10), [], 'entries')
    }),

    caseOf('[S31] appends and records of devices at once make one chain without a fork', async given => {
      const { store } = given
      const nodes = given.another ? [store, await given.another(), await given.another()] : [store]
      const { row } = await open(store)
      const { conversationId } = row
      await Promise.all(
        Array.from({ length: 24 }, async (_, n) => {
          const node = nodes[n % nodes.length] as HelpDeskStore
          if (n % 3 === 2) await node.addJournal([record(`device-${n}`)], 2_500 - n, conversationId)
          else if (n % 3 === 1) await node.addJournal([record(`visit-${n}`)], 2_500 - n)
          else await append(node, conversationId, [draft(`p-${n}`, decided('high'))])
        }),
      )
      const entries = await store.chain(conversationId, 0, 100)
      expectChain(entries, 'chain')
      expectEqual(entries.length, 16, 'entries')
      expectEqual(entries.filter(({ origin }) => origin === 'device').length, 8, 'of devices')
      expectTrue(
        entries.every(({ at }, n) => n === 0 || at >= (entries[n - 1] as ChainEntry).at),
        'no entry is earlier than the one before',
      )
      const visits = await store.chain('visits:1970-01-01', 0, 100)
      expectChain(visits, 'visits')
      expectEqual(visits.length, 8, 'records before any conversation')
      const heads = await store.chainHeads('', 10)
      expectEqual(
        heads.map(({ chain, n, link }) => [chain, n, link]).sort(),
        [entries, visits].map(each => [each[0]?.chain, each.length, each.at(-1)?.link]).sort(),
        'heads',
      )
    }),

    caseOf('[S32] a record is stored once, whatever chain it comes to', async ({ store }) => {
      const { row } = await open(store)
      await store.addJournal([record('r1'), record('r1')], 1_000)
      await store.addJournal([record('r1'), record('r2')], 1_000, row.conversationId)
      expectEqual((await store.chain('visits:1970-01-01', 0, 10)).length, 1, 'of the day')
      expectEqual(
        (await store.chain(row.conversationId, 0, 10)).map(({ id }) => id),
        ['r2'],
        'of the conversation',
      )
      expectEqual((await store.journal(0, 10)).length, 2, 'all')
    }),

    caseOf('[S33] erasing takes what was decided on, and the chain still verifies', async given => {
      const { store } = given
      const { row } = await open(store)
      const { conversationId } = row
      await append(store, conversationId, [draft('p-1', decided('CANARY'))])
      await store.addJournal([record('r1', { inputs: { question: 'CANARY' } })], 3_000, conversationId)
      const before = await store.chain(conversationId, 0, 10)
      await store.erase(conversationId, 4_000)
      await store.erase(conversationId, 5_000)
      const entries = await store.chain(conversationId, 0, 10)
      expectChain(entries, 'chain')
      expectEqual(
        entries.slice(0, 2).map(({ link }) => link),
        before.map(({ link }) => link),
        'links stay',
      )
      expectEqual(
        entries.map(({ kind, salt, at }) => [kind, salt === null, at]),
        [
          ['prioritised', true, 2_000],
          ['missed', true, 3_000],
          ['erased', false, 4_000],
        ],
        'what is left',
      )
      expectTrue(!JSON.stringify([entries, await store.journal(0, 10)]).includes('CANARY'), 'words are gone')
      await store.addJournal([record('r9', { inputs: { question: 'CANARY' } })], 3_000)
      const [newest] = (await store.journal(0, 10)).slice(-1)
      expectEqual((await store.journalAt(newest?.position ?? 0))?.record.id, 'r9', 'the one at its place')
      await store.eraseChain('visits:1970-01-01', 6_000)
      expectEqual(await store.journalAt(newest?.position ?? 0), null, 'what was erased')
      const visits = await store.chain('visits:1970-01-01', 0, 10)
      expectChain(visits, 'visits')
      expectEqual(visits[0]?.body ?? null, null, 'a record of a day')
    }),

    caseOf('[S34] a root covers what moved since the one before, and is made once', async given => {
      const { store } = given
      const other = given.another ? await given.another() : store
      expectEqual(await store.seal(sealing()), null, 'a root over nothing')
      expectEqual(await store.unsealedSince(), null, 'nothing waits for a root')
      const { row } = await open(store)
      const chains = [row.conversationId, 'visits:1970-01-01']
      await append(store, row.conversationId, [draft('p-1', decided('high'))])
      await store.addJournal([record('r1')], 1_000)
      expectEqual(await store.unsealedSince(), 1_000, 'since when the oldest waits')
      const made = await Promise.all(
        [store, other].map(node => node.seal(sealing({ ofBefore: 86_400_000 })).catch(() => null)),
      )
      expectEqual(await store.seal(sealing({ ofBefore: 500, day: '1970-01-09' })), null, 'of nothing so old')
      const [first, ...more] = made.filter(root => root !== null)
      expectEqual(more, [], 'a second root')
      const heads = await store.chainHeads('', 10)
      expectEqual(first?.root, merkleRoot(heads), 'root')
      expectEqual([first?.n, first?.previous, first?.signature], [1, '', 'signed 1'], 'first root')
      expectEqual(
        heads.map(({ n, sealedN }) => [n, sealedN]),
        [
          [1, 1],
          [1, 1],
        ],
        'heads that are covered',
      )
      expectEqual(
        (await store.rootHeads(1)).map(({ chain }) => chain).sort(),
        [...chains].sort(),
        'what it covers',
      )
      expectEqual(await store.seal(sealing({ day: '1970-01-02' })), null, 'a root of a quiet day')
      await store.addJournal([record('r2')], 2_000)
      const second = await store.seal(sealing({ day: '1970-01-02', at: 95_000_000 }))
      expectEqual([second?.n, second?.heads], [2, 1], 'second root')
      expectEqual(second?.previous, first && statementHash(first), 'what it follows')
      expectEqual(await store.roots(0, 10), [first, second], 'as read')
      expectEqual(
        await store.rootKeys(),
        [{ id: 'key-1', publicKey: 'public', since: 90_000_000 }],
        'public keys',
      )
    }),

    caseOf('what a rule decided by is kept under its hash, as it was first', async ({ store }) => {
      await store.keepRuleFile({ hash: 'h', name: 'hours', content: '{}', at: 1 })
      await store.keepRuleFile({ hash: 'h', name: 'hours', content: '{"changed":1}', at: 2 })
      expectEqual(await store.ruleFile('h'), { name: 'hours', content: '{}' }, 'file')
      expectEqual(await store.ruleFile('none'), null, 'one that is not there')
    }),
  ]
}
