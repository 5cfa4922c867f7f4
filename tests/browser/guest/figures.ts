// What the checks found: figures by name, and each fault as a sentence. Prints progress; decides nothing.

/** The figures of the last lines, in their order; a check adds to one with each fault of its kind. */
export const FIGURES = [
  'left-behind',
  'heap-slope-bytes',
  'key-leaks',
  'instances-mixed',
  'lost-after-swap',
  'lost-after-bfcache',
  'deploy-stranded',
] as const
export type Figure = (typeof FIGURES)[number]

export interface Findings {
  /** A fault; counts in `figure` where it belongs to one. */
  fault(sentence: string, figure?: Figure): void
  /** A fault unless `isSo`. */
  expect(isSo: boolean, sentence: string, figure?: Figure): void
  /** What was found and is no fault: for whoever reads the run. */
  note(sentence: string): void
  set(figure: Figure, value: number): void
  readonly faults: readonly string[]
  value(figure: Figure): number
}

export function createFindings(): Findings {
  const faults: string[] = []
  const values = new Map<Figure, number>()
  const fault = (sentence: string, figure?: Figure) => {
    faults.push(sentence)
    if (figure) values.set(figure, (values.get(figure) ?? 0) + 1)
    console.log(`     FAULT  ${sentence}`)
  }
  return {
    fault,
    expect(isSo, sentence, figure) {
      if (!isSo) fault(sentence, figure)
    },
    note: sentence => console.log(`            ${sentence}`),
    set: (figure, value) => values.set(figure, value),
    faults,
    value: figure => values.get(figure) ?? 0,
  }
}
