// A folder that `asklet build` wrote, as it is read by a server that goes on running: which build lies there now,
// and its files as JSON. Looks for a new build every few seconds, when it is asked. Never leaves the folder.

import { readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../base/environment'
import { AskletError } from '../base/errors'
import { MANIFEST_FILE, type Manifest, parseManifest } from '../knowledge/manifest'
import type { LoadJson } from '../search/loadJson'
import { fileOf } from './privateFolders'

/** One build. Another one is another object. */
export interface Build {
  readonly manifest: Manifest
  readonly loadJson: LoadJson
}

export interface BuiltFolder {
  /**
   * The build that lies there. `now`: look at once, not only every 2 s.
   *
   * Rejects with `index_missing` or `index_shape` when there is none, or none that can be read.
   */
  current(now?: boolean): Promise<Build>
}

/** One look is a `stat`; an author who publishes waits for no longer than this. */
const LOOK_EVERY_MS = 2_000

export function openBuiltFolder(folder: string, clock: Pick<Clock, 'now'>): BuiltFolder {
  let build: { readonly mark: string; readonly made: Promise<Build> } | null = null
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<Build> | null = null

  async function look(): Promise<Build> {
    const mark = await markOf(folder)
    lookedAt = clock.now()
    if (build?.mark !== mark) {
      const made = read(folder)
      build = { mark, made }
      // What could not be read is tried again at the next look, not by each call until then.
      made.catch(() => {
        if (build?.made === made) build = { mark: '', made }
      })
    }
    return build.made
  }

  return {
    current(now = false) {
      if (build && !now && clock.now() - lookedAt < LOOK_EVERY_MS) return build.made
      looking ??= look().finally(() => {
        looking = null
      })
      return looking
    },
  }
}

/** Another one as soon as the manifest is another file; it is what a build writes last. */
async function markOf(folder: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(join(folder, MANIFEST_FILE))
    return `${mtimeMs} ${size} ${ino}`
  } catch {
    return 'none'
  }
}

async function read(folder: string): Promise<Build> {
  const root = await realpath(folder).catch(() => folder)
  const loadJson: LoadJson = async name => {
    const file = await fileOf(root, name.split('/'))
    const text = file && (await readFile(file, 'utf8').catch(() => null))
    if (text === null)
      throw new AskletError(
        'index_missing',
        `there is no ${join(folder, name)}. The folder must be one that "asklet build" wrote.`,
      )
    try {
      return JSON.parse(text) as unknown
    } catch (cause) {
      throw new AskletError('index_shape', `${join(folder, name)} must be JSON. Run "asklet build" again.`, {
        cause,
      })
    }
  }
  return { manifest: parseManifest(await loadJson(MANIFEST_FILE)), loadJson }
}
