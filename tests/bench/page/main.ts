// What the widget costs the page that embeds it, over the built files, in a Chromium whose processor is slowed to a
// quarter on a slow line: beside an empty page and a floor, and other widgets where a file names them.
//
//   npm run bench:page -- [--runs 5] [--quick] [--only visits,keys,timeline,desk,host] [--with other.json] [--raw]
//     [--profile <folder>]  a CPU profile of messages being appended (timeline), and its costliest functions
//
// Prints progress, a table, and `name: value` lines. Pages take turns, so that all meet the same moods of the machine;
// each figure is the median of all runs, and what loading costs has the empty page taken off.

import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { openBrowsers } from './browser'
import { measureDesk } from './desk'
import { finalLines, median, type OwnFigure, type Row, ratio, shown, table } from './figures'
import { measureHost } from './host'
import { measureKeys } from './keys'
import { addPages } from './pages'
import { parseRivals } from './rivals'
import { serveSite } from './site'
import { measureTimeline } from './timeline'
import { type Contender, type Visit, visit } from './visits'

const PARTS = ['visits', 'keys', 'timeline', 'desk', 'host'] as const

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: PARTS.join(',') },
    with: { type: 'string' },
    profile: { type: 'string' },
    raw: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs ?? (values.quick ? 1 : 5))
if (!Number.isInteger(runs) || runs < 1)
  fail(`--runs must be a whole number from 1 on, got "${values.runs}".`)
const only = values.only.split(',')
for (const part of only)
  if (!PARTS.some(known => known === part)) fail(`--only takes ${PARTS.join(', ')}, got "${part}".`)
let rivals: ReturnType<typeof parseRivals> = []
try {
  if (values.with) rivals = parseRivals(readFileSync(values.with, 'utf8'), values.with)
} catch (error) {
  fail(`--with: ${(error as Error).message}`)
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}

const began = performance.now()
const say = (line: string) =>
  console.error(`${((performance.now() - began) / 1_000).toFixed(0).padStart(4)} s  ${line}`)
say(`machine load ${loadavg()[0]?.toFixed(1)}; a busy machine makes every time longer`)

const site = await serveSite()
const browsers = await openBrowsers()
const rows: Row[] = []
const finals: [name: string, value: number][] = []
const columns = ['ours', 'floor', 'empty', ...rivals.map(({ name }) => name)]
try {
  const contenders = addPages(site, rivals)
  if (only.includes('visits')) await measureVisits(contenders)
  if (only.includes('keys')) own(await measureKeys(browsers, site, { isQuick: values.quick, say }))
  if (only.includes('timeline'))
    own(await measureTimeline(browsers, site, { runs: Math.min(runs, 3), say, profile: values.profile }))
  if (only.includes('desk')) own(await measureDesk(browsers, site, { runs: Math.min(runs, 3), say }))
  if (only.includes('host')) own(await measureHost(browsers, site, say))
} finally {
  await browsers.close()
  site.close()
}
say('done')
console.log(table(rows, columns).join('\n'))
console.log(`\n${finalLines(finals).join('\n')}`)
process.exit(0)

/** Figures of ours alone; those with a target are final lines too. */
function own(figures: readonly OwnFigure[]): void {
  for (const { name, unit, asked, value } of figures) {
    rows.push({ name, unit, asked, values: { ours: value } })
    if (asked) finals.push([name, value])
  }
}

async function measureVisits(contenders: readonly Contender[]): Promise<void> {
  const all = new Map<string, { cold: Visit[]; prefetched: Visit[] }>()
  for (const { name } of contenders) all.set(name, { cold: [], prefetched: [] })
  // Not counted: a browser that has just been started is busy with itself.
  const [first] = contenders
  if (first && !values.quick) await visit(browsers, site, first, 'cold')
  for (let run = 0; run < runs; run++)
    for (const how of ['cold', 'prefetched'] as const)
      for (const contender of contenders) {
        const done = await visit(browsers, site, contender, how)
        all.get(contender.name)?.[how].push(done)
        const { loaded, opened } = done
        say(
          `run ${run + 1} of ${runs}: ${contender.name} ${how}: script ${shown(loaded.scriptMs)} ms, main thread ${shown(loaded.taskMs)} ms${opened ? `, usable after ${shown(opened.usableMs)} ms` : ''}`,
        )
        if (values.raw) say(JSON.stringify(done))
      }

  const of = (name: string, read: (visit: Visit) => number | undefined, how?: 'cold' | 'prefetched') => {
    const visits = all.get(name)
    const list = how ? visits?.[how] : [...(visits?.cold ?? []), ...(visits?.prefetched ?? [])]
    return median((list ?? []).flatMap(each => read(each) ?? []))
  }
  /** What a page adds to the empty one; the empty one as it is. */
  const added = (name: string, read: (visit: Visit) => number | undefined, how?: 'cold' | 'prefetched') =>
    of(name, read, how) - (name === 'empty' ? 0 : of('empty', read, how))
  const row = (
    name: string,
    unit: Row['unit'],
    atMost: number | null,
    read: (column: string) => number,
    without: readonly string[] = [],
  ) => {
    const values = Object.fromEntries(
      columns.filter(column => !without.includes(column)).map(column => [column, read(column)]),
    )
    rows.push({ name, unit, asked: atMost === null ? null : { atMost }, values })
    return values
  }
  const final = (
    name: string,
    unit: Row['unit'],
    atMost: number,
    read: (column: string) => number,
    without?: string[],
  ) => finals.push([name, row(name, unit, atMost, read, without).ours ?? NaN])
  const toFloor = (name: string, atMost: number, read: (column: string) => number) =>
    final(name, '', atMost, column => ratio(read(column), read('floor')), ['empty'])

  const script = (column: string) => added(column, ({ loaded }) => loaded.scriptMs)
  const main = (column: string) => added(column, ({ loaded }) => loaded.taskMs)
  const usable = (how: 'cold' | 'prefetched') => (column: string) =>
    of(column, ({ opened }) => opened?.usableMs, how)
  const longest = (how: 'cold' | 'prefetched') => (column: string) =>
    of(column, ({ opened }) => opened?.longestTaskMs, how)
  const bare = ['empty']
  row('load-br', 'bytes', null, column => added(column, ({ loaded }) => loaded.bytes))
  row('load-script', 'ms', null, script)
  toFloor('script-cpu-ratio', 2, script)
  row('load-main', 'ms', null, main)
  toFloor('main-cpu-ratio', 2, main)
  row('open-prefetched', 'ms', null, usable('prefetched'), bare)
  toFloor('open-ratio', 1.3, usable('prefetched'))
  row('open-cold', 'ms', null, usable('cold'), bare)
  toFloor('open-cold-ratio', 1.3, usable('cold'))
  row('open-cold-longest-task', 'ms', null, longest('cold'), bare)
  row('open-prefetched-longest-task', 'ms', null, longest('prefetched'), bare)
  final(
    'inp-ms',
    'ms',
    100,
    column =>
      Math.max(
        of(column, ({ opened }) => opened?.interactionMs, 'cold'),
        of(column, ({ opened }) => opened?.interactionMs, 'prefetched'),
      ),
    bare,
  )
  final('tbt-ms', 'ms', 0, column => added(column, ({ loaded }) => loaded.tbtMs))
  final(
    'cls',
    '',
    0,
    column => added(column, ({ loaded }) => loaded.cls) + (of(column, ({ opened }) => opened?.cls) || 0),
  )
  final('requests', '', 1, column => added(column, ({ loaded }) => loaded.requests))
  final('writes', '', 0, column => added(column, ({ loaded }) => loaded.writes))
  const empty = of('empty', ({ heaps }) => heaps?.loadedBytes, 'cold')
  const heap = (column: string, read: (visit: Visit) => number | undefined) =>
    (of(column, read, 'cold') - (column === 'empty' ? 0 : empty)) / 1e6
  final('heap-load-mb', 'MB', 0.15, column => heap(column, ({ heaps }) => heaps?.loadedBytes))
  final('heap-open-mb', 'MB', 0.8, column => heap(column, ({ heaps }) => heaps?.openBytes), bare)
}
