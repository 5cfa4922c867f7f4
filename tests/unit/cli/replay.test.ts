// A stored conversation becomes a test that fails.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../../../src/cli/main'
import { parseTranscripts } from '../../../src/cli/transcript'
import { transcriptOf } from '../../../src/cli/transcriptOf'
import type { EventBody, StoredEvent } from '../../../src/protocol/events'
import type { Author, Brief } from '../../../src/protocol/records'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createSpoken } from './spoken'

const DEMO = join(import.meta.dirname, '../../../demo')
const VISITOR: Author = { kind: 'visitor', name: 'Mara Lind' }
const BOT: Author = { kind: 'bot' }
const ADA: Author = { kind: 'agent', agentId: 'agent-ada', name: 'Ada' }

const said = (author: Author, text: string, ...articles: string[]): [Author, EventBody] => [
  author,
  {
    type: 'message',
    text,
    format: author.kind === 'agent' ? 'markdown' : 'plain',
    ...(articles.length > 0 && { citations: articles.map(articleId => ({ articleId, title: 'T' })) }),
  },
]
const handed: [Author, EventBody] = [VISITOR, { type: 'handoffReady', channel: 'live' }]

function thread(brief: Partial<Brief>, ...told: readonly [Author, EventBody][]): StoredEvent[] {
  const opened: [Author, EventBody] = [VISITOR, { type: 'opened', brief: emptyBrief(brief) }]
  return [opened, ...told].map(([author, body], index) => ({
    conversationId: 'conversation-1',
    seq: index + 1,
    clientId: `key-${index}`,
    at: index,
    author,
    body,
  }))
}

const QUESTION = 'how long may my client take to pay the milestone'
const missed = (...after: [Author, EventBody][]) =>
  thread(
    {
      question: QUESTION,
      reason: 'notSolvedTwice',
      visitor: {
        locale: 'en',
        attributes: {},
        role: 'freelancer',
        name: 'Mara Lind',
        email: 'mara@lind.example',
      },
      page: { ...emptyBrief().page, route: '/orders', data: { contract: 'C-20418' } },
    },
    said(VISITOR, QUESTION),
    said(BOT, 'Service fees are 10 %.', 'payments/service-fees'),
    said(VISITOR, 'that is wrong, Mara Lind here, write to mara@lind.example or +49 170 1234567'),
    said(BOT, 'I do not know.'),
    handed,
    ...after,
  )

test('the visitor says what they said, masked; what came stands in comments; the article of the person is expected', () => {
  const replayed = transcriptOf(missed(said(ADA, 'See here', 'payments/release-of-milestones')))
  expect(replayed?.because).toBe('cited')
  expect(replayed?.text).toBe(`# From conversation conversation-1, which went to a person: notSolvedTwice.

test: ${QUESTION}
on: /orders as freelancer
page.contract: C-20418
visitor.email: someone@example.com
> ${QUESTION}
# The bot said: Service fees are 10 %.
cites: payments/release-of-milestones
> that is wrong, Sam here, write to someone@example.com or +1 202 555 0143
# The bot said: I do not know.
# The person said: See here
`)
})

test('what the site masks of its own stands in no line, whoever said it', () => {
  const masks = { mask: { member: 'MB-\\d{6}' } }
  const events = thread(
    {
      question: 'I am MB-123456',
      because: 'MB-123456',
      visitor: { locale: 'en', attributes: {}, role: 'MB-123456' },
    },
    said(VISITOR, 'I am MB-123456'),
    said(BOT, 'Are you MB-123456?'),
    handed,
    said(ADA, 'You are MB-123456.'),
  )
  const replayed = transcriptOf(events, { masks, decided: ['prioritised high by agent: MB-123456'] })
  expect(replayed?.text).toContain('> I am [member]')
  expect(replayed?.expects).toBe('never says: Are you [member]?')
  expect(replayed?.text).not.toContain('123456')
})

describe('what is expected', () => {
  test('without an article of the person: not again what the bot said', () => {
    expect(transcriptOf(missed(said(ADA, 'Ten days.')))?.expects).toBe('never says: Service fees are 10 %.')
  })
  test('what the lead says wins', () => {
    const expects = ['cites: a/b', 'no person']
    expect(transcriptOf(missed(said(ADA, 'x', 'c/d')), { expects })?.expects).toBe('cites: a/b; no person')
  })
  test('the article that the bot had cited already says nothing new', () => {
    expect(transcriptOf(missed(said(ADA, 'x', 'payments/service-fees')))?.because).toBe('not again')
  })
})

test('every transcript that comes out is read without a problem, whatever was written', () => {
  const odd = [
    'test: x',
    '[Yes]',
    '(reads x)',
    '# no',
    'on: /',
    'a\nb\r\nc',
    '| | |',
    'cites: nothing',
    '   x  ',
  ]
  for (const words of odd) {
    const events = thread({ question: words }, said(VISITOR, words), said(BOT, words), handed)
    const { problems, dialogues } = parseTranscripts(transcriptOf(events)?.text ?? '', 'f.test.txt')
    expect([words, problems]).toEqual([words, []])
    expect(dialogues).toHaveLength(1)
  }
})

describe('asklet replay', () => {
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'asklet-replay-'))
    const store = await openSqlStore({ file: join(folder, 'desk.db') })
    const [opened, ...events] = missed(said(ADA, 'See here', 'payments/release-of-milestones'))
    if (opened?.body.type !== 'opened') throw new Error('no brief')
    for (const id of ['conversation-1', 'conversation-2']) {
      await store.open({
        identities: [`anon:${id}`],
        openId: `open-${id}`,
        conversationId: id,
        at: 1,
        author: VISITOR,
        brief: opened.body.brief,
      })
      await store.append({
        conversationId: id,
        at: 2,
        drafts: events.map(({ clientId, author, body }) => ({ sender: author.kind, clientId, author, body })),
        authorise: () => null,
        plan: (_row, draft) => [draft],
      })
    }
    await store.erase('conversation-2', 9_000)
    await store.close()
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  let n = 0
  let out = ''
  beforeEach(() => {
    out = join(folder, `late-${++n}.test.txt`)
  })
  async function run(...args: string[]) {
    const spoken = createSpoken()
    const code = await main(['replay', ...args, '--data', join(folder, 'desk.db')], spoken)
    return { code, lines: spoken.lines, errors: spoken.errors }
  }
  const SITE = [
    ...['--articles', join(DEMO, 'help/articles'), '--flows', join(DEMO, 'help/flows')],
    ...['--config', join(DEMO, 'asklet.json'), '--actions', join(DEMO, 'help/tests/actions.json')],
  ]

  test('writes a test that fails now, by the bot of today over the articles of today', async () => {
    const { code, lines, errors } = await run('conversation-1', '--out', out, ...SITE)
    expect(errors).toEqual([])
    expect(lines.at(-1)).toBe('It fails now, as it should.')
    expect(code).toBe(0)
    expect(lines.join('\n')).toContain('cites: payments/release-of-milestones')
  })

  test('without the articles it is written, and not played', async () => {
    const { code, lines } = await run('conversation-1', '--out', out, '--expects', 'person: notSolvedTwice')
    expect(code).toBe(0)
    expect(lines[0]).toBe(`${out}: person: notSolvedTwice (as you said)`)
    expect(readFileSync(out, 'utf8')).toContain('person: notSolvedTwice')
  })

  test('a wrong call says what, got and how, and writes nothing over another file', async () => {
    writeFileSync(out, 'mine')
    expect((await run('conversation-1', '--out', out)).errors[0]).toMatch(/--out must name a new file/)
    expect(readFileSync(out, 'utf8')).toBe('mine')
    const other = join(folder, 'other.test.txt')
    expect((await run('nobody', '--out', other)).errors[0]).toMatch(
      /such a conversation or ticket .* got "nobody"/,
    )
    expect((await run('conversation-2', '--out', other)).errors[0]).toMatch(/whose were erased/)
    expect((await run('conversation-1', '--out', 'x.txt')).errors[0]).toMatch(/ends in .test.txt/)
    expect((await run('conversation-1', '--out', other, '--expects', 'nonsense: x')).errors[0]).toMatch(
      /--expects must be lines of a transcript/,
    )
  })
})
