// Rankings and answers of a page, made again by an audit from the built help that they name.

import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildKnowledge } from '../../../src/cli/buildKnowledge'
import { writeOutput } from '../../../src/cli/outputFolder'
import { askOnce, type HelpFiles, openHelpFolders } from '../../../src/cli/replayHelp'
import { REPLAY_RULES } from '../../../src/cli/replayRules'
import { masked } from '../../../src/journal/masked'
import { filesNamed, type RankedOn, rankedOn } from '../../../src/journal/rankedOn'
import type { JournalEntry, JournalRecord } from '../../../src/journal/record'
import { type Manifest, parseManifest } from '../../../src/knowledge/manifest'
import type { Facts } from '../../../src/protocol/facts'
import { replayEntry } from '../../../src/server/replay'

const folder = mkdtempSync(join(tmpdir(), 'asklet-replay-help-'))
const article = (title: string, text: string) => `---\ntitle: ${title}\n---\n\n${text}\n`
const build = (name: string, more = '') => {
  const from = join(folder, `${name}-articles`)
  writeOutput(
    from,
    new Map([
      ['refunds.md', article('How to get a refund', `A refund takes five days to arrive.${more}`)],
      ['invoices.md', article('Where is my invoice', 'Invoices are under Payments, one for each month.')],
      ['accounts.md', article('Close your account', 'You can close your account under Settings.')],
    ]),
  )
  writeOutput(join(folder, name), buildKnowledge(from, { locale: 'en', base: '/help/' }).files)
  return join(folder, name)
}
let files: HelpFiles
let from: Manifest
let given: Awaited<ReturnType<typeof openHelpFolders>>

beforeAll(async () => {
  const built = build('built')
  given = await openHelpFolders([built, build('other', ' Or six.')])
  const names = readdirSync(built)
  expect(names).toContain('manifest.json')
  const { readFile } = await import('node:fs/promises')
  from = parseManifest(JSON.parse(await readFile(join(built, 'manifest.json'), 'utf8')))
  files = (await given(filesNamed(from))) as HelpFiles
})
afterAll(() => rmSync(folder, { recursive: true }))

const FACTS: Facts = {
  page: { url: '', route: '/orders', title: '', name: '', headings: ['Orders'], language: 'en', data: {} },
  visitor: { locale: 'en', attributes: {} },
}
const sent = (entry: JournalEntry, on: Partial<RankedOn> = {}) =>
  masked(rankedOn({ ...entry, id: 'record-0001', at: 1 }, { facts: FACTS, from, ...on }))
async function ranked(query: string, on: Partial<RankedOn> = {}): Promise<JournalRecord> {
  const found = await files.help.search('en').suggest(query, on.facts ?? FACTS)
  const articleIds = found.map(({ articleId }) => articleId)
  return sent({ kind: 'suggested', inputs: { query, articleIds }, rule: 'ranking@test', reason: 'words' }, on)
}
const answered = async (question: string) => sent((await askOnce(files, question, FACTS)).entry)
const again = (entry: JournalEntry, file = given) => replayEntry(entry, file, REPLAY_RULES)

test('a ranking is made again from the index that it names, and is equal', async () => {
  for (const query of ['refund', 'invoice', ''])
    expect(await again(await ranked(query))).toEqual({ result: 'equal' })
})

test('an answer to a first question is made again, and so is that nothing was known', async () => {
  const answer = await answered('How long does a refund take?')
  expect(answer).toMatchObject({ kind: 'answered', outcome: 'bot:article refunds' })
  expect(await again(answer)).toEqual({ result: 'equal' })
  const missed = await answered('What is the weather like on Mars today?')
  expect(missed.kind).toBe('missed')
  expect(await again(missed)).toEqual({ result: 'equal' })
})

test('another outcome than the index gives is said', async () => {
  const entry = await ranked('refund')
  expect(await again({ ...entry, outcome: 'ranking accounts' })).toMatchObject({ result: 'differs' })
})

test('without the index, by another build, or after masking nothing is counted as equal', async () => {
  const entry = await ranked('refund')
  const why = async (changed: JournalEntry, file = given) => {
    const replayed = await again(changed, file)
    return replayed.result === 'notReplayable' ? replayed.why : replayed.result
  }
  expect(await why(entry, async () => undefined)).toMatch(/^index index-en-[0-9a-f]{10}\.json not given$/)
  expect(await why({ ...entry, inputs: { ...entry.inputs, rules: 'older' } })).toBe(
    'another build ranked and answered',
  )
  expect(await why(await ranked('refund, sam@example.com'))).toBe('masked: query')
  const facts = { ...FACTS, page: { ...FACTS.page, recentRoutes: ['/cart'] } }
  expect(await why(await ranked('refund', { facts }))).toBe('masked: recentRoutes')
  expect(await why(await ranked('refund', { from: undefined }))).toBe('its index was not named')
})

test('what does not fit into a record is left out and named, and no record is too large for a server', async () => {
  const page = { ...FACTS.page, headings: Array.from({ length: 20 }, () => 'ü'.repeat(120)) }
  const entry = sent(
    {
      kind: 'suggested',
      inputs: { query: 'ü'.repeat(5_000), articleIds: ['a'] },
      rule: 'ranking@test',
      reason: '',
    },
    { facts: { ...FACTS, page } },
  )
  expect(Buffer.byteLength(JSON.stringify(entry.inputs))).toBeLessThan(2_048)
  expect(entry.masked).toEqual(expect.arrayContaining(['query', 'headings']))
})

test('a folder that was changed by hand is refused', async () => {
  const changed = build('changed', ' Or seven.')
  const index = readdirSync(changed).find(name => name.startsWith('index-')) ?? ''
  appendFileSync(join(changed, index), ' ')
  const opening = openHelpFolders([changed])
  await expect(opening).rejects.toThrow(/must hold what the hash in its name says/)
  writeFileSync(join(changed, 'manifest.json'), '{}')
  await expect(openHelpFolders([changed])).rejects.toThrow(/manifest\.json/)
})
