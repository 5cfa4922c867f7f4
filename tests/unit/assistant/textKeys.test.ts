import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { englishTexts, filesOf, unusedKeys, usedIn } from '../../../scripts/textUse.mjs'
import conversationTexts from '../../../src/assistant/texts/conversation.en.json'
import firstTexts from '../../../src/assistant/texts/en.json'
import modelTexts from '../../../src/assistant/texts/model.en.json'
import offerTexts from '../../../src/assistant/texts/offers.en.json'
import afterwardsTexts from '../../../src/ui/afterwards.en.json'
import disputeTexts from '../../../src/ui/dispute.en.json'
import fileTexts from '../../../src/ui/files.en.json'
import answersTexts from '../../../src/ui/first.en.json'
import handoffTexts from '../../../src/ui/handoff.en.json'
import keptTexts from '../../../src/ui/kept.en.json'
import pastTexts from '../../../src/ui/past.en.json'
import ticketTexts from '../../../src/ui/ticket.en.json'
import whyTexts from '../../../src/ui/why.en.json'

const ROOT = resolve(import.meta.dirname, '../../..')
const SRC = join(ROOT, 'src')
const used = filesOf(ROOT, 'assistant').map(usedIn)
const all: Readonly<Record<string, unknown>> = {
  ...firstTexts,
  ...conversationTexts,
  ...fileTexts,
  ...handoffTexts,
  ...afterwardsTexts,
  ...keptTexts,
  ...pastTexts,
  ...whyTexts,
  ...disputeTexts,
  ...ticketTexts,
  ...answersTexts,
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
    const desk = filesOf(ROOT, 'desk').filter(file => file.startsWith(join(SRC, 'desk')))
    const atDesk = desk.map(usedIn).flatMap(({ asked }) => [...asked])
    expect(atDesk.length).toBeGreaterThan(200)
    expect(atDesk.filter(key => !Object.hasOwn(englishTexts(ROOT).desk, key))).toEqual([])
  })

  test('no key is kept that nobody asks for', () => {
    expect({ panel: unusedKeys(ROOT, 'assistant'), desk: unusedKeys(ROOT, 'desk') }).toEqual({
      panel: [],
      desk: [],
    })
  })

  test('no key is in two files', () => {
    const keys = [
      firstTexts,
      conversationTexts,
      handoffTexts,
      afterwardsTexts,
      keptTexts,
      pastTexts,
      whyTexts,
      ticketTexts,
      answersTexts,
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
