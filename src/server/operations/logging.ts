// How what is logged reaches an operator: as lines for people, or as records for whatever collects them. Owns what is
// never in either: no entry holds a body, a secret or a token (`Log`), and what a field is called is looked at here
// once more, should one ever be given one.

import { AskletError, describe } from '../../base/errors'
import type { Log } from '../conversations'

/** Of a logger like `pino`: the fields first, then what happened. */
export interface StructuredLogger {
  info(fields: object, event: string): void
  warn(fields: object, event: string): void
  error(fields: object, event: string): void
}

export type LogOption = ((line: string) => void) | StructuredLogger

/** @throws AskletError `server_shape` */
export function logTo(given: LogOption | undefined): Log {
  if (given === undefined) return () => {}
  if (typeof given === 'function') return lines(given)
  const levels = ['info', 'warn', 'error'] as const
  if (given === null || typeof given !== 'object' || levels.some(level => typeof given[level] !== 'function'))
    throw new AskletError(
      'server_shape',
      `options.log must be a function of a line, or a logger with info, warn and error as pino has them, got ${describe(given)}.`,
    )
  return ({ level, event, ...fields }) => given[level]({ event, ...withoutSecrets(fields) }, event)
}

function lines(write: (line: string) => void): Log {
  return ({ level, event, ...fields }) => {
    const rest = Object.entries(withoutSecrets(fields)).map(
      ([key, value]) => ` ${key}=${JSON.stringify(value)}`,
    )
    write(`asklet ${level} ${event}${rest.join('')}`)
  }
}

/** Names under which a secret or somebody's words would stand. */
export const SECRET_FIELDS: readonly string[] = [
  'authorization',
  'body',
  'cookie',
  'email',
  'password',
  'phone',
  'secret',
  'text',
  'token',
]

function withoutSecrets(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      SECRET_FIELDS.includes(key.toLowerCase()) ? '[masked]' : value,
    ]),
  )
}
