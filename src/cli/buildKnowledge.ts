// What `asklet build` and `asklet dev` make of a help folder: the files of the public and the private folders, and
// what authors should mend. Writes nothing. Same input, same bytes: no time stamp, no order of a file system, names
// from content.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { AskletError, describe } from '../base/errors'
import { buildIndex, indexFiles } from '../knowledge/buildIndex'
import { canonicalLocale } from '../knowledge/canonicalLocale'
import { MANIFEST_FILE, type Manifest } from '../knowledge/manifest'
import { outcomeWeights, readOutcomes } from '../knowledge/outcomes'
import { type LocalSynonymRule, readSynonyms, rulesFor } from '../knowledge/synonyms'
import { usageError } from './arguments'
import type { BuildCache } from './buildCache'
import type { Finding } from './findings'
import { knownArticles, readFlowFiles } from './flowFiles'
import { type HelpArticle, type HelpFolder, readHelpFolder } from './helpFolder'
import { readIntents } from './intentFiles'
import type { Output } from './output'
import { contentHash, type FileSet } from './outputFolder'
import { trainSiteModel } from './siteModel'

export interface KnowledgeOptions {
  /** Language of articles that name none, BCP 47. It comes first in the manifest. */
  readonly locale: string
  /** Path under which the public files are served; begins and ends with `/`. Addresses of images begin with it. */
  readonly base: string
  /** Hosts whose images may be shown. */
  readonly imageHosts?: readonly string[]
  /** Folders that are not read, though they may lie inside: where the output goes. */
  readonly except?: readonly string[]
  /** Leave out what says `draft: true`. */
  readonly skipDrafts?: boolean
  /** A folder of flows, or one file. */
  readonly flows?: string
  /** Examples of intents, as `readIntents` takes them. Unset: `intents` in the articles folder, where there is one. */
  readonly intents?: string
  /** Make no model: a preview that begins no flows need not wait for it. */
  readonly skipModel?: boolean
  /** A folder of own texts, one `<locale>.json` each, or one file: checked. `locales` in asklet.json names them. */
  readonly texts?: string
  /** A file of synonyms. Unset: `synonyms.txt` and `synonyms.<locale>.txt` in the articles folder, where there are any. */
  readonly synonyms?: string
  /** A file of confirmed outcomes, JSON Lines as `knowledge/outcomes` reads them. */
  readonly outcomes?: string
  /** What the last build knew, so that only what changed is read; the result is the same without it. */
  readonly cache?: BuildCache
  /** Private articles have a folder of their own to go to. Unset: one of them is an error. */
  readonly hasPrivateFolder?: boolean
}

export interface BuiltKnowledge {
  /** What anybody may fetch; the manifest comes last. `writeOutput` puts them into a folder. */
  readonly files: FileSet
  /** Private articles, a folder a role (`<role>/manifest.json`); empty without `hasPrivateFolder`. */
  readonly privateFiles: FileSet
  readonly help: HelpFolder
  /** Of articles, flows, intents, texts, synonyms and outcomes. Those of kind `error` say what was left out. */
  readonly findings: readonly Finding[]
  /** Flows that make sense. */
  readonly flows: number
  /** What tells flows and intents apart: made now, known from before, or not made (`findings` say why). */
  readonly model: 'trained' | 'reused' | 'none'
}

/** The bundler names a chunk by its content and by that of all it imports: this is the version of reader and trainer. */
export const BUILDER = basename(import.meta.url)

const SYNONYMS = /^synonyms(?:\.([^.]+))?\.txt$/i

/** How a user of these functions calls them, for the sentences about paths that are not there. */
const USAGE = 'asklet build <folder> --out <dir> [--flows <dir|file>] [--texts <dir|file>]'

/**
 * Builds a help folder in memory.
 *
 * @throws AskletError `articles_none` when the folder holds no articles, `private_article` when there are private ones
 *   and no folder for them, `cli_usage` when a file or folder of `options` is not there
 */
export function buildKnowledge(folder: string, options: KnowledgeOptions, out?: Output): BuiltKnowledge {
  const help = readHelpFolder(
    folder,
    {
      defaultLocale: options.locale,
      base: options.base,
      imageHosts: options.imageHosts ?? [],
      except: options.except ?? [],
      skipDrafts: options.skipDrafts === true,
      ...(options.cache ? { cache: options.cache } : {}),
    },
    out,
  )
  const isPrivate = ({ article }: HelpArticle) => article.access === 'private'
  const secret = help.articles.filter(isPrivate)
  if (secret.length && !options.hasPrivateFolder) {
    throw new AskletError(
      'private_article',
      `private articles must not go to a folder that anybody can fetch, got ${secret.length}: ${secret.map(({ file }) => file).join(', ')}. Pass --private-out <dir> and serve that with "asklet serve" or attachHelpDesk.`,
    )
  }

  const files = new Map<string, string | Uint8Array>(help.images)
  const articleIds = help.articles.map(({ article }) => article.id)
  const flows = flowsOf(options.flows, help, USAGE)
  // One public index for all roles: a role lifts what suits it, and hides nothing.
  const shown = help.articles.filter(one => !isPrivate(one))
  const textFindings = options.texts === undefined ? [] : checkTexts(options.texts)
  const extras: Partial<Manifest> = {}
  if (flows.flows.length) {
    const json = JSON.stringify(flows.flows)
    extras.flows = `flows-${contentHash(json)}.json`
    files.set(extras.flows, json)
  }
  const intents = readIntents(folder, options.intents, USAGE)
  const model = options.skipModel
    ? { training: null, findings: [], isReused: false }
    : trainSiteModel(flows.flows, intents.examples, shown, options.locale, options.cache)
  if (model.training) {
    const json = JSON.stringify(model.training.file)
    extras.model = `model-${contentHash(json)}.json`
    files.set(extras.model, json)
  }
  const synonyms = readSynonymFiles(folder, options.synonyms)
  const outcomes =
    options.outcomes === undefined
      ? { weights: new Map(), findings: [] }
      : readWeights(options.outcomes, articleIds)
  const ranking = { synonyms: synonyms.rules, weights: outcomes.weights }
  // Anybody may fetch the manifest: a role that only private articles name is not theirs to know.
  addKnowledge(files, '', shown, rolesOf(shown), options.locale, extras, ranking)
  const privateFiles = new Map<string, string | Uint8Array>()
  if (options.hasPrivateFolder)
    for (const [role, articles] of byReader(secret, rolesOf(help.articles)))
      addKnowledge(privateFiles, `${role}/`, articles, [role], options.locale, {}, ranking)
  return {
    files,
    privateFiles,
    help,
    findings: [
      ...help.findings,
      ...flows.findings,
      ...intents.findings,
      ...model.findings,
      ...textFindings,
      ...synonyms.findings,
      ...outcomes.findings,
    ],
    flows: flows.flows.length,
    model: !model.training ? 'none' : model.isReused ? 'reused' : 'trained',
  }
}

/**
 * The flows of a folder or a file.
 *
 * @param help  whose articles a flow may name
 * @throws AskletError `cli_usage` when `path` is not there
 */
export function flowsOf(
  path: string | undefined,
  help: HelpFolder,
  usage: string,
): ReturnType<typeof readFlowFiles> {
  if (path === undefined) return { flows: [], entries: [], findings: [] }
  const paths = jsonFiles(path, '--flows', usage)
  return readFlowFiles(
    paths.map(each => ({ path: each, name: basename(each) })),
    { articles: knownArticles(help), linkOf: help.linkOf },
  )
}

/** The roles that these articles name, sorted, each once. */
export function rolesOf(articles: readonly HelpArticle[]): readonly string[] {
  return [...new Set(articles.flatMap(({ article }) => article.roles))].sort()
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

interface RankingFiles {
  readonly synonyms: readonly LocalSynonymRule[]
  /** Article id -> −1 … 1 */
  readonly weights: ReadonlyMap<string, number>
}

/** Weights of these articles: an index tells nothing of articles that are not in it. */
function only(
  weights: ReadonlyMap<string, number>,
  articles: readonly HelpArticle[],
): ReadonlyMap<string, number> {
  const own = new Map<string, number>()
  for (const { article } of articles) {
    const weight = weights.get(article.id)
    if (weight !== undefined) own.set(article.id, weight)
  }
  return own
}

/** Articles, an index a locale and the manifest, under `prefix`. The manifest comes last: it names the others. */
export function addKnowledge(
  files: Map<string, string | Uint8Array>,
  prefix: string,
  articles: readonly HelpArticle[],
  roles: readonly string[],
  ownLocale: string,
  extras: Partial<Manifest>,
  { synonyms, weights }: RankingFiles,
): void {
  const names = new Map<HelpArticle, string>()
  for (const one of articles) {
    const json = JSON.stringify(one.article)
    // Only its content: every name stands in the index, and a name that can be read is most of its bytes.
    let length = 10
    const named = () => `articles/${contentHash(json, length)}.json`
    // Of 30 000 articles two begin alike once in two thousand help centres.
    while (files.has(prefix + named())) length++
    const name = named()
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
      { locale, synonyms: rulesFor(locale, synonyms), outcomes: only(weights, own) },
    )
    const parts = indexFiles(
      index,
      (kind, json) => `${kind}-${locale.toLowerCase()}-${contentHash(json)}.json`,
    )
    for (const [name, json] of parts) files.set(prefix + name, json)
    const [name = '', json = ''] = [...parts][0] ?? []
    manifest.locales.push({ locale, index: name, articles: own.length, bytes: Buffer.byteLength(json) })
  }
  files.set(prefix + MANIFEST_FILE, `${JSON.stringify(manifest, null, 1)}\n`)
}

function jsonFiles(path: string, what: string, usage = USAGE): readonly string[] {
  if (!existsSync(path))
    throw usageError(`${what} must name a folder or a .json file that is there, got ${describe(path)}`, usage)
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter(name => name.endsWith('.json'))
    .sort()
    .map(name => join(path, name))
}

function readSynonymFiles(
  folder: string,
  named?: string,
): { readonly rules: readonly LocalSynonymRule[]; readonly findings: readonly Finding[] } {
  if (named !== undefined && !isFile(named))
    throw usageError(`--synonyms must name a file that is there, got ${describe(named)}`, USAGE)
  const paths =
    named === undefined
      ? readdirSync(folder)
          .filter(name => SYNONYMS.test(name) && isFile(join(folder, name)))
          .sort()
          .map(name => join(folder, name))
      : [named]
  const rules: LocalSynonymRule[] = []
  const findings: Finding[] = []
  for (const path of paths) {
    const file = basename(path)
    const tag = SYNONYMS.exec(file)?.[1]
    const locale = tag === undefined ? undefined : canonicalLocale(tag)
    if (locale === null) {
      const sentence = `the file must be named after a language, got ${describe(tag)}. Call it synonyms.txt, synonyms.en.txt or synonyms.pt-BR.txt.`
      findings.push({ kind: 'synonyms', file, line: 1, sentence })
      continue
    }
    const read = readSynonyms(readFileSync(path, 'utf8'), file, locale)
    rules.push(...read.rules)
    findings.push(...read.problems.map(problem => ({ kind: 'synonyms', ...problem }) as const))
  }
  return { rules, findings }
}

function readWeights(
  path: string,
  articleIds: readonly string[],
): { readonly weights: ReadonlyMap<string, number>; readonly findings: readonly Finding[] } {
  if (!isFile(path))
    throw usageError(`--outcomes must name a file that is there, got ${describe(path)}`, USAGE)
  const file = basename(path)
  const { outcomes, problems } = readOutcomes(readFileSync(path, 'utf8'), file)
  const ids = new Set(articleIds)
  const findings = problems.map(problem => ({ kind: 'outcomes', ...problem }) as const)
  const known = outcomes.filter(({ articleId, line }) => {
    const isKnown = ids.has(articleId)
    const sentence = `articleId must be that of an article, got ${describe(articleId)}. It may have been renamed or removed.`
    if (!isKnown) findings.push({ kind: 'outcomes', file, line, sentence })
    return isKnown
  })
  return { weights: outcomeWeights(known), findings: findings.sort((a, b) => a.line - b.line) }
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}

function checkTexts(path: string): readonly Finding[] {
  const findings: Finding[] = []
  for (const path_ of jsonFiles(path, '--texts')) {
    const file = basename(path_)
    const locale = basename(path_, '.json')
    const problem = textsProblem(readFileSync(path_, 'utf8'), locale)
    if (problem !== undefined) findings.push({ kind: 'error', file, line: 1, sentence: problem })
  }
  return findings
}

/** The sentence that says what is wrong with them. */
function textsProblem(json: string, locale: string): string | undefined {
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
  return undefined
}
