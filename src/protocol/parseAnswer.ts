// The schema of `POST answer`. Only the server reads it; unknown keys are dropped.

import * as v from 'valibot'
import { type AnswerRequest, MAX_ANSWER_ACTIONS, MAX_QUESTION_CHARS } from './answer'
import { searchFacts } from './parseSearch'

export const answerRequest = v.object({
  v: v.pipe(v.number(), v.integer(), v.minValue(1)),
  question: v.pipe(
    v.string(),
    v.maxLength(MAX_QUESTION_CHARS),
    v.check(question => question.trim() !== '', 'an empty question'),
  ),
  facts: searchFacts,
  actions: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(100))), v.maxLength(MAX_ANSWER_ACTIONS))),
})

// Compile-time proof that the schema and the hand-written type say the same thing.
type Same<A, B> = A extends B ? true : never
export const schemaMatchesType: Same<v.InferOutput<typeof answerRequest>, AnswerRequest> = true
