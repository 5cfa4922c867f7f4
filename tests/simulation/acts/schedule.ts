// One schedule of acts: agents and visitors who do what agents and visitors do, while lines, nodes, the broker, the
// database and the place for bytes fail; then calm, then judgement. Same seed, same schedule.

import type { Environment } from '../../../src/base/environment'
import { createManualClock } from '../../../src/testing/manualClock'
import { createChance } from '../world/chance'
import { CALM, type Weather } from '../world/line'
import type { World } from './carrier'
import { createDesk } from './desk'
import {
  judgeActs,
  judgeBytes,
  judgeFiles,
  judgeHands,
  judgeJournal,
  judgeQueue,
  judgeSecrets,
  judgeShown,
  threadsOf,
} from './judge'
import { type Crew, createOffice, type Mutation, type Premises } from './office'
import { createVisitor } from './visitor'

export interface Outcome {
  readonly violations: readonly string[]
  readonly stored: number
  /** How often each call was answered with ok: a schedule in which nothing is done proves nothing. */
  readonly done: Readonly<Record<string, number>>
  /** All that was asked, and when: what two runs of one seed are compared by. */
  readonly history: readonly string[]
}

const CREWS: readonly Crew[] = [
  { agentId: 'agent-ada', name: 'Ada', role: 'agent', teams: ['billing'] },
  { agentId: 'agent-grace', name: 'Grace', role: 'lead', teams: [] },
  { agentId: 'agent-alan', name: 'Alan', role: 'agent', teams: ['billing', 'tech'] },
]

// A socket that stands loses nothing of what it carries; what gets lost between nodes is the office's to lose.
const WEATHERS: readonly Partial<Weather>[] = [
  {},
  {},
  { slowestMs: 300 },
  { loseAnswers: 0.4, slowestMs: 50 },
  { doublePushes: 0.3, slowestMs: 200 },
  { loseRequests: 0.3, doubleRequests: 0.3, slowestMs: 100 },
  { isSilent: true },
  { isCut: true },
]

const STEPS = 40
/** Longer than what a closed desk takes to be noticed (60 s), and a dead node (40 s). */
const LOST_MS = 75_000

export async function runActs(
  seed: number,
  mutation: Mutation = {},
  premises: Premises = {},
): Promise<Outcome> {
  const chance = createChance(seed)
  const clock = createManualClock(premises.startAt)
  const crew = CREWS.slice(0, 2 + chance.below(2))
  const office = await createOffice(clock, chance, crew, 1 + chance.below(3), mutation, premises)
  const world: World = { clock, chance, nodes: office.nodes, acts: [], toVisitors: [] }
  let ids = 0
  let said = 0
  let isRough = true
  const next = () => `word ${++said}`
  const environment: Environment = {
    now: clock.now,
    after: clock.after,
    random: chance.roll,
    randomId: () => `${premises.idPrefix ?? ''}cli-${String(++ids).padStart(22, '0')}`,
    fetch: () => Promise.reject(new Error('no network here')),
    window: undefined,
  }
  const desks = crew.map(each => createDesk(world, office, environment, each, crew, next, () => isRough))
  const visitors = Array.from({ length: 2 + chance.below(3) }, (_, n) =>
    createVisitor(world, office, environment, `visitor${n + 1}`, next, () => isRough),
  )

  /** Nothing is under way but what waits for a moment to come. */
  async function idle() {
    for (let quiet = 0; quiet < 3; quiet++) {
      await new Promise(setImmediate)
      if (office.underWay() > 0) quiet = -1
    }
  }
  async function run(ms: number) {
    const end = clock.now() + ms
    await idle()
    for (let at = clock.nextAt(); at !== null && at <= end; at = clock.nextAt()) {
      clock.advance(Math.max(0, at - clock.now()))
      await idle()
    }
    clock.advance(Math.max(0, end - clock.now()))
  }
  const conversations = () => {
    const ids = new Set<string>()
    for (const { name, body, reply } of world.acts)
      if (reply?.ok && (name === 'open' || name === 'sync'))
        ids.add(String(name === 'open' ? reply.conversationId : body.conversationId))
    return ids
  }

  const weather = (): Weather => ({ ...CALM, ...chance.pick(WEATHERS) })
  const acts: readonly (() => void)[] = [
    ...Array.from({ length: 14 }, () => () => chance.pick(desks).act()),
    ...Array.from({ length: 8 }, () => () => chance.pick(visitors).act()),
    () => chance.pick(visitors).ask(),
    () => chance.pick(visitors).ask(),
    () => chance.pick(desks).weather(weather()),
    () => chance.pick(visitors).weather(weather()),
    () => chance.pick(desks).reload(),
    () => chance.pick(visitors).reload(),
    () => chance.pick(office.nodes).kill(),
    () => {
      for (const node of office.nodes) node.start()
    },
    () => office.setBroker(chance.below(2) === 0),
    () => office.setFailing(chance.below(2) === 0 ? 0.15 : 0),
    () => {
      for (const each of [...desks, ...visitors]) each.decide()
    },
  ]

  const violations: string[] = []
  await run(500)
  for (const visitor of visitors) visitor.ask()
  await run(1_000)
  for (let step = 0; step < STEPS; step++) {
    // Several at once: of two who reach for the same thing one is first.
    for (let n = chance.below(3); n >= 0; n--) chance.pick(acts)()
    await run(chance.below(8) === 0 ? chance.below(12_000) : chance.below(400))
    if (step % 10 === 0) violations.push(...(await judgeQueue(office.store, conversations())))
  }

  // Everything works again. One desk may stay closed for good: what its agent had must come back.
  isRough = false
  office.setFailing(0)
  office.setBroker(true)
  for (const node of office.nodes) node.start()
  // In order, as a socket keeps it.
  for (const each of [...desks, ...visitors]) each.weather({ ...CALM, slowestMs: 0 })
  const isDeserted = chance.below(6) === 0
  if (isDeserted) chance.pick(desks).leave()
  // A push that was lost on a line that stood is told again to who comes back.
  for (const visitor of visitors) visitor.reload()
  await run(8_000)
  for (const each of [...desks, ...visitors]) each.decide()
  await run(isDeserted ? LOST_MS : 16_000)
  // Each agent looks at one more of them.
  for (const desk of desks) {
    if (!desk.isOpen()) continue
    const rows = desk.model().rows.value
    if (rows.length > 0) desk.model().open(chance.pick(rows).conversationId)
  }
  // What nobody told of is looked at every 20 s by a node, and every 30 s by a desk.
  await run(9_000)

  const threads = await threadsOf(office.store, conversations())
  violations.push(
    ...(await judgeActs(office, world.acts, threads)),
    ...judgeHands(threads),
    ...(await judgeQueue(office.store, conversations())),
    ...(await judgeFiles(office, threads)),
    ...(await judgeJournal(office.store)),
    ...judgeSecrets(world.toVisitors),
    ...(await judgeShown(office, threads, desks, visitors)),
  )
  for (const { row } of threads) {
    const holder = desks.find(desk => desk.crew.agentId === row.agent?.agentId)
    if (holder && !holder.isOpen())
      violations.push(
        `nobody's hands: ${row.conversationId} is with ${holder.crew.name}, who has left for good`,
      )
  }

  // Everybody goes; an hour later what no message has is cleaned, whatever was under way when a node died.
  for (const each of [...desks, ...visitors]) each.leave()
  await run(1_000)
  for (let hours = 0; hours < 3; hours++) {
    for (const node of office.nodes) node.kill()
    clock.advance(61 * 60_000)
    office.nodes[0]?.start()
    await office.sweepFiles()
  }
  violations.push(...judgeBytes(office, threads))
  office.close()
  await idle()
  await office.store.close()

  const done: Record<string, number> = {}
  for (const { name, reply } of world.acts) if (reply?.ok) done[name] = (done[name] ?? 0) + 1
  return {
    violations,
    stored: threads.reduce((sum, { events }) => sum + events.length, 0),
    done,
    history: world.acts.map(
      ({ at, name, body, reply }) => `${at} ${name} ${JSON.stringify({ ...body, epoch: 0 })} ${reply?.ok}`,
    ),
  }
}
