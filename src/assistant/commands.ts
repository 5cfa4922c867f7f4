// The script tag's one function: `Asklet('identify', …)`. A verb is a method of the assistant, nothing more.

import { AskletError } from '../base/errors'
import type { Assistant } from './createAssistant'

const VERBS = [
  'open',
  'close',
  'toggle',
  'ask',
  'search',
  'suggest',
  'article',
  'navigate',
  'identify',
  'update',
  'prefill',
  'reset',
  'logout',
  'destroy',
  'on',
  'off',
  'registerAction',
] as const

/** Runs one call; a wrong verb is a sentence in the console, never an exception in the host's code. */
export function createCommands(assistant: Assistant): (...call: readonly unknown[]) => unknown {
  return (verb, ...args) => {
    try {
      const known = VERBS.find(name => name === verb)
      if (!known) {
        throw new AskletError(
          'verb_unknown',
          `"${String(verb)}" is not a verb. Known are: ${VERBS.join(', ')}.`,
        )
      }
      const result = (assistant[known] as (...args: unknown[]) => unknown)(...args)
      // Nobody awaits a call made before the script came: say it here instead of as an unhandled rejection.
      if (result instanceof Promise) result.catch((error: Error) => console.error(error.message))
      return result
    } catch (error) {
      console.error((error as Error).message)
    }
  }
}
