// MiniSearch with the settings that the bench of relevance found.

import MiniSearch from 'minisearch'
import type { LoadJson } from '../../../src/search/loadJson'
import { optionsOf, searchWith, TUNED } from '../relevance/minisearch'
import { type Answer, LIMIT } from './underTest'

export async function openMini(loadJson: LoadJson): Promise<Answer> {
  const file = (await loadJson('minisearch.json')) as Parameters<typeof MiniSearch.loadJSAsync>[0]
  // The way of its own that leaves the page its turns.
  const search = searchWith(await MiniSearch.loadJSAsync(file, optionsOf(TUNED)), TUNED)
  return typed => search(typed, LIMIT).length
}
