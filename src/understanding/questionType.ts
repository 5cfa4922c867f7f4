// What kind of question a text asks, read from its own words. Pure; the words are the language's. What no sign tells is
// a `statement`, which lifts nothing and hides nothing.

import { ENGLISH_QUESTIONS } from './languages/enQuestions'
import type { QuestionWords } from './languages/language'
import type { QuestionType } from './understand'

/** @returns the type of question that a text asks; half-typed text is read for what is there */
export function createQuestionType(words: QuestionWords): (text: string) => QuestionType {
  const signs = words.map(([type, sign]) => [type, new RegExp(sign)] as const)
  return text => {
    const said = text.toLowerCase().replace(/['’]/g, '')
    return signs.find(([, sign]) => sign.test(said))?.[0] ?? 'statement'
  }
}

/** For the search, which ranks in the language of its index and lifts where English is asked. */
export const questionTypeOf = createQuestionType(ENGLISH_QUESTIONS)
