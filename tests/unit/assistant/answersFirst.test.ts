// What is offered before a message is left: articles by the bot's own measure.

import { expect, test } from 'vitest'
import { answersFirst } from '../../../src/assistant/answersFirst'
import type { PastConversations } from '../../../src/assistant/pastConversations'
import type { PastConversation } from '../../../src/protocol/deskRecords'
import type { Passage } from '../../../src/search/searchProvider'

const FACTS = {
  page: { url: '', route: '', title: '', name: '', headings: [], language: 'en', data: {} },
  visitor: { locale: 'en', attributes: {} },
}
const passage = (articleId: string, score: number, text: string): Passage => ({
  articleId,
  title: 'The fee of a withdrawal',
  headingId: 'how-much',
  headingText: 'How much it is',
  text,
  score,
  known: 1,
})
const QUESTION = 'What is the fee of a withdrawal?'
const TEXT = 'The fee of a withdrawal is two percent, and at least one euro.'
const of = (...passages: readonly Passage[]) =>
  answersFirst(QUESTION, FACTS, { passages: async () => passages }, undefined)

test('one line an article, the surest first, two at most, each with the section that answers', async () => {
  const found = await of(
    passage('a', 0.9, TEXT),
    passage('b', 0.97, TEXT),
    passage('a', 0.8, TEXT),
    passage('c', 0.85, TEXT),
  )
  expect(found.map(answer => 'articleId' in answer && answer.articleId)).toEqual(['b', 'a'])
  expect(found[0]).toEqual({
    articleId: 'b',
    title: 'The fee of a withdrawal',
    headingId: 'how-much',
    headingText: 'How much it is',
  })
})

const listing = (list: PastConversations['list']) => async () => ({ list })
const ASKED: PastConversation = {
  conversationId: 'conversation-7',
  phase: 'ended',
  lastAt: 5,
  head: 9,
  question: 'what is the fee of withdrawals',
  ticketNumber: 1_007,
  agentName: 'Noor',
  ticketStatus: 'solved',
}

test('a ticket of one’s own that was solved and asked the same goes first; articles after it, two in all', async () => {
  const search = { passages: async () => [passage('a', 0.9, TEXT), passage('b', 0.8, TEXT)] }
  const found = await answersFirst(
    QUESTION,
    FACTS,
    search,
    undefined,
    listing(async () => [ASKED]),
  )
  expect(found[0]).toEqual({ asked: ASKED })
  expect(found).toHaveLength(2)
})

test('the list of own tickets takes nothing away: neither where the server is silent nor where the search is', async () => {
  const search = { passages: async () => [passage('a', 0.9, TEXT)] }
  const offline = () => Promise.reject(new Error('offline'))
  for (const past of [listing(async () => null), listing(offline), offline])
    expect(await answersFirst(QUESTION, FACTS, search, undefined, past)).toHaveLength(1)
  const silent = { passages: () => Promise.reject(new Error('no index')) }
  expect(
    await answersFirst(
      QUESTION,
      FACTS,
      silent,
      undefined,
      listing(async () => [ASKED]),
    ),
  ).toEqual([{ asked: ASKED }])
  await expect(answersFirst(QUESTION, FACTS, silent, undefined)).rejects.toThrow('no index')
})

test('nothing that the bot would not have answered with', async () => {
  expect(await of(passage('a', 0.05, 'Cats sleep most of the day.'))).toEqual([])
  expect(await of()).toEqual([])
})
