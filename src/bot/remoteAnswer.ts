// An answer that a language model of the site words, as the page takes it from our own server: sentence by sentence,
// each held once more against the words that it cites. Speaks `POST answer` and nothing else; knows no model, no key.
// Owns one call at a time each `ask`; what is shown of it is the caller's. Always ends in one answer, never in two.

import { beginningOf } from '../base/beginningOf'
import type { Clock } from '../base/environment'
import type { SiteMasks } from '../base/redact'
import { factsToTell, masked } from '../context/factsToTell'
import {
  ANSWER_FIRST_WITHIN_MS,
  ANSWER_IDLE_MS,
  ANSWER_TOTAL_MS,
  type AnswerOutcome,
  type AnswerRequest,
  type AnswerSentence,
  type ListedAction,
  MAX_ANSWER_ACTIONS,
  MAX_CITED_LOCALE_CHARS,
  MAX_DETAIL_CHARS,
  MAX_QUESTION_CHARS,
  MAX_SENTENCE_CHARS,
  MAX_SENTENCES,
  MAX_SPAN_CHARS,
} from '../protocol/answer'
import type { Facts } from '../protocol/facts'
import { HTTP_PREFIX, PROTOCOL_VERSION } from '../protocol/version'
import { isWordOf, supports } from './supports'

export interface RemoteAnswerOptions {
  /** Base address of the server, `https://help.example`; '' is the page's own origin. */
  readonly url: string
  readonly clock: Pick<Clock, 'after'>
  readonly fetch: typeof fetch
  /** Proves who is asking, for private articles; null where nobody has signed in. */
  token?(): string | null | Promise<string | null>
  /** What the site masks and keeps of its own. */
  readonly masks?: SiteMasks | undefined
}

export interface Question<Extract> {
  /** As the visitor wrote it; what must not go out is masked here. */
  readonly text: string
  readonly facts: Facts
  /** What the site lists for the model and this page has registered, by name. */
  readonly actions?: ReadonlyMap<string, ListedAction>
  /** The extractive answer: asked for once at most, and only where no sentence came. */
  fallback(): Extract | Promise<Extract>
  /** Each sentence once it has passed, in order. */
  onSentence?(sentence: AnswerSentence): void
}

/** What the model would do, as a question to the visitor: `consent` of a bot's turn, but for the action's label. */
export interface Proposal {
  readonly action: string
  /** For the action's `run`, after the yes. */
  readonly details: Readonly<Record<string, string>>
  readonly sends: readonly { readonly label: string; readonly value: string }[]
}

export type RemoteTurn<Extract> =
  /** `isWhole` false: the model broke off, and what came is true all the same; offer to ask again. */
  | {
      readonly kind: 'answered'
      readonly sentences: readonly AnswerSentence[]
      readonly isWhole: boolean
      readonly proposal?: Proposal
    }
  /** The articles do not hold it: "I do not know" is an answer. */
  | { readonly kind: 'unknown' }
  /** `why` is for the developer. */
  | { readonly kind: 'extract'; readonly answer: Extract; readonly why: string }
  /** The visitor stopped it; what had come stays. */
  | { readonly kind: 'stopped'; readonly sentences: readonly AnswerSentence[] }

export interface AnswerRun<Extract> {
  /** Rejects only where `fallback` does. To try again, ask again. */
  readonly turn: Promise<RemoteTurn<Extract>>
  stop(): void
}

export interface RemoteAnswer {
  ask<Extract>(question: Question<Extract>): AnswerRun<Extract>
}

/** Eight sentences with their spans, three bytes a character, twice. */
const MAX_BYTES = 65_536

/**
 * Answers over a server with `attachHelpDesk({ languageModel })` or `asklet serve --model`. Given up after
 * `ANSWER_FIRST_WITHIN_MS`, `ANSWER_IDLE_MS`, `ANSWER_TOTAL_MS`.
 */
export function createRemoteAnswer(options: RemoteAnswerOptions): RemoteAnswer {
  const url = `${options.url.replace(/\/$/, '')}${HTTP_PREFIX}/answer`

  async function post(body: string, signal: AbortSignal, refused?: string | null): Promise<Response> {
    const token = (await options.token?.()) ?? null
    // The server takes it no longer, and there is no other.
    if (refused !== undefined && (token === null || token === refused)) throw new Error('token refused')
    const response = await options.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== null && { 'x-asklet-token': token }) },
      body,
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal,
    })
    if (response.status === 401 && refused === undefined && token !== null) return post(body, signal, token)
    if (
      response.status !== 200 ||
      !/^application\/x-ndjson\b/.test(response.headers.get('content-type') ?? '')
    )
      throw new Error(`HTTP ${response.status}`)
    return response
  }

  return {
    ask({ text, facts, actions = new Map(), fallback, onSentence }) {
      const abort = new AbortController()
      const question = beginningOf(masked(text, 'derived', options.masks), MAX_QUESTION_CHARS)
      const sentences: AnswerSentence[] = []
      let proposal: Proposal | undefined
      let isStopped = false
      let stopWaiting = () => {}
      const within = (ms: number, what: string) => {
        stopWaiting()
        if (abort.signal.aborted) return
        stopWaiting = options.clock.after(ms, () => abort.abort(new Error(what)))
      }

      function take(line: unknown): AnswerOutcome | undefined {
        const { type, outcome, name, details } = Object(line)
        if (type === 'end') return String(outcome) as AnswerOutcome
        if (type === 'sentence' && !proposal) {
          const sentence = readSentence(line)
          const isNew = sentence && !sentences.some(earlier => earlier.text === sentence.text)
          if (isNew && sentences.length < MAX_SENTENCES) {
            sentences.push(sentence)
            onSentence?.(sentence)
          }
        }
        const listed = type === 'action' && !proposal ? actions.get(name) : undefined
        if (listed) proposal = proposalOf(name, listed, Object(details), question)
        return undefined
      }

      async function hear(): Promise<AnswerOutcome> {
        const request: AnswerRequest = {
          v: PROTOCOL_VERSION,
          question,
          facts: factsToTell(facts, false, options.masks),
          ...(actions.size && { actions: [...actions.keys()].slice(0, MAX_ANSWER_ACTIONS) }),
        }
        within(ANSWER_FIRST_WITHIN_MS, 'no reply')
        const { body } = await post(JSON.stringify(request), abort.signal)
        const reader = (body as ReadableStream<Uint8Array>).getReader()
        const decoder = new TextDecoder()
        let rest = ''
        for (let bytes = 0; bytes <= MAX_BYTES; ) {
          within(ANSWER_IDLE_MS, 'fell silent')
          const { value, done } = await reader.read()
          if (done || abort.signal.aborted) return 'cut'
          bytes += value.length
          const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
          rest = lines.pop() ?? ''
          for (const line of lines) {
            const outcome = line.trim() ? take(JSON.parse(line)) : undefined
            if (outcome) return outcome
          }
        }
        return 'cut'
      }

      async function run(): Promise<RemoteTurn<Awaited<ReturnType<typeof fallback>>>> {
        const stopTotal = options.clock.after(ANSWER_TOTAL_MS, () => abort.abort(new Error('took too long')))
        let outcome: AnswerOutcome = 'failed'
        let why = ''
        try {
          // What is slow may be the host's token function, which no signal reaches.
          const given = new Promise<never>((_, reject) => {
            abort.signal.addEventListener('abort', () => reject(abort.signal.reason))
          })
          outcome = await Promise.race([hear(), given])
        } catch (error) {
          why = (error as Error).message
        } finally {
          stopTotal()
          stopWaiting()
          // Ends what is still under way, here and, by our server, at the model.
          abort.abort()
        }
        if (isStopped) return { kind: 'stopped', sentences }
        if (sentences.length || proposal)
          return {
            kind: 'answered',
            sentences,
            isWhole: outcome === 'answered',
            ...(proposal && { proposal }),
          }
        if (outcome === 'unknown') return { kind: 'unknown' }
        const answer = await fallback()
        return isStopped ? { kind: 'stopped', sentences } : { kind: 'extract', answer, why: why || outcome }
      }

      return {
        turn: run(),
        stop() {
          isStopped = true
          abort.abort()
        },
      }
    },
  }
}

/** What the server sent, if it is of that shape and says no more than what it cites. */
function readSentence(line: unknown): AnswerSentence | null {
  const { text, span, citation } = Object(line)
  const { articleId, title, headingId, locale } = Object(citation)
  if (
    ![text, span, articleId, title, headingId ?? '', locale ?? ''].every(value => typeof value === 'string')
  )
    return null
  if (text.length > MAX_SENTENCE_CHARS || span.length > MAX_SPAN_CHARS || !supports(text, span)) return null
  const { length } = locale ?? ''
  return {
    type: 'sentence',
    text,
    span,
    citation: {
      articleId,
      title,
      ...(headingId && { headingId }),
      ...(length && length <= MAX_CITED_LOCALE_CHARS && { locale }),
    },
  }
}

/** Details that the action takes and that are words of the question. */
function proposalOf(
  action: string,
  { sends = {} }: ListedAction,
  details: Readonly<Record<string, unknown>>,
  question: string,
): Proposal {
  const given = Object.entries(sends).flatMap(([name, label]) => {
    const value = Object.hasOwn(details, name) ? details[name] : undefined
    const isTheirs =
      typeof value === 'string' && value.length <= MAX_DETAIL_CHARS && isWordOf(value, question)
    return isTheirs ? [{ name, label, value }] : []
  })
  return {
    action,
    details: Object.fromEntries(given.map(({ name, value }) => [name, value])),
    sends: given.map(({ label, value }) => ({ label, value })),
  }
}
