// Short scenes, each with the one fault that a known mistake would not survive. The real build must be green in
// every one of them; see `mutants`.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Patch } from './bundle'
import { traceSyncs } from './durability'
import { hasStrace } from './faults'
import { readHistories } from './history'
import { judgeRun } from './soak'
import { createWorld, pause, type World, type WorldOptions } from './world'

export interface Scenario {
  readonly name: string
  /** Null: can be played here. Else why not. */
  missing?(): string | null
  readonly world: Partial<WorldOptions>
  /** Of the scene, in the real build too: shorter waits, or one of two layers switched off. */
  readonly patches?: readonly Patch[]
  /** Resolves to what was seen beyond the histories: nothing, where all is well. Throws when its fault did not bite. */
  play(world: World): Promise<readonly string[]>
  /** What is found and is no violation in this scene. */
  forgives?(violation: string, at: string): boolean
  /** Before the processes start. */
  prepare?(folder: string): Partial<WorldOptions>
  /** After the run, whatever became of it. */
  cleanUp?(folder: string): void
}

export interface Played {
  /** Names of violations, each with the place it was seen first. */
  readonly found: ReadonlyMap<string, string>
  readonly acked: number
}

/** A scene whose fault did not happen proves nothing. */
function expectBite(count: number, what: string): void {
  if (count === 0) throw new Error(`the fault did not bite: ${what}`)
}

/** Sockets only, and nobody hands anybody on: what happens is what the scene does. */
const QUIET: Partial<WorldOptions> = { clients: 1, visitorsEach: 3, agents: 1, paceMs: 180, handsOn: 0 }

/** Two megabytes: some hundred long messages, and the tables. */
function mountSmall(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]).status === 0
}

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'asklet-mount-'))
  const isMounted = mountSmall(folder)
  if (isMounted) spawnSync('umount', [folder])
  rmdirSync(folder)
  return isMounted
}

/** The node is killed around a commit, three times; then all is given time. */
const killedAround = (name: string, trap: 'inside' | 'after'): Scenario => ({
  name,
  world: QUIET,
  async play(world) {
    const [node] = world.nodes
    if (!node) return []
    await world.start()
    await pause(1_500)
    for (let n = 0; n < 3; n++) {
      // An agent's words, by how the harness numbers them: they are sent again at once, where a visitor's device first asks what is there.
      node.arm(trap, 'agent-1#')
      expectBite((await node.ended(15_000)) === 'SIGKILL' ? 1 : 0, `killed ${trap} a commit`)
      await node.start()
      await pause(1_500)
    }
    return []
  },
})

const BEACON_SOON: Patch = {
  part: 'server',
  file: 'src/protocol/limits.ts',
  find: 'export const BEACON_EVERY_MS = 25_000',
  replace: 'export const BEACON_EVERY_MS = 6_500',
}
export const NO_BEACON: Patch = {
  part: 'server',
  file: 'src/server/conversations.ts',
  find: 'background(() => tellHeads(carrier, ids.slice(from, from + HEADS_AT_ONCE)))',
  replace: 'void tellHeads',
}

/** The agent speaks once while every push is lost, and once more where `andThen`; nobody says anything after. */
const lostPush = (name: string, patch: Patch, andThen: boolean): Scenario => ({
  name,
  patches: [patch],
  world: { ...QUIET, visitorsEach: 1 },
  async play(world) {
    await world.start()
    await pause(2_500)
    await world.setPace(0)
    // Read marks follow the last words, and would give the hole away.
    await world.settle()
    const [crew] = world.agents
    const line = world.lines.get('a')
    const [status] = await world.statuses()
    if (!crew || !line || !status?.conversation) throw new Error('nobody talks to anybody')
    line.set({ losePushes: 1 })
    await crew.say(0, status.conversation, 1)
    await pause(700)
    line.set(null)
    expectBite(line.hits.lostPush, 'a push was lost')
    if (andThen) await crew.say(0, status.conversation, 1)
    return []
  },
})

const SCENARIOS = {
  killedInside: killedAround('the node is killed inside a commit', 'inside'),
  killedAfter: killedAround('the node is killed after a commit and before the answer', 'after'),

  lostAnswers: {
    name: 'answers are lost, pushes too, and the client asks again',
    world: QUIET,
    patches: [
      {
        part: 'client',
        file: 'src/live/socketTransport.ts',
        find: 'const ANSWER_WITHIN_MS = 12_000',
        replace: 'const ANSWER_WITHIN_MS = 800',
      },
    ],
    async play(world) {
      await world.start()
      await pause(1_500)
      const line = world.lines.get('a')
      for (let n = 0; n < 2; n++) {
        line?.set({ loseAcks: 1, losePushes: 1 })
        await pause(2_500)
        line?.set(null)
        await pause(1_000)
      }
      expectBite(line?.hits.lostAck ?? 0, 'an answer was lost')
      return []
    },
  } satisfies Scenario,

  refusedCommit: {
    name: 'the disk refuses a commit',
    world: QUIET,
    async play(world) {
      const [node] = world.nodes
      await world.start()
      await pause(1_500)
      for (let n = 0; n < 4; n++) {
        node?.arm('refused')
        await pause(700)
      }
      expectBite((node?.log() ?? '').split('by the trap').length - 1, 'a commit was refused')
      return []
    },
  } satisfies Scenario,

  reloadedTab: {
    name: 'a tab is loaded anew between save and ack',
    world: { clients: 0, agents: 1, hasBrowser: true, paceMs: 150, handsOn: 0 },
    async play(world) {
      await world.start()
      const { tabs } = world
      const line = world.lines.get('browser')
      if (!tabs || !line) return []
      const tab = await tabs.open('visitor-t1', 'visitor-t1/window-1')
      await pause(1_500)
      for (let n = 0; n < 2; n++) {
        line.set({ loseSends: 1 })
        await tabs.say(tab)
        await pause(200)
        await tabs.reload(tab)
        line.set(null)
        line.reset()
        await pause(1_000)
      }
      expectBite(line.hits.lostSend, 'a send was lost')
      return []
    },
  } satisfies Scenario,

  noPush: lostPush('the last push is lost, and nothing comes after it', BEACON_SOON, false),
  holedPush: lostPush('a push is lost, the next one comes, no beacon is heard', NO_BEACON, true),

  traced: {
    name: 'the system calls of the node are traced',
    missing: () => (hasStrace() ? null : 'strace is not installed, or may not trace here'),
    world: { ...QUIET, paceMs: 120 },
    async play(world) {
      await world.start()
      const pid = world.nodes[0]?.pid
      if (!pid) return []
      const trace = await traceSyncs(pid, join(world.folder, 'node.trace'))
      await pause(4_000)
      const { acks, early } = await trace.stop()
      expectBite(acks, 'an answer was traced')
      return early.map(each => `not durable: ${each}`)
    },
  } satisfies Scenario,

  tenThousand: {
    name: 'one visitor says 10 000 things at once',
    world: { ...QUIET, visitorsEach: 2, paceMs: 400 },
    // The server lets some ten a second through: what waits, waits on the visitor's own device.
    // So this conversation is still on its way when the judge looks; the other one is not.
    forgives: (violation, at) =>
      (violation === 'unresolved' && at.startsWith('visitor-a1')) ||
      (violation === 'not converged' && !at.startsWith('visitor-a2')),
    async play(world) {
      const [crew] = world.clients
      if (!crew) return []
      await world.start()
      await pause(1_000)
      const said = await crew.burst(0, 10_000)
      await pause(4_000)
      await crew.kill()
      await crew.start()
      const refusals = () =>
        readHistories(join(world.folder, 'histories')).filter(
          line => line.kind === 'note' && line.what === 'refused rate_limited',
        ).length
      for (let n = 0; n < 60 && refusals() === 0; n++) await pause(1_000)
      const stored = new Set(
        (await world.stored()).flatMap(({ body }) => (body.type === 'message' ? body.text : [])),
      )
      const [status] = await crew.statuses()
      const waiting = new Set(status?.waiting)
      const gone = said.filter(text => !stored.has(text) && !waiting.has(text))
      expectBite(said.length, 'all was typed')
      expectBite(refusals(), 'a call was refused for its rate')
      return gone.length
        ? [`lost: ${gone.length} of 10 000 are neither stored nor waiting, e.g. ${gone[0]}`]
        : []
    },
  } satisfies Scenario,

  tokensEnd: {
    name: 'tokens end between send and ack',
    world: { ...QUIET, visitorsEach: 4, tokenForMs: 2_500 },
    async play(world) {
      await world.start()
      const line = world.lines.get('a')
      for (let n = 0; n < 4; n++) {
        line?.set({ loseAcks: 0.5 })
        await pause(1_700)
        line?.set(null)
        await pause(800)
      }
      const lines = readHistories(join(world.folder, 'histories'))
      const tokens = lines.filter(each => each.kind === 'note' && each.what === 'token').length
      expectBite(tokens > 8 ? (line?.hits.lostAck ?? 0) : 0, 'a token ended while an answer was lost')
      return []
    },
  } satisfies Scenario,

  fullDisk: {
    name: 'the disk is full, and later it is not',
    missing: () => (mayMount() ? null : 'a small file system cannot be mounted here'),
    world: { ...QUIET, paceMs: 150 },
    prepare(folder) {
      const data = join(folder, 'small')
      mkdirSync(data)
      return mountSmall(data) ? { data } : {}
    },
    // Lazily: a reader may not have let go of its files yet.
    cleanUp: folder => void spawnSync('umount', ['--lazy', join(folder, 'small')]),
    async play(world) {
      await world.start()
      const [node] = world.nodes
      const refused = () => (node?.log() ?? '').split(/disk is full|disk I\/O error/).length - 1
      for (let n = 0; n < 60 && refused() === 0; n++) {
        await world.clients[0]?.burst(n % 3, 4, 3_500)
        await pause(250)
      }
      expectBite(refused(), 'the disk was full')
      await pause(1_500)
      spawnSync('mount', ['-o', 'remount,size=64m', join(world.folder, 'small')])
      return []
    },
  } satisfies Scenario,
} as const satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof SCENARIOS
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = SCENARIOS

/**
 * Plays one scene on one build, lets everything settle, and judges it.
 *
 * @param settleMs  how long everybody may take to come back; a mutant may never, and that is what is looked for
 */
export async function play(
  scenario: Scenario,
  patches: readonly Patch[],
  folder: string,
  seed: number,
  settleMs = 30_000,
): Promise<Played> {
  mkdirSync(folder, { recursive: true })
  const prepared = scenario.prepare?.(folder) ?? {}
  const world = await createWorld({
    ...scenario.world,
    ...prepared,
    folder,
    seed,
    patches: [...(scenario.patches ?? []), ...patches],
  })
  const found = new Map<string, string>()
  try {
    for (const each of await scenario.play(world)) {
      const [name = '', ...rest] = each.split(': ')
      if (!found.has(name)) found.set(name, rest.join(': '))
    }
    for (const line of world.lines.values()) line.set(null)
    await world.setPace(0)
    // Where something waits for good reason, nobody waits for it.
    await world.converge(scenario.forgives ? 8_000 : settleMs)
    await world.end(4_000)
    const stored = await world.stored()
    const { violations, figures } = judgeRun(folder, stored)
    for (const [violation, all] of violations) {
      const at = all.find(each => !scenario.forgives?.(violation, each))
      if (at !== undefined) found.set(violation, at)
    }
    return { found, acked: figures.acked ?? 0 }
  } finally {
    await world.stop()
    scenario.cleanUp?.(folder)
  }
}
