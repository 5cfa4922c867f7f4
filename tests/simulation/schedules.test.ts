// Many small worlds, in memory and at the speed of functions: visitors with tabs and disks, agents, nodes, faults.
// `npm run simulate` plays as many more as one likes, and says how to play one again.

import { describe, expect, test } from 'vitest'
import { seenFrom } from './seenFrom'
import { runSchedule } from './world/schedule'

const SCHEDULES = Number(process.env.ASKLET_SCHEDULES ?? 2_000)

test('[D1]-[D14] [D17] [D18] [D21] [D22] nothing is lost, doubled or reordered, all converge, one at a time has the word', {
  timeout: 600_000,
}, () => {
  let stored = 0
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const outcome = runSchedule(seed)
    expect(outcome.violations, `seed ${seed}`).toEqual([])
    stored += outcome.stored
  }
  // A schedule in which nothing is said proves nothing.
  expect(stored / SCHEDULES).toBeGreaterThan(15)
})

test('the same seed is the same schedule', () => {
  expect(runSchedule(7).history).toEqual(runSchedule(7).history)
})

describe('the checker goes red when', () => {
  test.each([
    ['[D6] a server answers before it commits', { acksBeforeCommit: true }, 'lost', 6],
    ['[D8] a server pushes before it commits', { emitsBeforeCommit: true }, 'diverged', 4],
    ['[D3] a node keeps the keys in its memory', { keysInMemory: true }, 'duplicate', 1927],
    ['[D3] a node counts seqs in its memory', { seqInMemory: true }, 'gap', 1],
    ['[D2] a retry takes a new key', { newKeyOnRetry: true }, 'duplicate', 6],
    ['[D9] the outbox is in memory', { forgetsDisk: true }, 'lost', 8],
    ['[D17] words of a tab that is gone wait for the next page', { looksOnce: true }, 'lost', 2151],
    [
      '[D13] [D14] nobody looks for gaps and no beacon comes',
      { noBeacon: true, noGapCheck: true },
      'not converged',
      4,
    ],
  ] as const)('%s', { timeout: 120_000 }, async (_title, mutation, kind, first) => {
    const violationsOf = (seed: number) => runSchedule(seed, mutation).violations
    expect(await seenFrom(first, 10_000, kind, violationsOf)).not.toBeNull()
  })
})
