import { expect, test, vi } from 'vitest'
import { createEmitter } from '../../../src/assistant/hostEvents'

test('a listener is called until its undo, or off', () => {
  const events = createEmitter()
  const heard: string[] = []
  const listener = ({ view }: { view: string }) => void heard.push(view)
  const undo = events.on('opened', listener)
  events.emit('opened', { view: 'home' })
  undo()
  events.emit('opened', { view: 'article' })
  events.on('opened', listener)
  events.off('opened', listener)
  events.emit('opened', { view: 'article' })
  expect(heard).toEqual(['home'])
})

test("one listener's failure reaches neither the others nor the assistant", () => {
  vi.stubGlobal('queueMicrotask', (task: () => void) => expect(task).toThrow('mine'))
  const events = createEmitter()
  const heard: string[] = []
  events.on('closed', () => {
    throw new Error('mine')
  })
  events.on('closed', () => void heard.push('second'))
  events.emit('closed', {})
  expect(heard).toEqual(['second'])
  vi.unstubAllGlobals()
})

test('who listens can be asked, and not after it is off', () => {
  const events = createEmitter()
  expect(events.heard('transcript')).toEqual([])
  const listener = async () => 'sent'
  const off = events.on('transcript', listener)
  expect(events.heard('transcript')).toEqual([listener])
  off()
  expect(events.heard('transcript')).toEqual([])
})
