// A mediator at a dispute: what they write is kept, and what could not be read says so.

import { expect, test } from 'vitest'
import { safeStorage } from '../../../src/base/safeStorage'
import { createDisputeModel } from '../../../src/desk/disputeModel'
import type { DisputeReport } from '../../../src/protocol/deskRecords'
import { scriptLine } from './scriptedLine'

const REPORT: DisputeReport = {
  disputeId: 'dispute-0001',
  revision: 3,
  number: 1042,
  reference: 'C-20418',
  phase: 'mediating',
  opener: null,
  openedAt: 0,
  respondBy: 1,
  decideBy: 2,
  threadId: 'thread-0001',
  sides: [
    {
      party: 'client',
      name: 'Mia',
      conversationId: 'mia-00001',
      statement: 'Late.',
      isShared: true,
      accepts: null,
    },
    {
      party: 'freelancer',
      name: 'Jo',
      conversationId: 'jo-000001',
      statement: null,
      isShared: false,
      accepts: null,
    },
  ],
  facts: { common: {}, differing: [] },
  proposal: null,
  escalation: null,
  decision: null,
}

function scene(dispute: () => object | Promise<object> = () => ({ dispute: REPORT })) {
  const tabStore = safeStorage(() => null)
  const mediated = { refuses: false }
  const scripted = scriptLine({
    dispute,
    mediate: () => (mediated.refuses ? { ok: false, code: 'stale_assignment' } : { revision: 4 }),
  })
  return { ...scripted, tabStore, mediated, model: createDisputeModel(scripted.line, tabStore) }
}

test('what a mediator writes is there in whichever of the three conversations they read, and after a reload', async () => {
  const { model, line, tabStore, settle } = scene()
  model.watch('mia-00001')
  await settle()
  model.change({ outcome: 'Half is released' })
  model.change({ words: 'Both were late.' })
  model.watch('jo-000001')
  expect(model.draft.value).toEqual({ outcome: '', words: '' })
  await settle()
  expect(model.draft.value).toEqual({ outcome: 'Half is released', words: 'Both were late.' })
  model.dispose()
  const next = createDisputeModel(line, tabStore)
  next.watch('thread-0001')
  await settle()
  expect(next.draft.value.outcome).toBe('Half is released')
})

test('a proposal that was taken empties the form; one that was refused, and what was written on meanwhile, stays', async () => {
  const { model, mediated, settle } = scene()
  model.watch('mia-00001')
  await settle()
  model.change({ outcome: ' Half ', words: '' })
  mediated.refuses = true
  expect(await model.mediate({ kind: 'propose', outcome: 'Half', words: '' })).toBe('changed')
  expect(model.draft.value.outcome).toBe(' Half ')
  mediated.refuses = false
  const sent = model.mediate({ kind: 'propose', outcome: 'Half', words: '' })
  model.change({ words: 'And more' })
  expect(await sent).toBe('done')
  expect(model.draft.value.words).toBe('And more')
  expect(await model.mediate({ kind: 'propose', outcome: 'Half', words: 'And more' })).toBe('done')
  expect(model.draft.value).toEqual({ outcome: '', words: '' })
})

test('a dispute that could not be loaded says so, and is asked for again', async () => {
  let answer: object = { ok: false, code: 'store_unavailable' }
  const { model, settle } = scene(() => answer)
  model.watch('mia-00001')
  expect(model.status.value).toBe('loading')
  await settle()
  expect(model.status.value).toBe('failed')
  answer = { dispute: REPORT }
  await model.refresh()
  expect(model.status.value).toBe('ready')
  // What was read stands while nobody answers.
  answer = { ok: false, code: 'store_unavailable' }
  await model.refresh()
  expect(model.status.value).toBe('ready')
  expect(model.dispute.value?.number).toBe(1042)
})
