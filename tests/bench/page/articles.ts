// A help centre of 3 000 articles: the outside ones where there are any, else made from the words of the demo's.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { seeded } from '../../../src/base/seeded'
import { addKnowledge } from '../../../src/cli/buildKnowledge'
import { toIndexed } from '../relevance/asklet'
import type { HelpText } from '../relevance/corpora'
import { readSites } from '../searchSpeed/sites'

export const ARTICLES = 3_000

export interface ManyArticles {
  readonly articles: readonly HelpText[]
  /** What visitors type. */
  readonly typed: readonly string[]
}

/** @param data  folder of the outside data, if there is one */
export function manyArticles(data: string | undefined): ManyArticles {
  const outside = data && readSites(data).find(({ size }) => size === ARTICLES)
  return outside || madeArticles()
}

/** Writes what `asklet build` writes of them into `folder`; articles are left out, because nobody opens one. */
export function writeHelp(articles: readonly HelpText[], folder: string): void {
  const files = new Map<string, string | Uint8Array>()
  const help = articles.map(article => {
    const { file: _, sections, ...meta } = toIndexed(article)
    return { file: `${article.id}.md`, article: { ...meta, content: [] }, sections, words: 0 }
  })
  addKnowledge(files, '', help, [], 'en', {}, { synonyms: [], weights: new Map() })
  for (const [name, content] of files) {
    if (name.startsWith('articles/')) continue
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

const SENTENCES = 12
/** Names of things that a large site has and a small one has not: as many as make a vocabulary of a large one. */
const NAMES = 6_000

/** The same articles at each call. */
function madeArticles(folder = 'demo/help/articles'): ManyArticles {
  const random = seeded(7)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .sort()
    .map(name => readFileSync(join(folder, name), 'utf8'))
  const [titles, headings] = [/^title: (.+)$/gm, /^## (.+)$/gm].map(pattern =>
    texts.flatMap(text => [...text.matchAll(pattern)].map(([, found = '']) => found)),
  ) as [string[], string[]]
  const sentences = texts.flatMap(text =>
    text
      .split('\n---\n')
      .slice(1)
      .flatMap(body => body.match(/[A-Z][^.|#\n]{20,}\./g) ?? []),
  )
  const syllables = 'ba co di fe gu ha jo ki lu ma ne po ra si tu va wo xe zi dor len mar nov pel tan'.split(
    ' ',
  )
  const names = Array.from({ length: NAMES }, () =>
    Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(syllables)).join(''),
  )
  // Few names are common and most are rare, as words are.
  const name = () => names[Math.floor(NAMES * random() ** 3)] ?? ''
  const articles = Array.from({ length: ARTICLES }, (_, n): HelpText => {
    const own = [0, 1, 2].map(() => pick(headings) + (random() < 0.5 ? ` of ${name()}` : ''))
    const lines = own.flatMap(heading => [
      heading,
      ...Array.from({ length: SENTENCES / 3 }, () =>
        pick(sentences).replace(/\b[a-z]{6,}\b/, word => (random() < 0.5 ? name() : word)),
      ),
    ])
    return {
      id: `area-${n % 40}/article-${n}`,
      title: `${pick(titles)}: ${name()}`,
      keywords: '',
      summary: pick(sentences),
      headings: own,
      body: [pick(sentences), ...lines].join('\n'),
      slug: `article ${n}`,
      folders: `area ${n % 40}`,
      area: `area ${n % 40}`,
    }
  })
  const typed = Array.from({ length: 12 }, () =>
    pick(articles)
      .title.toLowerCase()
      .replace(/[^a-z ]/g, ''),
  )
  return { articles, typed }
}
