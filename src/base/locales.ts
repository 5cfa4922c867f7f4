// Which of several languages serves a reader, and which way it is written. Pure.

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

/** By script where the tag names one, else by language. */
export const directionOf = (locale: string): 'ltr' | 'rtl' =>
  /^(?:ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b(?!-(?:latn|cyrl))|-(?:arab|hebr)\b/i.test(locale) ? 'rtl' : 'ltr'
