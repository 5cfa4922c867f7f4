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

const MAX_CHARS = 200

/** Reads a file of questions. Never throws: a line with a mistake is a problem, and the others count. */
export function readSectionQuestions(
  text: string,
  file: string,
  sections: readonly Pick<Section, 'headingId' | 'headingText'>[],
): SectionQuestions {
  const asks = new Map<string, string[]>()
  const problems: SourceProblem[] = []
  const seen = new Set<string>()
  let id: string | undefined = ''
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .forEach((raw, i) => {
      const line = raw.replace(/\s+/g, ' ').trim()
      const problem = (sentence: string) => problems.push({ file, line: i + 1, sentence })
      const heading = /^#+ ?(.*)$/.exec(line)?.[1]
      if (heading !== undefined) {
        const same = (other: string) => other.toLowerCase() === heading.toLowerCase()
        id = sections.find(
          ({ headingId, headingText }) => headingId && (same(headingText) || same(headingId)),
        )?.headingId
        if (id === undefined)
          problem(
            `must name a heading of the article, got ${describe(heading)}. It has: ${
              sections.flatMap(({ headingText }) => headingText || []).join(', ') || 'none'
            }.`,
          )
        return
      }
      // What stands under a heading that is not there could be of any section.
      if (!line || id === undefined) return
      if (line.length > MAX_CHARS) {
        problem(`a question must have at most ${MAX_CHARS} characters, got ${line.length}. Split it.`)
        return
      }
      const key = `${id}\n${line.toLowerCase()}`
      if (seen.has(key)) return
      seen.add(key)
      asks.set(id, [...(asks.get(id) ?? []), line])
    })
  return { asks: Object.fromEntries(asks), problems }
}
