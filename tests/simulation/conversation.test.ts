// Seeded schedules of faults over the whole live half: bot, handoff, outbox, tabs, wires, server, agent.
// A seed that ever failed stays below by name.

import { describe, expect, test } from 'vitest'
import type { StoredEvent } from '../../src/protocol/events'
import { createLoopback } from '../../src/testing/loopback'
import { seeded } from '../../src/testing/seeded'
import { check } from './checker'
import { createAgent, createDevice, createScene, type Mutation, type Tab } from './scene'
import { seenFrom } from './seenFrom'

interface Run {
  readonly violations: readonly string[]
  readonly stored: readonly StoredEvent[]
  readonly turns: readonly string[]
  readonly said: number
}

/** One conversation under one schedule, then calm weather for a minute, then judgement. */
async function run(seed: number, mutation: Mutation = {}, steps = 40): Promise<Run> {
  const loopback = await createLoopback({ seed })
  const scene = createScene(loopback)
  // Its own chance: what the schedule does must not hang on how often the code under test rolls a die.
  const chance = seeded(seed * 7919 + 1)
  const below = (n: number) => Math.floor(chance() * n)
  const agent = createAgent(scene)
  const device = createDevice(scene, { diskMs: 8, ...mutation })
  device.open()
  await loopback.settle(1_000)
  const anyTab = () => device.tabs[below(device.tabs.length)] ?? device.open()
  let said = 0
  const turns = ['question before', 'bot: question before']

  // Before: one question to the bot, then a person. The handoff itself runs under faults.
  const first = anyTab()
  first.say('question before')
  await loopback.settle(100)
  const askFor = async (tab: Tab) => {
    tab.conversation.askForPerson()
    await loopback.settle(7_000)
    tab.conversation.chooseChannel('live')
  }
  await askFor(first)

  let isDown = false
  let isCut = false
  const weather = [
    null,
    { delayMs: [5, 300] as const },
    { loseAcks: 0.4, delayMs: [0, 50] as const },
    { losePushes: 0.5, doublePushes: 0.3, delayMs: [0, 200] as const },
    { loseRequests: 0.3, doubleRequests: 0.3, delayMs: [0, 100] as const },
    {
      loseRequests: 0.15,
      loseAcks: 0.15,
      losePushes: 0.3,
      doubleRequests: 0.1,
      doublePushes: 0.3,
      delayMs: [0, 400] as const,
    },
  ]
  const acts: (() => unknown)[] = [
    () => anyTab().say(`v${++said}`),
    () => anyTab().say(`v${++said}`),
    () => anyTab().say(`v${++said}`),
    () => agent.say(`a${++said}`),
    () => agent.say(`a${++said}`),
    () => loopback.wire.faults(weather[below(weather.length)] ?? null),
    () => device.reload(anyTab()),
    () => device.tabs.length < 3 && device.open(),
    () => device.tabs.length > 1 && device.close(anyTab()),
    () => {
      if (isCut) loopback.wire.restore()
      else loopback.wire.cut()
      isCut = !isCut
    },
    () => {
      if (isDown) loopback.start()
      else loopback.kill()
      isDown = !isDown
    },
    () => !isDown && loopback.restart(),
    () => {
      anyTab().conversation.seen()
    },
  ]
  for (let n = 0; n < steps; n++) {
    const tab = device.tabs[0]
    // The handoff may have been lost with a page before it was saved: then the visitor asks once more.
    if (tab && ['bot', 'offered'].includes(tab.conversation.phase.value) && !tab.live()?.hasThread.value)
      await askFor(tab)
    else if (tab && ['bot', 'offered'].includes(tab.conversation.phase.value)) {
      await loopback.settle(500)
      if (tab.conversation.phase.value === 'offered') {
        tab.conversation.chooseChannel('live')
      }
    } else acts[below(acts.length)]?.()
    await loopback.settle(below(4) === 0 ? below(4_000) : below(60))
  }
  loopback.wire.faults(null)
  if (isCut) loopback.wire.restore()
  if (isDown) loopback.start()
  await loopback.settle(90_000)

  // An agent who was away for the whole schedule may never have had it; the visitor's screens always do.
  const id = device.tabs[0]?.live()?.events.value[0]?.conversationId
  const page = id === undefined ? null : await loopback.store.read(id, 0, 10_000)
  const stored = page?.events ?? []
  for (const tab of device.tabs)
    scene.history.push({
      kind: 'end',
      screen: tab.name,
      waiting: (tab.live()?.rows.value ?? []).flatMap(({ draft }) =>
        draft?.body.type === 'message' ? [draft.body.text] : [],
      ),
    })
  if (agent.events().length > 0)
    scene.history.push({ kind: 'end', screen: agent.name, waiting: agent.waiting() })
  const violations = check(scene.history, stored)
  // What the window shows is the same list, once each.
  for (const tab of device.tabs) {
    const keys = tab.conversation.items.value.map(item => item.key)
    if (new Set(keys).size !== keys.length) violations.push(`shown twice: ${tab.name}`)
  }
  for (const tab of [...device.tabs]) tab.unload()
  await loopback.close()
  return { violations, stored, turns, said }
}

const SCHEDULES = Number(process.env.ASKLET_SCHEDULES ?? 200)

describe('[D1]–[D14] [D17] [D21] [D22] under any schedule nothing is lost, doubled or reordered, and all converge', () => {
  const PER_TEST = 25
  for (let from = 1; from <= SCHEDULES; from += PER_TEST)
    test(`seeds ${from} to ${from + PER_TEST - 1}`, { timeout: 120_000 }, async () => {
      let stored = 0
      // The window that spoke to the bot may go before it asks for a person: then another one asks, without turns.
      let gone = 0
      for (let seed = from; seed < from + PER_TEST; seed++) {
        const result = await run(seed)
        expect(result.violations, `seed ${seed}`).toEqual([])
        const texts = result.stored.flatMap(({ body }) => (body.type === 'message' ? [body.text] : []))
        const hasTurns = result.turns.some(turn => texts.includes(turn))
        if (hasTurns) expect(texts.slice(0, 2), `seed ${seed}: earlier turns first`).toEqual(result.turns)
        else gone++
        stored += texts.length
      }
      // A schedule in which nothing was said would prove nothing.
      expect(stored).toBeGreaterThan(PER_TEST * 5)
      expect(gone).toBeLessThan(2)
    })
})

describe('seeds that failed once', () => {
  test('seed 12: an agent who is away for the whole schedule costs the visitor nothing', async () => {
    expect((await run(12)).violations).toEqual([])
  })
})

test('seed 403: a follower that reloads between saving and telling the leader keeps its words and their order', async () => {
  expect((await run(403)).violations).toEqual([])
})

test('seed 1685: a tab that found no conversation, and hears of one that began elsewhere, leads when the other tab goes', async () => {
  expect((await run(1685)).violations).toEqual([])
})

test('seed 2576: a new leader that knew more than a tab read from its disk tells it', async () => {
  expect((await run(2576)).violations).toEqual([])
})

test('seed 879: words that a tab saved in its last moment are sent by the tab that stays', async () => {
  // The disk is real time: whether the tab goes before it tells differs from run to run.
  for (let n = 0; n < 5; n++) expect((await run(879)).violations).toEqual([])
})

describe('the checker goes red when', () => {
  /** The first of so many seeds in which it is seen. */
  const seenAt = (make: () => Mutation, kind: string, seeds = 15) =>
    seenFrom(1, seeds, kind, async seed => (await run(seed, make())).violations)
  const timeout = 120_000

  test('[D2] a retry takes a new key', { timeout }, async () => {
    const mutant = (): Mutation => {
      const seen = new Map<string, number>()
      return {
        onRequest(name, body) {
          if (name !== 'send') return body
          const request = body as { drafts: { clientId: string }[] }
          return {
            ...request,
            drafts: request.drafts.map(draft => {
              const times = seen.get(draft.clientId) ?? 0
              seen.set(draft.clientId, times + 1)
              return times ? { ...draft, clientId: `${draft.clientId}-${times}` } : draft
            }),
          }
        },
      }
    }
    expect(await seenAt(mutant, 'duplicate', 60)).not.toBeNull()
  })

  test('[D9] the outbox is in memory', { timeout }, async () => {
    expect(await seenAt(() => ({ forgetsDisk: true }), 'lost')).not.toBeNull()
  })

  test('[D6] the ok comes before the commit', { timeout }, async () => {
    const mutant = () => {
      let sends = 0
      return { isForgotten: () => ++sends % 4 === 0 }
    }
    expect(await seenAt(mutant, 'lost')).not.toBeNull()
  })

  test('[D14] no beacon is heard: a push that is lost last is missed, with beacons it is there within 25 s', async () => {
    const shownWithout = async (dropsBeacons: boolean) => {
      const loopback = await createLoopback()
      const scene = createScene(loopback)
      const agent = createAgent(scene)
      const tab = createDevice(scene, { dropsBeacons }).open()
      await loopback.settle(1_000)
      tab.conversation.askForPerson()
      await loopback.settle(1_000)
      tab.conversation.chooseChannel('live')
      await loopback.settle(2_000)
      loopback.wire.faults({ losePushes: 1 })
      agent.say('the last word')
      await loopback.settle(100)
      loopback.wire.faults(null)
      await loopback.settle(25_000)
      tab.live()?.events.value.forEach((event, n) => {
        expect(event.seq).toBe(n + 1)
      })
      scene.history.push({ kind: 'end', screen: tab.name, waiting: [] })
      const violations = check(scene.history, agent.events())
      await loopback.close()
      return violations.map(violation => violation.split(':')[0])
    }
    expect(await shownWithout(true)).toEqual(['not converged'])
    expect(await shownWithout(false)).toEqual([])
  })
})
