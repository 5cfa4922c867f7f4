// Every language says everything, and nothing else: the files of texts beside the English ones.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { SHIPPED_LOCALES } from '../../../src/assistant/locales'
import alone from '../../../src/assistant/texts/alone.en.json'
import conversation from '../../../src/assistant/texts/conversation.en.json'
import first from '../../../src/assistant/texts/en.json'
import model from '../../../src/assistant/texts/model.en.json'
import offers from '../../../src/assistant/texts/offers.en.json'
import type { TextEntry, TextMap } from '../../../src/base/texts'
import { DESK_TEXTS } from '../../../src/desk/texts'
import { labelIn } from '../../../src/launcher/labels'
import afterwards from '../../../src/ui/afterwards.en.json'
import dispute from '../../../src/ui/dispute.en.json'
import files from '../../../src/ui/files.en.json'
import answersFirst from '../../../src/ui/first.en.json'
import handoff from '../../../src/ui/handoff.en.json'
import kept from '../../../src/ui/kept.en.json'
import past from '../../../src/ui/past.en.json'
import ticket from '../../../src/ui/ticket.en.json'
import why from '../../../src/ui/why.en.json'

const SRC = resolve(import.meta.dirname, '../../../src')
const OTHERS = SHIPPED_LOCALES.filter(locale => locale !== 'en')

const inPanel: TextMap = {
  ...first,
  ...conversation,
  ...Object.fromEntries(Object.entries(alone).map(([key, entry]) => [`alone:${key}`, entry])),
  ...model,
  ...offers,
  ...afterwards,
  ...files,
  ...handoff,
  ...kept,
  ...past,
  ...why,
  ...ticket,
  ...answersFirst,
  ...dispute,
}
const read = (room: string, locale: string): TextMap =>
  JSON.parse(readFileSync(join(SRC, room, 'texts', `${locale}.json`), 'utf8'))
const rooms: readonly [room: string, english: TextMap][] = [
  ['assistant', inPanel],
  ['desk', DESK_TEXTS],
]
const formsOf = (entry: TextEntry | undefined): Readonly<Record<string, string>> =>
  typeof entry === 'string' ? { other: entry } : { ...entry }
const placesOf = (text = '') => new Set(text.match(/\{[\w.…]+\}/g) ?? [])

describe.each(rooms)('texts of %s', (room, english) => {
  test('there is a file for each language, and none beside', () => {
    const names = readdirSync(join(SRC, room, 'texts')).filter(name => /^[a-z]+\.json$/.test(name))
    expect(names.sort()).toEqual(SHIPPED_LOCALES.map(locale => `${locale}.json`).sort())
  })

  describe.each(OTHERS)('%s', locale => {
    const texts = read(room, locale)

    test('has every key of English, and no other', () => {
      expect(Object.keys(english).filter(key => !Object.hasOwn(texts, key))).toEqual([])
      expect(Object.keys(texts).filter(key => !Object.hasOwn(english, key))).toEqual([])
    })

    test('has a form for each number that its language tells apart, where English has forms', () => {
      const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted()
      const wrong = Object.entries(texts).flatMap(([key, entry]) => {
        const isPlural = typeof english[key] === 'object'
        if (typeof entry === 'string') return isPlural ? [`${key}: has no forms`] : []
        const forms = Object.keys(entry).toSorted()
        return isPlural && forms.join() === wanted.join() ? [] : [`${key}: ${forms}, wanted ${wanted}`]
      })
      expect(wrong).toEqual([])
    })

    test('names the same places, in braces', () => {
      const wrong = Object.entries(texts).flatMap(([key, entry]) => {
        const wanted = placesOf(formsOf(english[key]).other)
        return Object.entries(formsOf(entry)).flatMap(([form, text]) => {
          const got = placesOf(text)
          const lacks = [...wanted].filter(place => !got.has(place))
          const more = [...got].filter(place => !wanted.has(place))
          // A form for one number need not say it.
          const isSaid = form !== 'other' && !/few|many/.test(form)
          return more.length || (lacks.length && !isSaid) ? [`${key}.${form}: ${[...lacks, ...more]}`] : []
        })
      })
      expect(wrong).toEqual([])
    })

    test('has no empty text, no markup, and no space at an end', () => {
      const wrong = Object.entries(texts).flatMap(([key, entry]) =>
        Object.values(formsOf(entry))
          .filter(text => !text.trim() || /<[a-z/]|&[a-z]+;/i.test(text) || text !== text.trim())
          .map(() => key),
      )
      expect(wrong).toEqual([])
    })
  })
})

test('the button is called the same before and after anything is loaded', () => {
  for (const locale of OTHERS)
    expect(labelIn(`${locale}-XX`)[0]).toBe(read('assistant', locale)['launcher.label'])
  expect(labelIn('xx')).toEqual([first['launcher.label'], expect.stringContaining('could not be loaded')])
  expect(labelIn('')).toEqual(labelIn('en'))
})

describe('texts of the desk in English', () => {
  const sources = readdirSync(join(SRC, 'desk'), { encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .map(name => join(SRC, 'desk', name))
  // What the panel and the desk show alike asks for its words in ui/.
  const shared = ['Files.tsx', 'Delivery.tsx', 'FileNames.tsx'].map(name => join(SRC, 'ui', name))
  const literals = new Set<string>()
  const templates: RegExp[] = []
  const asked = new Set<string>()
  for (const file of [...sources, ...shared]) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) literals.add(node.text)
      if (ts.isTemplateExpression(node))
        templates.push(
          new RegExp(
            `^${[node.head.text, ...node.templateSpans.map(span => span.literal.text)].map(text => text.replaceAll('.', '\\.').replaceAll('$', '\\$').replaceAll('(', '\\(').replaceAll(')', '\\)').replaceAll('?', '\\?').replaceAll('*', '\\*').replaceAll('+', '\\+').replaceAll('[', '\\[')).join('[\\w.]+')}$`,
          ),
        )
      const name = ts.isCallExpression(node) ? node.expression.getText() : ''
      const key = ts.isCallExpression(node) ? node.arguments[0] : undefined
      if (/(?:^|\.)texts$/.test(name) && key && ts.isStringLiteral(key) && !file.includes('/ui/'))
        asked.add(key.text)
      ts.forEachChild(node, visit)
    }
    visit(source)
  }

  test('every key that is asked for is there', () => {
    expect(asked.size).toBeGreaterThan(100)
    expect([...asked].filter(key => !Object.hasOwn(DESK_TEXTS, key))).toEqual([])
  })

  test('no key is kept that nobody asks for', () => {
    const keyLike = templates.filter(pattern => /^\^[a-zA-Z]+\\\./.test(pattern.source))
    const isUsed = (key: string) => literals.has(key) || keyLike.some(pattern => pattern.test(key))
    expect(Object.keys(DESK_TEXTS).filter(key => !isUsed(key))).toEqual([])
  })
})
