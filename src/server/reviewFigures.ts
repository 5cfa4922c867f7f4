// What the verdicts on a sample say of all there is. Pure.
//
// Each item counts for as many as it was taken out of (D. G. Horvitz and D. J. Thompson, 1952; here as a ratio, after
// J. Hájek): one that was taken with a chance of 0.05 for twenty. What leads have not judged yet is taken to be as the
// judged ones of its stratum. The interval is E. B. Wilson's (1927), for as many judgements as the weighed ones are
// worth (L. Kish, 1965), so that it says something where all of five were right.

import type { ReviewEstimate, ReviewFigures, ReviewKind, ReviewStratum, Verdict } from '../protocol/reviews'
import { STRATA } from '../protocol/reviews'
import { CERTAIN } from './sampling'

/** What is asked of an item for the figures. */
export interface WeighedItem {
  readonly kind: ReviewKind
  readonly stratum: ReviewStratum
  /** Of CERTAIN; 0: it fell out of the sample after it was judged, and weighs nothing. */
  readonly chance: number
  readonly verdict: Verdict | null
}

/** Of a normal distribution, 95 % lie between -Z and Z. */
const Z = 1.959964

/** Null: none of these is judged. */
export function estimateRight(items: readonly WeighedItem[]): ReviewEstimate | null {
  let all = 0
  let right = 0
  let spread = 0
  let judged = 0
  for (const stratum of STRATA) {
    const sampled = items.filter(item => item.stratum === stratum && item.chance > 0)
    const known = sampled.filter(({ verdict }) => verdict !== null)
    if (known.length === 0) continue
    const total = weightOf(sampled)
    const perKnown = total / weightOf(known)
    for (const item of known) {
      const weight = (CERTAIN / item.chance) * perKnown
      all += weight
      if (item.verdict === 'right') right += weight
      // Who is asked for certain adds no doubt.
      spread += weight * weight * (1 - Math.min(1, 1 / weight))
    }
    judged += known.length
  }
  if (judged === 0) return null
  const share = right / all
  const { low, high } = spread === 0 ? { low: share, high: share } : wilson(share, (all * all) / spread)
  return { right: share, low, high, judged }
}

const weightOf = (items: readonly WeighedItem[]) =>
  items.reduce((sum, { chance }) => sum + CERTAIN / chance, 0)

function wilson(share: number, n: number): { readonly low: number; readonly high: number } {
  const square = Z * Z
  const middle = (share + square / (2 * n)) / (1 + square / n)
  const half = (Z / (1 + square / n)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n))
  return {
    low: Math.max(0, Math.min(share, middle - half)),
    high: Math.min(1, Math.max(share, middle + half)),
  }
}

/** @param days  what `items` are of */
export function figuresOf(items: readonly WeighedItem[], days: number): ReviewFigures {
  const of = (...kinds: readonly ReviewKind[]) =>
    estimateRight(items.filter(({ kind }) => kinds.includes(kind)))
  const isJudged = ({ verdict }: WeighedItem) => verdict !== null
  return {
    days,
    judged: items.filter(isJudged).length,
    waiting: items.filter(item => !isJudged(item)).length,
    strata: STRATA.map(stratum => {
      const own = items.filter(item => item.stratum === stratum)
      const judged = own.filter(isJudged)
      return {
        stratum,
        judged: judged.length,
        waiting: own.length - judged.length,
        right: judged.filter(({ verdict }) => verdict === 'right').length,
      }
    }).filter(({ judged, waiting }) => judged + waiting > 0),
    bot: of('answer', 'missed'),
    agents: of('agent'),
    handoffs: of('handoff'),
  }
}
