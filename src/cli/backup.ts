// `asklet backup`: a copy of all that a help desk keeps, made while it serves. Of a Postgres it says the line that
// does so: its own tool is the one that is right.

import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AskletError, describe } from '../base/errors'
import { checkDatabase, copyDatabase } from '../server/store/sqliteCopies'
import { readArguments, usageError } from './arguments'
import { keyPlace } from './journalKey'
import type { Output } from './output'
import { DATABASE_VARIABLE, filesBeside, isThere, STORE_OPTIONS, storeArguments } from './storeArguments'

export const BACKUP_USAGE =
  'asklet backup --out backup.db [--data asklet.db | --database postgres://…] [--attachments <folder>]'

const HELP = [
  BACKUP_USAGE,
  '',
  '  --out      the copy, a new file; files of conversations go beside it, in <out>.files',
  '  --data     the database file of "asklet serve", which may go on serving (default asklet.db)',
  '  --attachments  its folder of files (default: beside the data file, its name with .files)',
  '  --database the Postgres of "asklet serve": prints the line of pg_dump that copies it, and copies nothing',
  '',
  'Restore it with "asklet restore". Files in a bucket (--s3) are the bucket\'s to keep.',
]

/** A name with a quote in it would be another command. */
const shellWord = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** Where a copy has them. */
export const filesOfCopy = (copy: string): string => `${copy}.files`

/** @returns 0; 1 where nothing was copied. Throws AskletError `cli_usage`, `store_…` */
export async function run(args: string[], out: Output): Promise<number> {
  const { values } = readArguments(
    args,
    {
      ...STORE_OPTIONS,
      out: { type: 'string' },
      attachments: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    BACKUP_USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  const copy = values.out
  if (copy === undefined) throw usageError('--out must name the copy, a new file', BACKUP_USAGE)
  const source = storeArguments(values, BACKUP_USAGE)
  if (source.kind === 'postgres') {
    out.error('A Postgres is copied by its own tool. Run:')
    const file = shellWord(copy)
    out.error(`pg_dump --format=custom --no-owner --file=${file} "$${DATABASE_VARIABLE}"`)
    out.error(
      `and to restore it: pg_restore --no-owner --exit-on-error --dbname="$${DATABASE_VARIABLE}" ${file}, then start "asklet serve --new-epoch" once. Copy the folder of --attachments after the dump.`,
    )
    return 1
  }
  if (!isThere(source))
    throw usageError(
      `--data must name the database of "asklet serve", got none at ${describe(source.file)}`,
      BACKUP_USAGE,
    )
  for (const taken of [copy, filesOfCopy(copy)])
    if (existsSync(taken))
      throw usageError(`--out must be a new file, got ${describe(taken)}, which is there`, BACKUP_USAGE)

  const half = `${copy}.half`
  await rm(half, { force: true })
  try {
    await copyDatabase(source.file, half)
    await chmod(half, 0o600)
    const { conversations, events } = await checkDatabase(half)
    await toDisk(half)
    // Behind the database: what its messages name is there, and what came since is there for nothing.
    const files = await copyFolder(values.attachments ?? filesBeside(source.file), filesOfCopy(copy))
    await rename(half, copy)
    out.line(`Copied ${conversations} conversations with ${events} events to ${copy}, and checked it.`)
    if (files > 0) out.line(`Copied ${files} files to ${filesOfCopy(copy)}.`)
    const key = keyPlace(source, undefined)
    if (key !== undefined && existsSync(key))
      out.line(`Not copied: ${key}, which signs the roots of the journal. Keep it where the copies are not.`)
    return 0
  } finally {
    await rm(half, { force: true })
  }
}

/** So that the copy is there after a power cut, before anybody is told of it. */
export async function toDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** How many files were copied; none where there is no such folder. What is removed meanwhile stays away. */
export async function copyFolder(from: string, to: string): Promise<number> {
  const names = await readdir(from).catch(gone)
  if (names === null) return 0
  let copied = 0
  for (const name of names) {
    const [source, target] = [join(from, name), join(to, name)]
    // Half written, by an upload that is under way.
    if (name.endsWith('.half') || !(await stat(source).catch(gone))?.isFile()) continue
    if (copied === 0) await mkdir(to, { recursive: true, mode: 0o700 })
    if ((await copyFile(source, target).catch(gone)) === null) continue
    await chmod(target, 0o600)
    copied++
  }
  return copied
}

function gone(error: unknown): null {
  if ((error as { code?: unknown }).code === 'ENOENT') return null
  throw new AskletError('store_unavailable', `cannot copy files (${(error as Error).message}).`, {
    cause: error,
  })
}
