import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import conversationTexts from '../../../src/assistant/texts/conversation.en.json'
import firstTexts from '../../../src/assistant/texts/en.json'
import modelTexts from '../../../src/assistant/texts/model.en.json'
import offerTexts from '../../../src/assistant/texts/offers.en.json'
import afterwardsTexts from '../../../src/ui/afterwards.en.json'
import fileTexts from '../../../src/ui/files.en.json'
import handoffTexts from '../../../src/ui/handoff.en.json'
import keptTexts from '../../../src/ui/kept.en.json'
import pastTexts from '../../../src/ui/past.en.json'

const SRC = resolve(import.meta.dirname, '../../../src')
/** Whose `texts` are the panel's. */
const ROOMS = ['assistant', 'bot', 'conversation', 'live', 'ui']

interface Used {
  /** In a call of `texts`, as it stands there. */
  readonly asked: ReadonlySet<string>
  /** In a call of `texts`, with places: `notice.${name}`. */
  readonly patterns: readonly RegExp[]
  /** All string literals, and all that may be a key with places: a key may be chosen before it is looked up. */
  readonly literals: ReadonlySet<string>
  readonly templates: readonly RegExp[]
  readonly imports: readonly string[]
}

function usedIn(file: string): Used {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const asked = new Set<string>()
  const literals = new Set<string>()
  const patterns: RegExp[] = []
  const templates: RegExp[] = []
  const imports: string[] = []
  const key = (node: ts.Node | undefined): void => {
    if (!node) return
    if (ts.isStringLiteral(node)) asked.add(node.text)
    else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(key)
    else if (ts.isTemplateExpression(node)) patterns.push(patternOf(node))
  }
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node)) literals.add(node.text)
    if (ts.isTemplateExpression(node) && /^[a-z]+\./.test(node.head.text)) templates.push(patternOf(node))
    if (
      ts.isImportDeclaration(node) &&
      !node.importClause?.isTypeOnly &&
      ts.isStringLiteral(node.moduleSpecifier)
    )
      imports.push(node.moduleSpecifier.text)
    if (ts.isCallExpression(node)) {
      const called = node.expression
      const name = ts.isPropertyAccessExpression(called) ? called.name.text : called.getText()
      if (name === 'texts') key(node.arguments[0])
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { asked, patterns, literals, templates, imports }
}

const patternOf = ({ head, templateSpans }: ts.TemplateExpression) => {
  const quoted = (text: string) => text.replaceAll('.', '\\.')
  return new RegExp(
    `^${quoted(head.text)}${templateSpans.map(span => `\\w*${quoted(span.literal.text)}`).join('')}$`,
  )
}

const files = ROOMS.flatMap(
  room =>
    readdirSync(join(SRC, room), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.tsx?$/.test(name))
      .map(name => join(SRC, room, name)),
  // Its own `texts` reads lists of texts out of a flow.
).filter(file => !file.endsWith('flowSchema.ts'))
const used = files.map(usedIn)
const all: Readonly<Record<string, unknown>> = {
  ...firstTexts,
  ...conversationTexts,
  ...fileTexts,
  ...handoffTexts,
  ...afterwardsTexts,
  ...keptTexts,
  ...pastTexts,
  ...modelTexts,
  ...offerTexts,
}
const known = Object.keys(all)

describe('texts', () => {
  test('every key that is asked for is there', () => {
    expect(used.flatMap(({ asked }) => [...asked]).filter(key => !Object.hasOwn(all, key))).toEqual([])
    const patterns = used.flatMap(each => each.patterns)
    expect(patterns.length).toBeGreaterThan(5)
    expect(patterns.filter(pattern => !known.some(key => pattern.test(key)))).toEqual([])
  })

  test('no key is kept that nobody asks for', () => {
    const isUsed = (key: string) =>
      used.some(
        ({ literals, templates }) => literals.has(key) || templates.some(pattern => pattern.test(key)),
      )
    expect(known.filter(key => !isUsed(key))).toEqual([])
  })

  test('no key is in two files', () => {
    const keys = [
      firstTexts,
      conversationTexts,
      handoffTexts,
      afterwardsTexts,
      keptTexts,
      pastTexts,
      modelTexts,
      offerTexts,
    ].flatMap(each => Object.keys(each))
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([])
  })

  /** What these files ask for, and all that comes with them. */
  const askedFrom = (...entries: readonly string[]): readonly string[] => {
    const reached = new Set<string>()
    const walk = (file: string) => {
      if (reached.has(file)) return
      reached.add(file)
      for (const to of usedIn(file).imports.filter(path => path.startsWith('.'))) {
        const path = resolve(dirname(file), to)
        for (const end of ['.ts', '.tsx']) if (existsSync(path + end)) walk(path + end)
      }
    }
    for (const entry of entries) walk(join(SRC, entry))
    return [...reached].flatMap(file => [...usedIn(file).asked])
  }

  test('what is shown before a conversation is asked for needs no word of its chunk', () => {
    const early = askedFrom('panel.ts', 'ui/ArticleView.tsx')
    expect(early.length).toBeGreaterThan(20)
    expect(early.filter(key => !Object.hasOwn(firstTexts, key))).toEqual([])
  })

  test('a conversation without a person needs no word of the chunk that is about one', () => {
    const asked = askedFrom(
      'ui/ConversationView.tsx',
      'assistant/conversationParts.ts',
      'conversation/handoff.ts',
    )
    expect(asked.length).toBeGreaterThan(20)
    expect(asked.filter(key => Object.hasOwn(handoffTexts, key))).toEqual([])
  })
})
