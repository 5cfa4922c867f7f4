// `asklet evaluate`: asks a built help folder what its visitors ask, and says how often the right article comes,
// where, and after how many keys. With a second folder: what changed, and whether that is a regression. Owns the
// gate (exit code); figures, files and wording are next door.

import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe } from '../base/errors'
import { seeded } from '../base/seeded'
import { readArguments, usageError } from './arguments'
import { type BuiltHelp, createFileLoader, openBuiltHelp } from './builtHelp'
import { evaluateReport, type Result, worstOf } from './evaluateReport'
import type { Output } from './output'
import { factsOf, type Query, readQueries } from './queryFile'
import {
  figuresOf,
  isRegression,
  keysSaved,
  MAX_PLACE,
  MEASURES,
  type Measure,
  measured,
  type Outcome,
  pairedDifference,
  placeOf,
  RESAMPLES,
  SEEN_AT_ONCE,
} from './searchFigures'

const USAGE = 'asklet evaluate <queries.jsonl> … --help-dir <built folder> [--against <other built folder>]'
const HELP = [
  USAGE,
  '',
  '  A line of the file: {"query": "where is my invoice", "rel": ["payments/download-invoices"]}, and where it',
  '  matters "page": {"route": "/payments"}, "role": "client", "locale": "en". Several right articles: any counts.',
  '',
  '  --help-dir <dir>     what "asklet build" wrote',
  '  --against <dir>      another build, on the same queries: differences, and exit code 1 on a regression;',
  '                       queries whose right articles it lacks are not compared, and counted as left-out',
  '  --tolerance <share>  a regression is success@1 or mrr@10 lower by more than this, default 0.01, and the 95 %',
  '                       interval of the difference (paired bootstrap) below 0',
  '  --min <floors>       exit code 1 below one of them: success@1=0.8,mrr=0.85',
  '  --misses <count>     how many of the worst misses are shown, default 10',
  '  --no-keys            leave out keys-saved, which searches after each key',
  '  --json               one JSON object instead of lines',
]

/** What a regression is judged by. */
export const JUDGED: readonly Measure[] = ['success@1', 'mrr@10']
/** The same resamples in each run. */
const SEED = 1
const MAX_PROBLEMS_SHOWN = 20

export async function run(args: string[], out: Output): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      help: { type: 'boolean' },
      'help-dir': { type: 'string' },
      against: { type: 'string' },
      tolerance: { type: 'string', default: '0.01' },
      min: { type: 'string', default: '' },
      misses: { type: 'string', default: '10' },
      'no-keys': { type: 'boolean' },
      json: { type: 'boolean' },
    },
    USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  if (!positionals.length) throw usageError('there must be a file of queries, got none', USAGE)
  const folder = values['help-dir']
  if (folder === undefined)
    throw usageError('--help-dir must name what "asklet build" wrote, got nothing', USAGE)
  const tolerance = shareFrom(values.tolerance, '--tolerance')
  const floors = readFloors(values.min)
  const misses = Number(values.misses)
  if (!Number.isInteger(misses) || misses < 0)
    throw usageError(`--misses must be a whole number from 0, got ${describe(values.misses)}`, USAGE)

  const help = await openBuiltHelp(createFileLoader(folder))
  const other = values.against === undefined ? null : await openBuiltHelp(createFileLoader(values.against))
  const asked = readFiles(positionals, help, out)
  if (!asked) return 1

  // What an article that one build lacks does is no change of the search.
  const isInBoth = asked.map(({ query }) => !other || hasAll(other, query))
  const compared = asked.filter((_, i) => isInBoth[i])
  const total = asked.length + (other ? compared.length : 0)
  let done = 0
  const ask = async (where: BuiltHelp, queries: readonly FileQuery[]) => {
    const outcomes: (Outcome & { readonly got: string })[] = []
    // The whole index is loaded before the clock runs: of a large one, the first part is its titles alone.
    for (const locale of new Set(queries.map(({ query }) => where.localeFor(query.locale)))) {
      if (!locale) continue
      const search = where.search(locale)
      await search.suggest('', factsOf({ line: 0, query: '', rel: [] }, locale))
      await search.pending?.()
    }
    for (const { query } of queries) {
      outcomes.push(await askOne(where, query, values['no-keys'] !== true))
      out.progress?.(++done, total, 'searching')
    }
    return outcomes
  }
  const own = await ask(help, asked)
  const others = other && (await ask(other, compared))

  const overall = figuresOf(own)
  const ownCompared = own.filter((_, i) => isInBoth[i])
  const against = others && {
    folder: values.against ?? '',
    leftOut: asked.length - compared.length,
    own: figuresOf(ownCompared),
    overall: figuresOf(others),
    differences: Object.fromEntries(
      MEASURES.filter(measure => overall.means[measure] !== undefined).map(measure => {
        const column = (outcomes: readonly Outcome[]) =>
          outcomes.map(outcome => measured(measure, outcome) ?? 0)
        return [measure, pairedDifference(column(ownCompared), column(others), seeded(SEED))]
      }),
    ),
  }
  const places = new Map(compared.map((one, i) => [one, others?.[i]?.place ?? 0]))
  const result: Result = {
    files: [...new Set(asked.map(({ file }) => file))].map(file => ({
      file,
      ...figuresOf(own.filter((_, i) => asked[i]?.file === file)),
    })),
    overall,
    asked: asked.map((one, i) => {
      const { file, query } = one
      return {
        file,
        line: query.line,
        query: query.query,
        wanted: query.rel,
        got: own[i]?.got ?? '',
        place: own[i]?.place ?? 0,
        ...(others && places.has(one) && { was: places.get(one) ?? 0 }),
      }
    }),
    ...(against && { against }),
    regressions: JUDGED.filter(measure => {
      const difference = against?.differences[measure]
      return difference && isRegression(difference, tolerance)
    }),
    belowFloor: [...floors]
      .filter(([measure, floor]) => (overall.means[measure] ?? 0) < floor)
      .map(([measure, floor]) => ({ measure, floor, got: overall.means[measure] ?? 0 })),
  }
  const rule = { tolerance, resamples: RESAMPLES, seed: SEED }
  if (values.json) out.line(JSON.stringify(jsonOf(result, misses)))
  else for (const line of evaluateReport(result, { misses, rule })) out.line(line)
  for (const { measure, floor, got } of result.belowFloor)
    out.error(`${measure} must be at least ${floor}, got ${got.toFixed(3)}. The misses say what to mend.`)
  for (const measure of result.regressions)
    out.error(
      `${measure} must not fall by more than ${tolerance}, got ${against?.differences[measure]?.change.toFixed(3)}, and chance does not explain it.`,
    )
  return result.belowFloor.length || result.regressions.length ? 1 : 0
}

interface FileQuery {
  readonly file: string
  readonly query: Query
}

/** Are all of its right articles in this build, in the language that is asked in? */
function hasAll({ articles, localeFor }: BuiltHelp, { rel, locale }: Query): boolean {
  const here = articles.get(localeFor(locale))
  return rel.every(id => here?.has(id))
}

/** @returns null when there was a problem; all of them are said */
function readFiles(paths: readonly string[], help: BuiltHelp, out: Output): readonly FileQuery[] | null {
  const all: FileQuery[] = []
  const names = paths.map(path => basename(path))
  let problems = 0
  for (const path of paths) {
    if (!existsSync(path)) throw usageError(`the file of queries must be there, got ${describe(path)}`, USAGE)
    // Short where it can be: it stands in front of each figure.
    const file = names.filter(name => name === basename(path)).length > 1 ? path : basename(path)
    const read = readQueries(readFileSync(path, 'utf8'), help)
    for (const { line, sentence } of read.problems)
      if (++problems <= MAX_PROBLEMS_SHOWN) out.error(`${file}:${line}: ${sentence}`)
    if (!read.queries.length && !read.problems.length) {
      problems++
      out.error(`${file}:1: the file must hold at least one query, got none. Write one a line.`)
    }
    all.push(...read.queries.map(query => ({ file, query })))
  }
  if (problems > MAX_PROBLEMS_SHOWN) out.error(`… and ${problems - MAX_PROBLEMS_SHOWN} more`)
  return problems ? null : all
}

async function askOne(
  where: BuiltHelp,
  query: Query,
  withKeys: boolean,
): Promise<Outcome & { readonly got: string }> {
  const locale = where.localeFor(query.locale)
  if (!locale) return { place: 0, isAnswered: false, ms: 0, got: '', ...(withKeys && { keysSaved: 0 }) }
  const search = where.search(locale)
  const facts = factsOf(query, locale)
  const idsOf = async (text: string, limit: number) =>
    (await search.suggest(text, facts, { limit })).map(({ articleId }) => articleId)
  const started = performance.now()
  const ids = await idsOf(query.query, MAX_PLACE)
  const ms = performance.now() - started
  const isSeenAfter = async (beginning: string) =>
    placeOf(await idsOf(beginning, SEEN_AT_ONCE), query.rel) > 0
  return {
    place: placeOf(ids, query.rel),
    isAnswered: ids.length > 0,
    ms,
    got: ids[0] ?? '',
    ...(withKeys && { keysSaved: await keysSaved(query.query, isSeenAfter) }),
  }
}

function shareFrom(text: string, name: string): number {
  const share = Number(text)
  if (!text.trim() || !(share >= 0 && share <= 1))
    throw usageError(`${name} must be a number from 0 to 1, got ${describe(text)}`, USAGE)
  return share
}

const FLOOR_NAMES = MEASURES.filter(measure => measure !== 'no-answer')

function readFloors(text: string): ReadonlyMap<Measure, number> {
  const floors = new Map<Measure, number>()
  for (const part of text.split(',').filter(one => one.trim())) {
    const [name = '', share = ''] = part.split('=', 2).map(one => one.trim())
    const measure = FLOOR_NAMES.find(known => known === name || (name === 'mrr' && known === 'mrr@10'))
    if (!measure)
      throw usageError(`--min must name one of ${FLOOR_NAMES.join(', ')}, got ${describe(name)}`, USAGE)
    floors.set(measure, shareFrom(share, `--min ${name}`))
  }
  return floors
}

function jsonOf(result: Result, misses: number) {
  const { asked, ...rest } = result
  return {
    ...rest,
    passed: !result.regressions.length && !result.belowFloor.length,
    misses: worstOf(asked).slice(0, misses),
  }
}
