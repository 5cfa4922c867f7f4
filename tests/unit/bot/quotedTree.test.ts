// A quote is drawn as its article has it, and says no word more.

import { describe, expect, test } from 'vitest'
import { quotedTree } from '../../../src/bot/quotedTree'
import type { ContentTree } from '../../../src/knowledge/contentTree'
import { fromMarkdown } from '../../../src/knowledge/fromMarkdown'
import { inlineText } from '../../../src/knowledge/plainText'

const article = fromMarkdown(`Every payment has a fee. Clients pay none.

## What you pay {#pay}

The **fee** is [10 %](https://workmere.example/fees) of each payment. It is \`taken at once\`. A *team* pays less.

1. Open **Payments**.
2. Open Payments.
3. Press *Fees*.

- Cards
- Bank accounts

| Plan | Fee | Note |
| --- | --- | --- |
| Basic | 10 % | |
| Team | 8 % | by [request](https://workmere.example/teams) |

## Refunds {#refunds}

A **fee** is paid back with its payment.

\`\`\`
GET /fees
GET /refunds
\`\`\`

> The bank may keep its own.
`)

const idOf = (name: string) => {
  const heading = article.find(block => block.t === 'h' && block.c.join('').startsWith(name))
  return heading?.t === 'h' ? heading.id : ''
}
/** Null where it says less than the sentences. */
const drawn = (sentences: readonly string[], name = 'What you pay') => {
  const left = [...sentences]
  const tree = quotedTree(article, name && idOf(name), left)
  return left.length ? null : tree
}

test('what stands before the first heading is nobody’s section but the article’s', () => {
  expect(drawn(['Clients pay none.'], '')).toEqual([{ t: 'p', c: ['Clients pay none.'] }])
  expect(drawn(['Clients pay none.'])).toBeNull()
})

describe('marks', () => {
  test('stay on what is quoted of a paragraph, and go with what is not', () => {
    expect(drawn(['The fee is 10 % of each payment.', 'It is taken at once.'])).toEqual([
      {
        t: 'p',
        c: [
          'The ',
          { t: 'b', c: ['fee'] },
          ' is ',
          { t: 'a', href: 'https://workmere.example/fees', c: ['10 %'] },
          ' of each payment.',
          ' ',
          'It is ',
          { t: 'code', x: 'taken at once' },
          '.',
        ],
      },
    ])
    expect(drawn(['A team pays less.'])).toEqual([
      { t: 'p', c: ['A ', { t: 'i', c: ['team'] }, ' pays less.'] },
    ])
  })

  test('a sentence between two that are quoted is not said with them', () => {
    const [paragraph] = drawn(['The fee is 10 % of each payment.', 'A team pays less.']) ?? []
    expect(paragraph?.t === 'p' && inlineText(paragraph.c)).toBe(
      'The fee is 10 % of each payment. A team pays less.',
    )
  })

  test('a list is a list, with the numbers that its steps have', () => {
    expect(drawn(['Press Fees.'])).toEqual([
      { t: 'ol', start: 3, c: [[{ t: 'p', c: ['Press ', { t: 'i', c: ['Fees'] }, '.'] }]] },
    ])
    expect(drawn(['Cards', 'Bank accounts'])).toEqual([
      { t: 'ul', c: [[{ t: 'p', c: ['Cards'] }], [{ t: 'p', c: ['Bank accounts'] }]] },
    ])
  })

  test('of a table stand the rows that are quoted, under its head', () => {
    const head = [['Plan'], ['Fee'], ['Note']]
    const team = [
      ['Team'],
      ['8 %'],
      ['by ', { t: 'a', href: 'https://workmere.example/teams', c: ['request'] }],
    ]
    const rows = (sentences: readonly string[]) => drawn(sentences)
    expect(rows(['Plan | Fee | Note', 'Team | 8 % | by request'])).toEqual([
      { t: 'table', head, rows: [team] },
    ])
    expect(rows(['Basic | 10 %', 'Team | 8 % | by request'])).toEqual([
      { t: 'table', head, rows: [[['Basic'], ['10 %'], []], team] },
    ])
  })

  test('code and quotes stay what they are', () => {
    expect(drawn(['GET /refunds', 'The bank may keep its own.'], 'Refunds')).toEqual([
      { t: 'pre', x: 'GET /refunds' },
      { t: 'quote', c: [{ t: 'p', c: ['The bank may keep its own.'] }] },
    ])
  })
})

test.each<readonly [string, string, readonly string[], ContentTree]>([
  [
    'a sentence that comes twice',
    '**No.** Why? No.',
    ['No.', 'No.'],
    [{ t: 'p', c: [{ t: 'b', c: ['No.'] }, ' ', 'No.'] }],
  ],
  [
    'a mark over two sentences',
    '**Wait. Then pay.**',
    ['Wait.'],
    [{ t: 'p', c: [{ t: 'b', c: ['Wait.'] }] }],
  ],
  [
    'a step of a list that begins later',
    '5. Pay\n6. Wait',
    ['Wait'],
    [{ t: 'ol', start: 6, c: [[{ t: 'p', c: ['Wait'] }]] }],
  ],
  [
    'the head of a table',
    '| Plan |\n| --- |\n| Team |',
    ['Plan'],
    [{ t: 'table', head: [['Plan']], rows: [] }],
  ],
])('%s is drawn as it is', (_, markdown, sentences, tree) => {
  const left = [...sentences]
  expect([quotedTree(fromMarkdown(markdown), undefined, left), left]).toEqual([tree, []])
})

test('several blocks are quoted in their order', () => {
  const tree = drawn(['A team pays less.', 'Open Payments.', 'Open Payments.', 'Press Fees.', 'Cards'])
  expect(tree?.map(({ t }) => t)).toEqual(['p', 'ol', 'ul'])
})

describe('something is left, where', () => {
  test.each([
    ['a sentence is not there', ['There is no fee.']],
    ['it is there in another section', ['A fee is paid back with its payment.']],
    ['it is only a word of an item', ['Bank']],
    ['it is half a row', ['Team | 8 %']],
    ['they stand in another order', ['Bank accounts', 'Cards']],
  ])('%s', (_, sentences) => {
    expect(drawn(sentences)).toBeNull()
  })
})
