// The script tag's one function: `Asklet('identify', …)`. A verb is a method of the assistant, nothing more.

import { AskletError } from '../base/errors'
import type { Assistant } from './createAssistant'

/** Runs one call; a wrong verb is a sentence in the console, never an exception in the host's code. */
export function createCommands(assistant: Assistant): (...call: readonly unknown[]) => unknown {
  const verbs = new Map(Object.entries(assistant).filter(([, act]) => typeof act === 'function'))
  return (verb, ...args) => {
    try {
      const act = verbs.get(verb as string)
      if (!act) {
        throw new AskletError(
          'verb_unknown',
          `"${String(verb)}" is not a verb. Known are: ${[...verbs.keys()].join(', ')}.`,
        )
      }
      const result = act(...args)
      // Nobody awaits a call made before the script came: say it here instead of as an unhandled rejection.
      if (result instanceof Promise) result.catch((error: Error) => console.error(error.message))
      return result
    } catch (error) {
      console.error((error as Error).message)
    }
  }
}
