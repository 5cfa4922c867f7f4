// Where a language model is, as several commands are told it: address, name and parameters by flags, the key by the
// environment alone. Whether an address will do is `server/answersModel`'s to say.

import { describe } from '../base/errors'
import type { LanguageModelOptions } from '../server/answersModel'
import { usageError } from './arguments'

/** No flag: flags stand in the list of processes. */
export const MODEL_KEY_VARIABLE = 'ASKLET_MODEL_KEY'

export const MODEL_OPTIONS = {
  'model-url': { type: 'string' },
  model: { type: 'string' },
  'model-parameters': { type: 'string' },
} as const

export interface ModelValues {
  readonly 'model-url'?: string
  readonly model?: string
  readonly 'model-parameters'?: string
}

/**
 * @returns undefined where address or name is missing
 * @throws AskletError `cli_usage` for parameters that are not JSON
 */
export function modelArguments(values: ModelValues, usage: string): LanguageModelOptions | undefined {
  const { 'model-url': url, model, 'model-parameters': written } = values
  if (url === undefined || model === undefined) return undefined
  let parameters: unknown
  try {
    if (written !== undefined) parameters = JSON.parse(written)
  } catch {
    throw usageError(
      `--model-parameters must be JSON like '{"temperature": 0}', got ${describe(written)}`,
      usage,
    )
  }
  const key = process.env[MODEL_KEY_VARIABLE]
  return {
    url,
    model,
    ...(key && { key }),
    ...(parameters !== undefined && { parameters: parameters as Record<string, unknown> }),
  }
}
