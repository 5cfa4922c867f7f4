// The live half against a model, by commands that chance puts together. A counterexample that this finds is kept in
// `session.test.ts` under what the visitor saw.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSessionWorld, type SessionWorld } from './sessionWorld'

type Step = fc.Command<{ steps: number }, SessionWorld>

const RUNS = Number(process.env.ASKLET_SESSION_RUNS ?? 3_000)
const STORED_A_RUN = 3
const SEED = process.env.ASKLET_SESSION_SEED

const step = (name: string, run: (world: SessionWorld) => void): Step => ({
  check: () => true,
  run(model, world) {
    model.steps++
    run(world)
  },
  toString: () => name,
})
const place = fc.nat(3)
const how = fc.constantFrom('deliver' as const, 'deliver' as const, 'lose' as const, 'double' as const)

const steps: fc.Arbitrary<Step>[] = [
  ...[1, 2, 3].map(() => fc.constant(step('say', world => world.say()))),
  fc.constant(step('sayBad', world => world.sayBad())),
  fc.nat(2).map(turns => step(`open(${turns})`, world => world.open(turns))),
  ...[1, 2, 3].map(() => fc.constant(step('disk', world => world.disk(false)))),
  fc.constant(step('disk refuses', world => world.disk(true))),
  fc.constant(step('lead', world => world.lead())),
  fc.constant(step('look', world => world.look())),
  fc.constant(step('link up', world => world.link(true))),
  fc.constant(step('link down', world => world.link(false))),
  ...[1, 2].map(() =>
    fc.tuple(how, place).map(([each, n]) => step(`request ${each} ${n}`, world => world.request(each, n))),
  ),
  place.map(n => step(`refuse ${n}`, world => world.refuse(n))),
  ...[1, 2].map(() => place.map(n => step(`answer ${n}`, world => world.answer('deliver', n)))),
  place.map(n => step(`answer lost ${n}`, world => world.answer('lose', n))),
  place.map(n => step(`orphan ${n}`, world => world.orphan(n))),
  fc.tuple(how, place).map(([each, n]) => step(`push ${each} ${n}`, world => world.push(each, n))),
  fc.constant(step('beacon', world => world.beacon())),
  fc.constant(step('agent says', world => world.agentSays())),
  fc.constant(step('agent ends', world => world.agentEnds())),
  fc.nat(3).map(cut => step(`restore -${cut}`, world => world.restore(cut))),
  fc.constant(step('answered and lost', world => world.answeredAndLost())),
  ...[1, 2].map(() => fc.constant(step('calm', world => world.calm()))),
  fc.constant(step('seen', world => world.seen())),
  fc.constantFrom(10, 300, 3_000, 20 * 60_000).map(ms => step(`wait ${ms}`, world => world.wait(ms))),
  fc.constant(step('decide', world => world.decide())),
  fc.constant(step('retry failed', world => world.retryFailed())),
  fc.boolean().map(isLogout => step(isLogout ? 'logout' : 'leave', world => world.leave(isLogout))),
  fc.nat(3).map(done => step(`reload ${done}`, world => world.reload(done))),
  ...[1, 2].map(() => fc.constant(step('load', world => world.load()))),
  fc.constant(step('claimed elsewhere', world => world.claimedElsewhere())),
  fc.constant(step('other says', world => world.otherSays())),
  fc.constant(step('other sends', world => world.otherSends())),
  fc.constant(step('stranger says', world => world.strangerSays())),
  fc.constant(step('other repeats', world => world.otherRepeats())),
  fc.constant(step('other discards', world => world.otherDiscards())),
  fc.constant(step('other opens', world => world.otherOpens())),
  fc.constant(step('other holds', world => world.otherHolds())),
  fc.constant(step('other leaves', world => world.otherLeaves())),
  fc.constant(step('other tells a page', world => world.otherTellsPage())),
  fc.constant(step('other tells an old one', world => world.otherTellsOld())),
  fc.constant(step('other comes', world => world.otherComes())),
  fc.constant(step('other wants', world => world.otherWants())),
]

/** Most pages begin like this; without it most commands would find nothing to do. */
const beginnings = {
  nothing() {},
  'a wish for a person'(world: SessionWorld) {
    world.lead()
    world.disk(false)
    world.link(true)
    world.open(1)
    for (let n = 0; n < 5; n++) world.disk(false)
  },
  'an open conversation'(world: SessionWorld) {
    beginnings['a wish for a person'](world)
    for (let n = 0; n < 3; n++) world.calm()
  },
}

test('[D2] [D6] [D9] [D10] [D12] [D13] [D17] whatever happens in whatever order, all words are stored once, in typed order', {
  timeout: 120_000,
}, () => {
  let stored = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(beginnings) as (keyof typeof beginnings)[])),
      fc.commands(steps, { size: 'max', maxCommands: 100 }),
      fc.boolean(),
      (beginning, commands, decidesThere) => {
        const world = createSessionWorld()
        beginnings[beginning](world)
        fc.modelRun(() => ({ model: { steps: 0 }, real: world }), commands)
        world.finish(decidesThere)
        stored += world.stored()
      },
    ),
    { numRuns: RUNS, ...(SEED !== undefined && { seed: Number(SEED) }) },
  )
  // Runs in which nothing is said prove nothing.
  expect(stored / RUNS).toBeGreaterThan(STORED_A_RUN)
})
