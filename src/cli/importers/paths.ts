// Names and addresses of imported files: what every file system takes, each once, and the relative links between
// them. Pure.

import { posix } from 'node:path'
import type { Note } from './imported'

const MAX_SEGMENT_CHARS = 80

/** What a file system, an address or a Markdown link would trip over. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are among them
const UNFIT = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029<>:"|?*\\/#%&{}$!'@+`=,;()[\]^~]+/g
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i

/** A name of a file or folder: `Add a card?` -> `Add-a-card`. Never empty, never hidden, never `..`. */
export function segmentOf(name: string): string {
  const fit = [...name.normalize('NFC').replace(UNFIT, '-')].slice(0, MAX_SEGMENT_CHARS).join('')
  const trimmed = fit.replace(/-{2,}/g, '-').replace(/^[-.]+|[-.]+$/g, '')
  return RESERVED.test(trimmed) ? `${trimmed}-page` : trimmed || 'page'
}

/** The same for words that people typed: lower case, dashes between words. */
export function slugOf(words: string): string {
  return segmentOf(words).toLowerCase().replace(/\.+/g, '-').replace(/-{2,}/g, '-').replace(/-+$/, '')
}

/** Every segment made fit; the ending of the last one is kept. */
export function pathOf(path: string): string {
  const parts = path.split('/').filter(part => part && part !== '.' && part !== '..')
  const last = parts.pop() ?? ''
  const ending = /\.[a-z\d]{1,5}$/i.exec(last)?.[0] ?? ''
  const name = segmentOf(ending ? last.slice(0, -ending.length) : last)
  return [...parts.map(segmentOf), name + ending.toLowerCase()].join('/')
}

/** `guide/boats.html` -> `guide/boats.md` */
export function articlePathOf(path: string): string {
  return pathOf(`${path.replace(/\.(?:md|mdx|markdown|html?|xhtml)$/i, '')}.md`)
}

/** Gives each article a path of its own, whatever the case of its letters. */
export function createPaths(note: Note): (wanted: string, place: string) => string {
  const taken = new Set<string>()
  return (wanted, place) => {
    let path = wanted
    for (let n = 2; taken.has(path.toLowerCase()); n++) path = wanted.replace(/(?=\.mdx?$)/, `-${n}`)
    taken.add(path.toLowerCase())
    if (path !== wanted) note('renamed', place, `is ${path}, because ${wanted} is another article's`)
    return path
  }
}

/** The images of an import: each file once, each path of one file. */
export function createFiles() {
  const files = new Map<string, () => Uint8Array>()
  const paths = new Map<string, string>()
  const taken = new Set<string>()
  return {
    files,
    /** What was added, as the source names it. */
    shown: { has: (source: string) => paths.has(source) },
    /** @returns the path that it got */
    add(source: string, wanted: string, bytes: () => Uint8Array): string {
      const known = paths.get(source)
      if (known) return known
      let path = wanted
      for (let n = 2; taken.has(path.toLowerCase()); n++) path = wanted.replace(/(?=\.[^./]*$)/, `-${n}`)
      taken.add(path.toLowerCase())
      paths.set(source, path)
      files.set(path, bytes)
      return path
    },
  }
}

/** A link from one file of the folder to another. */
export function relativeLink(from: string, to: string, fragment = ''): string {
  const hash = fragment ? `#${fragment}` : ''
  if (from === to && hash) return hash
  return posix.relative(posix.dirname(from), to).split('/').map(encodeURIComponent).join('/') + hash
}

/** `en-us`, `pt_BR` -> BCP 47 as it is written, or undefined. */
export function localeOf(tag: unknown): string | undefined {
  if (typeof tag !== 'string' || !tag.trim()) return undefined
  try {
    return Intl.getCanonicalLocales(tag.trim().replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** What an article can show. */
export const IMAGE = /\.(?:png|jpe?g|gif|webp|avif|svg)$/i
