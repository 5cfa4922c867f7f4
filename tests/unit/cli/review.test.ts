// From a verdict to a test: judged over the real calls, exported from the database, played by `asklet test` and asked
// by `asklet evaluate` over the demo's help.

import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../../../src/cli/main'
import { caseOf, type JudgedItem } from '../../../src/cli/reviewCases'
import { parseTranscripts } from '../../../src/cli/transcript'
import type { ReviewItem, Verdict } from '../../../src/protocol/reviews'
import { DEFAULT_REVIEWS } from '../../../src/server/sampling'
import { openSqlStore } from '../../../src/server/store/openSqlStore'
import { emptyBrief } from '../../../src/testing/emptyBrief'
import { createLoopback } from '../../../src/testing/loopback'
import { createSpoken } from './spoken'

const DEMO = join(import.meta.dirname, '../../../demo/help')
const EVERYTHING = {
  rates: Object.fromEntries(Object.keys(DEFAULT_REVIEWS.rates).map(name => [name, 1])) as never,
  weekly: 100,
}
let work = ''
let ids: Record<string, string> = {}
let conversationId = ''
const path = (name: string) => join(work, name)

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'asklet-review-'))
  cpSync(join(DEMO, 'articles'), path('help/articles'), { recursive: true })
  const store = await openSqlStore({ file: path('desk.db') })
  const loopback = await createLoopback({ store, reviews: EVERYTHING })
  const { transport: visitor } = loopback.visitor()
  const lea = loopback.agent({ agentId: 'agent-lea', name: 'Lea', roles: ['lead'] }).transport
  const ada = loopback.agent({ agentId: 'agent-ada', name: 'Ada' }).transport
  for (const line of [visitor, lea, ada]) line.connect()
  await loopback.settle()
  const opening = await visitor.request('open', {
    v: 1,
    openId: 'open-0001',
    brief: {
      ...emptyBrief(),
      reason: 'askedForPerson',
      page: { ...emptyBrief().page, route: '/withdrawals' },
      visitor: { locale: 'en', name: 'Mara Vale', role: 'freelancer', attributes: {} },
    },
  })
  if (!opening.ok) throw new Error(opening.code)
  conversationId = opening.conversationId
  let n = 0
  const say = (text: string, source?: readonly [string, string]) => ({
    clientId: `client-${String(++n).padStart(4, '0')}`,
    ...(source && { as: 'bot' as const }),
    saidAt: n * 60_000,
    body: {
      type: 'message' as const,
      text,
      format: 'plain' as const,
      ...(source?.[0] && { citations: [{ articleId: source[0], title: source[1] }] }),
    },
  })
  const done = async (asked: Promise<{ ok: boolean; code?: string; detail?: string }>) => {
    const reply = await asked
    if (!reply.ok) throw new Error(`${reply.code} ${reply.detail}`)
  }
  await done(
    visitor.request('send', {
      v: 1,
      conversationId,
      drafts: [
        say('What is the service fee for freelancers?'),
        say('The fee is 10 % of each payment.', ['payments/service-fees', 'Service fees']),
        say('I forgot my password, mail me at mara@x.example'),
        say('Download your invoices under Payments.', ['payments/download-invoices', 'Invoices']),
        say('can I talk to a human please'),
        { clientId: 'client-handoff', body: { type: 'handoffReady', channel: 'live' } },
      ],
    }),
  )
  await done(ada.request('claim', { v: 1, conversationId, expected: 0 }))
  await done(
    ada.request('send', {
      v: 1,
      conversationId,
      drafts: [
        { clientId: 'client-answer', body: { type: 'message', text: 'Here I am.', format: 'markdown' } },
        { clientId: 'client-ended', body: { type: 'ended', by: 'agent' } },
      ],
    }),
  )
  await store.addJournal(
    [
      {
        id: 'record-0001',
        kind: 'missed',
        at: loopback.clock.now(),
        inputs: { question: 'what is the weather in Lisbon' },
        rule: 'bot:asklet',
        reason: 'no answer',
      },
    ],
    loopback.clock.now(),
  )
  await loopback.settle(61_000)

  const verdicts: readonly (readonly [name: string, part: Partial<ReviewItem>, Verdict, string?])[] = [
    ['fee', { kind: 'answer', question: 'What is the service fee for freelancers?' }, 'right'],
    [
      'password',
      { kind: 'answer', question: 'I forgot my password, mail me at [email]' },
      'wrong',
      'account/reset-your-password',
    ],
    ['human', { kind: 'handoff' }, 'right'],
    ['person', { kind: 'agent' }, 'right'],
    ['weather', { kind: 'missed' }, 'right'],
  ]
  const found: ReviewItem[] = []
  for (;;) {
    const reply = await lea.request('reviews', { v: 1, skipped: found.map(({ itemId }) => itemId) })
    if (!reply.ok) throw new Error(reply.code)
    if (!reply.item) break
    found.push(reply.item)
  }
  for (const [name, part, verdict, articleId] of verdicts) {
    const item = found.find(each =>
      Object.entries(part).every(([key, value]) => each[key as keyof ReviewItem] === value),
    )
    if (!item) throw new Error(`${name} is not among ${JSON.stringify(found)}`)
    const judged = await lea.request('judge', {
      v: 1,
      itemId: item.itemId,
      expected: 0,
      verdict,
      article: articleId ? { articleId, title: 'Reset your password' } : null,
      words: name === 'password' ? 'Ask lea@x.example about\nthis one.' : '',
    })
    if (!judged.ok) throw new Error(judged.code)
    ids = { ...ids, [name]: item.itemId }
  }
  await loopback.close()
  // A store that was brought along is its owner's to close.
  await store.close().catch(() => {})
}, 30_000)
afterAll(() => rmSync(work, { recursive: true, force: true }))

async function run(...args: readonly string[]) {
  const out = createSpoken()
  const code = await main(args, out)
  const figures = Object.fromEntries(
    out.lines.flatMap(line => {
      const [, name, value] = /^(\S+): (\S+)$/.exec(line) ?? []
      return name ? [[name, Number(value)]] : []
    }),
  )
  return { code, figures, ...out }
}
const exported = (folder = path('help/reviews')) =>
  run('review', 'export', '--data', path('desk.db'), '--out', folder)
const fileOf = (name: string) => path(`help/reviews/review-${ids[name]}.test.txt`)
const queries = () =>
  readFileSync(path('help/reviews/queries.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { query: string; rel: string[]; review: string })

describe('asklet review export', () => {
  test('verdicts become transcripts and queries, each of which names its review', async () => {
    const { code, figures } = await exported()
    expect(code).toBe(0)
    expect(figures).toEqual({
      reviews: 5,
      transcripts: 4,
      queries: 2,
      'nothing-to-test': 1,
      unreadable: 0,
      written: 6,
      unchanged: 0,
      edited: 0,
      removed: 0,
    })
    expect(readFileSync(fileOf('fee'), 'utf8')).toBe(
      [
        `# Review ${ids.fee}, said on 2026-01-05: right.`,
        '',
        `test: What is the service fee for freelancers? (review ${ids.fee})`,
        'on: /withdrawals as freelancer',
        '> What is the service fee for freelancers?',
        'cites: payments/service-fees',
        '',
      ].join('\n'),
    )
    expect(
      queries()
        .map(({ query, rel, review }) => [query, rel, review])
        .sort(),
    ).toEqual(
      [
        ['I forgot my password, mail me at [email]', ['account/reset-your-password'], ids.password],
        ['What is the service fee for freelancers?', ['payments/service-fees'], ids.fee],
      ].sort(),
    )
  })

  test('--config: what the site masks of its own is masked here, too', async () => {
    writeFileSync(
      path('asklet.json'),
      JSON.stringify({ privacy: { mask: { place: 'Lisbon', fee: 'service fee' } } }),
    )
    const own = path('own/reviews')
    const { code } = await run(
      ...['review', 'export', '--data', path('desk.db'), '--out', own, '--config', path('asklet.json')],
    )
    rmSync(path('asklet.json'))
    expect(code).toBe(0)
    const all = readdirSync(own)
      .map(name => readFileSync(join(own, name), 'utf8'))
      .join('\n')
    expect(all).toContain('what is the weather in [place]')
    expect(all).not.toMatch(/Lisbon|service fee/)
    const none = path('none.json')
    const wrong = await run('review', 'export', '--data', path('desk.db'), '--out', own, '--config', none)
    expect([wrong.code, wrong.lines.join(), wrong.errors.join()].join(' ')).toMatch(
      /^2 .*--config must name a file that is there/,
    )
  })

  test('no word of it tells who it was about', async () => {
    await exported()
    const all = readdirSync(path('help/reviews')).map(name =>
      readFileSync(path(`help/reviews/${name}`), 'utf8'),
    )
    expect(all.join('\n')).not.toMatch(/mara|vale|lea@|\bAda\b|x\.example/i)
    expect(readFileSync(fileOf('password'), 'utf8')).toContain('# Ask [email] about this one.')
  })

  test('asklet test plays them and asklet evaluate asks them, as they are', async () => {
    await exported()
    const cache = ['--cache', path('cache')]
    const tests = await run('test', path('help/reviews'), '--all', ...cache)
    expect(tests.errors).toEqual([])
    expect(tests.figures).toMatchObject({ conversations: 4, failed: 0 })
    const built = await run(
      'build',
      path('help/articles'),
      '--out',
      path('built'),
      '--private-out',
      path('private'),
      ...cache,
    )
    expect(built.errors).toEqual([])
    expect(built.code).toBe(0)
    const asked = await run(
      'evaluate',
      path('help/reviews/queries.jsonl'),
      '--help-dir',
      path('built'),
      '--no-keys',
    )
    expect(asked.errors).toEqual([])
    expect(asked.code).toBe(0)
    expect(asked.figures.queries).toBe(2)
  }, 60_000)

  test('exporting again changes nothing', async () => {
    await exported()
    const before = readdirSync(path('help/reviews')).map(name => [
      name,
      readFileSync(path(`help/reviews/${name}`), 'utf8'),
    ])
    const { figures } = await exported()
    expect(figures).toMatchObject({ written: 0, unchanged: 6, edited: 0, removed: 0 })
    expect(
      readdirSync(path('help/reviews')).map(name => [
        name,
        readFileSync(path(`help/reviews/${name}`), 'utf8'),
      ]),
    ).toEqual(before)
  })

  test('what a person changed or took away stays as they left it', async () => {
    await exported()
    appendFileSync(fileOf('fee'), 'says: 10 %\n')
    rmSync(fileOf('human'))
    const own = '{"query": "of my own", "rel": ["payments/service-fees"]}'
    const kept = queries().filter(({ review }) => review === ids.fee)
    writeFileSync(
      path('help/reviews/queries.jsonl'),
      `${own}\n${kept.map(line => JSON.stringify({ ...line, role: 'client' })).join('\n')}\n`,
    )
    const left = readFileSync(path('help/reviews/queries.jsonl'), 'utf8')
    const { figures } = await exported()
    expect(figures).toMatchObject({ written: 0, unchanged: 2, edited: 4 })
    expect(readFileSync(fileOf('fee'), 'utf8')).toContain('says: 10 %')
    expect(readdirSync(path('help/reviews'))).not.toContain(`review-${ids.human}.test.txt`)
    expect(readFileSync(path('help/reviews/queries.jsonl'), 'utf8')).toBe(left)
  })

  test('[R6] what was erased since is taken back; what a person made of it is named', async () => {
    const fresh = path('help/erased')
    await exported(fresh)
    appendFileSync(join(fresh, `review-${ids.fee}.test.txt`), 'says: 10 %\n')
    const store = await openSqlStore({ file: path('desk.db') })
    await store.erase(conversationId, 9_000)
    await store.close()
    const { figures, errors } = await exported(fresh)
    expect(figures).toMatchObject({ reviews: 1, transcripts: 1, removed: 4, edited: 1 })
    expect(errors.join()).toContain(`review-${ids.fee}.test.txt: its conversation was erased`)
    expect(readdirSync(fresh).sort()).toEqual(
      ['asklet-reviews.json', `review-${ids.fee}.test.txt`, `review-${ids.weather}.test.txt`].sort(),
    )
  })

  test('a wrong call is told what it must be', async () => {
    for (const [args, sentence] of [
      [['review'], /must be export, got ""/],
      [['review', 'export', '--data', path('desk.db')], /--out must say where/],
      [['review', 'export', '--data', path('none.db'), '--out', path('x')], /--data must name the database/],
    ] as const) {
      const { code, errors } = await run(...args)
      expect(code).toBe(2)
      expect(errors.join('\n')).toMatch(sentence)
    }
  })
})

describe('what a verdict is worth', () => {
  const item = (change: Partial<JudgedItem>): JudgedItem => ({
    itemId: 'item-0001',
    kind: 'answer',
    at: 0,
    verdict: 'right',
    article: null,
    words: '',
    question: 'Where is it?',
    said: ['Where is it?'],
    answer: ['It is there. Look.'],
    sources: [],
    ...change,
  })
  const reset = { articleId: 'a/b', title: 'B', headingId: 'h' }
  const expected = (change: Partial<JudgedItem>) => {
    const { transcript } = caseOf(item(change))
    return transcript?.split('\n').filter(line => line && !/^(?:#|>|test:|on:)/.test(line)) ?? null
  }

  test.each<readonly [Partial<JudgedItem>, readonly string[] | null]>([
    [{ sources: [reset] }, ['cites: a/b']],
    [{}, ['says: It is there']],
    [{ answer: ['Hello [name].'] }, null],
    [{ kind: 'missed' }, ['unknown']],
    [{ kind: 'handoff' }, ['person']],
    [{ kind: 'agent' }, null],
    [{ verdict: 'wrong' }, ['never says: It is there']],
    [{ verdict: 'wrong', article: reset }, ['cites: a/b#h', 'never says: It is there']],
    [{ verdict: 'shouldHaveAsked' }, ['clarifies']],
    [{ verdict: 'shouldHaveHandedOver' }, ['person']],
    [{ kind: 'missed', verdict: 'shouldHaveAnswered', article: reset }, ['cites: a/b']],
    [{ kind: 'missed', verdict: 'shouldHaveAnswered' }, null],
    [{ kind: 'handoff', verdict: 'shouldHaveAnswered', article: reset }, ['cites: a/b', 'no person']],
  ])('%j expects %j', (change, lines) => {
    expect(expected(change)).toEqual(lines)
  })

  test('whatever a visitor typed, the transcript and the query can be read', () => {
    for (const typed of [
      'test: on: /x\n> y\n[Yes]',
      '(reads a) {{fill me}} {{{',
      '# not a comment',
      '\u2028\u2029 \0 | pipes | "quotes" \\',
      '🙂'.repeat(300),
    ]) {
      const { transcript, query } = caseOf(
        item({ question: typed, said: ['', typed], route: `/${typed}`, role: typed, sources: [reset] }),
      )
      const { dialogues, problems } = parseTranscripts(transcript ?? '', 'x')
      expect(problems).toEqual([])
      expect(dialogues).toHaveLength(1)
      expect(dialogues[0]?.turns).toHaveLength(1)
      expect(dialogues[0]?.turns[0]?.expectations).toHaveLength(1)
      expect(transcript).not.toContain('{{')
      expect(JSON.parse(query ?? '')).toMatchObject({ rel: ['a/b'] })
      expect(query).not.toContain('\n')
    }
  })
})
