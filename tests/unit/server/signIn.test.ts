import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { run as runAgent } from '../../../src/cli/agent'
import { startServing } from '../../../src/cli/serve'
import { createRemoteSearch } from '../../../src/search/remoteSearch'
import { signVisitor } from '../../../src/server/signedVisitors'
import { writeHelp } from '../../support/builtHelp'
import { factsAt, sketch } from '../search/shelf'

// Also after a test that failed: its secret is no other's.
afterEach(() => vi.unstubAllEnvs())

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
  expect(lines.at(-1)).toMatch(/^agent-[\w-]+ {2}Ada {2}agent$/)
  await expect(runAgent(['add', 'ADA', '--data', data], out)).rejects.toThrow(/is there already/)
  await expect(runAgent(['link', 'Bob', '--data', data], out)).rejects.toThrow(/Known: Ada/)
  await expect(runAgent(['dismiss'], out)).rejects.toThrow(
    /add, link, password, teams, skills, remove, list, got "dismiss"/,
  )

  const served = await startServing(['--data', data, '--port', '0'], out)
  const answer = await fetch(`${served.address}/asklet/v1/desk/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  })
  expect(await answer.json()).toMatchObject({ ok: true, agent: { name: 'Ada' } })
  expect((await fetch(`${served.address}/elsewhere`)).status).toBe(404)
  const me = async (cookie: string) =>
    (await fetch(`${served.address}/asklet/v1/desk/me`, { headers: { cookie } })).status
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(await me(cookie)).toBe(200)

  // By another process, as an operator does it while the server runs.
  expect(await runAgent(['add', 'Lea', '--lead', '--data', data], out)).toBe(0)
  expect(await runAgent(['add', 'Cy', '--team', 'billing', '--team', 'legal', '--data', data], out)).toBe(0)
  expect(await runAgent(['teams', 'Lea', '--team', 'billing', '--data', data], out)).toBe(0)
  expect(lines.at(-1)).toBe('Lea is in billing.')
  await runAgent(['list', '--data', data], out)
  expect(lines.slice(-2).map(line => line.replace(/^agent-\S+ {2}/, ''))).toEqual([
    'Cy  agent in billing, legal',
    'Lea  lead in billing',
  ])
  await expect(runAgent(['teams', 'Lea', '--team', ' ', '--data', data], out)).rejects.toThrow(
    /an agent's teams are not a list of at most 20 names/,
  )
  expect(await runAgent(['teams', 'Lea', '--data', data], out)).toBe(0)
  expect(lines.at(-1)).toBe('Lea is in no team.')
  expect(
    await runAgent(
      ['skills', 'Cy', '--skills', 'payments, orders', '--languages', 'de', '--data', data],
      out,
    ),
  ).toBe(0)
  expect(lines.at(-1)).toBe('Cy knows payments, orders and speaks de.')
  expect(await runAgent(['skills', 'Cy', '--skills', '', '--data', data], out)).toBe(0)
  expect(lines.at(-1)).toBe('Cy speaks de.')
  await expect(runAgent(['skills', 'Cy', '--languages', 'german!', '--data', data], out)).rejects.toThrow(
    /an agent's languages are not a list of at most 20 languages such as "de"/,
  )
  await expect(runAgent(['skills', 'Cy', '--data', data], out)).rejects.toThrow(
    /--skills or --languages, got neither/,
  )
  await runAgent(['remove', 'Cy', '--data', data], out)
  const typed = async () => 'correct horse battery'
  expect(await runAgent(['password', 'Ada', '--data', data], out, typed)).toBe(0)
  expect(await me(cookie)).toBe(401)
  const again = await fetch(`${served.address}/asklet/v1/desk/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ada', password: 'correct horse battery' }),
  })
  const second = again.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(await me(second)).toBe(200)
  expect(await runAgent(['remove', 'Ada', '--data', data], out)).toBe(0)
  expect(await me(second)).toBe(401)
  lines.length = 0
  await runAgent(['list', '--data', data], out)
  expect(lines.join()).toMatch(/^agent-[\w-]+ {2}Lea {2}lead$/)
  await served.close()
  await expect(startServing(['--port', 'x'], out)).rejects.toThrow(/--port must be a whole number/)
  await expect(startServing(['--config', join(folder, 'none.json')], out)).rejects.toThrow(/cannot read/)
  await rm(folder, { recursive: true })
})

test('asklet serve --help-dir serves the built folder, and searches it; with --private also what a role may read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'asklet-cli-'))
  const secret = 'a secret of at least thirty-two chars'
  const article = (id: string) => sketch({ id, title: `Harbour of ${id}` })
  await writeHelp(join(folder, 'help'), [article('open')])
  await writeHelp(join(folder, 'private/client'), [article('mine')])
  vi.stubEnv('ASKLET_VISITOR_SECRET', secret)
  const served = await startServing(
    [
      ...['--data', join(folder, 'desk.db'), '--port', '0'],
      ...['--help-dir', join(folder, 'help'), '--private', join(folder, 'private')],
    ],
    { line: () => {}, error: () => {} },
  )
  const facts = factsAt()
  const find = async (token?: string) =>
    (
      await createRemoteSearch({ url: served.address, token: () => token ?? null }).suggest('harbour', facts)
    ).map(({ articleId }) => articleId)
  expect(await find()).toEqual(['open'])
  expect((await find(await signVisitor(secret, { visitorId: '7', role: 'client' }))).sort()).toEqual([
    'mine',
    'open',
  ])
  expect((await fetch(`${served.address}/help/manifest.json`)).status).toBe(200)
  await served.close()
  await rm(folder, { recursive: true })
})
