// What is offered before a message is left: articles by the bot's own measure.

import { expect, test } from 'vitest'
import { answersFirst } from '../../../src/assistant/answersFirst'
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
  expect(found.map(({ articleId }) => articleId)).toEqual(['b', 'a'])
  expect(found[0]).toEqual({
    articleId: 'b',
    title: 'The fee of a withdrawal',
    headingId: 'how-much',
    headingText: 'How much it is',
  })
})

test('nothing that the bot would not have answered with', async () => {
  expect(await of(passage('a', 0.05, 'Cats sleep most of the day.'))).toEqual([])
  expect(await of()).toEqual([])
})
