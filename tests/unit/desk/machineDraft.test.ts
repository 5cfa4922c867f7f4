import { expect, test } from 'vitest'
import { isMachineDraft } from '../../../src/desk/machineDraft'
import { quotationOf } from '../../../src/desk/suggestionsModel'
import { createScene } from './scene'

const SUGGESTED = quotationOf(
  'A withdrawal takes two working days. Weekends do not count, and neither do bank holidays.',
)

test.each([
  ['as it is', SUGGESTED],
  ['a typo put right', SUGGESTED.replace('neither', 'nor')],
  ['without its marks', SUGGESTED.replaceAll('> ', '')],
  ['half of it', '> A withdrawal takes two working days.'],
  ['with a greeting', `Hello Mia,\n\n${SUGGESTED}`],
])('[E2] the machine suggested it: %s', (_, sent) => {
  expect(isMachineDraft(sent, SUGGESTED)).toBe(true)
})

test.each([
  [
    'words of the agent around a quotation',
    `${SUGGESTED}\n\nI have looked at yours, and it left our bank this morning.`,
  ],
  ['other words', 'I have looked at it: yours left our bank this morning.'],
  [
    'the same words in another order',
    'Do neither bank count days holidays weekends and not two working takes',
  ],
  ['nothing but a file', ''],
])('[E2] the agent wrote it: %s', (_, sent) => {
  expect(isMachineDraft(sent, SUGGESTED)).toBe(false)
})

test('[E2] where nothing was suggested the agent wrote it', () => {
  expect(isMachineDraft('Two days.', '')).toBe(false)
})

test('[E2] what was put in with Insert and sent says so to the visitor, the next reply does not', async () => {
  const scene = await createScene()
  const { model } = await scene.desk()
  const mia = await scene.visitor('Mia')
  model.open(mia.conversationId)
  await scene.settle()
  void model.claim()
  await scene.settle(500)
  model.workplace.value?.composer.quote('It takes two days.', { articleId: 'bank', title: 'To your bank' })
  model.send()
  model.setDraft('It takes two days.')
  model.send()
  await scene.settle(60_000)
  const drafted = model.thread.value?.items.map(item => item.kind === 'message' && item.draftedBy)
  expect(drafted?.filter(each => each !== false)).toEqual([undefined, 'machine', undefined])
  await scene.close()
})
