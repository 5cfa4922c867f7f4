// Which category a text belongs to, by words and phrases, with those that told it. Pure.
// Forms of a word count as that word. Of the site's own categories any word goes before the language's.

import { NO_CATEGORY } from '../protocol/category'
import type { CategoryWords } from './languages/language'
import { stem, wordsOf } from './normalise'

export interface CategoryReading {
  readonly name: string
  /** The words and phrases of the list that were found. */
  readonly evidence: readonly string[]
}

/** A category of which words were found, and how many: a phrase counts as many times as it has words. */
export interface CategoryCount extends CategoryReading {
  readonly count: number
}

/** A text's stems with a space on both sides of each, so that a phrase is found only at words' borders. */
export function padded(text: string): string {
  return ` ${wordsOf(text).map(stem).join(' ')} `
}

/**
 * @param lists  the first in which any word is found decides: the site's, then the language's
 * @returns the category of which most is found, a phrase as many times as it has words; the earlier one on a tie
 */
export function createCategory(
  ...lists: readonly (readonly CategoryWords[])[]
): (text: string) => CategoryReading {
  const countsOf = createCategoryCounts(...lists)
  return text => {
    const [best] = countsOf(text)
    return best ? { name: best.name, evidence: best.evidence } : { name: NO_CATEGORY, evidence: [] }
  }
}

/** All categories of the list that decides of which a word is found, the most first; the earlier one on a tie. */
export function createCategoryCounts(
  ...lists: readonly (readonly CategoryWords[])[]
): (text: string) => readonly CategoryCount[] {
  const compiled = lists.map(list =>
    list.map(({ name, words }) => ({
      name,
      words: words.map(word => [word, padded(word), wordsOf(word).length] as const),
    })),
  )
  return text => {
    const row = padded(text)
    for (const list of compiled) {
      const counts = list.flatMap(({ name, words }) => {
        const found = words.filter(([, stems]) => stems.trim() && row.includes(stems))
        const count = found.reduce((all, [, , length]) => all + length, 0)
        return count > 0 ? [{ name, evidence: found.map(([word]) => word), count }] : []
      })
      if (counts.length) return counts.sort((a, b) => b.count - a.count)
    }
    return []
  }
}
