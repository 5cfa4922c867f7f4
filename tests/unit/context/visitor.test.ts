import { expect, test } from 'vitest'
import { provenToken, tokenOf, visitorFacts } from '../../../src/context/visitor'

test('[D12] without the token of a signed-in visitor nobody speaks for them; a reader learns that it failed', async () => {
  const token = () => Promise.reject(new Error('session service is down'))
  await expect(provenToken({ id: 'ada', token })).rejects.toThrow('session service')
  await expect(tokenOf({ id: 'ada', token })).rejects.toThrow('session service')
  expect(await tokenOf({ id: 'ada', token: async () => null as never })).toBe(null)
  await expect(provenToken({ id: 'ada', token: async () => null as never })).rejects.toThrow('no token')
  expect(await provenToken({ token: async () => null as never })).toBe(null)
  expect(await provenToken({ id: 'ada' })).toBe(null)
})

test('a role or name that a database gave as a number is a word for all who read it, and has an end', () => {
  const facts = visitorFacts({ role: 3, name: 'x'.repeat(5_000) } as never, 'en')
  expect([facts.role, facts.name?.length]).toEqual(['3', 200])
})

test('a token that the page has put on every object is nobody’s', async () => {
  Object.assign(Object.prototype, { token: 'of somebody else' })
  try {
    expect([await tokenOf({ role: 'client' }), await provenToken({})]).toEqual([null, null])
    expect(await tokenOf({ token: 'mine' })).toBe('mine')
  } finally {
    Reflect.deleteProperty(Object.prototype, 'token')
  }
})
