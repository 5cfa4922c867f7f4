// `npm run simulate -- --schedules 100000 [--seed 1]`: seeded schedules of faults over the live half in memory, on
// all cores, with a line of progress. A violation names its seed: `--seed <n> --schedules 1` plays it again.
// `--of acts`: what agents and visitors do at a desk, over the real core and database; a quarter of a second each.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    of: { type: 'string', default: 'words' },
  },
})
const WORKERS = { words: 'world', acts: 'acts' }
if (!Object.hasOwn(WORKERS, values.of)) {
  console.error(`--of is words or acts, got ${values.of}.`)
  process.exit(2)
}
const schedules = Number(values.schedules)
const firstSeed = Number(values.seed)
if (!Number.isInteger(schedules) || schedules < 1 || !Number.isInteger(firstSeed)) {
  console.error(`--schedules and --seed are whole numbers, got ${values.schedules} and ${values.seed}.`)
  process.exit(2)
}

// Below the project, where the database's driver is found.
mkdirSync('dist', { recursive: true })
const out = mkdtempSync(join('dist', 'simulate-'))
const outfile = join(out, 'worker.mjs')
await build({
  entryPoints: [`tests/simulation/${WORKERS[values.of]}/worker.ts`],
  packages: 'external',
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile,
  logLevel: 'error',
})

const cores = Math.min(availableParallelism(), schedules)
const started = performance.now()
let done = 0
let stored = 0
const violations = []
const progress = setInterval(() => {
  const perSecond = Math.round((done / (performance.now() - started)) * 1_000)
  console.log(`${done} of ${schedules} schedules, ${perSecond} a second, ${violations.length} violations`)
}, 5_000)

await Promise.all(
  Array.from({ length: cores }, (_, n) => {
    // Every core takes each n-th seed, so that a long run of slow ones is shared.
    const worker = new Worker(resolve(outfile), {
      workerData: { firstSeed: firstSeed + n, schedules, stride: cores, n },
    })
    return new Promise((exited, reject) => {
      worker.on('message', message => {
        done += message.done
        stored += message.stored
        violations.push(...message.violations)
      })
      worker.on('error', reject)
      worker.on('exit', exited)
    })
  }),
)
clearInterval(progress)
rmSync(out, { recursive: true, force: true })

for (const { seed, found } of violations.slice(0, 20)) console.log(`seed ${seed}: ${found.join('; ')}`)
const seconds = (performance.now() - started) / 1_000
console.log(`events-stored: ${stored}`)
console.log(`schedules-a-second: ${Math.round(done / seconds)}`)
console.log(`schedules: ${done}`)
console.log(`violations: ${violations.length}`)
process.exit(violations.length === 0 && done === schedules ? 0 : 1)
