// The seam between the conversation and whatever answers. Every sentence names its source.

import type { ContentTree } from '../knowledge/contentTree'
import type { Facts } from '../protocol/facts'
import type { Citation, EscalationReason } from '../protocol/records'

export interface Choice {
  readonly id: string
  readonly label: string
}

/** Where a sentence of the bot comes from. */
export type AnswerSource = (
  | { readonly kind: 'flow'; readonly flowId: string; readonly step: string; readonly title?: string }
  | {
      readonly kind: 'article'
      readonly citations: readonly Citation[]
      /** A language model worded it, each sentence held against its article; whether it came to its end. */
      readonly model?: 'whole' | 'stopped' | 'cut'
    }
  | { readonly kind: 'site'; readonly name: string }
  | { readonly kind: 'asklet' }
) & {
  /** The sentence as its source has it, with bold, lists and links: shown instead of the text, which says the same. */
  readonly tree?: ContentTree
  /** By which rule it was answered, as the journal has it, and how sure that was (0 … 1). Added by the conversation. */
  readonly why?: { readonly rule: string; readonly sure?: number }
}

/** What the bot wants shown or done. */
export interface BotTurn {
  readonly messages: readonly { readonly text: string; readonly source: AnswerSource }[]
  readonly choices: readonly Choice[]
  /** The kind of input that fits the open question; the composer stays usable for anything else. */
  readonly expects?: {
    readonly slot: string
    readonly label: string
    readonly inputMode?: 'text' | 'numeric' | 'email' | 'decimal'
  }
  /** The bot could not answer: counts towards "not solved twice". */
  readonly missed?: boolean
  /** How sure the answer is, 0 … 1; left out where it is certain (a flow, a rule of the host). */
  readonly confidence?: number
  /** The bot asks for a person on the visitor's behalf. */
  readonly escalate?: EscalationReason
  /** With `escalate`: the desk's category for it. */
  readonly category?: string
  /** A host action that needs the visitor's yes first. */
  readonly consent?: {
    readonly action: string
    readonly label: string
    readonly sends: readonly { readonly label: string; readonly value: string }[]
  }
  /**
   * The turn is what the articles say, or that they say nothing, to this question, made whole: whoever answers from
   * articles otherwise may take it from here. Nothing that a rule, a flow or a person is for has it.
   */
  readonly grounded?: string
}

export interface BotAnswer {
  readonly turn: BotTurn
  readonly state: BotState
}

/** For an answer that comes bit by bit. */
export interface Interim {
  /**
   * @param messages  what stands so far, all of it
   * @param left      the answer, should nothing more come: what stays when the visitor stops, leaves or reloads
   */
  show(messages: BotTurn['messages'], left: BotAnswer): void
  /** The visitor stopped or left: what was `left` stands, and what `answer` returns is not looked at. */
  readonly signal: AbortSignal
}

/** Survives a reload; opaque to everyone but the bot. Plain JSON, at most 16 KiB. */
export interface BotState {
  readonly flow?: { readonly id: string; readonly title: string; readonly step: string }
  /** Steps of the flow at which the visitor spoke, oldest first: the way back. */
  readonly trail?: readonly string[]
  /** Answers to the open question that could not be read. */
  readonly tries?: number
  /** A flow that was left and can be gone on with. */
  readonly paused?: {
    readonly flow: { readonly id: string; readonly title: string; readonly step: string }
    readonly trail: readonly string[]
  }
  /** Details by slot name; `option` is the value behind a chosen label, `ofPage` says that nobody typed it. */
  readonly slots: Readonly<
    Record<
      string,
      { readonly label: string; readonly value: string; readonly option?: string; readonly ofPage?: boolean }
    >
  >
  readonly misses: number
  /** The visitor's first question in this conversation. */
  readonly question?: string
  /** The latest question, for when the visitor says that the bot guessed wrong. */
  readonly asked?: string
  /** What the latest answer was about, and its first words: what a follow-up leaves out is taken from it. */
  readonly topic?: {
    readonly question: string
    readonly title: string
    readonly articleId: string
    readonly said: string
  }
  /** The visitor was asked which of two or three things is meant: not twice in a row. */
  readonly askedBack?: true
  /** "Did that answer your question?" is open, outside a flow. */
  readonly askedSolved?: true
  /** A question whose answer did not come, or not to its end: for another try. */
  readonly unfinished?: string
  /** What a language model proposed to do, and the visitor has not said yes or no to. */
  readonly proposed?: { readonly action: string; readonly details: Readonly<Record<string, string>> }
  /** What was said already, and flows that were begun (`flow:<id>`). */
  readonly answered: readonly string[]
}

/** Nothing said yet. */
export const EMPTY_BOT_STATE: BotState = { slots: {}, misses: 0, answered: [] }

export type BotInput =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'choice'; readonly id: string; readonly label: string }
  | { readonly kind: 'consent'; readonly granted: boolean }
  /** After an article: it did not help. */
  | { readonly kind: 'article'; readonly articleId: string; readonly title: string }

export interface BotProvider {
  /**
   * One turn. B1 never throws for what a visitor types; B2 never answers without a source;
   * B3 "I do not know" is an answer (`missed`); B4 always leaves a way to a person; B5 a person asked for is
   * offered at once, without a further question; B6 what is shown before the answer is whole is marked in `left`
   * as not whole, and an aborted signal ends the work soon.
   */
  answer(input: BotInput, state: BotState, facts: Facts, interim?: Interim): Promise<BotAnswer>
}

/** A function of the host that a flow may call, after the visitor's yes. */
export interface HostAction {
  /** What the visitor is asked to allow, e.g. "Look up this withdrawal". */
  readonly label: string
  run(
    details: Readonly<Record<string, string>>,
    facts: Facts,
  ): Promise<Readonly<Record<string, string | number | boolean>>>
}
