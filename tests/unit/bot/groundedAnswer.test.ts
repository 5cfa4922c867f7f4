// Only what a passage supports is said, and only when it is likely to be what was asked.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { USUALLY_KNOWN } from '../../../src/bot/answerWeights'
import { groundedAnswer } from '../../../src/bot/groundedAnswer'
import type { AskedWord, Passage } from '../../../src/search/searchProvider'
import { english } from '../../../src/understanding/languages/en'

const fees: Passage = {
  articleId: 'payments/fees',
  title: 'Service fees',
  headingId: 'pay',
  headingText: 'What you pay',
  text: 'Welcome to this page. We update it every year. The fee is 10 % of each payment. It is taken from 20.00 USD upwards. Clients pay nothing.',
  score: 0.8,
}
const teams: Passage = {
  ...fees,
  articleId: 'payments/fees-for-teams',
  text: 'Teams pay a fee of 8 %.',
  score: 0.7,
}
const { headingId: _, headingText: __, ...opening } = fees

/** What our own search says of the words, all of one weight. */
const asked = (...words: readonly (readonly [word: string, ...as: string[]])[]): readonly AskedWord[] =>
  words.map(([word, ...as]) => ({ word, weight: 1 / words.length, as }))

function answerTo(...given: Parameters<typeof groundedAnswer>) {
  const said = groundedAnswer(...given)
  if (said.kind !== 'answer') throw new Error(`no answer but ${said.kind}`)
  return said
}

test('the sentences that speak to the question are quoted, neighbours together, each with its source', () => {
  const citation = {
    articleId: 'payments/fees',
    title: 'Service fees',
    headingId: 'pay',
    headingText: 'What you pay',
  }
  const sentences = [
    'The fee is 10 % of each payment.',
    'It is taken from 20.00 USD upwards.',
    'Clients pay nothing.',
  ]
  expect(groundedAnswer('what is the fee of a payment', [fees])).toEqual({
    kind: 'answer',
    text: sentences.join(' '),
    sentences: sentences.map(text => ({ text, citation })),
    citations: [citation],
    keys: expect.arrayContaining(['payments/fees#pay']),
    confidence: expect.any(Number),
    evidence: {
      found: expect.any(Number),
      length: expect.any(Number),
      known: USUALLY_KNOWN,
      sort: 0,
    },
    isSteps: false,
  })
})

test('what stands before the first heading is cited as the article', () => {
  expect(answerTo('which fee do I pay', [opening]).citations).toEqual([
    { articleId: 'payments/fees', title: 'Service fees' },
  ])
})

test.each([
  ['what is the weather in Paris', fees],
  ['can I pay the fee in bitcoin from Norway', fees],
  ['what is the fee', { ...fees, score: 0.1 }],
  ['what is the fee', { ...fees, score: Number.NaN }],
  ['what is the fee', { ...fees, text: '' }],
  ['hello how are you', fees],
  ['', fees],
])('nothing is said to "%s" where the passage does not support it', (question, passage) => {
  expect(groundedAnswer(question, [passage]).kind).toBe('unknown')
})

describe('how sure it is', () => {
  const found = (words: readonly AskedWord[], score = 0.4): Passage => ({ ...fees, score, asked: words })

  test('a synonym and a typo that the search knows are words met', () => {
    const answer = answerTo('comission ammount', [found(asked(['comission', 'fee'], ['ammount', 'payment']))])
    expect(answer.text).toContain('The fee is 10 % of each payment.')
  })

  test('what the nearest known question says besides, and was not asked, speaks against it', () => {
    const words = asked(['fee', 'fee'], ['payment', 'payment'])
    const whole = answerTo('fee payment', [{ ...found(words), known: 1 }])
    const part = groundedAnswer('fee payment', [{ ...found(words), known: 0.2 }], { answerAt: 0 })
    expect(part.kind === 'answer' && part.confidence).toBeLessThan(whole.confidence)
  })

  test('a passage that holds the sort of thing that is asked for comes first', () => {
    const words = asked(['withdrawal', 'withdrawal'])
    const text = (said: string): Passage => ({
      ...fees,
      articleId: said,
      text: said,
      score: 0.5,
      asked: words,
    })
    const passages = [text('A withdrawal is safe.'), text('A withdrawal takes 3 business days.')]
    const options = { sorts: english.answers.sorts, answerAt: 0 }
    expect(answerTo('how long is a withdrawal', passages, options).text).toMatch('A withdrawal takes')
    expect(answerTo('withdrawal', passages, options).text).toMatch(/^A withdrawal is safe/)
  })

  test('two sections that are as near are quoted one after the other; of two that are not, the first', () => {
    const near = [found(asked(['fee', 'fee']), 0.3), { ...teams, score: 0.28, asked: asked(['fee', 'fee']) }]
    const both = answerTo('fee', near)
    expect(both.citations.map(({ articleId }) => articleId)).toEqual([
      'payments/fees',
      'payments/fees-for-teams',
    ])
    expect(both.text).toContain('\n\nTeams pay a fee of 8 %.')
    const apart = near.map((passage, i) => ({ ...passage, score: i ? 0.3 : 0.9 }))
    expect(answerTo('fee', apart).citations).toHaveLength(1)
  })

  test('unsure of several sections, it asks which is meant; sure of none, it does not know', () => {
    const words = asked(['fee', 'fee'], ['moon'])
    const unsure = [0.1, 0.09].map((score, i) => ({
      ...(i ? teams : found(words)),
      score,
      asked: words,
      known: 0.4,
    }))
    expect(groundedAnswer('fee on the moon', unsure)).toEqual({
      kind: 'readings',
      readings: [
        { label: 'Service fees: What you pay', articleId: 'payments/fees', headingId: 'pay' },
        { label: 'Service fees: What you pay', articleId: 'payments/fees-for-teams', headingId: 'pay' },
      ],
      confidence: expect.any(Number),
    })
    expect(groundedAnswer('fee on the moon', unsure.slice(0, 1)).kind).toBe('unknown')
    expect(groundedAnswer('fee on the moon', [found(words, 0.004)]).kind).toBe('unknown')
  })
})

test('of two that are quoted together neither is said again', () => {
  const { keys } = answerTo('which fee do I pay', [fees, teams])
  expect(groundedAnswer('which fee do I pay', [fees, teams], { answered: keys }).kind).toBe('repeated')
})

test('of a section that was quoted, another question gets the sentence that answers it, once', () => {
  const first = answerTo('what is the fee of a payment', [fees])
  const second = answerTo('do clients pay', [fees], { answered: first.keys })
  expect(second.text).toBe('Clients pay nothing.')
  const answered = [...first.keys, ...second.keys]
  expect(groundedAnswer('do clients pay', [fees], { answered }).kind).toBe('repeated')
})

test('what was said before is not said again; another passage may still answer', () => {
  const further = { ...teams, score: 0.6 }
  const first = answerTo('which fee do I pay', [fees, further])
  const second = answerTo('which fee do I pay', [fees, further], { answered: first.keys })
  expect(second.text).toBe('Teams pay a fee of 8 %.')
  expect(
    groundedAnswer('which fee do I pay', [fees, further], { answered: [...first.keys, ...second.keys] }),
  ).toEqual({
    kind: 'repeated',
  })
})

const spaced = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
const lines = fc.array(
  fc.oneof(
    fc.lorem({ mode: 'sentences', maxCount: 3 }),
    fc.string({ maxLength: 80 }),
    fc.constantFrom('Name | Cost', 'A | 10 %', '1. Open **Pay**', 'e.g. this', '…', '   ', 'a.b.c!?', '‮x'),
  ),
  { maxLength: 8 },
)

test('every sentence of an answer stands in its passage, whatever is asked of whatever', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(lines, fc.string({ maxLength: 8 }), fc.double({ min: 0, max: 1 })), { maxLength: 4 }),
      fc.oneof(fc.lorem({ maxCount: 4 }), fc.string()),
      fc.boolean(),
      (texts, question, isOwn) => {
        const passages = texts.map(
          ([text, shape, score], i): Passage => ({
            ...{ articleId: `a${i}`, title: 'lorem ipsum', text: text.join('\n'), score, shape },
            ...(isOwn && { asked: asked(['lorem', 'lorem', 'ipsum', 'a', 'name']) }),
          }),
        )
        const options = { answerAt: 0, sorts: english.answers.sorts }
        const said = groundedAnswer(question, passages, options)
        expect(groundedAnswer(question, passages, options)).toEqual(said)
        if (said.kind !== 'answer') return
        expect(said.sentences.length).toBeGreaterThan(0)
        for (const { text, citation } of said.sentences) {
          const passage = passages.find(({ articleId }) => articleId === citation.articleId)
          expect(spaced(text)).not.toBe('')
          expect(spaced(passage?.text ?? '')).toContain(spaced(text))
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('a pasted book and a passage without an end are answered in time', () => {
  const started = performance.now()
  const endless = ['a. '.repeat(50_000), 'x'.repeat(100_000), 'word '.repeat(30_000), '| '.repeat(50_000)]
  for (const text of endless)
    for (const question of [text, 'how long is a word'])
      groundedAnswer(question, [{ ...fees, text, score: 1 }], { sorts: english.answers.sorts })
  expect(performance.now() - started).toBeLessThan(3_000)
})
