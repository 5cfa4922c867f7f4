// Front matter of other tools -> that of ours: what means the same gets our name, what we cannot read is told,
// what belongs to somebody else stays. Pure.

import { parse } from 'yaml'
import { readFrontMatter } from '../../knowledge/frontMatter'
import type { Note } from './imported'
import type { ImportedArticle } from './markdownFile'
import { localeOf, oneLine } from './paths'

export interface ForeignPage {
  readonly article: Omit<ImportedArticle, 'path' | 'importedFrom' | 'place'>
  readonly bodyLine: number
  /** Paths and addresses that it says are its own. */
  readonly addresses: readonly string[]
  /** Keys and values that have no meaning here; part of `article.extra`. */
  readonly others: Readonly<Record<string, unknown>>
}

/** Keys of ours whose values pass as they are. */
const OURS = ['kind', 'access', 'pages'] as const

/**
 * @param file   its path, for a title where nothing else says one
 * @param place  the file and a line of it, for people
 */
export function readForeignPage(
  text: string,
  file: string,
  place: (line: number) => string,
  note: Note,
): ForeignPage {
  const front = readFrontMatter(text, file, 'en')
  const raw = fieldsOf(text, front.bodyLine)
  for (const { line, sentence } of front.problems) {
    const key = sentence.split(' ', 1)[0] ?? ''
    note(Object.hasOwn(raw, key) ? 'not-imported' : 'bad-lines', place(line), sentence)
    delete raw[key]
  }
  const take = (...keys: readonly string[]): unknown => {
    let found: unknown
    for (const key of keys) {
      if (!Object.hasOwn(raw, key)) continue
      found ??= raw[key]
      delete raw[key]
    }
    return found
  }
  const words = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? oneLine(String(value)) : ''
  const list = (value: unknown): readonly string[] =>
    (Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value])
      .map(words)
      .filter(Boolean)
  take('importedFrom')
  const locale = localeOf(take('locale', 'lang', 'language'))
  const order = Number(take('order', 'sidebar_position', 'nav_order', 'weight') ?? Number.NaN)
  const isDraft = take('draft') === true
  const isHidden = take('published') === false
  const addresses = [take('permalink'), take('url'), take('slug'), ...list(take('aliases', 'redirect_from'))]
    .map(words)
    .filter(address => /^(?:https?:\/)?\//.test(address))
  const title = words(take('title'))
  const summary = words(take('summary', 'description', 'excerpt'))
  const topics = [...list(take('topics')), ...list(take('categories', 'category'))]
  const keywords = [...list(take('keywords')), ...list(take('tags'))]
  const roles = list(take('roles'))
  const questions = list(take('questions'))
  const ours = Object.fromEntries(OURS.flatMap(key => (Object.hasOwn(raw, key) ? [[key, take(key)]] : [])))
  return {
    article: {
      title: title || front.meta.title,
      summary,
      topics,
      keywords,
      roles,
      questions,
      ...(locale ? { locale } : {}),
      ...(Number.isFinite(order) ? { order } : {}),
      draft: isDraft || isHidden,
      extra: { ...ours, ...raw },
      body: front.body,
    },
    bodyLine: front.bodyLine,
    addresses,
    others: raw,
  }
}

function fieldsOf(text: string, bodyLine: number): Record<string, unknown> {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n?|\n/)
  if (!/^---[ \t]*$/.test(lines[0] ?? '') || bodyLine < 2) return {}
  try {
    const value: unknown = parse(lines.slice(1, bodyLine - 2).join('\n'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}
