// Frustration and urgency, read from a person's words, with the words as evidence. Pure.
// A list that a support lead can read and argue with; the words decide, never who the visitor is.

import { plain } from './normalise'

interface Tone {
  /** 0 … 1 */
  readonly frustration: number
  /** 0 … 1 */
  readonly urgency: number
  readonly evidence: readonly string[]
}

const STRONG =
  /\b(?:furious|outrage\w*|unacceptable|ridiculous|scam\w*|fraud|useless|terrible|horrible|worst|disgust\w*|stupid|damn|bloody|fuck\w*|shit\w*|wtf|rip ?off|robbed|stole my|liars?|fed up|sick of|waste of (?:my )?time)\b/g
const MILD =
  /\b(?:annoy\w*|frustrat\w*|disappoint\w*|angry|upset|unhappy|still (?:not|no|waiting|hasn't|haven't|nothing)|again and again|keeps? (?:failing|happening)|nobody (?:answers|helps)|no one (?:answers|helps)|not helpful|doesn't help|third time|second time|for (?:days|weeks|months))\b/g
const URGENT =
  /\b(?:urgent\w*|asap|emergency|immediately|right now|right away|at once|as soon as possible|deadline|due (?:today|tomorrow)|by (?:today|tomorrow|tonight)|can't wait|cannot wait|hurry|rent|eviction)\b/g

export function readTone(text: string): Tone {
  const words = plain(text)
  const strong = words.match(STRONG) ?? []
  const mild = words.match(MILD) ?? []
  const urgent = words.match(URGENT) ?? []
  // Words in capitals shout, but W-7731 and USD do not: four letters or more, and two of them.
  const shouted = text.slice(0, 2_000).match(/\b[A-Z]{4,}\b/g) ?? []
  const shouts = shouted.length > 1 ? shouted.slice(0, 2) : []
  const marks = text.match(/[!?]{2,}/)?.slice(0, 1) ?? []
  return {
    frustration: Math.min(
      1,
      strong.length * 0.6 + mild.length * 0.3 + (shouts.length && 0.3) + marks.length * 0.2,
    ),
    urgency: Math.min(1, urgent.length * 0.6),
    evidence: [...new Set([...strong, ...mild, ...urgent, ...shouts, ...marks])],
  }
}
