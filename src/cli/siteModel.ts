// The model of a site: which flow, or which intent of its own, a message is. Made of the flows' `startsWith` and the
// site's example sentences; titles and questions of articles that no flow quotes stand for what is none of them.

import type { Flow } from '../bot/flow'
import { wordsOf } from '../understanding/normalise'
import { checkExamples, type PlacedExample } from '../understanding/training/examples'
import { type Training, trainModel } from '../understanding/training/trainModel'
import type { Finding } from './findings'
import type { HelpArticle } from './helpFolder'

export interface SiteModel {
  /** Null: there is nothing to learn, or nothing can be learnt from it. The findings say why. */
  readonly training: Training | null
  readonly findings: readonly Finding[]
}

/**
 * @param flows     those that make sense
 * @param intents   as `readIntents` read them
 * @param articles  those that anybody may read
 * @param locale    the site's own
 */
export function trainSiteModel(
  flows: readonly Flow[],
  intents: readonly PlacedExample[],
  articles: readonly HelpArticle[],
  locale: string,
): SiteModel {
  const ofFlows = flows.flatMap(({ id, startsWith }) =>
    startsWith.map(text => ({ text, label: id, file: `flow "${id}"`, line: 1 })),
  )
  const outside = questionsOf(articles, flows, locale)
  const isAlone = new Set([...ofFlows, ...intents].map(({ label }) => label)).size === 1 && ofFlows.length > 0
  const { examples, problems } = checkExamples([
    ...ofFlows,
    ...intents,
    ...(isAlone ? anythingElse(outside, ofFlows) : []),
  ])
  const findings = problems.map(
    ({ file, line, sentence }): Finding => ({ kind: 'intents', file, line, sentence }),
  )
  if (!examples.length || problems.some(({ isSerious }) => isSerious)) return { training: null, findings }
  return {
    training: trainModel(examples, { locale, sure: ofFlows, ...(outside.length && !isAlone && { outside }) }),
    findings,
  }
}

/** What people say to any help, for a site whose only flow has nothing to be told from. */
const SMALL_TALK =
  'hello; thank you; who are you; what can you do; how does this work; where do I find the settings; ' +
  'what does it cost; I have a question; something else; tell me a joke; what time is it; can you help me'

/** Under a name of its own, which no flow has: see `createIntents`. */
function anythingElse(
  outside: readonly string[],
  ofFlows: readonly PlacedExample[],
): readonly PlacedExample[] {
  const own = new Set(ofFlows.map(({ text }) => wordsOf(text).join(' ')))
  return [...SMALL_TALK.split('; '), ...outside]
    .filter(text => !own.has(wordsOf(text).join(' ')))
    .map(text => ({ text, label: '', file: 'what is not for the flow', line: 1 }))
}

/** What visitors ask that no flow is about. */
function questionsOf(
  articles: readonly HelpArticle[],
  flows: readonly Flow[],
  locale: string,
): readonly string[] {
  const quoted = new Set(
    flows.flatMap(({ steps }) =>
      Object.values(steps).flatMap(step => ('article' in step ? [step.article.replace(/#.*/, '')] : [])),
    ),
  )
  return articles
    .map(({ article }) => article)
    .filter(({ id, locale: own }) => own === locale && !quoted.has(id))
    .flatMap(({ title, questions }) => [title, ...questions])
}
