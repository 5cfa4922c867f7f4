// `asklet serve` with a language model: the whole way from a flag to a sentence, and what half of the flags say.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Served, startServing } from '../../../src/cli/serve'
import { writeHelp } from '../../support/builtHelp'
import { type ModelServer, says, startModel } from '../../support/languageModel'
import { sketch } from '../search/shelf'

const FEE = 'The fee is 5 % of each payment.'
let folder: string
let model: ModelServer
let served: Served | undefined
const lines: string[] = []
const out = { line: (text: string) => lines.push(text), error: (text: string) => lines.push(text) }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asklet-serve-'))
  model = await startModel(says({ passage: 1, quote: FEE, text: FEE }))
  await writeHelp(join(folder, 'help'), [sketch({ id: 'fees', title: 'Fees', body: { '': FEE } })])
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await served?.close()
  served = undefined
  await model.close()
  await rm(folder, { recursive: true })
})

const serve = (...args: string[]) =>
  startServing(['--port', '0', '--data', join(folder, 'desk.db'), ...args], out as never)

test('address, name and parameters by flag, the key by the environment', async () => {
  vi.stubEnv('ASKLET_MODEL_KEY', 'sk-of-the-site')
  await writeFile(join(folder, 'asklet.json'), '{"answer": {"url": "/"}}')
  served = await serve(
    ...['--config', join(folder, 'asklet.json'), '--help-dir', join(folder, 'help')],
    ...['--model-url', model.url, '--model', 'small', '--model-parameters', '{"temperature": 0}'],
  )
  const response = await fetch(`${served.address}/asklet/v1/answer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      v: 1,
      question: 'What is the fee?',
      facts: { page: { route: '/', name: '', headings: [] }, visitor: { locale: 'en' } },
    }),
  })
  expect(await response.text()).toContain(FEE)
  expect(model.asked[0]?.headers.authorization).toBe('Bearer sk-of-the-site')
  expect(model.asked[0]?.body).toMatchObject({ model: 'small', temperature: 0 })
  expect(lines.join('\n')).not.toContain('sk-of-the-site')
})

test.each([
  [['--model', 'small'], /--model-url, --model and --help-dir stand together/],
  [
    ['--model-url', 'https://api.example/v1', '--model', 'small'],
    /--model-url, --model and --help-dir stand together/,
  ],
  [
    [
      '--model-url',
      'https://api.example/v1',
      '--model',
      'x',
      '--help-dir',
      'help',
      '--model-parameters',
      '{',
    ],
    /--model-parameters must be JSON/,
  ],
  [
    ['--model-url', 'http://api.example/v1', '--model', 'x', '--help-dir', 'help'],
    /languageModel\.url must be an https address/,
  ],
])('%j is refused with a sentence', async (args, sentence) => {
  await expect(serve(...args)).rejects.toThrow(sentence)
})
