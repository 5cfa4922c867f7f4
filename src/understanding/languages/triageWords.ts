// What a language needs so that a desk can tell how pressing and how much work a ticket is, as data. Apart from its
// pack, which pages load: triage is the server's. Patterns are as those of `language`.

export interface TriageWords {
  /** It has a day or an hour by which it must be done. */
  readonly soon: string
  /** The writer cannot go on. */
  readonly blocked: string
  /** It was asked before, or is waited for. */
  readonly chased: string
  /** More than one thing is asked. */
  readonly several: string
  /** Somebody besides writer and desk is in it. */
  readonly otherParty: string
}

/** A further language is a further line here. */
const WORDS: Readonly<Record<string, () => Promise<TriageWords>>> = {
  en: async () => (await import('./enTriage')).ENGLISH_TRIAGE,
}

/** @param locale  of a pack that came: `Language.locale` @returns null where the language has none */
export async function loadTriageWords(locale: string): Promise<TriageWords | null> {
  return (Object.hasOwn(WORDS, locale) && (await WORDS[locale]?.())) || null
}
