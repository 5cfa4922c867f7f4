// How well policy topics and categories are told, over messages of our own labelled before the words were written, and
// how often the help's ordinary questions pass for a policy topic.
//
//   npm run bench:topics [-- --misses]
//
// Figures are of the half that was not looked at; those of the other begin with `tuning-`.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createCategory, NO_CATEGORY } from '../../../src/understanding/category'
import { english } from '../../../src/understanding/languages/en'
import { createPolicyTopics } from '../../../src/understanding/policyTopics'

const { values } = parseArgs({ options: { misses: { type: 'boolean' } } })
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
