// Which of several languages serves a reader, and which way it is written.

/** The language of a BCP 47 tag, `pt` of `pt-PT`. */
export const languageOf = (locale: string): string => locale.toLowerCase().split('-', 1)[0] as string

/**
 * Of `there`, what serves somebody who reads `wanted`: the same tag, else its beginning (`zh-Hant` for `zh-Hant-HK`),
 * else the same language; undefined where there is none.
 */
export function bestFit(wanted: string, there: readonly string[]): string | undefined {
  const find = (tag: string) => there.find(each => each.toLowerCase() === tag)
  for (let tag = wanted.toLowerCase(); tag; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
    const found = find(tag)
    if (found !== undefined) return found
  }
  return there.find(each => languageOf(each) === languageOf(wanted))
}

/** Files of words by language, each fetched when it is wanted; English needs none. */
export type LocaleFiles<Words> = Readonly<Record<string, () => Promise<{ readonly default: Words }>>>

/** The words that serve a reader of `wanted`; undefined where no file does. Rejects as the file does. */
export async function loadFit<Words>(wanted: string, files: LocaleFiles<Words>): Promise<Words | undefined> {
  const fit = bestFit(wanted, Object.keys(files))
  return fit === undefined ? undefined : (await files[fit]?.())?.default
}

/** By script where the tag names one, else by language. */
export const directionOf = (locale: string): 'ltr' | 'rtl' =>
  /^(?:ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b(?!-(?:latn|cyrl))|-(?:arab|hebr)\b/i.test(locale) ? 'rtl' : 'ltr'
