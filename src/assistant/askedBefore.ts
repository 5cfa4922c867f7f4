// Whether the visitor has asked this before, in a ticket of their own that was solved. Pure; part of the chunk of what is
// offered before a message is left.
//
// Leans towards no: an answer to another question that is offered as the answer costs trust, one that is missed costs a
// message. So both must say the same but for words that say nothing, and what tells two matters apart - a number, a
// name, "not", "from", "when" - counts as much as what they are about.

import { tokens } from '../knowledge/terms'
import type { PastConversation } from '../protocol/deskRecords'

/** Of English, which no question is told by. "Not", "how" and "from" are no such words. */
const SAYS_NOTHING = new Set(
  (
    'a an the and of at be been being is are was were am do does did can could would should will have has had i im ive me ' +
    'my mine myself we us our you your it its this that these those there here please pls hi hello hey thanks thank just ' +
    'also really very still need want get got help person human agent somebody someone so now'
  ).split(' '),
)
/** They tell questions apart, and alone say of nothing what it is about. */
const TELLS_APART =
  /^(no|not|never|without|cannot|cant|dont|wont|isnt|doesnt|didnt|how|what|when|where|why|who|which|from|to|for|with|by|in|on|if|up|out|off)$/
/** What is longer was pasted, and is no question that is asked twice. Characters. */
const MAX_CHARS = 2_000
/** Fewer words are about anything. */
const ABOUT_AT_LEAST = 2
/** One word more in so many is no other matter. */
const MORE_IN = 4
const CUT = '…'

/** The latest of them that was the same question; null: none was. `list`: this visitor's own. */
export function askedBefore(
  question: string,
  list: readonly PastConversation[],
  locale: string,
): PastConversation | null {
  const asked = wordsOf(question, locale)
  const same = list
    .filter(
      ({ phase, ticketStatus, ticketNumber, agentName }) =>
        phase === 'ended' && ticketStatus === 'solved' && ticketNumber !== null && agentName !== null,
    )
    .filter(past => isSame(question, asked, past.question, locale))
  return same.toSorted((a, b) => b.lastAt - a.lastAt)[0] ?? null
}

function isSame(question: string, asked: ReadonlySet<string>, before: string, locale: string): boolean {
  // Of what was cut the rest is not known: it must begin with the very same words.
  if (before.endsWith(CUT)) {
    const begun = flat(before.slice(0, -CUT.length))
    return isAbout(wordsOf(before, locale)) && flat(question).startsWith(begun)
  }
  const then = wordsOf(before, locale)
  const [less, more] = then.size < asked.size ? [then, asked] : [asked, then]
  // In one order, too: who does not pay whom is told by it.
  const common = [...more].filter(word => less.has(word))
  if (!isAbout(less) || [...less].join() !== common.join()) return false
  const extra = [...more].filter(word => !less.has(word))
  if (!extra.length) return true
  // Elsewhere nobody knows which words say nothing.
  if (!isEnglish(locale) || extra.length * MORE_IN > less.size) return false
  return !extra.some(word => TELLS_APART.test(word) || /\d/.test(word))
}

const isEnglish = (locale: string) => /^en\b/.test(locale)

const flat = (text: string) => text.slice(0, MAX_CHARS).toLowerCase().replace(/\s+/g, ' ').trim()

const isAbout = (words: ReadonlySet<string>) =>
  [...words].filter(word => !TELLS_APART.test(word)).length >= ABOUT_AT_LEAST

function wordsOf(text: string, locale: string): ReadonlySet<string> {
  const words = tokens(text.slice(0, MAX_CHARS), locale).filter(({ whole }) => !whole)
  return new Set(
    words.flatMap(({ word, term }) => {
      if (!isEnglish(locale)) return word
      // By the word, which its ending does not belong to: "not" has none.
      return SAYS_NOTHING.has(word) ? [] : TELLS_APART.test(word) ? word : term
    }),
  )
}
