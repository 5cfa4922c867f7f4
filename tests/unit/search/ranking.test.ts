// Ranking as a person judges it: each line is a query, where and who the visitor is, what should stand first, why.
import { describe, expect, test } from 'vitest'
import { readIndex } from '../../../src/knowledge/assembleIndex'
import { buildIndex } from '../../../src/knowledge/buildIndex'
import type { IndexedArticle } from '../../../src/knowledge/indexFile'
import type { Facts } from '../../../src/protocol/facts'
import { type Searchable, searchable, standBeside, understandTypos } from '../../../src/search/expansion'
import { rank } from '../../../src/search/ranking'
import { near } from '../../../src/search/typos'
import { factsAt, shelf, shelfSearchable, sketch } from './shelf'

const where = shelfSearchable()
const first = (query: string, facts: Facts = factsAt()) => rank([where], query, facts)[0]?.row.id

describe('a person would put first', () => {
  const nobody = factsAt()
  const freelancer = factsAt('/', 'Home', 'freelancer')
  const client = factsAt('/', 'Home', 'client')
  test.each<[query: string, facts: Facts, expected: string | undefined, why: string]>([
    ['add a payment card', nobody, 'payments/add-a-card', 'it is the title'],
    ['card', nobody, 'payments/add-a-card', 'the title word beats the body'],
    ['add a pay', nobody, 'payments/add-a-card', 'the title, half typed'],
    ['invo', nobody, 'payments/invoices', 'a word half typed'],
    ['settin up bank', nobody, 'payments/withdraw', 'typed into the middle of an ending'],
    ['invoicse', nobody, 'payments/invoices', 'two neighbours swapped'],
    ['withdrwa', nobody, 'payments/withdraw', 'swapped at the end, while typing'],
    ['contarct', nobody, 'contracts/end', 'swapped in the middle'],
    ['upload profil foto', nobody, 'profile/photo', 'two words of three are right'],
    ['withdrawing earnings', nobody, 'payments/withdraw', 'inflection is not meaning'],
    ['email', nobody, 'account/email', 'written as one, meant as two'],
    ['e-mail adress', nobody, 'account/email', 'title before a mention in a body'],
    ['Change EMAIL', nobody, 'account/email', 'case says nothing'],
    ['how do I get paid', nobody, 'payments/withdraw', 'its question says so'],
    ['how do I pay', nobody, 'payments/add-a-card', 'stop words weigh little, and "pay" decides'],
    ['why is my withdrawal late', nobody, 'payments/withdrawal-delayed', 'it asks why'],
    ['how to withdraw', nobody, 'payments/withdraw', 'it asks how'],
    ['IBAN', nobody, 'payments/withdraw', 'found in the body only'],
    ['payment', client, 'payments/add-a-card', 'a client pays'],
    ['payment', factsAt('/billing', 'Billing'), 'payments/add-a-card', 'page and title'],
    ['address', nobody, 'account/email', 'its title has the word'],
    ['address', factsAt('/billing', 'Billing'), 'payments/invoices', 'a heading has it, and the page fits'],
    [
      'payment card',
      factsAt('/contracts/7', 'Contract'),
      'payments/add-a-card',
      'a page does not outweigh the title',
    ],
    ['end', factsAt('/contracts/7', 'Contract'), 'contracts/end', 'words and page agree'],
    ['refund', freelancer, 'contracts/refunds', 'another role is less likely, not forbidden'],
    ['', factsAt('/earnings/5', 'Payout'), 'payments/withdraw', 'nothing typed: the page'],
    ['', factsAt('/profile', 'Profile', 'freelancer'), 'profile/photo', 'nothing typed: page and role'],
    ['', client, 'account/sign-in', 'nothing typed, no page: what the site puts first'],
    ['', nobody, 'account/sign-in', "nothing known: the site's order"],
    ['weather in lisbon tomorrow', nobody, undefined, 'no article speaks of it'],
    ['asdfghjkl', nobody, undefined, 'no word'],
  ])('%j on %o: %s, because %s', (query, facts, expected) => {
    expect(first(query, facts)).toBe(expected)
  })
})

test('a page that does not fit moves nothing', () => {
  const ids = (facts: Facts) => rank([where], 'withdraw', facts).map(({ row }) => row.id)
  expect(ids(factsAt('/jobs/new', 'Payments'))).toEqual(ids(factsAt('/elsewhere', 'Elsewhere')))
})

test('a page without words that match brings nothing into the list', () => {
  expect(rank([where], 'photo', factsAt('/billing', 'Billing')).map(({ row }) => row.id)).toEqual([
    'profile/photo',
  ])
})

test('an exact route counts more than a pattern', () => {
  const articles = ['/a/b', '/a/*'].map((page, i) =>
    sketch({ id: `z${1 - i}`, title: 'Same words', pages: [page] }),
  )
  const list = rank([shelfSearchable(articles)], '', factsAt('/a/b', 'B'))
  expect(list.map(({ row }) => row.pages?.[0])).toEqual(['/a/b', '/a/*'])
})

test('before the first word, the articles of a page stand in the order of their writers, not of their titles', () => {
  const articles = [
    sketch({ id: 'a', title: 'Papers for a review of your account', pages: ['/review'], order: 20 }),
    sketch({ id: 'b', title: 'Show who you are', pages: ['/review'], order: 10 }),
  ]
  const list = rank([shelfSearchable(articles)], '', factsAt('/review', 'Review'))
  expect(list.map(({ row }) => row.id)).toEqual(['b', 'a'])
})

test('a question of the article is offered when it fits better than the title, a heading is the target', () => {
  const [item] = rank([where], 'why has my money not arrived', factsAt())
  expect(item).toMatchObject({
    question: 'Why has my money not arrived?',
    row: { id: 'payments/withdrawal-delayed' },
  })
  const [part] = rank([where], 'change the invoice address', factsAt())
  expect(part).toMatchObject({
    heading: { id: 'change-the-invoice-address' },
    row: { id: 'payments/invoices' },
  })
})

test('the same articles in any order rank the same', () => {
  const other = shelfSearchable([...shelf].reverse())
  for (const query of ['', 'p', 'payment', 'how do I', 'contract refnd'])
    expect(rank([other], query, factsAt()).map(({ row, score }) => [row.id, score])).toEqual(
      rank([where], query, factsAt()).map(({ row, score }) => [row.id, score]),
    )
})

test('every key of a query finds the article from its third letter on', () => {
  const title = 'Download an invoice'
  for (let size = 3; size <= title.length; size++)
    expect([size, first(title.slice(0, size))]).toEqual([size, 'payments/invoices'])
})

describe('two indexes are ranked as one', () => {
  const indexOf = (...articles: readonly IndexedArticle[]) =>
    searchable(readIndex(buildIndex(articles, { locale: 'en' })), near)
  const beside = (...all: Searchable[]) => {
    for (const where of all) standBeside(where, all)
    return all
  }
  const many = Array.from({ length: 40 }, (_, i) =>
    sketch({ id: `public/${i}`, title: `Invoice number ${i}`, order: 1 + (i % 3) }),
  )

  test('the site’s order holds over both', () => {
    const all = beside(indexOf(...many), indexOf(sketch({ id: 'z', title: 'Hardly ever needed', order: 99 })))
    expect(rank(all, '', factsAt()).at(-1)?.row.id).toBe('z')
  })

  test('a word that is common in one is not rare because the other has few articles', () => {
    const own = sketch({ id: 'private', title: 'Payroll of the month', body: { '': 'The invoice is sent.' } })
    const one = rank(beside(indexOf(...many, own)), 'invoice 7', factsAt())
    const two = rank(beside(indexOf(...many), indexOf(own)), 'invoice 7', factsAt())
    const confidence = (list: typeof one) => list.find(({ row }) => row.id === 'private')?.confidence ?? 0
    expect(confidence(two)).toBeLessThan(confidence(one) * 1.3 + 0.05)
    expect(two[0]?.row.id).toBe('public/7')
  })

  test('an error of the page goes with the article that says it, not with the best of a small index', () => {
    const declined = sketch({ id: 'declined', title: 'Your card was declined' })
    const payroll = sketch({ id: 'payroll', title: 'Run the payroll for your team' })
    const facts = factsAt('/x', 'X')
    const page = { ...facts.page, errors: ['Your card was declined.'] }
    const list = rank(beside(indexOf(...many, declined), indexOf(payroll)), '', { ...facts, page })
    const factor = (id: string) => list.find(({ row }) => row.id === id)?.factors.error ?? 0
    expect(factor('declined')).toBeGreaterThan(1)
    expect(factor('payroll')).toBeLessThan(0.3)
  })
})

describe('what the page says', () => {
  const page = { ...factsAt('/x', 'X').page, headings: ['Welcome to Contoso'], errors: ['withdrwal refused'] }
  const facts = { ...factsAt('/x', 'X'), page }

  test('is not taken for typing: it asks for no typos, and scores the same before and after they can be understood', () => {
    const where = searchable(readIndex(buildIndex(shelf, { locale: 'en' })))
    const scores = () => rank([where], '', facts).map(({ row, score }) => [row.id, score])
    const before = scores()
    expect(where.wantsNear).toBe(false)
    understandTypos(where, near)
    expect(scores()).toEqual(before)
  })
})
