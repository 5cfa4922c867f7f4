// The files that a page would fetch: ours as `asklet build` names and splits them, MiniSearch's as its own JSON.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import MiniSearch from 'minisearch'
import { addKnowledge } from '../../../src/cli/buildKnowledge'
import { MANIFEST_FILE } from '../../../src/knowledge/manifest'
import { toIndexed } from '../relevance/asklet'
import { optionsOf, TUNED, toMini } from '../relevance/minisearch'
import { brotliBytes } from '../relevance/sizes'
import type { Site } from './sites'

export const OURS = 'ours'
export const MINISEARCH_FILE = 'minisearch.json'

export interface SiteFiles {
  /** Brotli bytes of each of our data files but the articles, by name. */
  readonly ours: ReadonlyMap<string, number>
  /** Brotli bytes. */
  readonly minisearch: number
}

/** Writes them below `folder`; articles are left out, because suggestions never read them. */
export function writeSite({ articles, typed }: Omit<Site, 'questions'>, folder: string): SiteFiles {
  const put = (name: string, content: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
    return brotliBytes(Buffer.from(content))
  }
  put('typed.json', JSON.stringify(typed))
  const files = new Map<string, string | Uint8Array>()
  const help = articles.map(article => {
    const { file: _, sections, ...meta } = toIndexed(article)
    return { file: `${article.id}.md`, article: { ...meta, content: [] }, sections, words: 0 }
  })
  addKnowledge(files, '', help, [], 'en', {}, { synonyms: [], weights: new Map() })
  const ours = new Map<string, number>()
  for (const [name, content] of files)
    if (!name.startsWith('articles/')) ours.set(name, put(`${OURS}/${name}`, content.toString()))
  // With what a suggestion shows and opens, as ours has it: without, it would find what nobody can be shown.
  const mini = new MiniSearch({ ...optionsOf(TUNED), storeFields: ['title', 'summary', 'headings'] })
  mini.addAll(articles.map(toMini))
  return { ours, minisearch: put(MINISEARCH_FILE, JSON.stringify(mini)) }
}

/** Of all our index files. */
export function indexBytes({ ours }: SiteFiles): number {
  return sum(
    ours,
    [...ours.keys()].filter(name => name !== MANIFEST_FILE),
  )
}

/**
 * @throws Error for a file that was fetched and never written
 */
export function sum(sizes: ReadonlyMap<string, number>, names: Iterable<string>): number {
  return [...new Set(names)].reduce((total, name) => {
    const size = sizes.get(name)
    if (size === undefined) throw new Error(`"${name}" was fetched and is none of the files.`)
    return total + size
  }, 0)
}
