// What agents and visitors do at a desk, on nodes over one database, while lines, nodes, the broker, the database and
// the place for bytes fail. `npm run simulate -- --of acts` plays as many as one likes.

import { describe, expect, test } from 'vitest'
import { runActs } from './acts/schedule'
import { seenFrom } from './seenFrom'

const SCHEDULES = Number(process.env.ASKLET_ACTS ?? 12)

test('[D18] [D27] [D28] [D30] [D34] [D35] [D39] [F2] [F3] [F9] an act is done once, a conversation is in one hand, a desk shows what is stored', {
  timeout: 600_000,
}, async () => {
  const done: Record<string, number> = {}
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const outcome = await runActs(seed)
    expect(outcome.violations, `seed ${seed}`).toEqual([])
    for (const [name, times] of Object.entries(outcome.done)) done[name] = (done[name] ?? 0) + times
  }
  // Schedules in which nothing is done prove nothing.
  for (const name of [
    'claim',
    'transfer',
    'release',
    'note',
    'label',
    'setPriority',
    'setCategory',
    'presence',
    'send',
  ])
    expect(done[name] ?? 0, name).toBeGreaterThan(0)
})

test('[J1] every act of a desk that promises and routes has its decision beside it, and the same would be decided again', {
  timeout: 120_000,
}, async () => {
  const premises = {
    priorities: { categories: { billing: 'high', account: 'low' } },
    serviceLevels: {
      default: { firstResponseMinutes: 60 },
      categories: { billing: { resolutionMinutes: 480 } },
    },
    skills: { 'agent-ada': ['billing'], 'agent-grace': ['account'] },
  } as const
  for (const seed of [1, 2, 3])
    expect((await runActs(seed, {}, premises)).violations, `seed ${seed}`).toEqual([])
})

test('the same seed is the same schedule', { timeout: 60_000 }, async () => {
  expect((await runActs(7)).history).toEqual((await runActs(7)).history)
})

describe('what a schedule found stays mended', () => {
  // The `deskChanged` of a node that had not looked around yet was swallowed by its first look.
  test('seed 6: a colleague who has gone is seen to be gone by who came in a node’s first seconds', {
    timeout: 60_000,
  }, async () => {
    expect((await runActs(6)).violations).toEqual([])
  })
})

describe('the judge goes red when', () => {
  test.each([
    ['[D6] an act is answered and goes nowhere', { forgetsActs: true }, 'acknowledged act', 1],
    ['[D30] a repeated note is another note', { newNoteOnRepeat: true }, 'acknowledged act', 21],
    ['[D18] everybody who claims is told that they have it', { everyClaimWins: true }, 'acknowledged act', 6],
    ['[D18] nobody looks whether an agent is still there', { forgetsLostAgents: true }, "nobody's hands", 45],
    ['[D27] the desk’s queue knows no priority', { ignoresPriority: true }, 'shown', 1],
    ['[D30] what agents know is in a visitor’s page', { leaksNotes: true }, 'secret', 1],
    ['[F3] bytes of a file are not kept', { losesBytes: true }, 'file', 1],
    ['[F9] bytes that nobody needs stay', { keepsBytes: true }, 'bytes left', 1],
    ['a desk shows old details', { oldDetails: true }, 'shown', 1],
    ['a desk shows an old list', { oldList: true }, 'shown', 1],
  ] as const)('%s', { timeout: 120_000 }, async (_title, mutation, kind, first) => {
    const violationsOf = async (seed: number) => (await runActs(seed, mutation)).violations
    expect(await seenFrom(first, 100, kind, violationsOf)).not.toBeNull()
  })
})
