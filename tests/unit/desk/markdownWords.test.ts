import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fillVariables } from '../../../src/desk/canned'
import { markdownWords } from '../../../src/desk/markdownWords'
import { quotationOf } from '../../../src/desk/suggestionsModel'
import { parseMessage } from '../../../src/knowledge/fromMarkdown'

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()

describe("somebody else's words in an agent's Markdown are words", () => {
  test.each([
    'https://evil.example/pay',
    'see HTTP://evil.example, ftp://evil.example and www.evil.example',
    'Www.evil.example',
    'anna@mail.example',
    'mailto:anna@mail.example',
    '# The site says',
    '- a',
    '+ a',
    '1. one',
    '2) two',
    '---',
    '===',
    ':-:',
    '&lt;b&gt; &copy; &#x41;',
    '[words](https://evil.example) ![x](y) [a]: b',
    '<https://evil.example> <b>',
    '| a | b |',
    'Tom & Jerry, C# 1.5 - so what? 10:30',
    '\\',
  ])('%j', text => {
    const words = markdownWords(text)
    expect(parseMessage(words)).toEqual([{ t: 'p', c: [text] }])
    expect(parseMessage(`Hello ${words}!`)).toEqual([{ t: 'p', c: [`Hello ${text}!`] }])
    // On a line of its own, under another one.
    expect(parseMessage(`Hello\n${words}`)).toEqual([{ t: 'p', c: ['Hello', { t: 'br' }, text] }])
    expect(parseMessage(quotationOf(text))).toEqual([{ t: 'quote', c: [{ t: 'p', c: [text] }] }])
  })

  test('whatever signs they are of', () => {
    const sign = fc.constantFrom(
      ...'\\`*_[]()<>~|#+-=.!:;@&"\'{}/$^ ax1\n\t',
      'http://',
      'www.',
      '&lt;',
      '[x]',
      '](',
      '1. ',
      '\u2028',
    )
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 12 }), signs => {
        const text = oneLine(signs.join(''))
        if (!text) return
        expect(parseMessage(markdownWords(text))).toEqual([{ t: 'p', c: [text] }])
        expect(parseMessage(`a\n${markdownWords(text)}`)).toEqual([{ t: 'p', c: ['a', { t: 'br' }, text] }])
      }),
      { numRuns: 1_000, seed: 8 },
    )
  })
})

test('a visitor who is called like an address makes no agent send a link', () => {
  const filled = fillVariables('Hello {visitor.name}, about {slot.page}', {
    'visitor.name': 'www.evil.example',
    'slot.page': 'https://evil.example/#pay',
  })
  expect(JSON.stringify(parseMessage(filled))).not.toContain('href')
})
