// What the words of a query may stand for in an index: themselves, words of which they are the beginning, and
// words that were meant and mistyped. Pure in its answers; keeps what it worked out, because each key changes
// one word of the query only.

import { FIELD_COUNT, type IndexRow, type SearchIndex } from '../knowledge/indexFile'
import { isStopWord, stem, type Token, tokens } from '../knowledge/terms'
import * as WEIGHTS from './weights'

/** One word of the query. */
export interface Unit {
  readonly token: Token
  /** How much the word says: inverse document frequency, little for a stop word. */
  readonly weight: number
  /** Number of a term -> how surely it is what was meant, 0 … 1. */
  readonly meant: ReadonlyMap<number, number>
  /** Those of them that are its own, and not another word's that stands for it. */
  readonly own: ReadonlyMap<number, number>
  /** It may be half typed. */
  readonly isOpen: boolean
}

/** A title, question or heading as numbers. */
export interface Text {
  readonly tokens: readonly Token[]
  /** Numbers of the terms; -1 is none that the index knows. */
  readonly terms: Int32Array
  /** How much each says; 0 for a compound, whose parts stand there too. */
  readonly weights: Float32Array
  readonly weight: number
}

interface Expansion {
  /** In how many articles, counted together. */
  readonly count: number
  readonly meant: ReadonlyMap<number, number>
}

interface Synonym {
  readonly from: readonly string[]
  readonly to: readonly string[]
}

/** `near` of typos.ts: number of a term -> edits, for the terms that `word` may have been meant for. */
export type Near = (index: SearchIndex, word: string, isOpen: boolean) => ReadonlyMap<number, number>

/** An index with what is derived from it, and room to count in. */
export interface Searchable {
  readonly index: SearchIndex
  /** What one occurrence in a field of an article counts, `FIELD_COUNT` numbers an article. */
  readonly gains: Float32Array
  /** Scratch of `score`, one number an article. */
  readonly total: Float32Array
  readonly covered: Float32Array
  readonly best: Float32Array
  readonly surest: Float32Array
  readonly expansions: Map<string, Expansion>
  /** Absent until its chunk is here; a word that nothing else explains then says that it is wanted. */
  near: Near | undefined
  wantsNear: boolean
  readonly texts: Map<string, Text>
  /** The indexes that are ranked as one with this, itself among them: how rare a word is, is counted over all. */
  peers: readonly Searchable[]
  /** A text of the page -> how well each article goes with it, and the best of them. */
  readonly fits: Map<string, { readonly best: number; readonly by: ReadonlyMap<IndexRow, number> }>
  /** Lowest and highest order of its articles. */
  readonly orders: readonly [first: number, last: number]
  /** First term of what is typed -> what it may mean, as terms. */
  readonly synonyms: ReadonlyMap<string, readonly Synonym[]>
  /** Articles that are not to be found here: of the site's own language, what the visitor's has too. */
  hidden: ((row: IndexRow) => boolean) | undefined
}

/** Enough for a long visit; past it, starting over is cheaper than choosing what to forget. */
const MAX_KEPT = 9_000

export function searchable(index: SearchIndex, near?: Near): Searchable {
  const count = index.articles.length
  const means = new Float64Array(FIELD_COUNT)
  index.lengths.forEach((length, i) => {
    means[i % FIELD_COUNT] = (means[i % FIELD_COUNT] as number) + length / count
  })
  const gains = Float32Array.from(index.lengths, (length, i) => {
    const field = i % FIELD_COUNT
    const share = WEIGHTS.fieldLength[field] as number
    return (WEIGHTS.field[field] as number) / (1 - share + (share * length) / (means[field] || 1))
  })
  const where: Searchable = {
    index,
    gains,
    total: new Float32Array(count),
    covered: new Float32Array(count),
    best: new Float32Array(count),
    surest: new Float32Array(count),
    expansions: new Map(),
    near,
    wantsNear: false,
    texts: new Map(),
    fits: new Map(),
    orders: index.articles.reduce<[number, number]>(
      ([first, last], { order }) => [Math.min(first, order), Math.max(last, order)],
      [Infinity, -Infinity],
    ),
    synonyms: synonymsOf(index),
    hidden: undefined,
    peers: [],
  }
  where.peers = [where]
  return where
}

/** From now on `where` is ranked as one with `peers`, itself among them. */
export function standBeside(where: Searchable, peers: readonly Searchable[]): void {
  where.peers = peers
  where.expansions.clear()
  where.texts.clear()
  where.fits.clear()
}

function synonymsOf({ synonyms, locale }: SearchIndex): Map<string, Synonym[]> {
  const found = new Map<string, Synonym[]>()
  const terms = (text: string) =>
    tokens(text, locale)
      .filter(({ whole }) => !whole)
      .map(({ term }) => term)
  for (const rule of synonyms) {
    const from = terms(rule.from)
    const [first] = from
    if (first === undefined) continue
    const known = found.get(first) ?? []
    found.set(first, known)
    for (const to of rule.to) known.push({ from, to: terms(to) })
  }
  return found
}

/** From now on mistyped words are understood. */
export function understandTypos(where: Searchable, near: Near): void {
  where.near = near
  where.wantsNear = false
  where.expansions.clear()
}

/** What `make` makes of `key`, made once. */
export function kept<T>(memory: Map<string, T>, key: string, make: () => T, most = MAX_KEPT): T {
  const known = memory.get(key)
  if (known) return known
  if (memory.size > most) memory.clear()
  const made = make()
  memory.set(key, made)
  return made
}

/** Place of the first term that is not before `word`. */
function lowerBound(terms: readonly string[], word: string): number {
  let low = 0
  let high = terms.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((terms[middle] as string) < word) low = middle + 1
    else high = middle
  }
  return low
}

function termNumber({ terms }: SearchIndex, term: string): number {
  const at = lowerBound(terms, term)
  return terms[at] === term ? at : -1
}

function articlesWith({ starts }: SearchIndex, term: number): number {
  return term < 0 ? 0 : (starts[term + 1] as number) - (starts[term] as number)
}

/** Of all that are ranked as one. */
export const articleCount = (peers: readonly Searchable[]) =>
  peers.reduce((sum, { index }) => sum + index.articles.length, 0)

/** BM25's inverse document frequency of a word that `count` articles have. */
function weightOf({ peers }: Searchable, countIn: (peer: Searchable) => number, word: string): number {
  const count = peers.reduce((sum, peer) => sum + countIn(peer), 0)
  const without = Math.max(0, articleCount(peers) - count)
  return Math.log(1 + (without + 0.5) / (count + 0.5)) * (isStopWord(word) ? WEIGHTS.stopWord : 1)
}

/** `text` of an article as numbers. */
export function textOf(where: Searchable, text: string): Text {
  const { index, texts } = where
  return kept(texts, text, () => {
    const list = tokens(text, index.locale)
    const terms = Int32Array.from(list, ({ term }) => termNumber(index, term))
    const weights = Float32Array.from(list, ({ term, word, whole }, i) => {
      const countIn = (peer: Searchable) =>
        articlesWith(peer.index, peer === where ? (terms[i] as number) : termNumber(peer.index, term))
      return whole ? 0 : weightOf(where, countIn, word)
    })
    return { tokens: list, terms, weights, weight: weights.reduce((sum, weight) => sum + weight, 0) }
  })
}

/**
 * The words of a query, in order. The last one is open unless something stands after it.
 *
 * @param mayErr  it was typed: what no index knows may be a mistake
 */
export function unitsOf(where: Searchable, query: string, mayErr = true): readonly Unit[] {
  const { index } = where
  const words = tokens(query, index.locale).filter(token => !token.whole)
  const lastIsOpen = /[\p{L}\p{N}\p{M}]$/u.test(query)
  // "log in", "log-in" and "login" are one: two neighbours also stand for the word that they make together.
  const pairs = words.map((word, i) => {
    const joined = word.word + (words[i + 1]?.word ?? '')
    return i + 1 < words.length
      ? termNumber(index, index.locale.startsWith('en') ? stem(joined) : joined)
      : -1
  })
  const units = words.map((token, i): Unit => {
    const isOpen = lastIsOpen && i === words.length - 1
    const expansionIn = (peer: Searchable) =>
      kept(peer.expansions, (isOpen ? '*' : mayErr ? '' : '=') + token.word, () =>
        expand(peer, token, isOpen, mayErr),
      )
    const { meant } = expansionIn(where)
    const together = [pairs[i - 1] ?? -1, pairs[i] ?? -1].filter(term => term >= 0 && !meant.has(term))
    const own = together.length
      ? new Map([...meant, ...together.map(term => [term, WEIGHTS.joined] as const)])
      : meant
    return {
      token,
      weight: weightOf(where, peer => expansionIn(peer).count, token.word) * (isOpen ? WEIGHTS.open : 1),
      meant: own,
      own,
      isOpen,
    }
  })
  return where.synonyms.size ? withSynonyms(where, units) : units
}

/** Each word of a phrase that has another also means the word of the other that stands at its place. */
function withSynonyms({ index, synonyms }: Searchable, units: readonly Unit[]): readonly Unit[] {
  const more = units.map(() => new Map<number, number>())
  units.forEach((unit, i) => {
    for (const { from, to } of synonyms.get(unit.token.term) ?? []) {
      if (!from.every((term, j) => units[i + j]?.token.term === term)) continue
      to.forEach((term, j) => {
        const number = termNumber(index, term)
        const at = i + Math.min(j, from.length - 1)
        // A word that says nothing is no synonym of one that does: "sign in" is not "log" alone.
        if (number >= 0 && !isStopWord(term) && !units[at]?.meant.has(number))
          more[at]?.set(number, WEIGHTS.synonym)
      })
    }
  })
  return units.map((unit, i) =>
    more[i]?.size ? { ...unit, meant: new Map([...unit.meant, ...(more[i] ?? [])]) } : unit,
  )
}

function expand(where: Searchable, { term, word }: Token, isOpen: boolean, mayErr: boolean): Expansion {
  const { index } = where
  const { terms } = index
  const meant = new Map<number, number>()
  let count = 0
  const add = (number: number, sure: number) => {
    if (number < 0 || sure <= (meant.get(number) ?? 0)) return
    if (!meant.has(number)) count += articlesWith(index, number)
    meant.set(number, sure)
  }
  add(termNumber(index, term), 1)
  if (isOpen) {
    const doubt = meant.size ? WEIGHTS.prefixBesideExact : 1
    for (let at = lowerBound(terms, word); terms[at]?.startsWith(word); at++)
      add(at, doubt * (WEIGHTS.prefix + (WEIGHTS.prefixLength * word.length) / (terms[at] as string).length))
    // Half-way into an ending the word is longer than its stem: "settin" is on its way to "set".
    if (index.locale.startsWith('en'))
      for (const rest of ['s', 'es', 'd', 'ed', 'g', 'ng', 'ing', 'n', 'on']) {
        const whole = stem(word + rest)
        if (whole.length < word.length) add(termNumber(index, whole), WEIGHTS.halfEnding)
      }
  }
  // What another index of the same answer knows is no mistake.
  const isKnown = ({ index: { terms } }: Searchable) => {
    const next = terms[lowerBound(terms, isOpen ? word : term)]
    return isOpen ? next?.startsWith(word) : next === term
  }
  if (!meant.size && mayErr && !where.peers.some(isKnown)) {
    where.wantsNear ||= !where.near
    for (const [number, edits] of where.near?.(index, word, isOpen) ?? [])
      add(
        number,
        (edits > 1 ? WEIGHTS.twoEdits : WEIGHTS.oneEdit) *
          (terms[number]?.[0] === word[0] ? 1 : WEIGHTS.otherFirstLetter),
      )
  }
  return { count, meant }
}
