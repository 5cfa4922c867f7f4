// An index with all of its parts, for those that do not search while they wait: command line and tests.

import { readIndex } from '../knowledge/assembleIndex'
import type { IndexFile, SearchIndex } from '../knowledge/indexFile'
import type { LoadJson } from './loadJson'

/**
 * Loads the index file and whatever parts it names.
 *
 * @throws AskletError `index_missing`, `index_shape`, `network`
 */
export async function loadIndex(loadJson: LoadJson, file: string): Promise<SearchIndex> {
  const first = (await loadJson(file)) as IndexFile
  const part = (given: unknown) => (typeof given === 'string' ? loadJson(given) : given)
  const [texts, words] = await Promise.all([part(Object(first).texts), part(Object(first).words)])
  return readIndex({ ...first, texts, words })
}
