// What people ask that a section of an article answers, in their own words, as its authors write it down beside the
// article: `add-a-card.questions.txt`. Pure; build time. They are matched with what is asked, never shown.
//
//   which cards do you take            a question a line; above the first heading: of what stands there in the article
//   ## Add the card                    a heading of the article, as it stands there, or its id
//   my card is not accepted            of that section

import { describe } from '../base/errors'
import type { SourceProblem } from './frontMatter'
import type { Section } from './plainText'

export interface SectionQuestions {
  /** Heading id ('' before the first heading) -> questions, in the order of the file. Sections without any are left out. */
  readonly asks: Readonly<Record<string, readonly string[]>>
  /** Lines that were left out. */
  readonly problems: readonly SourceProblem[]
}

/** Longer lines are left out. */
export const MAX_QUESTION_CHARS = 200

/** What a line of such a file is. Blank lines are none. */
export interface QuestionLine {
  /** From 1. */
  readonly line: number
  /** A heading's words, or a question. Runs of spaces are one. */
  readonly text: string
  readonly isHeading: boolean
  /** The section that it stands under; undefined where that is not one of the article's. */
  readonly headingId: string | undefined
}

type Heading = Pick<Section, 'headingId' | 'headingText'>

/** The heading that a line of such a file names: as it stands in the article, or its id; the first of several. */
export function namedHeading(name: string, sections: readonly Heading[]): string | undefined {
  const same = (other: string) => other.toLowerCase() === name.toLowerCase()
  return sections.find(({ headingId, headingText }) => headingId && (same(headingText) || same(headingId)))
    ?.headingId
}

/** Each line that says something, in order. */
export function questionLines(text: string, sections: readonly Heading[]): readonly QuestionLine[] {
  let headingId: string | undefined = ''
  return text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .flatMap((raw, i): QuestionLine[] => {
      const written = raw.replace(/\s+/g, ' ').trim()
      const heading = /^#+ ?(.*)$/.exec(written)?.[1]
      if (heading !== undefined) headingId = namedHeading(heading, sections)
      if (!written) return []
      return [{ line: i + 1, text: heading ?? written, isHeading: heading !== undefined, headingId }]
    })
}

/** Reads a file of questions. Never throws: a line with a mistake is a problem, and the others count. */
export function readSectionQuestions(
  text: string,
  file: string,
  sections: readonly Heading[],
): SectionQuestions {
  const asks = new Map<string, string[]>()
  const problems: SourceProblem[] = []
  const seen = new Set<string>()
  for (const { line, text: written, isHeading, headingId: id } of questionLines(text, sections)) {
    const problem = (sentence: string) => problems.push({ file, line, sentence })
    if (isHeading && id === undefined)
      problem(
        `must name a heading of the article, got ${describe(written)}. It has: ${
          sections.flatMap(({ headingText }) => headingText || []).join(', ') || 'none'
        }.`,
      )
    // What stands under a heading that is not there could be of any section.
    if (isHeading || id === undefined) continue
    if (written.length > MAX_QUESTION_CHARS) {
      problem(
        `a question must have at most ${MAX_QUESTION_CHARS} characters, got ${written.length}. Split it.`,
      )
      continue
    }
    const key = `${id}\n${written.toLowerCase()}`
    if (seen.has(key)) continue
    seen.add(key)
    asks.set(id, [...(asks.get(id) ?? []), written])
  }
  return { asks: Object.fromEntries(asks), problems }
}
