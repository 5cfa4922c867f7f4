// An index with all of its parts, for those that do not search while they wait: servers, command line and tests.

import { readIndex } from '../knowledge/assembleIndex'
import type { SearchIndex } from '../knowledge/indexFile'
import type { LoadJson } from './loadJson'

/**
 * Loads the index file and whatever parts it names.
 *
 * @throws AskletError `index_missing`, `index_shape`, `network`
 */
export async function loadIndex(loadJson: LoadJson, file: string): Promise<SearchIndex> {
  return readIndex(await withParts(await loadJson(file), loadJson))
}

/** An index file with the parts that it names inside; what is no object is handed back as it is. */
export async function withParts(index: unknown, loadJson: LoadJson): Promise<unknown> {
  if (Object(index) !== index) return index
  const { texts, words } = index as { texts?: unknown; words?: unknown }
  const part = (given: unknown) => (typeof given === 'string' ? loadJson(given) : given)
  const [itsTexts, itsWords] = await Promise.all([part(texts), part(words)])
  return { ...(index as object), texts: itsTexts, words: itsWords }
}
