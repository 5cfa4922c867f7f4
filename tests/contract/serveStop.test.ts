// `asklet serve` as an operator ends it: a signal, then another one.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BuiltCli, buildCli } from '../support/cli'

let cli: BuiltCli
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asklet-stop-'))
  cli = await buildCli()
}, 30_000)
afterAll(async () => {
  await cli.remove()
  await rm(folder, { recursive: true })
})

async function serving(...more: string[]) {
  const running = cli.run(['serve', '--port', '0', '--data', join(folder, 'desk.db'), ...more])
  const [, address = ''] = await running.says(/Help desk at (http:\/\/\S+)\/desk\//)
  return { running, status: async (route: string) => (await fetch(`${address}/asklet/v1/${route}`)).status }
}

test('SIGTERM: not ready first, and answering meanwhile; then it ends with 0', async () => {
  const { running, status } = await serving('--drain', '1', '--log', 'json', '--metrics-port', '0')
  expect(await status('ready')).toBe(200)
  const [, metrics = ''] = await running.says(/Metrics at (http:\/\/\S+)/)
  expect(await (await fetch(metrics)).text()).toContain('asklet_store_up 1')
  running.child.kill('SIGTERM')
  await expect.poll(() => status('ready')).toBe(503)
  expect(await status('live')).toBe(200)
  expect(await running.ended).toBe(0)
  expect(running.said()).not.toMatch(/unhandled| {4}at /i)
}, 20_000)

test('a second SIGTERM ends it at once', async () => {
  const { running, status } = await serving('--drain', '600')
  running.child.kill('SIGTERM')
  await expect.poll(() => status('ready')).toBe(503)
  running.child.kill('SIGTERM')
  expect(await running.ended).toBe(1)
}, 20_000)

test('what cannot be is said before anything is opened', async () => {
  const wrong = cli.run(['serve', '--data', join(folder, 'none.db'), '--drain', 'long'])
  expect(await wrong.ended).toBe(2)
  expect(wrong.said()).toMatch(/--drain must be a whole number from 0 to 600, got "long"/)
}, 20_000)
