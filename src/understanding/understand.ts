// What a person's words say, as data with evidence. Pure: same text and facts, same reading.
// Compiled once from the site's files; no words are sent anywhere.

import type { Facts } from '../protocol/facts'
import { type CategoryWords, createCategory, createPolicyTopics, type PolicyTopicWords } from './category'
import { createIntents, type IntentExamples } from './intents'
import type { Language } from './languages/language'
import { createTone, type Tone, type ToneModel } from './tone'
import { createWantsPerson } from './wantsPerson'

export type QuestionType = 'howto' | 'why' | 'where' | 'permission' | 'status' | 'policy' | 'statement'

export interface Reading {
  readonly questionType: QuestionType
  /** Best first; confidence 0 … 1. Names of flows, of the host's intents, or of topics. */
  readonly intents: readonly { readonly name: string; readonly confidence: number }[]
  /** Numbers found in the words by the site's patterns: slot -> its label and the value; empty where no reader of them was handed in. */
  readonly slots: Readonly<Record<string, { readonly label: string; readonly value: string }>>
  readonly tone: Tone
  readonly wantsPerson: boolean
  /** Topics for which the site's policy calls for a person. */
  readonly policyTopics: readonly string[]
  readonly category: string
}

/** Compiled once from the site's files; `understand` is a function of this, a text and the facts. */
export type Understand = (text: string, facts: Facts) => Reading

export interface UnderstandOptions {
  /** Words of the visitor's language; null where they did not come: no wish for a person and no tone is read. */
  readonly language: Language | null
  /** Weighs the tone of all words; null or left out while it has not come: the lists alone. */
  readonly toneModel?: () => ToneModel | null
  /** Example sentences: of each flow by its id, and of intents that the host answers itself. */
  readonly examples: readonly IntentExamples[]
  /** Topics on which the site wants a person, with the words that give them away. */
  readonly policyTopics?: readonly PolicyTopicWords[]
  readonly categories?: readonly CategoryWords[]
  readonly questionType?: (text: string) => QuestionType
  /** `readIds` over the site's patterns: what is told before a flow asks. */
  readonly slots?: (text: string) => Reading['slots']
}

const NO_TONE: Tone = { frustration: 0, urgency: 0, distress: 0, evidence: [] }

export function createUnderstand(options: UnderstandOptions): Understand {
  const { language, examples, policyTopics = [], categories = [] } = options
  const { questionType = () => 'statement', slots = () => ({}) } = options
  const tone = language ? createTone(language.tone, options.toneModel) : () => NO_TONE
  const wantsPerson = language ? createWantsPerson(language.person, language.personModel?.()) : () => false
  const intents = createIntents(examples)
  const topics = createPolicyTopics(policyTopics)
  const category = createCategory(categories)
  return text => ({
    questionType: questionType(text),
    intents: intents(text),
    slots: slots(text),
    tone: tone(text),
    wantsPerson: wantsPerson(text),
    policyTopics: topics(text),
    category: category(text),
  })
}
