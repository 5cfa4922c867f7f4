// The manifest of a built help folder: the first file that a panel asks for, and the only one whose name does
// not change. Everything it names carries a hash in its name and can be cached for ever.
// Small on purpose: what only the build needs (the list of files it wrote) is in a file of its own.

import { AskletError, describe } from '../base/errors'

export const MANIFEST_FILE = 'manifest.json'

/** File names are relative to the manifest and stay below it. */
export interface Manifest {
  version: 1
  /** One index for all roles: a role lifts articles, it hides none. */
  locales: {
    /** BCP 47. */
    locale: string
    /** File name of its index, relative to the manifest. */
    index: string
    articles: number
    /** Of the index, uncompressed. */
    bytes: number
  }[]
  /** Every role that an article names, for the host's own checks. */
  roles: string[]
  /** Flows of the bot, all locales. */
  flows?: string
  /** The bot's model of the site's intents: which flow a message begins (`understanding/linearModel`). */
  model?: string
}

const isNameBelow = (name: unknown) =>
  typeof name === 'string' && /^(?!.*\.\.)[\w.-]+(\/[\w.-]+)*$/.test(name)

/**
 * Parses a manifest as it came over the network; keys of a newer build are dropped.
 *
 * @throws AskletError `index_shape` when it is none, or one of another version
 */
export function parseManifest(json: unknown): Manifest {
  const { version, locales, roles, flows, model } = Object(json) as Manifest
  if (
    version === 1 &&
    Array.isArray(locales) &&
    locales.every(entry => typeof entry?.locale === 'string' && isNameBelow(entry.index)) &&
    [flows, model].every(name => name === undefined || isNameBelow(name))
  )
    return {
      version,
      locales,
      roles,
      ...(flows && { flows }),
      ...(model && { model }),
    }
  throw new AskletError(
    'index_shape',
    `manifest.json must be one that "asklet build" of this version wrote, got ${describe(json)}. Run "asklet build" again.`,
  )
}

/**
 * The best locale for a visitor: the same tag, else the same language, else the first (the site's own).
 * Undefined only for a manifest without locales.
 */
export function pickLocale<Entry extends { readonly locale: string }>(
  { locales }: { readonly locales: readonly Entry[] },
  wanted: string,
): Entry | undefined {
  const lower = wanted.toLowerCase()
  const language = lower.split('-')[0]
  return (
    locales.find(({ locale }) => locale.toLowerCase() === lower) ??
    locales.find(({ locale }) => locale.toLowerCase().split('-')[0] === language) ??
    locales[0]
  )
}
