import { expect, test } from 'vitest'
import { contestFormId, contestsToAnswer } from '../../../src/desk/contestAnswers'
import { queueSections } from '../../../src/desk/queueSections'
import type { StoredEvent } from '../../../src/protocol/events'
import { createScene, GRACE } from './scene'

test('[E4] what a visitor objects to stands in the list until an agent answers, and both read what came of it', async () => {
  const scene = await createScene()
  const { model } = await scene.desk()
  const mia = await scene.visitor('Mia')
  await mia.send({ type: 'contested', about: 'answer', target: 'turn-0001', words: 'Not my bank.' })
  await scene.settle(30_000)
  const row = () => model.rows.value.find(each => each.conversationId === mia.conversationId)
  expect(row()?.contested).toMatchObject({ about: 'answer', count: 1 })
  model.open(mia.conversationId)
  await scene.settle()
  void model.claim()
  await scene.settle(500)
  const [contest] = model.thread.value?.contests ?? []
  expect(contest).toMatchObject({ about: 'answer', words: 'Not my bank.' })
  model.answerContest(contest?.seq ?? 0, 'changed', '  ')
  expect(model.thread.value?.contests).toHaveLength(1)
  model.answerContest(contest?.seq ?? 0, 'changed', ' You are right. ')
  expect(model.thread.value?.contests).toEqual([])
  await scene.settle(30_000)
  expect(row()?.contested).toBeUndefined()
  const notices = model.thread.value?.items.flatMap(item => (item.kind === 'notice' ? item : []))
  expect(notices?.filter(({ name }) => name.startsWith('contest'))).toMatchObject([
    { name: 'contestedWords', values: { about: 'answer', words: 'Not my bank.' } },
    { name: 'contestChanged', values: { words: 'You are right.' } },
  ])
  await scene.close()
})

test('[E4] what is objected to is told by the message that is meant, where there is one', () => {
  const said = (seq: number, kind: 'visitor' | 'bot' | 'agent', body: object, clientId = `turn-${seq}`) =>
    ({ conversationId: 'c', seq, clientId, at: seq, author: { kind }, body }) as StoredEvent
  const message = { type: 'message', text: 'x', format: 'plain' }
  const meant = (contested: object) =>
    contestsToAnswer(
      [
        said(1, 'bot', message),
        said(2, 'visitor', message),
        said(3, 'bot', message),
        said(4, 'agent', message),
        said(5, 'visitor', { type: 'contested', about: 'answer', ...contested }),
        said(6, 'bot', message),
      ],
      [],
    ).map(each => each.meant)
  expect(meant({ target: 'turn-1' })).toEqual([1])
  expect(meant({ target: 3 })).toEqual([3])
  expect(meant({})).toEqual([3])
  expect(meant({ target: 'turn-9' })).toEqual([null])
  expect(meant({ about: 'category', target: 'turn-1' })).toEqual([null])
})

test('[E4] an objection to what is long over, or was left, stands under its own heading until it is answered', async () => {
  const scene = await createScene()
  const { model } = await scene.desk()
  const mia = await scene.visitor('Mia')
  await mia.send({ type: 'contested', about: 'answer', words: 'Not my bank.' })
  await mia.send({ type: 'cancelled' })
  await scene.settle(2 * 60 * 60_000)
  const listed = () =>
    queueSections(model.rows.value, model.totals.value).map(({ name, rows, total }) => ({
      name,
      ids: rows.map(({ conversationId }) => conversationId),
      total,
    }))
  expect(listed()).toEqual([{ name: 'contested', ids: [mia.conversationId], total: 1 }])
  model.open(mia.conversationId)
  await scene.settle()
  const [contest] = model.thread.value?.contests ?? []
  model.answerContest(contest?.seq ?? 0, 'upheld', 'We looked at it.')
  await scene.settle(60_000)
  expect(listed()).toEqual([])
  await scene.close()
})

test('[E4] an answer to an objection that did not get through stays in sight, with the objection and its words', async () => {
  const scene = await createScene()
  const { model } = await scene.desk()
  const grace = await scene.desk(GRACE)
  const mia = await scene.visitor('Mia')
  await mia.send({ type: 'contested', about: 'answer', words: 'Not my bank.' })
  await scene.settle(500)
  model.open(mia.conversationId)
  await scene.settle()
  void model.claim()
  await scene.settle(500)
  const seq = model.thread.value?.contests[0]?.seq ?? 0
  const forms = model.workplace.value?.contestForms
  const form = () => forms?.of(contestFormId(mia.conversationId, seq))
  forms?.change(contestFormId(mia.conversationId, seq), { words: 'You are right.' })
  // A colleague takes it over before the answer gets out.
  grace.model.open(mia.conversationId)
  await scene.settle()
  void grace.model.claim()
  await scene.settle(500)
  model.answerContest(seq, 'changed', form()?.words ?? '')
  expect(model.thread.value?.contests).toEqual([])
  expect(form()?.words).toBe('')
  await scene.settle(5_000)
  const stuck = () => model.thread.value?.contests.find(each => each.seq === seq)?.stuck
  expect(stuck()).toMatchObject({
    state: { failed: 'stale_assignment' },
    outcome: 'changed',
    words: 'You are right.',
  })
  // It is not sent twice by the form beside it.
  model.answerContest(seq, 'upheld', 'Another answer.')
  expect(stuck()?.words).toBe('You are right.')
  model.retry(stuck()?.key ?? '')
  await scene.settle(5_000)
  expect(stuck()?.state).toEqual({ failed: 'stale_assignment' })
  forms?.change(contestFormId(mia.conversationId, seq), { words: 'Begun meanwhile.' })
  model.reviseContest(seq)
  expect(stuck()).toBeNull()
  expect(form()).toEqual({ outcome: 'changed', words: 'You are right.\n\nBegun meanwhile.' })
  await scene.close()
})

test('what is begun for one objection is begun for that one alone, also in another conversation', async () => {
  const scene = await createScene()
  const { model } = await scene.desk()
  const forms = model.workplace.value?.contestForms
  forms?.change(contestFormId('one', 3), { words: 'Half a', outcome: 'upheld' })
  expect(forms?.of(contestFormId('two', 3))).toEqual({ outcome: '', words: '' })
  expect(forms?.of(contestFormId('one', 3))).toEqual({ outcome: 'upheld', words: 'Half a' })
  await scene.close()
})
