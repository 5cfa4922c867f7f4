// What mail to visitors says, in the language of their page: a file a language, read when the first mail of it is sent.

import { bestFit, type LocaleFiles, loadFit } from '../../base/locales'
import { createTexts, readableLocale, type TextMap, type Texts } from '../../base/texts'
import english from './texts/en.json'

const FILES: LocaleFiles<TextMap> = {
  ar: () => import('./texts/ar.json'),
  de: () => import('./texts/de.json'),
  es: () => import('./texts/es.json'),
  fr: () => import('./texts/fr.json'),
  he: () => import('./texts/he.json'),
  ja: () => import('./texts/ja.json'),
  pt: () => import('./texts/pt.json'),
}

export const MAIL_LOCALES: readonly string[] = ['en', ...Object.keys(FILES)]

export interface MailWords {
  /** What the words are in, for `lang` and for times. */
  readonly locale: string
  readonly texts: Texts
}

/** English where there is nothing better. */
export async function mailWords(wanted: string): Promise<MailWords> {
  const locale = readableLocale(wanted)
  if (bestFit(locale, MAIL_LOCALES) === undefined) return { locale: 'en', texts: createTexts('en', english) }
  const words = await loadFit(locale, FILES)
  return { locale, texts: createTexts(locale, ...(words ? [words] : []), english) }
}
