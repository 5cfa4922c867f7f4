// What `asklet evaluate` says: the worst misses, what changed, and last the lines `name: value` that programs
// read. Pure.

import { type Difference, type Figures, MAX_PLACE, MEASURES, type Measure } from './searchFigures'

/** One query and what became of it. */
export interface Asked {
  readonly file: string
  readonly line: number
  readonly query: string
  readonly wanted: readonly string[]
  /** What came first; '' when nothing came. */
  readonly got: string
  /** As in `Outcome`. */
  readonly place: number
  /** Its place in the other build; left out: there is no other, or it lacks a right article. */
  readonly was?: number
}

export interface Result {
  readonly files: readonly ({ readonly file: string } & Figures)[]
  /** Over all queries of all files, each counting the same. */
  readonly overall: Figures
  readonly asked: readonly Asked[]
  readonly against?: {
    readonly folder: string
    /** Queries that are not compared: the other build lacks a right article of theirs. */
    readonly leftOut: number
    /** Of this build, over the compared queries. */
    readonly own: Figures
    /** Of the other one, over the same. */
    readonly overall: Figures
    readonly differences: Readonly<Partial<Record<Measure, Difference>>>
  }
  readonly regressions: readonly Measure[]
  readonly belowFloor: readonly { readonly measure: Measure; readonly floor: number; readonly got: number }[]
}

export interface Rule {
  readonly tolerance: number
  readonly resamples: number
  readonly seed: number
}

/** A query longer than this is cut in a table. */
const MAX_CELL_CHARS = 44

/** Queries whose right article is not first: those that fell furthest, then those that it is furthest from. */
export function worstOf(asked: readonly Asked[]): readonly Asked[] {
  const depth = (place: number) => place || MAX_PLACE + 1
  const fall = ({ place, was }: Asked) => (was === undefined ? 0 : Math.max(0, depth(place) - depth(was)))
  return asked
    .filter(({ place }) => place !== 1)
    .sort((a, b) => fall(b) - fall(a) || depth(b.place) - depth(a.place))
}

export function evaluateReport(
  result: Result,
  { misses, rule }: { readonly misses: number; readonly rule: Rule },
): readonly string[] {
  const { files, overall, asked, against, regressions } = result
  const lines: string[] = []
  const worst = worstOf(asked)
  if (worst.length && misses) {
    const shown = worst.slice(0, misses)
    lines.push(
      `${worst.length} of ${asked.length} queries whose right article is not first${shown.length < worst.length ? `, the worst ${shown.length}` : ''}`,
      ...table([
        ['place', ...(against ? ['was'] : []), 'query', 'wanted', 'got first', ''],
        ...shown.map(({ file, line, query, wanted, got, place, was }) => [
          placeText(place),
          ...(against ? [was === undefined ? 'none' : placeText(was)] : []),
          query,
          wanted.join(' or '),
          got || 'nothing',
          `${file}:${line}`,
        ]),
      ]),
      '',
    )
  }
  if (against) {
    lines.push(
      ...table([
        ['', 'here', 'there', 'change', '95 % interval'],
        ...MEASURES.flatMap(measure => {
          const difference = against.differences[measure]
          return difference
            ? [
                [
                  measure,
                  three(against.own.means[measure]),
                  three(against.overall.means[measure]),
                  signed(difference.change),
                  `${signed(difference.low)} … ${signed(difference.high)}`,
                ],
              ]
            : []
        }),
      ]),
      `${against.overall.queries} of ${asked.length} queries are compared; of ${against.leftOut} the other build lacks a right article.`,
      `A regression is success@1 or mrr@10 lower by more than ${rule.tolerance} with an interval below 0 (paired bootstrap over queries, ${rule.resamples} resamples, seed ${rule.seed}).`,
      '',
    )
  }
  if (files.length > 1)
    for (const { file, ...figures } of files)
      lines.push(...figureLines(figures, `${file.replace(/\.[^.]*$/, '')}-`))
  lines.push(...figureLines(overall, ''))
  if (against) {
    lines.push(...figureLines(against.overall, 'against-'), `left-out: ${against.leftOut}`)
    for (const measure of MEASURES) {
      const difference = against.differences[measure]
      if (!difference) continue
      lines.push(
        `${measure}-change: ${three(difference.change)}`,
        `${measure}-change-low: ${three(difference.low)}`,
        `${measure}-change-high: ${three(difference.high)}`,
      )
    }
    lines.push(`regressions: ${regressions.length}`)
  }
  return lines
}

function figureLines({ queries, means, p50Ms, p95Ms }: Figures, prefix: string): readonly string[] {
  return [
    `${prefix}queries: ${queries}`,
    ...MEASURES.flatMap(measure =>
      means[measure] === undefined ? [] : [`${prefix}${measure}: ${three(means[measure])}`],
    ),
    `${prefix}p50-ms: ${p50Ms.toFixed(2)}`,
    `${prefix}p95-ms: ${p95Ms.toFixed(2)}`,
  ]
}

const placeText = (place: number) => (place ? String(place) : '-')
/** Never `-0.000`. */
const three = (value = 0) => (Math.abs(value) < 0.0005 ? '0.000' : value.toFixed(3))
const signed = (value: number) => `${value >= 0.0005 ? '+' : ''}${three(value)}`

/** Rows with cells of equal width; the last column is not filled up. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const cut = rows.map(row =>
    row.map((cell, i) =>
      i < row.length - 1 && [...cell].length > MAX_CELL_CHARS
        ? `${[...cell].slice(0, MAX_CELL_CHARS - 1).join('')}…`
        : cell,
    ),
  )
  const widths = (cut[0] ?? []).map((_, i) => Math.max(...cut.map(row => [...(row[i] ?? '')].length)))
  return cut.map(row =>
    `  ${row.map((cell, i) => cell.padEnd((widths[i] ?? 0) + cell.length - [...cell].length)).join('  ')}`.trimEnd(),
  )
}
