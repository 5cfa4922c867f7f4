// The floor: what anybody would write in an afternoon. Multinomial logistic regression over tf-idf of words, pairs of
// words and pieces of three and four letters; refuses by its greatest probability.

import type { LinearModel } from '../../../src/understanding/linearModel'
import { softmax } from '../../../src/understanding/linearModel'
import { wordsOf } from '../../../src/understanding/normalise'
import { fit } from '../../../src/understanding/training/fit'
import { toRows } from '../../../src/understanding/training/rows'
import type { Example } from '../../../src/understanding/training/trainModel'

export function trainSimple(
  examples: readonly Example[],
): Pick<LinearModel, 'predict' | 'outOfScope' | 'file'> {
  const labels = [...new Set(examples.map(({ label }) => label))].sort()
  const numbers = new Map<string, number>()
  const names = examples.map(({ text }) => namesOf(text))
  const seenIn: number[] = []
  for (const row of names)
    for (const name of row) {
      const number = numbers.get(name) ?? numbers.size
      numbers.set(name, number)
      seenIn[number] = (seenIn[number] ?? 0) + 1
    }
  const weigh = (row: ReadonlySet<string>) => {
    const values = new Map<number, number>()
    let squares = 0
    for (const name of row) {
      const number = numbers.get(name)
      if (number === undefined) continue
      const value = Math.log((examples.length + 1) / ((seenIn[number] ?? 0) + 1)) + 1
      values.set(number, value)
      squares += value * value
    }
    const length = Math.sqrt(squares) || 1
    for (const [number, value] of values) values.set(number, value / length)
    return values
  }
  const rows = toRows(names.map(weigh), 1)
  const place = new Map(rows.hashes.map((number, feature) => [number, feature]))
  const weights = fit(
    rows,
    examples.map(({ label }) => labels.indexOf(label)),
    labels.length,
    { maxWeights: Number.POSITIVE_INFINITY, passes: 15, leftOut: 0, smoothing: 0, stepSize: 5 },
  )
  const shares = (text: string) => {
    const scores = new Float64Array(labels.length)
    for (const [number, value] of weigh(namesOf(text))) {
      const base = (place.get(number) ?? 0) * labels.length
      for (let label = 0; label < labels.length; label++)
        scores[label] = (scores[label] ?? 0) + value * (weights[base + label] ?? 0)
    }
    return softmax(scores)
  }
  return {
    file: { locale: 'en', labels, thresholds: { outside: 0.5 } },
    predict(text) {
      const all = shares(text)
      return labels
        .map((label, at) => ({ label, confidence: all[at] ?? 0 }))
        .sort((a, b) => b.confidence - a.confidence)
    },
    outOfScope: text => 1 - Math.max(...shares(text)),
  }
}

function namesOf(text: string): ReadonlySet<string> {
  const words = wordsOf(text)
  const names = new Set<string>()
  for (const [at, word] of words.entries()) {
    names.add(word)
    if (at) names.add(`${words[at - 1]} ${word}`)
    const edged = `_${word}_`
    for (const length of [3, 4])
      for (let from = 0; from + length <= edged.length; from++)
        names.add(`#${edged.slice(from, from + length)}`)
  }
  return names
}
