// Is a message that follows an answer taken for what it is: a question that leans on the one before, or one of its
// own? Over pairs of our own, half and half. Prints `name: value` lines; even ids are for tuning and printed as
// `tuning-…`. How the pairs were written: README.md beside this file.
//
//   npm run bench:followups [-- --misses]
//
// followup-right        each question of the message is first read as a whole one that holds what it must, and nothing
//                       of the question before that it has put aside
// followup-leaning      the same of those that lean on the question before, followup-own: of those that do not
// followup-own-unmixed  of the latter: no reading at all holds the question before, the second and third neither

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createTalk } from '../../../src/understanding/followUp'
import { english } from '../../../src/understanding/languages/en'

interface Wanted {
  /** Beginnings of words that the whole question holds; `a|b`: one of them. */
  readonly has: readonly string[]
  /** Beginnings of words that it does not hold. */
  readonly not: readonly string[]
}

interface Pair {
  readonly id: string
  readonly kind: string
  /** Of the answer before. */
  readonly question: string
  readonly title: string
  readonly text: string
  /** One for each question of the message. */
  readonly wants: readonly Wanted[]
}

const { values } = parseArgs({ options: { misses: { type: 'boolean', default: false } } })
const pairs = readFileSync('tests/bench/followUps/pairs.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Pair)
const talk = createTalk(english.talk, english.answers.everyday)

const holds = (text: string, beginning: string) =>
  beginning.split('|').some(one => new RegExp(`(?<![\\p{L}\\p{N}])${one}`, 'iu').test(text))
const fits = (text: string, { has, not }: Wanted) =>
  has.every(one => holds(text, one)) && !not.some(one => holds(text, one))

const judged = pairs.map(pair => {
  const readings = talk.questionsOf(pair.text).map(part => talk.wholeQuestions(part, pair))
  const firsts = readings.map(([first]) => first?.text ?? '')
  const isRight =
    firsts.length === pair.wants.length && pair.wants.every((wanted, i) => fits(firsts[i] as string, wanted))
  const isUnmixed = readings.flat().every(({ text }) => pair.text.includes(text))
  return {
    pair,
    firsts,
    isRight,
    isUnmixed,
    leans: pair.id.startsWith('f'),
    isOdd: Number(pair.id.slice(1)) % 2 === 1,
  }
})

const share = (rows: typeof judged, is: (row: (typeof judged)[number]) => boolean) =>
  (rows.filter(is).length / (rows.length || 1)).toFixed(3)
console.log(`pairs: ${pairs.length}`)
for (const isOdd of [true, false]) {
  const prefix = isOdd ? '' : 'tuning-'
  const half = judged.filter(row => row.isOdd === isOdd)
  const own = half.filter(({ leans }) => !leans)
  console.log(`${prefix}followup-right: ${share(half, row => row.isRight)}`)
  console.log(
    `${prefix}followup-leaning: ${share(
      half.filter(({ leans }) => leans),
      row => row.isRight,
    )}`,
  )
  console.log(`${prefix}followup-own: ${share(own, row => row.isRight)}`)
  console.log(`${prefix}followup-own-unmixed: ${share(own, row => row.isUnmixed)}`)
}
if (values.misses)
  for (const { pair, firsts } of judged.filter(row => !row.isOdd && !row.isRight))
    console.log(`  ${pair.id} ${pair.kind}: ${pair.question} / ${pair.text} -> ${firsts.join(' & ')}`)
