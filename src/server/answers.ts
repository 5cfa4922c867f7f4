// Answers that a language model words, and nobody has to believe: the passages come from the search of this server,
// as this visitor may read them; each sentence must quote one of them and say no more than the quote; what does not is
// withheld. Owns what a line of the model may become. The model runs nothing: it may propose what the site lists.

import type { Clock } from '../base/environment'
import { redact, type SiteMasks } from '../base/redact'
import { isWordOf, sentencesOf, supports } from '../bot/supports'
import {
  type AnswerLine,
  type AnswerOutcome,
  type AnswerRequest,
  type AnswerSentence,
  type ListedAction,
  MAX_DETAIL_CHARS,
  MAX_SENTENCE_CHARS,
  MAX_SENTENCES,
  MAX_SPAN_CHARS,
  type ProposedAction,
} from '../protocol/answer'
import type { Passage } from '../search/searchProvider'
import {
  createLanguageModel,
  type LanguageModel,
  type LanguageModelOptions,
  ModelFailed,
} from './answersModel'
import { promptOf } from './answersPrompt'
import type { Log } from './conversations'
import type { HelpSearch } from './helpSearch'
import { reasonLog } from './identityForm'

export interface Answers {
  /**
   * A place for one more answer: 0, or the milliseconds after which there may be one. Who got one calls `answer`.
   */
  admit(): number
  /**
   * Checked lines as they come, the last one `end`. Never throws for what a model does.
   *
   * @param role    as a token proved it; undefined: public articles only
   * @param signal  the visitor left, or pressed stop: the model is no longer listened to
   */
  answer(request: AnswerRequest, role: string | undefined, signal: AbortSignal): AsyncGenerator<AnswerLine>
  /** Ends all that are under way. */
  close(): void
}

export interface AnswersOptions {
  readonly search: HelpSearch
  readonly model: LanguageModelOptions
  /** What the model may propose, by name. */
  readonly actions: ReadonlyMap<string, ListedAction>
  /** What the site masks and keeps of its own. */
  readonly masks?: SiteMasks | undefined
  readonly clock: Clock
  readonly log: Log
}

/** More say little that the first six do not, and are paid for. */
const PASSAGES = 6
/** Of a question that is searched for in parts. */
const MAX_PARTS = 5
/** At once on one node: each holds a connection to the model. */
const MAX_OPEN = 50
/** What one of them takes, about. */
const OPEN_RETRY_MS = 2_000
const PER_HOUR = 1_000
const HOUR_MS = 3_600_000
/** Of the model's format: longer is none of our lines. */
const MAX_LINE_CHARS = 4_000
/** As of a model that ignores the format. */
const MAX_LINES = 100
/** Some models think aloud, between these; what they try there is no answer. */
const THOUGHT = /<\/?think(?:ing)?>/

/** @throws AskletError `server_shape` for a model that cannot be reached so */
export function createAnswers({
  search,
  model: options,
  actions,
  masks,
  clock,
  log,
}: AnswersOptions): Answers {
  const model = createLanguageModel(options, clock)
  const failed = reasonLog(clock, log, 'modelFailed')
  const open = new Set<AbortController>()
  const { perHour = PER_HOUR } = options
  let hour = { since: Number.NEGATIVE_INFINITY, calls: 0 }

  /** Null: the help cannot be read. */
  async function passagesFor({ v, question, facts }: AnswerRequest, role: string | undefined) {
    for (const queries of queriesOf(question)) {
      const replies = await Promise.all(
        queries.map(query => search.answer({ v, do: 'passages', query, facts, limit: PASSAGES }, role)),
      )
      if (!replies.every(({ ok }) => ok)) return null
      const found = new Map<string, Passage>()
      for (const { passages = [] } of replies as readonly { passages?: readonly Passage[] }[])
        for (const passage of passages) found.set(`${passage.articleId} ${passage.text}`, passage)
      // Keys and card numbers are nobody's answer. Addresses in the site's own articles may be: they stay.
      if (found.size)
        return [...found.values()]
          .sort((one, other) => other.score - one.score)
          .slice(0, PASSAGES)
          .map(passage => ({ ...passage, text: redact(passage.text, 'toPerson', masks) }))
    }
    return []
  }

  async function* checked(
    request: AnswerRequest,
    role: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<AnswerLine> {
    const asked = { ...request, question: redact(request.question, 'derived', masks) }
    const passages = await passagesFor(asked, role)
    if (!passages) return yield end('failed')
    const offered = new Map([...actions].filter(([name]) => asked.actions?.includes(name)))
    // Nothing to quote, nothing to do: no reason to ask.
    if (!passages.length && !offered.size) return yield end('unknown')
    const said: AnswerSentence[] = []
    let heard = 0
    let isThinking = false
    let isWhole = true
    try {
      const lines = linesOf(
        model.say(promptOf(asked.question, asked.facts, passages, offered, masks), signal),
      )
      for (;;) {
        const { value, done } = await lines.next()
        if (done) {
          isWhole = value
          break
        }
        if (!value.trim()) continue
        if (++heard > MAX_LINES) break
        if (THOUGHT.test(value)) isThinking = !value.includes('</')
        const line = isThinking ? null : readLine(value)
        if (line === null) continue
        if (line.unknown === true && !said.length) return yield end('unknown')
        const action = proposed(line, offered, asked.question)
        if (action) {
          yield action
          return yield end('answered')
        }
        const sentence = groundedSentence(line, passages, said)
        if (sentence) {
          said.push(sentence)
          yield sentence
        }
        if (said.length === MAX_SENTENCES) break
      }
    } catch (error) {
      if (signal.aborted) return
      // A bug of ours would be told by its name only; what it holds may be somebody's words.
      failed(error instanceof ModelFailed ? error.message : `unexpected ${(error as Error).name}`)
      return yield end(said.length ? 'cut' : 'failed')
    }
    yield end(said.length ? (isWhole ? 'answered' : 'cut') : heard ? 'withheld' : 'failed')
  }

  return {
    admit() {
      const now = clock.now()
      if (now - hour.since >= HOUR_MS || now < hour.since) hour = { since: now, calls: 0 }
      if (hour.calls >= perHour) return hour.since + HOUR_MS - now
      if (open.size >= MAX_OPEN) return OPEN_RETRY_MS
      hour.calls++
      return 0
    },
    async *answer(request, role, signal) {
      const abort = new AbortController()
      const follow = () => abort.abort()
      signal.addEventListener('abort', follow)
      if (signal.aborted) follow()
      open.add(abort)
      try {
        yield* checked(request, role, abort.signal)
      } finally {
        open.delete(abort)
        signal.removeEventListener('abort', follow)
        abort.abort()
      }
    },
    close() {
      for (const abort of open) abort.abort()
    },
  }
}

const end = (outcome: AnswerOutcome): AnswerLine => ({ type: 'end', outcome })

/**
 * What is searched for, until something is found: the question; without its numbers, which no article knows; its parts
 * one by one, because a search that wants most of the words finds nothing for a story.
 */
function queriesOf(question: string): readonly (readonly string[])[] {
  const words = question.replace(/\S*[\d[\]@]\S*/g, ' ')
  const parts = words.split(/[.!?;,:\n]+|\b(?:and|but|because|so)\b/).filter(part => part.trim())
  return [[question], [words], parts.slice(0, MAX_PARTS)].filter(queries =>
    queries.some(query => query.trim()),
  )
}

/** Lines of what comes in pieces; those that are too long to be ours are left out. Returns what the pieces return. */
async function* linesOf(pieces: ReturnType<LanguageModel['say']>): AsyncGenerator<string, boolean> {
  let rest = ''
  let isTooLong = false
  try {
    for (;;) {
      const { value, done } = await pieces.next()
      if (done) {
        if (!isTooLong) yield rest
        return value
      }
      const [first = '', ...more] = value.split('\n')
      rest += first
      for (const begun of more) {
        if (!isTooLong && rest.length <= MAX_LINE_CHARS) yield rest
        isTooLong = false
        rest = begun
      }
      if (rest.length > MAX_LINE_CHARS) {
        isTooLong = true
        rest = ''
      }
    }
  } finally {
    await pieces.return(false)
  }
}

interface ModelLine {
  readonly passage?: unknown
  readonly quote?: unknown
  readonly text?: unknown
  readonly unknown?: unknown
  readonly action?: unknown
  readonly details?: unknown
}

/** Null: no object, as a fence, a remark, or half of a line. */
function readLine(text: string): ModelLine | null {
  const line = text.trim().replace(/,$/, '')
  if (!line.startsWith('{')) return null
  try {
    return JSON.parse(line) as ModelLine
  } catch {
    return null
  }
}

/**
 * The sentence with what it rests on, or null: a passage that is none, a quote that is not in it, a text that the
 * whole sentences around the quote do not support.
 */
export function groundedSentence(
  { passage: number, quote, text }: ModelLine,
  passages: readonly Passage[],
  said: readonly AnswerSentence[],
): AnswerSentence | null {
  const passage = typeof number === 'number' ? passages[number - 1] : undefined
  if (!passage || typeof quote !== 'string' || typeof text !== 'string') return null
  const sentence = text.trim()
  if (!sentence || sentence.length > MAX_SENTENCE_CHARS || quote.length > MAX_SPAN_CHARS) return null
  if (said.some(earlier => earlier.text === sentence)) return null
  const { articleId, title, headingId, locale } = passage
  for (const { span, before } of spansOf(quote, passage.text)) {
    if (!supports(sentence, span)) continue
    // "It takes a day": what does? The sentence before says so, and must have been said before.
    const last = said.at(-1)
    const follows =
      before !== undefined && last?.citation.articleId === articleId && last.span.endsWith(before)
    if (LEANS.test(sentence) && !follows) continue
    return {
      type: 'sentence',
      text: sentence,
      span,
      citation: { articleId, title, ...(headingId && { headingId }), ...(locale && { locale }) },
    }
  }
  return null
}

/** Begins with what only the sentence before explains. */
const LEANS =
  /^(?:it|its|this|that|these|those|they|their|he|she|then|otherwise|instead|also|however|but|so|therefore|both|such)\b/i

/** The whole sentences that each occurrence of `quote` touches: one cut out of a sentence has lost its "not". */
function spansOf(quote: string, passage: string): readonly { span: string; before: string | undefined }[] {
  const sentences = sentencesOf(passage)
  const wanted = sentencesOf(quote)
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s."']+|[\s."']+$/g, '')
  if (!wanted) return []
  const ends: number[] = []
  let all = ''
  for (const sentence of sentences) {
    all += `${sentence.replace(/\s+/g, ' ')} `
    ends.push(all.length)
  }
  const found = []
  for (let at = all.indexOf(wanted); at !== -1; at = all.indexOf(wanted, at + 1)) {
    const to = at + wanted.length
    const isTorn =
      /^[\p{L}\p{N}]{2}$/u.test(all.slice(at - 1, at + 1)) ||
      /^[\p{L}\p{N}]{2}$/u.test(all.slice(to - 1, to + 1))
    if (isTorn) continue
    const first = ends.findIndex(end => at < end)
    const last = ends.findIndex(end => to <= end)
    const span = sentences.slice(first, last + 1).join('\n')
    if (span.length <= MAX_SPAN_CHARS) found.push({ span, before: sentences[first - 1] })
  }
  return found
}

/** A proposal of what the site lists and the page can run, with words of the question only. */
function proposed(
  { action, details }: ModelLine,
  offered: ReadonlyMap<string, ListedAction>,
  question: string,
): ProposedAction | null {
  const listed = typeof action === 'string' ? offered.get(action) : undefined
  if (!listed) return null
  const given = new Map(Object.entries(Object(details)))
  const taken = Object.keys(listed.sends ?? {}).flatMap(name => {
    const value = given.get(name)
    return typeof value === 'string' && value.length <= MAX_DETAIL_CHARS && isWordOf(value, question)
      ? [[name, value] as const]
      : []
  })
  return { type: 'action', name: action as string, details: Object.fromEntries(taken) }
}
