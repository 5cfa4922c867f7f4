// `POST search` as pages and strangers see it: a real server, files on a real disk, new builds while it runs.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEnvironment } from '../../../src/base/environment'
import type { Article } from '../../../src/knowledge/article'
import { MAX_PAGE_CHARS, MAX_QUERY_CHARS, MAX_SEARCH_LIMIT } from '../../../src/protocol/search'
import type { Passage, Suggestion } from '../../../src/search/searchProvider'
import { RATES } from '../../../src/server/admission'
import { attachHelpDesk, type HelpDeskOptions } from '../../../src/server/attachHelpDesk'
import { createHelpSearch } from '../../../src/server/helpSearch'
import { signedVisitors, signVisitor } from '../../../src/server/signedVisitors'
import { writeHelp } from '../../support/builtHelp'
import { type HelpDeskServer, startHelpDesk } from '../../support/helpDeskServer'
import { sketch } from '../search/shelf'

const KEY = 'a key of at least thirty-two chars'

const articleAbout = (id: string, subject: string, more: object = {}) =>
  sketch({
    id,
    title: `The ${subject} of ${id}`,
    body: { '': `The ${subject} is closed at night.` },
    ...more,
  })

let folder: string
let server: HelpDeskServer
let logged: string[]

async function start(change: Partial<HelpDeskOptions> = {}): Promise<void> {
  server = await startHelpDesk(join(folder, 'desk.db'), {
    verifyVisitor: signedVisitors(KEY),
    allowedOrigins: ['https://shop.example'],
    trustedProxies: ['127.0.0.1'],
    helpDir: join(folder, 'help'),
    privateDir: join(folder, 'private'),
    log: line => logged.push(line),
    ...change,
  })
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asklet-search-'))
  logged = []
  await writeHelp(join(folder, 'help'), [articleAbout('open', 'harbour')])
  await writeHelp(join(folder, 'private/client'), [articleAbout('for-clients', 'harbour')])
  await writeHelp(join(folder, 'private/_any'), [articleAbout('for-any', 'harbour')])
})
afterEach(async () => {
  await server?.close()
  await rm(folder, { recursive: true })
})

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly ok: boolean
  readonly code?: string
  readonly detail?: string
  readonly after?: number
  readonly suggestions?: readonly Suggestion[]
  readonly passages?: readonly Passage[]
  readonly article?: Article | null
}

async function post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${server.base}/asklet/v1/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { ...((await response.json()) as Answer), status: response.status, headers: response.headers }
}

const factsWith = (visitor: object = {}, page: object = {}) => ({
  page: { route: '/', name: 'Home', headings: [], ...page },
  visitor: { locale: 'en', ...visitor },
})
const asked = (action: 'suggest' | 'passages', query = 'harbour', facts: object = factsWith()) => ({
  v: 1,
  do: action,
  query,
  facts,
  limit: 6,
})
const opened = (articleId: string, locale = 'en') => ({ v: 1, do: 'article', articleId, locale })
const signedAs = async (role?: string): Promise<Record<string, string>> => ({
  'x-asklet-token': await signVisitor(KEY, { visitorId: 'u-7', ...(role && { role }) }),
})
const idsOf = (list: readonly { articleId: string }[] = []) =>
  [...new Set(list.map(item => item.articleId))].sort()

/** What this visitor finds, by suggestions, by passages, and by opening all there is. */
async function seen(headers: Record<string, string>, facts: object = factsWith()): Promise<string[][]> {
  const readable: string[] = []
  for (const id of ['for-any', 'for-clients', 'open'])
    if ((await post(opened(id), headers)).article) readable.push(id)
  return [
    idsOf((await post(asked('suggest', 'harbour', facts), headers)).suggestions),
    idsOf((await post(asked('passages', 'harbour', facts), headers)).passages),
    readable,
  ]
}
const all = (...ids: string[]) => [ids, ids, ids]

describe('who finds what', () => {
  beforeEach(() => start())

  test('[Q9] anybody finds public articles, without a secret and without a conversation', async () => {
    expect(await seen({})).toEqual(all('open'))
    expect((await server.helpDesk.health()).visitors).toBe(0)
  })

  test('[Q9] a private article is for the very role that a token proves, found, quoted or opened', async () => {
    expect(await seen(await signedAs('client'))).toEqual(all('for-clients', 'open'))
    expect(await seen(await signedAs('freelancer'))).toEqual(all('for-any', 'open'))
    expect(await seen(await signedAs())).toEqual(all('open'))
  })

  test('[Q9] a role that is only said ranks, and gives nothing', async () => {
    expect(await seen({}, factsWith({ role: 'client' }))).toEqual(all('open'))
    expect(await seen(await signedAs('freelancer'), factsWith({ role: 'client' }))).toEqual(
      all('for-any', 'open'),
    )
  })

  test.each(['../private/client', 'x/../client', '..', '.', 'client\0', 'client/'])(
    '[Q9] a signed role %j is no way to another folder',
    async role => {
      const { ok, suggestions } = (await createHelpSearch({
        helpDir: join(folder, 'help'),
        privateDir: join(folder, 'private'),
        clock: createEnvironment(),
        log: () => {},
      }).answer(asked('suggest') as never, role)) as Answer
      expect([ok, idsOf(suggestions)]).toEqual([true, ['open']])
    },
  )

  test('[Q9] a token that is not good is refused, never ignored', async () => {
    const late = await signVisitor(KEY, { visitorId: 'u-7', role: 'client' }, -1_000)
    for (const token of [late, 'made up', ''])
      for (const body of [asked('suggest'), asked('passages'), opened('open'), opened('for-clients')])
        expect(await post(body, { 'x-asklet-token': token })).toMatchObject({
          status: 401,
          code: 'unauthenticated',
        })
  })

  test('[Q10] nobody learns whether a private article exists', async () => {
    const [hidden, none] = [await post(opened('for-clients')), await post(opened('no-such-article'))]
    expect(hidden).toMatchObject({ status: 200, ok: true, article: null })
    expect({ ...none, headers: null }).toEqual({ ...hidden, headers: null })
  })

  test('a damaged private folder takes nothing away from the public articles; the log says where', async () => {
    await writeFile(join(folder, 'private/client/manifest.json'), '{"version":2}')
    expect(await seen(await signedAs('client'))).toEqual(all('open'))
    expect(logged.join('\n')).toMatch(/warn helpUnreadable .*manifest\.json/)
  })

  test('[Q8] an answer is for nobody else to keep, and pages of other origins get none', async () => {
    const mine = await post(asked('suggest'), { origin: 'https://shop.example' })
    expect(mine.headers.get('cache-control')).toBe('private, no-store')
    expect(mine.headers.get('access-control-allow-origin')).toBe('https://shop.example')
    expect(await post(asked('suggest'), { origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      code: 'forbidden',
    })
    const asks = await fetch(`${server.base}/asklet/v1/search`, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    })
    expect([asks.status, asks.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'authorization, content-type, x-asklet-token, x-asklet-upload',
    ])
    expect((await fetch(`${server.base}/asklet/v1/search?query=harbour`)).status).toBe(404)
  })

  test('[Q8] what is asked stands in no log', async () => {
    await post(asked('suggest', 'my secret illness'))
    await post(asked('suggest', 'my secret illness').do)
    expect(logged.join('\n')).not.toMatch(/illness/)
  })
})

describe('bounds', () => {
  test.each([
    ['no JSON', 'harbour', 400, 'bad_request'],
    ['nothing', '{}', 400, 'bad_request'],
    ['another verb', { ...asked('suggest'), do: 'list' }, 400, 'bad_request'],
    ['a query of another type', { ...asked('suggest'), query: ['harbour'] }, 400, 'bad_request'],
    ['a long query', asked('suggest', 'x'.repeat(MAX_QUERY_CHARS + 1)), 400, 'bad_request'],
    ['no facts', { ...asked('suggest'), facts: undefined }, 400, 'bad_request'],
    [
      'a page of many words',
      asked(
        'suggest',
        'x',
        factsWith({}, { name: 'x', headings: Array(6).fill('x'.repeat(MAX_PAGE_CHARS / 6)) }),
      ),
      400,
      'bad_request',
    ],
    ['a limit above all', { ...asked('suggest'), limit: MAX_SEARCH_LIMIT + 1 }, 400, 'bad_request'],
    ['a limit of none', { ...asked('passages'), limit: 0 }, 400, 'bad_request'],
    ['half a suggestion', { ...asked('suggest'), limit: 1.5 }, 400, 'bad_request'],
    ['an id that is none', { ...opened('x'), articleId: { file: '../desk.db' } }, 400, 'bad_request'],
    ['a long id', opened('x'.repeat(301)), 400, 'bad_request'],
    ['another version', { ...asked('suggest'), v: 2 }, 400, 'version_unsupported'],
    ['a body that is too long', { ...asked('suggest'), more: 'x'.repeat(16_384) }, 413, 'too_large'],
  ])('[Q11] %s is refused', async (_, body, status, code) => {
    await start()
    expect(await post(body)).toMatchObject({ status, ok: false, code })
  })

  test('[Q11] what is as long as it may be is answered', async () => {
    await start()
    const full = asked('suggest', 'harbour '.repeat(99).slice(0, MAX_QUERY_CHARS), {
      page: { route: '/'.repeat(500), name: 'x', headings: ['\u0000'.repeat(MAX_PAGE_CHARS - 1)] },
      visitor: { locale: 'x'.repeat(35), role: 'x'.repeat(300) },
    })
    expect(await post({ ...full, limit: MAX_SEARCH_LIMIT })).toMatchObject({ ok: true })
  })

  test('[Q11] who asks too often is told when to ask again, and slows nobody at another address', async () => {
    await start()
    const from = (address: string) => ({ 'x-forwarded-for': address })
    const { points } = RATES.searches.address
    // An empty question goes through all articles and costs four.
    for (let n = 0; n < points / 4; n++)
      expect((await post(asked('suggest', ''), from('203.0.113.7'))).status).toBe(200)
    const late = await post(asked('suggest', ''), from('203.0.113.7'))
    expect(late).toMatchObject({ status: 429, code: 'rate_limited' })
    expect(late.after).toBeGreaterThan(0)
    expect(late.headers.get('retry-after')).toMatch(/^\d+$/)
    expect((await post('{', from('203.0.113.7'))).status).toBe(429)
    expect((await post(asked('suggest'), from('203.0.113.8'))).status).toBe(200)
  })

  const wordyPage = (n: number) => ({
    headings: ['x'.repeat(90), `${1_000 + n}${'y'.repeat(496)}`],
    errors: Array(3).fill('z'.repeat(200)),
  })

  test('[Q11] a page that says much is paid for: its texts are compared with each article', async () => {
    await start()
    const { points } = RATES.searches.address
    // A key costs one, 590 characters of headings six, three errors of 200 six more.
    const ask = (n: number) =>
      post(asked('suggest', 'harbour', factsWith({}, wordyPage(n))), { 'x-forwarded-for': '203.0.113.9' })
    for (let n = 0; n < Math.floor(points / 13); n++) expect((await ask(n)).status).toBe(200)
    expect((await ask(999)).status).toBe(429)
  })

  test('[Q11] once: who is signed in may type a question on it', async () => {
    await start()
    const mara = await signedAs('client')
    for (let n = 0; n < 100; n++)
      expect((await post(asked('suggest', `harbour ${n}`, factsWith({}, wordyPage(0))), mara)).status).toBe(
        200,
      )
  })

  test('[Q11] one signed visitor’s haste is their own, behind whatever address', async () => {
    await start()
    const hasty = await signedAs('client')
    const { points } = RATES.searches.identity
    const ask = (n: number, who: Record<string, string>) =>
      post(asked('passages'), { ...who, 'x-forwarded-for': `203.0.113.${n}` })
    for (let n = 0; n < points / 4; n++) expect((await ask(n, hasty)).status).toBe(200)
    expect((await ask(200, hasty)).status).toBe(429)
    const other = { 'x-asklet-token': await signVisitor(KEY, { visitorId: 'u-8', role: 'client' }) }
    expect((await ask(200, other)).status).toBe(200)
  })
})

describe('builds', () => {
  test('[Q12] a server without help says so, and how to give it some', async () => {
    await start()
    await server.close()
    const { helpDir: _, ...none } = { helpDir: '' }
    server = await startHelpDesk(join(folder, 'desk.db'), none)
    expect(await post(asked('suggest'))).toMatchObject({
      status: 404,
      code: 'not_found',
      detail:
        'this server has no help to search: give attachHelpDesk a helpDir, or start "asklet serve --help-dir <folder of asklet build>"',
    })
  })

  test('a helpDir that is no path is refused with a sentence', async () => {
    await start()
    expect(() =>
      attachHelpDesk(server.io, { store: server.store, helpDir: new URL('file:///help') } as never),
    ).toThrow(/options\.helpDir must be the path of a folder that "asklet build" wrote, got an object/)
  })

  /** A search whose clock the test holds: looks for a new build are due when it says so. */
  function searchAt(helpDir: string) {
    let now = 0
    const search = createHelpSearch({
      helpDir,
      privateDir: join(folder, 'private'),
      clock: { now: () => now, after: () => () => {} },
      log: ({ event, ...fields }) => logged.push(`${event} ${JSON.stringify(fields)}`),
    })
    return {
      find: async (query = 'harbour', role?: string, facts = factsWith()) =>
        (await search.answer(asked('suggest', query, facts) as never, role)) as Answer,
      quote: async (query = 'harbour') =>
        (await search.answer(asked('passages', query) as never, undefined)) as Answer,
      open: async (id: string) => (await search.answer(opened(id) as never, undefined)) as Answer,
      wait(ms: number) {
        now += ms
      },
    }
  }

  test('[Q12] a new build is taken up without a restart, public and private, after two seconds', async () => {
    const { find, wait } = searchAt(join(folder, 'help'))
    expect(idsOf((await find('harbour', 'client')).suggestions)).toEqual(['for-clients', 'open'])
    await writeHelp(join(folder, 'help'), [articleAbout('new', 'harbour')])
    wait(1_999)
    expect(idsOf((await find('harbour', 'client')).suggestions)).toEqual(['for-clients', 'open'])
    wait(1)
    expect(idsOf((await find('harbour', 'client')).suggestions)).toEqual(['for-clients', 'new'])
    await writeHelp(join(folder, 'private/client'), [articleAbout('newer', 'harbour')])
    wait(2_000)
    expect(idsOf((await find('harbour', 'client')).suggestions)).toEqual(['new', 'newer'])
  })

  test('[Q12] between a new build and the next look nobody meets a file that is gone', async () => {
    const [one, other] = [searchAt(join(folder, 'help')), searchAt(join(folder, 'help'))]
    for (const { find } of [one, other]) expect(idsOf((await find()).suggestions)).toEqual(['open'])
    await writeHelp(join(folder, 'help'), [articleAbout('open', 'harbour', { summary: 'of today' })])
    expect((await one.open('open')).article).toMatchObject({ summary: 'of today' })
    await writeHelp(join(folder, 'help'), [articleAbout('new', 'harbour')])
    expect(idsOf((await other.quote()).passages)).toEqual(['new'])
    expect((await other.open('open')).article).toBeNull()
  })

  test('[Q12] a folder without a build says so in the log, not to strangers, and is read once it has one', async () => {
    const { find, wait } = searchAt(join(folder, 'later'))
    const none = await find()
    expect(none).toMatchObject({ ok: false, code: 'not_found' })
    expect(none.detail).not.toContain(folder)
    expect(logged.join('\n')).toContain(join(folder, 'later', 'manifest.json'))
    await mkdir(join(folder, 'later'))
    await writeFile(join(folder, 'later/manifest.json'), 'half of a ma')
    wait(2_000)
    expect((await find()).code).toBe('not_found')
    await writeHelp(join(folder, 'later'), [articleAbout('open', 'harbour')])
    wait(2_000)
    expect(idsOf((await find()).suggestions)).toEqual(['open'])
  })

  test('a build whose files are not there yet is read when they are', async () => {
    const { find } = searchAt(join(folder, 'help'))
    const manifest = {
      version: 1,
      locales: [{ locale: 'en', index: 'index-en.json', articles: 1 }],
      roles: [],
    }
    await writeFile(join(folder, 'help/manifest.json'), JSON.stringify(manifest))
    expect((await find()).code).toBe('not_found')
    await writeHelp(join(folder, 'elsewhere'), [articleAbout('open', 'harbour')])
    const { readFile } = await import('node:fs/promises')
    const built = JSON.parse(await readFile(join(folder, 'elsewhere/manifest.json'), 'utf8'))
    await writeFile(
      join(folder, 'help/index-en.json'),
      await readFile(join(folder, 'elsewhere', built.locales[0].index)),
    )
    expect(idsOf((await find()).suggestions)).toEqual(['open'])
  })

  test('the visitor’s language chooses the index; one that nobody wrote in gets the site’s own', async () => {
    await writeHelp(join(folder, 'help'), [
      articleAbout('open', 'harbour'),
      sketch({ id: 'hafen', title: 'Der Hafen', locale: 'de', body: { '': 'Der Hafen ist nachts zu.' } }),
    ])
    const { find } = searchAt(join(folder, 'help'))
    const inLocale = async (query: string, locale: string) =>
      idsOf((await find(query, undefined, factsWith({ locale }))).suggestions)
    expect(await inLocale('Hafen', 'de-AT')).toEqual(['hafen'])
    expect(await inLocale('harbour', 'fr')).toEqual(['open'])
    expect(await inLocale('harbour', 'no locale at all')).toEqual(['open'])
  })

  test('what is not in the visitor’s language says in which it is, also where the site has none in theirs', async () => {
    await writeHelp(join(folder, 'help'), [articleAbout('open', 'harbour')])
    const { find } = searchAt(join(folder, 'help'))
    const marks = async (locale: string) =>
      (await find('harbour', undefined, factsWith({ locale }))).suggestions?.map(one => one.locale)
    expect(await marks('fr')).toEqual(['en'])
    // The same index, and the same question.
    expect(await marks('en-GB')).toEqual([undefined])
    expect(await marks('')).toEqual([undefined])
  })

  test('links that lead out of the folder are not followed', async () => {
    const { symlink, readFile } = await import('node:fs/promises')
    const { locales } = JSON.parse(await readFile(join(folder, 'help/manifest.json'), 'utf8'))
    const file = join(folder, 'help', locales[0].index.replace(/[^/]+$/, 'open.json'))
    const article = await readFile(file)
    await rm(file)
    await writeFile(join(folder, 'outside.json'), article)
    await symlink(join(folder, 'outside.json'), file)
    expect((await searchAt(join(folder, 'help')).open('open')).article).toBeNull()
  })
})
