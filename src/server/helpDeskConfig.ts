// What the server takes from `asklet.json`: the same file and schema that the page reads, so that hours are said
// once.

import { AskletError, describe } from '../base/errors'
import { parseConfig } from '../protocol/config'
import { type Hours, hoursProblem } from './hours'

export interface HelpDeskConfig {
  readonly hours: Hours | null
  readonly waitAtMostMs: number | null
  /** Whether the receiver of journal records is open. */
  readonly journal: boolean
  readonly origins: readonly string[]
}

/** @throws AskletError `config_shape` with path, what, got and fix */
export function readConfig(given: unknown): HelpDeskConfig {
  const { hours, maxWaitMinutes, journal, origins = [] } = parseConfig(given ?? {}, 'config').config
  const problem = hours ? hoursProblem(hours) : null
  if (problem) throw new AskletError('config_shape', `config.${problem}.`)
  return {
    hours: hours ?? null,
    waitAtMostMs: maxWaitMinutes === undefined ? null : maxWaitMinutes * 60_000,
    journal,
    origins: origins.map(checkOrigin),
  }
}

/** An origin as browsers send it. @throws AskletError `server_shape` */
export function checkOrigin(origin: string): string {
  let made: string | null = null
  try {
    made = new URL(origin).origin
  } catch {}
  if (made === null || made === 'null' || made !== origin.replace(/\/$/, ''))
    throw new AskletError(
      'server_shape',
      `an allowed origin is scheme and host like "https://shop.example", got ${describe(origin)}. Leave path and slash away.`,
    )
  return made
}
