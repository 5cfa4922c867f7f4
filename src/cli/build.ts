// `asklet build`: a folder of Markdown -> the files of a help folder, and a report of what its authors should mend.
// Reads the arguments, writes and reports; what the files hold is `buildKnowledge`'s.
// Refuses private articles for a folder that anybody can fetch.

import { relative, resolve } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { describe } from '../base/errors'
import { asksOf } from '../knowledge/asks'
import { readArguments, usageError } from './arguments'
import { type BuiltKnowledge, buildKnowledge } from './buildKnowledge'
import { buildReport } from './buildReport'
import { CACHE_HELP, CACHE_OPTIONS, defaultCacheFolder, openCacheFile } from './cacheFile'
import type { Output } from './output'
import { writeOutput } from './outputFolder'
import { readFolder, readSiteArguments } from './siteArguments'

const USAGE = 'asklet build <folder> --out <dir> [--flows <dir|file>] [--texts <dir|file>]'
const HELP = [
  USAGE,
  '',
  '  --out <dir>               where the public files go',
  '  --private-out <dir>       where private articles go, a folder a role; for "asklet serve" or attachHelpDesk',
  '  --flows <dir|file>        flows of the bot, *.json',
  '  --intents <dir|file>      examples of the site\'s own intents, see "asklet train"; default intents in the articles folder',
  '  --texts <dir|file>        own texts, one <locale>.json each: checked; locales in asklet.json names them',
  '  --synonyms <file>         words that stand for one another; default synonyms.txt in the articles folder',
  '  --outcomes <file>         what articles solved, JSON Lines of { articleId, solved, notSolved }',
  '  --base <path>             path of --out on the site, default /help/; the addresses of images begin with it',
  '  --locale <tag>            language of articles that name none, default en',
  '  --allow-images <hosts>    hosts whose images may be shown, with commas between',
  '  --skip-drafts             leave out articles with draft: true',
  '  --fail-on-broken-links    exit code 1 when a link leads nowhere',
  ...CACHE_HELP,
  '  --all                     print every finding, not the first ten of a kind',
]

export interface BuildFigures {
  readonly articles: number
  readonly words: number
  readonly sections: number
  /** Sections with words of which nobody wrote what people ask. Null: a site that has no files of questions. */
  readonly withoutQuestions: number | null
  readonly brokenLinks: number
  readonly duplicates: number
  /** Of all indexes, private ones included. */
  readonly indexBytes: number
  /** Null: not measured, because compressing takes longer than a build that reuses most files. */
  readonly indexBrotli: number | null
  readonly medianArticleBytes: number
  readonly medianArticleBrotli: number
  readonly images: number
  readonly flows: number
  readonly model: BuiltKnowledge['model']
  /** Files that were read anew, and those of which the last build knew all. */
  readonly rebuilt: number
  readonly reused: number
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
      intents: { type: 'string' },
      texts: { type: 'string' },
      synonyms: { type: 'string' },
      outcomes: { type: 'string' },
      ...CACHE_OPTIONS,
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
  const folder = readFolder(positionals, USAGE)
  if (!values.out) throw usageError('--out must say where the files go, got nothing', USAGE)
  const privateOut = values['private-out']
  if (resolve(values.out) === resolve(folder))
    throw usageError('--out must be another folder than the articles, got the same', USAGE)
  if (privateOut !== undefined && !relative(values.out, privateOut).startsWith('..'))
    throw usageError(
      '--private-out must lie outside --out, which anybody can fetch, got a folder inside',
      USAGE,
    )
  if (values.cache !== undefined && !relative(values.out, values.cache).startsWith('..'))
    throw usageError('--cache must lie outside --out, which anybody can fetch, got a folder inside', USAGE)
  const { flows, intents, locale } = readSiteArguments(values, undefined, USAGE)
  if (!/^(?:https?:\/\/[^/]+)?\/(?:.*\/)?$/.test(`${values.base}/`.replace(/\/\/$/, '/')))
    throw usageError(`--base must be a path that begins with /, got ${describe(values.base)}`, USAGE)

  const base = `${values.base}/`.replace(/\/\/$/, '/')
  const cacheFolder = values.cache ?? defaultCacheFolder(values.out)
  const cacheFile = values['no-cache'] ? null : openCacheFile(cacheFolder, folder, { locale })
  const built = buildKnowledge(
    folder,
    {
      locale,
      base,
      imageHosts: values['allow-images'].split(',').map(host => host.trim()),
      except: [values.out, cacheFolder, ...(privateOut === undefined ? [] : [privateOut])],
      skipDrafts: values['skip-drafts'] === true,
      hasPrivateFolder: privateOut !== undefined,
      ...(flows === undefined ? {} : { flows }),
      ...(intents === undefined ? {} : { intents }),
      ...(values.texts === undefined ? {} : { texts: values.texts }),
      ...(values.synonyms === undefined ? {} : { synonyms: values.synonyms }),
      ...(values.outcomes === undefined ? {} : { outcomes: values.outcomes }),
      ...(cacheFile ? { cache: cacheFile.cache } : {}),
    },
    out,
  )
  writeOutput(values.out, built.files)
  if (privateOut !== undefined) writeOutput(privateOut, built.privateFiles)
  const unsaved = cacheFile?.save()
  if (unsaved) out.error(unsaved)

  const seconds = (performance.now() - started) / 1_000
  const figures = measure(built)
  const report = buildReport(built.help, built.findings, figures, { all: values.all === true, base, seconds })
  for (const line of report) out.line(line)
  const failed = built.findings.some(({ kind }) => kind === 'error')
  return failed || (values['fail-on-broken-links'] && figures.brokenLinks > 0) ? 1 : 0
}

function measure({ help, findings, files, privateFiles, flows, model }: BuiltKnowledge): BuildFigures {
  const { articles, rebuilt, reused } = help
  const all = [...files, ...privateFiles]
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
    withoutQuestions: articles.some(({ article }) => article.asks)
      ? sum(
          articles.map(
            ({ article, sections }) =>
              sections.filter(({ headingId, text }) => text && !asksOf(article, headingId).length).length,
          ),
        )
      : null,
    brokenLinks: findings.filter(({ kind }) => kind === 'broken-link').length,
    duplicates: findings.filter(({ kind }) => kind === 'duplicate').length,
    indexBytes: sum(indexes.map(({ length }) => length)),
    indexBrotli: reused ? null : sum(indexes.map(index => brotliCompressSync(index).length)),
    medianArticleBytes: median.length,
    medianArticleBrotli: brotliCompressSync(median).length,
    images: all.filter(([name]) => name.startsWith('images/')).length,
    flows,
    model,
    rebuilt,
    reused,
  }
}
