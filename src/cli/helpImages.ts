// The images of a help folder: found, measured, and named by their content. Reads each file once a build.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { extname, join, posix } from 'node:path'
import { imageSize } from '../knowledge/imageSize'
import type { AllowedImage } from '../knowledge/treeBuilder'
import { contentHash } from './outputFolder'

const IMAGE = /\.(?:png|jpe?g|gif|webp|avif|svg)$/i

export type ImageAnswer =
  /** `bytes` of a file in the help folder. */
  | { readonly image: AllowedImage; readonly bytes?: number }
  | { readonly image: null; readonly why: 'outside' | 'missing' | 'private' }

export interface HelpImages {
  /** @param from  the article that shows it */
  find(src: string, from: { readonly file: string; readonly isPrivate: boolean }): ImageAnswer
  /** Those that were found, `images/<name>-<hash>.<ending>` -> content. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

export interface ImageOptions {
  /** Path under which the built folder is served; ends with `/`. */
  readonly base: string
  /** Hosts whose images may be shown. */
  readonly imageHosts: readonly string[]
}

export function createHelpImages(folder: string, { base, imageHosts }: ImageOptions): HelpImages {
  const files = new Map<string, Uint8Array>()
  const read = new Map<string, ImageAnswer>()

  function outside(src: string): ImageAnswer {
    try {
      const url = new URL(src)
      if (url.protocol === 'https:' && !url.username && imageHosts.includes(url.host))
        return { image: { src: url.href } }
    } catch {
      // Not an address at all.
    }
    return { image: null, why: 'outside' }
  }

  function readImage(path: string): ImageAnswer {
    const full = join(folder, path)
    if (!existsSync(full) || !statSync(full).isFile()) return { image: null, why: 'missing' }
    const content = readFileSync(full)
    const ending = extname(path)
    const name = posix
      .basename(path, ending)
      .toLowerCase()
      .replace(/[^a-z\d]+/g, '-')
      .slice(0, 60)
    const file = `images/${name}-${contentHash(content)}${ending.toLowerCase()}`
    files.set(file, content)
    return { image: { src: base + file, ...imageSize(content) }, bytes: content.length }
  }

  return {
    files,
    find(src, from) {
      if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(src)) return outside(src)
      let path = src.replace(/[?#].*$/s, '')
      try {
        path = decodeURIComponent(path)
      } catch {
        // As written.
      }
      path = posix.join(path.startsWith('/') ? '' : posix.dirname(from.file), path).replace(/^\/+/, '')
      if (path.startsWith('..') || !IMAGE.test(path)) return { image: null, why: 'missing' }
      if (from.isPrivate) {
        const isThere = existsSync(join(folder, path)) && statSync(join(folder, path)).isFile()
        return { image: null, why: isThere ? 'private' : 'missing' }
      }
      const answer = read.get(path) ?? readImage(path)
      read.set(path, answer)
      return answer
    },
  }
}
