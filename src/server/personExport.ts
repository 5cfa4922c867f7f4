// Everything that is kept of a person, as they may have it: JSON of a documented shape, and a page that reads without any
// program. What belongs to it says `dataMap`: every column with `exported`. Agents' notes are in it, because what is noted
// about somebody is theirs to know; names of agents stand where they wrote to the visitor. Pure but for reading files.
// Refuses scripts, addresses to load from, and anything unescaped.

import { createHash } from 'node:crypto'
import type { AttachmentStore } from './files/attachmentStore'
import { type ExportTexts, exportTexts } from './personExportTexts'
import type { Person, PrivacyRows } from './store/personRows'

/**
 * `format` names this shape. `records`: rows by table of the data map, columns as the database has them, JSON as what it
 * says, times in milliseconds since 1970. `files`: where the bytes of `asklet_attachments` lie beside this file; null:
 * they could not be read.
 */
export interface PersonExport {
  readonly format: 'asklet-export@1'
  readonly exportedAt: string
  readonly person: Person
  readonly records: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>
  readonly files: readonly { readonly attachmentId: string; readonly path: string | null }[]
}

export interface ExportedFile {
  readonly path: string
  readonly bytes: Uint8Array
}

export interface Exported {
  readonly data: PersonExport
  readonly html: string
  /** Empty where `keepFile` took them. */
  readonly files: readonly ExportedFile[]
}

/** Takes a file of the person as it comes from its place: all of them may be more than a process has room for. */
export type KeepFile = (path: string, content: AsyncIterable<Uint8Array>) => Promise<void>

/**
 * @param locale    BCP 47, of the page that reads without a program
 * @param keepFile  takes each file; without it they are in memory, as `files`
 */
export async function exportPerson(
  store: PrivacyRows,
  bytes: AttachmentStore | null,
  person: Person,
  now: number,
  locale = 'en',
  keepFile?: KeepFile,
): Promise<Exported> {
  const records = await store.personRows(person)
  const files: ExportedFile[] = []
  const listed: { attachmentId: string; path: string | null }[] = []
  for (const { id, name, bytes: size } of records.asklet_attachments ?? []) {
    if (Number(size) === 0) continue
    const attachmentId = String(id)
    const stored = await bytes?.get(attachmentId)
    if (!stored) {
      listed.push({ attachmentId, path: null })
      continue
    }
    const content = stored.content as AsyncIterable<Uint8Array>
    const path = `files/${attachmentId}-${String(name).replace(/[^\p{L}\p{N}._-]/gu, '_')}`
    if (keepFile) await keepFile(path, content)
    else {
      const parts: Uint8Array[] = []
      for await (const part of content) parts.push(part)
      files.push({ path, bytes: Buffer.concat(parts) })
    }
    listed.push({ attachmentId, path })
  }
  const data: PersonExport = {
    format: 'asklet-export@1',
    exportedAt: new Date(now).toISOString(),
    person,
    records,
    files: listed,
  }
  return { data, html: exportPage(data, locale), files }
}

type Row = Readonly<Record<string, unknown>>

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}h2{margin-top:2.5rem;border-top:1px solid #767676;padding-top:1rem}ol{padding:0;list-style:none}li{margin:0 0 1rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}.m{color:#595959;font-size:.875rem}.w{white-space:pre-wrap;overflow-wrap:anywhere}'
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

export function exportPage(data: PersonExport, locale: string): string {
  const { language, direction, texts } = exportTexts(locale)
  const { records } = data
  const of = (table: string, conversationId: unknown, column = 'conversation_id') =>
    (records[table] ?? []).filter(row => row[column] === conversationId)
  const time = (value: unknown) => {
    const date = new Date(Number(value))
    return Number.isNaN(date.getTime())
      ? escaped(value)
      : `<time datetime="${date.toISOString()}">${escaped(date.toLocaleString(language, { timeZone: 'UTC' }))} UTC</time>`
  }
  const conversations = (records.asklet_conversations ?? []).map((row, n) => {
    const events = [...of('asklet_events', row.id)].sort((a, b) => Number(a.seq) - Number(b.seq))
    const notes = of('asklet_notes', row.id).filter(({ text }) => text !== null)
    const others = ['asklet_labels', 'asklet_beside', 'asklet_attachments', 'asklet_journal'].flatMap(
      table =>
        table === 'asklet_journal'
          ? (records[table] ?? []).filter(each => JSON.stringify(each).includes(String(row.id)))
          : of(table, row.id),
    )
    const ticket = row.ticket as { number?: unknown } | null
    return `<section aria-labelledby="c${n}"><h2 id="c${n}">${escaped(texts.conversation)} ${n + 1}${
      ticket?.number === undefined ? '' : ` – ${escaped(texts.ticket)} #${escaped(ticket.number)}`
    }</h2>
${list(row)}
<h3>${escaped(texts.thread)}</h3>
<ol>${events.map(event => eventItem(event, texts, time)).join('\n')}</ol>
${notes.length ? `<h3>${escaped(texts.notes)}</h3><ul>${notes.map(note => `<li><p class="m">${time(note.at)}</p><p class="w" dir="auto">${escaped(note.text)}</p></li>`).join('')}</ul>` : ''}
${others.length ? `<h3>${escaped(texts.beside)}</h3>${others.map(list).join('<hr>')}` : ''}</section>`
  })
  const placed = new Set([
    'asklet_conversations',
    'asklet_events',
    'asklet_notes',
    'asklet_labels',
    'asklet_beside',
    'asklet_attachments',
    'asklet_journal',
  ])
  // Tables that this page does not know stand as they are: nothing that the map exports is left out.
  const rest = Object.entries(records).filter(([table, rows]) => !placed.has(table) && rows.length > 0)
  const files = data.files.map(({ attachmentId, path }) =>
    path === null
      ? `<li>${escaped(attachmentId)}: ${escaped(texts.notReadable)}</li>`
      : `<li><a href="${escaped(path.split('/').map(encodeURIComponent).join('/'))}" download>${escaped(path)}</a></li>`,
  )
  return `<!doctype html>
<html lang="${escaped(language)}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${escaped(texts.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(texts.title)}</h1>
<p>${escaped(texts.made)} ${time(Date.parse(data.exportedAt))}. ${escaped(texts.alsoJson)}</p>
<p>${escaped(texts.identities)}: ${data.person.identities.map(escaped).join(', ') || '–'}</p>
${conversations.join('\n') || `<p>${escaped(texts.nothing)}</p>`}
${rest.length ? `<section aria-labelledby="rest"><h2 id="rest">${escaped(texts.beside)}</h2>${rest.map(([table, rows]) => `<h3>${escaped(table)}</h3>${rows.map(list).join('<hr>')}`).join('')}</section>` : ''}
${files.length ? `<section aria-labelledby="files"><h2 id="files">${escaped(texts.files)}</h2><ul>${files.join('')}</ul></section>` : ''}
</main>
</body>
</html>
`
}

function eventItem(event: Row, texts: ExportTexts, time: (value: unknown) => string): string {
  const author = (event.author ?? {}) as { kind?: string; name?: string }
  const body = event.body as Row | null
  const who = author.name ?? (author.kind === 'bot' ? texts.bot : author.kind === 'system' ? '' : texts.you)
  const words = typeof body?.text === 'string' ? body.text : null
  // What is said stands as words; all else of the event as it is, so that nothing of it is left out.
  const { text: _, type: __, ...said } = body ?? {}
  const { client_id, sender, origin, said_at } = event
  const more = { ...said, client_id, sender, origin, said_at }
  return `<li><p class="m">${time(event.at)} · ${escaped(event.type)}${who ? ` · <bdi>${escaped(who)}</bdi>` : ''}</p>${
    words === null ? '' : `<p class="w" dir="auto">${escaped(words)}</p>`
  }${body === null ? `<p>${escaped(texts.erased)}</p>` : ''}${list(more)}</li>`
}

/** Names and values, as they are stored; what is made of several parts as JSON. */
function list(row: Row): string {
  const entries = Object.entries(row).filter(([, value]) => value !== null && value !== '')
  return `<dl>${entries
    .map(
      ([name, value]) =>
        `<dt>${escaped(name)}</dt><dd dir="auto">${escaped(typeof value === 'object' ? JSON.stringify(value, null, 1) : value)}</dd>`,
    )
    .join('')}</dl>`
}

const SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
function escaped(value: unknown): string {
  return String(value).replace(/[&<>"']/g, sign => SIGNS[sign] as string)
}
