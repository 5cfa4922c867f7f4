import { describe, expect, test } from 'vitest'
import { AskletError } from '../../../src/base/errors'
import { buildIndex } from '../../../src/knowledge/buildIndex'
import { MAX_QUERY_CHARS } from '../../../src/protocol/search'
import { createJsonLoader } from '../../../src/search/loadJson'
import { createLocalSearch } from '../../../src/search/localSearch'
import { articleFile, factsAt, shelf, sketch } from './shelf'

const english = buildIndex(shelf, { locale: 'en' })
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no rejection',
    error => (error instanceof AskletError ? error.code : String(error)),
  )

/** @param counts  articles of each locale */
function scene(files: Record<string, unknown>, locale = 'en', locales = ['en'], counts: number[] = []) {
  const asked: string[] = []
  const search = createLocalSearch({
    loadJson: async file => {
      asked.push(file)
      if (!(file in files)) throw new AskletError('index_missing', `there is no ${file}`)
      const value = files[file]
      if (value instanceof Error) throw value
      return JSON.parse(JSON.stringify(value))
    },
    indexes: locales.map((tag, i) => ({ locale: tag, index: `${tag}.json`, articles: counts[i] ?? 0 })),
    locale,
  })
  return { search, asked }
}
const articles = Object.fromEntries(shelf.map(article => [article.file, articleFile(article)]))

test('the index is fetched at the first question and once; an article once', async () => {
  const { search, asked } = scene({ 'en.json': english, ...articles })
  expect(asked).toEqual([])
  await Promise.all([search.suggest('card', factsAt()), search.suggest('job', factsAt())])
  await search.article('jobs/post')
  await search.article('jobs/post')
  expect(asked).toEqual(['en.json', 'jobs-post.json'])
})

test('a mistyped word finds what was meant, and says so again at the next key', async () => {
  const { search } = scene({ 'en.json': english })
  const [meant] = await search.suggest('withdraw', factsAt())
  expect((await search.suggest('withdrwa', factsAt()))[0]?.articleId).toBe(meant?.articleId)
  expect((await search.suggest('wihtdraw', factsAt()))[0]?.articleId).toBe(meant?.articleId)
})

test.each([
  ['en-GB', ['de', 'en'], 'en.json'],
  ['EN', ['de', 'en'], 'en.json'],
  ['pt-BR', ['de', 'en'], 'de.json'],
  ['de-AT', ['en', 'de', 'de-AT'], 'de-AT.json'],
])('a visitor who reads %s, with %j there, gets %s', async (locale, locales, file) => {
  const { search, asked } = scene(
    { 'en.json': english, 'de.json': english, 'de-AT.json': english },
    locale,
    locales,
  )
  await search.suggest('card', factsAt())
  expect(asked).toEqual([file])
})

test('no index at all, or none to fetch, is `index_missing`; a damaged one `index_shape`; each is tried again', async () => {
  expect(await code(scene({}, 'en', []).search.suggest('card', factsAt()))).toBe('index_missing')
  const files: Record<string, unknown> = {}
  const { search } = scene(files)
  expect(await code(search.suggest('card', factsAt()))).toBe('index_missing')
  files['en.json'] = { ...english, words: { ...english.words, docs: '' } }
  expect(await code(search.suggest('card', factsAt()))).toBe('index_shape')
  files['en.json'] = english
  expect((await search.suggest('card', factsAt()))[0]?.articleId).toBe('payments/add-a-card')
})

test('an article whose file is gone is missing; a file that holds another is refused; offline can be tried again', async () => {
  const files: Record<string, unknown> = { 'en.json': english }
  const { search } = scene(files)
  expect(await code(search.article('jobs/post'))).toBe('article_missing')
  files['jobs-post.json'] = articles['profile-photo.json']
  expect(await code(search.article('jobs/post'))).toBe('article_shape')
  files['jobs-post.json'] = new AskletError('network', 'cut')
  expect(await code(search.article('jobs/post'))).toBe('network')
  files['jobs-post.json'] = articles['jobs-post.json']
  expect((await search.article('jobs/post')).title).toBe('Post a job')
})

test('an aborted question rejects instead of answering', async () => {
  const { search } = scene({ 'en.json': english })
  await expect(search.suggest('card', factsAt(), { signal: AbortSignal.abort() })).rejects.toThrow()
})

test('a pasted page is searched for by its beginning, as a server does it', async () => {
  const { search } = scene({ 'en.json': english })
  const beginning = 'card '.repeat(MAX_QUERY_CHARS / 5)
  expect(await search.suggest(`${beginning}withdraw photo`, factsAt())).toEqual(
    await search.suggest(beginning, factsAt()),
  )
})

test('the page is named as the first reason where it decided, the words where they did', async () => {
  const { search } = scene({ 'en.json': english })
  const reasons = async (query: string, facts = factsAt()) => (await search.suggest(query, facts))[0]?.reasons
  expect((await reasons('address', factsAt('/billing', 'Billing')))?.[0]).toEqual({
    kind: 'page',
    name: 'Billing',
  })
  expect(await reasons('profile photo')).toEqual([{ kind: 'words' }])
  const forClients = await search.suggest('', factsAt('/x', 'X', 'client'))
  expect(forClients.find(({ articleId }) => articleId === 'jobs/post')?.reasons).toEqual([
    { kind: 'role', role: 'client' },
  ])
  expect(await reasons('')).toEqual([{ kind: 'popular' }])
  expect(await reasons('why is my withdrawal delayed')).toContainEqual({ kind: 'questionType', type: 'why' })
})

test('a passage quotes the section that answers, not the start of the article', async () => {
  const { search } = scene({ 'en.json': english, ...articles })
  const [best] = await search.passages('How do I set up a bank account?', factsAt(), 2)
  expect(best).toMatchObject({
    articleId: 'payments/withdraw',
    headingId: 'set-up-a-bank-account',
    text: 'Enter your IBAN.',
  })
})

test('a pasted message is answered by what it says last, too', async () => {
  const { search } = scene({ 'en.json': english, ...articles })
  const pasted = 'So there I was and then it was as it is and I did what you do. '.repeat(60)
  const [best] = await search.passages(`${pasted} How do I set up a bank account?`, factsAt(), 2)
  expect(best).toMatchObject({ articleId: 'payments/withdraw', headingId: 'set-up-a-bank-account' })
  expect(best?.asked?.map(({ word }) => word)).toContain('bank')
})

describe('a large help centre comes in parts', () => {
  const { texts, words } = english
  const parts = { 'en.json': { ...english, texts: 'texts.json', words: 'words.json' } }

  /** The rest comes when the test brings it. */
  function heldScene() {
    let bring = () => {}
    const rest = new Promise<void>(resolve => {
      bring = resolve
    })
    const search = createLocalSearch({
      locale: 'en',
      indexes: [{ locale: 'en', index: 'en.json' }],
      loadJson: async file => {
        if (file === 'en.json') return parts['en.json']
        await rest
        return file === 'texts.json' ? texts : words
      },
    })
    return { search, bring: () => bring() }
  }

  test('titles are found before the rest is here, and bodies once it is', async () => {
    const { search, bring } = heldScene()
    const first = await search.suggest('card', factsAt())
    expect(first[0]).toMatchObject({ articleId: 'payments/add-a-card', summary: '' })
    const pending = search.pending?.()
    // "number" stands in a body only: the answer waits for it rather than say that there is nothing.
    const late = search.suggest('number', factsAt())
    bring()
    expect((await late)[0]?.articleId).toBe('payments/add-a-card')
    await pending
    expect(search.pending?.()).toBeUndefined()
    expect((await search.suggest('card', factsAt()))[0]?.summary).toBe('Save a card to pay freelancers.')
  })

  test('a rest that cannot come leaves the titles, fails what needs it, and is tried again', async () => {
    const files: Record<string, unknown> = { ...parts, 'words.json': words, ...articles }
    const { search } = scene(files)
    expect((await search.suggest('card', factsAt()))[0]?.articleId).toBe('payments/add-a-card')
    expect(await code(search.suggest('number', factsAt()))).toBe('index_missing')
    expect(await code(search.passages('card', factsAt(), 1))).toBe('index_missing')
    files['texts.json'] = texts
    expect((await search.suggest('number', factsAt()))[0]?.articleId).toBe('payments/add-a-card')
  })

  test('parts that come while typos are being looked up are in the answer', async () => {
    const { search, bring } = heldScene()
    await search.suggest('', factsAt())
    const pending = search.pending?.()
    const asked = search.suggest('card numbr', factsAt())
    bring()
    const [best] = await asked
    await pending
    // Either whole, or said to be not: never titles that nobody asks again.
    expect([best?.summary, search.pending?.()]).not.toEqual(['', undefined])
  })

  test('the page gets its turn between the steps of reading', async () => {
    let turns = 0
    const search = createLocalSearch({
      locale: 'en',
      indexes: [{ locale: 'en', index: 'en.json' }],
      loadJson: async () => english,
      breathe: () => {
        turns++
        return Promise.resolve()
      },
    })
    await search.suggest('card', factsAt())
    expect(turns).toBeGreaterThan(1)
  })

  test('what is derived from an index, the first answer and the fetching of the rest have a turn each', async () => {
    const { texts, words, ...first } = english
    const files: Record<string, unknown> = { 'texts.json': texts, 'words.json': words }
    const synonyms = [
      {
        get from() {
          happened.push('derived')
          return 'card'
        },
        to: ['plastic'],
      },
    ]
    const happened: string[] = []
    const search = createLocalSearch({
      locale: 'en',
      indexes: [{ locale: 'en', index: 'en.json' }],
      loadJson: async file => {
        happened.push('fetched')
        return files[file] ?? { ...first, synonyms, texts: 'texts.json', words: 'words.json' }
      },
      breathe: () => {
        if (happened.at(-1) !== 'turn') happened.push('turn')
        return undefined
      },
    })
    const { page, visitor } = factsAt()
    await search.suggest('card', {
      visitor,
      get page() {
        happened.push('ranked')
        return page
      },
    })
    const turns = ['fetched', 'turn', 'derived', 'turn', 'ranked']
    expect(happened.slice(0, turns.length)).toEqual(turns)
    happened.length = 0
    await search.pending?.()
    expect(happened).toEqual(['turn', 'fetched', 'fetched', 'turn', 'derived', 'turn'])
  })
})

describe('where the visitor’s language lacks an article', () => {
  const german = [
    sketch({ id: 'de/profile-photo', title: 'Ein Foto für dein Profil', locale: 'de' }),
    sketch({ id: 'de/cards', title: 'Karten und Fotos', locale: 'de' }),
  ]
  const files = { 'en.json': english, 'de.json': buildIndex(german, { locale: 'de' }) }

  test('the site’s own is found, marked and below; what is translated is found once', async () => {
    const { search } = scene(files, 'de-AT', ['en', 'de'], [shelf.length, german.length])
    const photo = await search.suggest('photo', factsAt())
    expect(photo.map(({ articleId }) => articleId)).not.toContain('profile-photo')
    const [withdraw] = await search.suggest('withdraw', factsAt())
    expect(withdraw).toMatchObject({ articleId: 'payments/withdraw', locale: 'en' })
    const [card] = await search.suggest('karten', factsAt())
    expect(card).toMatchObject({ articleId: 'de/cards' })
    expect(card).not.toHaveProperty('locale')
  })

  test('a language with as many articles asks for no second index', async () => {
    const { search, asked } = scene(files, 'de', ['en', 'de'], [2, 2])
    await search.suggest('foto', factsAt())
    expect(asked).toEqual(['de.json'])
  })
})

test('what a download can do: not there, refused, cut, not JSON', async () => {
  const load = (answer: () => Promise<Response>) =>
    createJsonLoader((() => answer()) as typeof fetch, '/help/')('a.json')
  expect(await code(load(async () => new Response('', { status: 404 })))).toBe('index_missing')
  expect(await code(load(async () => new Response('', { status: 503 })))).toBe('network')
  expect(await code(load(async () => new Response('<!doctype html>')))).toBe('index_shape')
  expect(await code(load(() => Promise.reject(new TypeError('Failed to fetch'))))).toBe('network')
  expect(await load(async () => Response.json({ a: 1 }))).toEqual({ a: 1 })
})

describe('articles that only this visitor may read', () => {
  const withPrivate = (loadJson: (file: string) => Promise<unknown>) => {
    const files: Record<string, unknown> = { 'en.json': english, ...articles }
    return createLocalSearch({
      locale: 'en',
      indexes: [{ locale: 'en', index: 'en.json' }],
      loadJson: async file => files[file],
      extra: { index: 'private.json', loadJson },
    })
  }

  test('whose index cannot be read take nothing from the public ones, and are tried again', async () => {
    const own = buildIndex([sketch({ id: 'payroll', title: 'Run the payroll' })], { locale: 'en' })
    let isDown = true
    const search = withPrivate(async () => {
      if (isDown) throw new AskletError('network', 'token expired')
      return own
    })
    expect((await search.suggest('card', factsAt()))[0]?.articleId).toBe('payments/add-a-card')
    expect(await search.suggest('payroll', factsAt())).toEqual([])
    isDown = false
    expect((await search.suggest('payroll', factsAt()))[0]?.articleId).toBe('payroll')
  })

  test('whose parts cannot come yet are asked for again, with what follows', async () => {
    const payroll = sketch({ id: 'payroll', title: 'Run the payroll', summary: 'Each month.' })
    const { texts, words, ...first } = buildIndex([payroll], { locale: 'en' })
    let isDown = true
    const search = withPrivate(async file => {
      if (file === 'private.json') return { ...first, texts: 'texts.json', words: 'words.json' }
      if (isDown) throw new AskletError('network', 'down')
      return file === 'texts.json' ? texts : words
    })
    const summary = async () => (await search.suggest('payroll', factsAt()))[0]?.summary
    expect(await summary()).toBe('')
    await search.pending?.()
    expect(await summary()).toBe('')
    isDown = false
    await search.pending?.()
    expect(await summary()).toBe('Each month.')
    expect(search.pending?.()).toBeUndefined()
  })

  test('whose parts cannot be read leave public articles to be opened', async () => {
    const { texts: _, words: __, ...first } = buildIndex([], { locale: 'en' })
    const search = withPrivate(async file => {
      if (file === 'private.json') return { ...first, texts: 'texts.json', words: 'words.json' }
      throw new AskletError('network', 'down')
    })
    await search.suggest('card', factsAt())
    expect((await search.article('payments/add-a-card')).title).toBe('Add a payment card')
  })
})
