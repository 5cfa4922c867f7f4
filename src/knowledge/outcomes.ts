// What became of articles that people read: did it solve it, yes or no. Counts -> one weight an article. Pure; build
// time.
//
// The weight says how far an article's rate of "yes" lies from the mean of all, after the mean itself was added to it
// as PRIOR_OUTCOMES outcomes (a Beta prior). The lower bound of Wilson's interval is the better known choice, and the
// wrong one here: it falls with fewer answers, so that a new article, of which nothing is known, would stand below one
// that is known to be bad. Here it has the weight 0, and each answer moves it.

import { describe } from '../base/errors'
import type { SourceProblem } from './frontMatter'

export interface Outcome {
  readonly articleId: string
  /** Confirmed: people said that it solved it. Whole number >= 0. */
  readonly solved: number
  readonly notSolved: number
}

/** As many confirmed outcomes as it takes until an article's own rate counts as much as the mean of all. */
const PRIOR_OUTCOMES = 10

/**
 * Reads JSON Lines, one `Outcome` each. Lines of the same article add up. Never throws: a line with a mistake is a
 * problem, and the others count.
 *
 * @param file  its name, for the problems
 */
export function readOutcomes(
  text: string,
  file: string,
): {
  readonly outcomes: readonly (Outcome & { readonly line: number })[]
  readonly problems: readonly SourceProblem[]
} {
  const byId = new Map<string, Outcome & { readonly line: number }>()
  const problems: SourceProblem[] = []
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .forEach((raw, i) => {
      if (!raw.trim()) return
      const line = i + 1
      const outcome = outcomeOf(raw)
      if (typeof outcome === 'string') {
        problems.push({ file, line, sentence: outcome })
        return
      }
      const before = byId.get(outcome.articleId)
      byId.set(outcome.articleId, {
        articleId: outcome.articleId,
        solved: outcome.solved + (before?.solved ?? 0),
        notSolved: outcome.notSolved + (before?.notSolved ?? 0),
        line: before?.line ?? line,
      })
    })
  return { outcomes: [...byId.values()], problems }
}

/** The outcome of a line, or the sentence that says what is wrong with it. */
function outcomeOf(line: string): Outcome | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return `a line must be JSON, got ${describe(line.trim())}. Write { "articleId": "…", "solved": 12, "notSolved": 3 }.`
  }
  const { articleId, solved, notSolved } = (typeof value === 'object' && value ? value : {}) as Partial<
    Record<keyof Outcome, unknown>
  >
  if (typeof articleId !== 'string' || !articleId)
    return `articleId must be an article's id, got ${describe(articleId)}. Write payments/add-a-card.`
  for (const [name, count] of [
    ['solved', solved],
    ['notSolved', notSolved],
  ] as const)
    if (!Number.isSafeInteger(count) || (count as number) < 0)
      return `${name} must be a whole number from 0 on, got ${describe(count)}. Count the confirmed outcomes.`
  return { articleId, solved: solved as number, notSolved: notSolved as number }
}

/**
 * A weight for each article: 1 = always solved it, 0 = as the mean of all or nothing known, -1 = never.
 *
 * @returns −1 … 1 in hundredths; articles with the weight 0 are left out
 */
export function outcomeWeights(outcomes: readonly Outcome[]): ReadonlyMap<string, number> {
  let solved = 0
  let all = 0
  for (const one of outcomes) {
    solved += one.solved
    all += one.solved + one.notSolved
  }
  const mean = all ? solved / all : 0
  const weights = new Map<string, number>()
  // Where everything was solved, or nothing, no article differs from another.
  if (mean === 0 || mean === 1) return weights
  for (const one of outcomes) {
    const rate = (one.solved + PRIOR_OUTCOMES * mean) / (one.solved + one.notSolved + PRIOR_OUTCOMES)
    const weight = Math.round((100 * (rate - mean)) / (rate > mean ? 1 - mean : mean)) / 100
    if (weight) weights.set(one.articleId, weight)
  }
  return weights
}
