// What the last build knew of each file, so that the next one reads only what changed. One JSON file a help folder.
// Refuses to be trusted: an entry holds for the content whose hash it names, and the whole file for this version of
// the builder and these options. Damaged, cut off or of another version it is as if it were not there.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { FileFacts, ReadArticle } from './articleFile'

export interface CachedFile {
  /** SHA-256 of the file, hex. */
  readonly hash: string
  readonly facts: FileFacts
  /** Left out where the file makes no article. */
  readonly read?: ReadArticle
}

export interface BuildCache {
  /** Of the last build; only when the content is the same. */
  get(file: string, hash: string): CachedFile | undefined
  /** Replaces all: what is not in `files` is forgotten. */
  replace(files: ReadonlyMap<string, CachedFile>): void
}

/** Another number whenever what is stored changes its shape. */
const FORMAT = 1

/** Of this process only; for a build that is made again and again. */
export function createMemoryCache(files: ReadonlyMap<string, CachedFile> = new Map()): BuildCache {
  let known = files
  return {
    get(file, hash) {
      const found = known.get(file)
      return found?.hash === hash ? found : undefined
    },
    replace(next) {
      known = next
    },
  }
}

export interface CacheFile {
  readonly cache: BuildCache
  /**
   * Writes what the build knew, whole or not at all.
   *
   * @returns the sentence that says why it could not; the build does not hang on it
   */
  save(): string | null
}

/**
 * Opens the cache of one help folder.
 *
 * @param folder   where caches lie; made when there is something to save
 * @param help     the help folder
 * @param options  what changes the reading of a file by itself: the language of those that name none
 */
export function openCacheFile(folder: string, help: string, options: { readonly locale: string }): CacheFile {
  const path = join(folder, `build-${sha256(resolve(help)).slice(0, 16)}.json`)
  // The bundler names a chunk by its content and by that of all it imports: its name is the builder's version.
  // Letters and digits are what Node's tables of Unicode say.
  const version = [FORMAT, basename(import.meta.url), process.versions.unicode, options.locale].join(' ')
  let files = readCache(path, version)
  const memory = createMemoryCache(files)
  let isChanged = false
  return {
    cache: {
      get: memory.get,
      replace(next) {
        const isSame =
          next.size === files.size && [...next].every(([file, entry]) => files.get(file) === entry)
        isChanged ||= !isSame
        files = next
        memory.replace(next)
      },
    },
    save() {
      if (!isChanged) return null
      try {
        const body = JSON.stringify({ version, files: [...files] })
        if (!existsSync(folder)) {
          mkdirSync(folder, { recursive: true })
          writeFileSync(join(folder, '.gitignore'), '*\n')
        }
        writeFileSync(`${path}.part`, `${sha256(body)}\n${body}`)
        renameSync(`${path}.part`, path)
        return null
      } catch (error) {
        return `the cache could not be written to ${folder}: ${error instanceof Error ? error.message : error}. The build is whole without it.`
      }
    },
  }
}

function readCache(path: string, version: string): ReadonlyMap<string, CachedFile> {
  try {
    const text = readFileSync(path, 'utf8')
    const end = text.indexOf('\n')
    const body = text.slice(end + 1)
    // Changed by anything but us: its shape need not be checked, because only we can have written it.
    if (text.slice(0, end) !== sha256(body)) return new Map()
    const json = JSON.parse(body) as { version: string; files: [string, CachedFile][] }
    return json.version === version ? new Map(json.files) : new Map()
  } catch {
    return new Map()
  }
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
