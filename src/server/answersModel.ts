// The call to a language model: any server that speaks OpenAI's `POST {url}/chat/completions` with `stream: true`.
// Owns the key, and hands it to that address only: redirects are refused, and neither key nor words come into a log.
// Reads what comes as hostile: bounded in time and bytes, in whatever pieces.

import { createParser } from 'eventsource-parser'
import type { Clock } from '../base/environment'
import { AskletError, describe } from '../base/errors'
import { MODEL_FIRST_WITHIN_MS, MODEL_IDLE_MS, MODEL_TOTAL_MS } from '../protocol/answer'
import type { ModelMessage } from './answersPrompt'

export interface LanguageModelOptions {
  /** Base address of an OpenAI-compatible API: `https://api.example/v1`; `http:` for this machine only. */
  readonly url: string
  /** Its name there. */
  readonly model: string
  /** Sent as bearer. A model on this machine may need none. */
  readonly key?: string
  /** More members of the request body, as that server takes them: `{ "temperature": 0 }`. */
  readonly parameters?: Readonly<Record<string, unknown>>
  /** Calls an hour for all visitors of this node together; over it they get extractive answers. Default 1 000. */
  readonly perHour?: number
}

/** The model did not answer as it should; `message` is for the log and holds nothing that anybody said. */
export class ModelFailed extends Error {
  constructor(
    why: string,
    /** Of a reply that was refused with one. */
    readonly status?: number,
    /** How long that server wants to be left alone, where it says so. Milliseconds, never negative. */
    readonly waitMs?: number,
  ) {
    super(why)
  }
}

/** How long a call may take, in milliseconds. Left out: as long as somebody waits in a chat. */
export interface ModelPatience {
  readonly firstWithinMs: number
  /** Between two of its words. */
  readonly idleMs: number
  /** From the call to its last word. */
  readonly totalMs: number
}
const IN_A_CHAT: ModelPatience = {
  firstWithinMs: MODEL_FIRST_WITHIN_MS,
  idleMs: MODEL_IDLE_MS,
  totalMs: MODEL_TOTAL_MS,
}

export interface LanguageModel {
  /**
   * What the model says, piece by piece. Returns whether that was all of it.
   * @throws ModelFailed; the signal's reason when it was aborted
   */
  say(messages: readonly ModelMessage[], signal: AbortSignal): AsyncGenerator<string, boolean>
}

/** Far more than eight sentences in frames of one word. */
const MAX_BYTES = 1_048_576
/** Members of the body that are ours. */
const OWN = ['model', 'messages', 'stream', 'n', 'tools', 'functions', 'tool_choice']

/** @throws AskletError `server_shape`: what, got, fix */
export function checkLanguageModel(options: LanguageModelOptions): LanguageModelOptions {
  const shape = (sentence: string): never => {
    throw new AskletError('server_shape', sentence)
  }
  if (typeof options !== 'object' || options === null)
    shape(`options.languageModel must be { url, model, key }, got ${describe(options)}.`)
  const { url, model, key, parameters, perHour } = options
  const made = typeof url === 'string' && URL.canParse(url) ? new URL(url) : null
  const isHere = made !== null && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(made.hostname)
  if (!made || !(made.protocol === 'https:' || (made.protocol === 'http:' && isHere)))
    shape(
      `options.languageModel.url must be an https address like "https://api.example/v1" (http only on this machine), got ${describe(url)}.`,
    )
  // Never named: it may hold a secret.
  if (made?.username || made?.password || made?.search || made?.hash)
    shape('options.languageModel.url must hold no user, password, query or fragment. The key goes into key.')
  if (typeof model !== 'string' || !model)
    shape(`options.languageModel.model must be the name of a model, got ${describe(model)}.`)
  if (key !== undefined && (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key)))
    shape('options.languageModel.key must be one line of plain characters. Is there a line end in it?')
  if (
    parameters !== undefined &&
    (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
  )
    shape(`options.languageModel.parameters must be an object, got ${describe(parameters)}.`)
  const taken = OWN.find(name => parameters && Object.hasOwn(parameters, name))
  if (taken) shape(`options.languageModel.parameters must not hold ${taken}: Asklet sets it.`)
  if (perHour !== undefined && !(Number.isInteger(perHour) && perHour > 0))
    shape(`options.languageModel.perHour must be a whole number above 0, got ${describe(perHour)}.`)
  return options
}

/** @throws AskletError `server_shape` */
export function createLanguageModel(
  options: LanguageModelOptions,
  clock: Pick<Clock, 'after'>,
  { firstWithinMs, idleMs, totalMs }: ModelPatience = IN_A_CHAT,
): LanguageModel {
  const { url, model, key, parameters } = checkLanguageModel(options)
  const address = `${url.replace(/\/+$/, '')}/chat/completions`

  async function ask(messages: readonly ModelMessage[], signal: AbortSignal): Promise<Response> {
    const response = await fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ ...parameters, model, messages, stream: true }),
      // A redirect would take words, and perhaps the key, to an address that nobody has checked.
      redirect: 'error',
      signal,
    })
    if (response.ok && response.body) return response
    await response.body?.cancel()
    const { status, headers } = response
    throw new ModelFailed(`HTTP ${status}`, status, waitOf(headers.get('retry-after')))
  }

  return {
    async *say(messages, outer) {
      outer.throwIfAborted()
      const abort = new AbortController()
      const follow = () => abort.abort(outer.reason)
      outer.addEventListener('abort', follow)
      const giveUp = (why: string) => () => abort.abort(new ModelFailed(why))
      const stopTotal = clock.after(totalMs, giveUp('took too long'))
      let stopWaiting = clock.after(firstWithinMs, giveUp('no first word'))
      try {
        const response = await ask(messages, abort.signal)
        const pieces = (isJson(response) ? wholeReply : streamedReply)(response, abort.signal)
        for (;;) {
          const { value, done } = await pieces.next()
          abort.signal.throwIfAborted()
          if (done) return value
          if (!value) continue
          stopWaiting()
          // While it is our reader who is slow, the model is not: no clock runs.
          yield value
          stopWaiting = clock.after(idleMs, giveUp('fell silent'))
        }
      } catch (error) {
        throw failureOf(error, abort.signal)
      } finally {
        stopTotal()
        stopWaiting()
        outer.removeEventListener('abort', follow)
        // Whoever stops reading ends the call: what is not read need not be paid for.
        abort.abort()
      }
    },
  }
}

/** `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3). Undefined where it is neither. */
function waitOf(said: string | null): number | undefined {
  if (said === null) return undefined
  const ms = /^\s*\d+\s*$/.test(said) ? Number(said) * 1_000 : Date.parse(said) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

/** Anybody's words stay out of it: a message of fetch names the address, one of a parser what it could not read. */
function failureOf(error: unknown, { aborted, reason }: AbortSignal): unknown {
  if (aborted) return reason
  if (error instanceof ModelFailed) return error
  const { cause } = error as { cause?: { code?: unknown; message?: unknown } }
  if (/redirect/.test(String(cause?.message))) return new ModelFailed('redirected')
  return new ModelFailed(typeof cause?.code === 'string' ? cause.code : 'broke off')
}

const isJson = ({ headers }: Response) => /^application\/json\b/i.test(headers.get('content-type') ?? '')

/**
 * The body, until it ends or `signal` is aborted. Cancelled here, and not left to the signal that fetch was given:
 * Node holds that by its request only, and once this is collected as garbage an abort no longer reaches the body.
 */
async function* bytesOf({ body }: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = (body as ReadableStream<Uint8Array>).getReader()
  const leave = () => void reader.cancel().catch(() => {})
  signal.addEventListener('abort', leave)
  try {
    for (let bytes = 0; !signal.aborted; ) {
      const { value, done } = await reader.read()
      if (done) return
      bytes += value.length
      if (bytes > MAX_BYTES) throw new ModelFailed('said too much')
      yield value
    }
  } finally {
    signal.removeEventListener('abort', leave)
    leave()
  }
}

/** Of a server that does not stream although it was asked to. */
async function* wholeReply(response: Response, signal: AbortSignal): AsyncGenerator<string, boolean> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of bytesOf(response, signal)) text += decoder.decode(chunk, { stream: true })
  const { said, isFinal, isWhole } = frameOf(text)
  yield said
  return isFinal && isWhole
}

async function* streamedReply(response: Response, signal: AbortSignal): AsyncGenerator<string, boolean> {
  if (!/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? 'text/event-stream'))
    throw new ModelFailed('neither events nor JSON')
  const decoder = new TextDecoder()
  const frames: string[] = []
  const parser = createParser({ onEvent: ({ data }) => frames.push(data) })
  for await (const chunk of bytesOf(response, signal)) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    for (const data of frames.splice(0)) {
      const { said, end } = next(data)
      yield said
      if (end !== undefined) return end
    }
  }
  // A last frame without the empty line behind it.
  parser.feed('\n\n')
  const { said = '', end = false } = frames.map(next)[0] ?? {}
  yield said
  return end
}

/** The reason comes with the last word or after it; `[DONE]` may never come. */
function next(data: string): { readonly said: string; readonly end?: boolean } {
  if (data === '[DONE]') return { said: '', end: true }
  const { said, isFinal, isWhole } = frameOf(data)
  return { said, ...(isFinal && { end: isWhole }) }
}

interface Frame {
  readonly said: string
  /** The model ended. */
  readonly isFinal: boolean
  /** By itself, and not because it was cut. */
  readonly isWhole: boolean
}

/** `choices[0].delta.content` of a frame, or `message` of a whole reply. Calls of tools say nothing: none was offered. */
function frameOf(data: string): Frame {
  let frame: { error?: unknown; choices?: unknown }
  try {
    frame = Object(JSON.parse(data))
  } catch {
    throw new ModelFailed('not JSON')
  }
  if (frame.error) throw new ModelFailed('said an error')
  const choices: readonly unknown[] = Array.isArray(frame.choices) ? frame.choices : []
  const choice = choices.map(Object).find(({ index = 0 }) => index === 0) ?? {}
  const reason = choice.finish_reason
  return {
    said: textOf((choice.delta ?? choice.message)?.content),
    isFinal: typeof reason === 'string' && reason !== '',
    isWhole: reason !== 'length' && reason !== 'content_filter',
  }
}

/** A text, or a list of parts of which some are. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map(part => (part?.type === 'text' && typeof part.text === 'string' ? part.text : ''))
    .join('')
}
