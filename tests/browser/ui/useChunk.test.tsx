// A chunk that something waits for, and that does not come.

import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { createFakes } from '../../../demo/states/script/fakes'
import type { Scope } from '../../../src/ui/scope'
import { useChunk } from '../../../src/ui/useChunk'

afterEach(() => {
  vi.useRealTimers()
})

test('"Why this?" that did not load comes once the line is back, and nobody has to open the panel anew', async () => {
  vi.useFakeTimers()
  const addStyles = vi.fn()
  const scope = { panel: createFakes().panel, addStyles } as unknown as Scope
  const load = vi
    .fn<() => Promise<{ styles: string; words: Record<string, string> }>>()
    .mockRejectedValueOnce(new TypeError('Failed to fetch'))
    .mockRejectedValueOnce(new TypeError('Failed to fetch'))
    .mockResolvedValue({ styles: '.why{}', words: {} })
  const root = document.createElement('div')
  const Waiting = ({ isNeeded }: { isNeeded: boolean }) => (
    <p>{useChunk(scope, load, isNeeded) ? 'here' : 'not here'}</p>
  )
  const shown = (isNeeded: boolean) => act(() => render(<Waiting isNeeded={isNeeded} />, root))
  const wait = (ms: number) =>
    act(async () => {
      await vi.advanceTimersByTimeAsync(ms)
    })

  await shown(false)
  await wait(60_000)
  expect(load).not.toHaveBeenCalled()

  await shown(true)
  await wait(8_000)
  expect([load.mock.calls.length, root.textContent]).toEqual([2, 'not here'])
  await wait(7_999)
  expect(load).toHaveBeenCalledTimes(2)
  await wait(1)
  // What came is drawn.
  await wait(0)
  expect([load.mock.calls.length, root.textContent]).toEqual([3, 'here'])
  expect(addStyles).toHaveBeenCalledWith('.why{}')
  render(null, root)
})

test('nobody asks for it once what needed it is gone', async () => {
  vi.useFakeTimers()
  const load = vi.fn(() => Promise.reject(new TypeError('Failed to fetch')))
  const scope = {} as Scope
  const Waiting = () => <>{useChunk(scope, load) ? 'here' : 'not here'}</>
  const root = document.createElement('div')
  await act(() => render(<Waiting />, root))
  await act(async () => {
    await vi.advanceTimersByTimeAsync(100)
  })
  await act(() => render(null, root))
  await vi.advanceTimersByTimeAsync(600_000)
  expect(load).toHaveBeenCalledTimes(1)
})
