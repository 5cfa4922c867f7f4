// The answerer that is judged, as the bot asks it.

import { GROUNDED_LIMITS, groundedAnswer } from '../../../src/bot/groundedAnswer'
import type { Passage } from '../../../src/search/searchProvider'
import type { Reply } from './judge'

/** @param isForced  its best answer, however unsure it is: what a curve is drawn from */
export function reply(question: string, passages: readonly Passage[], isForced = false): Reply {
  const limits = isForced ? { minScore: 0, minCoverage: 0 } : GROUNDED_LIMITS
  const found = groundedAnswer(question, passages, [], limits)
  if (!found || found === 'repeated') return { kind: 'unknown', sentences: [], confidence: 0 }
  const [citation] = found.citations
  return {
    kind: 'answer',
    sentences: citation ? found.text.split(/\n|(?<=[.!?]) /).map(text => ({ text, citation })) : [],
    confidence: found.coverage,
  }
}
