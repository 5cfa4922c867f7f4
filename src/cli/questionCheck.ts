// What `asklet questions --check` says: sections of which too little is known what people ask, and questions that two
// sections claim, so that neither is surely meant. Pure.

import { type AskedQuestion, type AskedSection, sectionName } from './askedSections'
import { findLikeQuestions } from './likeQuestions'

/** Less than this share of what is wanted, and a section is asked for more. */
const ENOUGH_SHARE = 0.75
const SHOWN_OF_A_KIND = 10

/** So that a second run does not pay for the last two. */
export function isEnough(questions: number, perSection: number): boolean {
  return questions >= perSection * ENOUGH_SHARE
}

export interface QuestionReport {
  readonly lines: readonly string[]
  readonly isClean: boolean
}

export interface QuestionCheck {
  /** The sections to be told of. */
  readonly wanted: readonly AskedSection[]
  readonly perSection: number
  /** How many were said before. */
  readonly mistakes: number
  /** Not the first ten of a kind only. */
  readonly all: boolean
}

/** @param asked  all sections of the folder */
export function questionCheck(
  asked: readonly AskedSection[],
  { wanted, perSection, mistakes, all }: QuestionCheck,
): QuestionReport {
  const none = wanted.filter(({ questions }) => !questions.length)
  const few = wanted.filter(
    ({ questions }) => questions.length > 0 && !isEnough(questions.length, perSection),
  )
  const twice = claimedTwice(asked, new Set(wanted))
  const lines: string[] = []
  const list = (headline: string, items: readonly string[]) => {
    if (!items.length) return
    const shown = all ? items : items.slice(0, SHOWN_OF_A_KIND)
    lines.push(headline, ...shown.map(item => `  ${item}`))
    if (shown.length < items.length)
      lines.push(`  … and ${items.length - shown.length} more (--all shows them)`)
    lines.push('')
  }
  list('Sections without questions', none.map(sectionName))
  list(
    `Sections with few questions, of ${perSection} wanted`,
    few.map(one => `${sectionName(one)}: ${one.questions.length}`),
  )
  list('Questions that two sections claim: leave each where it is meant', twice)
  lines.push(
    `sections: ${wanted.length}`,
    `questions: ${wanted.reduce((sum, { questions }) => sum + questions.length, 0)}`,
    `without-questions: ${none.length}`,
    `few-questions: ${few.length}`,
    `claimed-twice: ${twice.length}`,
    `errors: ${mistakes}`,
  )
  return { lines, isClean: !none.length && !few.length && !twice.length && !mistakes }
}

function claimedTwice(asked: readonly AskedSection[], wanted: ReadonlySet<AskedSection>): readonly string[] {
  const wordings = asked.flatMap((one, group) =>
    one.questions.map(question => ({ ...question, one, group, locale: one.article.locale })),
  )
  const place = ({ one, line, text }: AskedQuestion & { readonly one: AskedSection }) =>
    `${one.questionsFile}:${line} ${JSON.stringify(text)}`
  return findLikeQuestions(wordings).flatMap(([i, j]) => {
    const [first, second] = [wordings[i], wordings[j]]
    // Whose roles have nothing in common is told apart by who asks.
    if (!first || !second || !haveReadersInCommon(first.one.article.roles, second.one.article.roles))
      return []
    if (!wanted.has(first.one) && !wanted.has(second.one)) return []
    return `${place(first)} and ${place(second)}`
  })
}

function haveReadersInCommon(some: readonly string[], others: readonly string[]): boolean {
  return !some.length || !others.length || some.some(role => others.includes(role))
}
