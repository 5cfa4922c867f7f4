// Writes a set of files into a folder and remembers which, so that the next run removes what it no longer
// writes and nothing else. Files that somebody else put there are never touched.

import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** Path below the folder, with `/` -> content. Written in this order: name what others refer to first. */
export type FileSet = ReadonlyMap<string, string | Uint8Array>

/** Names of the files of the last run, beside the manifest. */
const LIST_FILE = 'asklet-files.json'

/** First ten hex digits of SHA-256: the part of a file's name that changes with its content. */
export function contentHash(content: string | Uint8Array, length = 10): string {
  return createHash('sha256').update(content).digest('hex').slice(0, length)
}

/**
 * @returns how many files were written (others were the same already) and removed
 */
export function writeOutput(folder: string, files: FileSet): { written: number; removed: number } {
  const before = readList(folder)
  let written = 0
  for (const [name, content] of files) {
    const path = join(folder, name)
    if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) continue
    mkdirSync(dirname(path), { recursive: true })
    // Whole or not at all: a server may be reading while we write.
    writeFileSync(`${path}.part`, content)
    renameSync(`${path}.part`, path)
    written++
  }
  const names = [...files.keys()].sort()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, LIST_FILE), `${JSON.stringify(names, null, 1)}\n`)
  let removed = 0
  for (const name of before) {
    if (files.has(name) || !existsSync(join(folder, name))) continue
    unlinkSync(join(folder, name))
    removed++
    removeEmptyFolder(dirname(join(folder, name)), folder)
  }
  return { written, removed }
}

function readList(folder: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(readFileSync(join(folder, LIST_FILE), 'utf8'))
    // The list may have been edited: nothing outside the folder is ever removed.
    const isOurs = (name: unknown) =>
      typeof name === 'string' && /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/.test(name) && name !== LIST_FILE
    return Array.isArray(list) ? list.filter(isOurs) : []
  } catch {
    return []
  }
}

function removeEmptyFolder(path: string, root: string): void {
  if (path === root) return
  try {
    rmdirSync(path)
  } catch {
    // Not empty: somebody else's files are in it.
  }
}
