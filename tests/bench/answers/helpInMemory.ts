// Search over a help centre that is built in memory, exactly as a page would have it: the demo's, or any list of texts.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildKnowledge } from '../../../src/cli/buildKnowledge'
import { buildIndex } from '../../../src/knowledge/buildIndex'
import { fromMarkdown } from '../../../src/knowledge/fromMarkdown'
import { MANIFEST_FILE } from '../../../src/knowledge/manifest'
import { sectionsOf } from '../../../src/knowledge/plainText'
import { createLocalSearch } from '../../../src/search/localSearch'
import type { SearchProvider } from '../../../src/search/searchProvider'
import type { HelpText } from '../relevance/corpora'

/** The public articles of a help folder. */
export function searchIn(folder: string): SearchProvider {
  const { files } = buildKnowledge(folder, { locale: 'en', base: '/help/', hasPrivateFolder: true })
  const json = (name: string) => JSON.parse(String(files.get(name)))
  const indexes = json(MANIFEST_FILE).locales
  return createLocalSearch({ loadJson: async name => json(name), indexes, locale: 'en' })
}

/** The same, without a part of its files of questions. @param line  its number in its file */
export function searchWithout(folder: string, isLeftOut: (line: number) => boolean): SearchProvider {
  const copy = mkdtempSync(join(tmpdir(), 'asklet-answers-'))
  try {
    cpSync(folder, copy, { recursive: true })
    for (const name of readdirSync(copy, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.questions.txt')) continue
      const lines = readFileSync(join(copy, name), 'utf8').split('\n')
      const kept = lines.filter((line, i) => line.startsWith('#') || !isLeftOut(i))
      writeFileSync(join(copy, name), kept.join('\n'))
    }
    return searchIn(copy)
  } finally {
    rmSync(copy, { recursive: true })
  }
}

/** Texts that have no Markdown, pages or roles. */
export function searchOver(texts: readonly HelpText[]): SearchProvider {
  const articles = texts.map(({ id, title, body }, i) => {
    const content = fromMarkdown(body)
    const file = `a${i}.0123456789.json`
    return {
      ...{ id, title, summary: '', kind: 'howto' as const, roles: [], access: 'public' as const, pages: [] },
      ...{ topics: [], keywords: [], questions: [], locale: 'en', order: 0, file, content },
      sections: sectionsOf(content),
    }
  })
  const files = new Map<string, unknown>(
    articles.map(({ sections: _, ...article }) => [article.file, article]),
  )
  files.set('index', JSON.parse(JSON.stringify(buildIndex(articles, { locale: 'en' }))))
  return createLocalSearch({
    loadJson: async name => files.get(name),
    indexes: [{ locale: 'en', index: 'index' }],
    locale: 'en',
  })
}
