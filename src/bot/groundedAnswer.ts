// From passages to an answer: the sentences that speak to the question, or nothing. Pure.
// It quotes and never writes: what no passage supports is not said.

import type { Citation } from '../protocol/records'
import type { Passage } from '../search/searchProvider'
import { contentStems } from '../understanding/normalise'

export interface GroundedAnswer {
  /** Whole sentences of one passage, in its order. */
  readonly text: string
  readonly citations: readonly Citation[]
  /** Names this answer in `BotState.answered`. */
  readonly key: string
  /** 0 … 1: share of the question's meaning that the passage holds. */
  readonly coverage: number
}

export interface GroundedLimits {
  /** Passages below this score are not quoted. */
  readonly minScore: number
  /** Share of the question's content words that the passage must hold. */
  readonly minCoverage: number
}

export const GROUNDED_LIMITS: GroundedLimits = { minScore: 0.3, minCoverage: 0.6 }

const MAX_SENTENCES = 4
/** Longer than this is an article, and the citation opens it. */
const MAX_ANSWER_CHARS = 480

/**
 * @param passages  best first, as `SearchProvider.passages` gives them
 * @param answered  keys of earlier answers: none of them is given again
 * @returns null when no passage supports an answer; `repeated` when all that do were given already
 */
export function groundedAnswer(
  question: string,
  passages: readonly Passage[],
  answered: readonly string[] = [],
  limits: GroundedLimits = GROUNDED_LIMITS,
): GroundedAnswer | 'repeated' | null {
  const wanted = [...new Set(contentStems(question))]
  if (!wanted.length) return null
  let isRepeated = false
  let best: { passage: Passage; coverage: number; rank: number; key: string } | undefined
  for (const passage of passages) {
    if (passage.score < limits.minScore) continue
    // The heading says what the passage is about, and the passage seldom repeats it.
    const held = new Set(contentStems(`${passage.title} ${passage.headingText ?? ''} ${passage.text}`))
    const coverage = wanted.filter(word => held.has(word)).length / wanted.length
    const own = new Set(contentStems(passage.text))
    if (coverage < limits.minCoverage) continue
    const key = `${passage.articleId}#${passage.headingId ?? ''}:${passage.text.slice(0, 40)}`
    if (answered.includes(key)) {
      isRepeated = true
      continue
    }
    // Of two passages of one article, the one that says the words itself beats the one that only shares the title.
    const said = wanted.filter(word => own.has(word)).length / wanted.length
    const rank = passage.score * (coverage + said / 5)
    if (!best || rank > best.rank) best = { passage, coverage, rank, key }
  }
  if (!best) return isRepeated ? 'repeated' : null
  const { passage, coverage, key } = best
  const { articleId, title, headingId } = passage
  return {
    text: chooseSentences(passage.text, wanted),
    citations: [{ articleId, title, ...(headingId ? { headingId } : {}) }],
    key,
    coverage,
  }
}

/** The run of neighbouring sentences that holds most of what is asked; torn apart, they could mislead. */
function chooseSentences(text: string, wanted: readonly string[]): string {
  const sentences = text.split(/(?<=[.!?。！？]\s|\n)/)
  const heldBy = (words: string) => {
    const stems = contentStems(words)
    return wanted.filter(word => stems.includes(word)).length
  }
  let best = { score: -1, words: '' }
  // Each keeps the space or the line end behind it, so that steps and rows of a table stay on lines of their own.
  sentences.forEach((first, from) => {
    // A run begins where the question is spoken to: sentences that lead up to it are mostly greetings.
    const lead = heldBy(first) ? 1 : 0
    for (let count = 1; count <= MAX_SENTENCES; count++) {
      const words = sentences
        .slice(from, from + count)
        .join('')
        .trim()
      if (count > 1 && words.length > MAX_ANSWER_CHARS) break
      // Two sentences or three rather than one; on a tie the earlier run.
      const score = heldBy(words) + lead + Math.min(count, 3) * 0.3
      if (score > best.score) best = { score, words }
    }
  })
  const { words } = best
  return words.length <= MAX_ANSWER_CHARS * 1.5 ? words : `${words.slice(0, MAX_ANSWER_CHARS)}…`
}
