// The server under attack, and what the attackers and their victims have at hand: connections, calls, the database
// as it lies on the disk, and a visitor who must not notice any of it.

import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createConnection, type Socket as NetSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import type { Socket } from 'socket.io-client'
import { createEnvironment } from '../../src/base/environment'
import { type Agents, createAgents } from '../../src/server/agents'
import type { HelpDeskStore } from '../../src/server/store/helpDeskStore'
import { openSqlStore } from '../../src/server/store/openSqlStore'
import { emptyBrief } from '../../src/testing/emptyBrief'
import { writeHelp } from '../support/builtHelp'
import { connected, openSocket } from '../support/sockets'
import { sketch } from '../unit/search/shelf'

export const KEY = 'a key of at least thirty-two bytes'

export interface Answer {
  readonly ok: boolean
  readonly code?: string
  readonly [field: string]: unknown
}

export interface Stage {
  readonly port: number
  readonly store: HelpDeskStore
  readonly agents: Agents
  /** A connection to a namespace; rejects with the refusal's code. */
  socket(namespace: string, auth: object, headers?: Record<string, string>): Promise<Socket>
  ask(socket: Socket, name: string, body: unknown): Promise<Answer>
  http(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer & { status: number; headers: Headers }>
  /** A bare TCP connection that has asked for an upgrade. */
  raw(headers?: Record<string, string>): Promise<RawSocket>
  /** Bytes as they are, on a connection of their own; resolves to what came back until it closed or `ms` passed. */
  bytes(data: string | Buffer, ms?: number): Promise<string>
  cookie(name: string): Promise<string>
  /** One value for each conversation and its events; others than `ids` if given are left out. */
  contents(): Map<string, string>
  /** Rows in a table. */
  rows(table: string): number
  rss(): Promise<number>
  crashes(): number
  close(): Promise<void>
}

export interface RawSocket {
  readonly tcp: NetSocket
  /** A masked text frame. */
  text(data: string | Buffer): void
  isClosed(): boolean
  closed(ms: number): Promise<boolean>
}

export async function createStage(serverFile: string): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'asklet-security-'))
  const file = join(folder, 'desk.db')
  const privateDir = join(folder, 'private')
  const helpDir = join(folder, 'help')
  await writeHelp(helpDir, [helpArticle('open')])
  for (const role of ['client', '_any'])
    await writeHelp(join(privateDir, role), [helpArticle(`for/${role}`)], { private: true })
  await writeFile(join(privateDir, 'outside.json'), '{}')
  let isEnding = false
  let crashes = 0
  const child: ChildProcess = fork(serverFile, [file, privateDir, KEY, helpDir], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.on('exit', (code, signal) => {
    if (isEnding) return
    crashes++
    console.error(`the server ended: ${code ?? signal}`)
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', message => resolve((message as { port: number }).port))
    child.once('exit', () => reject(new Error('the server did not start')))
  })
  const base = `http://127.0.0.1:${port}`
  const store = await openSqlStore({ file })
  const agents = createAgents(store, createEnvironment())
  const database = new Database(file)
  const sockets = new Set<Socket>()
  const tcps = new Set<NetSocket>()

  const tcp = () =>
    new Promise<NetSocket>((resolve, reject) => {
      const made = createConnection(port, '127.0.0.1', () => resolve(made))
      tcps.add(made)
      made.on('close', () => tcps.delete(made))
      made.on('error', reject)
    })

  const stage: Stage = {
    port,
    store,
    agents,
    socket: (namespace, auth, extraHeaders) =>
      new Promise((resolve, reject) => {
        const socket = openSocket(`${base}${namespace}`, auth, extraHeaders)
        sockets.add(socket)
        socket.on('disconnect', () => sockets.delete(socket))
        connected(socket).then(resolve, reject)
        // A handshake that cannot be read is not answered but closed; a refused one closes before it says why.
        socket.io.on('close', () => setImmediate(() => reject(new Error('closed'))))
      }),
    ask: (socket, name, body) =>
      socket
        .timeout(4_000)
        .emitWithAck(name, body)
        .catch(() => ({ ok: false, code: 'no_answer' })),
    async http(method, path, body, headers = {}) {
      const response = await fetch(`${base}/asklet/v1/${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      let answer: Answer
      try {
        answer = JSON.parse(text) as Answer
      } catch {
        answer = { ok: false, code: 'not JSON' }
      }
      return { ...answer, status: response.status, headers: response.headers }
    },
    async raw(headers = {}) {
      const made = await tcp()
      let isClosed = false
      made.on('close', () => {
        isClosed = true
      })
      const upgraded = new Promise<void>(done => {
        made.once('data', () => done())
        made.once('close', () => done())
      })
      made.write(
        [
          'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
          'Host: x',
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
          ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
          '\r\n',
        ].join('\r\n'),
      )
      await upgraded
      return {
        tcp: made,
        text: data => void (isClosed || made.write(frame(1, Buffer.from(data)))),
        isClosed: () => isClosed,
        closed: ms =>
          new Promise(done => {
            if (isClosed) return done(true)
            const timer = setTimeout(() => done(false), ms)
            made.once('close', () => {
              clearTimeout(timer)
              done(true)
            })
          }),
      }
    },
    async bytes(data, ms = 1_000) {
      const made = await tcp()
      const chunks: Buffer[] = []
      made.on('data', chunk => chunks.push(chunk))
      made.on('error', () => {})
      made.write(data)
      await new Promise<void>(done => {
        const timer = setTimeout(done, ms)
        made.once('close', () => {
          clearTimeout(timer)
          done()
        })
      })
      made.destroy()
      return Buffer.concat(chunks).toString('latin1')
    },
    async cookie(name) {
      const signedIn = await stage.http('POST', 'desk/signin', { link: await agents.link(name) })
      return signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    },
    contents() {
      const found = new Map<string, string>()
      const all = (sql: string) => database.prepare(sql).all() as Record<string, unknown>[]
      for (const row of all('select * from asklet_conversations order by id'))
        found.set(String(row.id), JSON.stringify(row))
      for (const row of all('select * from asklet_events order by conversation_id, seq')) {
        const id = String(row.conversation_id)
        found.set(
          id,
          createHash('sha256')
            .update(`${found.get(id)}${JSON.stringify(row)}`)
            .digest('base64url'),
        )
      }
      return found
    },
    rows: table => Number((database.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n),
    rss: () =>
      new Promise((resolve, reject) => {
        if (!child.connected) return reject(new Error('the server is gone'))
        child.once('message', message => resolve((message as { rss: number }).rss))
        child.send('rss')
      }),
    crashes: () => crashes,
    async close() {
      isEnding = true
      for (const socket of sockets) socket.disconnect()
      for (const each of tcps) each.destroy()
      const ended = new Promise(done => child.once('exit', done))
      if (child.exitCode === null && child.signalCode === null) {
        child.kill()
        await ended
      }
      database.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return stage
}

/** An article that a search for "harbour" finds, by any way. */
const helpArticle = (id: string) =>
  sketch({ id, title: `Harbour of ${id}`, body: { '': `The harbour of ${id} is closed at night.` } })

/** A WebSocket frame as a client sends it (RFC 6455, 5.2). */
export function frame(opcode: number, payload: Buffer, declared = payload.length, isLast = true): Buffer {
  const first = (isLast ? 0x80 : 0) | opcode
  const head =
    declared < 126
      ? Buffer.from([first, 0x80 | declared])
      : declared < 65_536
        ? Buffer.from([first, 0xfe, declared >> 8, declared & 255])
        : Buffer.concat([Buffer.from([first, 0xff]), bigEndian(declared)])
  // A mask of zeros is a mask.
  return Buffer.concat([head, Buffer.alloc(4), payload])
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

let made = 0
export const nextId = () => `id-${String(++made).padStart(8, '0')}`
/** An address of its own for each caller, as a trusted proxy says it. */
export const from = (n = ++made) => ({
  'x-forwarded-for': `203.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
})
export const secretOf = (name: string) => createHash('sha256').update(name).digest('base64url')
export const draft = (text: string, clientId = nextId()) => ({
  clientId,
  body: { type: 'message', text, format: 'plain' },
})
/** A message whose masking its writer took back (P3). */
export const asTyped = (text: string) => {
  const { clientId, body } = draft(text)
  return { clientId, body: { ...body, unmasked: true } }
}
export const openBody = (openId = nextId()) => ({ v: 1, openId, brief: emptyBrief() })
