// A question that leans on the one before it, made whole: "and for PayPal?", "how long does that take?", "what does
// the second one cost?". And a message of several questions, taken apart. Pure; the words are the language's.

import type { TalkWords } from './languages/language'
import { contentStems, plain, stem } from './normalise'

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
/** So many words of its own, and a message can be understood by itself. */
const ENOUGH_WORDS = 3

/** A word, as a pattern. */
const WORD = '[\\p{L}\\p{N}-]+'

const pattern = (source: string, flags = 'iu') => new RegExp(source, flags)

const trimmed = (text: string) => text.replace(/[?.!\s]+$/, '').trim()

/** @param everyday  words of any talk, apart by spaces: none of them is what a message is about */
export function createTalk(words: TalkWords, everyday = ''): Talk {
  const usual = new Set(everyday.split(' ').map(stem))
  const { goesOn: onwards, articles, questionStart, politeness } = words
  const starts = pattern(`^(?:(?:${onwards})[ ,]+)+`)
  const about = pattern(`^(?:${words.about})\\s+`)
  const pointing = pattern(`\\b(?:${words.pointing})\\b`)
  const pointless = pattern(`\\b(?:${words.pointsAtNothing})\\b`, 'giu')
  const thing = `\\b(?:${articles}) (?:${WORD} ){0,2}`
  // "My payout failed and it says …": what it means was named a clause before.
  const namedBefore = pattern(`${thing}.*(?:[,.;:]|\\b(?:${onwards})\\b)`)
  const lastThing = pattern(`${thing}(${WORD})$`)
  const opening = pattern(`^(?:${words.opening})+`)
  const phrase = pattern(
    `\\b(?:${words.prepositions}) (?:(?:${articles}) )?${WORD}(?: ${WORD}){0,2}?(?= (?:${words.verbs})\\b|[?.!,;]|$)`,
  )
  const ordinal = pattern(`\\b(?:the )?(${words.ordinals.join('|')})(?: (?:${words.ones}))?\\b`)
  const either = pattern(`[:,]? (?:${words.either}) `)
  const asks = pattern(`^(?:${questionStart})\\b`)
  const small = (['hello', 'thanks', 'bye'] as const).map(
    kind =>
      [kind, pattern(`^(?:(?:${onwards})[ ,]+)*(?:${words[kind]})(?:[ ,!.]+(?:${politeness}))*$`)] as const,
  )
  const nextQuestion = pattern(`[,;]? (?:${words.and})[, ]+(?=(?:${questionStart})\\b)`)

  const smallTalk: Talk['smallTalk'] = text => {
    const said = trimmed(plain(text))
    return small.find(([, whole]) => whole.test(said))?.[0]
  }
  /** "A or B" of the question before: what "the second one" is. */
  const named = (rest: string, question: string): string => {
    const [found, word = ''] = ordinal.exec(rest) ?? []
    const place = words.ordinals.indexOf(word.toLowerCase())
    const parts = question.split(either)
    const part = parts[1] && parts[place]
    // The first part carries the beginning of the question; its last words are what it names.
    return found && part ? rest.replace(found, place ? part : part.split(' ').slice(-3).join(' ')) : rest
  }
  /** "the other contract", "an order": the question before, with this for the thing that it was about. */
  const inPlaceOf = (rest: string, question: string): string | undefined => {
    const found = lastThing.exec(rest)
    if (found?.index !== 0 || pointing.test(rest)) return undefined
    const place = pattern(`${thing}?${found[1]}(?!${WORD})`).exec(question) ?? lastThing.exec(question)
    return place ? question.replace(place[0], rest) : undefined
  }
  return {
    wholeQuestions(text, topic) {
      const alone: WholeQuestion = { text, isAbout: [] }
      if (!topic) return [alone]
      const begun = text.replace(opening, '')
      const goesOn = starts.test(begun) || about.test(begun)
      const said = trimmed(begun.replace(starts, '').replace(about, ''))
      const before = trimmed(topic.question)
      const rest = named(said, before)
      const isQuestion = asks.test(rest)
      const meant = rest.replace(pointless, '')
      const { index } = pointing.exec(meant) ?? {}
      const points = index !== undefined && !namedBefore.test(meant.slice(0, index))
      const isAbout = contentStems(rest)
      const own = isAbout.filter(word => !usual.has(word)).length
      const mended = rest === said ? inPlaceOf(rest, before) : rest
      const hasMuch = isAbout.length >= ENOUGH_WORDS
      if (!mended && !points && (goesOn ? isQuestion && own >= ENOUGH_WORDS : hasMuch)) return [alone]
      const completed = [
        ...(mended ? [mended] : []),
        ...(isQuestion
          ? [`${rest} ${topic.title}`, `${rest} ${before}`]
          : [
              `${before.replace(phrase, '').replace(/ +/g, ' ').trim()} ${rest}`,
              `${before} ${rest}`,
              `${rest} ${topic.title}`,
            ]),
      ].map(each => ({ text: `${each}?`, isAbout, points: goesOn || points }))
      const isWhole =
        (own && hasMuch) ||
        (!points && (meant !== rest || (goesOn ? isQuestion && own > 1 : own > (isQuestion ? 0 : 1))))
      // What says enough by itself is first taken at its word.
      return isWhole && !mended ? [alone, ...completed] : [...completed, alone]
    },
    smallTalk,
    questionsOf(text) {
      const said = text.replace(opening, '')
      const parts = said
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
      if (questions.length < 2 || questions.length > MAX_QUESTIONS) return [said]
      if (lead) questions.push(`${questions.pop()} ${lead.trim()}`)
      return questions
    },
  }
}
