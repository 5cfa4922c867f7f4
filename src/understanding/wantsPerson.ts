// Does somebody ask for a person, in whatever words? Pure; the words are the language's.
// Read clause by clause: `I don't want a bot, give me a human` holds a no and a yes.
// An ask taken for a question costs trust; a question taken for an ask costs one press on "stay with the assistant".

import type { PersonWords } from './languages/language'
import { plain } from './normalise'

export function createWantsPerson(words: PersonWords): (text: string) => boolean {
  const any = (patterns: readonly string[]) => new RegExp(patterns.join('|'))
  const clauseEnd = new RegExp(words.clauseEnd)
  const asksAlone = any(words.asksAlone)
  const asks = any(words.asks)
  const unless = any(words.unless)
  const inAnyCase = any(words.inAnyCase)
  const stuck = new RegExp(`\\b(${words.stuckBefore})(?=(?:${words.spelled.join('|')})\\b)`, 'g')
  const spelled = (word: string) =>
    words.spelled.find(known => known[0] === word[0] && isOneLetterOff(known, word)) ?? word
  const wordsOf = (part: string) =>
    part
      .replace(/[^\p{L}\p{N}' +-]+/gu, ' ')
      .replace(/ +/g, ' ')
      .trim()
      .replace(/\p{L}{4,}/gu, spelled)
      .replace(stuck, '$1 ')
  return text => {
    const all = plain(text)
    return (
      asksAlone.test(wordsOf(all)) ||
      all.split(clauseEnd).some(part => {
        const clause = wordsOf(part)
        return asks.test(clause) && (!unless.test(clause) || inAnyCase.test(clause))
      })
    )
  }
}

/** A letter more, less or another, or two neighbours the wrong way round; a short word is too like others for the first. */
function isOneLetterOff(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false
  let start = 0
  while (start < one.length && one[start] === other[start]) start++
  let [a, b] = [one.slice(start), other.slice(start)]
  while (a && b && a.at(-1) === b.at(-1)) [a, b] = [a.slice(0, -1), b.slice(0, -1)]
  return (
    (one.length > 4 && a.length < 2 && b.length < 2) || (a.length === 2 && a === [...b].reverse().join(''))
  )
}
