// Leaves no byte of what was erased in the files of an embedded database (S64): rewrites them, on a thread and a
// connection of its own, because gigabytes take minutes and the thread that serves has pings to answer. Who writes
// meanwhile is asked to come again, as beside any other process that writes.

import { Worker } from 'node:worker_threads'

/** A backup, or a commit, is done by then. */
const WAIT_MS = 10_000

// Rewritten, because pages that were split keep copies of rows in their gaps, and a file of an earlier build has free
// pages from before they were overwritten. Then the log is cut, for it has copies of pages, too.
// As text: a build has no second file for it, and a test none that was built.
const SCRUB = `
const { parentPort, workerData: { file, libsql, waitMs } } = require('node:worker_threads')
const Driver = libsql === null ? require('node:sqlite').DatabaseSync : require(libsql)
const database = new Driver(file)
let isScrubbed = false
try {
  database.exec('pragma busy_timeout = ' + waitMs + '; pragma secure_delete = on; vacuum')
  const [row] = database.prepare('pragma wal_checkpoint(truncate)').all()
  isScrubbed = Number(row?.busy ?? 1) === 0
} catch {} finally {
  try { database.close() } catch {}
}
parentPort.postMessage(isScrubbed)
`

/**
 * @param libsql  path of that driver; null: Node's own
 * @returns false where somebody else had the database for `waitMs`, or the disk had no room
 */
export function scrubFile(file: string, libsql: string | null, waitMs = WAIT_MS): Promise<boolean> {
  return new Promise(resolve => {
    const worker = new Worker(SCRUB, { eval: true, workerData: { file, libsql, waitMs } })
    worker.once('message', resolve)
    worker.once('error', () => resolve(false))
    worker.once('exit', () => resolve(false))
  })
}
