// `npm run torture`: real processes under faults, and a judge. See `--help`.
// Reads the wishes, plays the run that was asked for, prints the figures last; decides nothing about right or wrong.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { StoredEvent } from '../../../src/protocol/events'
import { huntMutants, playScenes } from './mutants'
import { judgeRun, type SoakResult, soak, type Verdict } from './soak'
import { createWorld, type World } from './world'

const USAGE = `npm run torture -- [--minutes 1] [--seed 1] [--nodes 3] [--mutants] [--faults a,b] [--keep]

  --minutes     how long faults go on (default 1); a minute of calm at most comes after
  --seed        the plan of faults; the same seed plans the same, the machine's timing is its own
  --nodes 3     so many nodes on a Postgres and a Redis of the run's own (default 1, on a file)
  --faults      only these kinds, by name
  --each        each kind of fault once and by itself, with everybody back before the next
  --no-browser  no Chromium
  --mutants     breaks the build in ten known ways and sees each one caught; with --minutes, a run comes after
  --scenes      instead: each named scene on the real build
  --only        only these mutants or scenes, by name
  --keep        keep the folder with all that was written down, also when all is well
  --replay      judge such a folder once more`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    nodes: { type: 'string', default: '1' },
    faults: { type: 'string' },
    'no-browser': { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    scenes: { type: 'boolean', default: false },
    only: { type: 'string' },
    each: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    replay: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const say = (line: string) => console.log(line)
const forMs = Number(values.minutes ?? 1) * 60_000
const seed = Number(values.seed)
const nodes = Number(values.nodes)
const only = values.only?.split(',')

/** A dozen visitors and three agents: some twenty messages a second. */
const PACE_MS = 700

/** Above this many reconnects their 99th percentile says something. */
const MANY_RECONNECTS = 100
const RECONNECT_P99_S = 5

async function main(): Promise<boolean> {
  if (values.help) {
    say(USAGE)
    return true
  }
  if (!(forMs > 0) || !Number.isInteger(seed) || !(nodes >= 1 && nodes <= 9)) {
    console.error(`--minutes must be a number over 0, --seed a whole number and --nodes 1 to 9.\n${USAGE}`)
    return false
  }
  if (values.replay !== undefined) return judgeAgain(values.replay)

  const folder = mkdtempSync(join(tmpdir(), 'asklet-torture-'))
  const isGood = await play(folder)
  if (isGood && !values.keep) rmSync(folder, { recursive: true, force: true })
  else say(`seed ${seed}; all that was written down: ${folder}`)
  return isGood
}

async function play(folder: string): Promise<boolean> {
  const wishes = { folder, seed, say, ...(only && { names: only }) }
  if (values.scenes) return playScenes(wishes)
  if (!values.mutants) return run(folder)
  const { caught, isHealthy } = await huntMutants(wishes)
  for (const { mutant, skipped } of caught) if (skipped) say(`not here: ${mutant} (${skipped})`)
  const isRunGood = values.minutes === undefined || (await run(folder))
  say(`mutants-caught: ${caught.filter(({ by }) => by !== null).length}`)
  return isRunGood && isHealthy && caught.every(({ by, skipped }) => by !== null || skipped !== undefined)
}

async function run(folder: string): Promise<boolean> {
  if (nodes > 1) {
    const absent = await backendsAbsent()
    if (absent !== null) {
      say(absent)
      return false
    }
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
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void world.stop().then(() => process.exit(130)))
  say(`seed ${seed}; histories in ${folder}`)
  let result: SoakResult
  let stored: StoredEvent[]
  try {
    result = await underFaults(world)
    stored = await world.stored()
  } finally {
    await world.stop()
  }
  writeFileSync(join(folder, 'stored.json'), JSON.stringify(stored))

  for (const [name, reason] of result.skipped) say(`not here: ${name} (${reason})`)
  const verdict = judgeRun(folder, stored)
  printViolations(verdict)
  for (const [name, count] of result.bites) say(`fault ${name}: ${count}`)
  for (const name of result.toothless) say(`fault ${name}: 0, it never bit`)
  say(`converged-seconds: ${result.convergedS ?? 'never'}`)
  const { reconnects = 0, 'reconnect-p99': p99 = 0 } = verdict.figures
  const isSlow = reconnects >= MANY_RECONNECTS && p99 > RECONNECT_P99_S
  if (isSlow) say(`VIOLATION slow: reconnect-p99 is over ${RECONNECT_P99_S} s`)
  printFigures({
    ...verdict.figures,
    faults: [...result.bites.values()].reduce((sum, count) => sum + count, 0),
  })
  const isWhole = result.toothless.length === 0 && result.convergedS !== null && !isSlow
  return verdict.violations.size === 0 && isWhole
}

async function underFaults(world: World): Promise<SoakResult> {
  await world.start()
  await world.tabs?.open('visitor-t1', 'visitor-t1/window-1')
  await world.tabs?.open('visitor-t1', 'visitor-t1/window-2')
  await world.tabs?.open('visitor-t2', 'visitor-t2/window-1')
  return soak(world, {
    forMs,
    seed,
    paceMs: PACE_MS,
    isOneByOne: values.each,
    say,
    ...(values.faults !== undefined && { names: values.faults.split(',') }),
  })
}

async function backendsAbsent(): Promise<string | null> {
  const { postgresAbsent } = await import('../../support/postgres')
  const { hasRedis } = await import('../../support/redis')
  return postgresAbsent() ?? (hasRedis ? null : 'skipped: no redis-server on this machine')
}

function judgeAgain(folder: string): boolean {
  const file = join(folder, 'stored.json')
  if (!existsSync(file)) {
    console.error(`${folder} is no folder of a run that came to its end: it has no stored.json.`)
    return false
  }
  const verdict = judgeRun(folder, JSON.parse(readFileSync(file, 'utf8')) as StoredEvent[])
  printViolations(verdict)
  printFigures(verdict.figures)
  return verdict.violations.size === 0
}

function printViolations({ violations }: Verdict): void {
  for (const [violation, found] of violations) {
    say(`VIOLATION ${violation}, ${found.length} times:`)
    // Long words are filled up with dots.
    for (const at of found.slice(0, 5)) say(`  ${at.replace(/\.{9,}/g, '…').slice(0, 300)}`)
  }
}

const LAST = [
  'faults',
  'invoked',
  'acked',
  'stored',
  'rendered',
  'lost',
  'doubled',
  'reordered',
  'diverged',
  'unresolved',
]

function printFigures(figures: Verdict['figures']): void {
  for (const [name, value] of Object.entries(figures)) if (!LAST.includes(name)) say(`${name}: ${value}`)
  for (const name of LAST) if (name in figures) say(`${name}: ${figures[name]}`)
}

process.exit((await main()) ? 0 : 1)
