// Does a text touch a topic on which only a person may decide? Pure. Topics that the site lists are taken at their
// words; those of the language are told from questions of how such things work: "how do refunds work" is for an
// article, "my refund has not come" is not.

import { padded } from './category'
import type { PolicyWords } from './languages/language'
import { plain } from './normalise'

/** A topic of the site, or what it changes of a topic of the language. */
export interface PolicyTopic {
  readonly topic: string
  /** Words and phrases; forms of a word count as that word. */
  readonly words?: readonly string[] | undefined
  /** The bot may answer this topic of the language after all. */
  readonly off?: boolean | undefined
}

export interface PolicySign {
  readonly topic: string
  /** What of the text says so. */
  readonly evidence: readonly string[]
  /** By words that the site lists itself: no flow goes before them, as one does before the language's. */
  readonly isListed: boolean
}

/** @returns every topic of which a sign is found: the site's in its order, then the language's */
export function createPolicyTopics(
  topics: readonly PolicyTopic[],
  language?: PolicyWords,
): (text: string) => readonly PolicySign[] {
  const listed = topics.map(({ topic, words = [] }) => ({
    topic,
    words: words.map(word => [word, padded(word)] as const),
  }))
  const off = topics.filter(topic => topic.off).map(({ topic }) => topic)
  const cases = language ? createCases(language, off) : () => []
  return text => {
    const row = padded(text)
    const found = listed.flatMap(({ topic, words }) => {
      const evidence = words.filter(([, stems]) => stems.trim() && row.includes(stems)).map(([word]) => word)
      return evidence.length ? [{ topic, evidence, isListed: true }] : []
    })
    return [...found, ...cases(text).filter(({ topic }) => found.every(one => one.topic !== topic))]
  }
}

function createCases(words: PolicyWords, off: readonly string[]): (text: string) => readonly PolicySign[] {
  const sentenceEnd = new RegExp(words.sentenceEnd)
  const clauseEnd = new RegExp(words.clauseEnd)
  const general = new RegExp(words.general)
  const topics = Object.entries(words.topics)
    .filter(([topic]) => !off.includes(topic))
    .map(([topic, patterns]) => [topic, new RegExp(patterns.join('|'))] as const)
  return text => {
    const told = plain(text)
      .split(sentenceEnd)
      .map(sentence =>
        sentence
          .split(clauseEnd)
          .map(clause => clause.trim())
          .filter(clause => !general.test(clause))
          .join(' '),
      )
    return topics.flatMap(([topic, pattern]) => {
      const evidence = told.flatMap(sentence => pattern.exec(sentence)?.slice(0, 1) ?? [])
      return evidence.length ? [{ topic, evidence, isListed: false }] : []
    })
  }
}
