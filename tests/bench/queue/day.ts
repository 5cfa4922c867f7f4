// One day of a made-up help desk: people come at a rate that changes over the day, agents come, go, pause and take
// several conversations at once. The queue's order is the server's own. Knows nothing of estimates: whoever watches is
// told what happens, with what a store would know at that moment.

import type { Priority } from '../../../src/protocol/records'
import type { Join } from '../../../src/server/expectedWait'
import { byTurn, type Waiting } from '../../../src/server/queue'
import { seeded } from '../../../src/testing/seeded'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** From eight to eight. */
const DAY_MS = 12 * HOUR

/** Of all who come the first tenth is low, the next seven ordinary, and so on. */
const UP_TO: readonly (readonly [Priority, number])[] = [
  ['low', 0.1],
  ['normal', 0.8],
  ['high', 0.95],
  ['urgent', 1],
]

export interface Person extends Waiting {
  readonly waitStarted: number
  readonly priority: Priority
}

export type Outcome =
  | { readonly kind: 'served'; readonly person: Person; readonly waitedMs: number }
  | { readonly kind: 'left'; readonly person: Person; readonly waitedMs: number }

export interface Watcher {
  /** Just came, and is in `queue`, which is in its order. */
  came(person: Person, moment: Moment): void
  ended(outcome: Outcome, moment: Moment): void
}

/** What a store knows. */
export interface Moment {
  readonly now: number
  readonly queue: readonly Person[]
  /** Newest first. */
  readonly joins: readonly Join[]
  readonly agentsOnline: number
}

interface Agent {
  readonly slots: number
  readonly shift: readonly (readonly [from: number, to: number])[]
  isHere: boolean
  talking: number
  isLooking: boolean
}

/** @param arrivals  how many come, about */
export function playDay(seed: number, arrivals: number, watcher: Watcher): void {
  const random = seeded(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const lognormal = (median: number, spread: number) => median * Math.exp(spread * normal())
  const between = (from: number, to: number) => from + (to - from) * random()

  // ---- the desk: as many agents as the day needs, more or less
  const slots = 1 + Math.floor(random() * 3)
  const talkMs = between(5, 12) * MINUTE
  /** Several at once take longer each. */
  const slowness = 1 + 0.3 * (slots - 1)
  /** Below 1 the desk keeps up, on the whole; peaks and pauses still make queues. */
  const load = between(0.7, 1.1)
  const meanTalk = talkMs * Math.exp(0.7 ** 2 / 2) * slowness
  const need = (arrivals * meanTalk) / (DAY_MS * load * slots)
  const agents: Agent[] = Array.from({ length: Math.max(2, Math.round(need * 1.3)) }, (_, n) => {
    const begins = n < 2 ? 0 : Math.max(0, between(-1, 4)) * HOUR
    const ends = n < 2 ? DAY_MS : Math.min(DAY_MS, begins + between(7, 9) * HOUR)
    const shift: [number, number][] = []
    let from = begins
    while (from < ends) {
      const to = Math.min(ends, from + Math.max(20, -100 * Math.log(1 - random())) * MINUTE)
      shift.push([from, to])
      from = to + (random() < 0.3 ? between(25, 45) : between(4, 12)) * MINUTE
    }
    return { slots, shift, isHere: false, talking: 0, isLooking: false }
  })

  /** Who stays whatever happens, until the wait becomes a ticket; and how patient the others are. */
  const stay = between(0.2, 0.6)
  const patienceMs = between(8, 40) * MINUTE

  // ---- events in order of time
  const due: { readonly at: number; readonly run: () => void }[] = []
  const at = (time: number, run: () => void) => {
    let low = 0
    let high = due.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((due[middle]?.at ?? 0) > time) low = middle + 1
      else high = middle
    }
    due.splice(low, 0, { at: time, run })
  }

  let now = 0
  let count = 0
  const queue: Person[] = []
  const joins: Join[] = []
  const online = () => agents.filter(agent => agent.isHere).length
  const moment = (): Moment => ({ now, queue, joins, agentsOnline: online() })

  const look = (agent: Agent) => {
    if (agent.isLooking || !agent.isHere || agent.talking >= agent.slots || queue.length === 0) return
    agent.isLooking = true
    // Reading the question, ending another thought.
    at(now + lognormal(25_000, 0.8), () => {
      agent.isLooking = false
      if (!agent.isHere || agent.talking >= agent.slots) return
      const person = queue.shift()
      if (!person) return
      const waitedMs = now - person.waitStarted
      joins.unshift({ at: now, waitedMs, priority: person.priority })
      watcher.ended({ kind: 'served', person, waitedMs }, moment())
      agent.talking++
      at(now + lognormal(talkMs, 0.7) * (1 + 0.3 * (agent.talking - 1)), () => {
        agent.talking--
        look(agent)
      })
      look(agent)
    })
  }
  const leave = (person: Person) => {
    const place = queue.indexOf(person)
    if (place < 0) return
    queue.splice(place, 1)
    watcher.ended({ kind: 'left', person, waitedMs: now - person.waitStarted }, moment())
  }
  const come = () => {
    const share = random()
    const priority = UP_TO.find(([, upTo]) => share < upTo)?.[0] ?? 'normal'
    // Ids are of chance, as the server's are: they only break ties.
    const conversationId = `${Math.floor(random() * 2 ** 40).toString(36)}-${count++}`
    const person: Person = { conversationId, waitStarted: now, priority }
    queue.push(person)
    queue.sort(byTurn)
    watcher.came(person, moment())
    const patience = random() < stay ? HOUR : Math.min(HOUR, 2 * MINUTE - patienceMs * Math.log(1 - random()))
    at(now + patience, () => leave(person))
    for (const agent of agents) look(agent)
  }

  // ---- who comes when: two peaks, and on some days half an hour in which something is broken
  const peak = (time: number, hour: number, width: number) => Math.exp(-(((time / HOUR - hour) / width) ** 2))
  const broken = random() < 0.4 ? between(1, 10) * HOUR : Number.NaN
  const rate = (time: number) =>
    0.5 +
    peak(time, 2.5, 1.2) +
    0.8 * peak(time, 6.5, 1.5) +
    (time >= broken && time < broken + HOUR / 2 ? 2 : 0)
  let area = 0
  for (let time = 0; time < DAY_MS; time += MINUTE) area += rate(time) * MINUTE
  const most = 4
  for (let time = 0; ; ) {
    time += (-Math.log(1 - random()) * area) / (arrivals * most)
    if (time >= DAY_MS) break
    if (random() * most < rate(time)) at(time, come)
  }
  for (const agent of agents)
    for (const [from, to] of agent.shift) {
      at(from, () => {
        agent.isHere = true
        for (let free = 0; free < agent.slots; free++) look(agent)
      })
      at(to, () => {
        agent.isHere = false
      })
    }
  for (let next = due.pop(); next; next = due.pop()) {
    now = next.at
    next.run()
    // Who was reading when the queue moved looks again.
    if (queue.length > 0) for (const agent of agents) look(agent)
  }
}
