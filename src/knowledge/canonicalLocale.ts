// The one spelling of a language tag, so that `pt-br` and `pt-BR` are one language. Pure.

/** In the spelling of BCP 47 (`pt-br` -> `pt-BR`), or null: words like `english` are well-formed and mean nothing. */
export function canonicalLocale(tag: string): string | null {
  try {
    return /^[a-z]{2,3}(?:-|$)/i.test(tag) ? (Intl.getCanonicalLocales(tag)[0] ?? null) : null
  } catch {
    return null
  }
}
