// What looks like trouble, from what a visitor does: three small folds over moments. Pure: whoever watches a page
// hands in what happened and when. Knows no page and no offer.

/** A press of the pointer, in CSS pixels of the viewport and milliseconds. */
export interface Press {
  readonly x: number
  readonly y: number
  readonly at: number
}

/** Three presses: two are a double click. */
const RAGE_PRESSES = 3
/** Between the first of them and the last. People who read between two presses take longer. */
const RAGE_MS = 1_000
/** A finger that hits the same button again is off by less. */
const RAGE_RADIUS = 24

/** The presses that may still become a burst with `next`, the newest last. */
export function burstWith(before: readonly Press[], next: Press): readonly Press[] {
  const isNear = ({ x, y, at }: Press) =>
    next.at - at <= RAGE_MS && next.at >= at && Math.hypot(next.x - x, next.y - y) <= RAGE_RADIUS
  return [...before.filter(isNear), next]
}

/** Enough presses on one place, soon enough one after another. Whether they did something is not known here. */
export const isRage = (burst: readonly Press[]): boolean => burst.length >= RAGE_PRESSES

/** Messages of failure that a page has shown, by their text: how often, and who was pressed when. */
export type ErrorCounts = ReadonlyMap<string, { readonly times: number; readonly control: unknown }>

/**
 * Counts what an attempt ended in. A message is shown again when it was gone and is back, or when it still stands
 * after the same control was pressed once more; one that stands there while something else is pressed is the old one.
 *
 * @param control  what was pressed or submitted; compared by identity
 * @param before   messages that were shown when it was
 * @param after    messages that are shown once the attempt is over
 */
export function countErrors(
  counts: ErrorCounts,
  control: unknown,
  before: readonly string[],
  after: readonly string[],
): ErrorCounts {
  const next = new Map(counts)
  for (const text of after) {
    const known = counts.get(text)
    const isNew = !before.includes(text)
    // Shown before anybody watched: the first attempt beside it is its first time.
    if (isNew || !known || known.control === control)
      next.set(text, { times: (known?.times ?? 0) + 1, control })
  }
  return next
}

/** Twice the same is no accident. */
export const isRepeated = (counts: ErrorCounts): boolean =>
  [...counts.values()].some(({ times }) => times >= 2)

/** How a visitor gets on with one form or step. */
export interface Step {
  /** When it was last seen that the visitor gets on. */
  readonly gotOnAt: number
  /** What was done since. */
  readonly idleMoves: number
  /** Most that each field has held, in characters. */
  readonly most: ReadonlyMap<unknown, number>
}

/** Shorter is reading what the fields ask for. */
const STALL_MS = 60_000
/** Fewer is somebody who does something else meanwhile. */
const STALL_MOVES = 4

/**
 * The step after one more move in it: a field entered, or its content changed.
 *
 * Getting on is a field that was not filled before, or one that holds more than ever. Writing a long letter is getting
 * on all the time; taking words out and going from field to field is not.
 *
 * @param field   compared by identity
 * @param length  characters in it; 0 for one that is only entered
 */
export function moveOn(step: Step | undefined, field: unknown, length: number, now: number): Step {
  if (!step) return { gotOnAt: now, idleMoves: 0, most: new Map([[field, length]]) }
  if (length <= (step.most.get(field) ?? 0)) return { ...step, idleMoves: step.idleMoves + 1 }
  return { gotOnAt: now, idleMoves: 0, most: new Map(step.most).set(field, length) }
}

/** Busy, for long, and no further. Asked after a move: who has left the step is not stuck in it. */
export const isStalled = ({ gotOnAt, idleMoves }: Step, now: number): boolean =>
  idleMoves >= STALL_MOVES && now - gotOnAt >= STALL_MS
