// What the bot quotes from the demo's articles, over questions that they answer and questions that they do not.
// Prints `name: value` lines. The questions and how they were labelled: README.md beside this file. Even ids are for
// tuning and printed as `tuning-…`; what counts is measured over the odd ones. Draws the risk-coverage curve.
//
//   npm run bench:answers [-- --misses 20] [--write]
//   npm run bench:answers -- --fit   only fits the weights of the confidence anew, on the even ids

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { reply } from './answerer'
import { printFit } from './fit'
import { searchIn, searchWithout } from './helpInMemory'
import {
  citesGold,
  citesGoldArticle,
  factsOf,
  isRight,
  type Question,
  type Reply,
  sectionOf,
  unsupported,
} from './judge'
import { outsideFigures } from './outside'
import { calibrationError, riskCoverage, riskCoverageSvg } from './riskCoverage'

const { values } = parseArgs({
  options: {
    misses: { type: 'string', default: '0' },
    write: { type: 'boolean', default: false },
    fit: { type: 'boolean', default: false },
  },
})
const PICTURE = 'risk-coverage.svg'
const BESIDE = 'tests/bench/answers'
const HELP = 'demo/help/articles'
const search = searchIn(HELP)
const questions = readFileSync(`${BESIDE}/questions.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Question)

if (values.fit) {
  const even = questions.filter(({ id }) => Number(id.slice(1)) % 2 === 0)
  await printFit(even, HELP, process.env.ASKLET_DATA)
  process.exit()
}

interface Outcome {
  readonly one: Question
  readonly said: Reply
  /** The best answer, however unsure. */
  readonly forced: Reply
  readonly unsupported: readonly string[]
  /** Sections of the passages that it was given, best first. */
  readonly found: readonly string[]
}

async function outcomeOf(one: Question, help = search): Promise<Outcome> {
  const passages = await help.passages(one.question, factsOf(one), 6)
  const said = reply(one.question, passages)
  return {
    one,
    said,
    forced: reply(one.question, passages, true),
    unsupported: await unsupported(said, id => help.article(id)),
    found: passages.map(sectionOf),
  }
}

const share = (list: readonly Outcome[], fits: (each: Outcome) => boolean) =>
  list.filter(fits).length / (list.length || 1)
const isAnswered = ({ said }: Outcome) => said.kind === 'answer'
const judged = (list: readonly Outcome[]) =>
  list.map(({ one, forced }) => ({ confidence: forced.confidence, isRight: isRight(one, forced) }))

function figures(list: readonly Outcome[]): Readonly<Record<string, number>> {
  const answerable = list.filter(({ one }) => one.answerable)
  const others = list.filter(({ one }) => !one.answerable)
  const answers = answerable.filter(isAnswered)
  return {
    'gold-among-passages': share(answerable, ({ one, found }) => found.some(name => one.gold.includes(name))),
    'best-answer-right': share(answerable, ({ one, forced }) => isRight(one, forced)),
    'answered-right': share(answerable, ({ one, said }) => said.kind === 'answer' && isRight(one, said)),
    'answered-wrong': share(answerable, ({ one, said }) => said.kind === 'answer' && !isRight(one, said)),
    'asked-back': share(answerable, ({ said }) => said.kind === 'readings'),
    'asked-back-right': share(
      answerable.filter(({ said }) => said.kind === 'readings'),
      ({ one, said }) => said.readings?.some(name => one.gold.includes(name)) === true,
    ),
    'cited-right': share(answers, ({ one, said }) => citesGold(one, said)),
    'cited-right-article': share(answers, ({ one, said }) => citesGoldArticle(one, said)),
    'abstained-right': share(others, each => !isAnswered(each)),
    'abstained-by-asking-back': share(others, ({ said }) => said.kind === 'readings'),
    'calibration-error': calibrationError(judged(list)),
    'answer-characters':
      answers.reduce((sum, { said }) => sum + said.sentences.map(({ text }) => text).join(' ').length, 0) /
      (answers.length || 1),
    'unsupported-sentences': list.reduce((sum, each) => sum + each.unsupported.length, 0),
  }
}

const outcomes: Outcome[] = []
for (const one of questions) outcomes.push(await outcomeOf(one))
const half = (rest: number) => outcomes.filter(({ one }) => Number(one.id.slice(1)) % 2 === rest)
const [tuning, reported] = [half(0), half(1)]

const isMiss = ({ one, said }: Outcome) =>
  one.answerable ? said.kind !== 'answer' || !isRight(one, said) : said.kind === 'answer'
for (const { one, said, forced, found } of tuning.filter(isMiss).slice(0, Number(values.misses))) {
  console.log(`${one.id} "${one.question}" ${one.gold.join(' or ') || one.why}`)
  console.log(`    wanted ${JSON.stringify(one.must)}, found ${found.join(', ')}`)
  for (const { text, citation } of forced.sentences)
    console.log(`    ${said.kind} ${forced.confidence.toFixed(2)} ${sectionOf(citation)}: ${text}`)
}

const answered = reported.filter(isAnswered)
const picture = riskCoverageSvg(riskCoverage(judged(reported)), {
  coverage: share(reported, isAnswered),
  risk: share(answered, ({ one, said }) => !isRight(one, said)),
})
mkdirSync('dist', { recursive: true })
writeFileSync(`dist/answers-${PICTURE}`, picture)
if (values.write) writeFileSync(`${BESIDE}/${PICTURE}`, picture)

/** The same help, without a part of its files of questions. */
async function figuresWithout(isLeftOut: (line: number) => boolean) {
  const help = searchWithout(HELP, isLeftOut)
  const list: Outcome[] = []
  for (const { one } of reported) list.push(await outcomeOf(one, help))
  return figures(list)
}

const print = (figure: Readonly<Record<string, number>>, before = '') => {
  for (const [name, value] of Object.entries(figure)) console.log(`${before}${name}: ${+value.toFixed(3)}`)
}
print(figures(tuning), 'tuning-')
if (process.env.ASKLET_DATA) print(await outsideFigures(process.env.ASKLET_DATA))
else console.log('outside-…: not measured, because ASKLET_DATA names no folder.')
const few = ({ 'answered-right': right = 0, 'cited-right': cited = 0, 'abstained-right': left = 0 }) => ({
  'answered-right': right,
  'cited-right': cited,
  'abstained-right': left,
})
print(few(await figuresWithout(() => true)), 'without-questions-')
print(few(await figuresWithout(line => line % 2 === 1)), 'half-of-questions-')
print(figures(reported))
