// `asklet import`: JSON Lines of another help centre -> Markdown files that `asklet build` builds.
// Running it again changes nothing, so a broken run is simply repeated. Writes over its own files only: what a
// person wrote or took over (no `importedFrom` in it) stays.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AskletError } from '../base/errors'
import { readArguments, usageError } from './arguments'
import { readJsonLine } from './importers/jsonLines'
import type { Output } from './output'

const USAGE = 'asklet import <file.jsonl> … --out <folder>'
const HELP = [
  USAGE,
  '',
  '  One JSON object a line: { path, title, body, description?, area?, headings?, keywords? }',
  '  or { id, corpus, title, body }. Several files may be parts of one help centre.',
  '  A file in <folder> that was not imported is never written over.',
]
const REPORT_EVERY = 200

export async function run(args: string[], out: Output): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { help: { type: 'boolean' }, out: { type: 'string' } },
    USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  if (!positionals.length) throw usageError('there must be a file to import, got none', USAGE)
  const folder = values.out
  if (!folder) throw usageError('--out must say where the articles go, got nothing', USAGE)

  const started = performance.now()
  const count = { lines: 0, written: 0, unchanged: 0, bad: 0, unplaced: 0 }
  const taken = new Map<string, string>()
  for (const file of positionals) {
    const lines = readLines(file)
    const origin = basename(file)
    lines.forEach((line, i) => {
      if (i % REPORT_EVERY === 0 || i === lines.length - 1) out.progress?.(i + 1, lines.length, origin)
      if (!line.trim()) return
      count.lines++
      const place = `${file}:${i + 1}`
      const result = importLine(line, origin, place, folder, taken)
      if (typeof result === 'string') {
        count.bad++
        out.error(`${place}: ${result}`)
        return
      }
      count[result.isNew ? 'written' : 'unchanged']++
      count.unplaced += result.unplaced
    })
  }
  out.line(
    `${count.lines} lines read, ${count.written} articles written, ${count.unchanged} unchanged, ${count.bad} lines left out`,
  )
  if (count.unplaced)
    out.line(
      `${count.unplaced} headings are no line of their article's body: kept in its front matter (unplacedHeadings)`,
    )
  out.line('')
  out.line(`lines: ${count.lines}`)
  out.line(`articles: ${count.written + count.unchanged}`)
  out.line(`written: ${count.written}`)
  out.line(`bad-lines: ${count.bad}`)
  out.line(`unplaced-headings: ${count.unplaced}`)
  out.line(`seconds: ${((performance.now() - started) / 1_000).toFixed(2)}`)
  return count.bad ? 1 : 0
}

/** What became of the line, or why it was left out. */
function importLine(
  line: string,
  origin: string,
  place: string,
  folder: string,
  taken: Map<string, string>,
): { readonly isNew: boolean; readonly unplaced: number } | string {
  const article = readJsonLine(line, origin)
  if (typeof article === 'string') return article
  const key = article.path.toLowerCase()
  const first = taken.get(key)
  if (first) return `the path must be its own, got that of ${first}: ${article.path}. Rename one of them.`
  taken.set(key, place)
  const path = join(folder, article.path)
  if (existsSync(path)) {
    const old = readFileSync(path, 'utf8')
    if (old === article.markdown) return { isNew: false, unplaced: article.unplaced }
    if (!/^importedFrom: /m.test(old.split('\n---')[0] ?? ''))
      return `the file must be an imported one to be written over, got ${article.path} of your own. Move it, or delete the line.`
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, article.markdown)
  return { isNew: true, unplaced: article.unplaced }
}

/** Split at line feeds only: U+2028 may stand in JSON as it is, and node:readline splits there. */
function readLines(file: string): readonly string[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new AskletError(
      'import_shape',
      `the file to import must be readable, got none at ${file}. Check the path.`,
      { cause: error },
    )
  }
  const lines = text.replace(/^\ufeff/, '').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
