// The answerer that is judged, as the bot asks it.

import { groundedAnswer } from '../../../src/bot/groundedAnswer'
import type { Passage } from '../../../src/search/searchProvider'
import { english } from '../../../src/understanding/languages/en'
import { type Reply, sectionOf } from './judge'

/** @param isForced  its best answer, however unsure it is: what a curve is drawn from */
export function reply(question: string, passages: readonly Passage[], isForced = false): Reply {
  const said = groundedAnswer(question, passages, {
    sorts: english.answers.sorts,
    ...(isForced && { answerAt: 0 }),
  })
  if (said.kind === 'answer') return said
  if (said.kind === 'repeated') return { kind: 'unknown', sentences: [], confidence: 0 }
  const { kind, confidence } = said
  return {
    kind,
    sentences: [],
    confidence,
    ...(kind === 'readings' && { readings: said.readings.map(sectionOf) }),
  }
}
