// What may answer a question before it is filed as a ticket: a solved ticket of this visitor's own that asked the same,
// and articles whose very passage is an answer by the bot's own measure, and none below it. A chunk of its own, fetched
// with the offer of a person.

import { groundedAnswer } from '../bot/groundedAnswer'
import type { FoundAnswer, FoundArticle } from '../conversation/conversationModel'
import type { Facts } from '../protocol/facts'
import type { Passage, SearchProvider } from '../search/searchProvider'
import type { AnswerWords } from '../understanding/languages/language'
import { askedBefore } from './askedBefore'
import type { PastConversations } from './pastConversations'

/** More would be a list to read for somebody who wants to write. */
const MOST = 2
const LOOKED_AT = 8

/**
 * Best first; empty where nothing is good enough. Rejects as the search does, where there is nothing else.
 *
 * @param past  where this visitor's own conversations are asked for
 */
export async function answersFirst(
  question: string,
  facts: Facts,
  search: Pick<SearchProvider, 'passages'>,
  sorts: AnswerWords['sorts'] | undefined,
  past?: () => Promise<Pick<PastConversations, 'list'>>,
): Promise<readonly FoundAnswer[]> {
  const own = past?.().then(
    async their => askedBefore(question, (await their.list()) ?? [], facts.visitor.locale),
    () => null,
  )
  const articles = answering(question, facts, search, sorts)
  const asked = await own?.catch(() => null)
  return asked ? [{ asked }, ...(await articles.catch(() => []))].slice(0, MOST) : articles
}

async function answering(
  question: string,
  facts: Facts,
  search: Pick<SearchProvider, 'passages'>,
  sorts: AnswerWords['sorts'] | undefined,
): Promise<readonly FoundArticle[]> {
  const passages = await search.passages(question, facts, LOOKED_AT)
  const byArticle = new Map<string, Passage[]>()
  for (const passage of passages)
    byArticle.set(passage.articleId, [...(byArticle.get(passage.articleId) ?? []), passage])
  return [...byArticle.values()]
    .flatMap(ofOne => {
      const found = groundedAnswer(question, ofOne, { sorts: sorts ?? [] })
      const cited = found.kind === 'answer' ? found.citations[0] : undefined
      return found.kind === 'answer' && cited ? [{ ...cited, sure: found.confidence }] : []
    })
    .sort((a, b) => b.sure - a.sure)
    .slice(0, MOST)
    .map(({ articleId, title, headingId, headingText }) => ({
      articleId,
      title,
      ...(headingId && { headingId }),
      ...(headingText && { headingText }),
    }))
}
