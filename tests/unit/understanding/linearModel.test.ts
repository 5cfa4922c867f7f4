// A site's model: what it is made of, what it says, and what it never does.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { featuresOf } from '../../../src/understanding/features'
import { createEvidence, createLinearModel, createReader, NONE } from '../../../src/understanding/linearModel'
import { areaUnderCurve, calibrationError, fitLogistic } from '../../../src/understanding/training/calibrate'
import { checkExamples } from '../../../src/understanding/training/examples'
import { trainModel } from '../../../src/understanding/training/trainModel'
import { demoFlows } from '../bot/scene'

const examples = demoFlows.flatMap(({ id, startsWith }) => startsWith.map(text => ({ text, label: id })))
const { file, report } = trainModel(examples, { locale: 'en' })
const model = createLinearModel(file)

describe('features', () => {
  test('the squares of all values are 1, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text => {
        const squares = [...featuresOf(text).values()].reduce((sum, value) => sum + value * value, 0)
        expect(squares).toBeCloseTo(1, 6)
      }),
    )
  })
  test('case, accents and quotes make no difference; the order of words does', () => {
    expect([...featuresOf('Café, don’t')]).toEqual([...featuresOf("cafe don't")])
    expect([...featuresOf('card lost').keys()]).not.toEqual([...featuresOf('lost card').keys()])
  })
})

describe('a model', () => {
  test('the same examples make the same file', () => {
    expect(trainModel(examples, { locale: 'en' })).toEqual({ file, report })
  })
  test('its file survives JSON, and holds no example', () => {
    const json = JSON.stringify(file)
    const again = createLinearModel(JSON.parse(json))
    for (const { text } of examples) {
      expect(again.predict(text)).toEqual(model.predict(text))
      expect(json).not.toContain(text)
    }
  })
  test('its confidences add up to 1, best first, every label once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), text => {
        const predictions = model.predict(text)
        expect(predictions.map(({ label }) => label).sort()).toEqual([...file.labels].sort())
        expect(predictions.reduce((sum, { confidence }) => sum + confidence, 0)).toBeCloseTo(1, 6)
        for (const [at, { confidence }] of predictions.entries())
          expect(confidence).toBeLessThanOrEqual(predictions[at - 1]?.confidence ?? 1)
        const outside = model.outOfScope(text)
        expect(outside >= 0 && outside <= 1).toBe(true)
      }),
    )
  })
  test('what it knows is less out of scope than what it has never read', () => {
    const known = Math.max(...examples.map(({ text }) => model.outOfScope(text)))
    expect(model.outOfScope('who won the world cup of curling')).toBeGreaterThan(known)
  })
  test('evidence is words of the text that speak for the label', () => {
    const evidence = createEvidence(file)
    expect(evidence('hello there, I have forgotten my password', 'password-reset')).toContain('password')
    expect(evidence('', 'password-reset')).toEqual([])
  })
  test('texts that are none of the labels are learnt as such, and never predicted', () => {
    const outside = [
      'what are the service fees',
      'how do I export my data',
      'change the language of the site',
    ]
    const { file, report } = trainModel(examples, { locale: 'en', outside })
    const read = createLinearModel(file)
    const asked = 'what are your service fees'
    expect(read.outOfScope(asked)).toBeGreaterThan(model.outOfScope(asked))
    expect(read.predict(asked).map(({ label }) => label)).not.toContain(NONE)
    expect(read.predict(asked)).toHaveLength(model.predict(asked).length)
    expect(report.labels.map(({ label }) => label)).not.toContain(NONE)
  })
  test('what a label is called is read as an example of it', () => {
    const asked = 'authentication trouble'
    const names = new Map([['password-reset', 'Trouble with authentication']])
    const share = (of: typeof model) =>
      of.predict(asked).find(({ label }) => label === 'password-reset')?.confidence
    const named = createLinearModel(trainModel(examples, { locale: 'en', names }).file)
    expect(named.predict(asked)[0]?.label).toBe('password-reset')
    expect(share(named)).toBeGreaterThan(share(model) ?? 1)
  })
  test('fewer weights make a smaller file', () => {
    const small = trainModel(examples, { locale: 'en', maxWeights: 500 }).file
    expect(small.weights.length).toBeLessThanOrEqual(500)
    expect(JSON.stringify(small).length).toBeLessThan(JSON.stringify(file).length / 2)
  })
  test('more labels than a digit holds are told apart', () => {
    const many = Array.from({ length: 200 }, (_, at) =>
      ['buy', 'sell', 'mend'].map(verb => ({ text: `${verb} thing${at}x`, label: `l${at}` })),
    ).flat()
    const read = createLinearModel(trainModel(many, { locale: 'en', folds: 2 }).file)
    const right = many.filter(({ text, label }) => read.predict(text)[0]?.label === label)
    expect(right.length / many.length).toBeGreaterThan(0.97)
  })
  test('a text that is known wholly is known more than one that is not', () => {
    const read = createReader(file)
    expect(read('reset my password').known).toBeGreaterThan(read('zxcv qwer').known)
  })
})

test('the report counts each example once, and confusions are those that went wrong', () => {
  expect(report.labels.reduce((sum, { examples: count }) => sum + count, 0)).toBe(examples.length)
  const wrong = report.confusions.reduce((sum, { count }) => sum + count, 0)
  expect(report.accuracy).toBeCloseTo(1 - wrong / examples.length, 9)
})

describe('figures', () => {
  test('area under the curve', () => {
    expect(areaUnderCurve([3, 4], [1, 2])).toBe(1)
    expect(areaUnderCurve([1, 2], [3, 4])).toBe(0)
    expect(areaUnderCurve([1, 1], [1])).toBe(0.5)
    expect(areaUnderCurve([], [1])).toBe(0.5)
  })
  test('calibration error', () => {
    const half = Array.from({ length: 300 }, (_, at) => ({ confidence: 0.5, isRight: at % 2 === 0 }))
    expect(calibrationError(half)).toBe(0)
    expect(calibrationError(half.map(one => ({ ...one, confidence: 0.9 })))).toBeCloseTo(0.4, 9)
    expect(calibrationError([])).toBe(0)
  })
  test('logistic regression finds the share of a group without evidence', () => {
    const rows = Array.from({ length: 40 }, () => [1, 0])
    const [odds = 0] = fitLogistic(
      rows,
      rows.map((_, at) => at < 10),
      rows.map(() => 1),
    )
    expect(1 / (1 + Math.exp(-odds))).toBeCloseTo(0.25, 3)
  })
})

describe('examples', () => {
  const at = (text: string, label: string, line = 1) => ({ text, label, file: `${label}.txt`, line })
  const enough = ['one', 'two', 'three'].flatMap(text => [at(`a ${text}`, 'a'), at(`b ${text}`, 'b')])
  test('good ones have no problem', () => {
    expect(checkExamples(enough)).toEqual({ examples: enough, problems: [] })
  })
  test('one without words is left out, and one that comes twice counts once', () => {
    const { examples: kept, problems } = checkExamples([...enough, at(' ?! ', 'a', 9), at('A ONE!', 'a', 10)])
    expect(kept).toEqual(enough)
    expect(problems).toEqual([
      {
        file: 'a.txt',
        line: 9,
        sentence: 'an example must have words, got " ?! ". Write what a visitor would type.',
        isSerious: false,
      },
    ])
  })
  test('one in two intents is serious, and says where', () => {
    const { problems } = checkExamples([...enough, at('a one', 'b', 7)])
    expect(problems.map(({ line, isSerious }) => ({ line, isSerious }))).toEqual([
      { line: 7, isSerious: true },
    ])
    expect(problems[0]?.sentence).toContain('for "b" and, in a.txt, for "a"')
  })
  test('too few examples are said, one intent alone is serious', () => {
    expect(checkExamples([...enough, at('c', 'c')]).problems[0]?.sentence).toContain('got 1 for "c"')
    expect(checkExamples(enough.filter(({ label }) => label === 'a')).problems).toMatchObject([
      { isSerious: true },
    ])
  })
})
