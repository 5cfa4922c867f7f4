// What the assistant says, and in which language. Owns the words at hand: joins the site's own, those of the visitor's
// language and English, and waits for a language that is on its way. Where one is found, and of what it is made, is
// `locales`' to say; English stands until it is here, and where it does not come.

import { computed, effect, signal, untracked } from '@preact/signals-core'
import type { Environment, Undo } from '../base/environment'
import type { ReadonlySignal } from '../base/signal'
import { createTexts, type TextMap, type Texts } from '../base/texts'
import type { InsteadOf, LocaleRequest, LocaleWords } from './locales'
import firstTexts from './texts/en.json'

export interface WordsModel {
  readonly texts: Texts
  /** What is read is called what it is: a screen reader speaks by it, and the window turns by `dir`. */
  readonly locale: ReadonlySignal<string>
  readonly dir: ReadonlySignal<'ltr' | 'rtl'>
  /** In the language they stay in, not in English for now. */
  readonly isSettled: ReadonlySignal<boolean>
  /**
   * English of a part that has come, in the place of what was said before.
   * @param insteadOf  what another language says in the same places
   */
  add(words: TextMap, insteadOf?: InsteadOf): void
  /** What is known by now decides which language. Never rejects; resolves when what was asked for last is here. */
  load(): Promise<void>
  /** The words of the visitor's language are here, or it is said in English for now. Never rejects. */
  settle(): Promise<void>
  dispose: Undo
}

export interface WordsParts {
  readonly wanted: ReadonlySignal<string>
  /** The site's languages, the first that has the wanted one counts. */
  readonly siteLocales: ReadonlySignal<LocaleRequest['own']>
  /** What the site says in the place of ours, in whatever language: before all others, the first counts most. */
  readonly siteTexts: ReadonlySignal<readonly TextMap[]>
  /** All that decides the language is known, or never will be. */
  ready(): Promise<unknown>
  loadLocale(request: Pick<LocaleRequest, 'wanted' | 'known' | 'own' | 'hasOwnTexts'>): Promise<LocaleWords>
  readonly clock: Pick<Environment, 'after'>
  /** The chunk with the languages did not come. */
  onError(error: unknown): void
}

/** Nobody sees English first where their own language is this near; longer, and a window in English is better than none. */
const WORDS_WITHIN_MS = 1_500

export function createWordsModel(parts: WordsParts): WordsModel {
  const { wanted, siteLocales, siteTexts, ready, loadLocale, clock, onError } = parts
  // Those of lazy parts come with their chunks.
  const english = signal<TextMap>(firstTexts)
  const insteadOf = signal<InsteadOf>({})
  /** Words of another language, once they are here; null: English. */
  const spoken = signal<LocaleWords | null>(null)
  const isEnglish = () => /^en\b/.test(wanted.value) && !siteLocales.value.some(Boolean)
  const locale = computed(() => spoken.value?.locale ?? (isEnglish() ? wanted.value : 'en'))
  const lookUp = computed(() =>
    createTexts(
      locale.value,
      ...siteTexts.value,
      ...(spoken.value?.maps(insteadOf.value) ?? []),
      english.value,
    ),
  )
  async function fetchWords(): Promise<LocaleWords | null> {
    if (isEnglish()) return null
    try {
      return await loadLocale({
        wanted: wanted.value,
        known: spoken.value,
        own: siteLocales.value,
        hasOwnTexts: siteTexts.value.length > 0,
      })
    } catch (error) {
      onError(error)
      return null
    }
  }
  /** Asked for last; undefined: nobody needs words yet. */
  let fetching: Promise<void> | undefined
  const load = (): Promise<void> => {
    const mine: Promise<void> = fetchWords().then(words => {
      if (fetching !== mine) return fetching
      spoken.value = words
    })
    fetching = mine
    return mine
  }
  const dispose = effect(() => {
    // Another language, or one of the site's own: fetched only where words were asked for before.
    if (wanted.value && siteLocales.value && fetching) void untracked(load)
  })
  return {
    texts: (key, values) => lookUp.value(key, values),
    locale,
    dir: computed(() => spoken.value?.dir ?? 'ltr'),
    isSettled: computed(() => isEnglish() || spoken.value !== null),
    add(words, others) {
      english.value = { ...english.value, ...words }
      if (others) insteadOf.value = { ...insteadOf.value, ...others }
    },
    load,
    settle: () =>
      Promise.race([
        ready().then(load, load),
        new Promise<void>(resolve => clock.after(WORDS_WITHIN_MS, resolve)),
      ]),
    dispose,
  }
}
