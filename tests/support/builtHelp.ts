// A help folder as `asklet build` leaves it, of articles that a test made up.

import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildIndex } from '../../src/knowledge/buildIndex'
import type { IndexedArticle } from '../../src/knowledge/indexFile'
import { articleFile } from '../unit/search/shelf'

let builds = 0
/** Of each folder, the subfolder of its last build. */
const last = new Map<string, string>()

/** Replaces what lies there: files first, then the manifest, then what the build before had is taken away. */
export async function writeHelp(
  folder: string,
  articles: readonly IndexedArticle[],
  more: object = {},
): Promise<void> {
  const build = `b${++builds}`
  await mkdir(join(folder, build), { recursive: true })
  const named = articles.map(article => ({ ...article, file: `${build}/${article.file}` }))
  for (const article of named)
    await writeFile(join(folder, article.file), JSON.stringify(articleFile(article)))
  const locales = []
  for (const locale of [...new Set(named.map(article => article.locale))]) {
    const own = named.filter(article => article.locale === locale)
    const index = `${build}/index-${locale}.json`
    const json = JSON.stringify(buildIndex(own, { locale }))
    await writeFile(join(folder, index), json)
    locales.push({ locale, index, articles: own.length, bytes: json.length })
  }
  const manifest = join(folder, 'manifest.json')
  await writeFile(`${manifest}.part`, JSON.stringify({ version: 1, locales, roles: [], ...more }))
  await rename(`${manifest}.part`, manifest)
  const before = last.get(folder)
  if (before) await rm(join(folder, before), { recursive: true })
  last.set(folder, build)
}
