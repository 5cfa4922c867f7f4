// `asklet restore`: a copy of `asklet backup` becomes the database of a help desk, where there is none. It is another
// incarnation (D4): pages that have read further than the copy goes read all of it anew, and double nothing.

import { existsSync } from 'node:fs'
import { chmod, copyFile, rename, rm } from 'node:fs/promises'
import { secureRandomId } from '../base/environment'
import { describe } from '../base/errors'
import { openSqlStore } from '../server/store/openSqlStore'
import { checkDatabase } from '../server/store/sqliteCopies'
import { readArguments, usageError } from './arguments'
import { copyFolder, filesOfCopy, toDisk } from './backup'
import type { Output } from './output'
import { asArgument, filesBeside } from './storeArguments'

export const RESTORE_USAGE = 'asklet restore backup.db [--data asklet.db] [--attachments <folder>]'

const HELP = [
  RESTORE_USAGE,
  '',
  '  --data     the new database file; one that is there is never written over (default asklet.db)',
  '  --attachments  the new folder of files (default: beside the data file, its name with .files)',
  '',
  'Checks the copy first. Visitors and agents who have a page open read everything anew by themselves. Mail and',
  'webhooks that waited when the copy was made are sent again, under the ids of then.',
]

/** @returns 0. Throws AskletError `cli_usage`, `store_…` */
export async function run(args: string[], out: Output): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      data: { type: 'string', default: 'asklet.db' },
      attachments: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    RESTORE_USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  const [copy, ...more] = positionals
  if (copy === undefined || more.length > 0 || !existsSync(copy))
    throw usageError(
      `"restore" needs the file that "asklet backup" wrote, got ${describe(copy)}`,
      RESTORE_USAGE,
    )
  const { data } = values
  const files = values.attachments ?? filesBeside(data)
  // A log of another database beside it would be read into this one.
  for (const taken of [data, `${data}-wal`, `${data}-shm`, files])
    if (existsSync(taken))
      throw usageError(
        `nothing is written over: ${describe(taken)} is there. Move it away, or name another --data`,
        RESTORE_USAGE,
      )

  const half = `${data}.half`
  const leftovers = [half, `${half}-wal`, `${half}-shm`]
  const clear = () => Promise.all(leftovers.map(file => rm(file, { force: true })))
  await clear()
  try {
    await copyFile(copy, half)
    await chmod(half, 0o600)
    const { conversations, events } = await checkDatabase(half)
    // Brings it to the shape of this build, too.
    const store = await openSqlStore({ file: half })
    await store.newEpoch(secureRandomId())
    await store.close()
    await toDisk(half)
    const copied = await copyFolder(filesOfCopy(copy), files)
    await rename(half, data)
    out.line(`Restored ${conversations} conversations with ${events} events to ${data}.`)
    if (copied > 0) out.line(`Restored ${copied} files to ${files}.`)
    out.line(`Start it: npx asklet serve ${asArgument({ kind: 'file', file: data })} …`)
    return 0
  } finally {
    await clear()
  }
}
