// One core's share of the schedules of acts; tells how far it is and every seed that failed.

import { parentPort, workerData } from 'node:worker_threads'
import { runActs } from './schedule'

const { firstSeed, schedules, stride, n } = workerData as {
  readonly firstSeed: number
  readonly schedules: number
  readonly stride: number
  readonly n: number
}
for (let place = n, seed = firstSeed; place < schedules; place += stride, seed += stride) {
  const { stored, violations: found } = await runActs(seed)
  const violations = found.length > 0 ? [{ seed, found }] : []
  parentPort?.postMessage({ done: 1, stored, violations })
}
