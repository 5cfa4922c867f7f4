// A mediator at a dispute: what they write is kept, and what could not be read says so.

import { expect, test } from 'vitest'
import { safeStorage } from '../../../src/base/safeStorage'
import type { DeskRow } from '../../../src/desk/deskModel'
import { createDisputeModel } from '../../../src/desk/disputeModel'
import { EMPTY_DISPUTE_FORM, maySend, otherSides, partiesOf } from '../../../src/desk/disputeOpening'
import type { DisputeReport } from '../../../src/protocol/deskRecords'
import { createScene } from './scene'
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

test('whatever is pressed twice before an answer is there is said once', async () => {
  const { model, asked, settle } = scene()
  model.watch('mia-00001')
  await settle()
  model.change({ outcome: 'Half' })
  for (const act of [
    { kind: 'propose', outcome: 'Half', words: '' },
    { kind: 'decide', outcome: 'Half', words: '' },
    { kind: 'escalate' },
  ] as const) {
    const before = asked('mediate').length
    const presses = [model.mediate(act), model.mediate(act)]
    expect(model.isMediating.value).toBe(true)
    expect(await Promise.all(presses)).toEqual(['done', 'done'])
    expect(asked('mediate').length - before).toBe(1)
    expect(model.isMediating.value).toBe(false)
  }
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

test('[V2] an agent links two conversations: both visitors are told, with the site’s words for the two sides', async () => {
  const scene = await createScene()
  const { model } = await scene.desk()
  const mia = await scene.visitor('Mia', 'The design is late')
  const jo = await scene.visitor('Jo', 'Mia does not pay')
  model.open(mia.conversationId)
  await scene.settle()
  void model.claim()
  await scene.settle(500)
  const disputes = model.workplace.value?.disputes
  disputes?.changeForm(mia.conversationId, { other: jo.conversationId, reference: ' C-1 ' })
  const form = { other: jo.conversationId, reference: ' C-1 ', own: 'client', theirs: 'freelancer' }
  const opened = disputes?.open(mia.conversationId, form)
  await scene.settle(500)
  expect(await opened).toBe('done')
  expect(disputes?.formOf(mia.conversationId)).toEqual(EMPTY_DISPUTE_FORM)
  expect(model.thread.value?.hasDispute).toBe(true)
  for (const [side, you] of [
    [mia, 'client'],
    [jo, 'freelancer'],
  ] as const) {
    const page = await scene.loopback.store.read(side.conversationId, 0, 50)
    expect(page?.events.map(({ body }) => body)).toContainEqual(
      expect.objectContaining({ type: 'disputeOpened', reference: 'C-1', you }),
    )
  }
  // Of what is in a dispute already there is no second one with somebody else.
  const ann = await scene.visitor('Ann', 'Neither me')
  disputes?.changeForm(mia.conversationId, { other: ann.conversationId, reference: 'C-2' })
  const second = disputes?.open(mia.conversationId, { ...form, other: ann.conversationId })
  await scene.settle(500)
  expect(await second).toBe('cannot')
  expect(disputes?.formOf(mia.conversationId).reference).toBe('C-2')
  await scene.close()
})

test('the other side is looked for by name, number or words; what is chosen stays in sight, what is over is none', () => {
  const row = (change: Partial<DeskRow>) =>
    ({
      phase: 'ticketed',
      ticketNumber: null,
      visitorName: '',
      role: '',
      question: '',
      lastAt: 0,
      ...change,
    }) as DeskRow
  const rows = [
    row({ conversationId: 'open', visitorName: 'Mia' }),
    row({ conversationId: 'jo', visitorName: 'Jo Lind', phase: 'live', lastAt: 9 }),
    row({ conversationId: 'ann', visitorName: 'Ann', ticketNumber: 1042, question: 'My milestone' }),
    row({ conversationId: 'over', visitorName: 'Jo', phase: 'ended' }),
  ]
  const ids = (looked: string, chosen = '') =>
    otherSides(rows, 'open', looked, chosen).map(({ conversationId }) => conversationId)
  expect(ids('')).toEqual(['ann', 'jo'])
  expect(ids('lind')).toEqual(['jo'])
  expect(ids('#1042 mile')).toEqual(['ann'])
  expect(ids('lind', 'ann')).toEqual(['ann', 'jo'])
})

test('the two sides have two names: the site’s roles where they differ, else what the agent says', () => {
  const form = { ...EMPTY_DISPUTE_FORM, other: 'jo', reference: 'C-1' }
  expect(partiesOf(form, ['client', 'freelancer'])).toEqual(['client', 'freelancer'])
  expect(partiesOf(form, ['client', 'client'])).toEqual(['', ''])
  expect(partiesOf({ ...form, theirs: ' host ' }, ['client', 'client'])).toEqual(['', 'host'])
  expect(maySend(form, ['client', 'freelancer'])).toBe(true)
  expect(maySend(form, ['client', 'client'])).toBe(false)
  expect(maySend({ ...form, other: '' }, ['client', 'freelancer'])).toBe(false)
})
