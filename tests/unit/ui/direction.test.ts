// What runs from the right: sheets without a physical side, names set apart, marks of other languages.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createTexts } from '../../../src/base/texts'
import { listText, waitText } from '../../../src/desk/times'
import { languageMark } from '../../../src/ui/languageMark'

const SRC = resolve(import.meta.dirname, '../../../src')
const PHYSICAL =
  /(?:^|[\s{;])((?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)(?:-(?:color|width|style))?|border-(?:top|bottom)-(?:left|right)-radius|float|clear)\s*:|text-align\s*:\s*(left|right)/g
/** The page's own side, not the text's: on which the launcher stands, and where the visual viewport is. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'launcher/launcher.css': ['left', 'right'],
  'launcher/offer.css': ['left', 'right'],
  'ui/panel.css': ['left', 'right'],
}

describe('style sheets', () => {
  const sheets = ['launcher', 'ui', 'desk'].flatMap(room =>
    readdirSync(join(SRC, room))
      .filter(name => name.endsWith('.css'))
      .map(name => `${room}/${name}`),
  )
  test.each(sheets)('%s names the start and the end of a line, not its left and right', sheet => {
    const css = readFileSync(join(SRC, sheet), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
    const found = [...css.matchAll(PHYSICAL)].map(([, property, side]) => property ?? `text-align ${side}`)
    expect(found.filter(name => !ALLOWED[sheet]?.includes(name))).toEqual([])
  })
})

describe('a name that runs the other way', () => {
  const texts = (locale: string, pattern: string) => createTexts(locale, { said: pattern })
  test('is set apart, so that it does not turn the sentence around it', () => {
    expect(texts('en', '{name} joined')('said', { name: 'דנה' })).toBe('\u2068דנה\u2069 joined')
    expect(texts('he', '{name} כאן')('said', { name: 'Ana' })).toBe('\u2068Ana\u2069 כאן')
  })
  test('is left alone where both run the same way', () => {
    expect(texts('en', '{name} joined')('said', { name: 'Ana' })).toBe('Ana joined')
    expect(texts('he', '{name} כאן')('said', { name: 'דנה' })).toBe('דנה כאן')
  })
})

describe('times, lists and languages', () => {
  test('a wait counts in the digits of the language', () => {
    expect(waitText(0, 65_000, 'en')).toBe('1:05')
    expect(waitText(0, 3_723_000, 'de')).toBe('1:02:03')
    expect(waitText(0, 65_000, 'ar-EG')).toBe('١:٠٥')
  })
  test('a list is joined as the language joins', () => {
    expect(listText(['a', 'b', 'c'], 'en')).toBe('a, b, c')
    expect(listText(['أ', 'ب'], 'ar')).not.toContain(',')
  })
  test('an article in another language than the reader’s is marked, in the reader’s', () => {
    const german = createTexts('de', { 'article.inLanguage': 'Auf {language}' })
    expect(languageMark('en-GB', 'de-AT', german)).toBe('Auf Englisch')
    expect(languageMark('de', 'de-AT', german)).toBe('')
    expect(languageMark(undefined, 'de', german)).toBe('')
    expect(languageMark('!', 'de', german)).toBe('')
  })
})
