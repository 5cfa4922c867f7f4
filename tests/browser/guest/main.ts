// `npm run guest`: what a page may expect of its guest, on the built files in a real Chromium. Prints each part as it
// goes, then the figures; exits with 1 when one promise is broken, 2 when it was called wrongly.
// `--self-test` plants a fault of each kind and exits with 1 when one of them is not found.

import { parseArgs } from 'node:util'
import { checkBackForward } from './backForward'
import { checkCycles } from './cycles'
import { checkDeploy } from './deploy'
import { createFindings, FIGURES, type Figure, type Findings } from './figures'
import { checkInstances } from './instances'
import { checkKeys } from './keys'
import { checkPerson } from './person'
import { createStage, type Stage } from './stage'
import { checkSurroundings } from './surroundings'
import { checkSwaps } from './swap'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cycles: { type: 'string', default: '1000' },
    only: { type: 'string' },
    'self-test': { type: 'boolean', default: false },
  },
})
const isPlanted = values['self-test']
const cycles = Number(isPlanted ? 500 : values.cycles)
if (!Number.isInteger(cycles) || cycles < 10) {
  console.error(`--cycles is a whole number from 10 on, got ${values.cycles}.`)
  process.exit(2)
}

let done = 0
const PARTS: Readonly<Record<string, (stage: Stage, found: Findings) => Promise<void>>> = {
  async cycles(stage, found) {
    done = await checkCycles(stage, found, cycles, isPlanted)
  },
  person: (stage, found) => checkPerson(stage, found, isPlanted),
  keys: (stage, found) => checkKeys(stage, found, isPlanted),
  instances: (stage, found) => checkInstances(stage, found, isPlanted),
  swap: (stage, found) => checkSwaps(stage, found, isPlanted),
  'back-forward': (stage, found) => checkBackForward(stage, found, isPlanted),
  deploy: (stage, found) => checkDeploy(stage, found, isPlanted),
  surroundings: (stage, found) => checkSurroundings(stage, found, isPlanted),
}
const wanted = values.only?.split(',') ?? Object.keys(PARTS)
const unknown = wanted.filter(name => !PARTS[name])
if (unknown.length > 0) {
  console.error(`--only takes ${Object.keys(PARTS).join(', ')}; got ${unknown.join(', ')}.`)
  process.exit(2)
}

/** Where a planted fault must show; the last part has no figure of its own. */
const SHOWS: Readonly<Record<string, readonly Figure[]>> = {
  cycles: ['left-behind', 'heap-slope-bytes'],
  person: ['left-behind'],
  keys: ['key-leaks'],
  instances: ['instances-mixed'],
  swap: ['lost-after-swap'],
  'back-forward': ['lost-after-bfcache'],
  deploy: ['deploy-stranded'],
  surroundings: [],
}
const unseen: string[] = []

const begun = performance.now()
const found = createFindings()
const stage = await createStage(positionals[0] ?? '')
for (const name of wanted) {
  const start = performance.now()
  const before = found.faults.length
  console.log(`\n${name}`)
  try {
    await PARTS[name]?.(stage, found)
  } catch (error) {
    found.fault(`${name} stopped: ${(error as Error).message.split('\n').slice(0, 8).join(' | ')}`)
  }
  if (found.faults.length === before) unseen.push(name)
  else for (const figure of SHOWS[name] ?? []) if (found.value(figure) <= 0) unseen.push(figure)
  console.log(`${((performance.now() - start) / 1000).toFixed(1).padStart(7)} s  ${name}`)
}
await stage.close()

console.log(`\nguest-seconds: ${((performance.now() - begun) / 1000).toFixed(1)}`)
if (!isPlanted) for (const fault of found.faults) console.log(`fault: ${fault}`)
console.log(`cycles: ${done}`)
for (const figure of FIGURES) console.log(`${figure}: ${found.value(figure)}`)
console.log(`guest-failures: ${found.faults.length}`)
if (isPlanted) {
  console.log(`plants-not-found: ${unseen.length}${unseen.length > 0 ? ` (${unseen.join(', ')})` : ''}`)
  process.exit(unseen.length === 0 ? 0 : 1)
}
process.exit(found.faults.length === 0 ? 0 : 1)
