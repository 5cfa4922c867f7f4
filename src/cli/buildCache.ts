// What the last build knew of each file, and the models that the last few trained, so that the next one reads only what
// changed and trains only where examples did. Refuses to be trusted: an entry holds for the content whose hash it names.
// Where it is kept is `cacheFile`'s.

import { createHash } from 'node:crypto'
import type { Training } from '../understanding/training/trainModel'
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
  /** What was trained of the examples whose hash this is. */
  training(hash: string): Training | undefined
  /** The oldest of more than {@link MODELS_KEPT} is forgotten. */
  keepTraining(hash: string, training: Training): void
}

/** Tests of two sets of flows over the same articles, a build and one more: some 40 kB each. */
const MODELS_KEPT = 4

/** Of this process only; for a build that is made again and again. */
export function createMemoryCache(
  files: ReadonlyMap<string, CachedFile> = new Map(),
  trainings: Map<string, Training> = new Map(),
): BuildCache {
  let known = files
  return {
    training: hash => trainings.get(hash),
    keepTraining(hash, training) {
      trainings.set(hash, training)
      for (const oldest of [...trainings.keys()].slice(0, -MODELS_KEPT)) trainings.delete(oldest)
    },
    get(file, hash) {
      const found = known.get(file)
      return found?.hash === hash ? found : undefined
    },
    replace(next) {
      known = next
    },
  }
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
