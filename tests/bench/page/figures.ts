// From single measurements to the table and the final lines. Pure; knows no browser.

/** Between the two in the middle where their number is even; NaN for an empty list, which prints as "-". */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 ? (sorted[half] ?? NaN) : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2
}

/** The smallest number that `share` of all do not exceed. NaN for an empty list. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN
}

/** `ours / floor`; NaN where the floor costs nothing that can be told from the empty page. */
export function ratio(ours: number, floor: number): number {
  return floor > 0 ? ours / floor : NaN
}

export type Asked =
  | { readonly atMost: number }
  /** Only shown; nothing is asked of it. */
  | null

export interface Row {
  readonly name: string
  readonly unit: '' | 'ms' | 'MB' | 'bytes'
  readonly asked: Asked
  /** By column; a column without a figure stays empty. */
  readonly values: Readonly<Record<string, number>>
}

/** A figure that only ours has. */
export interface OwnFigure extends Omit<Row, 'values'> {
  readonly value: number
}

/** Three digits where there are decimals; "-" for what could not be measured. */
export function shown(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '-'
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(Math.abs(value) < 10 ? 2 : 1)))
}

/** Held against as it is printed, so that no line contradicts itself. */
export function isMissed(value: number | undefined, asked: Asked): boolean {
  if (!asked || value === undefined) return false
  return !(Number(shown(value)) <= asked.atMost)
}

/**
 * Rows as lines of text: figure, what is asked, then a column each. The first column is what is held against the
 * target; where it misses, an exclamation mark follows.
 *
 * @param columns  names, ours first
 */
export function table(rows: readonly Row[], columns: readonly string[]): string[] {
  const [own = ''] = columns
  const cells = [
    ['figure', 'asked', ...columns],
    ...rows.map(({ name, unit, asked, values }) => [
      unit ? `${name}, ${unit}` : name,
      asked ? `<= ${asked.atMost}` : '',
      ...columns.map(
        column =>
          (column in values ? shown(values[column]) : '') +
          (column === own && isMissed(values[own], asked) ? ' !' : ''),
      ),
    ]),
  ]
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map(line => line[i]?.length ?? 0)))
  return cells.map(line =>
    line
      .map((cell, i) => (i ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

/** @returns `name: value` for other programs to read */
export function finalLines(figures: readonly (readonly [name: string, value: number])[]): string[] {
  return figures.map(([name, value]) => `${name}: ${shown(value)}`)
}
