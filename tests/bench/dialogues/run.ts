// How many of the scripted conversations over the demo's help go as a support lead wants. Prints `name: value` lines.
// The dialogues and how they were written: README.md beside this file. Even ids are for tuning and printed as
// `tuning-…`; what counts is measured over the odd ones.
//
//   npm run bench:dialogues [-- --misses 5]
//
// resolved          share of the dialogues of which every expectation holds, and what holds of every conversation
// handed-over-turns the most turns of a visitor from asking for a person until one is on offer; 1 is at once. The mean
//                   beside it; both over the dialogues that ask for one, both halves
// asked-twice       details asked for that were known, said-twice: turns that say what one before said, all dialogues

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { transcript } from '../../../src/cli/dialogueReport'
import { openDialogueSite } from '../../../src/cli/dialogueSite'
import { type DialogueResult, runDialogue } from '../../../src/cli/runDialogue'
import { readTranscriptFiles } from '../../../src/cli/test'
import { parseConfig } from '../../../src/protocol/config'

const { values } = parseArgs({ options: { misses: { type: 'string', default: '0' } } })
const FOLDER = 'tests/bench/dialogues'
const files = existsSync(FOLDER)
  ? readdirSync(FOLDER)
      .filter(name => name.endsWith('.test.txt'))
      .sort()
      .map(name => join(FOLDER, name))
  : []
if (!files.length) {
  console.log(`There are no dialogues in ${FOLDER}: nothing was measured.`)
  process.exit(0)
}
const { dialogues, problems } = readTranscriptFiles(files)
for (const { file, line, sentence } of problems) console.error(`${file}:${line}: ${sentence}`)
const { site, findings } = await openDialogueSite({
  articles: 'demo/help/articles',
  flows: 'demo/help/flows',
  actions: { names: [], file: 'demo/help/tests/actions.json' },
  config: parseConfig(JSON.parse(readFileSync('demo/asklet.json', 'utf8')), 'demo/asklet.json').config,
  locale: 'en',
})
for (const { file, line, sentence } of findings) console.error(`${file}:${line}: ${sentence}`)

const results: { readonly result: DialogueResult; readonly isOdd: boolean }[] = []
for (const [i, dialogue] of dialogues.entries()) {
  // By the id in its title, or where it has none, by its place.
  const id = Number(/^d(\d+)\b/.exec(dialogue.title)?.[1] ?? i + 1)
  results.push({ result: await runDialogue(dialogue, site), isOdd: id % 2 === 1 })
}

const share = (some: readonly { readonly result: DialogueResult }[]) =>
  some.length ? (some.filter(({ result }) => result.passed).length / some.length).toFixed(3) : 'none'
const odd = results.filter(({ isOdd }) => isOdd)
const even = results.filter(({ isOdd }) => !isOdd)
const failing = even.filter(({ result }) => !result.passed).slice(0, Number(values.misses))
for (const { result } of failing) {
  console.log(`${result.file}:${result.line}: ${result.title}`)
  for (const line of transcript(result)) console.log(`    ${line}`)
}
const broken = (rule: string) =>
  results
    .flatMap(({ result }) => result.turns.flatMap(({ checks }) => checks))
    .filter(check => check.rule === rule).length
const waits = results.flatMap(({ result }) => result.turnsToPerson ?? [])
const expectations = (some: typeof results) => {
  const checks = some
    .flatMap(({ result }) => result.turns.flatMap(turn => turn.checks))
    .filter(({ rule }) => !rule)
  return checks.length ? (checks.filter(({ passed }) => passed).length / checks.length).toFixed(3) : 'none'
}
console.log(`dialogues: ${results.length}`)
console.log(`unreadable-lines: ${problems.length}`)
console.log(`resolved: ${share(odd)}`)
console.log(`tuning-resolved: ${share(even)}`)
console.log(`expectations-held: ${expectations(odd)}`)
console.log(`tuning-expectations-held: ${expectations(even)}`)
console.log(`handed-over-turns: ${waits.length ? Math.max(...waits) : 'none'}`)
console.log(
  `handed-over-turns-mean: ${waits.length ? (waits.reduce((sum, wait) => sum + wait, 0) / waits.length).toFixed(2) : 'none'}`,
)
console.log(`asked-twice: ${broken('askedTwice')}`)
console.log(`said-twice: ${broken('saidTwice')}`)
console.log(`unsourced: ${broken('unsourced')}`)
console.log(`cut-short: ${broken('broken')}`)
