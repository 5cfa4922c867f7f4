import { describe, expect, test } from 'vitest'
import { type DeskTold, readDeskTold, readTo, readTold, writeTold } from '../../../src/server/nodeMessages'

const conversationId = 'conversation-1'
const ofDetails: DeskTold = {
  name: 'detailsChanged',
  to: { conversationId, side: 'agent' },
  payload: { conversationId },
}
const ofDesk: DeskTold = { name: 'deskChanged', to: 'desk', payload: { what: 'settings' } }

describe('what nodes tell each other for agents alone', () => {
  test.each([ofDetails, ofDesk])('$name comes out as it went in', told => {
    const [toWord, what] = writeTold(told)
    const to = readTo(toWord)
    expect(to && readDeskTold(to, what)).toEqual(told)
  })

  test('it never goes to a visitor’s side, nor about another conversation than it is for', () => {
    const [, what] = writeTold(ofDetails)
    expect(readDeskTold({ conversationId, side: 'visitor' }, what)).toBeNull()
    expect(readDeskTold({ conversationId }, what)).toBeNull()
    expect(readDeskTold({ conversationId: 'conversation-2', side: 'agent' }, what)).toBeNull()
    expect(readDeskTold('desk', what)).toBeNull()
    expect(readDeskTold({ conversationId, side: 'agent' }, writeTold(ofDesk)[1])).toBeNull()
  })

  test('neither kind of message is read as the other, so that old and new nodes run side by side', () => {
    for (const told of [ofDetails, ofDesk]) expect(readTold(told.to, writeTold(told)[1])).toBeNull()
    const queue = writeTold({ name: 'queueChanged', to: 'desk', payload: {} })
    expect(readDeskTold('desk', queue[1])).toBeNull()
    for (const word of ['', '{', 'null', '{"name":"deskChanged"}', 7, 'x'.repeat(100_000)])
      expect(readDeskTold('desk', word)).toBeNull()
  })
})
