// Everything the assistant says in another language than English, a file a language: the shipped ones, and what a site
// writes for itself. A chunk of its own, with one more for each language: English needs neither.

import { AskletError, describe } from '../base/errors'
import { bestFit, directionOf, type LocaleFiles, loadFit } from '../base/locales'
import type { TextEntry, TextMap } from '../base/texts'

/** Words that stand in the place of others, by key: what a site without people says, or one with a language model. */
export type InsteadOf = Readonly<Record<string, string>>

/** One language at hand. */
export interface LocaleWords {
  /** What was asked for, and from what. */
  readonly key: string
  /** What the words are in, and what numbers and times follow: `de-AT` where the words are German. */
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
  /** In order of preference. */
  maps(insteadOf: InsteadOf): readonly TextMap[]
}

/** A language of the site's own: the map, or the address of its JSON file. */
export type OwnLocales = Readonly<Record<string, TextMap | string>>

/** Beside English, which comes with the chunks that say it. */
const SHIPPED: LocaleFiles<TextMap> = {
  ar: () => import('./texts/ar.json'),
  de: () => import('./texts/de.json'),
  es: () => import('./texts/es.json'),
  fr: () => import('./texts/fr.json'),
  he: () => import('./texts/he.json'),
  ja: () => import('./texts/ja.json'),
  pt: () => import('./texts/pt.json'),
}

export const SHIPPED_LOCALES: readonly string[] = ['en', ...Object.keys(SHIPPED)]

export interface LocaleRequest {
  readonly wanted: string
  /** What is at hand, and stays where it is what is asked for. */
  readonly known?: LocaleWords | null
  /** The site's, by language: the first that has one counts. */
  readonly own: readonly (OwnLocales | undefined)[]
  /** The site replaces texts as well: then even what is not shipped may be in the wanted language. */
  readonly hasOwnTexts: boolean
  /** Addresses of the site's files, absolute. */
  address(relative: string): string
  readonly fetch: typeof fetch
  /** A file that does not come, or is none: said to the developer, and the next best words stand. */
  onError(error: unknown): void
}

/** Never rejects: what cannot be had is told to `onError`, and English is left. */
export async function loadLocale(request: LocaleRequest): Promise<LocaleWords> {
  const { wanted, known, onError } = request
  const key = JSON.stringify([wanted, request.hasOwnTexts, request.own])
  if (known?.key === key) return known
  const failed = (error: unknown) => {
    onError(error)
    return undefined
  }
  const [own, shipped] = await Promise.all([
    ownWords(request).catch(failed),
    loadFit(wanted, SHIPPED).catch(failed),
  ])
  const found = [own, shipped].filter(map => map !== undefined)
  const isEnglish = bestFit(wanted, ['en']) !== undefined
  // What is read must be called what it is: a screen reader speaks by it, and the window turns by it.
  const locale = found.length || isEnglish || request.hasOwnTexts ? wanted : 'en'
  return {
    key,
    locale,
    dir: directionOf(locale),
    maps: insteadOf => found.map(map => ({ ...map, ...stoodIn(map, insteadOf) })),
  }
}

function stoodIn(map: TextMap, insteadOf: InsteadOf): TextMap {
  const words: Record<string, TextEntry> = {}
  for (const [key, other] of Object.entries(insteadOf)) {
    const entry = Object.hasOwn(map, other) ? map[other] : undefined
    if (entry !== undefined) words[key] = entry
  }
  return words
}

async function ownWords({ wanted, own, address, fetch }: LocaleRequest): Promise<TextMap | undefined> {
  for (const locales of own) {
    const fit = bestFit(wanted, Object.keys(locales ?? {}))
    const given = fit === undefined ? undefined : locales?.[fit]
    if (given === undefined) continue
    if (typeof given !== 'string') return checkedWords(given, `locales.${fit}`)
    const url = address(given)
    let response: Response
    try {
      response = await fetch(url, { credentials: 'same-origin' })
    } catch (cause) {
      throw new AskletError(
        'network',
        `could not fetch the texts of locales.${fit}, ${url}. Offline, or not allowed by connect-src?`,
        { cause },
      )
    }
    if (!response.ok)
      throw new AskletError(
        'config_missing',
        `${url}, the texts of locales.${fit}, answered ${response.status}. Put the file there, or correct its address.`,
      )
    let json: unknown
    try {
      json = await response.json()
    } catch (cause) {
      throw new AskletError('config_syntax', `${url} must be JSON, got something else. A login page?`, {
        cause,
      })
    }
    return checkedWords(json, url)
  }
  return undefined
}

/** @throws AskletError `config_shape` on the first entry that is neither words nor forms of words */
export function checkedWords(given: unknown, source: string): TextMap {
  const isMap = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  const refuse = (path: string, wanted: string, got: unknown) =>
    new AskletError(
      'config_shape',
      `${source}${path} must be ${wanted}, got ${describe(got)}. A file of texts is { "key": "words" } or { "key": { "one": "…", "other": "…" } }.`,
    )
  if (!isMap(given)) throw refuse('', 'an object of texts', given)
  const words: Record<string, TextEntry> = Object.create(null)
  for (const [key, entry] of Object.entries(given)) {
    if (key === '$schema') continue
    if (typeof entry === 'string') words[key] = entry
    else if (isMap(entry) && typeof entry.other === 'string') {
      for (const [form, text] of Object.entries(entry))
        if (typeof text !== 'string') throw refuse(`: "${key}.${form}"`, 'a string', text)
      words[key] = entry as TextEntry
    } else throw refuse(`: "${key}"`, 'a string, or forms with at least "other"', entry)
  }
  return words
}
