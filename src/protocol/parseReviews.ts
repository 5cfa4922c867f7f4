// What the desk takes in of a review queue. Apart from parseDesk.ts, because only leads need it, and only then.

import * as v from 'valibot'
import { REVIEW_KINDS, STRATA, VERDICTS } from './reviews'
import type { DeskCalls } from './wire'

const text = v.pipe(v.string(), v.maxLength(2_000))
/** Up to what a message may hold, with room for a server that allows more. */
const words = v.pipe(v.string(), v.maxLength(20_000))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const article = v.object({
  articleId: text,
  title: text,
  headingId: v.optional(text),
  headingText: v.optional(text),
})
const estimate = v.fallback(
  v.nullable(v.object({ right: share, low: share, high: share, judged: count })),
  null,
)
const stratum = v.picklist(STRATA)
const item = v.object({
  itemId: v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/)),
  kind: v.picklist(REVIEW_KINDS),
  stratum,
  at: v.pipe(v.number(), v.minValue(-8.64e15), v.maxValue(8.64e15)),
  revision: count,
  question: words,
  before: v.array(v.object({ by: v.picklist(['visitor', 'bot', 'agent']), text: words })),
  answer: v.array(words),
  sources: v.array(article),
  rule: v.optional(text),
  because: v.optional(text),
  confidence: v.optional(share),
  route: v.optional(text),
  role: v.optional(text),
  locale: v.optional(text),
  verdict: v.fallback(v.nullable(v.picklist(VERDICTS)), null),
  article: v.fallback(v.nullable(article), null),
  words,
})
const part = v.object({ stratum, judged: count, waiting: count, right: count })
const answer = v.object({
  item: v.nullable(item),
  waiting: count,
  figures: v.object({
    days: count,
    judged: count,
    waiting: count,
    // A newer server's ninth part must not take the others away.
    strata: v.pipe(
      v.array(v.unknown()),
      v.transform(list => list.filter((each): each is v.InferOutput<typeof part> => v.is(part, each))),
    ),
    bot: estimate,
    agents: estimate,
    handoffs: estimate,
  }),
  isBehind: v.fallback(v.boolean(), false),
})

/** Null: of a server that means something else by it. */
export function parseReviews(value: unknown): DeskCalls['reviews']['reply'] | null {
  const parsed = v.safeParse(answer, value)
  return parsed.success ? (parsed.output as DeskCalls['reviews']['reply']) : null
}
