// What search costs: bytes, loading, keys and memory, ours beside MiniSearch as well as we could set it, in the
// same run, at 300, 3 000 and 30 000 articles.
//
//   ASKLET_DATA=<folder> npm run bench:search-speed -- [--sizes 300,3000] [--rounds 3]
//     [--no-node] [--no-http] [--no-browser]
//
// Prints `name: value` lines: in Node, over HTTP from `asklet serve`, and in a Chromium whose processor is slowed to a
// quarter. 30 000 articles are no page's to load, so they are measured in Node and over HTTP only. `first-suggestion-br` counts what is fetched until
// suggestions stand there for a single letter, `index-br` all of the index.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { quantile } from '../relevance/figures'
import { indexBytes, OURS, sum, writeSite } from './files'
import { openPages, type PageFigures } from './inChromium'
import { overHttp } from './overHttp'
import { readSites, type Site } from './sites'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '300,3000,30000' },
    rounds: { type: 'string', default: '3' },
    node: { type: 'boolean', default: true },
    http: { type: 'boolean', default: true },
    browser: { type: 'boolean', default: true },
  },
  allowNegative: true,
})
const data = process.env.ASKLET_DATA
if (!data) {
  console.log('ASKLET_DATA must name the folder of outside data, got nothing. Nothing was measured.')
  process.exit(0)
}
const sizes = values.sizes.split(',').map(Number)
const rounds = Number(values.rounds)
/** What a page may be asked to load. */
const MAX_IN_PAGE = 3_000
/** What the last lines are about. */
const SIZE_JUDGED = 3_000

const figures = new Map<string, number>()
function print(name: string, value: number): void {
  figures.set(name, value)
  console.log(`${name}: ${Number.isInteger(value) ? value : value.toFixed(2)}`)
}
const median = (numbers: readonly number[]) =>
  quantile(
    [...numbers].sort((a, b) => a - b),
    0.5,
  )
const code = import.meta.dirname
mkdirSync('dist', { recursive: true })
const work = mkdtempSync(join('dist', 'bench-sites-'))
const PREFIX = { ours: '', minisearch: 'minisearch-' } as const
const ENGINES = ['ours', 'minisearch'] as const

try {
  print('machine-load', loadavg()[0] ?? 0)
  for (const site of readSites(data).filter(({ size }) => sizes.includes(size))) await measureSite(site)
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function measureSite(site: Site): Promise<void> {
  const { size, typed } = site
  const folder = join(work, String(size))
  const files = writeSite(site, folder)
  print(`keys-typed-${size}`, typed.join('').length)
  print(`index-br-${size}`, indexBytes(files))
  print(`minisearch-index-br-${size}`, files.minisearch)
  for (const which of values.node ? ENGINES : []) {
    const { firstMs, wholeMs, times, bytes, bytesAfterKeys, first } = inNode(which, folder)
    print(`${PREFIX[which]}node-first-ms-${size}`, firstMs)
    print(`${PREFIX[which]}node-load-ms-${size}`, wholeMs)
    printKeys(`${PREFIX[which]}node`, size, times)
    print(`${PREFIX[which]}node-memory-${size}`, bytes)
    print(`${PREFIX[which]}node-memory-after-keys-${size}`, bytesAfterKeys)
    if (which === 'ours') print(`first-suggestion-br-${size}`, sum(files.ours, first))
  }
  if (values.http) await measureHttp(site, join(folder, OURS))
  if (!values.browser || size > MAX_IN_PAGE) return

  const runs: Record<(typeof ENGINES)[number], PageFigures[]> = { ours: [], minisearch: [] }
  const pages = await openPages(code)
  try {
    // By turns, so that both meet the same moods of the machine; keys are typed in the first round only.
    for (let round = 0; round < rounds; round++)
      for (const which of ENGINES) {
        console.error(`${size} articles, ${which}, round ${round + 1} of ${rounds}`)
        runs[which].push(await pages.measure(which, folder, round ? [] : typed))
      }
  } finally {
    await pages.close()
  }
  for (const which of ENGINES) {
    const all = runs[which]
    print(`${PREFIX[which]}chromium-first-ms-${size}`, median(all.map(({ firstMs }) => firstMs)))
    print(`${PREFIX[which]}chromium-load-ms-${size}`, median(all.map(({ wholeMs }) => wholeMs)))
    print(`${PREFIX[which]}chromium-longest-task-ms-${size}`, median(all.map(run => run.longestTaskMs)))
    print(`${PREFIX[which]}chromium-memory-${size}`, median(all.map(({ bytes }) => bytes)))
    printKeys(`${PREFIX[which]}chromium`, size, all[0]?.times ?? [])
  }
  // Once more from the page: what Node was given at once may come there in parts.
  print(`first-suggestion-br-${size}`, sum(files.ours, runs.ours[0]?.first ?? []))
  print(`fetched-br-${size}`, sum(files.ours, runs.ours[0]?.all ?? []))
}

async function measureHttp({ size, typed, questions }: Site, helpDir: string): Promise<void> {
  const found = await overHttp(code, helpDir, typed, questions)
  print(`http-start-ms-${size}`, found.startMs)
  print(`http-first-ms-${size}`, found.firstMs)
  printKeys('http', size, found.times)
  print(`http-known-key-p50-ms-${size}`, median(found.knownTimes))
  print(`http-memory-idle-${size}`, found.idleBytes)
  print(`http-memory-${size}`, found.openBytes)
  print(`http-memory-after-load-${size}`, found.endBytes)
  print(`http-keys-per-second-${size}`, found.perSecond)
  print(`http-keys-per-cpu-second-${size}`, found.perCpuSecond)
}

interface NodeFigures {
  readonly firstMs: number
  readonly wholeMs: number
  readonly first: readonly string[]
  readonly times: readonly number[]
  readonly bytes: number
  readonly bytesAfterKeys: number
}

function inNode(which: string, folder: string): NodeFigures {
  return JSON.parse(
    execFileSync(process.execPath, ['--expose-gc', join(code, 'inNode.mjs'), which, folder], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    }),
  )
}

function printKeys(name: string, size: number, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b)
  print(`${name}-key-p50-ms-${size}`, quantile(sorted, 0.5))
  print(`${name}-key-p95-ms-${size}`, quantile(sorted, 0.95))
  print(`${name}-key-max-ms-${size}`, sorted.at(-1) ?? 0)
}

const figure = (name: string) => figures.get(`${name}-${SIZE_JUDGED}`)
for (const name of ['index-br', 'minisearch-index-br', 'first-suggestion-br']) {
  const value = figure(name)
  if (value !== undefined) print(`${name}-${SIZE_JUDGED}`, value)
}
const [ours, theirs] = [figure('chromium-key-p95-ms'), figure('minisearch-chromium-key-p95-ms')]
if (ours !== undefined && theirs) print('p95-ratio', ours / theirs)
const longest = figure('chromium-longest-task-ms')
if (longest !== undefined) print('longest-task-ms', longest)
