// An article's front matter: YAML between two lines of `---`. Build time only; the home of `yaml`.
// Reports every problem with its line instead of stopping at the first; a wrong value is a problem of that one
// article. Keys it does not know are kept, for they may be other tools'; one that looks like ours is a warning.

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from 'yaml'
import { describe } from '../base/errors'
import type { ArticleKind, ArticleMeta } from './article'
import { canonicalLocale } from './canonicalLocale'

/** What is wrong, where, and how to mend it: `payments/add-a-card.md:4: roles must be …, got …. …` */
export interface SourceProblem {
  readonly file: string
  /** Counts from 1. */
  readonly line: number
  /** What it must be, what was got, and the fix, in one or two sentences. */
  readonly sentence: string
}

export interface FrontMatter {
  /** Without `id`, which is the file's path. */
  readonly meta: Omit<ArticleMeta, 'id'>
  /** Keys of other tools, as they are: `id`, `draft`, …. */
  readonly extra: Readonly<Record<string, unknown>>
  /** The Markdown that follows. */
  readonly body: string
  /** Line of the file on which `body` begins, from 1. */
  readonly bodyLine: number
  readonly problems: readonly SourceProblem[]
  /** What is read, and probably not meant so. */
  readonly warnings: readonly SourceProblem[]
  /** Keys that are nobody's as far as is known, with their lines. */
  readonly unknownKeys: readonly { readonly key: string; readonly line: number }[]
}

const KINDS: readonly ArticleKind[] = ['howto', 'troubleshoot', 'policy', 'concept']
const LISTS = ['roles', 'pages', 'topics', 'keywords', 'questions'] as const
const KNOWN: readonly string[] = ['title', 'summary', 'kind', 'access', 'locale', 'order', ...LISTS]
/** Ours too, though they are no part of an article: see `helpFolder` and `importers/jsonLines`. */
const EXTRA: readonly string[] = ['id', 'draft', 'importedFrom', 'unplacedHeadings']
/** What other tools call it. */
const OTHER_NAMES: Readonly<Record<string, string | undefined>> = {
  audience: 'roles', description: 'summary', excerpt: 'summary', language: 'locale', lang: 'locale', position: 'order',
  sidebar_position: 'order', tags: 'topics', type: 'kind', url: 'pages', visibility: 'access', weight: 'order',
} // biome-ignore format: a table

/**
 * Reads a Markdown file.
 *
 * What is missing gets a plain rule, so that a folder without any front matter builds:
 * - title: the first h1, else the file's name in words
 * - kind: `howto` when the body has a numbered list or the title begins with "How", else `concept`
 * - locale: `defaultLocale`; access: `public`; order: 0; lists: empty; summary: ''
 *
 * A value may be one word where a list is wanted (`roles: client`).
 */
export function readFrontMatter(source: string, file: string, defaultLocale: string): FrontMatter {
  const problems: SourceProblem[] = []
  const text = source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  const open = /^---[ \t]*\n/.exec(text)
  const close = open ? /^(?:---|\.\.\.)[ \t]*$/m.exec(text.slice(open[0].length)) : null
  const yaml = open && close ? text.slice(open[0].length, open[0].length + close.index) : ''
  let body = text
  if (open && close) body = text.slice(open[0].length + close.index + close[0].length + 1)
  else if (open && /^[\w-]+:/m.test(text.split('\n')[1] ?? ''))
    problems.push({
      file,
      line: 1,
      sentence: 'front matter must end with a line of ---, got none. Add that line after the last key.',
    })
  const bodyLine = text.slice(0, text.length - body.length).split('\n').length

  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const lineAt = (offset: number | undefined) => lines.linePos(offset ?? 0).line + (open ? 1 : 0)
  for (const error of document.errors) {
    problems.push({
      file,
      line: lineAt(error.pos[0]),
      sentence: `front matter must be YAML, got a mistake: ${error.message.replace(/\s+/g, ' ').replace(/\.$/, '')}. Put quotes around text that holds a colon or begins with a sign.`,
    })
  }
  const values = new Map<string, Value>()
  if (isMap(document.contents) && !document.errors.length) {
    for (const { key, value } of document.contents.items) {
      const at = (isScalar(key) ? key.range : undefined)?.[0]
      const node = value as Node | null
      values.set(String((key as Scalar).value), {
        value: plainValue(node),
        line: lineAt(at),
        itemLines: isSeq(node) ? node.items.map(item => lineAt((item as Node | null)?.range?.[0] ?? at)) : [],
      })
    }
  } else if (document.contents !== null && !document.errors.length) {
    problems.push({
      file,
      line: 2,
      sentence: `front matter must be keys with values, got ${describe(plainValue(document.contents))}. Write title: … and so on.`,
    })
  }

  const wrong = (key: string, must: string, fix: string, got = values.get(key)?.value, item = -1) => {
    problems.push({
      file,
      line: values.get(key)?.itemLines[item] ?? values.get(key)?.line ?? 1,
      sentence: `${key} must be ${must}, got ${describe(got)}. ${fix}`,
    })
  }
  const isSet = (key: string) => values.has(key) && values.get(key)?.value !== null
  const text1 = (key: string, fix: string): string | undefined => {
    if (!isSet(key)) return undefined
    const value = values.get(key)?.value
    if (typeof value === 'string' || typeof value === 'number') return String(value).trim()
    wrong(key, 'text', fix)
    return undefined
  }
  const choice = <T extends string>(key: string, all: readonly T[]): T | undefined => {
    if (!isSet(key)) return undefined
    const found = all.find(one => one === values.get(key)?.value)
    if (!found) wrong(key, `one of ${all.join(', ')}`, 'Correct the word, or leave the key out.')
    return found
  }
  const list = (key: string): readonly string[] => {
    if (!isSet(key)) return []
    const value = values.get(key)?.value
    const items = Array.isArray(value) ? value : [value]
    if (items.every(item => typeof item === 'string' || typeof item === 'number'))
      return [...new Set(items.map(item => String(item).trim()).filter(Boolean))]
    wrong(key, 'a list of words', `Write ${key}: [first, second].`)
    return []
  }

  const title = text1('title', 'Put quotes around it.') || firstHeading(body) || nameInWords(file)
  const lists = Object.fromEntries(LISTS.map(key => [key, list(key)])) as Record<
    (typeof LISTS)[number],
    readonly string[]
  >
  const written = values.get('pages')?.value
  for (const page of lists.pages) {
    const fix = routeFix(page)
    const item = Array.isArray(written) ? written.findIndex(one => String(one).trim() === page) : -1
    if (fix) wrong('pages', fix.must, fix.fix, page, item)
  }
  if (lists.roles.some(role => !/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u.test(role)))
    wrong('roles', 'words of letters, digits, - and _', 'Write roles: [client].')
  const tag = text1('locale', 'Write locale: en.')
  const locale = tag === undefined ? defaultLocale : canonicalLocale(tag)
  if (locale === null) {
    const meant = canonicalLocale((tag ?? '').replaceAll('_', '-'))
    wrong('locale', 'a language tag', meant ? `Write ${meant}.` : 'Write en, de or pt-BR.')
  }
  const order = isSet('order') ? values.get('order')?.value : 0
  if (typeof order !== 'number' || !Number.isFinite(order)) wrong('order', 'a number', 'Lower comes first.')

  const extra: Record<string, unknown> = Object.create(null)
  const warnings: SourceProblem[] = []
  const unknownKeys: { key: string; line: number }[] = []
  for (const [key, { value, line }] of values) {
    if (KNOWN.includes(key)) continue
    extra[key] = value
    if (EXTRA.includes(key)) continue
    const meant = nearestKey(key)
    // A site that fills both knows what it does.
    if (!meant || values.has(meant)) unknownKeys.push({ key, line })
    else
      warnings.push({ file, line, sentence: `the key ${describe(key)} is not read. Did you mean ${meant}?` })
  }
  return {
    meta: {
      title,
      summary: text1('summary', 'Put quotes around it.') ?? '',
      kind: choice('kind', KINDS) ?? guessKind(title, body),
      access: choice('access', ['public', 'private']) ?? 'public',
      ...lists,
      locale: locale ?? defaultLocale,
      order: typeof order === 'number' && Number.isFinite(order) ? order : 0,
    },
    extra,
    body,
    bodyLine,
    problems: problems.sort((a, b) => a.line - b.line),
    warnings,
    unknownKeys,
  }
}

interface Value {
  readonly value: unknown
  readonly line: number
  /** Of a list. */
  readonly itemLines: readonly number[]
}

/** One problem as a line of a report. */
export function problemLine({ file, line, sentence }: SourceProblem): string {
  return `${file}:${line}: ${sentence}`
}

/** What a route pattern must be that `routeMatches` can never match as it stands; null for a good one. */
function routeFix(page: string): { readonly must: string; readonly fix: string } | null {
  if (!page.startsWith('/')) {
    const path = /^[a-z]+:\/\/[^/]+(\/[^?#\s]*)/i.exec(page)?.[1]
    return { must: 'routes that begin with /', fix: `Write ${path ?? `/${page}`}.` }
  }
  if (/[\s?#]/.test(page))
    return { must: 'routes, paths without ?, # and spaces', fix: `Write ${page.replace(/[\s?#].*$/s, '')}.` }
  const parts = page.split('/').slice(1)
  if (parts.slice(0, -1).includes(''))
    return { must: 'routes without //', fix: `Write ${page.replace(/\/{2,}/g, '/')}.` }
  if (page !== '/' && page.endsWith('/'))
    return { must: 'routes without / at the end', fix: `Write ${page.slice(0, -1)}.` }
  if (parts.some((part, i) => part.includes('*') && (part !== '*' || i < parts.length - 1)))
    return { must: 'routes with * only as the last part', fix: 'Write /contracts/*, or :id for one part.' }
  if (parts.includes(':')) return { must: 'routes whose : have a name', fix: 'Write /contracts/:id.' }
  return null
}

/** The key of ours that was probably meant. */
function nearestKey(key: string): string | undefined {
  const plain = key.toLowerCase().replace(/[\s_-]/g, '')
  const own = Object.hasOwn(OTHER_NAMES, key.toLowerCase()) ? OTHER_NAMES[key.toLowerCase()] : undefined
  return own ?? KNOWN.find(known => edits(plain, known) <= (known.length > 5 ? 2 : 1))
}

/** Letters to put in, take out, change or exchange with their neighbour until `a` is `b`. */
export function edits(a: string, b: string): number {
  const rows: number[][] = []
  for (let i = 0; i <= a.length; i++) {
    const row: number[] = []
    for (let j = 0; j <= b.length; j++) {
      const at = (up: number, left: number) => rows[i - up]?.[j - left] ?? Number.POSITIVE_INFINITY
      const change = (rows[i - 1]?.[j - 1] ?? Number.POSITIVE_INFINITY) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(
        i && j
          ? Math.min(
              change,
              at(1, 0) + 1,
              (row[j - 1] ?? 0) + 1,
              isSwap ? at(2, 2) + 1 : Number.POSITIVE_INFINITY,
            )
          : i + j,
      )
    }
    rows.push(row)
  }
  return rows[a.length]?.[b.length] ?? 0
}

function guessKind(title: string, body: string): ArticleKind {
  return /^how\b/i.test(title) || /^ {0,3}\d+[.)] /m.test(body) ? 'howto' : 'concept'
}

function firstHeading(body: string): string {
  return (/^ {0,3}# +(.+?)(?: +#*)?$/m.exec(body)?.[1] ?? '').replace(/[*_`]|\s*\{#.*\}$/g, '').trim()
}

/** `payments/add-a_card.md` -> `Add a card` */
function nameInWords(file: string): string {
  const name = (file.split('/').pop() ?? file)
    .replace(/\.\w+$/, '')
    .replace(/[-_]+/g, ' ')
    .trim()
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** The value without YAML's own wrapping; aliases are not followed, so that no file can grow itself. */
function plainValue(node: unknown): unknown {
  if (isScalar(node)) return node.value
  if (isSeq(node)) return node.items.map(plainValue)
  if (isMap(node))
    return Object.fromEntries(node.items.map(({ key, value }) => [String(key), plainValue(value)]))
  return isAlias(node) ? '(alias)' : null
}
