// From places of the right article to figures. Pure.

/** Shares, 0 … 1. */
export interface Figures {
  readonly first: number
  readonly firstThree: number
  /** Mean of 1 / place over the first ten; 0 for what is not among them. */
  readonly reciprocal: number
}

/** @param places  of the right article in each list, 0 = first, -1 = not found */
export function figuresOf(places: readonly number[]): Figures {
  return {
    first: mean(places.map(place => (place === 0 ? 1 : 0))),
    firstThree: mean(places.map(place => (place >= 0 && place < 3 ? 1 : 0))),
    reciprocal: mean(places.map(place => (place >= 0 && place < 10 ? 1 / (place + 1) : 0))),
  }
}

/** Unweighted: a large set says no more than a small one. */
export function meanFigures(all: readonly Figures[]): Figures {
  return {
    first: mean(all.map(({ first }) => first)),
    firstThree: mean(all.map(({ firstThree }) => firstThree)),
    reciprocal: mean(all.map(({ reciprocal }) => reciprocal)),
  }
}

/** 0 for an empty list. */
export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length)
}

/** Of sorted numbers; 0 for an empty list. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/**
 * Share of a query that need not be typed: 1 - keys / length for the least number of keys at which `isFound`,
 * 0 when it never is. Every length is looked at from the first on, because a list may lose the article again.
 */
export async function keysSaved(
  text: string,
  isFound: (typed: string) => Promise<boolean> | boolean,
): Promise<number> {
  for (let keys = 1; keys <= text.length; keys++)
    if (await isFound(text.slice(0, keys))) return 1 - keys / text.length
  return 0
}
