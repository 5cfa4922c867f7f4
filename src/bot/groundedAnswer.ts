// From passages to an answer: the sentences that speak to the question, a question back, or nothing. Pure.
// It quotes and never writes: what no passage supports is not said.

import type { Citation } from '../protocol/records'
import type { AskedWord, Passage } from '../search/searchProvider'
import type { AnswerWords } from '../understanding/languages/language'
import { isStopWord, stem, wordsOf } from '../understanding/normalise'
import * as WEIGHTS from './answerWeights'
import { type HoldsSort, sortAsked } from './askedFor'
import { type Stitched, stitch } from './stitch'

export interface QuotedSentence {
  /** Word for word in the section that `citation` names, but for white space. */
  readonly text: string
  readonly citation: Citation
}

export interface GroundedReading {
  /** A heading, or a title: what the visitor may have meant. */
  readonly label: string
  readonly articleId: string
  readonly headingId?: string
}

/** What an answer's confidence is made of. */
export interface Evidence {
  /** The passage's score as a logit, with what the quoted sentences add to it. */
  readonly found: number
  /** How many words carry the question, as a logarithm: a story shares few of its words with any section. */
  readonly length: number
  /** 0 … 1: how much of the nearest question that the section is known to answer is asked. */
  readonly known: number
  /** 1 the answer holds the sort of thing that is asked for, -1 it does not, 0 nothing in particular is. */
  readonly sort: number
}

export type GroundedAnswer =
  | {
      readonly kind: 'answer'
      /** In the order in which they are read, those of one section together. */
      readonly sentences: readonly QuotedSentence[]
      /** The same as it is shown: steps and rows on lines of their own, a blank line between two sections. */
      readonly text: string
      readonly citations: readonly Citation[]
      /** Name what is quoted in `BotState.answered`. */
      readonly keys: readonly string[]
      /** 0 … 1, calibrated: of answers with 0.8, four of five are right. */
      readonly confidence: number
      readonly evidence: Evidence
      /** The answer is a sequence of steps. */
      readonly isSteps: boolean
    }
  /** Several sections are near, and none is sure: which is meant? Two or three, best first. */
  | { readonly kind: 'readings'; readonly readings: readonly GroundedReading[]; readonly confidence: number }
  /** All that would answer was said before. */
  | { readonly kind: 'repeated' }
  | { readonly kind: 'unknown'; readonly confidence: number }

export interface GroundedOptions {
  /** Keys of earlier answers: none of them is given again. */
  readonly answered?: readonly string[]
  /** Of the visitor's language: what a question asks for. Left out, nothing in particular is asked for. */
  readonly sorts?: AnswerWords['sorts']
  /** Least confidence of an answer; below it the visitor is asked back, or told that nothing is known. */
  readonly answerAt?: number
  /** Least confidence of the best reading that is asked back. */
  readonly askAt?: number
}

interface Candidate {
  readonly passage: Passage
  readonly quote: Stitched
  /** Of its section, of the sentence that answers, and of what is quoted around it. */
  readonly keys: readonly string[]
  readonly evidence: Evidence
}

/** @param passages  best first, as `SearchProvider.passages` gives them */
export function groundedAnswer(
  question: string,
  passages: readonly Passage[],
  options: GroundedOptions = {},
): GroundedAnswer {
  const { answered = [], sorts = [], answerAt = WEIGHTS.ANSWER_AT, askAt = WEIGHTS.ASK_AT } = options
  const holdsSort = sortAsked(question, sorts)
  const all = passages.flatMap(passage => candidateOf(question, passage, holdsSort, answered) ?? [])
  all.sort((a, b) => b.evidence.found - a.evidence.found)
  const fresh = all.filter(({ keys: [, ...quotes] }) => !quotes.some(quote => answered.includes(quote)))
  const [best] = fresh
  if (!best) return all.length ? { kind: 'repeated' } : { kind: 'unknown', confidence: 0 }

  const { evidence } = best
  const confidence = confidenceOf(evidence)
  const within = (distance: number, most: number) =>
    fresh.filter(each => evidence.found - each.evidence.found <= distance).slice(0, most)
  if (confidence < answerAt) {
    // What was nearest was said already, and the rest is no answer.
    if (all[0] !== best) return { kind: 'repeated' }
    const near = within(WEIGHTS.NEAR, 3)
    return confidence >= askAt && near.length > 1
      ? { kind: 'readings', readings: near.map(({ passage }) => readingOf(passage)), confidence }
      : { kind: 'unknown', confidence }
  }
  const chosen = within(WEIGHTS.BOTH, 2)
  return {
    kind: 'answer',
    sentences: chosen.flatMap(({ passage, quote }) =>
      quote.sentences.map(text => ({ text, citation: citationOf(passage) })),
    ),
    text: chosen.map(({ quote }) => quote.text).join('\n\n'),
    citations: chosen.map(({ passage }) => citationOf(passage)),
    keys: chosen.flatMap(({ keys }) => keys),
    confidence,
    evidence,
    isSteps: best.quote.isSteps,
  }
}

function candidateOf(
  question: string,
  passage: Passage,
  holdsSort: HoldsSort | null,
  answered: readonly string[],
): Candidate | null {
  const { title, headingText = '', text, articleId, headingId = '', score } = passage
  const asked = passage.asked ?? askedOf(question, `${title}\n${headingText}\n${text}`)
  const key = `${articleId}#${headingId}`
  const point = stitch(passage, asked, holdsSort, 0)
  // Of a section that was quoted, only the very sentence: it stood there among others, and answered something else.
  const quote = answered.includes(key) ? point : stitch(passage, asked, holdsSort)
  const said = asked.reduce((sum, { weight, as }) => sum + (as.length ? weight : 0), 0)
  // Another search's score says nothing of the words, and its words have no weights to tell by.
  if (!quote || !said || (!passage.asked && (said < WEIGHTS.LEAST_SAID || score < WEIGHTS.LEAST_SCORE)))
    return null
  const sure = Math.min(0.999, Math.max(0.001, Number.isFinite(score) ? score : 0))
  const sort = holdsSort ? (holdsSort(quote.text) ? 1 : -1) : 0
  return {
    passage,
    quote,
    keys: [key, ...new Set([point, quote].map(each => `${key}|${each?.text.slice(0, 40)}`))],
    evidence: {
      found: Math.log(sure / (1 - sure)) + WEIGHTS.SORT_FOUND * sort + WEIGHTS.SAID_FOUND * quote.said,
      length: -Math.log(asked.reduce((sum, { weight }) => sum + weight ** 2, 0) || 1),
      known: passage.known ?? WEIGHTS.USUALLY_KNOWN,
      sort,
    },
  }
}

function confidenceOf({ found, length, known }: Evidence): number {
  const sum = WEIGHTS.ZERO + WEIGHTS.FOUND * found + WEIGHTS.LENGTH * length + WEIGHTS.KNOWN * known
  return 1 / (1 + Math.exp(-sum))
}

/** The same facts as a passage of our own search brings, where another brings none: each content word weighs alike. */
function askedOf(question: string, text: string): readonly AskedWord[] {
  const words = [...new Set(wordsOf(question).filter(word => !isStopWord(word)))].slice(0, 24)
  const held = [...new Set(wordsOf(text))]
  return words.map(word => ({
    word,
    weight: 1 / words.length,
    as: held.filter(other => stem(other) === stem(word)),
  }))
}

const citationOf = ({ articleId, title, headingId, headingText, locale }: Passage): Citation => ({
  articleId,
  title,
  ...(headingId ? { headingId } : {}),
  ...(headingText && { headingText }),
  ...(locale && { locale }),
})

const readingOf = ({ articleId, title, headingId, headingText }: Passage): GroundedReading => ({
  label: headingText ? `${title}: ${headingText}` : title,
  articleId,
  ...(headingId ? { headingId } : {}),
})
