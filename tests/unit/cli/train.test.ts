// `asklet train` as an author runs it, and the model that a build writes.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../../../src/cli/main'
import { adviceOf } from '../../../src/cli/trainReport'
import { parseManifest } from '../../../src/knowledge/manifest'
import { createLinearModel } from '../../../src/understanding/linearModel'
import { createSpoken } from './spoken'

const DEMO = join(import.meta.dirname, '../../../demo/help')
let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'asklet-train-'))
  write(
    'help/fees.md',
    '---\ntitle: Service fees\n---\nA fee is ten percent of each payment that you receive.\n',
  )
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

function write(name: string, text: string): void {
  mkdirSync(dirname(join(work, name)), { recursive: true })
  writeFileSync(join(work, name), text)
}
async function say(...args: readonly string[]) {
  const out = createSpoken()
  const code = await main(
    args.map(arg => arg.replace('…', work)),
    out,
  )
  return { code, text: out.lines.join('\n'), ...out }
}
const REFUND = ['I want my money back', 'refund please', 'how do I get a refund', 'give me back what I paid']
const PARCEL = [
  'where is my parcel',
  'track a delivery',
  'when will the parcel arrive',
  'my delivery is late',
]

describe('train', () => {
  test('the demo: every flow with its figures, and the lines that programs read', async () => {
    const { code, text } = await say(
      'train',
      join(DEMO, 'articles'),
      '--flows',
      join(DEMO, 'flows'),
      '--out',
      '…/out',
    )
    expect(code).toBe(0)
    expect(text).toMatch(/^password-reset +\d+ +\d+ % +\d+ %$/m)
    expect(text).toMatch(/^intents: 8$/m)
    expect(Number(/^accuracy: (.+)$/m.exec(text)?.[1])).toBeGreaterThan(0.7)
    expect(readdirSync(join(work, 'out'))).toHaveLength(1)
  })

  test('examples of the site: a sentence a line, remarks left out, or JSON Lines', async () => {
    write('help/intents/refund.txt', `# what people write\n${REFUND.join('\n')}\n\n`)
    write('help/intents/more.jsonl', PARCEL.map(text => JSON.stringify({ text, label: 'parcel' })).join('\n'))
    const { code, lines } = await say('train', '…/help', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      figures: { intents: 2, examples: 8 },
      labels: [
        { label: 'parcel', examples: 4 },
        { label: 'refund', examples: 4 },
      ],
      findings: [],
    })
  })

  test('a mistake is said with file and line; what can be learnt is learnt all the same', async () => {
    write('help/intents/refund.txt', `${REFUND.join('\n')}\n!!!\n`)
    write(
      'help/intents/parcel.jsonl',
      `${PARCEL.map(text => JSON.stringify({ text, label: 'parcel' })).join('\n')}\nno json`,
    )
    const { code, text } = await say('train', '…/help')
    expect(code).toBe(0)
    expect(text).toContain('refund.txt:5: an example must have words, got "!!!"')
    expect(text).toContain('parcel.jsonl:5: a line must be {"text": "…", "label": "…"}, got "no json"')
  })

  test('one sentence in two intents, one intent alone, and no examples: nothing is trained, and why is said', async () => {
    expect((await say('train', '…/help')).errors[0]).toContain(
      'there must be examples of two intents or more to tell apart, got none',
    )
    write('help/intents/refund.txt', REFUND.join('\n'))
    const alone = await say('train', '…/help')
    expect(alone.code).toBe(1)
    expect(alone.errors[0]).toContain('refund.txt:1: there must be two intents or more, got "refund" alone')
    write('help/intents/parcel.txt', [...PARCEL, 'Refund, please!'].join('\n'))
    const twice = await say('train', '…/help')
    expect(twice.code).toBe(1)
    expect(twice.errors[0]).toContain('refund.txt:2: an example must belong to one intent')
  })

  test('--min is a gate for CI; a wrong call is one', async () => {
    // Nothing in the one tells what the other is.
    write('help/intents/odd.txt', ['one', 'three', 'five', 'seven'].join('\n'))
    write('help/intents/even.txt', ['two', 'four', 'six', 'eight'].join('\n'))
    expect((await say('train', '…/help')).code).toBe(0)
    expect((await say('train', '…/help', '--min', '1.0')).code).toBe(1)
    expect((await say('train', '…/help', '--min', '2')).code).toBe(2)
    expect((await say('train')).code).toBe(2)
    expect((await say('train', '…/help', '--intents', '…/nowhere')).code).toBe(2)
  })
})

test('advice: intents that are missed with few examples, and pairs that are mixed up', () => {
  const label = (name: string, recall: number, examples = 8) => ({
    label: name,
    recall,
    examples,
    precision: 1,
  })
  expect(
    adviceOf({
      labels: [label('a', 0.5), label('b', 0.7), label('c', 1), label('d', 0.2, 60)],
      confusions: [
        { label: 'a', takenFor: 'b', count: 2, text: '' },
        { label: 'b', takenFor: 'a', count: 1, text: '' },
        { label: 'c', takenFor: 'a', count: 1, text: '' },
      ],
    }),
  ).toEqual({ needExamples: ['a', 'b'], tellApart: [['a', 'b']] })
})

test('a build writes the model and names it; the same examples give the same file', async () => {
  write('help/intents/refund.txt', REFUND.join('\n'))
  write('help/intents/parcel.txt', PARCEL.join('\n'))
  for (const out of ['one', 'two'])
    expect((await say('build', '…/help', '--no-cache', '--out', `…/${out}`)).code).toBe(0)
  const manifest = (out: string) =>
    parseManifest(JSON.parse(readFileSync(join(work, out, 'manifest.json'), 'utf8')))
  expect(manifest('one').model).toMatch(/^model-[\w-]+\.json$/)
  expect(manifest('two').model).toBe(manifest('one').model)
  const file = JSON.parse(readFileSync(join(work, 'one', manifest('one').model ?? ''), 'utf8'))
  expect(createLinearModel(file).predict('a refund for me')[0]?.label).toBe('refund')
  // Those of flows the page has; of other intents it gets them here, to be held against a message.
  expect(file.examples).toEqual([
    { name: 'parcel', utterances: PARCEL },
    { name: 'refund', utterances: REFUND },
  ])
  // What its articles are asked is none of them.
  expect(file.labels).toEqual(['', 'parcel', 'refund'])
})
