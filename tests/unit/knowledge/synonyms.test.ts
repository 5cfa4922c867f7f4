import fc from 'fast-check'
import { expect, test } from 'vitest'
import { problemLine } from '../../../src/knowledge/frontMatter'
import { readSynonyms, rulesFor } from '../../../src/knowledge/synonyms'

const read = (text: string, locale?: string) => readSynonyms(text, 'synonyms.txt', locale)

test('a group stands for each other, an arrow one way, a section for its language', () => {
  const { rules, problems } = read(
    '# words of ours\ncancel, Close,  end  # three\n\nwfh => work from home\nC#, csharp\n[DE]\nkündigen, beenden\n',
  )
  expect(problems).toEqual([])
  expect(rules).toEqual([
    { from: 'cancel', to: ['close', 'end'] },
    { from: 'close', to: ['cancel', 'end'] },
    { from: 'end', to: ['cancel', 'close'] },
    { from: 'wfh', to: ['work from home'] },
    { from: 'c#', to: ['csharp'] },
    { from: 'csharp', to: ['c#'] },
    { from: 'kündigen', to: ['beenden'], locale: 'de' },
    { from: 'beenden', to: ['kündigen'], locale: 'de' },
  ])
})

test('several on a side of an arrow: each of the left means each of the right', () => {
  expect(read('pc, computer → device, machine').rules).toEqual([
    { from: 'pc', to: ['device', 'machine'] },
    { from: 'computer', to: ['device', 'machine'] },
  ])
})

test('every bad line is told with its number, and the others count', () => {
  const { rules, problems } = read(
    'alone\na => b => c\nx, , y\none two three four five, six, seven\n[german!]\nlost, gone\n[fr]\n=> b\n***, z, w\n',
  )
  expect(problems.map(problemLine)).toEqual([
    'synonyms.txt:1: a group must hold two phrases or more, got "alone". Write cancel, close or wfh => work from home.',
    'synonyms.txt:2: a line must hold one => at most, got 2. Write one line for each.',
    'synonyms.txt:3: between two commas must be a phrase, got nothing. Take one comma out.',
    'synonyms.txt:4: a phrase must be of 4 words or fewer, got 5: "one two three four five". Shorten it.',
    'synonyms.txt:5: a section must be a language in brackets, got "[german!]". Write [de] or [pt-BR].',
    'synonyms.txt:8: => must have different phrases on both sides, got "=> b". Write wfh => work from home.',
    'synonyms.txt:9: a phrase must hold letters or digits, got "***". Take it out.',
  ])
  expect(rules.map(({ from }) => from)).toEqual(['x', 'y', 'six', 'seven', 'z', 'w'])
})

test('the rules of a language: its own, those of the language without a region, and those of all', () => {
  const { rules } = read('a, b\na => c\n[pt]\na => d\n[pt-BR]\na => e')
  expect(rulesFor('pt-BR', rules)).toEqual([
    { from: 'a', to: ['b', 'c', 'd', 'e'] },
    { from: 'b', to: ['a'] },
  ])
  expect(rulesFor('pt', rules)[0]).toEqual({ from: 'a', to: ['b', 'c', 'd'] })
  expect(rulesFor('en', rules)[0]).toEqual({ from: 'a', to: ['b', 'c'] })
  expect(rulesFor('en', read('a, b', 'de').rules)).toEqual([])
})

test('lines in any order give the same rules, and no text stops it', () => {
  const line = fc.constantFrom('a, b', 'b, c', 'a => c, d', 'd', ', =>', 'x y, z')
  fc.assert(
    fc.property(fc.array(line), lines => {
      const back = [...lines].reverse()
      expect(rulesFor('en', read(back.join('\n')).rules)).toEqual(
        rulesFor('en', read(lines.join('\n')).rules),
      )
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab ,=>[]#\n-') }), text => {
      for (const { from, to } of read(text).rules) expect(from && to.length && !to.includes(from)).toBe(true)
    }),
  )
})
