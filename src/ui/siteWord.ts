// What a site calls its own things - a category, a side of a dispute, a fact of the page - in the visitor's language:
// texts of its own by the id that its code has for them.

import type { Texts } from '../base/texts'

/** @param otherwise  where the site has no word for it */
export function siteWord(
  texts: Texts,
  kind: 'category' | 'party' | 'fact',
  id: string,
  otherwise: string,
): string {
  const key = `${kind}.${id}`
  const word = texts(key)
  return word === key ? otherwise : word
}
