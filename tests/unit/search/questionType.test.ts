import { expect, test } from 'vitest'
import { questionTypeOf } from '../../../src/understanding/questionType'

test.each([
  ['How do I add a card?', 'howto'],
  ['steps to close a contract', 'howto'],
  ['Why was my card declined?', 'why'],
  ["I can't log in", 'why'],
  ['upload fails', 'why'],
  ['my camera is not working', 'why'],
  ['Where do I change my address?', 'where'],
  ['Where is my money?', 'status'],
  ['How long does a withdrawal take?', 'status'],
  ['Am I allowed to have two accounts', 'permission'],
  ['Can I invite a colleague', 'permission'],
  ['How much does it cost?', 'policy'],
  ['refund', 'policy'],
  ['payment card', 'statement'],
  ['', 'statement'],
])('%j is of type %s', (text, type) => {
  expect(questionTypeOf(text)).toBe(type)
})
