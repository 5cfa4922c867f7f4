// How well policy topics and categories are told, over messages of our own labelled before the words were written, and
// how often the help's ordinary questions pass for a policy topic.
//
//   npm run bench:topics [-- --misses] [-- --fit]
//
// Figures are of the half that was not looked at; those of the other begin with `tuning-`. `--fit` prints the weights of
// a category's confidence, fitted on the tuning half; how far it holds (expected calibration error) is of the other.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { NO_CATEGORY } from '../../../src/protocol/category'
import { createCategory } from '../../../src/understanding/category'
import { english } from '../../../src/understanding/languages/en'
import { ENGLISH_TRIAGE } from '../../../src/understanding/languages/enTriage'
import { createPolicyTopics } from '../../../src/understanding/policyTopics'
import { createTriageReading, SURE_CATEGORY } from '../../../src/understanding/triage'
import { confidenceFigures, fitConfidence, type ToldCategory } from './confidence'

const { values } = parseArgs({ options: { misses: { type: 'boolean' }, fit: { type: 'boolean' } } })
const HERE = 'tests/bench/topics'
const lines = <Shape>(file: string): Shape[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

interface Labelled {
  readonly text: string
  readonly half: 'tuning' | 'fresh'
}
const policy = lines<Labelled & { topic: string }>(`${HERE}/policy.jsonl`)
const categories = lines<Labelled & { category: string }>(`${HERE}/categories.jsonl`)
const topicsOf = createPolicyTopics([], english.policy)
const categoryOf = createCategory(english.categories)
const share = (part: number, of: number) => (of ? part / of : 0).toFixed(3)

for (const half of ['tuning', 'fresh'] as const) {
  const name = half === 'tuning' ? 'tuning-' : ''
  const rows = policy
    .filter(row => row.half === half)
    .map(row => ({ ...row, found: topicsOf(row.text).map(({ topic }) => topic) }))
  const called = rows.filter(({ found }) => found.length)
  const cases = rows.filter(({ topic }) => topic)
  const right = called.filter(({ topic }) => topic)
  console.log(`${name}topics: ${rows.length}`)
  console.log(`${name}topics-precision: ${share(right.length, called.length)}`)
  console.log(`${name}topics-recall: ${share(right.length, cases.length)}`)
  console.log(
    `${name}topics-first-right: ${share(right.filter(({ topic, found }) => found[0] === topic).length, right.length)}`,
  )
  const routed = categories.filter(row => row.half === half)
  const wrong = routed.filter(({ text, category }) => categoryOf(text).name !== category)
  const named = routed.filter(({ text }) => categoryOf(text).name !== NO_CATEGORY)
  console.log(`${name}categories: ${routed.length}`)
  console.log(`${name}categories-right: ${share(routed.length - wrong.length, routed.length)}`)
  console.log(
    `${name}categories-precision: ${share(named.filter(({ text, category }) => categoryOf(text).name === category).length, named.length)}`,
  )
  if (values.misses && half === 'tuning') {
    for (const { text, topic, found } of rows)
      if (found.join() !== topic) console.log(`  ${topic || 'none'}: ${text} -> ${found.join() || 'none'}`)
    for (const { text, category } of wrong) console.log(`  ${category}: ${text} -> ${categoryOf(text).name}`)
  }
}

/** Questions that the demo's articles answer: a topic found in one takes an answer away. */
const ordinary = lines<{ id: string; question: string; gold?: readonly string[] }>(
  'tests/bench/answers/questions.jsonl',
).filter(({ gold }) => gold?.length)
const taken = ordinary.filter(({ question }) => topicsOf(question).length)
console.log(`ordinary-questions: ${ordinary.length}`)
console.log(`ordinary-taken-for-topics: ${share(taken.length, ordinary.length)}`)
if (values.misses)
  for (const { question } of taken.filter(({ id }) => Number(id.slice(1)) % 2 === 0))
    console.log(`  ${question} [${topicsOf(question).map(({ topic, evidence }) => `${topic}: ${evidence}`)}]`)

/**
 * Where a desk would route what touches a topic: the second set of messages, whose words were not written for the
 * categories. A message without a topic may be of any category, and judges none.
 */
const CATEGORIES_OF_TOPIC: Readonly<Record<string, readonly string[]>> = {
  dispute: ['disputes'],
  payment: ['payments', 'payouts'],
  terms: ['safety'],
}
const triage = createTriageReading({ language: english, words: ENGLISH_TRIAGE })
const routable = [
  ...categories.map(({ category, ...row }) => ({ ...row, right: [category] as readonly string[] })),
  ...policy
    .filter(({ topic }) => topic)
    .map(({ topic, ...row }) => ({ ...row, right: CATEGORIES_OF_TOPIC[topic] ?? [] })),
]
const told = (half: 'tuning' | 'fresh'): ToldCategory[] =>
  routable
    .filter(row => row.half === half)
    .map(({ text, right }) => {
      const { category, confidence, signs } = triage({ question: text })
      return { confidence, signs, isRight: right.includes(category) }
    })
if (values.fit) console.log(`confidence-weights: ${JSON.stringify(fitConfidence(told('tuning')))}`)
for (const half of ['tuning', 'fresh'] as const) {
  const name = half === 'tuning' ? 'tuning-' : ''
  const { count, right, error, sure, sureRight } = confidenceFigures(told(half), SURE_CATEGORY)
  console.log(`${name}confidences: ${count}`)
  console.log(`${name}confidences-right: ${share(right, count)}`)
  console.log(`${name}confidence-error: ${error.toFixed(3)}`)
  console.log(`${name}confidence-sure: ${share(sure, count)}`)
  console.log(`${name}confidence-sure-right: ${share(sureRight, sure)}`)
}
