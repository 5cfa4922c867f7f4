// Files through the real server: what a page, a desk and an intruder meet.

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Socket } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Attachment } from '../../../../src/protocol/attachments'
import type { FileUrls, Refusal, Reply } from '../../../../src/protocol/wire'
import type { HelpDeskOptions } from '../../../../src/server/attachHelpDesk'
import { emptyBrief } from '../../../../src/testing/emptyBrief'
import { createManualClock } from '../../../../src/testing/manualClock'
import { type HelpDeskServer, startHelpDesk } from '../../../support/helpDeskServer'
import { gif, pdf, png } from '../../../support/pictures'

const SECRET = 'visitor-secret-0123456789'
const OTHER = 'another-secret-0123456789'
const SHOP = 'https://shop.example'

let folder: string
let server: HelpDeskServer
let page: Socket
let conversationId: string

async function start(change: Partial<HelpDeskOptions> = {}) {
  server = await startHelpDesk(join(folder, 'desk.db'), {
    attachmentsDir: join(folder, 'files'),
    allowedOrigins: [SHOP],
    ...change,
  })
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'asklet-http-files-'))
  await start()
  page = await visitor()
  conversationId = await inQueue(page)
})
afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

const visitor = (secret = SECRET) => server.socketTo('/asklet', { v: 1, secret })
const ask = <T>(socket: Socket, name: string, body: object): Promise<Reply<T>> =>
  socket.timeout(5_000).emitWithAck(name, { v: 1, ...body })
async function inQueue(socket: Socket, openId = 'open-0001'): Promise<string> {
  const opened = await ask<{ conversationId: string }>(socket, 'open', { openId, brief: emptyBrief() })
  if (!opened.ok) throw new Error(opened.code)
  const id = opened.conversationId
  const handoff = { clientId: 'handoff-1', body: { type: 'handoffReady', channel: 'ticket' } }
  await ask(socket, 'send', { conversationId: id, drafts: [handoff] })
  return id
}

interface Sent {
  readonly status: number
  readonly reply: Reply<{ attachment: Attachment }>
}
async function upload(
  bytes: Uint8Array | string,
  name: string,
  change: {
    to?: string
    secret?: string
    uploadId?: string
    path?: string
    headers?: Record<string, string>
  } = {},
): Promise<Sent> {
  const {
    to = conversationId,
    secret = SECRET,
    uploadId = `upload-${name.length}-${bytes.length}`,
    path = 'upload',
  } = change
  const query = new URLSearchParams({ conversation: to, name })
  const response = await fetch(`${server.base}/asklet/v1/${path}?${query}`, {
    method: 'POST',
    headers: {
      'x-asklet-upload': uploadId,
      ...(path === 'upload' && { authorization: `Bearer ${secret}` }),
      ...change.headers,
    },
    body: bytes as BodyInit,
  })
  return { status: response.status, reply: (await response.json()) as Sent['reply'] }
}
async function taken(...given: Parameters<typeof upload>): Promise<Attachment> {
  const { reply } = await upload(...given)
  if (!reply.ok) throw new Error(`${reply.code}: ${reply.detail}`)
  return reply.attachment
}
const codeOf = ({ reply }: Sent) => (reply.ok ? 'ok' : reply.code)

const say = (clientId: string, attachments: readonly Attachment[], socket = page, to = conversationId) =>
  ask<{ results: object[] }>(socket, 'send', {
    conversationId: to,
    drafts: [{ clientId, body: { type: 'message', text: 'a file', format: 'plain', attachments } }],
  })
async function urlOf(attachmentId: string, socket = page): Promise<string> {
  const reply = await ask<FileUrls>(socket, 'fileUrls', { conversationId, attachmentIds: [attachmentId] })
  if (!reply.ok) throw new Error(reply.code)
  return `${server.base}/asklet/v1/${reply.urls[0]?.url}`
}
async function agent(name = 'Ada') {
  await server.helpDesk.agents.add({ name })
  const link = await server.helpDesk.agents.link(name)
  const signedIn = await fetch(`${server.base}/asklet/v1/desk/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link }),
  })
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  return { cookie, socket: await server.socketTo('/asklet-desk', { v: 1 }, { cookie }) }
}

describe('a file', () => {
  test('[F1][F3] a visitor shows a picture, the agent sees it and sends a document back', async () => {
    const photo = await taken(png(), 'Screen shot.PNG')
    expect(photo).toMatchObject({
      name: 'Screen shot.png',
      mediaType: 'image/png',
      bytes: png().byteLength,
      width: 4,
      height: 3,
    })
    expect(await say('message-1', [photo])).toMatchObject({ ok: true })
    const desk = await agent()
    const seen = await fetch(await urlOf(photo.attachmentId, desk.socket))
    expect(Buffer.from(await seen.arrayBuffer()).equals(png())).toBe(true)

    const asAgent = { path: 'desk/upload', headers: { cookie: desk.cookie } }
    const invoice = await taken(pdf(), 'invoice.pdf', asAgent)
    expect(await say('message-2', [invoice], desk.socket)).toMatchObject({ ok: true })
    const thread = await ask<{ events: { body: { attachments?: Attachment[] } }[] }>(page, 'sync', {
      conversationId,
      after: 0,
      epoch: '',
    })
    const files = thread.ok && thread.events.flatMap(({ body }) => body.attachments ?? [])
    expect(files).toEqual([photo, invoice])
    expect((await fetch(await urlOf(invoice.attachmentId))).status).toBe(200)
  })

  test('[F7] it is handed out as what it is, and nothing in it may run', async () => {
    const both = Buffer.concat([gif(), Buffer.from('/*"*/;alert(1)//')])
    const shown = await fetch(await urlOf((await taken(both, 'Über.gif.js')).attachmentId))
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/gif',
      'content-disposition': `inline; filename="_ber_gif_js.gif"; filename*=UTF-8''%C3%9Cber_gif_js.gif`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'referrer-policy': 'no-referrer',
      'content-length': String(both.byteLength),
    })
    const [, age] = /^private, max-age=(\d+)$/.exec(shown.headers.get('cache-control') ?? '') ?? []
    expect(Number(age)).toBeGreaterThan(500)
    expect(Number(age)).toBeLessThan(600)
    const saved = await fetch(await urlOf((await taken('a;b', 'list.csv')).attachmentId))
    expect(Object.fromEntries(saved.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="list.csv"; filename*=UTF-8''list.csv`,
      'cross-origin-resource-policy': 'same-origin',
    })
  })

  test('[F4] what it says of its type counts for nothing', async () => {
    const spoofed = { headers: { 'content-type': 'image/png' } }
    const refused = await upload('<svg onload="alert(1)"/>', 'photo.png', spoofed)
    expect([refused.status, codeOf(refused)]).toEqual([415, 'unsupported_type'])
    expect(await taken(png(), 'page.html', { headers: { 'content-type': 'text/html' } })).toMatchObject({
      name: 'page_html.png',
      mediaType: 'image/png',
    })
  })

  test('[F1] one that is too large is refused, by its length or its pixels; nothing of a refused one is left', async () => {
    await server.close()
    await start({ config: { attachments: { maxBytes: 1_000, maxMegapixels: 1 } } })
    page = await visitor()
    const large = await upload('x'.repeat(1_001), 'long.txt')
    expect([large.status, codeOf(large)]).toEqual([413, 'too_large'])
    expect(codeOf(await upload(png(1_001, 1_000), 'bomb.png'))).toBe('too_large')
    expect(codeOf(await upload('', 'nothing.txt'))).toBe('bad_request')
    expect(codeOf(await upload('<html>', 'a.txt'))).toBe('unsupported_type')
    expect(codeOf(await upload('x'.repeat(1_000), 'long.txt'))).toBe('ok')
    expect((await readdir(join(folder, 'files'))).length).toBe(1)
    expect(await server.store.filesToRemove(0, 10)).toEqual([])
  })

  test('[F2] tried again after a lost answer it is one file, and it is another one with another id', async () => {
    const first = await taken(png(), 'photo.png', { uploadId: 'upload-0001' })
    expect(await taken(png(), 'photo.png', { uploadId: 'upload-0001' })).toEqual(first)
    expect(await taken(png(), 'photo.png', { uploadId: 'upload-0002' })).not.toEqual(first)
    expect((await readdir(join(folder, 'files'))).length).toBe(2)
  })

  test('[F2] one that breaks off leaves nothing, and the next try is whole', async () => {
    const { port } = new URL(server.base)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(
      `POST /asklet/v1/upload?conversation=${conversationId}&name=a.txt HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${SECRET}\r\nx-asklet-upload: upload-0001\r\ncontent-length: 900000\r\n\r\n${'x'.repeat(200_000)}`,
    )
    const half = async () => (await readdir(join(folder, 'files')).catch(() => [])).length
    while ((await half()) === 0) await new Promise(setImmediate)
    socket.destroy()
    while ((await half()) > 0) await new Promise(setImmediate)
    expect(await taken('x', 'a.txt', { uploadId: 'upload-0001' })).toMatchObject({ name: 'a.txt' })
  })

  test('[F1] a length must be said, and an id', async () => {
    const { port } = new URL(server.base)
    const status = await new Promise<number | undefined>(done => {
      const request = httpRequest({
        port,
        path: `/asklet/v1/upload?conversation=${conversationId}&name=a.txt`,
        method: 'POST',
        headers: { authorization: `Bearer ${SECRET}`, 'x-asklet-upload': 'upload-0001' },
      })
      request.on('response', response => done(response.resume().statusCode))
      request.write('chunked')
      request.end()
    })
    expect(status).toBe(400)
    expect(codeOf(await upload(png(), 'a.png', { uploadId: '../../etc' }))).toBe('bad_request')
    expect(codeOf(await upload(png(), 'a.png', { to: 'x' }))).toBe('bad_request')
  })
})

describe('[F2] who may put a file where', () => {
  test('nobody into a conversation of another visitor, none without a secret, none into one that is none', async () => {
    expect(codeOf(await upload(png(), 'a.png', { secret: OTHER }))).toBe('forbidden')
    expect(codeOf(await upload(png(), 'a.png', { secret: 'short' }))).toBe('unauthenticated')
    expect(codeOf(await upload(png(), 'a.png', { to: 'no-such-conversation' }))).toBe('not_found')
    expect(codeOf(await upload(png(), 'a.png', { headers: { origin: 'https://evil.example' } }))).toBe(
      'forbidden',
    )
    expect((await readdir(join(folder, 'files')).catch(() => [])).length).toBe(0)
  })

  test('whoever may not is answered at once and cut off, however slowly the file would come', async () => {
    const { port } = new URL(server.base)
    const answerTo = (headers: string) =>
      new Promise<string>(done => {
        const socket = connect(Number(port), '127.0.0.1')
        socket.on('data', data => {
          socket.destroy()
          done(data.toString().split('\r\n\r\n')[0] ?? '')
        })
        socket.write(
          `POST /asklet/v1/upload?conversation=${conversationId}&name=a.txt HTTP/1.1\r\nhost: x\r\nx-asklet-upload: upload-0001\r\ncontent-length: 900000\r\n${headers}\r\nx`,
        )
      })
    for (const [headers, status] of [
      ['', '401'],
      [`authorization: Bearer ${OTHER}\r\n`, '403'],
    ] as const) {
      const head = await answerTo(headers)
      expect(head).toContain(`HTTP/1.1 ${status}`)
      expect(head.toLowerCase()).toContain('connection: close')
    }
  })

  test('nobody before a person is asked for, and nobody after it has ended', async () => {
    const early = await ask<{ conversationId: string }>(page, 'open', {
      openId: 'open-0002',
      brief: emptyBrief(),
    })
    const to = early.ok ? early.conversationId : ''
    expect(codeOf(await upload(png(), 'a.png', { to }))).toBe('closed')
    const photo = await taken(png(), 'a.png')
    await ask(page, 'send', {
      conversationId,
      drafts: [{ clientId: 'the-end-1', body: { type: 'ended', by: 'visitor' } }],
    })
    expect(codeOf(await upload(png(), 'b.png'))).toBe('closed')
    expect(await say('message-1', [photo])).toMatchObject({ code: 'closed' })
    const accepts = await ask<FileUrls>(page, 'fileUrls', {
      conversationId,
      attachmentIds: [photo.attachmentId],
    })
    expect(accepts).toMatchObject({ ok: true, accepts: null, urls: [{ attachmentId: photo.attachmentId }] })
  })

  test('an agent with a session, from the desk’s own page, by a request that no form can make', async () => {
    const { cookie } = await agent()
    const desk = (headers: Record<string, string>) => upload(png(), 'a.png', { path: 'desk/upload', headers })
    expect(codeOf(await desk({}))).toBe('unauthenticated')
    expect(codeOf(await desk({ cookie, origin: 'https://evil.example' }))).toBe('forbidden')
    expect(codeOf(await desk({ cookie, origin: SHOP }))).toBe('forbidden')
    const query = new URLSearchParams({ conversation: conversationId, name: 'a.png' })
    const form = await fetch(`${server.base}/asklet/v1/desk/upload?${query}`, {
      method: 'POST',
      headers: { cookie },
      body: png() as BodyInit,
    })
    expect(((await form.json()) as Refusal).code).toBe('bad_request')
    expect(codeOf(await desk({ cookie, origin: server.base }))).toBe('ok')
    // A visitor's road takes no cookie.
    expect(codeOf(await upload(png(), 'a.png', { secret: 'x', headers: { cookie } }))).toBe('unauthenticated')
  })

  test('an agent into a live conversation of their own only', async () => {
    const [ada, bob] = [await agent('Ada'), await agent('Bob')]
    const claimed = await ask(ada.socket, 'claim', { conversationId, expected: 0 })
    expect(claimed).toMatchObject({ ok: true })
    const by = ({ cookie }: { cookie: string }) =>
      upload(png(), 'a.png', { path: 'desk/upload', headers: { cookie } })
    expect(codeOf(await by(bob))).toBe('stale_assignment')
    expect(codeOf(await by(ada))).toBe('ok')
  })

  test('[F8] a preflight allows the header to the site’s pages only', async () => {
    const preflight = (origin: string, path: string) =>
      fetch(`${server.base}/asklet/v1/${path}`, { method: 'OPTIONS', headers: { origin } })
    const allowed = await preflight(SHOP, 'upload')
    expect(allowed.headers.get('access-control-allow-headers')).toContain('x-asklet-upload')
    expect((await preflight('https://evil.example', 'upload')).status).toBe(403)
    const toDesk = await preflight(SHOP, 'desk/upload')
    expect(toDesk.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('[F3] a message', () => {
  test('takes no file of the agent’s, of another conversation, of nobody or of another message', async () => {
    const desk = await agent()
    const theirs = await taken(png(), 'a.png', { path: 'desk/upload', headers: { cookie: desk.cookie } })
    const stranger = await visitor(OTHER)
    const elsewhere = await inQueue(stranger)
    const foreign = await taken(png(), 'b.png', { to: elsewhere, secret: OTHER })
    const mine = await taken(png(), 'c.png')
    for (const [n, wrong] of [[theirs], [foreign], [mine, mine], [{ ...mine, name: 'c.exe' }]].entries())
      expect(await say(`message-${n}`, wrong)).toMatchObject({ ok: false, code: 'bad_request' })
    expect(await say('message-8', [mine])).toMatchObject({ ok: true })
    expect(await say('message-9', [mine])).toMatchObject({ ok: false, code: 'bad_request' })
    expect(await say('message-8', [mine])).toMatchObject({ ok: true, results: [{ dup: true }] })
  })

  test('of the bot’s has none', async () => {
    const opened = await ask<{ conversationId: string }>(page, 'open', {
      openId: 'open-0003',
      brief: emptyBrief(),
    })
    const id = opened.ok ? opened.conversationId : ''
    const body = { type: 'message', text: 'x', format: 'plain', attachments: [await taken(png(), 'c.png')] }
    const drafts = [{ clientId: 'message-1', as: 'bot', body }]
    expect(await ask(page, 'send', { conversationId: id, drafts })).toMatchObject({ code: 'bad_request' })
  })
})

describe('[F6] an address', () => {
  const get = async (address: string) => (await fetch(address)).status
  const changed = (address: string, change: (url: URL) => void) => {
    const url = new URL(address)
    change(url)
    return url.href
  }

  test('reads this file for as long as it says, and nothing else', async () => {
    const address = await urlOf((await taken(png(), 'a.png')).attachmentId)
    const other = await taken(png(), 'b.png', { uploadId: 'another-upload' })
    expect(await get(address)).toBe(200)
    expect(await get(changed(address, url => url.searchParams.set('e', String(Date.now() + 9e6))))).toBe(403)
    expect(await get(changed(address, url => url.searchParams.set('c', 'another-conversation')))).toBe(403)
    expect(await get(changed(address, url => url.searchParams.set('s', 'AAAA')))).toBe(403)
    expect(await get(changed(address, url => url.searchParams.delete('s')))).toBe(403)
    const swapped = changed(address, url => {
      url.pathname = url.pathname.replace(/[^/]+$/, other.attachmentId)
    })
    expect(await get(swapped)).toBe(403)
    for (const path of ['..%2f..%2fdesk.db', '%00', 'x'])
      expect(
        await get(
          changed(address, url => {
            url.pathname = `/asklet/v1/file/${path}`
          }),
        ),
      ).toBe(404)
  })

  test('is given to its owner and to agents, for files of this conversation', async () => {
    const photo = await taken(png(), 'a.png')
    const stranger = await visitor(OTHER)
    const asked = { conversationId, attachmentIds: [photo.attachmentId] }
    expect(await ask(stranger, 'fileUrls', asked)).toMatchObject({ ok: false, code: 'forbidden' })
    const own = { conversationId: await inQueue(stranger), attachmentIds: [photo.attachmentId] }
    expect(await ask(stranger, 'fileUrls', own)).toMatchObject({ ok: true, urls: [] })
    const accepts = await ask<FileUrls>(page, 'fileUrls', { conversationId, attachmentIds: [] })
    expect(accepts.ok && accepts.accepts).toMatchObject({ maxBytes: 10_000_000 })
  })

  test('holds ten minutes', async () => {
    await server.close()
    const clock = createManualClock()
    await start({ clock })
    page = await visitor()
    const address = await urlOf((await taken(png(), 'a.png')).attachmentId)
    await clock.advance(9.9 * 60_000)
    expect(await get(address)).toBe(200)
    await clock.advance(0.2 * 60_000)
    expect(await get(address)).toBe(403)
  })
})

describe('what nobody needs any more', () => {
  test('[F9] a file that no message has goes after an hour, one that a message has stays', async () => {
    await server.close()
    const clock = createManualClock()
    await start({ clock })
    page = await visitor()
    const sent = await taken(png(), 'a.png')
    await say('message-1', [sent])
    const unsent = await taken(gif(), 'b.gif')
    await clock.advance(59 * 60_000)
    expect((await readdir(join(folder, 'files'))).length).toBe(2)
    while ((await readdir(join(folder, 'files'))).length > 1) await clock.advance(60_000)
    expect(await readdir(join(folder, 'files'))).toEqual([sent.attachmentId])
    expect(await say('message-2', [unsent])).toMatchObject({ code: 'bad_request' })
  })

  test('[F10] erasing a conversation takes its files away at once, and their bytes within a minute', async () => {
    await server.close()
    const clock = createManualClock()
    await start({ clock })
    page = await visitor()
    const photo = await taken(png(), 'a.png')
    await say('message-1', [photo])
    const address = await urlOf(photo.attachmentId)
    await server.store.erase(conversationId, Date.now())
    expect((await fetch(address)).status).toBe(404)
    while ((await readdir(join(folder, 'files'))).length > 0) await clock.advance(60_000)
  })
})

describe('[F11] switched off', () => {
  test.each<[string, Partial<HelpDeskOptions>]>([
    ['by the configuration', { config: { attachments: false } }],
    ['without a place', { attachmentsDir: undefined as unknown as string }],
  ])('%s there is neither a way in nor a way out', async (_how, change) => {
    await server.close()
    await start(change)
    page = await visitor()
    expect(codeOf(await upload(png(), 'a.png'))).toBe('not_found')
    expect(await ask(page, 'fileUrls', { conversationId, attachmentIds: [] })).toMatchObject({
      code: 'not_found',
    })
    expect((await fetch(`${server.base}/asklet/v1/file/some-file-0001?c=x&e=1&s=x`)).status).toBe(404)
  })
})

test('[F12] who sends file after file is asked to wait', async () => {
  const codes = new Set<string>()
  for (let n = 0; n < 45; n++) codes.add(codeOf(await upload('x', 'a.txt', { uploadId: `upload-000${n}` })))
  expect(codes).toEqual(new Set(['ok', 'rate_limited']))
})
