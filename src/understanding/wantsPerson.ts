// Does somebody ask for a person, in whatever words? Pure; words and model are the language's.
// Read clause by clause: `I don't want a bot, give me a human` holds a no and a yes. What the patterns hear is an
// ask; what they do not know the model judges, except in clauses that say no.
// An ask taken for a question costs trust; a question taken for an ask costs one press on "stay with the assistant".

import type { PersonModel, PersonWords } from './languages/language'
import { plain } from './normalise'

export interface PersonReading {
  readonly asks: boolean
  /** 0 … 1: how often such a message asks; without a model 1 or 0. */
  readonly confidence: number
  /** The words that the model went by, at most three, most telling first; none without a model. */
  readonly evidence: () => readonly string[]
}

/** @returns whether a text asks for a person */
export function createWantsPerson(words: PersonWords, model?: PersonModel): (text: string) => boolean {
  const read = createPersonReader(words, model)
  return text => read(text).asks
}

/** As {@link createWantsPerson}, with how sure it is and by which words. */
export function createPersonReader(words: PersonWords, model?: PersonModel): (text: string) => PersonReading {
  const hear = createHearing(words)
  return text => {
    const { isHeard, parts } = hear(text)
    let [best, telling] = [Number.NEGATIVE_INFINITY, '']
    for (const part of model ? parts : []) {
      const odds = model?.odds(part) ?? 0
      if (odds > best) [best, telling] = [odds, part]
    }
    const confidence = model
      ? 1 / (1 + Math.exp(-(model.usual + model.counts * best + (isHeard ? model.heard : 0))))
      : Number(isHeard)
    return {
      asks: isHeard || confidence >= (model?.from ?? 1),
      confidence,
      evidence: () => model?.evidence(telling) ?? [],
    }
  }
}

/** Up to so many words a message is judged as a whole only; in longer ones an ask is lost among the rest. */
const SHORT = 12

/**
 * @returns whether the patterns hear an ask, and what a model is to judge: the message without the clauses that say
 *   no, and of a long one also each two clauses that follow each other
 */
export function createHearing(
  words: PersonWords,
): (text: string) => { readonly isHeard: boolean; readonly parts: readonly string[] } {
  // None: nothing, where an empty pattern would be everything.
  const any = (patterns: readonly string[]) => new RegExp(patterns.join('|') || '(?!)')
  const clauseEnd = new RegExp(words.clauseEnd)
  const asksAlone = any(words.asksAlone)
  const asks = any(words.asks)
  const refuses = any(words.refuses)
  const unless = any(words.unless)
  const inAnyCase = any(words.inAnyCase)
  const stuck = new RegExp(`\\b(${words.stuckBefore || '(?!)'})(?=(?:${words.spelled.join('|')})\\b)`, 'g')
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
    const clauses = all
      .split(clauseEnd)
      .map(wordsOf)
      .filter(clause => clause && (!refuses.test(clause) || inAnyCase.test(clause)))
    const whole = clauses.join(' ')
    return {
      isHeard:
        asksAlone.test(wordsOf(all)) ||
        clauses.some(clause => asks.test(clause) && (!unless.test(clause) || inAnyCase.test(clause))),
      parts: !whole
        ? []
        : whole.split(' ').length > SHORT
          ? [whole, ...clauses.map((_, at) => clauses.slice(at, at + 2).join(' '))]
          : [whole],
    }
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
