// Frustration with a model beside the lists: what is heard, what is not, and which words are named.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { english } from '../../../src/understanding/languages/en'
import { loadToneModel } from '../../../src/understanding/languages/language'
import { plain, wordsOf } from '../../../src/understanding/normalise'
import { createTone, soundsAngry, type ToneModel } from '../../../src/understanding/tone'
import { withMarks } from '../../../src/understanding/toneModel'
import { workMs } from '../../support/workMs'

const model = await loadToneModel('en')
const read = createTone(english.tone, () => model)

test.each([
  'You are useless',
  'my card was declined for the THIRD time, this is ridiculous!!!',
  'This is useless! Stop asking me things and get it sorted',
  'I hate this stupid app',
  'worst service ever, I am so disappointed',
  // Words that no list has and few comments hold.
  'Absolute rip-off, what an appalling company',
])('"%s" is angry', text => {
  expect(soundsAngry(read(text))).toBe(true)
  expect(read(text).evidence).not.toEqual([])
})

test('from where on is the model’s to say: so that few ordinary questions are angry; without it, the lists’', () => {
  const listed = createTone(english.tone)
  expect(listed('not happy').angryFrom).toBeUndefined()
  expect(soundsAngry(listed('you are useless'))).toBe(true)
  expect(read('not happy').angryFrom).toBe(model?.angryFrom)
  expect(soundsAngry({ ...read('hello'), frustration: 0.5, angryFrom: 0.51 })).toBe(false)
  expect(soundsAngry({ ...read('hello'), frustration: 0.5, angryFrom: 0.5 })).toBe(true)
})

test.each([
  'How do I report a scam?',
  'A client scammed me. Will you ban him?',
  'There is a charge that I do not recognise',
  'HOW DO I ADD A BANK ACCOUNT',
  'no',
  'no, that is not it',
  'no, it is not in the spam folder',
  'My payment failed, what should I do?',
  'Thanks, that worked!!',
])('"%s" is not', text => {
  expect(soundsAngry(read(text))).toBe(false)
})

describe('with or without a model', () => {
  test('the lists are heard while the model has not come, and both once it has', () => {
    let late: ToneModel | null = null
    const readLate = createTone(english.tone, () => late)
    const text = 'the quality sucks and the colours are ugly'
    expect(readLate(text).frustration).toBe(0)
    late = model
    expect(readLate(text).frustration).toBeGreaterThan(0.5)
    expect(readLate(text).evidence).toContain('sucks')
  })
  test('frustration is a share, and evidence stands in the text, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        const { frustration, evidence } = read(`${text} you are all useless and I hate it`)
        expect(frustration >= 0 && frustration <= 1).toBe(true)
        const written = plain(`${text} you are all useless and I hate it`)
        for (const word of evidence) expect(written).toContain(plain(word))
      }),
    )
  })
  test('a language without a model has none', async () => {
    expect(await loadToneModel('de')).toBeNull()
    expect(await loadToneModel('constructor')).toBeNull()
  })
})

test('marks, faces, capitals and drawn letters are words to the model', () => {
  expect(wordsOf(withMarks('WHERE IS IT?!'))).not.toEqual(wordsOf(withMarks('where is it')))
  expect(withMarks('sooo slow')).toContain('soo slow')
  expect(withMarks('still waiting :(')).toContain('qfrown')
  expect(withMarks('fine :)')).toContain('qsmile')
})

test('a page that is pasted is read in a moment', () => {
  const { ms } = workMs(() => read('why does this useless thing never work! '.repeat(5_000)))
  expect(ms).toBeLessThan(500)
})
