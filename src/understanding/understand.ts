// What a person's words say, as data with evidence. Pure: same text and facts, same reading.

import type { Facts } from '../protocol/facts'

export type QuestionType = 'howto' | 'why' | 'where' | 'permission' | 'status' | 'policy' | 'statement'

export interface Reading {
  readonly questionType: QuestionType
  /** Best first; confidence 0 … 1. Names of flows, of the host's intents, or of topics. */
  readonly intents: readonly { readonly name: string; readonly confidence: number }[]
  /** Details found in the words: slot type -> value as typed. */
  readonly slots: Readonly<Record<string, string>>
  readonly tone: {
    /** 0 … 1 */
    readonly frustration: number
    readonly urgency: number
    /** The words it was read from. */
    readonly evidence: readonly string[]
  }
  readonly wantsPerson: boolean
  /** Topics for which the site's policy calls for a person. */
  readonly policyTopics: readonly string[]
  readonly category: string
}

/** Compiled once from the site's files; `understand` is a function of this, a text and the facts. */
export type Understand = (text: string, facts: Facts) => Reading
