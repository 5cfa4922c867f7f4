// What a site's model says of a message, as the bot weighs it: the intents that it may be, each as likely as it is
// that the message is any of them at all. Pure.

import type { LinearModel } from './linearModel'

export interface ScoredIntent {
  readonly name: string
  /** 0 … 1; 0.5 is the line between "this" and "perhaps". */
  readonly confidence: number
}

/** More than a visitor is ever offered. */
const MOST = 5
const LEAST_CONFIDENCE = 0.1
/**
 * Of four messages to a bot about one is what a flow is for; the rest are for articles, a person or nobody. A model
 * is fitted as if half were.
 */
const OUTSIDE_FOR_ONE_INSIDE = 2.8

/** @returns best first, at most five, nothing below 0.1; the label `''` stands for what is no intent */
export function createIntents(model: LinearModel): (text: string) => readonly ScoredIntent[] {
  return text => {
    const outside = model.outOfScope(text)
    const inScope = (1 - outside) / (1 - outside + outside * OUTSIDE_FOR_ONE_INSIDE)
    return model
      .predict(text)
      .slice(0, MOST)
      .map(({ label, confidence }) => ({ name: label, confidence: confidence * inScope }))
      .filter(({ name, confidence }) => name && confidence >= LEAST_CONFIDENCE)
  }
}
