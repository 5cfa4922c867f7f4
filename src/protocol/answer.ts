// The call of an answer that a language model words, `POST answer`, and the lines that it is answered with. What a
// sentence must rest on is in `bot/supports`; the schema of the call in `parseAnswer.ts`.

import type { Citation } from './records'
import { MAX_LOCALE_CHARS, MAX_QUERY_CHARS, type SearchFacts } from './search'

/** As long as a question that is searched for. */
export const MAX_QUESTION_CHARS = MAX_QUERY_CHARS

export interface AnswerRequest {
  readonly v: number
  /** At most `MAX_QUESTION_CHARS` characters, masked as derived copies are. */
  readonly question: string
  readonly facts: SearchFacts
  /** Which of the actions that `asklet.json` lists this page can run, by name: at most `MAX_ANSWER_ACTIONS`. */
  readonly actions?: readonly string[] | undefined
}

/**
 * One line of the reply, a JSON object and a line end; an empty line says that the server is still there. Unknown
 * types are ignored. `end` is the last line, and says how it went; without it the answer was cut.
 */
export type AnswerLine =
  | AnswerSentence
  | ProposedAction
  | {
      readonly type: 'end'
      /**
       * `answered` whole · `cut` the model broke off after some sentences · `unknown` the passages do not hold it ·
       * `withheld` nothing that the model said was supported · `failed` the model did not answer
       */
      readonly outcome: AnswerOutcome
    }
export type AnswerOutcome = 'answered' | 'cut' | 'unknown' | 'withheld' | 'failed'

export interface AnswerSentence {
  readonly type: 'sentence'
  /** Plain text, at most `MAX_SENTENCE_CHARS`. */
  readonly text: string
  /** Whole sentences of the cited article, at most `MAX_SPAN_CHARS`: `supports(text, span)` holds. */
  readonly span: string
  readonly citation: Citation
}

/** A question to the visitor, never a deed: it is run after a yes, as an action of a flow is. */
export interface ProposedAction {
  readonly type: 'action'
  readonly name: string
  /** What would be handed to it: words of the visitor's question, by the names that `asklet.json` lists. */
  readonly details: Readonly<Record<string, string>>
}

/** An action that a site lists for the model, by name in `answer.actions` of `asklet.json`. */
export interface ListedAction {
  /** For the model: when it helps. */
  readonly does: string
  /** What it takes from the question: name and what a person calls it. */
  readonly sends?: Readonly<Record<string, string>> | undefined
  /** For the visitor: what came of it, `Withdrawal {withdrawal} is {status}.`; places are details and results, by name. */
  readonly says?: string | undefined
}

export const MAX_ANSWER_ACTIONS = 10
export const MAX_SENTENCES = 8
export const MAX_SENTENCE_CHARS = 400
/** Of the language that a citation names, as a message takes it. */
export const MAX_CITED_LOCALE_CHARS = MAX_LOCALE_CHARS
/** A passage has 600. */
export const MAX_SPAN_CHARS = 600
/** What is handed to an action, each. */
export const MAX_DETAIL_CHARS = 100
/** Bytes of the call: each of its characters may take six as JSON. */
export const MAX_ANSWER_BYTES = 16_384

/** The server gives up on the model: longer than this before its first word, nobody waits in a chat. Milliseconds. */
export const MODEL_FIRST_WITHIN_MS = 15_000
/** Between two of its words. Milliseconds. */
export const MODEL_IDLE_MS = 10_000
/** From the call to its last word: eight sentences take a slow model 20 s. Milliseconds. */
export const MODEL_TOTAL_MS = 40_000
/** Of a reply that says nothing else: below the idle time of proxies, and of the page. Milliseconds. */
export const KEEP_ALIVE_MS = 5_000
/** The page gives up: until the reply begins, which is before the model is asked. Milliseconds. */
export const ANSWER_FIRST_WITHIN_MS = 10_000
/** Until the next line, an empty one too: two were lost. Milliseconds. */
export const ANSWER_IDLE_MS = 12_000
/** Until the end: what the server allows itself, and a slow line. Milliseconds. */
export const ANSWER_TOTAL_MS = 50_000
