// A built help folder as a visitor's browser would search it: its manifest, which articles each language has, and
// the real local search over its files. Owns nothing but what it has read.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AskletError } from '../base/errors'
import { MANIFEST_FILE, type Manifest, parseManifest, pickLocale } from '../knowledge/manifest'
import { loadIndex } from '../search/loadIndex'
import type { LoadJson } from '../search/loadJson'
import { createLocalSearch } from '../search/localSearch'
import type { SearchProvider } from '../search/searchProvider'

export interface BuiltHelp {
  readonly manifest: Manifest
  /** Ids of the articles of each locale. */
  readonly articles: ReadonlyMap<string, ReadonlySet<string>>
  /** The locale that a visitor of `wanted` gets; nothing wanted: the site's own. */
  localeFor(wanted: string | undefined): string
  /** The search of one locale of the manifest; the same one each time. */
  search(locale: string): SearchProvider
}

/** @throws AskletError `index_missing`, `index_shape` */
export async function openBuiltHelp(loadJson: LoadJson): Promise<BuiltHelp> {
  const manifest = parseManifest(await loadJson(MANIFEST_FILE))
  const articles = new Map<string, ReadonlySet<string>>()
  for (const { locale, index } of manifest.locales)
    articles.set(locale, new Set((await loadIndex(loadJson, index)).articles.map(({ id }) => id)))
  const searches = new Map<string, SearchProvider>()
  return {
    manifest,
    articles,
    localeFor: wanted => pickLocale(manifest, wanted ?? '')?.locale ?? '',
    search(locale) {
      const search =
        searches.get(locale) ?? createLocalSearch({ loadJson, indexes: manifest.locales, locale })
      searches.set(locale, search)
      return search
    },
  }
}

/** Reads the JSON files of a folder that `asklet build` wrote. */
export function createFileLoader(folder: string): LoadJson {
  return async file => {
    const path = join(folder, file)
    let json: string
    try {
      json = await readFile(path, 'utf8')
    } catch (cause) {
      throw new AskletError(
        'index_missing',
        `the folder must be one that "asklet build" wrote, got no ${file} in ${folder}. Build it, or correct the path.`,
        { cause },
      )
    }
    try {
      return JSON.parse(json) as unknown
    } catch (cause) {
      throw new AskletError(
        'index_shape',
        `${path} must be JSON, got something else. Run "asklet build" again.`,
        {
          cause,
        },
      )
    }
  }
}
