// Every state of the gallery in one page: each can be reached, and together they are all there is.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { bring, type Look } from '../../../demo/states/bring'
import { STATES } from '../../../demo/states/catalogue'
import { stopTheClock } from '../../../demo/states/script/time'
import type { View } from '../../../src/assistant/panelModel'
import { nextPhase, type Phase } from '../../../src/protocol/phase'

const ENGLISH: Look = { theme: 'light', locale: 'en', dir: 'ltr', words: {} }
const VIEWS: Readonly<Record<View, true>> = { home: true, article: true, conversation: true }

const met = {
  panel: new Set<View | Phase>(),
  desk: new Set<Phase>(),
}
let giveTimeBack = () => {}
beforeAll(async () => {
  await page.viewport(1_280, 800)
  giveTimeBack = stopTheClock()
})
afterAll(() => giveTimeBack())

test.each(STATES.map(({ id }) => id))('%s can be reached', async id => {
  const { surface, view, phase, undo } = await bring(document, id, ENGLISH)
  if (surface === 'desk' && phase) met.desk.add(phase)
  if (surface === 'panel')
    for (const each of [view, view === 'conversation' && phase]) if (each) met.panel.add(each)
  undo()
})

test('each view and each phase has a state in which it is seen', () => {
  expect([...met.panel].sort()).toEqual([...Object.keys(VIEWS), ...Object.keys(nextPhase)].sort())
  // The desk is handed a conversation once a person is asked for.
  expect([...met.desk]).toEqual(expect.arrayContaining(['queued', 'live', 'ticketed', 'ended']))
})

test('no two states have the same name', () => {
  expect(new Set(STATES.map(({ id }) => id)).size).toBe(STATES.length)
})
