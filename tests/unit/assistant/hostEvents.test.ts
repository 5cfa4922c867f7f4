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

test('who is asked answers: a listener that throws is a rejected promise, and nobody is asked after it is off', async () => {
  const events = createEmitter()
  expect(events.has('transcript')).toBe(false)
  const off = events.on('transcript', async () => 'sent')
  events.on('transcript', () => {
    throw new Error('no mail server')
  })
  expect(events.has('transcript')).toBe(true)
  const detail = { conversationId: null, text: '', messages: [] }
  const answers = await Promise.allSettled(events.ask('transcript', detail))
  expect(answers).toEqual([
    { status: 'fulfilled', value: 'sent' },
    { status: 'rejected', reason: new Error('no mail server') },
  ])
  off()
  expect(await Promise.allSettled(events.ask('transcript', detail))).toHaveLength(1)
})
