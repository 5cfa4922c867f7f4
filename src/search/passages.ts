// The parts of an article that answer a question. Pure: a ranked article and its content in, passages out.

import type { ContentTree } from '../knowledge/contentTree'
import { sectionsOf } from '../knowledge/plainText'
import { textOf } from './expansion'
import type { Ranked } from './ranking'
import type { Passage } from './searchProvider'

/** What the seam promises; about what one reads in a chat without scrolling. */
const MAX_PASSAGE_CHARS = 600
/** What the article's title says counts this much for each of its passages: it is their subject. */
const TITLE_SHARE = 0.5

/**
 * One passage a section: the run of sentences that says most of the question; none where a section says nothing
 * of it. Its score is the share of the question's weight that the passage, its heading and, less, the article's
 * title say, times how surely the article was found.
 */
export function passagesOf(item: Ranked, content: ContentTree): readonly Passage[] {
  const { where, row, units } = item
  const all = units.reduce((sum, { weight }) => sum + weight, 0)
  /** How surely each word of the question is said in `text`. */
  const said = (text: string) => {
    const { terms } = textOf(where, text)
    return units.map(({ meant }) => terms.reduce((most, term) => Math.max(most, meant.get(term) ?? 0), 0))
  }
  const share = (sure: readonly number[]) =>
    units.reduce((sum, { weight }, i) => sum + (weight * (sure[i] ?? 0)) / all, 0)
  const title = said(row.title)

  return sectionsOf(content).flatMap(({ headingId, headingText, text }): Passage[] => {
    const heading = said(headingText)
    const sentences = (text.match(/[^\n.!?]+([.!?]+(?=\s|$)|[.!?](?=\S))*\s*/g) ?? []).map(sentence => ({
      sentence,
      sure: said(sentence),
    }))
    let best = { text: '', own: -1 }
    sentences.forEach((_, first) => {
      let part = ''
      let sure = heading
      for (const next of sentences.slice(first)) {
        if (part && part.length + next.sentence.trimEnd().length > MAX_PASSAGE_CHARS) break
        part += next.sentence
        sure = sure.map((most, i) => Math.max(most, next.sure[i] ?? 0))
      }
      const own = share(sure)
      // Strictly more: of equal runs the one that starts earlier reads better.
      if (own > best.own + 1e-9) best = { text: part.trim().slice(0, MAX_PASSAGE_CHARS), own }
    })
    if (!best.text || best.own <= 0) return []
    const inTitle = share(title) * TITLE_SHARE
    const found = Math.min(1, item.confidence)
    return [
      {
        articleId: row.id,
        title: row.title,
        ...(headingId && { headingId, headingText }),
        text: best.text,
        score: Math.min(1, (best.own + inTitle * (1 - best.own)) * found),
      },
    ]
  })
}
