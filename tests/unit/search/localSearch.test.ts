import { expect, test } from 'vitest'
import { AskletError } from '../../../src/base/errors'
import { buildIndex, readIndex } from '../../../src/knowledge/indexFile'
import { createJsonLoader } from '../../../src/search/loadJson'
import { createLocalSearch } from '../../../src/search/localSearch'
import { articleFile, factsAt, shelf } from './shelf'

const english = buildIndex(shelf, { locale: 'en' })
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no rejection',
    error => (error instanceof AskletError ? error.code : String(error)),
  )

function scene(files: Record<string, unknown>, locale = 'en', locales = ['en']) {
  const asked: string[] = []
  const search = createLocalSearch({
    loadJson: async file => {
      asked.push(file)
      if (!(file in files)) throw new AskletError('index_missing', `there is no ${file}`)
      const value = files[file]
      if (value instanceof Error) throw value
      return JSON.parse(JSON.stringify(value))
    },
    indexes: locales.map(tag => ({ locale: tag, index: `${tag}.json` })),
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
  files['en.json'] = { ...english, docs: english.docs.slice(0, -3) }
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

test('the page is named as the first reason where it decided, the words where they did', async () => {
  const { search } = scene({ 'en.json': english })
  const reasons = async (query: string, facts = factsAt()) => (await search.suggest(query, facts))[0]?.reasons
  expect((await reasons('address', factsAt('/billing', 'Billing')))?.[0]).toEqual({
    kind: 'page',
    name: 'Billing',
  })
  expect(await reasons('profile photo')).toEqual([{ kind: 'words' }])
  expect((await reasons('', factsAt('/x', 'X', 'client')))?.[0]).toEqual({ kind: 'role', role: 'client' })
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

test('the index is the same for the same articles in any order, and reads back whole', () => {
  expect(JSON.stringify(buildIndex([...shelf].reverse(), { locale: 'en' }))).toBe(JSON.stringify(english))
  const index = readIndex(JSON.parse(JSON.stringify(english)))
  expect([...index.terms].sort()).toEqual(index.terms)
  const card = index.terms.indexOf('card')
  const holders = [...index.docs.slice(index.starts[card], index.starts[card + 1])].map(
    doc => index.articles[doc]?.id,
  )
  expect(holders).toEqual(['payments/add-a-card'])
})

test.each([
  ['nothing', null],
  ['a list', []],
  ['another format', { ...english, asklet: 'index@2' }],
  ['cut postings', { ...english, uses: english.uses.slice(1) }],
  ['a row too few', { ...english, articles: english.articles.slice(1) }],
  ['a row that is none', { ...english, articles: english.articles.map(() => ({})) }],
  ['no terms', { ...english, terms: '' }],
])('an index of %s is refused with a sentence that says what to do', (_, json) => {
  expect(() => readIndex(json)).toThrow(/\[index_shape\].*asklet build/)
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
