// Puts imported articles and images into a folder. Writes over files of an import only, as that import left them: an
// article says that it is imported (`importedFrom`), and what was written is remembered. Owns the folder
// `.asklet-import`, which `asklet build` does not read.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readFrontMatter } from '../../knowledge/frontMatter'
import type { Imported, Note } from './imported'
import { markdownFile } from './markdownFile'

/** Of earlier runs. */
interface Memory {
  /** Sources of a run -> paths of its articles. */
  readonly articles: Readonly<Record<string, readonly string[]>>
  /** Path of an article or image -> hash of what was written. */
  readonly files: Readonly<Record<string, string>>
}

export interface Written {
  readonly written: number
  readonly unchanged: number
  /** Articles that somebody mended by hand, left as they are. */
  readonly edited: number
  readonly images: number
}

/** Where a folder keeps what the next run needs. */
export const MEMORY_FOLDER = '.asklet-import'
const MEMORY_FILE = 'written.json'

/**
 * @param run       names this import among others into the same folder: articles that it wrote earlier and no
 *                  longer has are told as `gone`
 * @param isWhole   nothing of the source was unreadable: what is not there is gone
 * @param overwrite what was mended by hand is written over
 */
export function writeImported(
  folder: string,
  imported: Pick<Imported, 'articles' | 'files'>,
  note: Note,
  {
    run,
    isWhole,
    overwrite,
  }: { readonly run: string; readonly isWhole: boolean; readonly overwrite: boolean },
): Written {
  const memory = readMemory(folder)
  const count = { written: 0, unchanged: 0, edited: 0, images: 0 }
  const files: Record<string, string> = { ...memory.files }
  const taken = new Map<string, string>()
  const paths: string[] = []
  for (const article of imported.articles) {
    const first = taken.get(article.path.toLowerCase())
    if (first) {
      note(
        'same-paths',
        article.place,
        `the path must be its own, got that of ${first}: ${article.path}. Import it into another folder.`,
      )
      continue
    }
    taken.set(article.path.toLowerCase(), article.place)
    const text = markdownFile(article)
    const outcome = writeArticle(join(folder, article.path), text, memory.files[article.path], overwrite)
    if (outcome === 'own') {
      note(
        'own-files',
        article.place,
        `the file must be an imported one to be written over, got ${article.path} of your own. Move it, or leave the article out.`,
      )
      continue
    }
    count[outcome]++
    if (outcome !== 'edited') files[article.path] = hashOf(text)
    else if (hashOf(text) === memory.files[article.path])
      note('edited', join(folder, article.path), 'was changed by hand')
    else
      note(
        'edited',
        join(folder, article.path),
        'was changed by hand, and the source says something else than it did. --overwrite takes what the source says',
      )
    paths.push(article.path)
  }
  for (const [path, bytes] of imported.files) {
    const content = bytes()
    const hash = hashOf(content)
    const full = join(folder, path)
    const old = existsSync(full) ? hashOf(readFileSync(full)) : undefined
    if (old !== undefined && old !== hash && old !== memory.files[path]) {
      note(
        'own-files',
        path,
        'the image must be an imported one to be written over, got one of your own. Move it.',
      )
      continue
    }
    if (old !== hash) write(full, content)
    files[path] = hash
    count.images++
  }
  const earlier = memory.articles[run] ?? []
  const left = earlier.filter(path => !taken.has(path.toLowerCase()) && isImported(join(folder, path)))
  if (isWhole) for (const path of left) note('gone', join(folder, path), 'is no longer in the source')
  const all = [...new Set([...paths, ...left])].sort()
  const next: Memory = { articles: sorted({ ...memory.articles, [run]: all }), files: sorted(files) }
  write(join(folder, MEMORY_FOLDER, MEMORY_FILE), `${JSON.stringify(next, null, 1)}\n`)
  return count
}

/** @param known  hash of what was last written there; without it nobody can tell what was mended since */
function writeArticle(
  path: string,
  text: string,
  known: string | undefined,
  overwrite: boolean,
): 'written' | 'unchanged' | 'edited' | 'own' {
  if (existsSync(path)) {
    const old = readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
    if (old === text) return 'unchanged'
    if (!isImported(path)) return 'own'
    if (!overwrite && hashOf(old) !== known) return 'edited'
  }
  write(path, text)
  return 'written'
}

function isImported(path: string): boolean {
  if (!existsSync(path)) return false
  const { extra } = readFrontMatter(readFileSync(path, 'utf8'), path, 'en')
  return extra.importedFrom !== undefined
}

function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** Whole or not at all: a run that is cut here is repeated, and must find no half a file. */
function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.part`, content)
  renameSync(`${path}.part`, path)
}

function readMemory(folder: string): Memory {
  const empty: Memory = { articles: {}, files: {} }
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, MEMORY_FOLDER, MEMORY_FILE), 'utf8'))
    const { articles, files } = value as Partial<Memory>
    const isList = (list: unknown) =>
      Array.isArray(list) && list.every(path => typeof path === 'string' && !path.split('/').includes('..'))
    if (!articles || !files || !Object.values(articles).every(isList)) return empty
    return { articles, files }
  } catch {
    return empty
  }
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
