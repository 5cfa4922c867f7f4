// The demo's help centre as `asklet build` makes it, as an index in memory.
import { buildKnowledge } from '../../../src/cli/buildKnowledge'
import { readIndex } from '../../../src/knowledge/assembleIndex'
import { MANIFEST_FILE } from '../../../src/knowledge/manifest'
import { type Searchable, searchable } from '../../../src/search/expansion'
import { near } from '../../../src/search/typos'

export function demoShelf(folder: string): Searchable {
  const { files } = buildKnowledge(folder, { locale: 'en', base: '/help/', hasPrivateFolder: true })
  const json = (name: string) => JSON.parse(String(files.get(name)))
  return searchable(readIndex(json(json(MANIFEST_FILE).locales[0].index)), near)
}
