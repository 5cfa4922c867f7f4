// Texts for people: a flat map of keys, plurals by `Intl.PluralRules` over `{one, few, other}`. No message parser.

export type TextEntry = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>
export type TextMap = Readonly<Record<string, TextEntry>>
export type TextValues = Readonly<Record<string, string | number>>

/** Looks a text up and fills its `{places}`. A missing key shows the key, so that a test and a person see it. */
export type Texts = (key: string, values?: TextValues) => string

/**
 * `wanted` in a spelling that `Intl` takes: templates write `en_US` where BCP 47 has `en-US`, and what is no
 * language at all must not take the texts away.
 */
export function readableLocale(wanted: string): string {
  try {
    return Intl.getCanonicalLocales(wanted.replaceAll('_', '-').split(/[@.]/, 1))[0] ?? 'en'
  } catch {
    return 'en'
  }
}

/** Letters that run from the right. */
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** A name that runs the other way than the sentence it stands in is set apart, or it would turn what is around it. */
const setApart = (value: string, pattern: string) =>
  RTL.test(value) === RTL.test(pattern) ? value : `\u2068${value}\u2069`

/** `maps` in order of preference: the host's own texts, the locale, English. */
export function createTexts(locale: string, ...maps: readonly TextMap[]): Texts {
  // Made when a text first counts something: it costs milliseconds, and most words count nothing.
  let plural: Intl.PluralRules | undefined
  const formOf = (count: number) => {
    plural ??= new Intl.PluralRules(locale)
    return plural.select(count)
  }
  return (key, values = {}) => {
    const entry = maps.find(map => Object.hasOwn(map, key))?.[key]
    if (entry === undefined) return key
    const pattern =
      typeof entry === 'string' ? entry : (entry?.[formOf(Number(values.count ?? 0))] ?? entry?.other ?? key)
    // A site may have written something else than words there.
    return String(pattern).replace(/\{(\w+)\}/g, (place, name: string) => {
      const value = values[name]
      if (typeof value === 'number') return value.toLocaleString(locale)
      return value ? setApart(value, String(pattern)) : (value ?? place)
    })
  }
}
