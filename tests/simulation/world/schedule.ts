// One schedule: a world, a seed, some forty steps of words and faults, then calm weather, then judgement.

import type { StoredEvent } from '../../../src/protocol/events'
import { EMPTY_STATE, foldEvent } from '../../../src/protocol/phase'
import { type HistoryLine, judge } from '../checker'
import { createChance } from './chance'
import { createClockwork } from './clockwork'
import { createAgent } from './desk'
import { createDevice, type Device, type DeviceMutation, type World } from './device'
import { CALM, type Weather } from './line'
import { createOffice, type OfficeMutation } from './office'

export type Mutation = OfficeMutation & DeviceMutation

export interface Outcome {
  readonly violations: readonly string[]
  readonly stored: number
  readonly history: readonly HistoryLine[]
}

const WEATHERS: readonly Partial<Weather>[] = [
  {},
  {},
  { slowestMs: 300 },
  { loseAnswers: 0.4, slowestMs: 50 },
  { losePushes: 0.5, doublePushes: 0.3, slowestMs: 200 },
  { loseRequests: 0.3, doubleRequests: 0.3, slowestMs: 100 },
  {
    loseRequests: 0.15,
    loseAnswers: 0.15,
    losePushes: 0.3,
    doubleRequests: 0.1,
    doublePushes: 0.3,
    slowestMs: 400,
  },
  { isSilent: true },
  { isCut: true },
]

const STEPS = 40

export function runSchedule(seed: number, mutation: Mutation = {}): Outcome {
  const chance = createChance(seed)
  const clock = createClockwork()
  const history: HistoryLine[] = []
  const office = createOffice(clock, chance, 1 + chance.below(3), mutation)
  let ids = 0
  const world: World = {
    clock,
    chance,
    nodes: office.nodes,
    history,
    handedBack: new Map(),
    unkept: new Set(),
    stale: new Set(),
    randomId: () => `cli-${String(++ids).padStart(18, '0')}`,
  }
  const agents = Array.from({ length: 1 + chance.below(2) }, (_, n) => createAgent(world, `agent${n + 1}`))
  const devices = Array.from({ length: 1 + chance.below(2) }, (_, n) =>
    createDevice(world, `visitor${n + 1}`, mutation),
  )
  let said = 0
  const next = () => `word ${++said}`
  const anyDevice = () => chance.pick(devices)
  const anyTab = (device: Device) => (device.tabs.length ? chance.pick(device.tabs) : device.open())

  const acts: readonly (() => void)[] = [
    ...Array.from({ length: 5 }, () => () => anyTab(anyDevice()).say(next())),
    ...Array.from({ length: 3 }, () => () => void chance.pick(agents).say(next())),
    () => anyTab(anyDevice()).sayAsBot(next()),
    () => anyDevice().weather({ ...CALM, ...chance.pick(WEATHERS) }),
    () => anyDevice().weather({ ...CALM, ...chance.pick(WEATHERS) }),
    () => chance.pick(agents).weather({ ...CALM, ...chance.pick(WEATHERS) }),
    () => {
      const device = anyDevice()
      device.kill(anyTab(device))
      device.open()
    },
    () => {
      const device = anyDevice()
      if (device.tabs.length < 3) device.open()
    },
    () => {
      const device = anyDevice()
      if (device.tabs.length > 1) device.kill(anyTab(device))
    },
    () => chance.pick(office.nodes).kill(),
    () => {
      for (const node of office.nodes) node.start()
    },
    () => office.setBroker(chance.below(2) === 0),
    () => anyDevice().setDiskFull(chance.below(4) === 0),
    () => chance.pick(agents).handOn(),
    () => {
      if (chance.below(6) === 0) chance.pick(agents).endOne()
    },
    () => {
      if (chance.below(6) === 0) anyTab(anyDevice()).end()
    },
    () => {
      if (chance.below(6) === 0) office.backUp()
    },
    () => {
      if (chance.below(4) !== 0) return
      const restored = office.restore()
      if (!restored) return
      history.push({ kind: 'restored', ...restored })
      // Nobody puts a backup back under a running server.
      for (const node of office.nodes) {
        node.kill()
        node.start()
      }
    },
    () => {
      for (const device of devices) for (const tab of device.tabs) tab.seen()
    },
  ]
  /** Whoever has no conversation asks for one; now and then two tabs at once. */
  const askForPeople = () => {
    for (const device of devices) {
      const tabs = device.tabs.length ? device.tabs : [device.open()]
      const [first] = tabs
      if (first?.session().state.phase === 'ended' && !first.session().rows.length && chance.below(3) === 0)
        first.leave()
      if (tabs.every(tab => tab.session().thread)) continue
      const asking = chance.below(4) === 0 ? tabs : tabs.slice(0, 1)
      for (const tab of asking) if (!tab.session().thread) tab.open(next())
    }
  }
  const decideAll = () => {
    for (const device of devices) device.tabs[0]?.decide()
  }

  for (const device of devices) for (let n = chance.below(3); n >= 0; n--) device.open()
  clock.run(chance.below(50))
  for (let n = 0; n < STEPS; n++) {
    askForPeople()
    chance.pick(acts)()
    clock.run(chance.below(5) === 0 ? chance.below(4_000) : chance.below(60))
    if (chance.below(10) === 0) decideAll()
  }

  // Everything works again, and everybody stays for a while.
  office.setBroker(true)
  for (const node of office.nodes) node.start()
  for (const device of devices) {
    device.setDiskFull(false)
    device.weather(CALM)
  }
  for (const agent of agents) agent.weather(CALM)
  clock.run(40_000)
  for (let n = 0; n < 4; n++) {
    decideAll()
    clock.run(12_000)
  }
  const finish = () => {
    for (const device of devices) device.finish()
    for (const agent of agents) agent.finish()
  }
  const violations = () => {
    const { handedBack, unkept } = world
    const kept = history.filter(
      line => line.kind !== 'saved' || !(handedBack.has(line.text) || unkept.has(line.text)),
    )
    const twice = [...handedBack].filter(([, tabs]) => new Set(tabs).size < tabs.length)
    const stored = office.stored()
    const complaints = [...judge(kept, stored)].flatMap(([violation, texts]) => {
      const at = texts.filter(text => violation !== 'duplicate' || !isStaleTwice(text, stored))
      return at.length ? [`${violation}: ${at[0]}`] : []
    })
    return [
      ...complaints,
      ...wordOf(stored),
      ...twice.map(([text, tabs]) => `handed back twice: ${text} in ${tabs}`),
    ]
  }
  const isStaleTwice = (text: string, stored: readonly StoredEvent[]) => {
    const homes = stored.flatMap(({ body, conversationId }) =>
      body.type === 'message' && body.text === text ? [conversationId] : [],
    )
    return world.stale.has(text) && new Set(homes).size === homes.length
  }
  const before = history.length
  finish()
  const sameDay = violations()
  // The visitors come back another day, and find it as they left it.
  history.length = before
  for (const device of devices) {
    for (const tab of [...device.tabs]) device.kill(tab)
    device.open()
  }
  clock.run(20_000)
  decideAll()
  clock.run(20_000)
  finish()
  return { violations: [...sameDay, ...violations()], stored: office.stored().length, history }
}

/** D18: assignments count 1, 2, 3 …, and while a person has the word nobody else speaks. */
function wordOf(stored: readonly StoredEvent[]): string[] {
  const found: string[] = []
  let state = EMPTY_STATE
  for (const event of stored) {
    const { author, body } = event
    if (event.seq === 1) state = EMPTY_STATE
    const at = `${event.conversationId} ${event.seq}`
    if (body.type === 'assigned' && body.assignment !== state.assignment + 1)
      found.push(`assignment: ${at} is ${body.assignment} after ${state.assignment}`)
    if (body.type === 'message' && state.phase === 'live') {
      if (author.kind === 'bot') found.push(`the bot spoke: ${at}`)
      if (author.kind === 'agent' && author.agentId !== state.agent?.agentId)
        found.push(`another agent spoke: ${at}`)
    }
    state = foldEvent(state, event)
  }
  return found
}
