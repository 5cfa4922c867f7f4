import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commonFacts, plainFacts } from '../../../src/server/disputeFacts'

const names = ['contract', 'milestone', 'amount']

describe('common facts of a dispute', () => {
  test('V4 what the site says stands, and what both pages show alike', () => {
    const facts = commonFacts({
      host: { contract: 'WM-4127' },
      pages: [{ contract: 'WM-4127', milestone: '2' }, { milestone: '2' }],
      names,
    })
    expect(facts).toEqual({ common: { contract: 'WM-4127', milestone: '2' }, differing: [] })
  })

  test('V4 what differs, or what one alone says, is the mediator’s: who said what', () => {
    const facts = commonFacts({
      host: { contract: 'WM-4127' },
      pages: [
        { contract: 'WM-9999', amount: '1200' },
        { amount: '900', milestone: '3' },
      ],
      names,
    })
    expect(facts.common).toEqual({ contract: 'WM-4127' })
    expect(facts.differing).toEqual([
      { name: 'contract', site: 'WM-4127', said: ['WM-9999', null] },
      { name: 'milestone', site: null, said: [null, '3'] },
      { name: 'amount', site: null, said: ['1200', '900'] },
    ])
  })

  test('V4 a name that the site does not list is compared by nobody: a guess finds nothing out', () => {
    const facts = commonFacts({ host: {}, pages: [{ balance: '70' }, { balance: '70' }], names })
    expect(facts).toEqual({ common: {}, differing: [] })
  })

  test('V4 whatever one page says that the other does not is in nothing that both read', () => {
    const said = fc.dictionary(
      fc.constantFrom(...names, '__proto__'),
      fc.string({ minLength: 1, maxLength: 4 }),
    )
    fc.assert(
      fc.property(said, said, said, (host, mine, theirs) => {
        const { common } = commonFacts({ host, pages: [mine, theirs], names })
        const without = commonFacts({ host, pages: [{}, theirs], names }).common
        for (const [name, value] of Object.entries(common))
          if (without[name] !== value) expect(theirs[name]?.trim()).toBe(value)
      }),
    )
  })

  test('numbers and yes or no of a site become text; what no page could show is left out', () => {
    expect(
      plainFacts({ amount: 1200, paid: false, note: ' ', odd: Number.NaN, long: 'x'.repeat(301) }),
    ).toEqual({
      amount: '1200',
      paid: 'false',
    })
    expect(
      Object.keys(plainFacts(Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`f${n}`, n])))),
    ).toHaveLength(20)
  })
})
