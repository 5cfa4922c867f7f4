import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Brief, EscalationReason, Priority } from '../../../src/protocol/records'
import {
  priorityOf as decisionOf,
  PRIORITIES,
  type PriorityRules,
  raisedPriority,
} from '../../../src/server/priority'
import { emptyBrief } from '../../../src/testing/emptyBrief'

const priorityOf = (...given: Parameters<typeof decisionOf>) => decisionOf(...given).value
const CALM = { frustration: 0, urgency: 0, distress: 0, evidence: [] }
const sounding = (tone: Partial<typeof CALM>, reason: EscalationReason = 'askedForPerson'): Brief =>
  emptyBrief({ reason, tone: { ...CALM, ...tone } })
const inRole = (role: string, isSigned: boolean): Brief =>
  emptyBrief({ visitor: { locale: 'en', attributes: {}, role, ...(isSigned && { signed: ['role'] }) } })

describe('how pressing a conversation is when it comes to people', () => {
  test('without rules and with calm words: normal, also where the brief was erased', () => {
    expect(priorityOf(sounding({}), 'general', false, null)).toBe('normal')
    expect(priorityOf(null, 'general', false, null)).toBe('normal')
  })

  test('urgency and distress lift by a step; shouting only where the bot failed twice', () => {
    expect(priorityOf(sounding({ urgency: 0.8 }), 'general', false, null)).toBe('high')
    expect(priorityOf(sounding({ distress: 0.8 }), 'general', false, null)).toBe('high')
    expect(priorityOf(sounding({ frustration: 1 }), 'general', false, null)).toBe('normal')
    expect(priorityOf(sounding({ frustration: 1 }, 'notSolvedTwice'), 'general', false, null)).toBe('high')
  })

  test('the site’s rule of a category holds, and words lift what it put back', () => {
    const rules: PriorityRules = { categories: { feedback: 'low', payment: 'high' } }
    expect(priorityOf(sounding({}), 'feedback', false, rules)).toBe('low')
    expect(priorityOf(sounding({ urgency: 0.9 }), 'feedback', false, rules)).toBe('normal')
    expect(priorityOf(sounding({}), 'payment', false, rules)).toBe('high')
    expect(priorityOf(sounding({}), 'constructor', false, rules)).toBe('normal')
  })

  test('urgent takes a rule and a visitor whom a token names', () => {
    const rules: PriorityRules = { categories: { hacked: 'urgent' } }
    expect(priorityOf(sounding({}), 'hacked', false, rules)).toBe('high')
    expect(priorityOf(sounding({}), 'hacked', true, rules)).toBe('urgent')
  })

  test('a role counts where it is signed, and nothing where it is only said', () => {
    const rules: PriorityRules = { roles: { partner: 'urgent' } }
    expect(priorityOf(inRole('partner', false), 'general', false, rules)).toBe('normal')
    expect(priorityOf(inRole('partner', true), 'general', true, rules)).toBe('urgent')
  })

  test('the words that raised it are named, and the rule that it may not go below', () => {
    const rules: PriorityRules = { categories: { payment: 'normal', hacked: 'urgent' } }
    const urgent = sounding({ urgency: 0.9, evidence: ['asap', 'rent'] as never })
    expect(decisionOf(urgent, 'payment', false, rules)).toEqual({
      value: 'high',
      least: 'normal',
      rule: 'priority@1',
      reasons: [
        { code: 'categoryRule', words: ['payment'] },
        { code: 'urgentWords', words: ['asap', 'rent'] },
      ],
    })
    expect(decisionOf(urgent, 'hacked', false, rules)).toMatchObject({
      value: 'high',
      reasons: [{ code: 'categoryRule', words: ['hacked'] }, { code: 'notSignedIn' }],
    })
    expect(decisionOf(sounding({}), 'general', false, null).reasons).toEqual([])
  })

  test('words that the server hears lift like those that the device told, and are the ones named', () => {
    const heard = [{ code: 'urgentWords', words: ['deadline'] }]
    expect(decisionOf(emptyBrief(), 'general', false, null, heard)).toMatchObject({
      value: 'high',
      reasons: [{ code: 'urgentWords', words: ['deadline'] }],
    })
    const angry = [{ code: 'anger', words: ['useless'] }]
    expect(decisionOf(emptyBrief(), 'general', false, null, angry).value).toBe('normal')
  })

  test('tone never brings it below the site’s rule, and a later look never below what held', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const priority = fc.constantFrom<Priority>(...PRIORITIES)
    const rank = (one: Priority) => PRIORITIES.indexOf(one)
    fc.assert(
      fc.property(
        share,
        share,
        share,
        priority,
        priority,
        fc.boolean(),
        (frustration, urgency, distress, rule, held, isProved) => {
          const brief = sounding({ frustration, urgency, distress }, 'notSolvedTwice')
          const decision = decisionOf(brief, 'a', isProved, { categories: { a: rule } })
          const calm = decisionOf(sounding({}), 'a', isProved, { categories: { a: rule } })
          expect(calm.value).toBe(decision.least)
          expect(rank(decision.value)).toBeGreaterThanOrEqual(rank(decision.least))
          const raised = raisedPriority({ priority: held, byAgent: false }, decision)?.value ?? held
          expect(rank(raised)).toBe(Math.max(rank(held), rank(decision.value)))
          expect(raisedPriority({ priority: held, byAgent: true }, decision)).toBeNull()
        },
      ),
    )
  })

  test('whatever a brief says, without proof it is worth `high` at most', () => {
    const share = fc.oneof(fc.double(), fc.constantFrom(0.6, 1, Number.NaN, Number.POSITIVE_INFINITY))
    const priority = fc.constantFrom<Priority>(...PRIORITIES)
    const rules = fc.record({
      categories: fc.dictionary(fc.constantFrom('a', 'b'), priority),
      roles: fc.dictionary(fc.constantFrom('a', 'b'), priority),
    })
    const reason = fc.constantFrom<EscalationReason>('askedForPerson', 'policyTopic', 'notSolvedTwice')
    fc.assert(
      fc.property(share, share, share, reason, rules, fc.constantFrom('a', 'b', 'c'), (...given) => {
        const [frustration, urgency, distress, why, site, name] = given
        const brief = { ...sounding({ frustration, urgency, distress }, why), category: name }
        const said = { ...brief, visitor: { ...brief.visitor, role: name } }
        expect(priorityOf(said, name, false, site)).not.toBe('urgent')
      }),
    )
  })
})
