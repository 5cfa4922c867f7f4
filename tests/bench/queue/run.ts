// Who waits how long, and how far it was foretold: days of a made-up desk (`day`), played through the server's own
// order and estimate, beside the estimate that was there before (`floor`) in the same run. Seconds.
//
//   npm run bench:queue [-- --half tuning] [--days 40] [--write]
//
// --half   `reporting` (default): days of even seeds, which nothing was chosen by; `tuning`: the odd ones
// --write  renews expected.svg

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Priority } from '../../../src/protocol/records'
import { type ExpectedWait, expectedWait, JOINS_COUNTED, paceOf } from '../../../src/server/expectedWait'
import { PRIORITIES } from '../../../src/server/priority'
import { HEAD_START_MS, turnOf } from '../../../src/server/queue'
import { type Moment, type Person, playDay } from './day'
import { medianOfRecent } from './floor'
import { expectedAgainstActual } from './plot'

const { values } = parseArgs({
  options: {
    half: { type: 'string', default: 'reporting' },
    days: { type: 'string', default: '40' },
    write: { type: 'boolean', default: false },
  },
})
const MINUTE = 60_000
const ARRIVALS_A_DAY = 500
/** Words are said again when the queue moves: of so many moves one is looked at. */
const LOOK_AT_EVERY = 4

/** What somebody was told, and what came. */
interface Told {
  readonly at: number
  readonly expected: ExpectedWait | null
  readonly floorMs: number | null
}
interface Wait extends Told {
  readonly priority: Priority
  readonly waitedMs: number
}

const served: Wait[] = []
const later: Wait[] = []
const longest = new Map<Priority, number>()
const starved = new Set<Person>()
let came = 0
let left = 0

/** As the server does it: one pace for all, then each place. */
function tellerOf({ now, queue, joins, agentsOnline }: Moment, but?: Person) {
  const since = queue.filter(person => person !== but).map(person => person.waitStarted)
  const counted = joins.slice(0, JOINS_COUNTED)
  const waitingSince = since.length > 0 ? Math.min(...since) : null
  const pace = paceOf({ now, joins: counted, waitingSince, agentsOnline })
  const floorMs = medianOfRecent(counted.map(join => join.waitedMs))
  return (person: Person, ahead: number): Told => ({
    at: now,
    expected: expectedWait(pace, ahead, person.priority),
    floorMs,
  })
}

function play(seed: number) {
  const onComing = new Map<Person, Told>()
  const since = new Map<Person, Told[]>()
  let moves = 0
  playDay(seed, ARRIVALS_A_DAY, {
    came(person, moment) {
      came++
      onComing.set(person, tellerOf(moment, person)(person, moment.queue.indexOf(person)))
    },
    ended({ kind, person, waitedMs }, moment) {
      longest.set(person.priority, Math.max(longest.get(person.priority) ?? 0, waitedMs))
      const { priority } = person
      const first = onComing.get(person)
      if (kind === 'left') left++
      else if (first) {
        served.push({ ...first, priority, waitedMs })
        for (const told of since.get(person) ?? [])
          later.push({ ...told, priority, waitedMs: moment.now - told.at })
        // D27, by its own words and by the order: nobody who is left behind should have gone first.
        for (const other of moment.queue) {
          const lead = HEAD_START_MS[priority] - HEAD_START_MS[other.priority]
          const isTooLate = person.waitStarted - other.waitStarted > lead
          if (isTooLate || turnOf(person) > turnOf(other)) starved.add(other)
        }
      }
      since.delete(person)
      if (++moves % LOOK_AT_EVERY > 0 || moment.queue.length === 0) return
      const tell = tellerOf(moment)
      for (const [ahead, other] of moment.queue.entries())
        since.set(other, [...(since.get(other) ?? []), tell(other, ahead)])
    },
  })
}

const rest = values.half === 'tuning' ? 1 : 0
const seeds = Array.from({ length: Number(values.days) }, (_, n) => n + 1).filter(seed => seed % 2 === rest)
for (const seed of seeds) play(seed)

const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length)
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0
const minutes = (ms: number) => (ms / MINUTE).toFixed(2)
const share = (part: number, all: number) => (all > 0 ? part / all : 0).toFixed(3)
const print = (name: string, value: string | number, more = '') =>
  console.log(`${name}: ${value}${more && `  ${more}`}`)

function errors(waits: readonly Wait[], of: (told: Told) => number | null): number[] {
  return waits.flatMap(wait => {
    const said = of(wait)
    return said === null || wait.expected === null || wait.floorMs === null
      ? []
      : [Math.abs(said - wait.waitedMs)]
  })
}
const ours = (told: Told) => told.expected?.medianMs ?? null
const before = (told: Told) => told.floorMs
const within = ({ expected, waitedMs }: Wait) =>
  expected !== null && waitedMs >= expected.lowMs && waitedMs <= expected.highMs
const known = (waits: readonly Wait[]) => waits.filter(wait => wait.expected !== null)
const coverage = (waits: readonly Wait[]) => share(waits.filter(within).length, known(waits).length)

print('days', seeds.length, `${values.half} half`)
print('arrivals', came, `${served.length} served, ${left} left before`)
for (const priority of PRIORITIES) {
  const waits = served.filter(wait => wait.priority === priority)
  print(`median-wait-${priority}`, minutes(median(waits.map(wait => wait.waitedMs))))
  print(`longest-wait-${priority}`, minutes(longest.get(priority) ?? 0))
}
print('starved', starved.size)
const actual = median(served.map(wait => wait.waitedMs))
const [mine, floor] = [errors(served, ours), errors(served, before)]
print('wait-error-median', minutes(median(mine)), `${share(median(mine), actual)} of the median wait`)
print('wait-error-mean', minutes(mean(mine)))
print('floor-error-median', minutes(median(floor)), `${share(median(floor), actual)} of the median wait`)
print('floor-error-mean', minutes(mean(floor)))
print('wait-error-to-floor', share(median(mine), median(floor)), `means: ${share(mean(mine), mean(floor))}`)
print('wait-interval-coverage', coverage(served))
for (const priority of PRIORITIES)
  print(`wait-interval-coverage-${priority}`, coverage(served.filter(wait => wait.priority === priority)))
print(
  'wait-known-shorter',
  share(known(served).filter(wait => wait.waitedMs < (ours(wait) ?? 0)).length, known(served).length),
  'asked: a half',
)
print('wait-unknown-share', share(served.length - known(served).length, served.length))
const [mineLater, floorLater] = [errors(later, ours), errors(later, before)]
print('while-waiting-coverage', coverage(later), `${later.length} times said`)
print('while-waiting-error-to-floor', share(median(mineLater), median(floorLater)))

if (values.write) {
  const points = served.flatMap(({ expected, waitedMs }) =>
    expected
      ? [
          {
            expectedMin: expected.medianMs / MINUTE,
            lowMin: expected.lowMs / MINUTE,
            highMin: expected.highMs / MINUTE,
            actualMin: waitedMs / MINUTE,
          },
        ]
      : [],
  )
  writeFileSync('tests/bench/queue/expected.svg', expectedAgainstActual(points))
}
