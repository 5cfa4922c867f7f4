// The manifest of a built help folder: the first file that a panel asks for, and the only one whose name does
// not change. Everything it names carries a hash in its name and can be cached for ever.
// Small on purpose: what only the build needs (the list of files it wrote) is in a file of its own.

import { AskletError, describe } from '../base/errors'
import {
  atLeast,
  list,
  matching,
  object,
  oneOf,
  optional,
  type Read,
  read,
  record,
  text,
} from '../base/shape'

export const MANIFEST_FILE = 'manifest.json'

const name = matching(/^(?!.*\.\.)[\w.-]+(?:\/[\w.-]+)*$/, 'the name of a file below it')
const count = atLeast(0)

const manifest = object({
  version: oneOf(1),
  /** One index for all roles: a role lifts articles, it hides none. */
  locales: list(
    object({
      /** BCP 47. */
      locale: text,
      /** File name of its index, relative to the manifest. */
      index: name,
      articles: count,
      /** Of the index, uncompressed. */
      bytes: count,
    }),
  ),
  /** Every role that an article names, for the host's own checks. */
  roles: list(text),
  /** Flows of the bot, all locales. */
  flows: optional(name),
  /** The site's own texts for people, by locale. */
  texts: optional(record(name)),
  /** Words, intents and policy topics of the bot. */
  model: optional(name),
})

/** File names are relative to the manifest and stay below it. */
export type Manifest = Read<typeof manifest>

/**
 * Parses a manifest as it came over the network.
 *
 * @throws AskletError `index_shape` when it is none, or one of another version
 */
export function parseManifest(json: unknown): Manifest {
  const {
    value,
    problems: [problem],
  } = read(manifest, json)
  if (!problem) return value
  throw new AskletError(
    'index_shape',
    `manifest.json must be one that "asklet build" of this version wrote, got ${describe(problem.got)} where ${problem.path || 'it'} must be ${problem.wanted}. Run "asklet build" again.`,
  )
}

/**
 * The best locale for a visitor: the same tag, else the same language, else the first (the site's own).
 * Undefined only for a manifest without locales.
 */
export function pickLocale(manifest: Manifest, wanted: string): Manifest['locales'][number] | undefined {
  const lower = wanted.toLowerCase()
  const language = lower.split('-')[0]
  const { locales } = manifest
  return (
    locales.find(({ locale }) => locale.toLowerCase() === lower) ??
    locales.find(({ locale }) => locale.toLowerCase().split('-')[0] === language) ??
    locales[0]
  )
}
