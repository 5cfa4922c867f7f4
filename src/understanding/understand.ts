// What a person's words say, as data with evidence. Pure: same text and facts, same reading.
// Compiled once from the site's files; no words are sent anywhere.

import type { Facts } from '../protocol/facts'
import { createCategory } from './category'
import type { ScoredIntent } from './intents'
import type { CategoryWords, Language } from './languages/language'
import { createPolicyTopics, type PolicySign, type PolicyTopic } from './policyTopics'
import { type IntentPrior, withPriors } from './priors'
import { createQuestionType } from './questionType'
import { createTone, type Tone, type ToneModel } from './tone'
import { createWantsPerson } from './wantsPerson'

export type QuestionType = 'howto' | 'why' | 'where' | 'permission' | 'status' | 'policy' | 'statement'

export interface Reading {
  readonly questionType: QuestionType
  /** Best first; confidence 0 … 1. Names of flows, of the host's intents, or of topics. */
  readonly intents: readonly ScoredIntent[]
  /** Numbers found in the words by the site's patterns: slot -> its label and the value; empty where no reader of them was handed in. */
  readonly slots: Readonly<Record<string, { readonly label: string; readonly value: string }>>
  readonly tone: Tone
  readonly wantsPerson: boolean
  /** Topics for which the site's policy calls for a person. */
  readonly policyTopics: readonly string[]
  /** What of the words says so, a topic each; left out where there is none. */
  readonly policySigns?: readonly PolicySign[]
  readonly category: string
  /** The words that told the category. */
  readonly categoryEvidence?: readonly string[]
}

/** Compiled once from the site's files; `understand` is a function of this, a text and the facts. */
export type Understand = (text: string, facts: Facts) => Reading

export interface UnderstandOptions {
  /** Words of the visitor's language; null where they did not come: no wish for a person and no tone is read. */
  readonly language: Language | null
  /** Weighs the tone of all words; null or left out while it has not come: the lists alone. */
  readonly toneModel?: () => ToneModel | null
  /** `createIntents` of the flows' examples and the site's model; left out: no message is of any. */
  readonly intents?: (text: string) => readonly ScoredIntent[]
  /** For whom and where the examples are: page and role move how likely each is. */
  readonly priors?: readonly IntentPrior[]
  /** The site's own topics for a person, and which of the language's it switches off. */
  readonly policyTopics?: readonly PolicyTopic[]
  /** The site's own; the language's where none of their words is found. */
  readonly categories?: readonly CategoryWords[]
  /** `readIds` over the site's patterns: what is told before a flow asks. */
  readonly slots?: (text: string) => Reading['slots']
}

const NO_TONE: Tone = { frustration: 0, urgency: 0, distress: 0, evidence: [] }

export function createUnderstand(options: UnderstandOptions): Understand {
  const { language, intents = () => [], priors = [], policyTopics = [], categories = [] } = options
  const { slots = () => ({}) } = options
  const questionType = language?.questions
    ? createQuestionType(language.questions)
    : () => 'statement' as const
  const tone = language?.tone ? createTone(language.tone, options.toneModel) : () => NO_TONE
  const wantsPerson = language?.person
    ? createWantsPerson(language.person, language.personModel?.())
    : () => false
  const topics = createPolicyTopics(policyTopics, language?.policy)
  const category = createCategory(categories, language?.categories ?? [])
  return (text, facts) => {
    const signs = topics(text)
    const { name, evidence } = category(text)
    return {
      questionType: questionType(text),
      intents: withPriors(intents(text), priors, facts),
      slots: slots(text),
      tone: tone(text),
      wantsPerson: wantsPerson(text),
      policyTopics: signs.map(({ topic }) => topic),
      ...(signs.length && { policySigns: signs }),
      category: name,
      ...(evidence.length && { categoryEvidence: evidence }),
    }
  }
}
