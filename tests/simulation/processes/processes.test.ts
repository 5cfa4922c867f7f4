// The harness of `npm run torture` in a few seconds, so that it cannot rot: one small run, and every mutant made.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { FaultProxy } from '../../support/faultProxy'
import type { Tab } from './browser'
import { bundle } from './bundle'
import { readTrace } from './durability'
import { FAULTS } from './faults'
import { mutants } from './mutants'
import { scenarios } from './scenarios'
import { judgeRun, reconnects, soak } from './soak'
import { createWorld, type World } from './world'

const folder = mkdtempSync(join(tmpdir(), 'asklet-processes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('[D6] [D8] [D10] [D13] killed around a commit, over a line that loses answers: nothing is lost, doubled or reordered', {
  timeout: 180_000,
}, async () => {
  const names = ['server-kill-inside-commit', 'server-kill-after-commit', 'lost-acks', 'reset', 'client-kill']
  const run = join(folder, 'run')
  const world = await createWorld({
    folder: run,
    seed: 1,
    clients: 1,
    visitorsEach: 4,
    agents: 1,
    paceMs: 150,
  })
  try {
    await world.start()
    const result = await soak(world, { forMs: 4_000, seed: 1, paceMs: 150, names, say: () => {} })
    const { violations, figures } = judgeRun(run, await world.stored())
    expect([...violations]).toEqual([])
    expect(result.toothless).toEqual([])
    expect(result.convergedS).not.toBeNull()
    // A run in which nobody said anything would prove nothing.
    expect(figures.acked).toBeGreaterThan(20)
    expect(figures.rendered).toBeGreaterThan(40)
  } finally {
    await world.stop()
  }
})

test('who is late after the calm fails the run, and is waited for before the screens are judged', async () => {
  const asked: string[] = []
  const answers = [null, 2]
  const world = {
    lines: new Map(),
    setPace: async () => {},
    async converge() {
      asked.push('converge')
      return answers.shift() ?? null
    },
    async end() {
      asked.push('end')
    },
  } as unknown as World
  const said: string[] = []
  const { convergedS } = await soak(world, {
    forMs: 1,
    seed: 1,
    paceMs: 1,
    names: [],
    say: line => said.push(line),
  })
  expect(convergedS).toBeNull()
  expect(asked).toEqual(['converge', 'converge', 'end'])
  expect(said).toEqual(['calm weather', 'not everyone has everything after 30 s', 'but after 32 s'])
})

test('a leader is killed wherever it stands among the tabs', async () => {
  const tab = (visitor: string, sender: string) => ({ visitor, sender }) as Tab
  const tabs = [tab('alone', 'a'), tab('two', 'b'), tab('two', 'c')]
  const closed: string[] = []
  const world = {
    tabs: {
      tabs,
      say: async () => 'a word',
      async close({ sender }: Tab) {
        closed.push(sender)
        return true
      },
      async open() {},
    },
  } as unknown as World
  const leaderKill = FAULTS.find(({ name }) => name === 'leader-kill')
  expect(await leaderKill?.run(world, 100, [])).toBe(1)
  expect(closed).toEqual(['b'])
})

test('a run of one minute is not spent in one hole', async () => {
  vi.useFakeTimers()
  const weathers: unknown[] = []
  const line = {
    hits: { blackholed: 0 },
    set: (weather: unknown) => weathers.push(weather),
  } as unknown as FaultProxy
  const halfOpen = FAULTS.find(({ name }) => name === 'half-open-up')
  const lineFaults = FAULTS.filter(({ lane }) => lane === 'line').length
  const longest = (60_000 / lineFaults / 2) * 1.5
  void halfOpen?.run({ random: () => 0 } as World, longest, [line])
  await vi.advanceTimersByTimeAsync(longest)
  vi.useRealTimers()
  expect(weathers).toEqual([{ blackhole: 'up' }, null])
})

test('each mutant can still be made of the sources', { timeout: 60_000 }, async () => {
  expect(mutants).toHaveLength(10)
  for (const mutant of mutants) {
    const patches = [...(scenarios[mutant.scenario].patches ?? []), ...mutant.patches]
    for (const part of new Set(patches.map(patch => patch.part))) await bundle(part, folder, patches)
  }
})

test('a patch that finds nothing to patch is an error, not a mutant that survives', async () => {
  const patch = { part: 'server', file: 'src/server/queue.ts', find: 'no such text', replace: '' } as const
  await expect(bundle('server', folder, [patch])).rejects.toThrow(
    /queue\.ts holds this text not exactly once/,
  )
})

describe('[D7] of a trace of system calls', () => {
  const row = '7 pwrite64(21</d/asklet.db-wal>, "...id-0000001...", 4120, 32) = 4120'
  const sync = '7 fdatasync(21</d/asklet.db-wal>) = 0'
  const ack =
    '7 write(30<socket:[5]>, "\\201~432[{\\"ok\\":true,\\"results\\":[{\\"clientId\\":\\"id-0000001\\",\\"seq\\":4,\\"at\\":17}]}]", 99) = 99'

  test('an ack after a sync that began after its row was written is safe', () => {
    expect(readTrace([row, sync, ack].join('\n'))).toEqual({ acks: 1, syncs: 1, early: [] })
  })
  test('an ack before the sync, without one, or after one of an earlier row is not', () => {
    expect(readTrace([row, ack, sync].join('\n')).early).toHaveLength(1)
    expect(readTrace([row, ack].join('\n')).early).toHaveLength(1)
    expect(readTrace([sync, row, ack].join('\n')).early).toHaveLength(1)
  })
  test('a sync counts from where it began to where it ended', () => {
    const begins = '8 fdatasync(21</d/asklet.db-wal> <unfinished ...>'
    const ends = '8 <... fdatasync resumed>) = 0'
    expect(readTrace([row, begins, ends, ack].join('\n')).early).toEqual([])
    expect(readTrace([begins, row, ends, ack].join('\n')).early).toHaveLength(1)
    expect(readTrace([row, begins, ack, ends].join('\n')).early).toHaveLength(1)
  })
})

test('[D16] a reconnect is timed from the end of the last fault that the screen felt', () => {
  const fault = (isOn: boolean, name: string, at: number) =>
    ({ kind: 'fault', name, isOn, touches: ['a'], at }) as const
  const link = (state: string, at: number) => ({ kind: 'link', screen: 's', line: 'a', state, at }) as const
  const lines = [
    link('online', 0),
    fault(true, 'x', 10),
    link('retrying', 11),
    fault(true, 'y', 20),
    fault(false, 'x', 30),
    fault(false, 'y', 40),
    link('online', 1_040),
  ]
  expect(reconnects(lines)).toEqual([1_000])
  expect(reconnects([...lines.slice(0, 6), fault(true, 'z', 50), link('online', 60)])).toEqual([])
})
