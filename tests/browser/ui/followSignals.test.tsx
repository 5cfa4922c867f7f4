import { signal } from '@preact/signals-core'
import { render } from 'preact'
import { useState } from 'preact/hooks'
import { expect, test } from 'vitest'
import { followSignals } from '../../../src/ui/followSignals'

const settled = () => new Promise(resolve => setTimeout(resolve))
const scene = () => {
  followSignals()
  followSignals()
  return document.body.appendChild(document.createElement('div'))
}

test('a component is drawn again when a signal that it read changes, and only then', async () => {
  const root = scene()
  const [shown, other, isOpen] = [signal('a'), signal('x'), signal(true)]
  let drawn = 0
  const Word = () => {
    drawn++
    return <b>{isOpen.value ? shown.value : other.value}</b>
  }
  render(<Word />, root)
  expect(root.textContent).toBe('a')
  shown.value = 'b'
  await settled()
  expect(root.textContent).toBe('b')
  expect(drawn).toBe(2)
  other.value = 'y'
  await settled()
  expect(drawn).toBe(2)
  isOpen.value = false
  await settled()
  expect(root.textContent).toBe('y')
  // What it no longer reads, it no longer hears.
  shown.value = 'c'
  await settled()
  expect(drawn).toBe(3)
})

test('several changes at once are one drawing; hooks of the component keep their state', async () => {
  const root = scene()
  const [one, two] = [signal(1), signal(2)]
  let drawn = 0
  let add = () => {}
  const Sum = () => {
    drawn++
    const [own, setOwn] = useState(10)
    add = () => setOwn(own + 10)
    return <b>{one.value + two.value + own}</b>
  }
  render(<Sum />, root)
  one.value = 5
  two.value = 5
  add()
  await settled()
  expect(root.textContent).toBe('30')
  expect(drawn).toBe(2)
})

test('a component that is gone hears nothing more', async () => {
  const root = scene()
  const word = signal('a')
  let drawn = 0
  const Word = () => {
    drawn++
    return <b>{word.value}</b>
  }
  render(<Word />, root)
  render(null, root)
  word.value = 'b'
  await settled()
  expect(drawn).toBe(1)
})
