// A word for something that code has an id for: what a site calls its categories, the sides of a dispute and facts of
// its pages (`category.…`, `party.…`, `fact.…` in its own texts, by locale), or a reason of the server's.

import type { Texts } from '../base/texts'

/** @param otherwise  where nobody has a word for it */
export function wordFor(texts: Texts, key: string, otherwise: string): string {
  const word = texts(key)
  return word === key ? otherwise : word
}
