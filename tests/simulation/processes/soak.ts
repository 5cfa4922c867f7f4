// The long run: everybody talks, faults come in three lanes by a seeded plan, then calm weather, then judgement.

import type { StoredEvent } from '../../../src/protocol/events'
import { judge, type Violation } from '../checker'
import { FAULTS, type Fault, type Lane } from './faults'
import { readHistories, type Stamped } from './history'
import { noteFault, pause, seeded, type World } from './world'

export interface SoakOptions {
  readonly forMs: number
  readonly seed: number
  /** What everybody talks at, milliseconds between two messages. */
  readonly paceMs: number
  /** Only these; default all that can be made here. */
  readonly names?: readonly string[]
  /** Each kind once and by itself, with everybody back before the next; `forMs` says how long all of them take. */
  readonly isOneByOne?: boolean
  say(line: string): void
}

export interface SoakResult {
  readonly bites: ReadonlyMap<string, number>
  readonly skipped: ReadonlyMap<string, string>
  /** Scheduled, and never bit. */
  readonly toothless: readonly string[]
  readonly convergedS: number | null
}

/** Everyone is back and has everything within this after the last fault. Milliseconds. */
const CONVERGE_WITHIN_MS = 30_000
/** Who is later than that has failed once already. The screens are judged by what never comes: longer than a ping time. */
const LATE_WITHIN_MS = 60_000

export async function soak(world: World, options: SoakOptions): Promise<SoakResult> {
  const { forMs, seed, say } = options
  const until = Date.now() + forMs
  const bites = new Map<string, number>()
  const skipped = new Map<string, string>()
  const wanted = FAULTS.filter(({ name }) => options.names?.includes(name) ?? true).filter(fault => {
    const missing = fault.missing?.(world) ?? null
    if (missing !== null) skipped.set(fault.name, missing)
    return missing === null
  })
  const slow: string[] = []

  async function inject(fault: Fault, ms: number, random: () => number): Promise<void> {
    const names = [...world.lines.keys()]
    const chosen = fault.lane === 'line' && !options.isOneByOne ? names.filter(() => random() < 0.6) : names
    const some = chosen.length ? chosen : names
    const touches = fault.touches?.(world) ?? some
    noteFault(world.record, fault.name, true, touches)
    try {
      const lines = some.flatMap(name => world.lines.get(name) ?? [])
      const count = await fault.run(world, ms, lines)
      if (count > 0) bites.set(fault.name, (bites.get(fault.name) ?? 0) + 1)
    } catch (error) {
      say(`${fault.name} could not be made: ${error instanceof Error ? error.message : String(error)}`)
    }
    noteFault(world.record, fault.name, false, touches)
  }

  async function oneByOne(): Promise<void> {
    const random = seeded(seed)
    for (const fault of wanted) {
      for (let tries = 0; tries < 3 && !bites.get(fault.name); tries++)
        await inject(fault, Math.max(1_500, forMs / wanted.length / 2), random)
      // Back to where all is well, so that the next one stands for itself.
      await world.setPace(0)
      const seconds = await world.converge(CONVERGE_WITHIN_MS)
      say(
        `${fault.name}: ${bites.get(fault.name) ? 'bit' : 'DID NOT BITE'}, all there after ${seconds ?? 'more than 30'} s`,
      )
      if (seconds === null) slow.push(fault.name)
      await world.setPace(options.paceMs)
    }
  }

  const LANES: readonly Lane[] = ['server', 'line', 'client']
  const lanes = options.isOneByOne
    ? [oneByOne()]
    : LANES.map((lane, n) =>
        drive(
          wanted.filter(fault => fault.lane === lane),
          seeded(seed * 31 + n),
        ),
      )

  async function drive(faults: readonly Fault[], random: () => number): Promise<void> {
    if (faults.length === 0) return
    // Each kind comes once before any comes again; in a short run they are short.
    const share = Math.min(6_000, Math.max(600, forMs / faults.length / 2))
    let deck: Fault[] = []
    const isOver = () => Date.now() >= until
    // Beyond the time only for what has not bitten yet, and not for ever: a busy machine may need some tries, and a
    // kind that bit takes none of it.
    const grace = until + Math.max(60_000, forMs / 3)
    while (!isOver() || (Date.now() < grace && faults.some(fault => !bites.get(fault.name)))) {
      if (isOver())
        deck = shuffled(
          faults.filter(fault => !bites.get(fault.name)),
          random,
        )
      if (deck.length === 0) deck = shuffled(faults, random)
      await inject(deck.pop() as Fault, share * (0.5 + random()), random)
      // Some calm, so that reconnecting can be seen.
      await pause(share * (0.3 + random() * 0.7))
    }
  }

  const progress = setInterval(async () => {
    const count = [...bites.values()].reduce((sum, each) => sum + each, 0)
    let stored = 0
    try {
      stored = Object.values(await world.heads()).reduce((sum, head) => sum + head, 0)
    } catch {}
    say(
      `${Math.max(0, Math.round((until - Date.now()) / 1_000))} s left: ${count} faults of ${bites.size} kinds, ${stored} events stored`,
    )
  }, 5_000)
  await Promise.all(lanes)
  clearInterval(progress)

  for (const line of world.lines.values()) line.set(null)
  await world.setPace(0)
  say('calm weather')
  const convergedS = await world.converge(CONVERGE_WITHIN_MS)
  if (convergedS === null) {
    say('not everyone has everything after 30 s')
    const lateS = await world.converge(LATE_WITHIN_MS)
    say(lateS === null ? 'nor after 90 s' : `but after ${Math.round(lateS) + 30} s`)
  }
  await world.end()
  return {
    bites,
    skipped,
    toothless: wanted.filter(fault => !bites.get(fault.name)).map(fault => fault.name),
    convergedS: slow.length > 0 ? null : convergedS,
  }
}

function shuffled<Item>(list: readonly Item[], random: () => number): Item[] {
  const rest = [...list]
  return list.map(() => rest.splice(Math.floor(random() * rest.length), 1)[0] as Item)
}

export interface Verdict {
  readonly violations: ReadonlyMap<Violation, readonly string[]>
  readonly figures: Readonly<Record<string, number>>
}

/** Reads what was written down and what is stored, and judges. */
export function judgeRun(folder: string, stored: readonly StoredEvent[]): Verdict {
  const lines = readHistories(`${folder}/histories`)
  const violations = judge(lines.filter(isJudged), stored)
  const count = (...names: readonly Violation[]) =>
    names.reduce((sum, name) => sum + (violations.get(name)?.length ?? 0), 0)
  const kinds = (kind: Stamped['kind']) => lines.filter(line => line.kind === kind).length
  const waits = reconnects(lines)
  return {
    violations,
    figures: {
      invoked: kinds('invoke'),
      acked: kinds('ok'),
      stored: stored.filter(({ body }) => body.type === 'message').length,
      rendered: kinds('render'),
      lost: count('lost', 'gap'),
      doubled: count('duplicate', 'render twice'),
      reordered: count('reordered', 'sender order'),
      diverged: count('diverged', 'not converged', 'render gap'),
      unresolved: count('unresolved'),
      'other-violations': count(
        'phantom',
        'wrong identity',
        'key reused',
        'ack changed',
        'ok after fail',
        'failed but stored',
      ),
      reconnects: waits.length,
      'reconnect-p99': percentile(waits, 0.99) / 1_000,
    },
  }
}

const isJudged = (line: Stamped): line is Exclude<Stamped, { kind: 'link' | 'fault' | 'note' }> =>
  line.kind !== 'link' && line.kind !== 'fault' && line.kind !== 'note'

/**
 * How long each screen was without a link after the last fault that it felt was over, milliseconds. A wait that
 * another fault cut short tells nothing and is left out.
 */
export function reconnects(lines: readonly Stamped[]): number[] {
  const active = new Map<string, number>()
  const screens = new Map<string, { line: string; isOnline: boolean; since: number | null }>()
  const waits: number[] = []
  const isCalm = (line: string) => (active.get(line) ?? 0) === 0
  for (const each of lines) {
    if (each.kind === 'fault')
      for (const line of each.touches) {
        active.set(line, (active.get(line) ?? 0) + (each.isOn ? 1 : -1))
        for (const screen of screens.values()) {
          if (screen.line !== line) continue
          if (each.isOn) screen.since = null
          else if (isCalm(line) && !screen.isOnline) screen.since = each.at
        }
      }
    if (each.kind === 'link') {
      const screen = screens.get(each.screen) ?? { line: each.line, isOnline: false, since: null }
      screens.set(each.screen, screen)
      screen.isOnline = each.state === 'online'
      if (screen.isOnline && screen.since !== null) {
        waits.push(each.at - screen.since)
        screen.since = null
      }
    }
    if (each.kind === 'end') screens.delete(each.screen)
  }
  return waits
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0
}
