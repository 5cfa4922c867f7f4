// Which of the site's categories, and which of its policy topics, a text belongs to. Pure.
// Words and phrases from the site's files; forms of a word count as that word.

import { stem, wordsOf } from './normalise'

/** Used where no category's words are found. */
export const NO_CATEGORY = 'general'

export interface CategoryWords {
  readonly name: string
  readonly words: readonly string[]
}
export interface PolicyTopicWords {
  readonly topic: string
  readonly words: readonly string[]
}

/** A text's stems with a space on both sides of each, so that a phrase is found only at words' borders. */
function padded(text: string): string {
  return ` ${wordsOf(text).map(stem).join(' ')} `
}

/** @returns the category whose words are found most; the earlier one on a tie */
export function createCategory(categories: readonly CategoryWords[]): (text: string) => string {
  const compiled = categories.map(({ name, words }) => ({ name, words: words.map(padded) }))
  return text => {
    const row = padded(text)
    let best = NO_CATEGORY
    let most = 0
    for (const { name, words } of compiled) {
      const found = words.filter(word => word.trim() && row.includes(word)).length
      if (found > most) [best, most] = [name, found]
    }
    return best
  }
}

/** @returns every topic of which a word or a phrase is found, in the site's order */
export function createPolicyTopics(topics: readonly PolicyTopicWords[]): (text: string) => readonly string[] {
  const compiled = topics.map(({ topic, words }) => ({ topic, words: words.map(padded) }))
  return text => {
    const row = padded(text)
    return compiled
      .filter(({ words }) => words.some(word => word.trim() && row.includes(word)))
      .map(({ topic }) => topic)
  }
}
