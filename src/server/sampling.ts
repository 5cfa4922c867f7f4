// Which answers leads are asked to judge, and how likely each was to be asked for. Pure but for the hash.
//
// An item is taken when the number that a keyed hash gives it (its draw) is below the rate of its stratum. Nobody who
// has no key can tell or choose who is taken, every node comes to the same, and in any order: nothing is agreed on.
// Of a stratum and week at most so many stand in the queue, those with the lowest draws. What the first one left out
// had as its draw is then the chance that those who stay had (E. Cohen and H. Kaplan, "Summarizing data using bottom-k
// sketches", 2007), so that the figures can be weighed by it.

import { createHmac } from 'node:crypto'
import { type ReviewStratum, STRATA } from '../protocol/reviews'

/** Draws and chances are whole numbers of so many: the same in every database. */
export const CERTAIN = 1_000_000_000

/** What is known of an item that decides how closely it is looked at. */
export interface ReviewSignals {
  readonly kind: 'answer' | 'missed' | 'handoff' | 'agent'
  readonly isContested?: boolean
  /** Of the conversation, where it is about this item. */
  readonly rating?: number | null
  readonly isUnsolved?: boolean
  readonly confidence?: number | null
}

export interface ReviewRules {
  /** 0 … 1. */
  readonly rates: Readonly<Record<ReviewStratum, number>>
  /** Of a stratum in a week. */
  readonly weekly: number
}

/** Of ordinary ones one in twenty; where somebody was let down, all that a lead can read. */
export const DEFAULT_REVIEWS: ReviewRules = {
  rates: {
    contested: 1,
    lowRated: 1,
    notSolved: 0.5,
    lowConfidence: 0.3,
    missed: 0.2,
    answers: 0.05,
    handoffs: 0.05,
    agents: 0.05,
  },
  weekly: 40,
}

/** As the lowest two of five stars. */
const LOW_RATING = 2
/** The bot's own measure, calibrated: below it half of its answers are wrong. */
const LOW_CONFIDENCE = 0.5
const WEEK_MS = 7 * 24 * 60 * 60_000
/** 1970 began on a Thursday; weeks begin on Mondays. */
const FIRST_MONDAY_MS = 4 * 24 * 60 * 60_000

/** A name for an item that says nothing of what is in it. */
export function itemIdOf(key: string, ...parts: readonly (string | number)[]): string {
  return hashed(key, `item ${JSON.stringify(parts)}`)
    .subarray(0, 16)
    .toString('base64url')
}

/** 0 … CERTAIN - 1, each as likely. */
export function drawOf(key: string, itemId: string): number {
  // 48 bits: folded into a billion numbers, none of them is more likely than another by more than one in 280 000.
  return hashed(key, `draw ${itemId}`).readUIntBE(0, 6) % CERTAIN
}

/** In which order this lead is asked: another one for each, so that two rarely judge the same. */
export function turnOf(key: string, agentId: string, itemId: string): number {
  return hashed(key, `turn ${JSON.stringify([agentId, itemId])}`).readUIntBE(0, 6)
}

const hashed = (key: string, text: string) => createHmac('sha256', key).update(text).digest()

export function stratumOf({
  kind,
  isContested,
  rating,
  isUnsolved,
  confidence,
}: ReviewSignals): ReviewStratum {
  if (isContested) return 'contested'
  if (typeof rating === 'number' && rating <= LOW_RATING) return 'lowRated'
  if (isUnsolved) return 'notSolved'
  if (kind === 'answer' && typeof confidence === 'number' && confidence < LOW_CONFIDENCE)
    return 'lowConfidence'
  return ({ answer: 'answers', missed: 'missed', handoff: 'handoffs', agent: 'agents' } as const)[kind]
}

/** Whether `next` is looked at more closely than `before`: an item only ever moves that way. */
export const isCloser = (next: ReviewStratum, before: ReviewStratum): boolean =>
  STRATA.indexOf(next) < STRATA.indexOf(before)

/** Which week a moment is in, in UTC; of when it was said, not of when it was looked at. */
export const weekOf = (at: number): number => Math.floor((at - FIRST_MONDAY_MS) / WEEK_MS)

/** The chance of an item of this stratum, before the queue is full. */
export const chanceOf = (stratum: ReviewStratum, { rates }: ReviewRules): number =>
  Math.round(Math.min(1, Math.max(0, rates[stratum])) * CERTAIN)

/**
 * What is left of a stratum's week: from which draw on nothing stays; null: all do.
 *
 * @param draws  of those that are in it, in any order
 */
export function cutOf(draws: readonly number[], weekly: number): number | null {
  return [...draws].sort((a, b) => a - b)[weekly] ?? null
}
