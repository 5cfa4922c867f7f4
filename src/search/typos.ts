// Words that were meant and mistyped. A chunk of its own: fetched when a word is met that no term begins with.

import type { SearchIndex } from '../knowledge/indexFile'

/**
 * The nearest terms within 1 edit (4 to 7 letters) or 2 (8 and more). An edit adds, drops or changes a letter, or
 * swaps two neighbours (Damerau-Levenshtein, optimal string alignment).
 *
 * Walks the sorted terms once and keeps the rows of the edit table that a term shares with the one before it; a
 * beginning that is already too far off takes all terms with it.
 *
 * @param word    as typed, with its inflection: a mistyped ending is no ending that stemming would know, so an
 *                English term may be followed by one here (free), or in long words by a mistyped one (1 edit)
 * @param isOpen  a beginning of a term will do
 * @returns number of a term -> edits; only those with the fewest
 */
export function near(
  { terms, locale }: Pick<SearchIndex, 'terms' | 'locale'>,
  word: string,
  isOpen: boolean,
): Map<number, number> {
  const found = new Map<number, number>()
  const size = word.length
  let limit = size < 4 ? 0 : size < 8 ? 1 : 2
  if (!limit || size > MAX_TYPO_CHARS) return found
  /** Edits for what follows the first `j` letters, when those were the term. */
  const ending = Array.from({ length: size + 1 }, (_, j) => {
    if (j === size) return 0
    if (!locale.startsWith('en') || size - j > 4 || j < 3) return NEVER
    return ENDING.test(word.slice(j)) ? 0 : size > 7 && j > 3 ? 1 : NEVER
  })
  // Row i, column j: edits between the first i letters of the term and the first j of the word.
  const width = size + 1
  const table = Uint8Array.from({ length: width * (width + limit) }, (_, at) => at)
  // Of the term walked last: rows that stand in the table, letters shared with it since, the row that was too far off.
  let written = 0
  let same = 0
  let dead = NEVER
  for (let number = 0; number < terms.length; number++) {
    const term = terms[number] as string
    const before = terms[number - 1] ?? ''
    let shared = 0
    while (shared < same && term[shared] === before[shared]) shared++
    same = shared
    if (same >= dead) continue
    const rows = Math.min(term.length, size + limit)
    let row = Math.min(same, written, rows)
    dead = NEVER
    while (row < rows && dead === NEVER) {
      const i = ++row
      let least = i
      table[i * width] = i
      for (let j = 1; j < width; j++) {
        const at = i * width + j
        const isSame = term[i - 1] === word[j - 1]
        let edits = Math.min(
          (table[at - 1] as number) + 1,
          (table[at - width] as number) + 1,
          (table[at - width - 1] as number) + (isSame ? 0 : 1),
        )
        if (i > 1 && j > 1 && term[i - 1] === word[j - 2] && term[i - 2] === word[j - 1])
          edits = Math.min(edits, (table[at - 2 * width - 2] as number) + 1)
        table[at] = edits
        if (edits < least) least = edits
      }
      if (least > limit) dead = i
    }
    written = row
    same = NEVER
    let edits = NEVER
    if (row === term.length)
      ending.forEach((more, j) => {
        edits = Math.min(edits, (table[row * width + j] as number) + more)
      })
    if (isOpen) for (; row > 0; row--) edits = Math.min(edits, table[row * width + size] as number)
    if (edits > limit) continue
    // The beginning fits, however it goes on.
    dead = NEVER
    if (edits < limit) found.clear()
    limit = edits
    found.set(number, edits)
  }
  return found
}

/** Past this it is no word; bounds the table. */
const MAX_TYPO_CHARS = 24
const NEVER = 99
const ENDING = /^(e|d|s|n|es|ed|er|ers|ing|ings|ion|ions)$/
