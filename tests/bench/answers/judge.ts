// When an answer is right, rightly cited, and made of the article's own sentences. Pure; knows the labels' form
// (README.md beside this file) and no answerer.

import type { Article } from '../../../src/knowledge/article'
import { sectionsOf } from '../../../src/knowledge/plainText'
import type { Facts } from '../../../src/protocol/facts'
import type { Citation } from '../../../src/protocol/records'

export interface Question {
  readonly id: string
  readonly question: string
  readonly page?: { readonly route: string; readonly name: string }
  readonly role?: string
  readonly answerable: boolean
  /** `articleId#heading`, or `articleId` for what stands before the first heading. */
  readonly gold: readonly string[]
  readonly must: readonly (readonly string[])[]
  readonly why: string
}

/** What page and visitor tell when it is asked. */
export function factsOf({ page, role }: Pick<Question, 'page' | 'role'>): Facts {
  return {
    page: { url: '', route: '', title: '', name: '', headings: [], language: 'en', data: {}, ...page },
    visitor: { locale: 'en', attributes: {}, ...(role && { role }) },
  }
}

/** What an answerer said. */
export interface Reply {
  readonly kind: 'answer' | 'readings' | 'unknown'
  readonly sentences: readonly { readonly text: string; readonly citation: Citation }[]
  /** Sections that it offers to choose from. */
  readonly readings?: readonly string[]
  /** 0 … 1: how sure it was that its answer, or the one that it kept to itself, is right. */
  readonly confidence: number
}

/** As labels and answers are compared: without case, spaces and marks. */
export const plain = (text: string) =>
  text
    .replaceAll(/\*\*|`/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase()

export const sectionOf = ({ articleId, headingId }: Pick<Citation, 'articleId' | 'headingId'>) =>
  headingId ? `${articleId}#${headingId}` : articleId

/** The answer holds an alternative of each requirement. */
export function isRight({ answerable, must }: Question, { sentences }: Reply): boolean {
  const said = plain(sentences.map(({ text }) => text).join(' '))
  return answerable && must.every(alternatives => alternatives.some(text => said.includes(plain(text))))
}

export const citesGold = ({ gold }: Question, { sentences }: Reply) =>
  sentences.some(({ citation }) => gold.includes(sectionOf(citation)))

export const citesGoldArticle = ({ gold }: Question, { sentences }: Reply) =>
  sentences.some(({ citation }) => gold.some(name => name.split('#')[0] === citation.articleId))

/** The sentences that do not stand word for word in the section that they name. */
export async function unsupported(
  { sentences }: Reply,
  read: (articleId: string) => Promise<Article>,
): Promise<readonly string[]> {
  const spaced = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
  const found: string[] = []
  for (const { text, citation } of sentences) {
    const { content } = await read(citation.articleId)
    const section = sectionsOf(content).find(({ headingId }) => headingId === (citation.headingId ?? ''))
    if (!spaced(text) || !spaced(section?.text ?? '').includes(spaced(text))) found.push(text)
  }
  return found
}
