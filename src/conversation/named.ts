// A word for something that code has an id for: what a site calls its categories, roles, the sides of a dispute and facts
// of its pages (`category.…`, `role.…`, `party.…`, `fact.…` in its own texts, by locale), or a reason of the server's.

import type { Texts } from '../base/texts'

/** @param otherwise  where nobody has a word for it */
export function wordFor(texts: Texts, key: string, otherwise: string): string {
  const word = texts(key)
  return word === key ? otherwise : word
}

const KEYS = {
  category: (name: string) => `category.${name}`,
  fact: (name: string) => `fact.${name}`,
  role: (name: string) => `role.${name}`,
}

/** What people call what a site calls by a name of its own; that name, as words, where nobody said. */
export function named(texts: Texts, kind: keyof typeof KEYS, name: string): string {
  return wordFor(texts, KEYS[kind](name), name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replace(/[-_]+/g, ' '))
}
