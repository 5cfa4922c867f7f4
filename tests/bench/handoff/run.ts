// How often a wish for a person is heard, and how often one is heard that nobody has. Sentences of sources that
// nobody here wrote, by family of sources; what is unclear is left out. The words that are listened for were
// written by hand, with sentences of these sources at hand, so the figures say what the list covers: `own` is the
// half that says how it does on wordings that were written after it.
//
//   ASKLET_DATA=<folder> npm run bench:handoff [-- --misses <family>]

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { english } from '../../../src/understanding/languages/en'
import { createWantsPerson } from '../../../src/understanding/wantsPerson'

interface Sentence {
  readonly text: string
  /** 1 asks for a person, 0 does not, -1 nobody can tell. */
  readonly label: number
  readonly src: string
}

const { values } = parseArgs({ options: { misses: { type: 'string' } } })
const read = (file: string): Sentence[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
const data = process.env.ASKLET_DATA
if (!data)
  console.log('Outside sentences were left out: set ASKLET_DATA to the folder of outside data to read them.')
const OWN = 'tests/bench/handoff/wordings.jsonl'
const sentences = [
  ...(data ? read(join(data, 'intents', 'handoff.jsonl')) : []),
  ...(existsSync(OWN) ? read(OWN) : []),
].filter(({ label }) => label >= 0)

const wantsPerson = createWantsPerson(english.person)
const familyOf = ({ src }: Sentence) => src.split('-')[0] as string
const families = new Map<string, Sentence[]>()
for (const one of sentences) {
  const rows = families.get(familyOf(one)) ?? []
  families.set(familyOf(one), rows)
  rows.push(one)
}

/** Wilson's interval of 95 %, for few cases. */
function interval(hits: number, all: number): string {
  if (!all) return 'none'
  const z = 1.96
  const share = hits / all
  const middle = (share + (z * z) / (2 * all)) / (1 + (z * z) / all)
  const half = (z * Math.sqrt((share * (1 - share)) / all + (z * z) / (4 * all * all))) / (1 + (z * z) / all)
  return `${(middle - half).toFixed(3)} to ${(middle + half).toFixed(3)}`
}

const figures: string[] = []
for (const [family, rows] of families) {
  const asking = rows.filter(({ label }) => label === 1)
  const heard = rows.filter(({ text }) => wantsPerson(text))
  const rightly = heard.filter(({ label }) => label === 1)
  if (values.misses === family)
    for (const { text, label } of rows)
      if (wantsPerson(text) !== (label === 1)) console.log(`${label ? 'missed' : 'heard wrongly'}: ${text}`)
  console.log(
    `${family}: ${rows.length} sentences, ${asking.length} ask, heard ${heard.length}; recall ${interval(rightly.length, asking.length)}, precision ${interval(rightly.length, heard.length)} (95 %)`,
  )
  if (!asking.length) {
    figures.push(`handoff-heard-wrongly-${family}: ${(heard.length / rows.length).toFixed(4)}`)
    continue
  }
  figures.push(`handoff-precision-${family}: ${(rightly.length / heard.length).toFixed(3)}`)
  figures.push(`handoff-recall-${family}: ${(rightly.length / asking.length).toFixed(3)}`)
}
for (const figure of figures.sort()) console.log(figure)
