import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Brief, EscalationReason, Priority } from '../../../src/protocol/records'
import { PRIORITIES, type PriorityRules, priorityOf } from '../../../src/server/priority'
import { emptyBrief } from '../../../src/testing/contracts/storeContract'

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
