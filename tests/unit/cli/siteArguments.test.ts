// An option means the same in each command that reads a site's files, and what is not there is said in the same words.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDialogueSite } from '../../../src/cli/dialogueSite'
import { main } from '../../../src/cli/main'
import { readSiteArguments } from '../../../src/cli/siteArguments'
import { parseConfig } from '../../../src/protocol/config'
import { createSpoken } from './spoken'

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'asklet-site-'))
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

const at = (...names: string[]) => join(work, ...names)
const say = async (...args: string[]) => {
  const out = createSpoken()
  return { code: await main(args, out), error: out.errors[0]?.replaceAll(work, '…').split('. Call it')[0] }
}

const FLOW = JSON.stringify({
  id: 'late',
  title: 'Late',
  startsWith: ['my order is late', 'where is the parcel', 'nothing arrived yet'],
  steps: {
    look: { say: 'May I?', action: 'lookUp', next: 'p', failed: 'p', refused: 'p' },
    p: { handoff: 'x' },
  },
})

test.each([
  [['--locale', 'klingon!'], '--locale must be a language tag like en or pt-BR, got "klingon!"'],
  [['--articles', '…/nowhere'], '--articles must name a folder that is there, got "…/nowhere"'],
  [['--actions', '…/nowhere.json'], '--actions must be names or a file that is there, got "…/nowhere.json"'],
  [['--actions', '…/broken.json'], '--actions must name a JSON file, got "…/broken.json"'],
])('%j', async (args, sentence) => {
  writeFileSync(at('late.json'), FLOW)
  writeFileSync(at('late.test.txt'), 'test: a\n> hello')
  writeFileSync(at('broken.json'), '{')
  const own = args.map(arg => arg.replace('…', work))
  const expected = { code: 2, error: `Asklet [cli_usage]: ${sentence}` }
  expect(await say('check', at('late.json'), ...own)).toEqual(expected)
  expect(await say('test', at('late.test.txt'), ...own)).toEqual(expected)
})

test.each([
  [['--locale', 'klingon!'], '--locale must be a language tag like en or pt-BR, got "klingon!"'],
  [['--flows', '…/nowhere'], '--flows must name a folder or file that is there, got "…/nowhere"'],
  [['--intents', '…/nowhere'], '--intents must name a folder or file that is there, got "…/nowhere"'],
])('build, train and test: %j', async (args, sentence) => {
  writeFileSync(at('late.test.txt'), 'test: a\n> hello')
  writeFileSync(at('a.md'), 'Words')
  const own = args.map(arg => arg.replace('…', work))
  const expected = { code: 2, error: `Asklet [cli_usage]: ${sentence}` }
  expect(await say('build', work, '--out', at('out'), ...own)).toEqual(expected)
  expect(await say('train', work, ...own)).toEqual(expected)
  expect(await say('test', at('late.test.txt'), '--articles', work, ...own)).toEqual(expected)
})

test.each([['build', '--out', 'x'], ['train'], ['dev'], ['questions', '--check']])(
  '%s takes one articles folder',
  async (command, ...options) => {
    const sentence = 'Asklet [cli_usage]: there must be one articles folder, got '
    expect(await say(command, ...options)).toEqual({ code: 2, error: `${sentence}none` })
    expect(await say(command, 'a', 'b', ...options)).toEqual({ code: 2, error: `${sentence}2` })
  },
)

test('a test talks with the model that a build with the same --intents makes', async () => {
  mkdirSync(at('articles'))
  writeFileSync(at('articles', 'a.md'), '---\ntitle: Opening hours\n---\nWe are open from nine to five.')
  mkdirSync(at('sentences'))
  for (const [name, words] of [
    ['refund', 'money back\nrefund please\ngive it back'],
    ['parcel', 'where is my parcel\ntrack a delivery\nit is late'],
  ])
    writeFileSync(at('sentences', `${name}.txt`), words ?? '')
  const { site } = await openDialogueSite({
    articles: at('articles'),
    intents: at('sentences'),
    config: parseConfig({ server: '/' }, 'x').config,
    locale: 'en',
  })
  expect(site.model).toMatchObject({ labels: ['', 'parcel', 'refund'] })
  writeFileSync(at('late.test.txt'), 'test: a\n> refund please\nperson')
  const args = ['--articles', at('articles'), '--cache', at('cache')]
  await say('test', at('late.test.txt'), ...args, '--intents', at('sentences'))
  const out = createSpoken()
  const build = ['build', at('articles'), '--out', at('out'), '--cache', at('cache')]
  await main([...build, '--intents', at('sentences')], out)
  expect(out.lines).toContain('model: reused')
})

test.each([
  ['check', 'flows (*.json)'],
  ['test', 'transcripts (*.test.txt)'],
])('%s: a folder without what it is for, and a path that is not there', async (command, what) => {
  expect(await say(command, work)).toMatchObject({
    code: 2,
    error: `Asklet [cli_usage]: the folder must hold ${what}, got none in "…"`,
  })
  expect((await say(command, at('gone'))).error).toBe(
    'Asklet [cli_usage]: the file or folder must be there, got "…/gone"',
  )
})

test('the page’s functions are names, or a file of stand-ins', async () => {
  mkdirSync(at('flows'))
  mkdirSync(at('tests'))
  mkdirSync(at('articles'))
  writeFileSync(at('flows', 'late.json'), FLOW)
  writeFileSync(
    at('articles', 'a.md'),
    `---\ntitle: Wait\nsummary: How long.\nkind: howto\n---\n${'Wait. '.repeat(30)}`,
  )
  writeFileSync(at('stand-ins.json'), '{ "lookUp": { "label": "Look up", "answers": [{ "gives": {} }] } }')
  writeFileSync(at('tests', 'late.test.txt'), 'test: a\n> my order is late\nbuttons: Allow\n(allows)\nperson')
  for (const actions of ['lookUp, other', at('stand-ins.json')]) {
    expect(await say('check', at('flows'), '--actions', actions)).toEqual({ code: 0, error: undefined })
    expect(await say('test', at('tests'), '--actions', actions)).toEqual({ code: 0, error: undefined })
  }
  expect((await say('check', at('flows'), '--actions', 'other')).error).toContain(
    'steps.look.action must name an action of the host, got "lookUp"',
  )
})

test('what lies beside is found: articles, flows, configuration, stand-ins', () => {
  for (const name of ['articles', 'flows', 'tests']) mkdirSync(at(name))
  writeFileSync(at('asklet.json'), '{}')
  writeFileSync(at('tests', 'actions.json'), '{ "lookUp": {} }')
  const first = at('tests', 'late.test.txt')
  expect(readSiteArguments({ locale: 'pt-br' }, first, 'x')).toEqual({
    articles: at('articles'),
    flows: at('flows'),
    config: at('asklet.json'),
    actions: { names: ['lookUp'], file: at('tests', 'actions.json') },
    locale: 'pt-BR',
  })
  expect(readSiteArguments({}, undefined, 'x')).toEqual({ locale: 'en' })
})
