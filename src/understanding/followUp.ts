// A question that leans on the one before it, made whole: "and for PayPal?", "how long does that take?", "what does
// the second one cost?". And a message of several questions, taken apart. Pure; the words are the language's.

import type { TalkWords } from './languages/language'
import { contentStems, plain } from './normalise'

/** What was talked about last. */
export interface Topic {
  /** The question as it was answered, whole. */
  readonly question: string
  /** Of the article that answered. */
  readonly title: string
}

export interface WholeQuestion {
  readonly text: string
  /** Stems of what is new in it: an answer that holds none of them answers the question before. */
  readonly isAbout: readonly string[]
  /** It points at what was said, and is likely answered where that stands. */
  readonly points?: boolean
}

export interface Talk {
  /**
   * What `text` may ask, likeliest first: as it stands, or with what it leaves out.
   *
   * @param topic  undefined: nothing was answered yet
   */
  wholeQuestions(text: string, topic: Topic | undefined): readonly WholeQuestion[]
  /** What small talk a message is, if it is nothing else. */
  smallTalk(text: string): 'hello' | 'thanks' | 'bye' | undefined
  /** The questions of a message, each with the statements that lead to it; one that asks once comes back whole. */
  questionsOf(text: string): readonly string[]
}

/** More questions than this in one message are a text to be read by a person. */
const MAX_QUESTIONS = 3
/** Fewer words with a meaning than this lean on something. */
const FEW_WORDS = 3

const trimmed = (text: string) => text.replace(/[?.!\s]+$/, '').trim()

export function createTalk(words: TalkWords): Talk {
  const starts = new RegExp(`^(?:(?:${words.goesOn})[ ,]+)+`, 'i')
  const about = new RegExp(`^(?:${words.about})\\s+`, 'i')
  const pointing = new RegExp(`\\b(?:${words.pointing})\\b`, 'i')
  const phrase = new RegExp(
    `\\b(?:${words.prepositions}) (?:(?:${words.articles}) )?[\\p{L}\\p{N}-]+(?: [\\p{L}\\p{N}-]+){0,2}?(?= (?:${words.verbs})\\b|[?.!,;]|$)`,
    'iu',
  )
  const ordinal = new RegExp(`\\b(?:the )?(${words.ordinals.join('|')})(?: (?:${words.ones}))?\\b`, 'i')
  const either = new RegExp(`[:,]? (?:${words.either}) `, 'i')
  const asks = new RegExp(`^(?:${words.questionStart})\\b`, 'i')
  const alone = (list: string) =>
    new RegExp(`^(?:(?:${words.goesOn})[ ,]+)*(?:${list})(?:[ ,!.]+(?:${words.politeness}))*$`)
  const small = { hello: alone(words.hello), thanks: alone(words.thanks), bye: alone(words.bye) }
  const nextQuestion = new RegExp(`[,;]? (?:${words.and})[, ]+(?=(?:${words.questionStart})\\b)`, 'i')

  /** "A or B" of the question before: what "the second one" is. */
  const named = (rest: string, question: string): string => {
    const found = ordinal.exec(rest)
    const place = found ? words.ordinals.indexOf((found[1] as string).toLowerCase()) : -1
    const parts = trimmed(question).split(either)
    const part = place < parts.length ? parts[place] : undefined
    if (!found || parts.length < 2 || !part) return rest
    // The first part carries the beginning of the question; its last words are what it names.
    return rest.replace(found[0], place ? part : part.split(' ').slice(-3).join(' '))
  }

  return {
    wholeQuestions(text, topic) {
      const alone: WholeQuestion = { text, isAbout: [] }
      if (!topic) return [alone]
      const goesOn = starts.test(text) || about.test(text)
      const said = trimmed(text.replace(starts, '').replace(about, ''))
      const rest = named(said, topic.question)
      const isNamed = rest !== said
      const isAbout = contentStems(rest)
      const isShort = isAbout.length < FEW_WORDS
      const points = pointing.test(rest)
      if (!goesOn && !points && !isShort && !isNamed) return [alone]
      const isQuestion = asks.test(rest)
      const before = trimmed(topic.question)
      const without = before.replace(phrase, '').replace(/ +/g, ' ').trim()
      const completed = (
        isQuestion
          ? [...(isNamed ? [rest] : []), `${rest} ${topic.title}`, `${rest} ${before}`]
          : [`${without} ${rest}`, `${before} ${rest}`, `${rest} ${topic.title}`]
      ).map(each => ({ text: `${each}?`, isAbout, points: points || goesOn }))
      // What says enough by itself is first taken at its word.
      return isNamed || (isShort && (goesOn || points || !isQuestion))
        ? [...completed, alone]
        : [alone, ...completed]
    },
    smallTalk(text) {
      const said = trimmed(plain(text))
      return (['hello', 'thanks', 'bye'] as const).find(kind => small[kind].test(said))
    },
    questionsOf(text) {
      const parts = text
        .split(/(?<=[?!.])\s+|\n+/)
        .flatMap(part => (part.length > 20 ? part.split(nextQuestion) : [part]))
        .map(part => part.trim())
        .filter(Boolean)
      const questions: string[] = []
      let lead = ''
      for (const part of parts) {
        if (part.endsWith('?') || asks.test(part.replace(starts, ''))) {
          questions.push(`${lead}${part}`)
          lead = ''
        } else lead += `${part} `
      }
      if (questions.length < 2 || questions.length > MAX_QUESTIONS) return [text]
      if (lead) questions.push(`${questions.pop()} ${lead.trim()}`)
      return questions
    },
  }
}
