// A table of questions and answers (CSV) -> articles, one a row. Pure.
// Columns are found by their names; an answer may be plain text or HTML.

import { parse } from 'csv-parse/sync'
import { AskletError, describe } from '../../base/errors'
import { safeLink } from '../../knowledge/safeLink'
import { htmlToMarkdown } from './htmlPage'
import { createNotes, firstWords, type Imported, type Note, type Step } from './imported'
import { escapeMarkdown } from './jsonLines'
import type { ImportedArticle } from './markdownFile'
import { createPaths, localeOf, oneLine, relativeLink, slugOf } from './paths'
import type { Source } from './source'

/** What a column may be -> its names, in any case. */
const COLUMNS = {
  question: ['question', 'q', 'questions'],
  answer: ['answer', 'a', 'body', 'content', 'text', 'response'],
  title: ['title', 'name', 'headline'],
  summary: ['summary', 'description', 'excerpt'],
  url: ['url', 'link', 'address', 'permalink'],
  category: ['category', 'topic', 'section', 'area', 'group'],
  locale: ['locale', 'language', 'lang'],
  tags: ['tags', 'tag', 'keywords', 'labels'],
  role: ['role', 'roles', 'audience'],
  id: ['id', 'number', 'key'],
} as const

type Column = keyof typeof COLUMNS
const NAMES = Object.keys(COLUMNS) as readonly Column[]

const MAX_HEADER_CHARS = 100_000

/** Which column is where, and what the others are called. */
interface Header {
  readonly at: ReadonlyMap<Column, number>
  readonly others: readonly string[]
}

interface Row {
  readonly place: string
  readonly from: string
  readonly title: string
  readonly questions: readonly string[]
  readonly answer: string
  readonly field: (column: Column) => string
}

/** `question=Frage,answer=Antwort` -> column -> name. @throws nothing: the sentence says what is wrong */
export function readColumns(text: string): ReadonlyMap<Column, string> | string {
  const columns = new Map<Column, string>()
  for (const pair of text.split(',')) {
    const [, key = '', name = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
    const column = NAMES.find(one => one === key.toLowerCase())
    if (!column || !name)
      return `must be pairs like question=Frage of ${NAMES.join(', ')}, got ${describe(pair)}`
    columns.set(column, name)
  }
  return columns
}

/** @throws AskletError `import_shape` when a table has no column of titles or of answers */
export function importCsv(
  sources: readonly Source[],
  columns: ReadonlyMap<Column, string>,
  step?: Step,
): Imported {
  const { notes, note } = createNotes()
  const rows: Row[] = []
  let read = 0
  for (const source of sources)
    for (const path of source.files.filter(name => !source.isFolder || /\.(?:csv|tsv)$/i.test(name))) {
      const place = source.place(path)
      const records = recordsOf(source.text(path), place, note)
      const [names, ...rest] = records
      if (!names) {
        note('unreadable', place, 'must have a row of column names, got an empty file. Export it again.')
        continue
      }
      const header = headerOf(names.cells, columns, place)
      for (const other of header.others)
        note(
          'not-imported',
          place,
          `column ${firstWords(other)} is none that an article has: rename it, or name it with --columns`,
        )
      for (const { cells, line } of rest) {
        read++
        const row = rowOf(cells, header, source.place(path, line), path)
        if (typeof row === 'string') note('bad-lines', source.place(path, line), row)
        else rows.push(row)
      }
    }
  return { unit: 'rows', read, articles: write(rows, note, step), files: new Map(), notes }
}

function write(rows: readonly Row[], note: Note, step: Step | undefined): ImportedArticle[] {
  const takePath = createPaths(note)
  const locales = new Set(rows.map(row => localeOf(row.field('locale')) ?? ''))
  const paths = new Map(
    rows.map(row => {
      const locale = localeOf(row.field('locale'))
      const folder = [...(locale && locales.size > 1 ? [locale] : []), ...topicsOf(row).map(slugOf)]
      return [row, takePath([...folder, `${slugOf(row.title)}.md`].join('/'), row.place)]
    }),
  )
  const byAddress = new Map<string, string>()
  for (const row of rows) if (row.field('url')) byAddress.set(row.field('url'), paths.get(row) ?? '')
  return rows.map((row, i) => {
    step?.(i + 1, rows.length, 'reading rows')
    const path = paths.get(row) ?? ''
    const locale = localeOf(row.field('locale'))
    if (row.field('locale') && !locale)
      note(
        'not-imported',
        row.place,
        `locale must be a language tag like de or pt-BR, got ${describe(row.field('locale'))}`,
      )
    const roles = listOf(row.field('role'))
    const fit = roles.filter(role => /^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u.test(role))
    for (const role of roles)
      if (!fit.includes(role))
        note(
          'not-imported',
          row.place,
          `a role must be a word of letters, digits, - and _, got ${describe(role)}`,
        )
    if (row.field('url') && !safeLink(row.field('url')))
      note('not-imported', row.place, `url must be a whole address, got ${describe(row.field('url'))}`)
    return {
      path,
      title: row.title,
      ...(row.field('id') ? { id: row.field('id') } : {}),
      summary: oneLine(row.field('summary')),
      roles: fit,
      topics: topicsOf(row),
      keywords: listOf(row.field('tags')),
      questions: row.questions,
      ...(locale ? { locale } : {}),
      body: answerOf(row, path, byAddress, note),
      importedFrom: safeLink(row.field('url')) ?? row.from,
      place: row.place,
    }
  })
}

function answerOf(row: Row, path: string, byAddress: ReadonlyMap<string, string>, note: Note): string {
  if (!isHtml(row.answer)) return textToMarkdown(row.answer)
  return htmlToMarkdown(row.answer, {
    anchors: new Set(),
    note: (kind, _, sentence) => note(kind, row.place, sentence),
    link(href) {
      if (href.startsWith('#')) return href
      const to = byAddress.get(href.replace(/#.*$/, ''))
      if (to) return relativeLink(path, to, href.split('#')[1])
      const safe = safeLink(href)
      if (!safe)
        note(
          'left-out',
          row.place,
          `the link ${JSON.stringify(href.slice(0, 80))} is no whole address: its words are kept`,
        )
      return safe
    },
    image(src) {
      const safe = safeLink(src)
      note(
        safe ? 'outside-images' : 'missing-images',
        row.place,
        safe ?? `${JSON.stringify(src.slice(0, 80))} is no whole address: its alternative text is kept`,
      )
      return safe
    },
    embed: safeLink,
  })
}

/** Paragraphs and line ends stay, lines with a bullet or a number are a list; nothing else is read into it. */
export function textToMarkdown(text: string): string {
  const blocks: string[] = []
  let isList = false
  for (const line of text.split(/\r\n?|\n/)) {
    const words = oneLine(line)
    const [, bullet, number, item] = /^(?:([-*•–])|(\d{1,3})[.)])\s+(.+)$/.exec(words) ?? []
    if (!words) isList = false
    else if (item) {
      const written = `${bullet ? '-' : `${number}.`} ${escapeMarkdown(item)}`
      if (isList) blocks[blocks.length - 1] += `\n${written}`
      else blocks.push(written)
      isList = true
    } else {
      blocks.push(escapeMarkdown(words))
      isList = false
    }
  }
  return blocks.join('\n\n')
}

function isHtml(text: string): boolean {
  return /<(?:p|br|div|ul|ol|li|a|b|i|strong|em|h[1-6]|table|img|span|iframe|script|blockquote)\b[^<>]*>/i.test(
    text,
  )
}

function topicsOf(row: Row): readonly string[] {
  return row
    .field('category')
    .split(/\s*[/>]\s*/)
    .map(oneLine)
    .filter(Boolean)
}

function listOf(field: string): readonly string[] {
  return field
    .split(/[,;|\n]/)
    .map(oneLine)
    .filter(Boolean)
}

function rowOf(cells: readonly string[], header: Header, place: string, from: string): Row | string {
  const field = (column: Column): string => {
    const at = header.at.get(column)
    return at === undefined ? '' : (cells[at] ?? '').trim()
  }
  const question = oneLine(field('question'))
  const title = oneLine(field('title')) || question
  if (!title) return 'a row must have a question or a title, got neither. Fill it in, or delete the row.'
  return {
    place,
    from,
    title,
    questions: question && question !== title ? [question] : [],
    answer: field('answer'),
    field,
  }
}

function headerOf(names: readonly string[], wanted: ReadonlyMap<Column, string>, place: string): Header {
  const plain = names.map(name => oneLine(name).toLowerCase())
  const at = new Map<Column, number>()
  for (const column of NAMES) {
    const own = wanted.get(column)
    const index =
      own === undefined
        ? plain.findIndex(name => (COLUMNS[column] as readonly string[]).includes(name))
        : plain.indexOf(own.toLowerCase())
    if (index >= 0) at.set(column, index)
    else if (own !== undefined)
      throw new AskletError(
        'import_shape',
        `--columns must name columns of ${place}, got ${describe(own)}. It has: ${names.join(', ')}.`,
      )
  }
  const missing = !at.has('answer')
    ? 'answer'
    : at.has('question') || at.has('title')
      ? null
      : 'question or title'
  if (missing)
    throw new AskletError(
      'import_shape',
      `the table must have a column of ${missing}, got ${names.join(', ')} in ${place}. Name yours: --columns question=…,answer=….`,
    )
  const used = new Set(at.values())
  return { at, others: names.filter((name, i) => !used.has(i) && name.trim()) }
}

function recordsOf(
  text: string,
  place: string,
  note: Note,
): readonly { readonly cells: string[]; readonly line: number }[] {
  try {
    const records = parse(text.replace(/\r\n?/g, '\n'), {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    }) as unknown as readonly { readonly record: string[]; readonly info: { readonly lines: number } }[]
    // The parser counts to a record's last line; people look for its first.
    return records.map(({ record, info }) => ({
      cells: record,
      line: info.lines - record.reduce((ends, cell) => ends + (cell.match(/\n/g)?.length ?? 0), 0),
    }))
  } catch (error) {
    const got = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error)
    note('unreadable', place, `must be CSV, got a mistake: ${got}. Look for a quote that is not closed.`)
    return []
  }
}

/** The sign that the line of names has most often, outside quotes. */
function delimiterOf(text: string): string {
  const counts = new Map([',', ';', '\t', '|'].map(sign => [sign, 0]))
  let isQuoted = false
  for (const sign of text.slice(0, MAX_HEADER_CHARS)) {
    if (sign === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (sign === '\n' || sign === '\r') break
    else if (counts.has(sign)) counts.set(sign, (counts.get(sign) ?? 0) + 1)
  }
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0]
}
