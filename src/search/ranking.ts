// Which articles answer what has been typed so far, and in what order. Pure: indexes, a text and facts in, a
// ranked list with its factors out. Knows no network, no signals, and no wording of reasons. How much each
// factor weighs stands in `weights.ts`.
//
//   text -> words and what they may mean                              expansion.ts
//        -> BM25F over six fields, all articles                       score
//        -> the best compared with titles, questions, headings        compare
//        -> + page, role, type of question                            rank

import { routeMatches } from '../knowledge/article'
import { BODY_TIMES, FIELD_COUNT, type IndexRow, slug } from '../knowledge/indexFile'
import { isStopWord } from '../knowledge/terms'
import type { Facts } from '../protocol/facts'
import { questionTypeOf } from '../understanding/questionType'
import { articleCount, kept, type Searchable, type Text, textOf, type Unit, unitsOf } from './expansion'
import * as WEIGHTS from './weights'
import { ANSWERS, MAX_COMPARED } from './weights'

/** What each factor gave an item, on one scale: the best words of an answer are worth 1. */
export interface Factors {
  words: number
  /** It is listed for this page, first and for few others, or says what the page's headings say. */
  page: number
  /** It answers an error that the page shows. */
  error: number
  /** It is listed for a page that the visitor comes from. */
  recent: number
  role: number
  questionType: number
  /** The site's own: its order, the kind of article, what it was found to solve. */
  site: number
}

export const NO_FACTORS: Factors = {
  words: 0,
  page: 0,
  error: 0,
  recent: 0,
  role: 0,
  questionType: 0,
  site: 0,
}

export interface Ranked {
  readonly where: Searchable
  readonly row: IndexRow
  readonly units: readonly Unit[]
  readonly factors: Factors
  /** Sum of the factors. */
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
 * @param isBroad  whatever shares a word, however little: for who looks into the articles themselves
 * @returns best first; nothing at all when even the best is not `enough`
 */
export function rank(
  indexes: readonly Searchable[],
  query: string,
  facts: Facts,
  isBroad = false,
): readonly Ranked[] {
  const isEmpty = !query.trim()
  const { page, visitor } = facts
  const { errors = [], recentRoutes = [] } = page
  const asked = isEmpty ? 'statement' : questionTypeOf(query)
  const matches = indexes.flatMap(where =>
    (isEmpty ? where.index.articles.map(justListed) : score(where, unitsOf(where, query)))
      .filter(({ row }) => !where.hidden?.(row))
      .map(match => ({ where, ...match })),
  )
  // Of all indexes: what is private stands between the public articles.
  const firstOrder = Math.min(...indexes.map(({ orders }) => orders[0]))
  const lastOrder = Math.max(...indexes.map(({ orders }) => orders[1]))
  const best = matches.reduce((most, { confidence }) => Math.max(most, confidence), 0)
  if (!isEmpty && !isBroad && !matches.some(({ where, confidence }) => confidence > enough(where))) return []
  return matches
    .filter(({ confidence }) => isEmpty || isBroad || confidence > best * WEIGHTS.enoughOfBest)
    .map((match): Ranked => {
      const { row, where, confidence } = match
      const isRemedy = row.kind === 'troubleshoot'
      // Before the first word, the articles of this page stand in the order that the site gave them.
      const listed = pageFit(row.pages, page.route, isEmpty)
      const visited = recentRoutes.findIndex(route => row.pages.some(has(route)))
      const factors: Factors = {
        words: best && confidence / best + WEIGHTS.confidence * confidence,
        page:
          listed + (isEmpty && listed ? 0 : WEIGHTS.pageText * likeText(where, page.headings.join(' '), row)),
        error: errors.length
          ? WEIGHTS.error * likeText(where, errors.join(' '), row) + (isRemedy ? WEIGHTS.remedy : 0)
          : 0,
        recent: visited < 0 ? 0 : WEIGHTS.recent / (1 + visited),
        role: roleFit(row.roles, visitor.role),
        questionType: WEIGHTS.questionType * (ANSWERS[asked][row.kind] ?? 0),
        site:
          (isEmpty || (isRemedy && errors.length) ? 0 : WEIGHTS.kind[row.kind]) +
          (WEIGHTS.siteOrder * (lastOrder - row.order)) / (lastOrder - firstOrder || 1) +
          WEIGHTS.outcome * row.outcome -
          (where.hidden ? WEIGHTS.otherLanguage : 0),
      }
      return { ...match, factors, score: Object.values(factors).reduce((sum, factor) => sum + factor) }
    })
    .sort((a, b) => b.score - a.score || (a.row.id < b.row.id ? -1 : 1))
}

/** The least that the best words must give, in an index of this size. */
function enough({ peers }: Searchable): number {
  return WEIGHTS.enough + WEIGHTS.enoughPerTenfold * Math.max(0, Math.log10(articleCount(peers) / 100))
}

type Match = Omit<Ranked, 'where' | 'factors' | 'score'>

const justListed = (row: IndexRow): Match => ({ row, units: [], confidence: 0 })

const has = (route: string) => (page: string) => routeMatches(page, route)

/** What a page is worth to an article that is listed for it: more where it stands first, and for few others. */
function pageFit(pages: readonly string[], route: string, isEmpty: boolean): number {
  const at = pages.findIndex(has(route))
  if (at < 0) return 0
  const whole = /[*:]/.test(pages[at] as string) ? WEIGHTS.pagePattern : 1
  const more = isEmpty ? 0 : (at ? 0 : WEIGHTS.pageFirst) + WEIGHTS.pageFew / pages.length
  return whole * (WEIGHTS.page + more)
}

/** For this role, for others only, or 0 for everyone or when the visitor has none. */
function roleFit(roles: readonly string[], role: string | undefined): number {
  return !roles.length || !role ? 0 : roles.includes(role) ? WEIGHTS.role : -WEIGHTS.otherRole
}

/** Texts of pages that are worked out for later: a visitor has a few, a server sees those of all. */
const MAX_PAGES_KEPT = 200
/** What a page is about shows in its first words, and each is looked up in the whole index. */
const MAX_PAGE_WORDS = 30

/** How well an article goes with a text of the page, beside the one of all indexes that does best, 0 … 1. */
function likeText(where: Searchable, text: string, row: IndexRow): number {
  const fitsIn = (peer: Searchable) =>
    kept(
      peer.fits,
      text,
      () => {
        // A closed text: nobody is typing it.
        const words = [...new Set(text.split(/\s+/))].slice(0, MAX_PAGE_WORDS)
        const found = score(peer, unitsOf(peer, `${words.join(' ')} `, false))
        return {
          best: Math.max(0, ...found.map(({ confidence }) => confidence)),
          by: new Map(found.map(match => [match.row, match.confidence])),
        }
      },
      MAX_PAGES_KEPT,
    )
  const own = fitsIn(where).by.get(row)
  return own ? own / Math.max(...where.peers.map(peer => fitsIn(peer).best)) : 0
}

/** The articles whose words fit best, unordered. Counts in the scratch of `where`. */
function score(where: Searchable, units: readonly Unit[]): readonly Match[] {
  const { index, gains, total, covered, best, surest } = where
  const { starts, docs, uses } = index
  const all = weightOf(units)
  // "how to" alone is all there is to go by; beside other words it says nothing of what is asked.
  const tells = (unit: Unit) => !isStopWord(unit.token.word)
  const isTelling = units.some(tells) ? tells : () => true
  const allTelling = weightOf(units.filter(isTelling))
  total.fill(0)
  covered.fill(0)
  for (const unit of units) {
    best.fill(0)
    surest.fill(0)
    for (const [term, sure] of unit.meant)
      for (let at = starts[term] as number; at < (starts[term + 1] as number); at++) {
        const doc = docs[at] as number
        const use = uses[at] as number
        const field = doc * FIELD_COUNT
        let sum = 0
        for (let i = 0; i < 4; i++) if (use & (1 << i)) sum += gains[field + i] as number
        sum += ((use >> 4) & 3) * (gains[field + 4] as number)
        sum += (BODY_TIMES[use >> 6] as number) * (gains[field + 5] as number)
        // Of all that a word may mean, the best counts: twenty ways to go on typing are not twenty matches.
        best[doc] = Math.max(best[doc] as number, (sure * sum) / (sum + WEIGHTS.saturation))
        surest[doc] = Math.max(surest[doc] as number, sure)
      }
    const { weight } = unit
    const share = isTelling(unit) ? weight / allTelling : 0
    for (let doc = 0; doc < best.length; doc++)
      if (best[doc]) {
        total[doc] = (total[doc] as number) + (weight * (best[doc] as number)) / all
        covered[doc] = (covered[doc] as number) + share * (surest[doc] as number)
      }
  }
  const found: number[] = []
  total.forEach((sum, doc) => {
    if (sum) {
      const share = covered[doc] as number
      total[doc] =
        WEIGHTS.bm25 * sum * (1 - WEIGHTS.coverage + WEIGHTS.coverage * share) + WEIGHTS.covered * share
      found.push(doc)
    }
  })
  return found
    .sort((a, b) => (total[b] as number) - (total[a] as number) || a - b)
    .slice(0, MAX_COMPARED)
    .map(doc => compare(where, units, index.articles[doc] as IndexRow, total[doc] as number, all))
}

const weightOf = (units: readonly Unit[]) => units.reduce((sum, { weight }) => sum + weight, 0)

/** Looks at the names and headings of one article in the order of their words. */
function compare(
  where: Searchable,
  units: readonly Unit[],
  row: IndexRow,
  words: number,
  all: number,
): Match {
  const like = (text: string) => likeness(textOf(where, text), units, all)
  const title = like(row.title)
  let named = Math.max(title, WEIGHTS.slug * like(row.slug))
  for (const text of row.keywords) named = Math.max(named, WEIGHTS.keyword * like(text))
  let question: string | undefined
  let asked = title
  for (const text of row.questions) {
    const fit = WEIGHTS.question * like(text)
    if (fit > asked) {
      asked = fit
      question = text
    }
  }
  let heading: IndexRow['headings'][number] | undefined
  let part = 0
  for (const candidate of row.headings) {
    const fit = like(candidate.text)
    if (fit > part) {
      part = fit
      heading = candidate
    }
  }
  return {
    row,
    units,
    confidence: words + Math.max(named, asked, part * WEIGHTS.heading),
    ...(question && { question }),
    ...(heading &&
      part > asked * WEIGHTS.headingTarget && {
        heading: { id: heading.id ?? slug(heading.text), text: heading.text },
      }),
  }
}

/** How like a short text is to the query, 0 … 1. */
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
  const order = pairs ? ordered / pairs : precision
  return (
    (said / all) *
    (WEIGHTS.said +
      WEIGHTS.precision * precision +
      (WEIGHTS.order + (startsAlike ? WEIGHTS.start : 0)) * order)
  )
}
