// What the words of a ticket say of it: its category and how sure that is, how little it can wait, how much work it is.
// Pure. Urgency and complexity are two scores, because a locked account is pressing and quick, and a question about
// last year's taxes is neither. Each names what it was read from; nobody's person counts, only words and facts.
//
// A score is `1 - Π (1 - weight)` over its reasons: each adds to it, none takes away, and no number of them exceeds 1.
// It orders and explains, and claims no share of anything. The confidence of a category does: told with 0.8, it is
// right in eight of ten (`npm run bench:topics` prints how far that holds).

import { NO_CATEGORY } from '../protocol/category'
import type { PageFacts } from '../protocol/facts'
import type { DecisionReason, ScoreWithReasons, TriageRecord } from '../protocol/records'
import { createCategoryCounts } from './category'
import type { CategoryWords, Language } from './languages/language'
import type { TriageWords } from './languages/triageWords'
import { contentStems, plain } from './normalise'
import { createPolicyTopics, type PolicyTopic } from './policyTopics'
import { findDate, findMoney } from './slots'
import { createTone, soundsAngry, type Tone, type ToneModel } from './tone'

/** Raised when a rule or a weight below changes, so that an old record can be told from a new one. */
export const TRIAGE_RULE = 'triage@1'

/** From here on the row follows the category; below, it is a suggestion for agents. Three in four are right there. */
export const SURE_CATEGORY = 0.75

/** Reasons of one score, words of one reason, and characters of one of them: what a face can show. */
const MAX_REASONS = 12
const MAX_REASON_WORDS = 6
const MAX_REASON_CHARS = 60

export interface TriageInput {
  readonly question: string
  /** What the visitor said after it, oldest first. */
  readonly later?: readonly string[]
  /** As the device heard it, whose model may have weighed more than lists; null or left out: not told. */
  readonly tone?: Omit<Tone, 'angryFrom'> | null
  readonly page?: Pick<PageFacts, 'errors'> | null
  /** Articles that the visitor or the bot tried without success. */
  readonly tried?: number
  /** Numbers and details that a flow collected. */
  readonly details?: readonly string[]
}

export interface TriageOptions {
  /** Null where none came: only facts and lengths are read. */
  readonly language: Language | null
  readonly words?: TriageWords | null
  readonly toneModel?: () => ToneModel | null
  /** The site's own; the language's where none of their words is found. */
  readonly categories?: readonly CategoryWords[]
  readonly policyTopics?: readonly PolicyTopic[]
}

export type Triage = (input: TriageInput) => TriageRecord

/** With what its confidence was made of, for the bench. */
export interface TriageReading extends TriageRecord {
  readonly signs: CategorySigns
}

/** Categories of the languages' lists that a policy topic is. */
const CATEGORIES_OF_TOPIC: Readonly<Record<string, readonly string[]>> = {
  dispute: ['disputes'],
  payment: ['payments', 'payouts'],
  terms: ['safety'],
}

/** One strong sign makes a ticket pressing, or two middling ones. */
const URGENCY_WEIGHTS = {
  distress: 0.9,
  urgentWords: 0.6,
  blocked: 0.5,
  soon: 0.35,
  policyTopic: 0.3,
  chased: 0.25,
  anger: 0.2,
} as const

const COMPLEXITY_WEIGHTS = {
  policyTopic: 0.35,
  severalTopics: 0.3,
  otherParty: 0.25,
  several: 0.25,
  severalQuestions: 0.2,
  long: 0.2,
  details: 0.2,
  pageErrors: 0.15,
  tried: 0.15,
  manyMessages: 0.15,
} as const

/** Words that carry meaning, beyond which a message tells a story. */
const LONG_FROM = 40
const MANY_MESSAGES_FROM = 4
const MANY_DETAILS_FROM = 3
/** As much is read of later messages as a person reads to judge, newest first: what is said last is what holds. */
const MAX_LATER = 20

/** Compiled once from the language's and the site's lists. */
export function createTriage(options: TriageOptions): Triage {
  const read = createTriageReading(options)
  return input => {
    const { signs: _, ...record } = read(input)
    return record
  }
}

export function createTriageReading(options: TriageOptions): (input: TriageInput) => TriageReading {
  const { language, words = null, categories = [], policyTopics = [] } = options
  const countsOf = createCategoryCounts(categories, language?.categories ?? [])
  // A site that names its own knows no others: a topic is one of those, or none.
  const names = (categories.length > 0 ? categories : (language?.categories ?? [])).map(({ name }) => name)
  const topicsOf = createPolicyTopics(policyTopics, language?.policy)
  const toneOf = language?.tone ? createTone(language.tone, options.toneModel) : null
  const urgentWords = finder(language?.tone?.urgent)
  const distressWords = finder(language?.tone?.distress)
  const soonWords = finder(words?.soon)
  const blockedWords = finder(words?.blocked)
  const chasedWords = finder(words?.chased)
  const severalWords = finder(words?.several)
  const partyWords = finder(words?.otherParty)

  return input => {
    const later = (input.later ?? []).slice(-MAX_LATER)
    const texts = [input.question, ...later].filter(text => text.trim() !== '')
    // Each by itself: patterns read only so much of one text, and a sentence does not go on in the next message.
    const inAll = (find: (text: string) => readonly string[]) => [...new Set(texts.flatMap(find))]
    const counts = countsOf(texts.join('\n'))
    const signs = [...new Map(texts.flatMap(topicsOf).map(sign => [sign.topic, sign])).values()]
    const ofTopics = signs.flatMap(({ topic }) => namesOfTopic(topic, names))
    const tones = toneOf ? texts.map(toneOf) : []
    const angry = tones.filter(soundsAngry).flatMap(({ evidence }) => evidence)
    const said = input.tone ?? null
    const isSaid = (share: number | undefined) => share !== undefined && share >= SAID_FROM

    const topicWords = signs.flatMap(({ evidence }) => evidence)
    const urgency = score(URGENCY_WEIGHTS, {
      distress: found(inAll(distressWords), isSaid(said?.distress), said?.evidence),
      urgentWords: found(inAll(urgentWords), isSaid(said?.urgency), said?.evidence),
      blocked: found(inAll(blockedWords)),
      soon: found(inAll(soonWords)),
      policyTopic: found(topicWords),
      chased: found(inAll(chasedWords)),
      anger: found([...new Set(angry)], isSaid(said?.frustration), said?.evidence),
    })

    const length = texts.reduce((sum, text) => sum + contentStems(text).length, 0)
    const questions = texts.reduce((sum, text) => sum + (text.match(/\?+/g)?.length ?? 0), 0)
    const details = [
      ...new Set([...(input.details ?? []), ...texts.flatMap(text => [findMoney(text), findDate(text)])]),
    ].filter(detail => detail !== undefined)
    const errors = input.page?.errors ?? []
    const complexity = score(COMPLEXITY_WEIGHTS, {
      policyTopic: found(topicWords),
      severalTopics:
        counts.length > 1 ? { words: counts.map(({ name }) => name), count: counts.length } : null,
      otherParty: found(inAll(partyWords)),
      several: found(inAll(severalWords)),
      severalQuestions: questions > 1 ? { count: questions } : null,
      long: length >= LONG_FROM ? { count: length } : null,
      details: details.length >= MANY_DETAILS_FROM ? { words: details, count: details.length } : null,
      pageErrors: errors.length > 0 ? { count: errors.length } : null,
      tried: input.tried ? { count: input.tried } : null,
      manyMessages: texts.length >= MANY_MESSAGES_FROM ? { count: texts.length } : null,
    })

    const [best, next] = counts
    const isContradicted = best && ofTopics.length > 0 && !ofTopics.includes(best.name)
    const category =
      (isContradicted && best.count <= WEAK_COUNT ? ofTopics[0] : best?.name) ?? ofTopics[0] ?? NO_CATEGORY
    const categorySigns: CategorySigns = {
      count: best?.count ?? 0,
      next: next?.count ?? 0,
      topic: ofTopics.length === 0 ? 'none' : ofTopics.includes(category) ? 'same' : 'other',
    }
    return {
      category,
      confidence: confidenceOf(categorySigns),
      urgency,
      complexity,
      rule: TRIAGE_RULE,
      signs: categorySigns,
    }
  }
}

/** The device's shares from which a tone is meant; the same as offers a person unasked. */
const SAID_FROM = 0.6

/** So few words of a category give way to a policy topic, which is heard in a whole clause. */
const WEAK_COUNT = 2

function namesOfTopic(topic: string, names: readonly string[]): readonly string[] {
  const own = Object.hasOwn(CATEGORIES_OF_TOPIC, topic) ? CATEGORIES_OF_TOPIC[topic] : undefined
  return [topic, ...(own ?? [])].filter(name => names.includes(name))
}

type Found = Omit<DecisionReason, 'code'> | null

/** Words found here go before what the device only says that it heard. */
function found(words: readonly string[], isSaid = false, said: readonly string[] = []): Found {
  if (words.length > 0) return { words }
  return isSaid ? { ...(said.length > 0 && { words: said }) } : null
}

function finder(list: string | undefined): (text: string) => readonly string[] {
  if (!list) return () => []
  const pattern = new RegExp(`\\b(?:${list})\\b`, 'g')
  return text => plain(text).match(pattern) ?? []
}

/** The score of reasons by their codes, for whoever makes the decision again; a code of no weight adds nothing. */
export const urgencyOf = (codes: readonly string[]): number => sumOf(URGENCY_WEIGHTS, codes)
export const complexityOf = (codes: readonly string[]): number => sumOf(COMPLEXITY_WEIGHTS, codes)

function sumOf(weights: Readonly<Record<string, number>>, codes: readonly string[]): number {
  const left = codes.reduce(
    (rest, code) => rest * (1 - (Object.hasOwn(weights, code) ? (weights[code] ?? 0) : 0)),
    1,
  )
  return Math.round((1 - left) * 100) / 100
}

/** The weightiest first; what two reasons say is cut to what a face can show. */
function score<Code extends string>(
  weights: Readonly<Record<Code, number>>,
  signs: Readonly<Record<Code, Found>>,
): ScoreWithReasons {
  const codes = (Object.keys(weights) as Code[]).filter(code => signs[code] !== null)
  codes.sort((a, b) => weights[b] - weights[a])
  return {
    score: sumOf(weights, codes),
    reasons: codes.slice(0, MAX_REASONS).map(code => {
      const { words, count } = signs[code] ?? {}
      return {
        code,
        ...(words && { words: reasonWords(words) }),
        ...(count !== undefined && { count }),
      }
    }),
  }
}

/** As many words as a face can show, none longer than it can. */
export function reasonWords(words: readonly string[]): readonly string[] {
  return words
    .slice(0, MAX_REASON_WORDS)
    .map(word => (word.length <= MAX_REASON_CHARS ? word : `${word.slice(0, MAX_REASON_CHARS - 1)}…`))
}

/** Neither the site's flow nor the page nor an agent said one, and the words are clear enough. */
export function followsTriage(
  category: string,
  { category: told, confidence }: Pick<TriageRecord, 'category' | 'confidence'>,
): boolean {
  return category === NO_CATEGORY && told !== NO_CATEGORY && confidence >= SURE_CATEGORY
}

/** What speaks for a category and against it. */
export interface CategorySigns {
  /** Words found of it, and of the next one. */
  readonly count: number
  readonly next: number
  /** Whether a policy topic that was heard is this category, or another one. */
  readonly topic: 'none' | 'same' | 'other'
}

/**
 * How often a category told by such signs is right: logistic, fitted by `npm run bench:topics -- --fit` on the tuning
 * halves of both sets of labelled messages, of which one was not written for these words. By so few messages that more
 * than these would only learn them by heart.
 */
export const CONFIDENCE_WEIGHTS = {
  usual: 2.27,
  count: 0.17,
  next: -0.53,
  same: 1.33,
  other: -1.55,
  nothing: 0.49,
}
/** More words than this say nothing new. */
const COUNTED_AT_MOST = 4

export function confidenceSigns({ count, next, topic }: CategorySigns): typeof CONFIDENCE_WEIGHTS {
  return {
    usual: 1,
    count: Math.min(count, COUNTED_AT_MOST),
    next: Math.min(next, COUNTED_AT_MOST),
    same: topic === 'same' ? 1 : 0,
    other: topic === 'other' ? 1 : 0,
    nothing: count === 0 ? 1 : 0,
  }
}

/** That no word was found says little: it may be another language, or a thing that no list knows. */
const UNTOLD_CONFIDENCE = 0.5

export function isUntold({ count, topic }: CategorySigns): boolean {
  return count === 0 && topic === 'none'
}

export function confidenceOf(signs: CategorySigns, weights = CONFIDENCE_WEIGHTS): number {
  if (isUntold(signs)) return UNTOLD_CONFIDENCE
  const values = confidenceSigns(signs)
  let sum = 0
  for (const name of Object.keys(weights) as (keyof typeof weights)[]) sum += weights[name] * values[name]
  return Math.round((1 / (1 + Math.exp(-sum))) * 100) / 100
}
