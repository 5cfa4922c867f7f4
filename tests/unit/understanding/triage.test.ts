import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ScoreWithReasons } from '../../../src/protocol/records'
import { english } from '../../../src/understanding/languages/en'
import { ENGLISH_TRIAGE } from '../../../src/understanding/languages/enTriage'
import { loadTriageWords } from '../../../src/understanding/languages/triageWords'
import { createTriage, SURE_CATEGORY, type TriageInput } from '../../../src/understanding/triage'

const triage = createTriage({ language: english, words: ENGLISH_TRIAGE })
const codes = ({ reasons }: ScoreWithReasons) => reasons.map(({ code }) => code)

test('a locked account is pressing and quick, with the words that say so', () => {
  const { urgency, complexity, category } = triage({
    question: "I can't sign in and the deadline is tomorrow, please help asap",
  })
  expect(category).toBe('account')
  expect(urgency.score).toBeGreaterThan(0.7)
  expect(urgency.reasons).toEqual([
    { code: 'urgentWords', words: ['deadline', 'asap'] },
    { code: 'blocked', words: ["can't sign in"] },
    { code: 'soon', words: ['tomorrow'] },
  ])
  expect(complexity).toEqual({ score: 0, reasons: [] })
})

test('a long story of several things is much work, and may wait', () => {
  const { urgency, complexity } = triage({
    question:
      'How are fees of a milestone counted when the client pays in euros? Also, which of them stand on the invoice? ' +
      'And then I would like to know how my agency and its freelancers should enter them in their tax return.',
    tried: 2,
    page: { errors: ['Could not load'] },
  })
  expect(urgency.score).toBe(0)
  expect(codes(complexity)).toEqual(
    expect.arrayContaining(['otherParty', 'several', 'severalQuestions', 'tried', 'pageErrors']),
  )
  expect(complexity.score).toBeGreaterThan(0.5)
})

test('calm words about nothing in particular: both scores are 0, without a reason', () => {
  const { urgency, complexity, category, confidence } = triage({ question: 'hello there' })
  expect([urgency, complexity]).toEqual([
    { score: 0, reasons: [] },
    { score: 0, reasons: [] },
  ])
  expect(category).toBe('general')
  expect(confidence).toBeLessThan(SURE_CATEGORY)
})

test('what the visitor says later counts, too, and a word that is said twice counts once', () => {
  const question = 'my withdrawal has not arrived'
  const later = ['is anybody there?', 'I am still waiting', 'still waiting']
  const { urgency } = triage({ question, later })
  expect(urgency.reasons.find(({ code }) => code === 'chased')?.words).toEqual(['still waiting'])
  expect(urgency.score).toBeGreaterThan(triage({ question }).urgency.score)
})

test('what the device heard counts where no list hears anything', () => {
  const tone = { frustration: 0, urgency: 0.8, distress: 0, evidence: ['dringend'] }
  expect(triage({ question: 'Bitte dringend', tone }).urgency.reasons).toEqual([
    { code: 'urgentWords', words: ['dringend'] },
  ])
})

test('words of the site’s own categories go before the language’s', () => {
  const own = createTriage({
    language: english,
    words: ENGLISH_TRIAGE,
    categories: [{ name: 'milestones', words: ['milestone', 'escrow'] }],
  })
  expect(own({ question: 'the refund of my milestone' }).category).toBe('milestones')
  // Disputes are no category of this site: the topic is heard all the same.
  expect(codes(own({ question: 'the client refuses to release my milestone' }).urgency)).toContain(
    'policyTopic',
  )
})

test('where words and topic say two things the confidence is lower', () => {
  const both = triage({ question: 'my payment was charged twice, I want a refund' })
  expect(both.category).toBe('payments')
  const against = triage({
    question: 'the buyer refuses to pay for the parcel, order, delivery and shipping',
  })
  expect(against.confidence).toBeLessThan(both.confidence)
})

test('of a language without words facts still count, and nothing is guessed', async () => {
  expect(await loadTriageWords('tlh')).toBeNull()
  const blind = createTriage({ language: null, words: null })
  const { category, urgency, complexity } = blind({ question: 'x'.repeat(5_000), page: { errors: ['No'] } })
  expect(category).toBe('general')
  expect(urgency.score).toBe(0)
  expect(complexity.reasons).toEqual([{ code: 'pageErrors', count: 1 }])
})

test('scores are 0 … 1, a score above 0 has a reason, each further message takes nothing away', () => {
  const words = fc.constantFrom(
    'urgent',
    'refund',
    'also',
    'client',
    'tomorrow',
    '?',
    'order',
    'fine',
    '12 USD',
  )
  const text = fc.array(words, { maxLength: 12 }).map(each => each.join(' '))
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 3 }), text, (question, later, more) => {
      const input: TriageInput = { question, later }
      const [before, after] = [triage(input), triage({ question, later: [...later, more] })]
      for (const one of ['urgency', 'complexity'] as const) {
        expect(before[one].score > 0).toBe(before[one].reasons.length > 0)
        expect(after[one].score).toBeGreaterThanOrEqual(before[one].score)
        expect(after[one].score).toBeLessThanOrEqual(1)
      }
      expect(before.confidence).toBeGreaterThanOrEqual(0)
      expect(before.confidence).toBeLessThanOrEqual(1)
    }),
    { numRuns: 200 },
  )
})

test('whatever somebody pastes, a record stays small and is made at once', () => {
  const paste = `${"urgent refund can't pay ".repeat(200)}${'a'.repeat(4_000)}`
  const record = triage({
    question: paste,
    later: Array.from({ length: 200 }, () => paste),
    details: Array.from({ length: 40 }, (_, n) => `${n}${'9'.repeat(900)}`),
  })
  expect(JSON.stringify(record).length).toBeLessThan(8_000)
})
