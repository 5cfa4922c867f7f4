// Everything the desk says: English at hand, any other language a file that is fetched when an agent wants it.

import { signal } from '@preact/signals-core'
import { bestFit, directionOf, type LocaleFiles, loadFit } from '../base/locales'
import type { ReadonlySignal } from '../base/signal'
import { createTexts, readableLocale, type TextMap, type Texts } from '../base/texts'
import fileTexts from '../ui/files.en.json'
import own from './texts/en.json'

export const DESK_TEXTS: TextMap = { ...fileTexts, ...own }

const OTHERS: LocaleFiles<TextMap> = {
  ar: () => import('./texts/ar.json'),
  de: () => import('./texts/de.json'),
  es: () => import('./texts/es.json'),
  fr: () => import('./texts/fr.json'),
  he: () => import('./texts/he.json'),
  ja: () => import('./texts/ja.json'),
  pt: () => import('./texts/pt.json'),
}

/** What an agent can choose. */
export const DESK_LOCALES: readonly string[] = ['en', ...Object.keys(OTHERS)]

/** Of what an agent reads, best first, the first that the desk has; with its region, which numbers and times follow. */
export function deskLocale(preferred: readonly string[]): string {
  for (const wanted of preferred.map(readableLocale)) if (bestFit(wanted, DESK_LOCALES)) return wanted
  return 'en'
}

export interface DeskLanguage {
  /** BCP 47: what the words are in. */
  readonly locale: ReadonlySignal<string>
  readonly dir: ReadonlySignal<'ltr' | 'rtl'>
  readonly texts: Texts
  /** Fetches the words, and keeps those there are where they do not come. Never rejects. */
  use(locale: string): Promise<void>
}

export function createDeskLanguage(): DeskLanguage {
  const locale = signal('en')
  const dir = signal<'ltr' | 'rtl'>('ltr')
  const lookUp = signal(createTexts('en', DESK_TEXTS))
  let wanted = 'en'
  return {
    locale,
    dir,
    texts: (key, values) => lookUp.value(key, values),
    async use(next) {
      wanted = next
      let words: TextMap | undefined
      try {
        // English is at hand.
        words = await loadFit(next, OTHERS)
      } catch (error) {
        console.warn(`Asklet: the desk's texts in ${next} could not be loaded.`, error)
        return
      }
      if (wanted !== next) return
      lookUp.value = createTexts(next, ...(words ? [words] : []), DESK_TEXTS)
      locale.value = next
      dir.value = directionOf(next)
    },
  }
}
