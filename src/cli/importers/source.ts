// What is imported: one file or a folder of them. Reads only, and only below the folder.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AskletError } from '../../base/errors'

export interface Source {
  /** As it was named on the command line. */
  readonly name: string
  readonly isFolder: boolean
  /** Paths with `/`, sorted. Of a file: its own name. */
  readonly files: readonly string[]
  /** Is there such a file, listed or beside the listed one? */
  has(path: string): boolean
  bytes(path: string): Uint8Array
  /** UTF-8, without a byte order mark. */
  text(path: string): string
  /** How a note names the file: as a person would type it. */
  place(path: string, line?: number): string
}

/** @throws AskletError `import_shape` when nothing is there */
export function openSource(name: string): Source {
  if (!existsSync(name))
    throw new AskletError(
      'import_shape',
      `the file to import must be readable, got none at ${name}. Check the path.`,
    )
  const isFolder = statSync(name).isDirectory()
  const root = isFolder ? name : dirname(name)
  const files = isFolder ? filesBelow(root) : [basename(name)]
  const bytes = (path: string): Uint8Array => readFileSync(join(root, path))
  return {
    name,
    isFolder,
    files,
    has(path) {
      if (!path || path.split('/').includes('..') || path.startsWith('/') || path.includes('\0')) return false
      const full = join(root, path)
      return existsSync(full) && statSync(full).isFile()
    },
    bytes,
    text: path => new TextDecoder().decode(bytes(path)),
    place(path, line) {
      const file = isFolder ? `${name.replace(/\/+$/, '')}/${path}` : name
      return line ? `${file}:${line}` : file
    },
  }
}

/** Hidden files too (GitBook keeps its images in `.gitbook`), but no links, no repository, no packages. */
function filesBelow(root: string): readonly string[] {
  const files: string[] = []
  const walk = (path: string) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      const name = path ? `${path}/${entry.name}` : entry.name
      if (['.git', 'node_modules', '__MACOSX', '.DS_Store', 'Thumbs.db'].includes(entry.name)) continue
      if (entry.isDirectory()) walk(name)
      else if (entry.isFile()) files.push(name)
    }
  }
  walk('')
  return files.sort()
}
