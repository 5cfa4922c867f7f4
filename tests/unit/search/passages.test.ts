// The part of an article that answers, and what is told of it: how surely, of which shape, with which words met.

import { describe, expect, test } from 'vitest'
import { readIndex } from '../../../src/knowledge/assembleIndex'
import { buildIndex } from '../../../src/knowledge/buildIndex'
import { fromMarkdown } from '../../../src/knowledge/fromMarkdown'
import { sectionsOf } from '../../../src/knowledge/plainText'
import { searchable } from '../../../src/search/expansion'
import { everydayIn, passagesOf, tellingWords } from '../../../src/search/passages'
import { rank } from '../../../src/search/ranking'
import { near } from '../../../src/search/typos'
import { factsAt, sketch } from './shelf'

const content = fromMarkdown(`Documents are kept as briefly as the law allows.

## How long they are kept

| What | How long |
| --- | --- |
| Selfie | 30 days |
| Passport | 90 days |

## Delete them

1. Open **Settings**.
2. Choose *Delete*.

- A list

> **Note** Gone is gone.
`)
const article = sketch({ id: 'docs/kept', title: 'How we keep documents', sections: sectionsOf(content) })
const other = sketch({
  id: 'fees',
  title: 'Fees',
  sections: [{ headingId: '', headingText: '', text: 'The fee.' }],
})
const index = buildIndex([article, other], {
  locale: 'en',
  synonyms: [{ from: 'erase', to: ['delete'] }],
})
const where = searchable(readIndex(JSON.parse(JSON.stringify(index))), near)

async function passagesFor(question: string) {
  const item = rank([where], `${question} `, factsAt(), true).find(({ row }) => row.id === 'docs/kept')
  if (!item) return []
  return passagesOf(item, { content }, await everydayIn('en'))
    .map(({ passage }) => passage())
    .sort((a, b) => b.score - a.score)
}

test('steps, rows, items and notes are told from paragraphs, a letter a line', async () => {
  const [kept] = await passagesFor('how long is the selfie kept')
  expect(kept).toMatchObject({ headingId: 'how-long-they-are-kept', shape: 'hrr' })
  const [erase] = await passagesFor('delete settings note')
  expect(erase).toMatchObject({ headingId: 'delete-them', shape: 'ssin' })
})

test('each word of the question has a weight and the words that stand for it: forms, synonyms, typos', async () => {
  const [best] = await passagesFor('how do I erase my pasport today')
  const asked = new Map(best?.asked?.map(({ word, as }) => [word, as]))
  const [named] = await passagesFor('erase')
  expect(named?.asked).toEqual([{ word: 'erase', weight: 1, as: ['delete'] }])
  expect(asked.get('today')).toEqual([])
  const typo = (await passagesFor('pasport')).find(({ headingId }) => headingId === 'how-long-they-are-kept')
  expect(typo?.asked?.[0]?.as).toEqual(['passport'])
  const sum = best?.asked?.reduce((all, { weight }) => all + weight, 0)
  expect(sum).toBeCloseTo(1, 1)
})

test('words of any talk weigh little beside those of the matter', async () => {
  const [best] = await passagesFor('maybe telescope selfie days')
  const weights = new Map(best?.asked?.map(({ word, weight }) => [word, weight]))
  expect(weights.get('maybe')).toBeLessThan((weights.get('telescope') ?? 0) / 2)
})

test('what an article says next to nothing of gives no passage', async () => {
  expect(await passagesFor('quantum chromodynamics')).toEqual([])
})

test('another language has no everyday words of English', async () => {
  expect((await everydayIn('de')).size).toBe(0)
  expect((await everydayIn('en-GB')).has('maybe')).toBe(true)
})

test('a heading may be called "Constructor"', async () => {
  const text = fromMarkdown('Classes.\n\n## Constructor\n\nThe constructor takes a selfie.\n')
  const [item] = rank([where], 'constructor selfie ', factsAt(), true)
  if (!item) throw new Error('nothing is found')
  expect(passagesOf(item, { content: text }).map(({ passage }) => passage().headingId)).toEqual([
    'constructor',
  ])
})

describe('a long message', () => {
  const filler = Array.from({ length: 600 }, (_, i) => `chatter${i}`).join(' ')
  const message = `${filler} how long do you keep my passport documents please delete them`

  test('is looked up by the words that say most, wherever they stand', () => {
    const where = searchable(readIndex(index), near)
    const asked = tellingWords(where, message).split(' ')
    expect(asked).toHaveLength(32)
    expect(asked).toEqual(expect.arrayContaining(['passport', 'documents', 'delete']))
    rank([where], `${asked.join(' ')} `, factsAt(), true)
    expect(where.expansions.size).toBeLessThanOrEqual(32)
    expect(where.texts.has(message)).toBe(false)
  })

  test('as long as people ask, it is looked up as it stands', () => {
    const question = 'How long do you keep my passport?'
    expect(tellingWords(searchable(readIndex(index), near), question)).toBe(question)
  })
})
