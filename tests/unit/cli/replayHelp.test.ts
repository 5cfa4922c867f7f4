// Rankings and answers of a page, made again by an audit from the built help that they name.

import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildKnowledge } from '../../../src/cli/buildKnowledge'
import { main } from '../../../src/cli/main'
import { writeOutput } from '../../../src/cli/outputFolder'
import { askOnce, type HelpFiles, openHelpFolders } from '../../../src/cli/replayHelp'
import { REPLAY_RULES } from '../../../src/cli/replayRules'
import { masked } from '../../../src/journal/masked'
import { filesNamed, type RankedOn, rankedOn } from '../../../src/journal/rankedOn'
import type { JournalEntry, JournalRecord } from '../../../src/journal/record'
import { type Manifest, parseManifest } from '../../../src/knowledge/manifest'
import { type Config, parseConfig } from '../../../src/protocol/config'
import type { Facts } from '../../../src/protocol/facts'
import { replayEntry } from '../../../src/server/replay'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createSpoken } from './spoken'

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

test('an answer that the site’s own topics made is made again by them, and not without them', async () => {
  const config: Config = {
    enabled: true,
    name: '',
    journal: true,
    policyTopics: [{ topic: 'chargeback', words: ['refund'] }],
  }
  const named = filesNamed(from)
  const ownFiles = await openHelpFolders([join(folder, 'built')], config)
  const own = (await ownFiles(named)) as HelpFiles
  const entry = sent((await askOnce(own, 'How long does a refund take?', FACTS)).entry)
  expect(entry.outcome).not.toBe('bot:article refunds')
  expect(await again(entry, ownFiles)).toEqual({ result: 'equal' })
  expect(await again(entry)).toMatchObject({ result: 'differs', got: 'bot:article refunds' })
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

describe('on the command line', () => {
  const TOPICS = { policyTopics: [{ topic: 'chargeback', words: ['invoice'] }] }
  const config = join(folder, 'asklet.json')
  const data = join(folder, 'desk.db')
  const QUESTION = 'Where is my invoice?'

  beforeAll(async () => {
    writeFileSync(config, JSON.stringify({ ...TOPICS, privacy: { mask: { member: 'MB-\\d{6}' } } }))
    const own = await openHelpFolders([join(folder, 'built')], parseConfig(TOPICS, 'the test').config)
    const { entry } = await askOnce((await own(filesNamed(from))) as HelpFiles, QUESTION, FACTS)
    const other = await ranked('refund')
    const store = await openSqlStore({ file: data })
    await store.open({
      identities: ['anon:one'],
      openId: 'open-of-the-test',
      conversationId: 'conversation-1',
      at: 1,
      author: { kind: 'visitor' },
      brief: emptyBrief({ question: QUESTION }),
    })
    await store.append({
      conversationId: 'conversation-1',
      at: 2,
      drafts: [
        {
          sender: 'visitor',
          clientId: 'client-0001',
          author: { kind: 'visitor' },
          body: { type: 'message', text: QUESTION, format: 'plain' },
        },
      ],
      authorise: () => null,
      plan: (_row, draft) => [draft],
    })
    const ids = ['record-0001', 'record-0002', 'record-0003']
    const entries = [await ranked('refund'), sent(entry), { ...other, outcome: 'ranking MB-123456' }]
    const records = entries.map((each, n) => ({ ...each, id: ids[n] ?? '' }))
    await store.addJournal(records, 3, 'conversation-1')
    await store.close()
  })
  async function run(...args: string[]) {
    const spoken = createSpoken()
    const code = await main([...args, '--data', data], spoken)
    return { code, lines: spoken.lines, errors: spoken.errors }
  }
  const replayed = (...args: string[]) => run('replay', 'conversation-1', ...args)

  test('asklet replay --help-dir decides again what the journal of one conversation holds', async () => {
    const { code, lines } = await replayed('--help-dir', join(folder, 'built'), '--config', config)
    expect(lines.slice(0, 2)).toEqual([
      expect.stringMatching(/^suggested is ranking refunds.* again$/),
      expect.stringMatching(/^(?:answered|missed) is bot:\S+ again$/),
    ])
    // A pattern of the site holds for what is older than it.
    expect(lines[2]).toMatch(/^suggested was ranking \[member\], is ranking refunds.* now$/)
    expect(lines[3]).toBe('replay: equal 2 of 3, not replayable 0, by people 0')
    expect(code).toBe(1)
  })

  test('over another help it says which index was not given, and of a folder that is none what it must be', async () => {
    const { code, lines } = await replayed('--help-dir', build('newer', ' Or nine.'))
    expect(lines[0]).toMatch(/and is not decided again: index index-en-[0-9a-f]{10}\.json not given$/)
    expect([code, lines.at(-1)]).toEqual([0, 'replay: equal 0 of 0, not replayable 3, by people 0'])
    const { code: refused, errors } = await replayed('--help-dir', join(folder, 'nowhere'))
    expect(refused).toBeGreaterThan(0)
    expect(errors[0]).toMatch(/the folder must be one that "asklet build" wrote, got no manifest\.json/)
  })

  test('with --out the test is played over the built help, too', async () => {
    const out = join(folder, 'late.test.txt')
    const { lines } = await replayed(
      '--help-dir',
      join(folder, 'built'),
      '--out',
      out,
      '--expects',
      'cites: invoices',
    )
    expect(lines).toContain(`${out}: cites: invoices (as you said)`)
    expect(lines.at(-1)).toBe('It passes now: the bot does better than then.')
  })

  test('--expects without --out, and --out that is no test, are refused', async () => {
    const alone = await replayed('--help-dir', join(folder, 'built'), '--expects', 'no person')
    expect(alone.errors[0]).toMatch(/--expects must stand beside the --out/)
    expect((await replayed()).errors[0]).toMatch(
      /--out must name a file that ends in \.test\.txt, got undefined/,
    )
  })

  test('asklet audit --config answers again by the site’s own rules, and prints nothing that it masks', async () => {
    const help = ['--help-dir', join(folder, 'built')]
    const without = await run('audit', ...help)
    expect(without.lines).toContain('replayed-answers: 0')
    const { lines } = await run('audit', ...help, '--config', config)
    expect(lines).toContain('replayed-answers: 1')
  })

  test('a configuration that is not there, or cannot be read, is said with the call that was meant', async () => {
    const missing = await run('audit', '--config', join(folder, 'nothing.json'))
    expect(missing.errors[0]).toMatch(
      /--config must name a file that is there, got .*nothing\.json.*asklet audit/,
    )
    writeFileSync(join(folder, 'broken.json'), '{')
    const broken = await run('audit', '--config', join(folder, 'broken.json'))
    expect(broken.errors[0]).toMatch(/--config must name a JSON file, got .*asklet audit/)
  })
})
