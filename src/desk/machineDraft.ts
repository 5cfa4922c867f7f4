// Whether a message is still the machine's: suggested by it, and sent by an agent as it was or barely changed. Pure.
// Judged by words in their order, so that a greeting around a quotation leaves it the machine's, and an answer that
// quotes one sentence is the agent's own.

/** Of the words that are sent, those that no suggestion has: at most one in five. */
const OWN_SHARE = 0.2
/** More is compared with nobody's patience: both are cut there. Words. */
const MOST_WORDS = 800

const wordsOf = (text: string) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MOST_WORDS)

/** How many words both have in the same order. */
function inCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0)
  for (const word of a) {
    const next = [0]
    for (const [i, other] of b.entries())
      next.push(word === other ? (row[i] ?? 0) + 1 : Math.max(row[i + 1] ?? 0, next[i] ?? 0))
    row = next
  }
  return row.at(-1) ?? 0
}

/**
 * @param sent       as it goes to the visitor
 * @param suggested  all that was put into it, in its order; '' where nothing was
 */
export function isMachineDraft(sent: string, suggested: string): boolean {
  const words = wordsOf(sent)
  const theirs = wordsOf(suggested)
  if (words.length === 0 || theirs.length === 0) return false
  return words.length - inCommon(words, theirs) <= words.length * OWN_SHARE
}
