// The cache of an articles folder as one JSON file, shared by build and test. It holds for this version of the builder and
// these options; damaged, cut off or of another version it is as if it were not there.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import type { Training } from '../understanding/training/trainModel'
import { type BuildCache, type CachedFile, createMemoryCache, sha256 } from './buildCache'
import { BUILDER } from './buildKnowledge'

/** Another number whenever what is stored changes its shape. */
const FORMAT = 2

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
 * Opens the cache of one articles folder.
 *
 * @param folder    where caches lie; made when there is something to save
 * @param articles  the articles folder
 * @param options   what changes the reading of a file by itself: the language of those that name none
 */
export function openCacheFile(
  folder: string,
  articles: string,
  options: { readonly locale: string },
): CacheFile {
  const path = join(folder, `build-${sha256(resolve(articles)).slice(0, 16)}.json`)
  // Letters and digits are what Node's tables of Unicode say.
  const version = [FORMAT, BUILDER, process.versions.unicode, options.locale].join(' ')
  const { trainings, ...last } = readCache(path, version)
  let files = last.files
  const memory = createMemoryCache(files, trainings)
  let isChanged = false
  return {
    cache: {
      get: memory.get,
      training: memory.training,
      keepTraining(hash, training) {
        isChanged = true
        memory.keepTraining(hash, training)
      },
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
        const body = JSON.stringify({ version, files: [...files], trainings: [...trainings] })
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

interface Known {
  readonly files: ReadonlyMap<string, CachedFile>
  readonly trainings: Map<string, Training>
}

function readCache(path: string, version: string): Known {
  const nothing = { files: new Map(), trainings: new Map() }
  try {
    const text = readFileSync(path, 'utf8')
    const end = text.indexOf('\n')
    const body = text.slice(end + 1)
    // Changed by anything but us: its shape need not be checked, because only we can have written it.
    if (text.slice(0, end) !== sha256(body)) return nothing
    const json = JSON.parse(body) as {
      version: string
      files: [string, CachedFile][]
      trainings: [string, Training][]
    }
    return json.version === version
      ? { files: new Map(json.files), trainings: new Map(json.trainings) }
      : nothing
  } catch {
    return nothing
  }
}

/** Options of the commands that keep what they read. */
export const CACHE_OPTIONS = { cache: { type: 'string' }, 'no-cache': { type: 'boolean' } } as const

/** Their lines of `--help`. */
export const CACHE_HELP = [
  '  --cache <dir>             what was read is kept there; default node_modules/.cache/asklet or .asklet-cache',
  '  --no-cache                read and train everything anew, and keep nothing',
]

/**
 * Where tools keep such things; never inside what anybody can fetch.
 *
 * @param out  where public files go, if they go anywhere
 */
export function defaultCacheFolder(out?: string): string {
  const folder = existsSync('node_modules') ? join('node_modules', '.cache', 'asklet') : '.asklet-cache'
  return out === undefined || relative(out, folder).startsWith('..') ? folder : join(tmpdir(), 'asklet-cache')
}
