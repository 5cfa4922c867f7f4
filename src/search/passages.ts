// The parts of an article that answer a question. Pure: a ranked article and its content in, passages out.

import type { Block, ContentTree, Inline } from '../knowledge/contentTree'
import { inlineText, sectionsOf } from '../knowledge/plainText'
import { isStopWord } from '../knowledge/terms'
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
/** Of a word with fewer letters that no article has, how surely the words near it were meant: "joke" is not "join". */
const SHORT_WORD = 6
const SHORT_TYPO = 0.3
/** What one occurrence of a word counts in the heading, the title, and once each in summary, keywords and questions. */
const NAMES = [2, 1.5, 0.5, 1, 1] as const
/** So many occurrences count half of what endlessly many would. */
const SATURATION = 2.5
/** A section of so many words counts its own as they are; of twice as many, nearly half. */
const USUAL_WORDS = 40

// How surely a section answers, as a logistic: fitted to which section answers the even half of the labelled questions
// in `tests/bench/answers`, cross-validated by article. The words decide; page and role break their ties.
/** Of the share of the question that section, heading and names say, often and shortly. */
const WORDS = 8.7
/** Of the share that its best sentence says alone. */
const SENTENCE = 1.5
/** Of the share that stands side by side in it as in the question. */
const PAIRS = 0.8
/** Of the priors for page and role that ranked the article. */
const PAGE = 0.7
const ROLE = 1.8
/** Of how surely the article was found, for the heading it was found by, else for what stands before the first … */
const AIMED = 1.28
/** … which answers little else. */
const OPENING = -0.44
const ZERO = -5.9
/** No passage rather than one that shares a word by accident. */
const LEAST_SCORE = 0.002

const NONE: ReadonlySet<string> = new Set()

/** Words of any talk in the language of an index; none where its words have not come, and more looks telling then. */
export async function everydayIn(locale: string): Promise<ReadonlySet<string>> {
  try {
    const language = await loadLanguage(locale)
    return locale.startsWith(language.locale) ? new Set(language.answers.everyday.split(' ')) : NONE
  } catch {
    return NONE
  }
}

/**
 * One passage a section: the run of sentences that says most of the question; none where section, heading and the
 * article's names say next to nothing of it.
 */
export function passagesOf(
  item: Ranked,
  content: ContentTree,
  everyday: ReadonlySet<string> = NONE,
): readonly Passage[] {
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
  const names = [
    times(row.title),
    ...[row.summary, row.keywords.join(' . '), row.questions.join(' . ')].map(said),
  ]
  const prior = ZERO + PAGE * factors.page + ROLE * factors.role
  const { heading: target } = item
  /** The heading that fits better than the article's name, else what stands before the first. */
  const aim = (headingId: string) =>
    (headingId ? 0 : OPENING) + (headingId === (target?.id ?? '') ? AIMED * item.confidence : 0)
  const shapes = shapesOf(content)

  return sectionsOf(content).flatMap(({ headingId, headingText, text }): Passage[] => {
    const heading = said(headingText)
    const sentences = (text.match(/[^\n.!?]+([.!?]+(?=\s|$)|[.!?](?=\S))*\s*/g) ?? []).map(sentence => ({
      sentence,
      sure: said(sentence),
    }))
    let best = { text: '', own: -1 }
    let alone = 0
    sentences.forEach(({ sure: own }, first) => {
      let part = ''
      let sure = heading
      alone = Math.max(alone, share(own))
      for (const next of sentences.slice(first)) {
        if (part && part.length + next.sentence.trimEnd().length > MAX_PASSAGE_CHARS) break
        part += next.sentence
        sure = sure.map((most, i) => Math.max(most, next.sure[i] ?? 0))
      }
      const said = share(sure)
      // Strictly more: of equal runs the one that starts earlier reads better.
      if (said > best.own + 1e-9) best = { text: part.trim().slice(0, MAX_PASSAGE_CHARS), own: said }
    })
    if (!best.text) return []

    const { terms } = textOf(where, text)
    const inText = times(text)
    const fields = [heading, ...names]
    const words = share(
      inText.map((count, i) => {
        const own = (2 * count) / (1 + terms.length / USUAL_WORDS)
        const sum = fields.reduce((all, field, f) => all + (NAMES[f] as number) * (field[i] as number), own)
        return sum / (sum + SATURATION)
      }),
    )
    if (!words) return []
    const pairs = share(
      units.map(({ meant }, i) => {
        const next = units[i + 1]?.meant
        return next && terms.some((term, at) => meant.has(term) && next.has(terms[at + 1] ?? -1)) ? 1 : 0
      }),
    )
    const sum = WORDS * words + SENTENCE * alone + PAIRS * pairs + prior + aim(headingId)
    const score = 1 / (1 + Math.exp(-sum))
    if (score < LEAST_SCORE) return []

    const lines = best.text.split('\n')
    const { tokens, terms: held } = textOf(where, [row.title, headingText, best.text].join('\n'))
    return [
      {
        articleId: row.id,
        title: row.title,
        ...(headingId && { headingId, headingText }),
        text: best.text,
        score,
        shape: lines.map(line => shapes.get(line) ?? 'p').join(''),
        asked: units.slice(0, MAX_ASKED).map(({ token, meant }, i) => ({
          word: token.word,
          weight: Math.round(((weights[i] as number) / total) * 1000) / 1000,
          as: [...new Set(tokens.filter((_, at) => meant.has(held[at] as number)).map(({ word }) => word))],
        })),
      },
    ]
  })
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
