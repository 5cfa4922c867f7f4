// `asklet review export`: what leads judged -> cases of `asklet test` and `asklet evaluate`, a file and a line a
// review. Running it again changes nothing; what a person changed or took away is theirs; what was erased since goes.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from '../base/errors'
import type { SiteMasks } from '../base/redact'
import { foundAt } from '../server/reviews'
import type { ReviewRow } from '../server/store/reviewStore'
import { readArguments, usageError } from './arguments'
import type { Output } from './output'
import { caseOf } from './reviewCases'
import { readSiteArguments } from './siteArguments'
import { isThere, openStore, STORE_OPTIONS, storeArguments } from './storeArguments'
import { readConfig } from './test'

const USAGE =
  'asklet review export --out <folder> [--config asklet.json] [--data asklet.db | --database postgres://…]'
const HELP = [
  USAGE,
  '',
  '  --out <folder>  where the cases go: review-<id>.test.txt for "asklet test", and queries.jsonl for "asklet',
  '                  evaluate"; beside the folder "articles", "asklet test" finds those by itself',
  '  --config <file> asklet.json, whose own patterns (privacy) are masked as well; default beside the folder, or one',
  '                  folder above',
  '  --data, --database  as of "asklet serve"',
  '',
  '  A case says what should have been: those of wrong answers fail until somebody mends them. What you change or',
  '  remove in the folder stays as you left it. Personal data is masked.',
]
const QUERIES = 'queries.jsonl'
/** What was written, so that what a person wrote is told from it. */
const MEMORY = 'asklet-reviews.json'
const ROWS_AT_ONCE = 200

/** Hashes of what was written last, by review. */
type Memory = Map<string, { readonly transcript?: string | undefined; readonly query?: string | undefined }>

export async function run(args: string[], out: Output): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      ...STORE_OPTIONS,
      out: { type: 'string' },
      config: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  if (positionals.length !== 1 || positionals[0] !== 'export')
    throw usageError(`the word after "review" must be export, got ${describe(positionals.join(' '))}`, USAGE)
  const folder = values.out
  if (!folder) throw usageError('--out must say where the cases go, got nothing', USAGE)
  const wanted = storeArguments(values, USAGE)
  if (!isThere(wanted))
    throw usageError(
      `--data must name the database of "asklet serve", got none at ${describe(wanted.kind === 'file' ? wanted.file : '')}`,
      USAGE,
    )

  const { config } = readSiteArguments(
    values.config === undefined ? {} : { config: values.config },
    join(folder, QUERIES),
    USAGE,
  )
  const masks = readConfig(config, USAGE).privacy
  const cases = new Map<string, { readonly transcript: string | null; readonly query: string | null }>()
  let reviews = 0
  let gone = 0
  const store = await openStore(wanted)
  try {
    for (let after = ''; ; ) {
      const rows = await store.judgedReviews(after, ROWS_AT_ONCE)
      for (const row of rows) {
        reviews++
        const found = await caseOfRow(row, place => foundAt(store, place, masks), masks)
        if (found) cases.set(row.itemId, found)
        else gone++
      }
      const last = rows.at(-1)
      if (!last || rows.length < ROWS_AT_ONCE) break
      after = last.itemId
    }
  } finally {
    await store.close()
  }

  mkdirSync(folder, { recursive: true })
  const memory = readMemory(folder)
  const done = { written: 0, unchanged: 0, edited: 0, removed: 0 }
  const queries = createQueryFile(join(folder, QUERIES))
  for (const itemId of new Set([...memory.keys(), ...cases.keys()])) {
    const next = cases.get(itemId)
    const before = memory.get(itemId)
    const file = `review-${itemId}.test.txt`
    const path = join(folder, file)
    const transcript = settle({
      now: existsSync(path) ? readFileSync(path, 'utf8') : null,
      before: before?.transcript,
      next: next?.transcript ?? null,
      write: text => writeWhole(path, text),
      remove: () => unlinkSync(path),
    })
    const query = settle({
      now: queries.line(itemId),
      before: before?.query,
      next: next?.query ?? null,
      write: line => queries.put(itemId, line),
      remove: () => queries.put(itemId, null),
    })
    for (const [part, where] of [
      [transcript, file],
      [query, `${QUERIES}: ${itemId}`],
    ] as const) {
      if (part.did !== 'nothing') done[part.did]++
      // Its words may still stand in what a person made of it: theirs to look at.
      if (part.did === 'edited' && !next)
        out.error(`${where}: its conversation was erased, and the case was changed by hand. Look at it.`)
    }
    if (transcript.hash === undefined && query.hash === undefined) memory.delete(itemId)
    else memory.set(itemId, { transcript: transcript.hash, query: query.hash })
  }
  queries.save()
  saveMemory(folder, memory)
  const all = [...cases.values()]
  for (const [name, count] of [
    ['reviews', reviews],
    ['transcripts', all.filter(({ transcript }) => transcript !== null).length],
    ['queries', all.filter(({ query }) => query !== null).length],
    ['nothing-to-test', all.filter(({ transcript, query }) => transcript === null && query === null).length],
    ['unreadable', gone],
    ...Object.entries(done),
  ] as const)
    out.line(`${name}: ${count}`)
  return 0
}

async function caseOfRow(
  { itemId, kind, at, place, judgement }: ReviewRow,
  read: (place: ReviewRow['place']) => ReturnType<typeof foundAt>,
  masks: SiteMasks | undefined,
) {
  const found = await read(place)
  if (!found || !judgement) return null
  const { verdict, article, words } = judgement
  return caseOf({ itemId, kind, at, verdict, article, words, ...found.shown }, masks)
}

/** One part of one review: what is there now against what was written last and what would be written. */
function settle(part: {
  readonly now: string | null
  /** Hash of what was written last; undefined: nothing was. */
  readonly before: string | undefined
  readonly next: string | null
  write(text: string): void
  remove(): void
}): {
  readonly did: 'written' | 'unchanged' | 'edited' | 'removed' | 'nothing'
  readonly hash: string | undefined
} {
  const { now, before, next } = part
  const isOurs = now !== null && hashOf(now) === before
  if (next === null) {
    if (isOurs) part.remove()
    // A person's stays, and stays known as theirs.
    if (isOurs) return { did: 'removed', hash: undefined }
    return now === null || before === undefined
      ? { did: 'nothing', hash: undefined }
      : { did: 'edited', hash: before }
  }
  if (now === next) return { did: 'unchanged', hash: hashOf(next) }
  // Nothing where something was written: a person took it away.
  if ((now === null && before === undefined) || isOurs) {
    part.write(next)
    return { did: 'written', hash: hashOf(next) }
  }
  return { did: 'edited', hash: before ?? hashOf(next) }
}

/** The lines of the file, those of people among them, in their order. */
function createQueryFile(path: string) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const lines: string[] = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const at = new Map<string, number>()
  for (const [n, line] of lines.entries()) {
    const itemId = reviewIn(line)
    if (itemId !== null) at.set(itemId, n)
  }
  const dropped = new Set<number>()
  let isChanged = false
  return {
    line(itemId: string): string | null {
      const n = at.get(itemId)
      return n === undefined ? null : (lines[n] ?? null)
    },
    put(itemId: string, line: string | null): void {
      isChanged = true
      const n = at.get(itemId)
      if (line === null) {
        if (n !== undefined) dropped.add(n)
      } else if (n === undefined) {
        at.set(itemId, lines.length)
        lines.push(line)
      } else lines[n] = line
    },
    save(): void {
      if (!isChanged) return
      const left = lines.filter((_, n) => !dropped.has(n))
      // A file without a query is none to "asklet evaluate".
      if (left.length === 0) {
        if (existsSync(path)) unlinkSync(path)
      } else writeWhole(path, `${left.join('\n')}\n`)
    },
  }
}

/** Null: not one of ours, or not JSON (any more): a person's. */
function reviewIn(line: string): string | null {
  try {
    const { review } = (JSON.parse(line) ?? {}) as { readonly review?: unknown }
    return typeof review === 'string' ? review : null
  } catch {
    return null
  }
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** Whole or not at all. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.part`, text)
  renameSync(`${path}.part`, path)
}

function readMemory(folder: string): Memory {
  const path = join(folder, MEMORY)
  if (!existsSync(path)) return new Map()
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // Without it all that is there counts as a person's.
    return new Map()
  }
  const isHash = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return new Map(
    Object.entries(Object(json)).flatMap(([itemId, value]) => {
      const { transcript, query } = Object(value) as Record<string, unknown>
      // A name that is none of ours would lead out of the folder.
      return /^[\w-]{8,64}$/.test(itemId)
        ? [[itemId, { transcript: isHash(transcript), query: isHash(query) }] as const]
        : []
    }),
  )
}

function saveMemory(folder: string, memory: Memory): void {
  const sorted = Object.fromEntries([...memory].sort(([a], [b]) => (a < b ? -1 : 1)))
  const text = `${JSON.stringify(sorted, null, 1)}\n`
  const path = join(folder, MEMORY)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  writeWhole(path, text)
}
