// The search on a server, as the page sees it: what goes out, what is kept, and what each way of failing becomes.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AskletError } from '../../../src/base/errors'
import type { Facts } from '../../../src/protocol/facts'
import { MAX_PAGE_CHARS, MAX_QUERY_CHARS } from '../../../src/protocol/search'
import { createRemoteSearch, type RemoteSearchOptions } from '../../../src/search/remoteSearch'
import { factsAt } from './shelf'

interface Call {
  readonly url: string
  readonly body: { readonly [key: string]: unknown; readonly facts: Facts }
  readonly token: string | null
  readonly signal: AbortSignal
}

const suggestion = (articleId: string) => ({
  kind: 'article',
  articleId,
  title: articleId,
  summary: '',
  highlights: [[0, 1]],
  reasons: [{ kind: 'words' }],
  score: 1,
})

/** A server that says what the test wants; without anything to say it does not answer. */
function scene(options: Partial<RemoteSearchOptions> = {}) {
  const calls: Call[] = []
  const server = {
    say: (_: Call): unknown => ({ ok: true, suggestions: [suggestion(String(calls.length))] }),
  }
  const search = createRemoteSearch({
    url: 'https://help.example/',
    fetch: async (url, init) => {
      const { body, headers, signal } = init as RequestInit
      const call = {
        url: String(url),
        body: JSON.parse(String(body)),
        token: new Headers(headers).get('x-asklet-token'),
        signal: signal as AbortSignal,
      }
      calls.push(call)
      const said = server.say(call)
      if (said instanceof Error) throw said
      if (said !== null) return new Response(typeof said === 'string' ? said : JSON.stringify(said))
      return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    },
    ...options,
  })
  return { search, calls, server }
}
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'resolved',
    (error: AskletError) => error.code ?? error.message,
  )
const facts = factsAt('/billing', 'Billing', 'client')

describe('what goes out', () => {
  test('what ranks, and nothing else of page and visitor', async () => {
    const { search, calls } = scene()
    await search.suggest('card', {
      page: {
        ...facts.page,
        headings: ['Cards'],
        errors: ['Card declined'],
        recentRoutes: ['/orders'],
        data: { contract: '4711' },
      },
      visitor: { ...facts.visitor, name: 'Mara', email: 'mara@example.com', attributes: { plan: 'pro' } },
    })
    expect(calls[0]?.url).toBe('https://help.example/asklet/v1/search')
    expect(calls[0]?.body).toEqual({
      v: 1,
      do: 'suggest',
      query: 'card',
      facts: {
        page: {
          route: '/billing',
          name: 'Billing',
          headings: ['Cards'],
          errors: ['Card declined'],
        },
        visitor: { role: 'client', locale: 'en' },
      },
      limit: 6,
    })
  })

  test('[Q11] the way of the visitor only for as long as consent is granted', async () => {
    let isGranted = false
    const { search, calls } = scene({ mayTellRoutes: () => isGranted })
    const onTheWay = { ...facts, page: { ...facts.page, recentRoutes: ['/orders', '/of/mara@example.com'] } }
    await search.suggest('card', onTheWay)
    isGranted = true
    await search.suggest('card', onTheWay)
    expect(calls.map(({ body }) => body.facts.page.recentRoutes)).toEqual([
      undefined,
      ['/orders', '/of/[email]'],
    ])
  })

  test('[Q11] no card, secret or address that the page shows or holds in its path', async () => {
    const { search, calls } = scene()
    const { page } = factsAt(
      '/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc',
      'Mara (mara@example.com)',
    )
    const headings = ['Invoices of mara@example.com', `${'x'.repeat(110)} 4111 1111 1111 1111`]
    await search.suggest('card', {
      ...facts,
      page: { ...page, headings, errors: ['No 4111 1111 1111 1111'] },
    })
    expect(calls[0]?.body.facts.page).toEqual({
      route: '/reset/[secret]',
      name: 'Mara ([email])',
      headings: ['Invoices of [email]', `${'x'.repeat(110)} [card 1111]`],
      errors: ['No [card 1111]'],
    })
  })

  test('[Q11] of what is typed no card and no secret; words to a person lose no more', async () => {
    const { search, calls, server } = scene()
    server.say = () => ({ ok: true, suggestions: [], passages: [] })
    const typed = 'mara@example.com: card 4111 1111 1111 1111, password: hunter2 was declined'
    const masked = 'mara@example.com: card [card 1111], password: [secret] was declined'
    await search.suggest(typed, facts)
    await search.passages(typed, facts, 3)
    await search.suggest(`${'x'.repeat(485)} 4111 1111 1111 1111`, facts)
    expect(calls.map(({ body }) => body.query)).toEqual([masked, masked, `${'x'.repeat(485)} [card 1111]`])
  })

  test('[Q11] a card that is typed key by key never goes out in pieces that make it up', async () => {
    const { search, calls } = scene()
    const typed = 'card 4111 1111 1111 1111'
    for (let end = 1; end <= typed.length; end++) await search.suggest(typed.slice(0, end), facts)
    const queries = calls.map(({ body }) => String(body.query))
    expect(queries.slice(-2)).toEqual(['card 4111 1111 ', 'card [card 1111]'])
    await search.suggest('error 80070005', facts)
    await search.suggest('order 912345678', facts)
    expect(calls.slice(-2).map(({ body }) => body.query)).toEqual(['error 80070005', 'order 912345678'])
  })

  test('a pasted page is asked by its beginning, cut between words', async () => {
    const { search, calls } = scene()
    await search.suggest('withdrawals '.repeat(1_000), facts)
    await search.suggest('x'.repeat(1_000), facts)
    const [words, word] = calls.map(({ body }) => String(body.query))
    expect(words).toMatch(/^(withdrawals )+$/)
    expect([words?.length, word?.length]).toEqual([492, MAX_QUERY_CHARS])
  })

  test('of a page with many headings the first ones, as many as the server takes', async () => {
    const { search, calls } = scene()
    const headings = Array.from({ length: 30 }, (_, i) => `Heading ${i} ${'x'.repeat(90)}`)
    await search.suggest('card', { ...facts, page: { ...facts.page, headings } })
    expect(calls[0]?.body.facts.page.headings).toEqual(headings.slice(0, 5))
    await search.suggest('card', { ...facts, page: { ...facts.page, name: 'x'.repeat(5_000), headings } })
    expect(calls[1]?.body.facts.page).toMatchObject({ name: 'x'.repeat(MAX_PAGE_CHARS), headings: [] })
  })

  test('an article is asked for in the language of the last question, else in the page’s', async () => {
    const { search, calls, server } = scene({ locale: () => 'de' })
    server.say = ({ body }) =>
      body.do === 'article'
        ? { ok: true, article: { id: body.articleId, title: '', content: [] } }
        : { ok: true, suggestions: [] }
    await search.article('a')
    await search.suggest('card', { ...facts, visitor: { ...facts.visitor, locale: 'fr' } })
    await search.article('b')
    expect([calls[0]?.body.locale, calls[2]?.body.locale]).toEqual(['de', 'fr'])
  })

  test('nothing, for an empty question of the bot', async () => {
    const { search, calls } = scene()
    expect(await search.passages('  ', facts, 3)).toEqual([])
    expect(calls).toEqual([])
  })
})

describe('what is kept', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('deleting a letter answers at once, with what was said before', async () => {
    const { search, calls } = scene()
    const [first] = [await search.suggest('car', facts), await search.suggest('card', facts)]
    expect(await search.suggest('car', facts)).toEqual(first)
    expect(calls.length).toBe(2)
  })

  test('another page, role or number of rows is another question', async () => {
    const { search, calls } = scene()
    await search.suggest('card', facts)
    await search.suggest('card', factsAt('/contracts', 'Contracts', 'client'))
    await search.suggest('card', factsAt('/billing', 'Billing', 'freelancer'))
    await search.suggest('card', facts, { limit: 3 })
    expect(calls.length).toBe(4)
  })

  test('for five minutes, and the sixty last ones', async () => {
    const { search, calls } = scene()
    await search.suggest('card', facts)
    vi.advanceTimersByTime(5 * 60_000 - 1)
    await search.suggest('card', facts)
    expect(calls.length).toBe(1)
    vi.advanceTimersByTime(1)
    await search.suggest('card', facts)
    expect(calls.length).toBe(2)
    for (let n = 0; n < 60; n++) await search.suggest(`card ${n}`, facts)
    await search.suggest('card 0', facts)
    expect(calls.length).toBe(62)
    await search.suggest('card', facts)
    expect(calls.length).toBe(63)
  })

  test('no failure, and no article that is not there yet', async () => {
    const { search, calls, server } = scene()
    server.say = () => new TypeError('offline')
    expect(await codeOf(search.suggest('card', facts))).toBe('network')
    server.say = ({ body }) =>
      body.do === 'article' ? { ok: true, article: null } : { ok: true, suggestions: [] }
    expect(await search.suggest('card', facts)).toEqual([])
    expect(await codeOf(search.article('new'))).toBe('article_missing')
    server.say = () => ({ ok: true, article: { id: 'new', title: 'New', content: [] } })
    expect((await search.article('new')).title).toBe('New')
    expect(calls.length).toBe(4)
  })
})

describe('[Q4] what fails', () => {
  test.each([
    ['an unreachable server', new TypeError('fetch failed'), 'network'],
    ['too many questions', { ok: false, code: 'rate_limited', retry: true, after: 4_000 }, 'network'],
    ['a server that is down', { ok: false, code: 'store_unavailable', retry: true }, 'network'],
    ['a page of another origin', { ok: false, code: 'forbidden', retry: false }, 'network'],
    [
      'a server without help',
      { ok: false, code: 'not_found', retry: false, detail: 'no help' },
      'index_missing',
    ],
    ['another server', '<!doctype html><title>Welcome</title>', 'index_missing'],
    ['an answer about nothing', '{}', 'index_missing'],
    ['null', 'null', 'index_missing'],
    ['an answer of another shape', { ok: true, suggestions: [{ articleId: 7 }] }, 'network'],
    ['an answer without a list', { ok: true }, 'network'],
    ['a list of nothing', { ok: true, suggestions: [null] }, 'network'],
  ])('%s rejects, never with an empty list', async (_, said, code) => {
    const { search, server } = scene()
    server.say = () => said
    expect(await codeOf(search.suggest('card', facts))).toBe(code)
  })

  test('sentences say what to do', async () => {
    const { search, server } = scene()
    server.say = () => ({ ok: false, code: 'rate_limited', retry: true, after: 3_200 })
    await expect(search.suggest('card', facts)).rejects.toThrow(/Ask again in 4 s\./)
    server.say = () => 'Not found'
    await expect(search.suggest('card', facts)).rejects.toThrow(/Is search\.url its base address\?/)
  })

  test('an article of another id is none', async () => {
    const { search, server } = scene()
    server.say = () => ({ ok: true, article: { id: 'other', title: '', content: [] } })
    expect(await codeOf(search.article('mine'))).toBe('network')
  })

  test('a server that does not answer is given up, and asked again by the next key', async () => {
    const { search, calls, server } = scene({ timeoutMs: 20 })
    server.say = () => null
    await expect(search.suggest('card', facts)).rejects.toThrow(/has not answered within 20 ms/)
    expect(calls[0]?.signal.aborted).toBe(true)
    server.say = () => ({ ok: true, suggestions: [] })
    expect(await search.suggest('card', facts)).toEqual([])
  })

  test('[Q6] typing on ends the request that is under way', async () => {
    const { search, calls, server } = scene({ timeoutMs: 60_000 })
    server.say = () => null
    const typing = new AbortController()
    const asked = codeOf(search.suggest('car', facts, { signal: typing.signal }))
    await vi.waitFor(() => expect(calls.length).toBe(1))
    typing.abort(new Error('typed on'))
    expect(await asked).toBe('typed on')
    expect(calls[0]?.signal.aborted).toBe(true)
    expect(await codeOf(search.suggest('car', facts, { signal: typing.signal }))).toBe('typed on')
    expect(calls.length).toBe(1)
  })
})

describe('the token', () => {
  const refusing =
    (...good: (string | null)[]) =>
    ({ token }: Call) =>
      good.includes(token)
        ? { ok: true, suggestions: [suggestion(token ?? 'public')] }
        : { ok: false, code: 'unauthenticated', retry: true }
  const first = async (search: ReturnType<typeof scene>['search'], query: string) =>
    (await search.suggest(query, facts))[0]?.articleId
  let warned: string[]
  beforeEach(() => {
    warned = []
    vi.spyOn(console, 'warn').mockImplementation(text => void warned.push(String(text)))
  })
  afterEach(() => void vi.restoreAllMocks())

  test('is asked for once, not for each key', async () => {
    const token = vi.fn(async () => 'good')
    const { search, calls } = scene({ token })
    for (const query of ['c', 'ca', 'car']) await search.suggest(query, facts)
    expect(calls.map(call => call.token)).toEqual(['good', 'good', 'good'])
    expect(token).toHaveBeenCalledTimes(1)
  })

  test('is asked for again when it has become too old', async () => {
    const tokens = ['old', 'fresh']
    const { search, calls, server } = scene({ token: () => tokens.shift() ?? null })
    server.say = refusing('old')
    expect(await first(search, 'c')).toBe('old')
    server.say = refusing('fresh')
    expect(await first(search, 'ca')).toBe('fresh')
    expect(await first(search, 'car')).toBe('fresh')
    expect(calls.map(call => call.token)).toEqual(['old', 'old', 'fresh', 'fresh'])
    expect(warned).toEqual([])
  })

  test('that is refused takes the private articles away, not the public ones; said once', async () => {
    const { search, calls, server } = scene({ token: () => 'bad' })
    server.say = refusing(null)
    expect(await first(search, 'c')).toBe('public')
    expect(await first(search, 'ca')).toBe('public')
    expect(calls.map(call => call.token)).toEqual(['bad', null, null])
    expect(warned).toEqual([expect.stringMatching(/refused the visitor's token: public articles only/)])
  })

  test('whose function fails is none for this question; the next one asks again', async () => {
    let isOnline = false
    const token = vi.fn(() => {
      if (!isOnline) throw new Error('no session')
      return 'good'
    })
    const { search, calls } = scene({ token })
    await search.suggest('c', facts)
    await search.suggest('ca', facts)
    isOnline = true
    // What was said without the token is no answer to who has one.
    await search.suggest('ca', facts)
    await search.suggest('car', facts)
    expect(calls.map(call => call.token)).toEqual([null, null, 'good', 'good'])
    expect(token).toHaveBeenCalledTimes(3)
    expect(warned).toEqual([expect.stringMatching(/the token function failed/)])
  })

  test('that does not come in time is none for this question; the next one asks again', async () => {
    const token = vi.fn<() => Promise<string>>().mockReturnValueOnce(new Promise(() => {}))
    token.mockResolvedValue('good')
    const { search, calls } = scene({ token, timeoutMs: 20 })
    await search.suggest('c', facts)
    await search.suggest('ca', facts)
    expect(calls.map(call => call.token)).toEqual([null, 'good'])
    expect(warned).toEqual([expect.stringMatching(/the token function failed/)])
  })

  test('that has become too old while its function fails comes back with it', async () => {
    const answers: (() => string)[] = [
      () => 'old',
      () => {
        throw new Error('offline')
      },
      () => 'fresh',
    ]
    const { search, calls, server } = scene({ token: () => answers.shift()?.() ?? null })
    server.say = refusing('fresh', null)
    expect(await first(search, 'c')).toBe('public')
    expect(await first(search, 'c')).toBe('fresh')
    expect(calls.map(call => call.token)).toEqual(['old', null, 'fresh'])
    expect(warned).toEqual([expect.stringMatching(/the token function failed/)])
  })
})

test('passages whose words have another shape are no answer; what is left out may be', async () => {
  const { search, server } = scene()
  const passage = { articleId: 'a', title: 'A', text: 'B.', score: 1 }
  server.say = () => ({ ok: true, passages: [passage] })
  expect(await search.passages('left out', factsAt(), 3)).toEqual([passage])
  for (const wrong of [
    { asked: 'a' },
    { asked: [null] },
    { asked: [{ word: 'a', weight: 1, as: [2] }] },
    { shape: 1 },
  ]) {
    server.say = () => ({ ok: true, passages: [{ ...passage, ...wrong }] })
    await expect(search.passages(JSON.stringify(wrong), factsAt(), 3)).rejects.toMatchObject({
      code: 'network',
    })
  }
})
