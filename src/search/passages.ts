// The parts of an article that answer a question. Pure: a ranked article and its content in, passages out.

import type { Article } from '../knowledge/article'
import { asksOf } from '../knowledge/asks'
import type { Block, ContentTree, Inline } from '../knowledge/contentTree'
import { inlineText, sectionsOf } from '../knowledge/plainText'
import { isStopWord, type Token } from '../knowledge/terms'
import { loadLanguage } from '../understanding/languages/language'
import { type Searchable, textOf, type Unit } from './expansion'
import type { Ranked } from './ranking'
import type { Passage } from './searchProvider'

/** What the seam promises; about what one reads in a chat without scrolling. */
const MAX_PASSAGE_CHARS = 600
/** Words of a question whose places are told: those of a pasted story are in no passage together. */
const MAX_ASKED = 24
/** Times what a word of the question weighs, where it only opens or softens it: "hello", "please", "got". */
const CHAT_WORD = 0.3
/** Times what a word of no meaning of its own weighs in a question that is known. */
const TALK = 0.5
/** Of a word with fewer letters that no article has, how surely the words near it were meant: "joke" is not "join". */
const SHORT_WORD = 6
const SHORT_TYPO = 0.3
// What one occurrence of a word counts in a section and what stands about it.
const HEADING = 2
const TITLE = 2
const SUMMARY = 0.5
/** In a short section; in one of `USUAL_WORDS` half as much, in a long one little: there all sorts of words stand. */
const OWN = 2
const USUAL_WORDS = 40
/** In the questions that the section is known to answer: those are the words of people who ask. */
const ASKS = 1.5
/** So many occurrences count half of what endlessly many would. */
const SATURATION = 2

// How surely a section answers, as a logistic: fitted to which section answers the even half of the labelled questions
// in `tests/bench/answers`, cross-validated by article. The words decide; page and role break their ties.
const WORDS = 8.6
/** Of how well the article itself was found. */
const ARTICLE = 1.4
/** Of the priors for page and role that ranked the article. */
const PAGE = 1.2
const ROLE = 2
const ZERO = -8.3
/** Of so few questions the nearest is often far from what is asked all the same: then it tells nothing. */
const ENOUGH_ASKS = 6
/** No passage rather than one that shares a word by accident. */
const LEAST_SCORE = 0.002

/** Words of a message that are looked up. Few ask with more; each is compared with all that the best articles say. */
const MAX_LOOKED_UP = 32

const NONE: ReadonlySet<string> = new Set()

/**
 * Of a long message the words that say most, in their order: those that are rare in the index, times how often they
 * are said; one that no article has is last. A shorter message as it stands.
 */
export function tellingWords(where: Searchable, text: string): string {
  const read = textOf({ ...where, texts: new Map() }, text)
  if (read.tokens.length <= MAX_LOOKED_UP) return text
  const says = new Map<string, number>()
  read.tokens.forEach(({ word }, at) => {
    const weight = (read.terms[at] as number) < 0 ? 0 : (read.weights[at] as number)
    says.set(word, (says.get(word) ?? 0) + weight)
  })
  const most = new Set(
    [...says.keys()]
      .sort((a, b) => (says.get(b) as number) - (says.get(a) as number))
      .slice(0, MAX_LOOKED_UP),
  )
  return [...says.keys()].filter(word => most.has(word)).join(' ')
}

/** Words of any talk in the language of an index; none where its words have not come, and more looks telling then. */
export async function everydayIn(locale: string): Promise<ReadonlySet<string>> {
  try {
    const language = await loadLanguage(locale)
    const { answers } = language
    return answers && locale.startsWith(language.locale) ? new Set(answers.everyday.split(' ')) : NONE
  } catch {
    return NONE
  }
}

/** A section that may answer. Most are not among the best, so what is told of it is worked out when it is asked for. */
export interface Found {
  readonly score: number
  readonly passage: () => Passage
}

/**
 * One passage a section: the run of sentences that says most of the question; none where section, heading and the
 * article's names say next to nothing of it.
 */
export function passagesOf(
  item: Ranked,
  article: Pick<Article, 'content' | 'asks'>,
  everyday: ReadonlySet<string> = NONE,
): readonly Found[] {
  const { where, row, factors } = item
  const units = item.units.map(unit => mended(where, unit))
  const weights = units.map(
    ({ token, weight }) => weight * (isStopWord(token.word) || everyday.has(token.word) ? CHAT_WORD : 1),
  )
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1
  const share = (sure: readonly number[]) =>
    sure.reduce((sum, most, i) => sum + (weights[i] as number) * most, 0) / total
  const unitsIn = (text: string, add: (before: number, sure: number) => number) => {
    const { terms } = textOf(where, text)
    return units.map(({ meant }) => terms.reduce((sum, term) => add(sum, meant.get(term) ?? 0), 0))
  }
  /** How surely each word of the question is said in `text`; how often. */
  const said = (text: string) => unitsIn(text, Math.max)
  const times = (text: string) => unitsIn(text, (sum, sure) => sum + sure)
  const summary = said(row.summary)
  const names = times(row.title).map((count, i) => TITLE * count + SUMMARY * (summary[i] as number))
  const prior = ZERO + PAGE * factors.page + ROLE * factors.role + ARTICLE * factors.words
  const shapes = shapesOf(article.content)
  const heard = heardIn(units)

  return sectionsOf(article.content).flatMap(({ headingId, headingText, text }): Found[] => {
    const sentences = text.match(/[^\n.!?]+([.!?]+(?=\s|$)|[.!?](?=\S))*\s*/g)
    if (!sentences) return []

    const heading = said(headingText)
    const asks = asksOf(article, headingId)
    const own = [...asks, ...(headingId ? [] : row.questions)]
    const questions = own.join('\n')
    const length = 1 + textOf(where, text).terms.length / USUAL_WORDS
    const inText = times(text)
    const inAsks = times(questions)
    const words = share(
      names.map((count, i) => {
        const sum =
          count +
          HEADING * (heading[i] as number) +
          (OWN * (inText[i] as number)) / length +
          ASKS * (inAsks[i] as number)
        return sum / (sum + SATURATION)
      }),
    )
    if (!words) return []
    const isKnown = asks.length >= ENOUGH_ASKS
    const sum = prior + WORDS * words
    const score = 1 / (1 + Math.exp(-sum))
    if (score < LEAST_SCORE) return []

    const passage = (): Passage => {
      const best = runOf(sentences, heading, said, share)
      const lines = best.split('\n')
      const { tokens, terms: held } = textOf(where, [row.title, headingText, best, questions].join('\n'))
      return {
        articleId: row.id,
        title: row.title,
        ...(headingId && { headingId, headingText }),
        text: best,
        score,
        ...(isKnown && { known: nearest(where, [...own, headingText || row.title], heard, weights) }),
        shape: lines.map(line => shapes.get(line) ?? 'p').join(''),
        asked: units.slice(0, MAX_ASKED).map(({ token, meant }, i) => ({
          word: token.word,
          weight: Math.round(((weights[i] as number) / total) * 1000) / 1000,
          as: [...new Set(tokens.filter((_, at) => meant.has(held[at] as number)).map(({ word }) => word))],
        })),
      }
    }
    return [{ score, passage }]
  })
}

/** The run of sentences that, with its heading, says most of the question; of equal runs the one that starts earlier. */
function runOf(
  sentences: readonly string[],
  heading: readonly number[],
  said: (text: string) => readonly number[],
  share: (sure: readonly number[]) => number,
): string {
  const own = sentences.map(said)
  let best = { text: '', said: -1 }
  sentences.forEach((_, first) => {
    let part = ''
    let sure = heading
    for (let at = first; at < sentences.length; at++) {
      const next = sentences[at] as string
      if (part && part.length + next.trimEnd().length > MAX_PASSAGE_CHARS) break
      part += next
      sure = sure.map((most, i) => Math.max(most, own[at]?.[i] ?? 0))
    }
    const all = share(sure)
    if (all > best.said + 1e-9) best = { text: part.trim().slice(0, MAX_PASSAGE_CHARS), said: all }
  })
  return best.text
}

type Heard = ReadonlyMap<number, readonly (readonly [unit: number, sure: number])[]>

/** Number of a term -> which words of the question it stands for, and how surely. */
function heardIn(units: readonly Unit[]): Heard {
  const heard = new Map<number, [number, number][]>()
  units.forEach(({ meant }, unit) => {
    for (const [term, sure] of meant) {
      const list = heard.get(term)
      if (list) list.push([unit, sure])
      else heard.set(term, [[unit, sure]])
    }
  })
  return heard
}

/**
 * How much of the nearest of these texts is asked, 0 … 1: what else it says is another question. The nearest is the
 * one that shares most, for the length of both.
 */
function nearest(
  where: Searchable,
  texts: readonly string[],
  heard: Heard,
  weights: readonly number[],
): number {
  let best = { like: 0, share: 0 }
  for (const text of texts) {
    const { tokens, terms, weights: own } = textOf(where, text)
    // A single word is asked in questions of all sorts: "I won" says nothing of what is asked.
    if (new Set(terms.filter((_, at) => !isStopWord((tokens[at] as Token).word))).size < 2) continue
    const most = new Map<number, number>()
    let all = 0
    let asked = 0
    let squares = 0
    terms.forEach((term, at) => {
      const count = (own[at] as number) * (isStopWord((tokens[at] as Token).word) ? TALK : 1)
      let surest = 0
      for (const [unit, sure] of heard.get(term) ?? []) {
        most.set(unit, Math.max(most.get(unit) ?? 0, sure * count))
        surest = Math.max(surest, sure)
      }
      all += count
      asked += count * surest
      squares += count ** 2
    })
    let like = 0
    for (const [unit, sure] of most) like += sure * (weights[unit] as number)
    like /= Math.sqrt(squares) || 1
    if (like > best.like) best = { like, share: all && asked / all }
  }
  return best.share
}

/** A word that the index knows stands for itself; of one that it does not, a short one was hardly mistyped. */
function mended({ index }: Searchable, unit: Unit): Unit {
  const { token, meant } = unit
  if ([...unit.own.keys()].some(term => index.terms[term] === token.term)) return unit
  const doubt = token.word.length < SHORT_WORD ? SHORT_TYPO : 1
  return { ...unit, meant: new Map([...meant].map(([term, sure]) => [term, sure * doubt])) }
}
/** Line -> its letter, of lines that are more than sentences of a paragraph. */
function shapesOf(content: ContentTree): ReadonlyMap<string, string> {
  const shapes = new Map<string, string>()
  const walk = (blocks: readonly Block[], shape: string): void => {
    for (const block of blocks) {
      if (block.t === 'p') {
        if (shape) shapes.set(inlineText(block.c), shape)
      } else if (block.t === 'ol') for (const each of block.c) walk(each, 's')
      else if (block.t === 'ul') for (const each of block.c) walk(each, 'i')
      else if (block.t === 'quote') walk(block.c, 'n')
      else if (block.t === 'table') {
        const add = (row: readonly (readonly Inline[])[], letter: string) =>
          shapes.set(row.map(inlineText).filter(Boolean).join(' | '), letter)
        add(block.head, 'h')
        for (const row of block.rows) add(row, 'r')
      }
    }
  }
  walk(content, '')
  return shapes
}
