// Which articles answer what has been typed so far, and in what order. Pure: indexes, a text and facts in, a
// ranked list with its factors out. Knows no network, no signals, and no wording of reasons. How much each
// factor weighs stands in `weights.ts`.
//
//   text -> words and what they may mean                              expansion.ts
//        -> BM25F over six fields, all articles                       score
//        -> the best compared with titles, questions, headings        compare
//        -> + page, role, type of question                            rank

import { routeMatches } from '../knowledge/article'
import { FIELD_COUNT, headingOf, type IndexRow } from '../knowledge/indexFile'
import type { Facts } from '../protocol/facts'
import { questionTypeOf } from '../understanding/questionType'
import { type Searchable, type Text, textOf, type Unit, unitsOf } from './expansion'
import { ANSWERS, MAX_COMPARED, WEIGHTS } from './weights'

/** What each factor gave an item, on one scale: the best words of an answer are worth 1. */
export interface Factors {
  words: number
  page: number
  role: number
  questionType: number
}

export interface Ranked {
  readonly where: Searchable
  readonly row: IndexRow
  readonly units: readonly Unit[]
  readonly factors: Factors
  /** Sum of the factors and the site's order. */
  readonly score: number
  /** Of the words alone, comparable between queries: 0 nothing … about 2 the title itself. */
  readonly confidence: number
  /** The question of the article that fits better than its title. */
  readonly question?: string
  /** The heading that fits better than title and questions. */
  readonly heading?: { readonly id: string; readonly text: string }
}

/**
 * Ranks the articles of all `indexes` for a query; an empty query ranks by page, role and the site's order.
 *
 * @returns best first; nothing at all when even the best is not `enough`
 */
export function rank(indexes: readonly Searchable[], query: string, facts: Facts): readonly Ranked[] {
  const isEmpty = !query.trim()
  const asked = isEmpty ? 'statement' : questionTypeOf(query)
  const pageText = [facts.page.name, ...facts.page.headings].join(' ')
  const matches = indexes.flatMap(where => {
    const page = new Set(textOf(where, pageText).terms)
    const titled = rowsTitledWith(where, page)
    const found = isEmpty ? where.index.articles.map(justListed) : score(where, unitsOf(where, query))
    return found.map(match => ({ where, page: titled.has(match.row) ? page : null, ...match }))
  })
  const best = matches.reduce((most, { confidence }) => Math.max(most, confidence), 0)
  if (!isEmpty && !matches.some(({ where, confidence }) => confidence > enough(where))) return []
  return matches
    .filter(({ confidence }) => isEmpty || confidence > best * WEIGHTS.enoughOfBest)
    .map(({ page, ...match }): Ranked => {
      const { row, where } = match
      const pageFit = WEIGHTS.page * routeFit(row.pages, facts.page.route)
      // Before the first word, the articles of this page stand in the order that their writers gave them: a title
      // that happens to repeat the page's name says nothing about what is needed there.
      const factors = {
        words: best && match.confidence / best,
        page:
          pageFit +
          (page && !(isEmpty && pageFit) ? WEIGHTS.pageWords * shareOf(textOf(where, row.title), page) : 0),
        role: WEIGHTS.role * roleFit(row.roles, facts.visitor.role),
        questionType: WEIGHTS.questionType * (ANSWERS[asked][row.kind ?? 'howto'] ?? 0),
      }
      const { words, questionType } = factors
      const sum = words + factors.page + factors.role + questionType
      return { ...match, factors, score: sum - WEIGHTS.siteOrder * (row.order ?? 0) }
    })
    .sort((a, b) => b.score - a.score || (a.row.id < b.row.id ? -1 : 1))
}

/** The least that the best words must give, in an index of this size. */
function enough({ index }: Searchable): number {
  return (
    WEIGHTS.enough +
    WEIGHTS.enoughPerTenfold * Math.max(0, Math.log10(Math.max(1, index.articles.length) / 100))
  )
}

type Match = Omit<Ranked, 'where' | 'factors' | 'score'>

const justListed = (row: IndexRow): Match => ({ row, units: [], confidence: 0 })

function routeFit(pages: readonly string[] = [], route: string): number {
  return Math.max(
    0,
    ...pages.map(page => (routeMatches(page, route) ? (/[*:]/.test(page) ? WEIGHTS.pagePattern : 1) : 0)),
  )
}

/** 1 for this role, -1 for others only, 0 for everyone or when the visitor has none. */
function roleFit(roles: readonly string[] | undefined, role: string | undefined): number {
  return !roles || !role ? 0 : roles.includes(role) ? 1 : -1
}

/** Found by the index: reading thousands of titles for an empty query would be a long task. */
function rowsTitledWith({ index }: Searchable, terms: ReadonlySet<number>): ReadonlySet<IndexRow> {
  const rows = new Set<IndexRow>()
  for (const term of terms)
    for (let at = index.starts[term] ?? 0; at < (index.starts[term + 1] ?? 0); at++)
      if (index.profiles[(index.uses[at] as number) * FIELD_COUNT])
        rows.add(index.articles[index.docs[at] as number] as IndexRow)
  return rows
}

/** How much of what a text says is said by `terms` too, 0 … 1. */
function shareOf(text: Text, terms: ReadonlySet<number>): number {
  let share = 0
  text.terms.forEach((term, i) => {
    if (term >= 0 && terms.has(term)) share += text.weights[i] as number
  })
  return text.weight && share / text.weight
}

/** The articles whose words fit best, unordered. Counts in the scratch of `where`. */
function score(where: Searchable, units: readonly Unit[]): readonly Match[] {
  const { index, means, total, covered, best } = where
  const { starts, docs, uses, profiles, lengths } = index
  const all = units.reduce((sum, { weight }) => sum + weight, 0)
  total.fill(0)
  covered.fill(0)
  for (const { weight, meant } of units) {
    best.fill(0)
    for (const [term, sure] of meant)
      for (let at = starts[term] as number; at < (starts[term + 1] as number); at++) {
        const doc = docs[at] as number
        const times = (uses[at] as number) * FIELD_COUNT
        let sum = 0
        for (let field = 0; field < FIELD_COUNT; field++)
          if (profiles[times + field]) {
            const long = (lengths[doc * FIELD_COUNT + field] as number) / (means[field] as number)
            const share = WEIGHTS.fieldLength[field] as number
            sum +=
              ((WEIGHTS.field[field] as number) * (profiles[times + field] as number)) /
              (1 - share + share * long)
          }
        // Of all that a word may mean, the best counts: twenty ways to go on typing are not twenty matches.
        best[doc] = Math.max(best[doc] as number, (sure * sum) / (sum + WEIGHTS.saturation))
      }
    best.forEach((share, doc) => {
      if (share) {
        total[doc] = (total[doc] as number) + (weight * share) / all
        covered[doc] = (covered[doc] as number) + weight / all
      }
    })
  }
  const found: number[] = []
  total.forEach((sum, doc) => {
    if (sum) {
      total[doc] = sum * (1 - WEIGHTS.coverage + WEIGHTS.coverage * (covered[doc] as number))
      found.push(doc)
    }
  })
  return found
    .sort((a, b) => (total[b] as number) - (total[a] as number) || a - b)
    .slice(0, MAX_COMPARED)
    .map(doc => compare(where, units, index.articles[doc] as IndexRow, total[doc] as number, all))
}

/** Looks at the title, questions and headings of one article in the order of their words. */
function compare(where: Searchable, units: readonly Unit[], row: IndexRow, bm25: number, all: number): Match {
  const like = (text: string) => likeness(textOf(where, text), units, all)
  let named = like(row.title)
  let question: string | undefined
  for (const text of row.questions ?? []) {
    const fit = like(text) * WEIGHTS.question
    if (fit > named) {
      named = fit
      question = text
    }
  }
  let heading: { id: string; text: string } | undefined
  let part = 0
  for (const entry of row.headings ?? []) {
    const candidate = headingOf(entry)
    const fit = like(candidate.text)
    if (fit > part) {
      part = fit
      heading = candidate
    }
  }
  return {
    row,
    units,
    confidence: bm25 + Math.max(named, part * WEIGHTS.heading),
    ...(question && { question }),
    ...(heading && part > named * WEIGHTS.headingTarget && { heading }),
  }
}

/** How like a short text is to the query, 0 … 1.3. */
function likeness({ terms, weights, weight }: Text, units: readonly Unit[], all: number): number {
  const taken = new Float32Array(terms.length)
  let said = 0
  let got = 0
  let ordered = 0
  let pairs = 0
  let startsAlike = false
  let before = -2
  units.forEach((unit, i) => {
    let at = -2
    let fit = 0
    terms.forEach((term, place) => {
      // A word that stands twice: the one beside its neighbour is meant.
      const sure = unit.meant.get(term) ?? 0
      if (sure && (sure > fit || (sure === fit && place === before + 1))) {
        fit = sure
        at = place
      }
    })
    if (i) {
      const pair = unit.weight + (units[i - 1]?.weight ?? 0)
      pairs += pair
      if (fit && at === before + 1) ordered += pair
    } else startsAlike = at === 0
    if (fit) {
      const more = Math.max(0, fit - (taken[at] as number))
      said += unit.weight * fit
      got += more * (weights[at] as number)
      taken[at] = (taken[at] as number) + more
    }
    before = at
  })
  const precision = weight && got / weight
  return (
    (said / all) *
    (WEIGHTS.recall +
      WEIGHTS.precision * precision +
      WEIGHTS.order * (pairs ? ordered / pairs : precision) +
      (startsAlike ? WEIGHTS.start : 0))
  )
}
