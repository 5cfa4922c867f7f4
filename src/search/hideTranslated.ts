// What the visitor's language has is not shown in the site's own as well. A chunk of its own: only for visitors whose
// language has fewer articles than the site's.

import type { Searchable } from './expansion'

/** From now on `siteOwn` shows only what `translations` lacks. */
export function hideTranslated(translations: Searchable, siteOwn: Searchable): void {
  const { articles, locale } = translations.index
  const translated = new Set(articles.map(({ id }) => withoutLocale(id, locale)))
  siteOwn.hidden = ({ id }) => translated.has(withoutLocale(id, siteOwn.index.locale))
}

/** Translations lie in folders that are called after their language: `de/payments/add-a-card`. */
function withoutLocale(id: string, locale: string): string {
  const [folder, ...rest] = id.split('/')
  const tag = locale.toLowerCase()
  return folder === tag || folder === tag.split('-')[0] ? rest.join('/') : id
}
