// `asklet build`: a folder of Markdown -> the files of a help folder, and a report of what its authors should
// mend. Same input, same bytes: no time stamp, no order of a file system, names from content.
// Refuses private articles for a folder that anybody can fetch.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { AskletError, describe } from '../base/errors'
import { buildIndex } from '../knowledge/indexFile'
import { MANIFEST_FILE, type Manifest } from '../knowledge/manifest'
import { readArguments, usageError } from './arguments'
import { buildReport } from './buildReport'
import { readFlowFiles } from './flowFiles'
import { type Finding, type HelpArticle, readHelpFolder } from './helpFolder'
import type { Output } from './output'
import { contentHash, writeOutput } from './outputFolder'

const USAGE = 'asklet build <folder> --out <dir> [--flows <dir|file>] [--texts <dir|file>]'
const HELP = [
  USAGE,
  '',
  '  --out <dir>               where the public files go',
  '  --private-out <dir>       where private articles go, a folder a role; for "asklet serve" or attachHelpDesk',
  '  --flows <dir|file>        flows of the bot, *.json',
  '  --texts <dir|file>        own texts, one <locale>.json each',
  '  --base <path>             path of --out on the site, default /help/; the addresses of images begin with it',
  '  --locale <tag>            language of articles that name none, default en',
  '  --allow-images <hosts>    hosts whose images may be shown, with commas between',
  '  --skip-drafts             leave out articles with draft: true',
  '  --fail-on-broken-links    exit code 1 when a link leads nowhere',
  '  --all                     print every finding, not the first ten of a kind',
]

export interface BuildFigures {
  readonly articles: number
  readonly words: number
  readonly sections: number
  readonly brokenLinks: number
  readonly duplicates: number
  /** Of all indexes, private ones included. */
  readonly indexBytes: number
  readonly indexBrotli: number
  readonly medianArticleBytes: number
  readonly medianArticleBrotli: number
  readonly images: number
  readonly flows: number
}

export async function run(args: string[], out: Output): Promise<number> {
  const started = performance.now()
  const { values, positionals } = readArguments(
    args,
    {
      help: { type: 'boolean' },
      out: { type: 'string' },
      'private-out': { type: 'string' },
      flows: { type: 'string' },
      texts: { type: 'string' },
      base: { type: 'string', default: '/help/' },
      locale: { type: 'string', default: 'en' },
      'allow-images': { type: 'string', default: '' },
      'skip-drafts': { type: 'boolean' },
      'fail-on-broken-links': { type: 'boolean' },
      all: { type: 'boolean' },
    },
    USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  const [folder, ...others] = positionals
  if (!folder || others.length)
    throw usageError(`there must be one help folder, got ${folder ? others.length + 1 : 'none'}`, USAGE)
  if (!values.out) throw usageError('--out must say where the files go, got nothing', USAGE)
  const privateOut = values['private-out']
  if (resolve(values.out) === resolve(folder))
    throw usageError('--out must be another folder than the articles, got the same', USAGE)
  if (privateOut !== undefined && !relative(values.out, privateOut).startsWith('..'))
    throw usageError(
      '--private-out must lie outside --out, which anybody can fetch, got a folder inside',
      USAGE,
    )
  if (!/^(?:https?:\/\/[^/]+)?\/(?:.*\/)?$/.test(`${values.base}/`.replace(/\/\/$/, '/')))
    throw usageError(`--base must be a path that begins with /, got ${describe(values.base)}`, USAGE)

  const base = `${values.base}/`.replace(/\/\/$/, '/')
  const help = readHelpFolder(
    folder,
    {
      defaultLocale: values.locale,
      base,
      imageHosts: values['allow-images'].split(',').map(host => host.trim()),
      except: [values.out, ...(privateOut === undefined ? [] : [privateOut])],
      skipDrafts: values['skip-drafts'] === true,
    },
    out,
  )
  const isPrivate = ({ article }: HelpArticle) => article.access === 'private'
  const secret = help.articles.filter(isPrivate)
  if (secret.length && privateOut === undefined) {
    throw new AskletError(
      'private_article',
      `private articles must not go to a folder that anybody can fetch, got ${secret.length}: ${secret.map(({ file }) => file).join(', ')}. Pass --private-out <dir> and serve that with "asklet serve" or attachHelpDesk.`,
    )
  }

  const files = new Map<string, string | Uint8Array>(help.images)
  const articleIds = help.articles.map(({ article }) => article.id)
  const flows =
    values.flows === undefined
      ? { flows: [], findings: [] }
      : readFlowFiles(
          jsonFiles(values.flows, '--flows').map(path => ({ path, name: basename(path) })),
          articleIds,
        )
  const texts = values.texts === undefined ? { files: new Map(), findings: [] } : readTexts(values.texts)
  const shown = help.articles.filter(one => !isPrivate(one))
  const roles = [...new Set(help.articles.flatMap(({ article }) => article.roles))].sort()
  const extras: Partial<Manifest> = {}
  if (flows.flows.length) {
    const json = JSON.stringify(flows.flows)
    extras.flows = `flows-${contentHash(json)}.json`
    files.set(extras.flows, json)
  }
  if (texts.files.size) {
    extras.texts = {}
    for (const [locale, json] of texts.files) {
      const name = `texts-${locale}-${contentHash(json)}.json`
      extras.texts[locale] = name
      files.set(name, json)
    }
  }
  // One public index for all roles: a role lifts what suits it, and hides nothing.
  addKnowledge(files, '', shown, roles, values.locale, extras)
  writeOutput(values.out, files)

  const privateFiles = new Map<string, string | Uint8Array>()
  if (privateOut !== undefined) {
    for (const [role, articles] of byReader(secret, roles))
      addKnowledge(privateFiles, `${role}/`, articles, [role], values.locale, {})
    writeOutput(privateOut, privateFiles)
  }

  const findings = [...help.findings, ...flows.findings, ...texts.findings]
  const seconds = (performance.now() - started) / 1_000
  const figures = measure(help.articles, findings, [files, privateFiles], flows.flows.length)
  const report = buildReport(help, findings, figures, { all: values.all === true, base, seconds })
  for (const line of report) out.line(line)
  const failed = findings.some(({ kind }) => kind === 'error')
  return failed || (values['fail-on-broken-links'] && figures.brokenLinks > 0) ? 1 : 0
}

/** Who may read what: an article without roles is for every signed visitor, known role or not (`_any`). */
function byReader(
  articles: readonly HelpArticle[],
  roles: readonly string[],
): Map<string, readonly HelpArticle[]> {
  const readers = new Map<string, readonly HelpArticle[]>()
  for (const role of [...roles, ANY_ROLE]) {
    const own = articles.filter(({ article }) => !article.roles.length || article.roles.includes(role))
    if (own.length) readers.set(role, own)
  }
  return readers
}

/** Folder of private articles that name no role. */
export const ANY_ROLE = '_any'

/** Articles, an index a locale and the manifest, under `prefix`. The manifest comes last: it names the others. */
function addKnowledge(
  files: Map<string, string | Uint8Array>,
  prefix: string,
  articles: readonly HelpArticle[],
  roles: readonly string[],
  ownLocale: string,
  extras: Partial<Manifest>,
): void {
  const names = new Map<HelpArticle, string>()
  for (const one of articles) {
    const json = JSON.stringify(one.article)
    const name = `articles/${fileSlug(one.article.id)}-${contentHash(json)}.json`
    names.set(one, name)
    files.set(prefix + name, json)
  }
  // The site's own language first: it is what a visitor gets whose language has no articles.
  const locales = [...new Set(articles.map(({ article }) => article.locale))].sort(
    (a, b) => Number(b === ownLocale) - Number(a === ownLocale) || (a < b ? -1 : 1),
  )
  const manifest: Manifest = { version: 1, locales: [], roles: [...roles], ...extras }
  for (const locale of locales) {
    const own = articles.filter(({ article }) => article.locale === locale)
    const index = buildIndex(
      own.map(one => {
        const { content: _, ...meta } = one.article
        return { ...meta, file: names.get(one) ?? '', sections: one.sections }
      }),
      { locale },
    )
    const json = JSON.stringify(index)
    const name = `index-${fileSlug(locale)}-${contentHash(json)}.json`
    files.set(prefix + name, json)
    manifest.locales.push({ locale, index: name, articles: own.length, bytes: Buffer.byteLength(json) })
  }
  files.set(prefix + MANIFEST_FILE, `${JSON.stringify(manifest, null, 1)}\n`)
}

function fileSlug(id: string): string {
  const slug = id
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return slug.slice(-60).replace(/^-+/, '') || 'article'
}

function jsonFiles(path: string, what: string): readonly string[] {
  if (!existsSync(path))
    throw usageError(`${what} must name a folder or a .json file that is there, got ${describe(path)}`, USAGE)
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter(name => name.endsWith('.json'))
    .sort()
    .map(name => join(path, name))
}

function readTexts(path: string): {
  readonly files: Map<string, string>
  readonly findings: readonly Finding[]
} {
  const files = new Map<string, string>()
  const findings: Finding[] = []
  for (const path_ of jsonFiles(path, '--texts')) {
    const file = basename(path_)
    const locale = basename(path_, '.json')
    const problem = textsProblem(readFileSync(path_, 'utf8'), locale)
    if (typeof problem === 'string') findings.push({ kind: 'error', file, line: 1, sentence: problem })
    else files.set(locale, JSON.stringify(problem))
  }
  return { files, findings }
}

/** The texts, or the sentence that says what is wrong with them. */
function textsProblem(json: string, locale: string): string | Record<string, unknown> {
  if (!/^[a-z]{2,3}(?:-[A-Za-z\d]+)*$/.test(locale))
    return `the file must be named after a language, got ${describe(locale)}. Call it en.json or pt-BR.json.`
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    return `must be JSON, got a mistake: ${error instanceof Error ? error.message : error}. Look for a missing comma or quote there.`
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `must be an object of texts, got ${describe(value)}. Write { "key": "text" }.`
  for (const [key, text] of Object.entries(value)) {
    const forms = typeof text === 'object' && text !== null ? Object.values(text) : [text]
    if (!forms.length || forms.some(form => typeof form !== 'string'))
      return `${key} must be a text or { "one": …, "other": … }, got ${describe(text)}. Put quotes around it.`
  }
  return value as Record<string, unknown>
}

function measure(
  articles: readonly HelpArticle[],
  findings: readonly Finding[],
  outputs: readonly ReadonlyMap<string, string | Uint8Array>[],
  flows: number,
): BuildFigures {
  const all = outputs.flatMap(files => [...files])
  const indexes = all
    .filter(([name]) => /(?:^|\/)index-[^/]*$/.test(name))
    .map(([, content]) => Buffer.from(content))
  const bodies = all
    .filter(([name]) => name.includes('articles/'))
    .map(([, content]) => Buffer.from(content))
    .sort((a, b) => a.length - b.length)
  const median = bodies[Math.floor(bodies.length / 2)] ?? Buffer.alloc(0)
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
  return {
    articles: articles.length,
    words: sum(articles.map(({ words }) => words)),
    sections: sum(articles.map(({ sections }) => sections.length)),
    brokenLinks: findings.filter(({ kind }) => kind === 'broken-link').length,
    duplicates: findings.filter(({ kind }) => kind === 'duplicate').length,
    indexBytes: sum(indexes.map(({ length }) => length)),
    indexBrotli: sum(indexes.map(index => brotliCompressSync(index).length)),
    medianArticleBytes: median.length,
    medianArticleBrotli: brotliCompressSync(median).length,
    images: all.filter(([name]) => name.startsWith('images/')).length,
    flows,
  }
}
