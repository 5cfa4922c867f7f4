// What of an address is taken when it is given, and what of an older one is still read.
import { safeParse } from 'valibot'
import { expect, test } from 'vitest'
import { usableContact } from '../../../src/conversation/channels'
import { contactSaid } from '../../../src/protocol/contact'
import { visitorRequests } from '../../../src/protocol/parse'
import { contactFrom } from '../../../src/ui/contactCheck'

const takes = (contact: object, type: 'contactGiven' | 'handoffReady' = 'contactGiven') => {
  const body = { type, contact, ...(type === 'handoffReady' && { channel: 'ticket' }) }
  const drafts = [{ clientId: 'client-01', body }]
  return safeParse(visitorRequests.send, { v: 1, conversationId: 'conversation-1', drafts }).success
}

test('[O1] a contact that says nothing is none: with it the next address would be the first one, again and again', () => {
  expect(takes({})).toBe(false)
  expect(takes({}, 'handoffReady')).toBe(false)
  expect(takes({ email: 'mia@example.com' })).toBe(true)
  expect(takes({ phone: '+49 30 123456' }, 'handoffReady')).toBe(true)
})

test('a contact of which masking left nothing says none: what was said before holds', () => {
  const contact = {}
  expect(contactSaid({ type: 'contactGiven', contact })).toBeUndefined()
  expect(contactSaid({ type: 'handoffReady', channel: 'ticket', contact })).toBeUndefined()
  const phone = '+49 30 123456'
  expect(contactSaid({ type: 'contactGiven', contact: { phone } })).toEqual({ phone })
})

test.each([
  ['a control character', 'a\0b@example.com'],
  ['an escape', 'a\u001b[1m@example.com'],
  ['half a character', 'a\ud800@example.com'],
  ['half a character in the domain', 'a@exam\udc00ple.com'],
])('%s in an address is refused at the door, and by the device before that', (_what, email) => {
  expect(takes({ email })).toBe(false)
  expect(usableContact({ email })).toBeNull()
  expect(contactFrom('email', email)).toBeNull()
  expect(contactSaid({ type: 'opened', brief: { visitor: { email } } } as never)).toBeUndefined()
})

test('letters of any language and whole pairs are addresses', () => {
  for (const email of ['jürgen@münchen.example', '😀@example.com']) {
    expect(takes({ email })).toBe(true)
    expect(contactFrom('email', email)).toEqual({ email })
  }
})
