// Which solved tickets an agent is shown beside an open question.

import { expect, test } from 'vitest'
import { MAX_SIMILAR, type SolvedTicket, similarTickets } from '../../../src/server/similarTickets'
import { ASKED, SOLVED } from '../../fixtures/similarTickets'

const ask = (question: string, category = '', locale = 'en', title = '') =>
  similarTickets({ question, category, locale, title }, SOLVED)

test('of questions that a solved ticket serves it is shown, nearly always first; where none serves little is shown', () => {
  const served = ASKED.filter(({ serves }) => serves.length > 0)
  const shown = served.map(({ question, category, locale, serves }) => {
    const numbers = ask(question, category, locale).map(({ number }) => number)
    return { question, at: numbers.findIndex(number => serves.includes(number)) }
  })
  const hits = shown.filter(({ at }) => at >= 0).length / served.length
  const first = shown.filter(({ at }) => at === 0).length / served.length
  const loud = ASKED.filter(({ serves, question }) => serves.length === 0 && ask(question).length > 0)
  console.log(`similar-hits-at-3: ${hits.toFixed(2)}\nsimilar-first: ${first.toFixed(2)}`)
  expect(shown.filter(({ at }) => at < 0)).toEqual([])
  expect(first).toBeGreaterThanOrEqual(0.9)
  expect(loud).toEqual([])
})

test('each says why: the words that both have, the most telling first, and what else they share', () => {
  const [best] = similarTickets(
    {
      question: 'Where is my withdrawal? It is on hold!',
      category: 'payments',
      locale: 'en',
      title: 'Withdrawals',
    },
    SOLVED,
  )
  expect(best?.number).toBe(1)
  expect(best?.reasons).toEqual([
    { kind: 'words', words: expect.arrayContaining(['withdrawal', 'hold']) },
    { kind: 'category' },
    { kind: 'page' },
  ])
})

test('what is about the same and says nothing alike is not shown, nor what shares a number alone', () => {
  expect(ask('Something else', 'payments')).toEqual([])
  const one: SolvedTicket = { number: 7, category: '', title: '', question: 'Order 4711 4712', locale: 'en' }
  expect(similarTickets({ question: '4711 4712?', category: '', title: '', locale: 'en' }, [one])).toEqual([])
})

test('a ticket in another language is not shown; one whose language nobody knows is read in the asked one’s', () => {
  expect(ask('Meine Auszahlung hängt bei der Prüfung', '', 'fr')).toEqual([])
  const nobodys = SOLVED.map(each => ({ ...each, locale: '' }))
  const [best] = similarTickets(
    { question: 'Meine Auszahlung hängt bei der Prüfung', category: '', title: '', locale: 'de' },
    nobodys,
  )
  expect(best?.number).toBe(19)
})

test('at most three, an empty question none, and hostile texts end', () => {
  const many = Array.from({ length: 50 }, (_, n) => ({ ...(SOLVED[0] as SolvedTicket), number: n }))
  expect(
    similarTickets({ question: 'withdrawal on hold', category: '', title: '', locale: 'en' }, many),
  ).toHaveLength(MAX_SIMILAR)
  expect(ask('')).toEqual([])
  expect(ask('\u0000'.repeat(100_000))).toEqual([])
})
