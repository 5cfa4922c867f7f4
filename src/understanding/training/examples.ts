// What examples must be before a model is made of them, each mistake as a sentence with the place to mend it.

import { describe } from '../../base/errors'
import { FEWEST_EXAMPLES, GOOD_EXAMPLES } from '../enoughExamples'
import { wordsOf } from '../normalise'

export interface PlacedExample {
  readonly text: string
  readonly label: string
  /** File name, and line from 1 where there are lines. */
  readonly file: string
  readonly line?: number
}

export interface ExampleProblem {
  readonly file: string
  readonly line: number
  /** What, got, fix. */
  readonly sentence: string
  /** Without these examples a model can be made; with the others it cannot. */
  readonly isSerious: boolean
}

export interface CheckedExamples {
  /** Those that say something, each once. */
  readonly examples: readonly PlacedExample[]
  readonly problems: readonly ExampleProblem[]
}

/** @returns what can be learnt from, in the order given, and every mistake; a serious one means: train nothing */
export function checkExamples(all: readonly PlacedExample[]): CheckedExamples {
  const problems: ExampleProblem[] = []
  const say = ({ file, line }: PlacedExample, sentence: string, isSerious = false) =>
    problems.push({ file, line: line ?? 1, sentence, isSerious })
  const first = new Map<string, PlacedExample>()
  const examples: PlacedExample[] = []
  for (const example of all) {
    const words = wordsOf(example.text).join(' ')
    const before = first.get(words)
    if (!words)
      say(
        example,
        `an example must have words, got ${describe(example.text)}. Write what a visitor would type.`,
      )
    else if (!before) {
      first.set(words, example)
      examples.push(example)
    } else if (before.label !== example.label)
      say(
        example,
        `an example must belong to one intent, got ${describe(example.text)} for "${example.label}" and, in ${before.file}, for "${before.label}". Keep it where visitors mean it, or join the two intents.`,
        true,
      )
  }
  const counts = new Map<string, number>()
  for (const { label } of examples) counts.set(label, (counts.get(label) ?? 0) + 1)
  for (const [label, count] of counts) {
    const example = examples.find(one => one.label === label)
    if (count < FEWEST_EXAMPLES && example)
      say(
        example,
        `an intent needs ${FEWEST_EXAMPLES} examples or more, got ${count} for "${label}". Add sentences as visitors write them; ${GOOD_EXAMPLES} are a good start.`,
      )
  }
  const [only] = examples
  if (counts.size === 1 && only)
    say(
      only,
      `there must be two intents or more, got "${only.label}" alone. Everything would be taken for it; add another intent or flow.`,
      true,
    )
  return { examples, problems }
}
