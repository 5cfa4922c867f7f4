// One core's share of the schedules; tells how far it is and every seed that failed.

import { parentPort, workerData } from 'node:worker_threads'
import { runSchedule } from './schedule'

const { firstSeed, schedules, stride, n } = workerData as {
  readonly firstSeed: number
  readonly schedules: number
  readonly stride: number
  readonly n: number
}
const TELL_EVERY = 200
let done = 0
let stored = 0
let violations: { seed: number; found: readonly string[] }[] = []
const tell = () => {
  parentPort?.postMessage({ done, stored, violations })
  done = stored = 0
  violations = []
}
for (let place = n, seed = firstSeed; place < schedules; place += stride, seed += stride) {
  const outcome = runSchedule(seed)
  done++
  stored += outcome.stored
  if (outcome.violations.length > 0) violations.push({ seed, found: outcome.violations })
  if (done === TELL_EVERY) tell()
}
tell()
