// Asks a language model for a whole reply, as somebody does who has time: again after what passes, later where the
// server says so, and never again after what will not change. Owns how long all calls of a run are held back together.

import type { Clock } from '../base/environment'
import { AskletError } from '../base/errors'
import {
  createLanguageModel,
  type LanguageModelOptions,
  ModelFailed,
  type ModelPatience,
} from '../server/answersModel'
import type { ModelMessage } from '../server/answersPrompt'

/** A model on a small machine reads for a minute before its first word. */
const PATIENCE: ModelPatience = { firstWithinMs: 180_000, idleMs: 90_000, totalMs: 600_000 }
const MAX_TRIES = 4
const FIRST_WAIT_MS = 2_000
const MAX_WAIT_MS = 30_000
/** Who is sent away for longer comes back by calling the command again. */
const MAX_TOLD_WAIT_MS = 120_000

export interface PatientReply {
  readonly text: string
  /** False: the model was cut off. */
  readonly isWhole: boolean
}

export interface PatientModel {
  /**
   * @throws ModelFailed where it went wrong each time; AskletError `network` where it would with every other call;
   *   the signal's reason when it was aborted
   */
  reply(messages: readonly ModelMessage[], signal: AbortSignal): Promise<PatientReply>
}

/**
 * @param tell  hears why somebody has to wait
 * @throws AskletError `server_shape`
 */
export function createPatientModel(
  options: LanguageModelOptions,
  clock: Pick<Clock, 'after'>,
  tell: (sentence: string) => void,
): PatientModel {
  const model = createLanguageModel(options, clock, PATIENCE)
  /** All calls wait for it: where one was too many, the next one is, too. */
  let pause: Promise<void> = Promise.resolve()

  const wait = (ms: number, signal: AbortSignal) =>
    new Promise<void>(done => {
      const end = () => {
        stop()
        signal.removeEventListener('abort', end)
        done()
      }
      const stop = clock.after(ms, end)
      signal.addEventListener('abort', end)
    })

  async function once(messages: readonly ModelMessage[], signal: AbortSignal): Promise<PatientReply> {
    const pieces = model.say(messages, signal)
    let text = ''
    for (;;) {
      const { value, done } = await pieces.next()
      if (done) return { text, isWhole: value }
      text += value
    }
  }

  return {
    async reply(messages, signal) {
      for (let tries = 1; ; tries++) {
        await pause
        signal.throwIfAborted()
        try {
          return await once(messages, signal)
        } catch (error) {
          if (!(error instanceof ModelFailed)) throw error
          const hopeless = hopelessSentence(error, options)
          if (hopeless) throw new AskletError('network', hopeless)
          if (tries === MAX_TRIES) throw error
          const ms = error.waitMs ?? Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1))
          if (ms > 1_000) tell(`The model says ${error.message}: again in ${Math.ceil(ms / 1_000)} s.`)
          pause = Promise.all([pause, wait(ms, signal)]).then(() => {})
        }
      }
    },
  }
}

/** Why no call will do better; null where one may. */
function hopelessSentence(
  { message, status, waitMs = 0 }: ModelFailed,
  { url, model, key }: LanguageModelOptions,
): string | null {
  const name = JSON.stringify(model)
  if (status === 401 || status === 403)
    return `the model's server must accept the key, got HTTP ${status}. ${key === undefined ? 'Put one into ASKLET_MODEL_KEY.' : 'Look at ASKLET_MODEL_KEY, and at what that key may do.'}`
  if (status === 402)
    return "the model's server wants to be paid first, got HTTP 402. Look at your account there."
  if (status === 404 || status === 405)
    return `--model-url and --model must name an API and a model of it, got HTTP ${status} for ${name} at ${url}. The address mostly ends with /v1.`
  if (status !== undefined && status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status))
    return `the model's server must take the request, got HTTP ${status}. Is ${name} a model of it, and do --model-parameters fit?`
  if (waitMs > MAX_TOLD_WAIT_MS)
    return `the model's server asks for a pause of ${Math.ceil(waitMs / 60_000)} minutes (${message}). Call the command again then: it goes on where it stopped.`
  if (message === 'redirected') return `--model-url must be the last address, got a redirect at ${url}.`
  if (
    /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|CERT_|DEPTH_|SELF_|UNABLE_|ERR_TLS)/.test(
      message,
    )
  )
    return `the model's server must be reachable, got ${message} at ${url}. Check --model-url.`
  return null
}
