import { expect, test } from 'vitest'
import type { DeskLine } from '../../../src/desk/deskLine'
import { createSharedFact } from '../../../src/desk/sharedFact'
import { createManualClock } from '../../../src/testing/manualClock'

/** A line whose link stands, and on which an answer may get lost. */
function start(answers: (string | null)[]) {
  const clock = createManualClock()
  let tell: (state: string) => void = () => {}
  const asked: number[] = []
  const line = {
    env: { after: (ms: number, run: () => void) => clock.after(ms, run) },
    on: () => () => {},
    onLink(hear: typeof tell) {
      tell = hear
      return () => {}
    },
  } as unknown as DeskLine
  const fact = createSharedFact<string>(line, 'people', async () => {
    asked.push(clock.now())
    return answers.shift() ?? null
  })
  return { clock, fact, asked, online: () => tell('online') }
}

test('an answer that got lost is asked for again, although the link stood all the time', async () => {
  const { clock, fact, asked, online } = start([null, null, 'here'])
  online()
  await fact.refresh()
  const before = asked.length
  for (let n = 0; n < 4; n++) {
    clock.advance(20_000)
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
  }
  expect(before).toBeLessThanOrEqual(2)
  expect(fact.value.value).toBe('here')
  expect(asked).toHaveLength(3)
})

test('nobody who has left asks', async () => {
  const { clock, fact, asked } = start([])
  await fact.refresh()
  fact.dispose()
  clock.advance(600_000)
  await Promise.resolve()
  expect(asked).toHaveLength(1)
})
