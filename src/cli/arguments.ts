// Reads a command's arguments with node:util parseArgs, and turns its complaints into a sentence of ours.

import { type ParseArgsConfig, parseArgs } from 'node:util'
import { AskletError } from '../base/errors'

type Options = NonNullable<ParseArgsConfig['options']>

/**
 * @param usage  the line that shows how the command is called; part of the error
 * @throws AskletError `cli_usage` for an unknown option or a missing value
 */
export function readArguments<T extends Options>(args: readonly string[], options: T, usage: string) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    const got = error instanceof Error ? (error.message.split(/\. To specify|\n/)[0] ?? '') : String(error)
    throw usageError(`options must be known ones, got: ${got.replace(/\.$/, '')}`, usage)
  }
}

export function usageError(sentence: string, usage: string): AskletError {
  return new AskletError('cli_usage', `${sentence}. Call it like this: ${usage}`)
}
