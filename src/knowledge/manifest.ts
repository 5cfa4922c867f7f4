// The manifest of a built help folder: the first file that a panel asks for, and the only one whose name does
// not change. Everything it names carries a hash in its name and can be cached for ever.
// Small on purpose: what only the build needs (the list of files it wrote) is in a file of its own.

import * as v from 'valibot'
import { AskletError } from '../base/errors'

export const MANIFEST_FILE = 'manifest.json'

const name = v.pipe(v.string(), v.regex(/^[\w.-]+(?:\/[\w.-]+)*$/))

const manifest = v.object({
  version: v.literal(1),
  /** One index for all roles: a role lifts articles, it hides none. */
  locales: v.array(
    v.object({
      /** BCP 47. */
      locale: v.string(),
      /** File name of its index, relative to the manifest. */
      index: name,
      articles: v.number(),
      /** Of the index, uncompressed. */
      bytes: v.number(),
    }),
  ),
  /** Every role that an article names, for the host's own checks. */
  roles: v.array(v.string()),
  /** Flows of the bot, all locales. */
  flows: v.optional(name),
  /** The site's own texts for people, by locale. */
  texts: v.optional(v.record(v.string(), name)),
  /** Words, intents and policy topics of the bot. */
  model: v.optional(name),
})

/** File names are relative to the manifest and stay below it. */
export type Manifest = v.InferOutput<typeof manifest>

/**
 * Parses a manifest as it came over the network.
 *
 * @throws AskletError `index_shape` when it is none, or one of another version
 */
export function parseManifest(json: unknown): Manifest {
  const parsed = v.safeParse(manifest, json)
  if (parsed.success && !parsed.output.locales.some(({ index }) => index.includes('..'))) return parsed.output
  const issue = parsed.issues?.[0]
  throw new AskletError(
    'index_shape',
    `manifest.json must be one that "asklet build" of this version wrote, got ${issue ? `${v.getDotPath(issue) ?? 'a file'}: ${issue.message}` : 'a path with ..'}. Run "asklet build" again.`,
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
