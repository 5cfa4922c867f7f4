// `npm run torture`: real processes under faults, and a judge. See `--help`.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { huntMutants, playScenes } from './mutants'
import { judgeRun, soak } from './soak'
import { createWorld } from './world'

const USAGE = `npm run torture -- [--minutes 1] [--seed 1] [--nodes 1] [--faults a,b] [--no-browser] [--keep]

  --minutes     how long faults go on; a minute of calm at most comes after
  --seed        the plan of faults; the same seed plans the same, the machine's timing is its own
  --nodes 3     three nodes on Postgres and Redis
  --faults      only these kinds, by name
  --each        each kind of fault once and by itself, with everybody back before the next
  --no-browser  no Chromium
  --mutants     instead: breaks the build in ten known ways and sees each one caught
  --scenes      instead: each named scene on the real build
  --only        only these mutants or scenes, by name
  --keep        keep the folder with the histories also when all is well`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    nodes: { type: 'string', default: '1' },
    faults: { type: 'string' },
    'no-browser': { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    scenes: { type: 'boolean', default: false },
    only: { type: 'string' },
    each: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const say = (line: string) => console.log(line)
if (values.help) {
  say(USAGE)
  process.exit(0)
}
const forMs = Number(values.minutes) * 60_000
const seed = Number(values.seed)
const nodes = Number(values.nodes)
if (!(forMs > 0) || !Number.isInteger(seed) || !(nodes >= 1 && nodes <= 9)) {
  console.error(`--minutes must be a number over 0, --seed a whole number and --nodes 1 to 9.\n${USAGE}`)
  process.exit(2)
}

/** A dozen visitors and three agents: some twenty messages a second. */
const PACE_MS = 700

const folder = mkdtempSync(join(tmpdir(), 'asklet-torture-'))
const names = values.only?.split(',')
if (values.scenes) {
  const isGood = await playScenes({ folder, seed, say, ...(names && { names }) })
  if (isGood && !values.keep) rmSync(folder, { recursive: true, force: true })
  else say(`seed ${seed}; all that was written down: ${folder}`)
  process.exit(isGood ? 0 : 1)
}
if (values.mutants) {
  const { caught, isHealthy } = await huntMutants({ folder, seed, say, ...(names && { names }) })
  for (const { mutant, skipped } of caught) if (skipped) say(`not here: ${mutant} (${skipped})`)
  const count = caught.filter(({ by }) => by !== null).length
  say(`mutants-caught: ${count}`)
  const isGood = isHealthy && caught.every(({ by, skipped }) => by !== null || skipped !== undefined)
  if (isGood && !values.keep) rmSync(folder, { recursive: true, force: true })
  else say(`seed ${seed}; all that was written down: ${folder}`)
  process.exit(isGood ? 0 : 1)
}
const world = await createWorld({
  folder,
  seed,
  nodes,
  clients: 2,
  visitorsEach: 5,
  agents: 3,
  hasBrowser: !values['no-browser'],
  paceMs: PACE_MS,
})
process.once('SIGINT', () => void world.stop().then(() => process.exit(130)))
say(`seed ${seed}; histories in ${folder}`)
await world.start()
await world.tabs?.open('visitor-t1', 'visitor-t1/window-1')
await world.tabs?.open('visitor-t1', 'visitor-t1/window-2')
await world.tabs?.open('visitor-t2', 'visitor-t2/window-1')
const result = await soak(world, {
  forMs,
  seed,
  paceMs: PACE_MS,
  isOneByOne: values.each,
  say,
  ...(values.faults !== undefined && { names: values.faults.split(',') }),
})
const stored = await world.stored()
await world.stop()
const { violations, figures } = judgeRun(folder, stored)

for (const [name, reason] of result.skipped) say(`not here: ${name} (${reason})`)
for (const [violation, found] of violations) {
  say(`VIOLATION ${violation}, ${found.length} times:`)
  for (const at of found.slice(0, 5)) say(`  ${at.replace(/\.{9,}/g, '…').slice(0, 300)}`)
}
for (const [name, count] of result.bites) say(`fault ${name}: ${count}`)
for (const name of result.toothless) say(`fault ${name}: 0, it never bit`)
say(`converged-seconds: ${result.convergedS ?? 'never'}`)
say(`faults: ${[...result.bites.values()].reduce((sum, count) => sum + count, 0)}`)
for (const [name, value] of Object.entries(figures)) say(`${name}: ${value}`)

const isGood = violations.size === 0 && result.toothless.length === 0 && result.convergedS !== null
if (isGood && !values.keep) rmSync(folder, { recursive: true, force: true })
else say(`seed ${seed}; all that was written down: ${folder}`)
process.exit(isGood ? 0 : 1)
