// Where the key lies that signs the journal's daily roots: a file that only its owner can read, made when absent.

import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { newSealKey, readSealKey, type SealKey } from '../server/seals'
import type { StoreArguments } from './storeArguments'

/** Beside the data file; undefined: a database of several nodes has no place of its own for it. */
export function keyPlace(store: StoreArguments, wanted: string | undefined): string | undefined {
  if (wanted !== undefined) return wanted
  return store.kind === 'file' && store.file !== ':memory:'
    ? `${store.file.replace(/\.db$/, '')}.journal-key.pem`
    : undefined
}

/** @returns the key as PEM, read, and whether it was made now */
export async function keyAt(file: string): Promise<{ pem: string; key: SealKey; isNew: boolean }> {
  const isNew = !existsSync(file)
  // Of two that make it at once one keeps its own; the other reads that.
  if (isNew) await writeFile(file, newSealKey(), { mode: 0o600, flag: 'wx' }).catch(() => {})
  const pem = await readFile(file, 'utf8')
  return { pem, key: readSealKey(pem), isNew }
}
