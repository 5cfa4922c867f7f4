// What a large help centre brings along: an index in parts, and a language that lacks articles.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildIndex } from '../../../src/knowledge/buildIndex'
import type { IndexedArticle } from '../../../src/knowledge/indexFile'
import { createHelpSearch } from '../../../src/server/helpSearch'
import { sketch } from '../search/shelf'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asklet-search-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(...shelves: (readonly IndexedArticle[])[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  const locales = []
  for (const articles of shelves) {
    const locale = articles[0]?.locale ?? 'en'
    const { texts, words, ...first } = buildIndex(articles, { locale })
    const parts = { texts: `texts-${locale}.json`, words: `words-${locale}.json` }
    await writeFile(join(folder, parts.texts), JSON.stringify(texts))
    await writeFile(join(folder, parts.words), JSON.stringify(words))
    await writeFile(join(folder, `index-${locale}.json`), JSON.stringify({ ...first, ...parts }))
    locales.push({ locale, index: `index-${locale}.json`, articles: articles.length, bytes: 1 })
  }
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ version: 1, locales, roles: [] }))
}

async function finder() {
  const search = createHelpSearch({
    helpDir: folder,
    clock: { now: () => 0, after: () => () => {} },
    log: () => {},
  })
  return async (query: string, locale = 'en') => {
    const reply = await search.answer(
      {
        v: 1,
        do: 'suggest',
        query,
        facts: { page: { route: '/', name: 'Home', headings: [] }, visitor: { locale } },
        limit: 6,
      },
      undefined,
    )
    return (reply as unknown as { suggestions: { articleId: string }[] }).suggestions.map(
      ({ articleId }) => articleId,
    )
  }
}

test('of an index in parts nothing is answered, and kept, before all parts are here', async () => {
  await write([
    sketch({ id: 'in-title', title: 'Harbour dues' }),
    sketch({
      id: 'in-words',
      title: 'Harbour boats',
      body: { '': 'The harbour, a harbour, each harbour.' },
    }),
  ])
  const find = await finder()
  for (let n = 0; n < 2; n++) expect((await find('harbour '))[0]).toBe('in-words')
})

test('what the visitor’s language lacks is found in the site’s own', async () => {
  await write(
    [sketch({ id: 'dues', title: 'Harbour dues' }), sketch({ id: 'boats', title: 'Boats' })],
    [sketch({ id: 'boote', title: 'Boote', locale: 'de' })],
  )
  const find = await finder()
  expect((await find('Boote', 'de'))[0]).toBe('boote')
  expect(await find('harbour', 'de')).toEqual(['dues'])
})
