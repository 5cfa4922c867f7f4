// The model of a site: which flow, or which intent of its own, a message is. Made of the flows' `startsWith` and the
// site's example sentences; titles and questions of articles that no flow quotes stand for what is none of them.

import type { Flow } from '../bot/flow'
import { NONE } from '../understanding/linearModel'
import { wordsOf } from '../understanding/normalise'
import { checkExamples, type PlacedExample } from '../understanding/training/examples'
import { type Training, trainModel } from '../understanding/training/trainModel'
import { type BuildCache, sha256 } from './buildCache'
import type { Finding } from './findings'
import type { HelpArticle } from './helpFolder'

export interface SiteModel {
  /** Null: there is nothing to learn, or nothing can be learnt from it. The findings say why. */
  readonly training: Training | null
  readonly findings: readonly Finding[]
  /** It was trained before, of the same examples. */
  readonly isReused: boolean
}

/**
 * @param flows     those that make sense
 * @param intents   as `readIntents` read them
 * @param articles  those that anybody may read
 * @param locale    the site's own
 * @param cache     what was trained before; left out: it is trained anew
 */
export function trainSiteModel(
  flows: readonly Flow[],
  intents: readonly PlacedExample[],
  articles: readonly HelpArticle[],
  locale: string,
  cache?: BuildCache,
): SiteModel {
  const ofFlows = flows.flatMap(({ id, startsWith }) =>
    startsWith.map(text => ({ text, label: id, file: `flow "${id}"`, line: 1 })),
  )
  // A single flow has nothing to be told from: how like its examples a message is must do, and does without a model.
  if (ofFlows.length && new Set([...ofFlows, ...intents].map(({ label }) => label)).size === 1)
    return { training: null, findings: [], isReused: false }
  const { examples, problems } = checkExamples([...ofFlows, ...intents])
  const findings = problems.map(
    ({ file, line, sentence }): Finding => ({ kind: 'intents', file, line, sentence }),
  )
  if (!examples.length || problems.some(({ isSerious }) => isSerious))
    return { training: null, findings, isReused: false }
  const own = new Set(examples.map(({ text }) => wordsOf(text).join(' ')))
  const outside = questionsOf(articles, flows, locale).filter(text => !own.has(wordsOf(text).join(' ')))
  // Evenly over all articles, where there are more than help.
  const step = Math.max(1, outside.length / (OUTSIDE_A_EXAMPLE * examples.length))
  const names = flows.map(({ id, title }) => [id, title] as const)
  const some = outside.filter((_, at) => Math.floor((at + 1) / step) > Math.floor(at / step))
  // All that a model is made of: where its examples stand changes nothing of it.
  const sentences = examples.map(({ text, label }) => ({ text, label }))
  const hash = sha256(JSON.stringify([locale, sentences, names, some]))
  const before = cache?.training(hash)
  const training = before ?? trainModel(sentences, { locale, names: new Map(names), outside: some })
  if (!before) cache?.keepTraining(hash, training)
  // The page has those of flows.
  const isFlow = new Set(flows.map(({ id }) => id))
  const others = training.file.labels
    .filter(label => label !== NONE && !isFlow.has(label))
    .map(name => ({
      name,
      utterances: examples
        .filter(({ label }) => label === name)
        .slice(0, EXAMPLES_IN_FILE)
        .map(({ text }) => text),
    }))
  return {
    training: { ...training, file: { ...training.file, ...(others.length && { examples: others }) } },
    findings,
    isReused: before !== undefined,
  }
}

/** Of an intent with more the model knows enough. */
const EXAMPLES_IN_FILE = 15

/** Twice as many made what is near better told; more were not tried, and take their time. */
const OUTSIDE_A_EXAMPLE = 3

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
