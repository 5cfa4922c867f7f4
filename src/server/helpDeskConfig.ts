// What the server reads of `asklet.json`: the same file that the page reads, so that hours are said once.
// Unknown keys are the page's business.

import * as v from 'valibot'
import { AskletError, describe } from '../base/errors'
import { type Hours, hoursProblem } from './hours'

const clockTime = v.pipe(
  v.string(),
  v.regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time like "09:00"'),
)
const span = v.tuple([clockTime, clockTime])
const schema = v.object({
  hours: v.optional(
    v.object({
      zone: v.string(),
      week: v.record(v.picklist(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), v.array(span)),
      closedOn: v.optional(v.array(v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/)))),
    }),
  ),
  maxWaitMinutes: v.optional(v.pipe(v.number(), v.minValue(1))),
  journal: v.optional(v.boolean(), false),
  origins: v.optional(v.array(v.string()), []),
})

export interface HelpDeskConfig {
  readonly hours: Hours | null
  readonly waitAtMostMs: number | null
  /** Whether the receiver of journal records is open. */
  readonly journal: boolean
  readonly origins: readonly string[]
}

/** @throws AskletError `config_shape` with path, what, got and fix */
export function readConfig(config: unknown): HelpDeskConfig {
  const parsed = v.safeParse(schema, config ?? {})
  if (!parsed.success) {
    const [issue] = parsed.issues
    throw new AskletError(
      'config_shape',
      `config.${v.getDotPath(issue) ?? ''} is not as it should be: ${issue.message}, got ${describe(issue.input)}. Hand in the parsed asklet.json; "asklet check" shows every problem with its line.`,
    )
  }
  const { hours, maxWaitMinutes, journal, origins } = parsed.output
  const problem = hours ? hoursProblem(hours as Hours) : null
  if (problem) throw new AskletError('config_shape', `config.${problem}.`)
  return {
    hours: (hours as Hours | undefined) ?? null,
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
