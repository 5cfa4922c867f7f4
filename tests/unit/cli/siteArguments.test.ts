// An option means the same in `asklet check` and `asklet test`, and what is not there is said in the same words.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { main } from '../../../src/cli/main'
import { readSiteArguments } from '../../../src/cli/siteArguments'
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
  startsWith: ['my order is late'],
  steps: {
    look: { say: 'May I?', action: 'lookUp', next: 'p', failed: 'p', refused: 'p' },
    p: { handoff: 'x' },
  },
})

test.each([
  [['--locale', 'klingon!'], '--locale must be a language tag like en, got "klingon!"'],
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
