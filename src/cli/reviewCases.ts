// What a verdict is worth as a test: a transcript for `asklet test`, a line for `asklet evaluate`, or neither. Pure.
// A right answer must stay right; a wrong one fails until somebody mends it. Words come masked, and are made to fit
// on one line here.

import { redact, type SiteMasks } from '../base/redact'
import type { ReviewedArticle, ReviewKind, Verdict } from '../protocol/reviews'

export interface JudgedItem {
  readonly itemId: string
  readonly kind: ReviewKind
  readonly at: number
  readonly verdict: Verdict
  readonly article: ReviewedArticle | null
  /** Of the lead. */
  readonly words: string
  /** What the visitor had said, oldest first, the question among it; masked. */
  readonly said: readonly string[]
  readonly question: string
  readonly answer: readonly string[]
  readonly sources: readonly ReviewedArticle[]
  readonly route?: string
  readonly role?: string
  readonly locale?: string
}

export interface ReviewCase {
  /** Text of a `.test.txt`; null: nothing that a transcript can expect. */
  readonly transcript: string | null
  /** One line of JSON; null: no article that should be found. */
  readonly query: string | null
}

const MAX_TITLE_CHARS = 70
/** Enough to know a sentence by. */
const MAX_SAYS_CHARS = 80
/** A conversation longer than this is replayed from its later part: each turn is another chance to go elsewhere. */
const MAX_TURNS = 6

/** @param masks  what the site masks and keeps of its own */
export function caseOf(item: JudgedItem, masks?: SiteMasks): ReviewCase {
  const expectations = expectationsOf(item)
  const right = rightArticles(item)
  return {
    transcript: expectations.length > 0 ? transcriptOf(item, expectations, masks) : null,
    query:
      right.length > 0
        ? JSON.stringify({
            query: oneLine(item.question),
            rel: [...new Set(right.map(({ articleId }) => articleId))],
            ...(isRoute(item.route) && { page: { route: item.route } }),
            ...(item.role && { role: oneLine(item.role) }),
            ...(item.locale && { locale: item.locale }),
            review: item.itemId,
          })
        : null,
  }
}

/** Where the answer is, as far as the verdict tells. */
function rightArticles({ kind, verdict, article, sources }: JudgedItem): readonly ReviewedArticle[] {
  if (verdict === 'wrong' || verdict === 'shouldHaveAnswered') return article ? [article] : []
  return verdict === 'right' && kind === 'answer' ? sources : []
}

function expectationsOf(item: JudgedItem): readonly string[] {
  const { kind, verdict, article, sources } = item
  // What people say is no matter of the bot's.
  if (kind === 'agent') return []
  const cited = (all: readonly ReviewedArticle[]) =>
    `cites: ${all.map(({ articleId }) => articleId).join(' | ')}`
  const sentence = sentenceOf(item)
  switch (verdict) {
    case 'right':
      if (kind === 'missed') return ['unknown']
      if (kind === 'handoff') return ['person']
      if (sources.length > 0) return [cited(sources)]
      return sentence ? [`says: ${sentence}`] : []
    case 'wrong':
      return [
        ...(article
          ? [article.headingId ? `cites: ${article.articleId}#${article.headingId}` : cited([article])]
          : []),
        ...(sentence ? [`never says: ${sentence}`] : []),
      ]
    case 'shouldHaveAsked':
      return ['clarifies']
    case 'shouldHaveHandedOver':
      return ['person']
    case 'shouldHaveAnswered':
      return [...(article ? [cited([article])] : []), ...(kind === 'handoff' ? ['no person'] : [])]
  }
}

function transcriptOf(
  item: JudgedItem,
  expectations: readonly string[],
  masks: SiteMasks | undefined,
): string {
  const { itemId, at, verdict, words, question, route, role, said } = item
  const turns = said.slice(-MAX_TURNS).map(oneLine).filter(Boolean)
  const day = new Date(at).toISOString().slice(0, 10)
  const remark = oneLine(redact(words, 'derived', masks))
  const title = oneLine(question)
  return [
    `# Review ${itemId}, said on ${day}: ${verdict}.`,
    ...(remark ? [`# ${remark}`] : []),
    '',
    `test: ${cut(title, MAX_TITLE_CHARS)} (review ${itemId})`,
    `on: ${isRoute(route) ? route : '/'}${role && /^\S+$/.test(role) ? ` as ${closed(role)}` : ''}`,
    ...turns.map(turn => `> ${turn}`),
    ...expectations,
    '',
  ].join('\n')
}

/** The beginning of the answer, where no part of it was masked: what is masked is never said. */
function sentenceOf({ answer }: JudgedItem): string | null {
  const words = oneLine(answer[0] ?? '')
  const sentence = cut(words.split(/(?<=[.!?])\s/)[0] ?? '', MAX_SAYS_CHARS, '').replace(/[.!?…]+$/, '')
  return sentence && !/[[\]|]/.test(sentence) ? sentence : null
}

const isRoute = (route: string | undefined): route is string =>
  route !== undefined && /^\/\S*$/.test(route) && closed(route) === route

/** On one line, and no place that is still to be filled in (`{{…}}`). */
const oneLine = (text: string) => closed(text.replace(/\s+/g, ' ').trim())
const closed = (text: string) => text.replace(/\{(?=\{)/g, '{ ')

function cut(text: string, most: number, end = '…'): string {
  const chars = [...text]
  if (chars.length <= most) return text
  const whole = chars
    .slice(0, most)
    .join('')
    .replace(/\s+\S*$/, '')
  return `${whole}${end}`
}
