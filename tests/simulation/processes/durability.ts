// D7 cannot be shown by killing a process: what it wrote is in the kernel, and outlives it. So the server's system
// calls are traced, and each answer that says "stored" must come after a sync of the log that began after the row
// was written there.
//
//   pwrite64(asklet.db-wal, … clientId …)   fdatasync(asklet.db-wal) = 0   write(socket, … clientId … seq …)
//   <-- 1 ---------------------------------><-- 2 ----------------------><-- 3 ------------------------->

import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'

export interface Durability {
  /** Answers seen, by the id they are for. */
  readonly acks: number
  readonly syncs: number
  /** Answers that left before their row was safe; each says what was missing. */
  readonly early: readonly string[]
}

const CALLS = 'fsync,fdatasync,pwrite64,pwritev,write,writev,sendto,sendmsg'

/** Traces a running process until `stop`. */
export async function traceSyncs(pid: number, file: string): Promise<{ stop(): Promise<Durability> }> {
  const child = spawn(
    'strace',
    ['-f', '-y', '-s', '200000', '-p', String(pid), '-o', file, '-e', `trace=${CALLS}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const gone = new Promise(done => child.once('exit', done))
  // It says so when it is attached.
  await new Promise<void>((done, failed) => {
    child.stderr.on('data', chunk => {
      if (String(chunk).includes('attached')) done()
    })
    child.once('exit', () => failed(new Error('strace may not trace the server here')))
  })
  return {
    async stop() {
      child.kill('SIGINT')
      await gone
      const durability = readTrace(readFileSync(file, 'utf8'))
      rmSync(file, { force: true })
      return durability
    },
  }
}

/** An answer to `send`, as JSON in JSON: `"clientId":"…","seq":` with whatever quoting the trace puts in. */
const ACKED =
  /\\?"clientId\\?":\\?"([\w-]{8,64})\\?",\\?"seq\\?":\d+,\\?"at\\?":\d+(?:,\\?"dup\\?":(true))?\}/g

/** Pure: the text of a trace in, what it shows out. */
export function readTrace(text: string): Durability {
  /** By id: the line of its first write to the log. */
  const written = new Map<string, number>()
  const log: { line: number; text: string }[] = []
  /** Syncs of the log that succeeded: where they began and where they ended. */
  const syncs: { from: number; to: number }[] = []
  const begun = new Map<string, number>()
  const acked = new Set<string>()
  const early: string[] = []

  text.split('\n').forEach((each, line) => {
    const [, thread = '', call = ''] = /^(\d+)\s+(.*)$/s.exec(each) ?? []
    if (/^pwritev?(64)?\(\d+<[^>]*-wal>/.test(call)) log.push({ line, text: call })
    if (/^f(data)?sync\(\d+<[^>]*-wal>/.test(call)) {
      if (call.includes('<unfinished')) begun.set(thread, line)
      else if (/= 0$/.test(call.trim())) syncs.push({ from: line, to: line })
    }
    if (/^<\.\.\. f(data)?sync resumed>/.test(call)) {
      const from = begun.get(thread)
      begun.delete(thread)
      if (from !== undefined && /= 0$/.test(call.trim())) syncs.push({ from, to: line })
    }
    if (!/^(write|writev|sendto|sendmsg)\(\d+<(socket|TCP|UNIX)/.test(call)) return
    // Of the pushes that carry the same id none says `dup`, and none has the id before the seq in this form.
    for (const [, clientId = '', dup] of call.matchAll(ACKED)) {
      if (dup || acked.has(clientId)) continue
      acked.add(clientId)
      let wrote = written.get(clientId)
      if (wrote === undefined) {
        wrote = log.find(entry => entry.text.includes(clientId))?.line
        if (wrote !== undefined) written.set(clientId, wrote)
      }
      if (wrote === undefined) early.push(`${clientId}: acknowledged, and not in the log`)
      else if (!syncs.some(sync => sync.from > (wrote as number) && sync.to < line))
        early.push(`${clientId}: acknowledged, and the log was not synced after its row`)
    }
  })
  return { acks: acked.size, syncs: syncs.length, early }
}
