// Which solved tickets are like an open conversation, and why: by what their visitors first asked, the page that they
// asked on, and what both are about. Pure: texts in, at most three out, with the words that both have. Terms are those
// of the search, so that an agent finds here what a search for the question would find.
//
// A word weighs by how few tickets have it (K. Spärck Jones, "A statistical interpretation of term specificity", 1972),
// counted over the tickets at hand: what a site's visitors all say tells none apart.

import { isStopWord, tokens } from '../knowledge/terms'
import { NO_CATEGORY } from '../protocol/category'

/** What is compared of a conversation. */
export interface Asked {
  readonly question: string
  /** What the page was called. */
  readonly title: string
  readonly category: string
  /** BCP 47; '' where nobody knows. */
  readonly locale: string
}

export interface SolvedTicket extends Asked {
  readonly number: number
}

export interface SimilarReason {
  readonly kind: 'words' | 'category' | 'page'
  /** As the visitor of the open one wrote them, the most telling first. */
  readonly words?: readonly string[]
}

export interface Similar {
  readonly number: number
  /** 0 … 1. */
  readonly score: number
  readonly reasons: readonly SimilarReason[]
}

/** More is a list to read; an agent has a visitor. */
export const MAX_SIMILAR = 3
/** Below it two questions have little more than a topic in common. */
export const SIMILAR_FROM = 0.24
const MAX_READ_CHARS = 1_000
const MAX_WORDS_SHOWN = 3
/** One word in common is a coincidence, unless a question is one word. */
const MIN_SHARED = 2
const CATEGORY_SHARE = 0.12
const PAGE_SHARE = 0.08

/** Term to the word as it was written. */
type Terms = ReadonlyMap<string, string>

/**
 * Of `solved`, those that are like `asked`, the most alike first. A ticket in another language is like none: its words
 * are no words of this one, and its answer is none to read.
 */
export function similarTickets(asked: Asked, solved: readonly SolvedTicket[]): readonly Similar[] {
  const locale = languageOf(asked.locale)
  const readable = solved.filter(each => !locale || !each.locale || languageOf(each.locale) === locale)
  const own = termsOf(asked.question, asked.locale)
  const theirs = readable.map(each => termsOf(each.question, each.locale || asked.locale))
  const having = new Map<string, number>()
  for (const terms of [own, ...theirs])
    for (const term of terms.keys()) having.set(term, (having.get(term) ?? 0) + 1)
  const weight = (term: string) => Math.log(1 + (theirs.length + 1) / (having.get(term) ?? 1))
  const length = (terms: Terms) =>
    Math.sqrt([...terms.keys()].reduce((sum, term) => sum + weight(term) ** 2, 0))
  const ownLength = length(own)
  const found = readable.flatMap((ticket, n): Similar[] => {
    const terms = theirs[n] ?? new Map<string, string>()
    const shared = [...own].filter(([term]) => terms.has(term))
    if (shared.length < Math.min(MIN_SHARED, own.size, terms.size) || shared.length === 0) return []
    const dot = shared.reduce((sum, [term]) => sum + weight(term) ** 2, 0)
    const alike = dot / (ownLength * length(terms))
    const isSameCategory =
      asked.category !== '' && asked.category !== NO_CATEGORY && asked.category === ticket.category
    const isSamePage = asked.title !== '' && asked.title === ticket.title
    const score =
      alike * (1 - CATEGORY_SHARE - PAGE_SHARE) +
      (isSameCategory ? CATEGORY_SHARE : 0) +
      (isSamePage ? PAGE_SHARE : 0)
    const words = shared
      .toSorted(([a], [b]) => weight(b) - weight(a))
      .slice(0, MAX_WORDS_SHOWN)
      .map(([, word]) => word)
    const reasons: SimilarReason[] = [
      { kind: 'words', words },
      ...(isSameCategory ? [{ kind: 'category' } as const] : []),
      ...(isSamePage ? [{ kind: 'page' } as const] : []),
    ]
    return [{ number: ticket.number, score: Math.round(score * 1_000) / 1_000, reasons }]
  })
  return mostAlike(found)
}

/** What is shown of what was found; of two that are as much alike the newer one. */
export function mostAlike<Found extends Pick<Similar, 'number' | 'score'>>(found: readonly Found[]): Found[] {
  return found
    .filter(({ score }) => score >= SIMILAR_FROM)
    .sort((a, b) => b.score - a.score || b.number - a.number)
    .slice(0, MAX_SIMILAR)
}

/** As the journal compares it. */
export const shownText = (found: readonly Pick<Similar, 'number'>[]): string =>
  found.map(({ number }) => `#${number}`).join(' ')

/** A number is somebody's own; one letter is none; Japanese signs that hold endings and particles. */
const SAYS_NOTHING = /\d|^\p{Ll}$|\p{sc=Hiragana}/u

/** Words that say what is asked. */
function termsOf(text: string, locale: string): Terms {
  const terms = new Map<string, string>()
  for (const { term, word } of tokens(text.slice(0, MAX_READ_CHARS), locale || 'en'))
    if (!isStopWord(word) && !SAYS_NOTHING.test(term) && !terms.has(term)) terms.set(term, word)
  return terms
}

const languageOf = (locale: string): string => locale.toLowerCase().split('-')[0] ?? ''
