// The model of a site is trained when its examples change, and at no other time, whichever command asks for it.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { main } from '../../../src/cli/main'
import { trainModel } from '../../../src/understanding/training/trainModel'
import { createSpoken } from './spoken'

vi.mock('../../../src/understanding/training/trainModel', async importActual => {
  const actual = await importActual<typeof import('../../../src/understanding/training/trainModel')>()
  return { ...actual, trainModel: vi.fn(actual.trainModel) }
})

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'asklet-kept-'))
  vi.mocked(trainModel).mockClear()
  write('articles/fees.md', '---\ntitle: Service fees\n---\nA fee is ten percent of each payment.\n')
  write('articles/intents/refund.txt', 'I want my money back\nrefund please\ngive me back what I paid\n')
  flow('parcel', ['where is my parcel', 'track a delivery', 'my delivery is late'])
  flow('close', ['close my account', 'delete my profile', 'I want to leave for good'])
  write('tests/a.test.txt', 'test: a parcel\n> where is my parcel\nperson\n')
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

function write(name: string, text: string): void {
  mkdirSync(dirname(join(work, name)), { recursive: true })
  writeFileSync(join(work, name), text)
}
function flow(id: string, startsWith: readonly string[]): void {
  const steps = { first: { say: 'A person will help.', next: 'person' }, person: { handoff: id } }
  write(`flows/${id}.json`, JSON.stringify({ id, title: id, startsWith, steps }))
}
const cache = () => ['--cache', join(work, 'cache')]
const trained = () => vi.mocked(trainModel).mock.calls.length

async function build(out = 'out', ...args: readonly string[]): Promise<string | undefined> {
  const said = createSpoken()
  const flows = ['--flows', join(work, 'flows')]
  const own = args.length ? args : cache()
  const code = await main(['build', join(work, 'articles'), '--out', join(work, out), ...flows, ...own], said)
  expect([code, said.errors]).toEqual([0, []])
  return said.lines.find(line => line.startsWith('model: '))
}
async function play(...args: readonly string[]): Promise<void> {
  const said = createSpoken()
  expect(await main(['test', join(work, 'tests'), ...(args.length ? args : cache())], said)).toBe(0)
}
function modelIn(out: string): string {
  const name = readdirSync(join(work, out)).find(file => file.startsWith('model-')) ?? ''
  return name + readFileSync(join(work, out, name), 'utf8')
}

test('builds and tests after one another train once; the model is the same', async () => {
  expect(await build()).toBe('model: trained')
  const first = modelIn('out')
  expect(await build('again')).toBe('model: reused')
  await play()
  expect(trained()).toBe(1)
  expect(modelIn('again')).toBe(first)
  expect(await build('anew', '--no-cache')).toBe('model: trained')
  await play('--no-cache')
  expect(trained()).toBe(3)
  expect(modelIn('anew')).toBe(first)
})

test('a test keeps for the build what it trained', async () => {
  await play()
  expect(await build()).toBe('model: reused')
})

test('what is no example changes no model; each of those that are does', async () => {
  await build()
  write('articles/fees.md', '---\ntitle: Service fees\n---\nA fee is eleven percent of each payment.\n')
  write(
    'articles/intents/refund.txt',
    '# remark\nI want my money back\nrefund please\ngive me back what I paid\n',
  )
  expect(await build()).toBe('model: reused')
  flow('close', ['close my account', 'delete my profile', 'I want to leave now'])
  expect(await build()).toBe('model: trained')
  write('articles/fees.md', '---\ntitle: Fees of ours\n---\nA fee is eleven percent of each payment.\n')
  expect(await build()).toBe('model: trained')
  write('articles/intents/refund.txt', 'I want my money back\nrefund please\ngive it back\n')
  expect(await build()).toBe('model: trained')
  // A step back to what was trained before the last one.
  write('articles/intents/refund.txt', 'I want my money back\nrefund please\ngive me back what I paid\n')
  expect(await build()).toBe('model: reused')
})
