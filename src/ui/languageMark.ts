// Says of an article that it is not in the reader's language. Pure.

import type { Texts } from '../base/texts'

/**
 * "In English", in the words of the panel; '' where the article is in their language, or not known to be in another.
 *
 * @param of      BCP 47, the article's
 * @param locale  what the panel's texts are in
 */
export function languageMark(of: string | undefined, locale: string, texts: Texts): string {
  const language = of?.split('-')[0]
  if (!language || language === locale.split('-')[0]) return ''
  // A site may have called it by something that is no language.
  try {
    const name = new Intl.DisplayNames(locale, { type: 'language' }).of(language) ?? language
    return texts('article.inLanguage', { language: name })
  } catch {
    return ''
  }
}
