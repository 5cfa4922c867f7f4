// Which letters of a title the query accounts for. Pure.

import type { Text, Unit } from './expansion'
import type { Highlight } from './searchProvider'

/**
 * Ranges of `text` that the words of the query matched: whole words, or as much of a word as has been typed.
 * In order, inside the text, never touching a half of another.
 */
export function highlight(text: Text, units: readonly Unit[]): readonly Highlight[] {
  const ranges: [number, number][] = []
  text.tokens.forEach(({ word, start, end }, i) => {
    let marked = start
    for (const unit of units)
      if (unit.own.has(text.terms[i] ?? -1)) {
        // Folding may change the number of letters (`ﬁ`, `é` as two): then the whole word is marked.
        const isPart = unit.isOpen && end - start === word.length && word.startsWith(unit.token.word)
        marked = Math.max(marked, isPart ? start + unit.token.word.length : end)
      }
    if (marked === start) return
    let from = start
    // A compound comes after its parts, and begins where the first of them does.
    for (let last = ranges.at(-1); last && last[1] > start; last = ranges.at(-1)) {
      from = Math.min(from, last[0])
      marked = Math.max(marked, last[1])
      ranges.pop()
    }
    ranges.push([from, marked])
  })
  return ranges
}
