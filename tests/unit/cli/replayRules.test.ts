import fc from 'fast-check'
import { expect, test } from 'vitest'
import { REPLAY_RULES } from '../../../src/cli/replayRules'
import {
  decide,
  ESCALATION_RULES,
  type EscalationConfig,
  type EscalationSigns,
  signsOf,
} from '../../../src/conversation/escalation'
import { replayEntry } from '../../../src/server/replay'

const share = fc.double({ min: 0, max: 1, noNaN: true })
const config: EscalationConfig = {
  valueAtStake: { fact: 'amount', atLeast: 500 },
  roles: ['client'],
  attributes: { plan: ['gold'] },
}
const signs = fc.record(
  {
    turn: fc.option(
      fc.record({ missed: fc.boolean(), confidence: share, escalate: fc.constant(undefined) }),
      { nil: undefined },
    ),
    misses: fc.nat(4),
    reading: fc.record({
      tone: fc.record({
        frustration: share,
        urgency: share,
        distress: share,
        evidence: fc.constant(['now']),
      }),
      wantsPerson: fc.boolean(),
      policyTopics: fc.subarray(['payment', 'law']),
    }),
    wasAngry: fc.boolean(),
    wasDeclined: fc.boolean(),
    isAnybodyThere: fc.option(fc.boolean(), { nil: undefined }),
    config: fc.constant(config),
    facts: fc.record({
      page: fc.record({ data: fc.constantFrom({}, { amount: '900', secret: 'CANARY' }) }),
      visitor: fc.record({
        role: fc.constantFrom('client', 'guest'),
        email: fc.constant('CANARY'),
        attributes: fc.constantFrom({}, { plan: 'gold', other: 'CANARY' }),
      }),
    }),
  },
  { requiredKeys: ['misses', 'turn'] },
) as fc.Arbitrary<unknown> as fc.Arbitrary<EscalationSigns>

test('an offer of a person is decided again from what the journal holds, and from nothing that it must not hold', async () => {
  await fc.assert(
    fc.asyncProperty(signs, async given => {
      const kept = signsOf(given)
      expect(kept).not.toContain('CANARY')
      const decision = decide(given)
      const entry = {
        kind: 'escalated',
        inputs: { question: 'x', signs: kept },
        masked: ['question'],
        rule: ESCALATION_RULES,
        outcome: decision?.reason ?? 'nothing',
        reason: '',
      } as const
      expect(await replayEntry(entry, async () => undefined, REPLAY_RULES)).toEqual({ result: 'equal' })
    }),
  )
})

test('signs that were masked, or are none, are not replayed and break nothing', async () => {
  const entry = {
    kind: 'escalated',
    inputs: {},
    rule: ESCALATION_RULES,
    outcome: 'policyTopic',
    reason: '',
  } as const
  const replay = (change: object) => replayEntry({ ...entry, ...change }, async () => undefined, REPLAY_RULES)
  for (const signs of ['{', '[]', 'null', '{"reading":{"wantsPerson":false}}'])
    expect((await replay({ inputs: { signs } })).result, signs).not.toBe('equal')
  expect(await replay({ inputs: { signs: '{}' }, masked: ['signs'] })).toEqual({
    result: 'notReplayable',
    why: 'masked: signs',
  })
})
