import { expect, test } from 'vitest'
import { conversationTexts, insteadOf } from '../../../src/assistant/conversationParts'
import de from '../../../src/assistant/texts/de.json'
import { createTexts, type TextMap } from '../../../src/base/texts'
import { authorText, machineText, OWED_TEXTS, owedText, SHIPPED } from '../../../src/conversation/disclosure'
import { introOf } from '../../../src/conversation/handoff'
import { transcriptLines } from '../../../src/conversation/transcript'
import type { StoredEvent } from '../../../src/protocol/events'

const shipped = (hasPeople: boolean) => conversationTexts(hasPeople)
const german: TextMap = {
  ...(de as TextMap),
  ...Object.fromEntries(
    Object.entries(insteadOf(true)).map(([key, other]) => [key, (de as TextMap)[other] ?? '']),
  ),
}

const EMPTY = ['', ' ', '{name}', '{name}.', '— {name} —', '\u200b', '(…)']

test.each(EMPTY)('[E1] a site whose own text is "%s" keeps the words that a machine speaks', text => {
  for (const key of OWED_TEXTS)
    for (const hasPeople of [true, false]) {
      const texts = createTexts('en', { [key]: text }, shipped(hasPeople))
      const plain = createTexts('en', shipped(hasPeople))
      expect(owedText(texts, key, 'Vera')).toBe(plain(key, { name: 'Vera' }))
      expect(owedText(texts, key, 'Vera').toLowerCase()).toMatch(/automatic assistant|by a machine/)
    }
})

test('[E1] in the language of the page, too, and where a site takes our own place for it away', () => {
  const texts = createTexts('de', { 'author.bot': '' }, german, shipped(true))
  expect(authorText({ kind: 'bot' }, texts, 'Vera')).toBe('Vera (automatischer Assistent)')
  const stubborn = createTexts('de', { 'author.bot': '', [`${SHIPPED}author.bot`]: '{name}' }, german)
  expect(authorText({ kind: 'bot' }, stubborn, 'Vera')).toBe('Vera (automatic assistant)')
})

test('[E1] a site says it in its own words', () => {
  const texts = createTexts('en', { 'author.bot': '{name}, our robot' }, shipped(true))
  expect(authorText({ kind: 'bot' }, texts, 'Vera')).toBe('Vera, our robot')
})

test('[E1] a name that looks like a place for a name stays a name', () => {
  const texts = createTexts('en', { 'author.bot': '' })
  expect(authorText({ kind: 'bot', name: '$& {name}' }, texts, 'Vera')).toBe(
    '$& {name} (automatic assistant)',
  )
})

test('[E2] what a machine suggested and a person sent says so, also in a copy', () => {
  const texts = createTexts('en', { 'author.drafted': '' }, shipped(true))
  const author = { kind: 'agent', agentId: 'a', name: 'Noor' } as const
  const item = { author, source: null, draftedBy: 'machine' } as const
  expect(machineText(item, texts)).toBe('Suggested by a machine, sent by Noor')
  expect(machineText({ author, source: null }, texts)).toBe('')
  const [line] = transcriptLines(
    [
      {
        kind: 'message',
        key: 'm',
        seq: 3,
        text: 'Two days.',
        format: 'markdown',
        citations: [],
        at: 0,
        state: null,
        fromDevice: false,
        ...item,
      },
    ],
    texts,
    'Vera',
  )
  expect(line?.text).toBe('Two days. (Suggested by a machine, sent by Noor)')
})

test('[E1] after a reload the machine still says what it is before its first word', () => {
  const event = (kind: 'bot' | 'system', seq: number) =>
    ({ seq, at: 50, saidAt: 40, author: { kind }, body: { type: 'message' } }) as unknown as StoredEvent
  expect(introOf([event('system', 1), event('bot', 2)], 'Vera')).toEqual({ name: 'Vera', at: 40 })
  expect(introOf([event('system', 1)], 'Vera')).toBeNull()
})
