// The configuration file of a site, `asklet.json`: one schema, parsed only here, read by browser, server and
// `asklet check` alike. Data, no code. Unknown keys are dropped and named.

import * as v from 'valibot'
import { AskletError, describe } from '../base/errors'

const text = v.pipe(v.string(), v.maxLength(500))
const flag = v.boolean()
const clockTime = v.pipe(v.string(), v.regex(/^([01]\d|2[0-4]):[0-5]\d$/, 'must be a time such as "09:00"'))
const textMap = v.record(v.string(), v.union([v.string(), v.record(v.string(), v.string())]))

export const configSchema = v.object({
  /** `false` switches the assistant off everywhere, without a deploy. */
  enabled: v.optional(flag, true),
  /** The assistant's name, shown as its title. */
  name: v.optional(text, 'Help'),
  /** Address of `manifest.json`, relative to this file. */
  knowledge: v.optional(text),
  /** Address of the help desk server, relative to this file; without it there are no people to talk to. */
  server: v.optional(text),
  /** Language of texts and articles; the page's own when left out. BCP 47. */
  locale: v.optional(text),
  label: v.optional(text),
  accent: v.optional(text),
  theme: v.optional(v.picklist(['auto', 'light', 'dark'])),
  position: v.optional(v.picklist(['left', 'right'])),
  /** Own words for any text key. */
  texts: v.optional(textMap),
  /** Where to write when nobody can be reached. */
  contact: v.optional(v.object({ email: v.optional(text), phone: v.optional(text) })),
  /** Which roads to a person are offered. */
  channels: v.optional(
    v.object({
      live: v.optional(flag),
      ticket: v.optional(flag),
      email: v.optional(flag),
      phone: v.optional(flag),
    }),
  ),
  /** Topics that only a person may answer, with the words that mean them. */
  policyTopics: v.optional(v.array(v.object({ topic: text, words: v.array(text) }))),
  /** Origins whose images articles may show; the page's own always. */
  images: v.optional(v.array(text)),
  /** Send what was suggested, answered and decided to the server. Off unless turned on; never under GPC. */
  journal: v.optional(flag, false),
  /** Business hours of the desk, in its agents' zone. The server's win when it is reachable. */
  hours: v.optional(
    v.object({
      zone: text,
      /** `{ "mon": [["09:00", "17:30"]] }`; a day left out is closed. */
      week: v.record(
        v.picklist(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
        v.array(v.tuple([clockTime, clockTime])),
      ),
    }),
  ),
  /** Origins whose pages may talk to the server. */
  origins: v.optional(v.array(text)),
  /** In the queue for longer than this: a ticket instead. Minutes. */
  maxWaitMinutes: v.optional(v.pipe(v.number(), v.minValue(1))),
})

/** The file as a site writes it. */
export type AskletConfig = v.InferInput<typeof configSchema>
/** The file as the assistant uses it: defaults filled in. */
export type Config = v.InferOutput<typeof configSchema>

export interface ParsedConfig {
  readonly config: Config
  /** Keys nobody reads: misspelt, or of a newer version. */
  readonly unknown: readonly string[]
}

/**
 * Checks a parsed configuration.
 *
 * @param value   what JSON.parse returned
 * @param source  where it came from, for the error sentence: an address or a file name
 * @throws AskletError `config_shape`: path, what, got, fix; every problem in one message
 */
export function parseConfig(value: unknown, source: string): ParsedConfig {
  const parsed = v.safeParse(configSchema, value)
  if (!parsed.success) {
    const problems = parsed.issues.map(issue => `  ${problemOf(issue)}`)
    throw new AskletError(
      'config_shape',
      `${source} cannot be used:\n${problems.join('\n')}\nSee README#configuration.`,
    )
  }
  const known = Object.keys(configSchema.entries)
  const unknown = Object.keys(value as object).filter(key => !known.includes(key) && key !== '$schema')
  return { config: parsed.output, unknown }
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'the file'
  const wanted = issue.type === 'regex' ? issue.message : `must be ${issue.expected ?? 'of another shape'}`
  return `${path} ${wanted}, got ${describe(issue.input)}`
}

/**
 * Parses the text of a configuration file.
 *
 * @throws AskletError `config_syntax` when it is not JSON, else as `parseConfig`
 */
export function readConfig(text: string, source: string): ParsedConfig {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const html = text.trimStart().startsWith('<') ? ' It looks like an HTML page: is the address right?' : ''
    throw new AskletError('config_syntax', `${source} is not JSON: ${(error as Error).message}.${html}`)
  }
  return parseConfig(value, source)
}
