// `npm run uploads`: names and first bytes of outside corpora through the real server, up and down again. What should
// have come of each is judged here by rules of its own, not by those of the server. Exit 1 when anything was wrong:
// taken though it should not be, handed out as what it is not, a name that leads somewhere, or a good file refused.

import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ADMIT_ALL } from '../../src/server/admission'
import { emptyBrief } from '../../src/testing/emptyBrief'
import { odf, ooxml } from '../support/archives'
import { startHelpDesk } from '../support/helpDeskServer'
import { gif, jpeg, pdf, png } from '../support/pictures'

interface Reply {
  readonly ok: boolean
  readonly code?: string
  readonly conversationId?: string
  readonly attachment?: { attachmentId: string; name: string; mediaType: string; bytes: number }
  readonly urls?: readonly { readonly url: string }[]
}

const data = process.env.ASKLET_DATA
const corpus = <T>(name: string): T[] => {
  const file = join(data ?? '', 'hostile', `${name}.json`)
  if (data && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T[]
  console.log(`Skipped, because ASKLET_DATA does not lead to it: ${name}. Own inputs only.`)
  return []
}
const magic = corpus<{ name: string; ext: string; head: string }>('upload-magic')
const names = corpus<{ text: string }>('upload-filenames')

/** What a browser may be told that a file is, by the ending that the corpus gives it. */
const GOOD: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  pdf: 'application/pdf',
}
/** The same of documents, which the corpus cuts off: what tells them may be gone, and then they are refused. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
}
const folder = await mkdtemp(join(tmpdir(), 'asklet-uploads-'))
const server = await startHelpDesk(join(folder, 'desk.db'), {
  attachmentsDir: join(folder, 'files'),
  limits: { admission: ADMIT_ALL },
})
const secret = 'the-visitor-who-sends-all-of-it'
const headers = { authorization: `Bearer ${secret}` }
const wrong: string[] = []
let tried = 0
let conversationId = ''

const call = async (name: string, body: object): Promise<Reply> => {
  const response = await fetch(`${server.base}/asklet/v1/${name}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ v: 1, ...body }),
  })
  return (await response.json()) as Reply
}

/** A conversation holds so many unsent files. */
async function nextConversation(): Promise<void> {
  const opened = await call('open', { openId: `open-${tried}-of-uploads`, brief: emptyBrief() })
  conversationId = opened.conversationId ?? ''
  const body = { type: 'handoffReady', channel: 'ticket' }
  await call('send', { conversationId, drafts: [{ clientId: 'handoff-1', body }] })
}

async function upload(bytes: Uint8Array, name: string, said = 'application/octet-stream'): Promise<Reply> {
  if (tried % 25 === 0) await nextConversation()
  tried++
  const query = new URLSearchParams({ conversation: conversationId, name })
  const response = await fetch(`${server.base}/asklet/v1/upload?${query}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': said, 'x-asklet-upload': `upload-number-${tried}` },
    body: bytes as BodyInit,
  })
  return (await response.json()) as Reply
}

/** Down again: is it what it was taken for? */
async function check(what: string, bytes: Uint8Array, reply: Reply, mediaType: string): Promise<void> {
  const { attachment } = reply
  if (!reply.ok || !attachment) {
    wrong.push(`${what}: a good file was refused with ${reply.code}`)
    return
  }
  if (attachment.mediaType !== mediaType) wrong.push(`${what}: taken for ${attachment.mediaType}`)
  const name = nameProblem(attachment.name, mediaType)
  if (name) wrong.push(`${what}: the name ${JSON.stringify(attachment.name)} ${name}`)
  const { urls } = await call('fileUrls', { conversationId, attachmentIds: [attachment.attachmentId] })
  const response = await fetch(`${server.base}/asklet/v1/${urls?.[0]?.url}`)
  const got = Buffer.from(await response.arrayBuffer())
  const served = (response.headers.get('content-type') ?? '').split(';')[0]
  const disposition = response.headers.get('content-disposition') ?? ''
  const isShown = mediaType.startsWith('image/')
  if (!got.equals(bytes)) wrong.push(`${what}: other bytes came back`)
  if (served !== mediaType) wrong.push(`${what}: served as ${served}`)
  if (response.headers.get('x-content-type-options') !== 'nosniff') wrong.push(`${what}: without nosniff`)
  if (!/sandbox/.test(response.headers.get('content-security-policy') ?? ''))
    wrong.push(`${what}: no sandbox`)
  if (!disposition.startsWith(isShown ? 'inline;' : 'attachment;')) wrong.push(`${what}: ${disposition}`)
  const [, told = ''] = /filename\*=UTF-8''(\S+)$/.exec(disposition) ?? []
  if (decodeURIComponent(told) !== attachment.name) wrong.push(`${what}: saved as ${told}`)
}

function nameProblem(name: string, mediaType: string): string | null {
  const endings: Readonly<Record<string, RegExp>> = {
    'image/jpeg': /\.jpe?g$/,
    'text/plain': /\.(?:txt|log|md|json)$/,
    ...Object.fromEntries(
      Object.entries(DOCUMENTS).map(([ending, type]) => [type, new RegExp(`\\.${ending}$`)]),
    ),
  }
  if (!(endings[mediaType] ?? new RegExp(`\\.${mediaType.split('/')[1]}$`)).test(name))
    return 'has another ending'
  if (name.length > 120) return 'is too long'
  if (/[/\\:*?"<>|]|[^\P{C}]|[\u2028\u2029]/u.test(name))
    return 'holds what leads somewhere, or what is not seen'
  if (/^[.\s]|[.\s]$|^\.*$/.test(name)) return 'is hidden, or nothing'
  if (/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(name)) return 'is a device'
  return null
}

function isPlainText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return (
      !/^\s*[<#]/.test(text) && [...text].every(letter => letter >= ' ' || '\t\n\f\r\u001b'.includes(letter))
    )
  } catch {
    return false
  }
}

/** A cut JPEG may not have come to its measures: what is no picture for a browser is none for us. */
const hasMeasures = (bytes: Uint8Array) =>
  bytes.some((byte, at) => byte === 0xff && [0xc0, 0xc2].includes(bytes[at + 1] ?? 0))

for (const { name, ext, head } of magic) {
  const bytes = Buffer.from(head, 'base64')
  const good = ext === 'jpg' && !hasMeasures(bytes) ? undefined : GOOD[ext]
  for (const [as, said] of [
    [name, 'application/octet-stream'],
    ['photo.png', 'image/png'],
    [`${name}.txt`, 'text/plain'],
  ] as const) {
    const what = `${name} as ${as}`
    const reply = await upload(bytes, as, said)
    const document = DOCUMENTS[ext]
    if (good) await check(what, bytes, reply, good)
    else if (reply.ok && document) await check(what, bytes, reply, document)
    else if (reply.ok && isPlainText(bytes)) await check(what, bytes, reply, 'text/plain')
    else if (reply.ok) wrong.push(`${what}: taken, as ${reply.attachment?.mediaType}`)
  }
}

for (const { text } of names) {
  const asWritten = text.replaceAll('{EXT}', 'png').replace(/\{\w+SCRIPT\}/g, 'shell.php')
  const forms = new Set([text, asWritten, `${asWritten}.png`, `../../${asWritten}`])
  try {
    forms.add(decodeURIComponent(asWritten))
  } catch {}
  for (const name of forms) {
    const what = `the name ${JSON.stringify(name)}`
    await check(what, png(), await upload(png(), name), 'image/png')
  }
}

// Two things at once, and a type that is only said.
const ends = (text: string) => Buffer.from(text)
for (const [what, bytes, mediaType] of [
  ['GIF and script', Buffer.concat([gif(), ends('/*"*/;alert(1)//')]), 'image/gif'],
  ['PDF and HTML', Buffer.concat([pdf(), ends('<script>alert(1)</script>')]), 'application/pdf'],
  ['JPEG and PHP', Buffer.concat([jpeg(), ends('<?php system($_GET[0]); ?>')]), 'image/jpeg'],
  ['PNG and ZIP', Buffer.concat([png(), ends(`PK\u0005\u0006${'\0'.repeat(18)}`)]), 'image/png'],
  ['a docx', ooxml('docx'), DOCUMENTS.docx ?? ''],
  ['an xlsx whose list stands last', ooxml('xlsx', [], { listsLast: true }), DOCUMENTS.xlsx ?? ''],
  ['an odt', odf('text'), DOCUMENTS.odt ?? ''],
] as const)
  await check(what, bytes, await upload(bytes, 'evil.html', 'text/html'), mediaType)
for (const [what, bytes] of [
  ['HTML and PDF', ends('<html><!--%PDF-1.4--><script>alert(1)</script>')],
  ['SVG', ends('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
  ['a docm', ooxml('docm')],
  ['a docx with macros', ooxml('docx', [['word/vbaProject.bin', 'x']])],
  ['an odt with macros', odf('text', [['Basic/Standard/Module1.xml', 'x']])],
  ['a bomb of a PNG', png(60_000, 60_000)],
  ['a bomb of a GIF', gif(1, 1, { width: 60_000, height: 60_000 })],
] as const)
  if ((await upload(bytes, 'photo.png', 'image/png')).ok) wrong.push(`${what}: taken`)

const stored = await readdir(join(folder, 'files'))
for (const name of stored) if (!/^[\w-]{22,}$/.test(name)) wrong.push(`stored as ${JSON.stringify(name)}`)
const around = (await readdir(folder)).filter(name => !/^desk\.db|^files$/.test(name))
if (around.length > 0) wrong.push(`outside the folder: ${around.join(', ')}`)
await server.close()
await rm(folder, { recursive: true })

for (const sentence of wrong) console.log(`WRONG ${sentence}`)
console.log(`uploads-tried: ${tried}`)
console.log(`uploads-wrong: ${wrong.length}`)
process.exit(wrong.length > 0 ? 1 : 0)
