// Fits the confidence of an answer (`src/bot/answerWeights`): a logistic over what `Evidence` holds, to which best
// answers are right. Knows the questions that it is given, which are those for tuning, and prints; it writes nothing.
//
// A site has fewer questions of sections than the demo, and visitors have words that nobody put down. So the same
// questions are asked of help that lacks a third and a half of its lines as well: what is sure only because the very
// words stand in a line is found out.

import { join } from 'node:path'
import { type Evidence, groundedAnswer } from '../../../src/bot/groundedAnswer'
import type { SearchProvider } from '../../../src/search/searchProvider'
import { english } from '../../../src/understanding/languages/en'
import { fitLogistic } from '../../../src/understanding/training/calibrate'
import { jsonLines } from '../relevance/corpora'
import { searchIn, searchWithout } from './helpInMemory'
import { factsOf, isRight, type Question } from './judge'

/** Names of the weights, in the order of the coefficients. */
const NAMES = ['ZERO', 'FOUND', 'LENGTH', 'KNOWN']
/** Parts of the articles, each left out once of what is fitted for it. */
const PARTS = 8
/** Of help that lacks lines: five times the same questions, which are together worth two times. */
const LACKING = 0.4
/** Of what is off topic; there is more of it than of anything else. */
const OFF_TOPIC = 0.6
const OFF_TOPIC_COUNT = 200

interface Row {
  readonly evidence: readonly number[]
  readonly isRight: boolean
  readonly isAnswerable: boolean
  readonly weight: number
  readonly part: number
  /** Which help was asked: `whole`, `two thirds`, `half`, `off topic`. */
  readonly of: string
}

const rowOf = ({ found, length, known }: Evidence) => [1, found, length, known]

/**
 * Prints the weights, and over parts that they were not fitted on, what each threshold would give.
 *
 * @param data  the folder of ASKLET_DATA; left out, nothing off topic is among what is fitted
 */
export async function printFit(questions: readonly Question[], folder: string, data?: string): Promise<void> {
  const articles = [...new Set(questions.map(partName))]
  const rows: Row[] = []
  const ask = async (one: Question, help: SearchProvider, of: string, weight: number, part: number) => {
    const passages = await help.passages(one.question, factsOf(one), 6)
    const said = groundedAnswer(one.question, passages, { sorts: english.answers.sorts, answerAt: 0 })
    if (said.kind !== 'answer') return
    rows.push({
      ...{ of, weight, part: part % PARTS, isAnswerable: one.answerable },
      evidence: rowOf(said.evidence),
      isRight: isRight(one, { ...said, kind: 'answer' }),
    })
  }
  const askAll = async (help: SearchProvider, of: string, weight: number) => {
    for (const one of questions) await ask(one, help, of, weight, articles.indexOf(partName(one)))
  }
  const whole = searchIn(folder)
  await askAll(whole, 'whole', 1)
  for (const left of [0, 1, 2])
    await askAll(
      searchWithout(folder, i => i % 3 === left),
      'two thirds',
      LACKING,
    )
  for (const left of [0, 1])
    await askAll(
      searchWithout(folder, i => i % 2 === left),
      'half',
      LACKING,
    )
  for (const [at, question] of (data ? offTopic(data) : []).entries()) {
    const one = { ...{ id: '', question, answerable: false, why: '' }, gold: [], must: [] }
    await ask(one, whole, 'off topic', OFF_TOPIC, at)
  }

  fitOf(rows).forEach((value, at) => {
    console.log(`${NAMES[at]}: ${value.toFixed(2)}`)
  })
  const judged = rows.map(row => ({ ...row, confidence: 0 }))
  for (let part = 0; part < PARTS; part++) {
    const weights = fitOf(rows.filter(row => row.part !== part))
    for (const row of judged) if (row.part === part) row.confidence = sureOf(row.evidence, weights)
  }
  const answerable = questions.filter(one => one.answerable).length
  const others = questions.length - answerable
  for (const [of, times] of [
    ['whole', 1],
    ['two thirds', 3],
    ['half', 2],
  ] as const)
    for (let at = 50; at <= 76; at += 2) {
      const given = judged.filter(row => row.of === of && row.confidence >= at / 100)
      const right = given.filter(row => row.isRight).length / answerable / times
      const silent = 1 - given.filter(row => !row.isAnswerable).length / others / times
      console.log(
        `${of}, ${at / 100}: answered-right ${right.toFixed(3)}, abstained-right ${silent.toFixed(3)}`,
      )
    }
}

const fitOf = (rows: readonly Row[]) =>
  fitLogistic(
    rows.map(({ evidence }) => evidence),
    rows.map(row => row.isRight),
    rows.map(({ weight }) => weight),
  )

function sureOf(evidence: readonly number[], weights: readonly number[]): number {
  const sum = evidence.reduce((all, value, at) => all + value * (weights[at] as number), 0)
  return 1 / (1 + Math.exp(-sum))
}

/** Questions of one article are in one part, or they would tell of each other. */
const partName = ({ id, gold: [first] }: Question) => first?.split('#')[0] ?? id

const offTopic = (data: string) =>
  jsonLines<{ text: string; label: string }>(join(data, 'intents/intent-clinc150-train.jsonl'))
    .filter(({ label }) => label === 'oos')
    .slice(0, OFF_TOPIC_COUNT)
    .map(({ text }) => text)
