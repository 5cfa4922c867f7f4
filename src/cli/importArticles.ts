// `asklet import`: what another help centre can give -> Markdown files that `asklet build` builds, and a report of
// everything that is not in them as it was. Running it again changes nothing, so a broken run is simply repeated.
// Each shape has its importer in importers/; this file chooses them, writes, and says what happened.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe } from '../base/errors'
import { readArguments, usageError } from './arguments'
import { importCsv, readColumns } from './importers/csvTable'
import { fetchSite } from './importers/fetchSite'
import { importGitBook } from './importers/gitBook'
import { isSelector } from './importers/htmlPage'
import { importHtmlFolder, importPages } from './importers/htmlPages'
import { createNotes, type Imported, type Note, type Step } from './importers/imported'
import { isFailure, kindFigures, REPORT_FILE, reportText, summaryLines } from './importers/importReport'
import { importJsonLines } from './importers/jsonLines'
import type { ImportedArticle } from './importers/markdownFile'
import { importMarkdownFolder } from './importers/markdownFolder'
import { importNotion } from './importers/notion'
import { isShape, recognise, SHAPES, type Shape } from './importers/recognise'
import { openSource, type Source } from './importers/source'
import { MEMORY_FOLDER, writeImported } from './importers/writeImported'
import { importZendesk } from './importers/zendesk'
import type { Output } from './output'

const USAGE = `asklet import <file | folder | sitemap address> … --out <folder> [--from ${SHAPES.join('|')}]`
const HELP = [
  USAGE,
  '',
  '  --out <folder>      where the Markdown goes; a file in it that was not imported is never written over',
  '  --from <shape>      what is imported; without it the shape is recognised:',
  '      zendesk         JSON of the Help Center API: articles.json, or a folder of its pages, with sections.json',
  '                      and categories.json (?include=sections,categories,translations)',
  '      html            a folder of .html files',
  '      sitemap         the address of a sitemap.xml, or the file: its pages are fetched and kept',
  '      notion, gitbook a Markdown export, unpacked',
  '      markdown        a folder of Markdown of another tool',
  '      csv             questions and answers: question, answer, title, summary, category, tags, role, locale, url',
  '      jsonl           one object a line: { path, title, body, description?, area?, headings?, keywords? }',
  '                      or { id, corpus, title, body }',
  '  --content <css>     html, sitemap: where the article is; default main, else the only article',
  '  --columns <names>   csv: question=Frage,answer=Antwort',
  '  --delay <ms>        sitemap: pause between two requests, default 500',
  '  --refresh           sitemap: fetch again what an earlier run kept',
  '  --allow-private     sitemap: fetch from this machine or a private network',
  '  --ignore-robots     sitemap: fetch what the robots.txt of the site forbids, too; for a site of your own',
  '  --overwrite         write over imported articles that were changed by hand, too; without it they are left and named',
  '',
  `  ${REPORT_FILE} in the folder names what was left out or changed. A run that was cut is repeated as it was.`,
]
const DEFAULT_DELAY_MS = '500'

interface Options {
  readonly folder: string
  readonly content: string | undefined
  readonly columns: Exclude<ReturnType<typeof readColumns>, string>
  readonly delayMs: number
  readonly refresh: boolean
  readonly allowPrivate: boolean
  readonly ignoreRobots: boolean
  readonly step: Step
}

export async function run(args: string[], out: Output): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      help: { type: 'boolean' },
      out: { type: 'string' },
      from: { type: 'string' },
      content: { type: 'string' },
      columns: { type: 'string' },
      delay: { type: 'string', default: DEFAULT_DELAY_MS },
      refresh: { type: 'boolean' },
      'allow-private': { type: 'boolean' },
      'ignore-robots': { type: 'boolean' },
      overwrite: { type: 'boolean' },
    },
    USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  if (!positionals.length) throw usageError('there must be a file to import, got none', USAGE)
  const folder = values.out
  if (!folder) throw usageError('--out must say where the articles go, got nothing', USAGE)
  const { from, content } = values
  if (from !== undefined && !isShape(from))
    throw usageError(`--from must be one of ${SHAPES.join(', ')}, got ${describe(from)}`, USAGE)
  if (content !== undefined && !isSelector(content))
    throw usageError(`--content must be a CSS selector, got ${describe(content)}`, USAGE)
  const columns = values.columns === undefined ? new Map() : readColumns(values.columns)
  if (typeof columns === 'string') throw usageError(`--columns ${columns}`, USAGE)
  if (!/^\d{1,6}$/.test(values.delay))
    throw usageError(`--delay must be milliseconds, got ${describe(values.delay)}`, USAGE)
  for (const name of positionals) refuseInside(folder, name)

  const started = performance.now()
  const options: Options = {
    folder,
    content,
    columns,
    delayMs: Number(values.delay),
    refresh: values.refresh === true,
    allowPrivate: values['allow-private'] === true,
    ignoreRobots: values['ignore-robots'] === true,
    step: (done, total, label) => out.progress?.(done, total, label),
  }
  const { notes, note } = createNotes()
  const results: Imported[] = []
  const figures: string[] = []
  for (const [shape, names] of byShape(positionals, from)) {
    figures.push(`from: ${shape}`)
    results.push(...(await importShape(shape, names, options, note, figures)))
  }
  const imported = {
    articles: results.flatMap(({ articles }) => articles),
    files: new Map(results.flatMap(({ files }) => [...files])),
  }
  notes.push(...results.flatMap(result => result.notes))
  const isWhole = !notes.some(({ kind }) => ['unreadable', 'forbidden', 'bad-lines'].includes(kind))
  const done = writeImported(folder, imported, note, {
    run: [...positionals].sort().join(' '),
    isWhole,
    overwrite: values.overwrite === true,
  })
  noteArticles(imported.articles, note)

  for (const { kind, place, sentence } of notes) if (isFailure(kind)) out.error(`${place}: ${sentence}`)
  for (const line of summaryLines(notes)) out.line(line)
  for (const { unit, read } of results) figures.push(`${unit}: ${read}`)
  figures.push(`articles: ${done.written + done.unchanged + done.edited}`, `images: ${done.images}`)
  writeReport(folder, reportText(`Import of ${positionals.join(', ')}`, figures, notes), out)
  out.line('')
  for (const line of [
    ...figures,
    `written: ${done.written}`,
    `unchanged: ${done.unchanged}`,
    ...kindFigures(notes),
  ])
    out.line(line)
  out.line(`seconds: ${((performance.now() - started) / 1_000).toFixed(2)}`)
  return notes.some(({ kind }) => isFailure(kind)) ? 1 : 0
}

/** Shapes in the order in which they are named; the files of one shape belong together. */
function byShape(names: readonly string[], from: Shape | undefined): Map<Shape, string[]> {
  const shapes = new Map<Shape, string[]>()
  for (const name of names) {
    const shape = from ?? (isAddress(name) ? 'sitemap' : recognise(openSource(name)))
    shapes.set(shape, [...(shapes.get(shape) ?? []), name])
  }
  return shapes
}

async function importShape(
  shape: Shape,
  names: readonly string[],
  options: Options,
  note: Note,
  figures: string[],
): Promise<readonly Imported[]> {
  const { content, step, folder } = options
  if (shape === 'sitemap') {
    const results: Imported[] = []
    for (const name of names) {
      if (!isAddress(name)) openSource(name)
      const site = await fetchSite(
        { ...options, sitemap: name, keptIn: join(folder, MEMORY_FOLDER, 'pages') },
        note,
      )
      figures.push(`fetched: ${site.fetched}`)
      results.push({ ...importPages(site.pages, { content, step }), files: new Map() })
    }
    return results
  }
  const sources = names.map(openSource)
  const each = (importOne: (source: Source) => Imported) => sources.map(importOne)
  switch (shape) {
    case 'zendesk':
      return [importZendesk(sources, step)]
    case 'jsonl':
      return [importJsonLines(sources, step)]
    case 'csv':
      return [importCsv(sources, options.columns, step)]
    case 'html':
      return each(source => importHtmlFolder(source, { content, step }))
    case 'notion':
      return each(source => importNotion(source, step))
    case 'gitbook':
      return each(source => importGitBook(source, step))
    case 'markdown':
      return each(source => importMarkdownFolder(source, step))
  }
}

/** What can only be told of all articles together, whatever they come from. */
function noteArticles(articles: readonly ImportedArticle[], note: Note): void {
  const titles = new Map<string, string>()
  for (const { title, locale = '', body, path, place } of articles) {
    if (!/[\p{L}\p{N}]/u.test(body)) note('empty', place, `${path} has a title and no words`)
    const key = `${locale} ${title.normalize('NFKC').toLowerCase()}`
    const first = titles.get(key)
    if (first) note('same-titles', place, `${path} is called like ${first}: ${describe(title)}`)
    else titles.set(key, path)
  }
}

function writeReport(folder: string, text: string, out: Output): void {
  const path = join(folder, REPORT_FILE)
  if (existsSync(path) && !readFileSync(path, 'utf8').startsWith('Import of ')) {
    out.error(`${path}: the report must not be written over a file of yours. Move it to get one.`)
    return
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, text)
}

function refuseInside(folder: string, name: string): void {
  if (isAddress(name)) return
  const way = relative(resolve(name), resolve(folder))
  if (!way || (!way.startsWith('..') && existsSync(name)))
    throw usageError('--out must lie outside what is imported, got a folder inside', USAGE)
}

function isAddress(name: string): boolean {
  return /^https?:\/\//i.test(name)
}
