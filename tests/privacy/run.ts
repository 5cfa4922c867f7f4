// `npm run privacy`: whether what must not leave a page leaves it, whether anything of it is stored, and whether numbers
// that people need are left alone; what outside corpora say of the masks. Closes with `name: value` lines; exit 1 when
// something leaked, was eaten or was left.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { searchForCanaries } from './canaries'
import { searchForLeaks } from './leaks'
import { KINDS, measureRecall } from './recall'

const PLANTED = 10_000
const SHOWN = 20

const figures: string[] = []
let isWrong = false
const figure = (name: string, value: number | string) => figures.push(`${name}: ${value}`)
function mustBeNone(name: string, lines: readonly string[]) {
  for (const line of lines.slice(0, SHOWN)) console.log(`  ${name}: ${line}`)
  figure(name, lines.length)
  isWrong ||= lines.length > 0
}

const seed = Number(process.argv.find(word => word.startsWith('--seed='))?.slice(7) ?? 1)
const { planted, numbers, leaked, eaten, lost } = await searchForLeaks(PLANTED, seed)
console.log(
  `seed ${seed}: ${planted} secrets in pages, addresses, forms and messages; ${numbers} numbers that only look like one`,
)
figure('planted', planted)
mustBeNone('leaked', leaked)
figure('numbers-planted', numbers)
mustBeNone('eaten', eaten)
mustBeNone('lost', lost)

const pii = process.env.ASKLET_DATA && join(process.env.ASKLET_DATA, 'pii')
if (pii && existsSync(pii)) {
  const recall = measureRecall(pii)
  for (const kind of KINDS) {
    const { found, missed, beside, examples } = recall[kind]
    if (process.argv.includes('--examples')) for (const line of examples) console.log(`  ${kind} ${line}`)
    figure(`recall-${kind}`, share(found, found + missed))
    figure(`precision-${kind}`, share(found, found + beside))
  }
  const { masked, told, of } = recall.bare
  console.log(
    `bare national phone numbers, which are order numbers until words say otherwise: ${masked} of ${of} masked as they are, ${told} of ${of} after "My phone number is"`,
  )
} else console.log('Skipped, because ASKLET_DATA does not lead to it: recall and precision on pii/.')

const canaries = await searchForCanaries()
console.log(
  `erased in ${canaries.eraseMs.toFixed(0)} ms, with the file rewritten; the data folder has ${Math.round(canaries.bytes / 1000)} kB`,
)
figure('canaries', canaries.planted)
mustBeNone('canaries-not-exported', canaries.notExported)
mustBeNone('canaries-left', canaries.left)
mustBeNone('bystanders-lost', canaries.lost)

console.log(figures.join('\n'))
process.exit(isWrong ? 1 : 0)

function share(part: number, of: number): string {
  return of === 0 ? 'none' : (part / of).toFixed(3)
}
