// Where an assistant's articles come from, as its configuration says.

import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createKnowledge } from '../../../src/assistant/knowledgeSource'
import { type Clock, createEnvironment } from '../../../src/base/environment'
import { buildIndex } from '../../../src/knowledge/buildIndex'
import { parseConfig } from '../../../src/protocol/config'
import { createSearchModel } from '../../../src/search/searchModel'
import { articleFile, factsAt, shelf, sketch } from '../search/shelf'

function scene(file: object) {
  const requests: { readonly address: string; readonly token: string | null }[] = []
  const bodies: string[] = []
  const consent = { isGranted: false }
  const { config } = parseConfig(file, 'asklet.json')
  const token = vi.fn(async (): Promise<string | null> => 'proof')
  const knowledge = createKnowledge({
    environment: {
      ...createEnvironment(),
      fetch: async (input, init) => {
        requests.push({
          address: String(input),
          token: new Headers(init?.headers).get('x-asklet-token'),
        })
        bodies.push(String(init?.body))
        if (String(input).endsWith('/search')) return Response.json({ ok: true, suggestions: [] })
        if (String(input).endsWith('manifest.json'))
          return Response.json({ version: 1, locales: [], roles: [], flows: 'flows.json' })
        return Response.json([])
      },
    },
    ready: async () => config,
    address: relative => new URL(relative, 'https://shop.example/help/asklet.json').href,
    server: ({ server }) => server ?? null,
    locale: () => 'en',
    role: () => 'client',
    token,
    mayTellRoutes: () => consent.isGranted,
  })
  return { knowledge, requests, bodies, consent, token }
}

describe('search on a server', () => {
  test('is asked where asklet.json names one, and no index is fetched', async () => {
    const { knowledge, requests } = scene({
      search: { url: 'https://help.example' },
      knowledge: 'manifest.json',
      server: 'https://help.example',
    })
    expect(await knowledge.search.suggest('card', factsAt())).toEqual([])
    expect(requests).toEqual([{ address: 'https://help.example/asklet/v1/search', token: 'proof' }])
  })

  test('hears where the visitor was once consent is granted', async () => {
    const { knowledge, bodies, consent } = scene({ search: { url: 'https://help.example' } })
    const facts = factsAt()
    const onTheWay = { ...facts, page: { ...facts.page, recentRoutes: ['/orders'] } }
    await knowledge.search.suggest('card', onTheWay)
    consent.isGranted = true
    await knowledge.search.suggest('card', onTheWay)
    expect(bodies.map(body => body.includes('/orders'))).toEqual([false, true])
  })

  test('may be named beside the file; flows still come from the manifest', async () => {
    const { knowledge, requests } = scene({ search: { url: '/' }, knowledge: 'manifest.json' })
    await knowledge.search.suggest('card', factsAt())
    expect(await knowledge.file('flows')).toEqual([])
    expect(requests.map(({ address }) => address)).toEqual([
      'https://shop.example/asklet/v1/search',
      'https://shop.example/help/manifest.json',
      'https://shop.example/help/flows.json',
    ])
  })

  test('whose token function fails once has private articles from the next question on', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { knowledge, requests, token } = scene({ search: { url: 'https://help.example' } })
    token.mockRejectedValueOnce(new Error('session service is down'))
    for (const query of ['card', 'card', 'cards']) await knowledge.search.suggest(query, factsAt())
    expect(requests.map(request => request.token)).toEqual([null, 'proof', 'proof'])
    warn.mockRestore()
  })

  test('another visitor is asked for anew, with the token of that one', async () => {
    const { knowledge, requests, token } = scene({ search: { url: 'https://help.example' } })
    await knowledge.search.suggest('card', factsAt())
    await knowledge.search.suggest('card', factsAt())
    expect(requests.length).toBe(1)
    token.mockResolvedValue(null)
    knowledge.forget()
    await knowledge.search.suggest('card', factsAt())
    expect(requests.map(request => request.token)).toEqual(['proof', null])
  })
})

test('what the titles of a large index found is asked again when the rest is here, in the product’s own wiring', async () => {
  const { texts, words, ...first } = buildIndex(shelf, { locale: 'en' })
  let bring = () => {}
  const rest = new Promise<void>(resolve => {
    bring = resolve
  })
  const files: Record<string, unknown> = {
    'manifest.json': {
      version: 1,
      roles: [],
      locales: [{ locale: 'en', index: 'en.json', articles: shelf.length, bytes: 1 }],
    },
    'en.json': { ...first, texts: 'texts.json', words: 'words.json' },
    'texts.json': texts,
    'words.json': words,
  }
  const { config } = parseConfig({ knowledge: 'manifest.json' }, 'asklet.json')
  const knowledge = createKnowledge({
    environment: {
      ...createEnvironment(),
      fetch: async input => {
        const name = String(input).split('/').at(-1) ?? ''
        if (/texts|words/.test(name)) await rest
        return Response.json(files[name])
      },
    },
    ready: async () => config,
    address: relative => new URL(relative, 'https://shop.example/help/asklet.json').href,
    server: () => null,
    locale: () => 'en',
    role: () => undefined,
    token: async () => null,
    mayTellRoutes: () => false,
  })
  const model = createSearchModel({
    provider: knowledge.search,
    clock: createEnvironment(),
    facts: () => factsAt(),
  })
  const summary = () => model.suggestions.value[0]?.summary
  model.type('card')
  await vi.waitUntil(() => summary() === '')
  bring()
  await vi.waitUntil(() => summary() === 'Save a card to pay freelancers.')
})

describe('articles of a signed role', () => {
  const article = (id: string, locale: string) => sketch({ id, title: `Harbour ${id}`, locale })
  const indexOf = (...ids: string[]) =>
    buildIndex(
      ids.map(id => article(id, 'en')),
      { locale: 'en' },
    )
  const manifest = (...locales: string[]) => ({
    version: 1,
    roles: [],
    locales: locales.map(locale => ({ locale, index: `${locale}.json`, articles: 1, bytes: 1 })),
  })

  let asked: string[] = []
  beforeEach(() => {
    asked = []
  })

  function signedScene(
    token: () => Promise<string | null>,
    now = () => 0,
    over: { after?: Clock['after']; accepts?: (token: string | null) => boolean } = {},
  ) {
    const { accepts = () => true, ...clock } = over
    const { config } = parseConfig(
      { knowledge: 'manifest.json', server: 'https://desk.example' },
      'asklet.json',
    )
    const files: Record<string, unknown> = {
      '/help/manifest.json': manifest('en'),
      '/help/en.json': indexOf('open'),
      '/asklet/v1/knowledge/client/manifest.json': manifest('en', 'de'),
      '/asklet/v1/knowledge/client/en.json': indexOf('for-clients'),
      '/asklet/v1/knowledge/client/de.json': indexOf('fuer-kunden'),
      '/asklet/v1/knowledge/client/fuer-kunden.json': articleFile(article('fuer-kunden', 'de')),
    }
    return createKnowledge({
      environment: {
        ...createEnvironment(),
        now,
        ...clock,
        fetch: async (input, init) => {
          asked.push(new URL(String(input)).pathname)
          const isPrivate = new URL(String(input)).pathname.startsWith('/asklet/')
          if (isPrivate && !accepts(new Headers(init?.headers).get('x-asklet-token')))
            return new Response(null, { status: 401 })
          return Response.json(files[new URL(String(input)).pathname])
        },
      },
      ready: async () => config,
      address: relative => new URL(relative, 'https://shop.example/help/asklet.json').href,
      server: ({ server }) => server ?? null,
      locale: () => 'de-AT',
      role: () => 'client',
      token,
      mayTellRoutes: () => false,
    })
  }
  const found = async (token: () => Promise<string | null>) =>
    (await signedScene(token).search.suggest('harbour', factsAt())).map(({ articleId }) => articleId).sort()

  test('are those of the visitor’s language where the very tag has none', async () => {
    expect(await found(async () => 'proof')).toEqual(['fuer-kunden', 'open'])
  })

  test('take nothing from the public ones where nobody can tell who asks', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    expect(await found(() => Promise.reject(new Error('session service is down')))).toEqual(['open'])
    expect(warn.mock.calls).toEqual([['Asklet: no private articles.', new Error('session service is down')]])
    expect(await found(async () => null)).toEqual(['open'])
    warn.mockRestore()
  })

  test('come with the next question once a token function that failed works again, which is not asked at each key', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    let now = 0
    const token = vi.fn(async (): Promise<string | null> => 'proof')
    token.mockRejectedValueOnce(new Error('session service is down'))
    const { search } = signedScene(token, () => now)
    const ids = async (query: string) =>
      (await search.suggest(query, factsAt())).map(({ articleId }) => articleId).sort()
    expect(await ids('harb')).toEqual(['open'])
    now = 4_999
    for (const query of ['harbo', 'harbou']) expect(await ids(query)).toEqual(['open'])
    expect(token).toHaveBeenCalledTimes(1)
    now = 5_000
    expect(await ids('harbour')).toEqual(['fuer-kunden', 'open'])
    expect(await ids('harbour')).toEqual(['fuer-kunden', 'open'])
    expect(token).toHaveBeenCalledTimes(2)
    // The public ones were not fetched again for it.
    expect(asked.filter(path => path === '/help/en.json')).toHaveLength(1)
    warn.mockRestore()
  })

  test('are opened with a fresh token where the page has outlived the one that found them', async () => {
    let good = 'first'
    const token = vi.fn(async () => good)
    const { search } = signedScene(token, () => 0, { accepts: given => given === good })
    await search.suggest('harbour', factsAt())
    expect(token).toHaveBeenCalledTimes(1)
    good = 'second'
    expect((await search.article('fuer-kunden')).title).toBe('Harbour fuer-kunden')
    expect(token).toHaveBeenCalledTimes(2)
  })

  test('are asked for once more and no further with a token that stays refused', async () => {
    let isGood = true
    const { search } = signedScene(
      async () => 'same',
      () => 0,
      { accepts: () => isGood },
    )
    await search.suggest('harbour', factsAt())
    isGood = false
    asked = []
    await expect(search.article('fuer-kunden')).rejects.toMatchObject({ code: 'network' })
    expect(asked).toHaveLength(1)
  })

  test('keep the public ones waiting for three seconds at most, and come when they are there', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    let now = 0
    let giveUp: (() => void) | undefined
    let answer = (_: string) => {}
    const token = () =>
      new Promise<string>(resolve => {
        answer = resolve
      })
    const { search } = signedScene(token, () => now, {
      after(ms, task) {
        if (ms === 3_000) giveUp = task
        else setTimeout(task)
        return () => {}
      },
    })
    const ids = async () =>
      (await search.suggest('harbour', factsAt())).map(({ articleId }) => articleId).sort()
    const first = ids()
    await vi.waitFor(() => expect(giveUp).toBeDefined())
    giveUp?.()
    expect(await first).toEqual(['open'])
    answer('proof')
    now = 5_000
    expect(await ids()).toEqual(['fuer-kunden', 'open'])
    warn.mockRestore()
  })

  test('are not asked for again where nobody has signed in', async () => {
    let now = 0
    const token = vi.fn(async () => null)
    const { search } = signedScene(token, () => now)
    for (const query of ['harb', 'harbour']) {
      await search.suggest(query, factsAt())
      now += 60_000
    }
    expect(token).toHaveBeenCalledTimes(1)
  })
})
