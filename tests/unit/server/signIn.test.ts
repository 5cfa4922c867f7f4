import { createHmac } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run as runAgent } from '../../../src/cli/agent'
import { startServing } from '../../../src/cli/serve'
import { signedVisitors, signVisitor } from '../../../src/server/signedVisitors'

const KEY = 'a key of at least thirty-two chars'

test('a signed visitor is who the host says, until the token is late', () => {
  const token = signVisitor(KEY, { visitorId: '7', role: 'client', name: 'Vera' }, 60_000, 1_000_000)
  expect(signedVisitors(KEY, () => 1_000_000)(token)).toEqual({
    visitorId: '7',
    role: 'client',
    name: 'Vera',
  })
  expect(signedVisitors(KEY, () => 1_000_000 + 121_000)(token)).toBeNull()
})

test('a token that is changed, unsigned, or signed in another way proves nothing', () => {
  const verify = signedVisitors(KEY)
  const [header = '', payload = '', signature = ''] = signVisitor(KEY, { visitorId: '7' }).split('.')
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const other = encode({ sub: '8', exp: 4_000_000_000 })
  const none = encode({ alg: 'none' })
  const selfSigned = createHmac('sha256', KEY).update(`${none}.${payload}`).digest('base64url')
  const forged = [
    `${header}.${other}.${signature}`,
    `${none}.${payload}.`,
    `${none}.${payload}.${selfSigned}`,
    `${header}.${payload}`,
    `${header}.${payload}.${signature}.x`,
    '',
  ]
  for (const token of forged) expect(verify(token)).toBeNull()
})

test('a secret that can be guessed is refused with the command that makes a good one', () => {
  expect(() => signedVisitors('short')).toThrow(/at least 32 characters, got 5.*randomBytes/)
  // As an environment variable that is not set.
  const unset = process.env.ASKLET_NOT_SET as string
  expect(() => signedVisitors(unset)).toThrow(/at least 32 characters, got undefined\./)
})

test('asklet agent and asklet serve: an account made on the command line signs in at the served desk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'asklet-cli-'))
  const data = join(folder, 'desk.db')
  const lines: string[] = []
  const out = { line: (text: string) => lines.push(text), error: () => {} }
  await expect(runAgent(['list', '--data', data], out)).rejects.toThrow(
    /--data must name the database .*got none/,
  )
  expect(existsSync(data)).toBe(false)
  expect(await runAgent(['add', 'Ada', '--data', data, '--desk', 'http://x/desk/'], out)).toBe(0)
  const link = /#sign-in=([\w-]+)$/.exec(lines.at(-1) ?? '')?.[1]
  expect(await runAgent(['list', '--data', data], out)).toBe(0)
  expect(lines.at(-1)).toMatch(/^agent-[\w-]+ {2}Ada$/)
  await expect(runAgent(['add', 'ADA', '--data', data], out)).rejects.toThrow(/is there already/)
  await expect(runAgent(['link', 'Bob', '--data', data], out)).rejects.toThrow(/Known: Ada/)
  await expect(runAgent(['remove'], out)).rejects.toThrow(/add, link or list, got "remove"/)

  const served = await startServing(['--data', data, '--port', '0'], out)
  const answer = await fetch(`${served.address}/asklet/v1/desk/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  })
  expect(await answer.json()).toMatchObject({ ok: true, agent: { name: 'Ada' } })
  expect((await fetch(`${served.address}/elsewhere`)).status).toBe(404)
  await served.close()
  await expect(startServing(['--port', 'x'], out)).rejects.toThrow(/--port must be a whole number/)
  await expect(startServing(['--config', join(folder, 'none.json')], out)).rejects.toThrow(/cannot read/)
  await rm(folder, { recursive: true })
})
