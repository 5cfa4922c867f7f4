import { expect, test, vi } from 'vitest'
import { provenToken, tokenOf, visitorFacts } from '../../../src/context/visitor'

test('[D12] without the token of a signed-in visitor nobody speaks for them; a reader goes on as nobody', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const token = () => Promise.reject(new Error('session service is down'))
  await expect(provenToken({ id: 'ada', token })).rejects.toThrow('session service')
  expect(await tokenOf({ id: 'ada', token })).toBe(null)
  await expect(provenToken({ id: 'ada', token: async () => null as never })).rejects.toThrow('no token')
  expect(await provenToken({ token: async () => null as never })).toBe(null)
  expect(await provenToken({ id: 'ada' })).toBe(null)
  warn.mockRestore()
})

test('a role or name that a database gave as a number is a word for all who read it, and has an end', () => {
  const facts = visitorFacts({ role: 3, name: 'x'.repeat(5_000) } as never, 'en')
  expect([facts.role, facts.name?.length]).toEqual(['3', 200])
})
