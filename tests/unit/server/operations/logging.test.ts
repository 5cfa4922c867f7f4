import { expect, test } from 'vitest'
import { logArgument } from '../../../../src/cli/logArguments'
import { logTo } from '../../../../src/server/operations/logging'

const entry = {
  level: 'warn',
  event: 'deliveryRetried',
  attempts: 2,
  token: 'abc',
  Email: 'mia@example.com',
} as const

test('a line has level, event and fields, and no secret by name', () => {
  const said: string[] = []
  logTo(line => said.push(line))(entry)
  expect(said).toEqual(['asklet warn deliveryRetried attempts=2 token="[masked]" Email="[masked]"'])
})

test('a logger like pino gets fields and event', () => {
  const said: unknown[] = []
  const take = (...of: unknown[]) => void said.push(of)
  logTo({ info: take, warn: take, error: take })(entry)
  expect(said).toEqual([
    [{ event: 'deliveryRetried', attempts: 2, token: '[masked]', Email: '[masked]' }, 'deliveryRetried'],
  ])
})

test('what is neither is said', () => {
  expect(() => logTo({} as never)).toThrow(/options\.log must be a function of a line, or a logger/)
})

test('--log json writes a record a line, with its node and time, by pino', async () => {
  const said: string[] = []
  const out = { line() {}, error: (text: string) => void said.push(text) }
  logTo(await logArgument('json', out, 2, ''))(entry)
  expect(said).toHaveLength(1)
  expect(JSON.parse(said[0] ?? '')).toMatchObject({
    level: 'warn',
    name: 'asklet',
    node: 2,
    event: 'deliveryRetried',
    attempts: 2,
    token: '[masked]',
    msg: 'deliveryRetried',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  })
  expect(said[0]).not.toMatch(/abc|mia@/)
  await expect(logArgument('loud', out, null, '')).rejects.toThrow(/--log must be pretty or json, got "loud"/)
})
