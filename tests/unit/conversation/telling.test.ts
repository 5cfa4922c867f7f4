import { expect, test } from 'vitest'
import { createTexts } from '../../../src/base/texts'
import { inWords, partsOf, withoutParts } from '../../../src/conversation/telling'
import { isBrief } from '../../../src/live/readEvents'
import type { Brief } from '../../../src/protocol/records'

const BRIEF: Brief = {
  reason: 'notSolvedTwice',
  because: '2 unanswered',
  category: 'payouts',
  tone: { frustration: 0.7, urgency: 0, distress: 0, evidence: ['useless'] },
  page: {
    url: 'https://x.test/pay',
    route: '/pay',
    title: 'Pay | X',
    name: 'Pay',
    headings: ['Your money', 'On its way'],
    language: 'en',
    data: { plan: 'gold' },
    errors: ['Your card was refused'],
    recentRoutes: ['/home'],
  },
  visitor: { role: 'client', name: 'Mia', email: 'mia@x.test', locale: 'en', attributes: { seats: 3 } },
  articlesRead: [{ articleId: 'a', title: 'Where is my money' }],
  tried: [{ articleId: 'b', title: 'Refused cards' }],
  flow: { id: 'f', title: 'A late payment', step: 's' },
  slots: [{ name: 'order', label: 'Order number', value: '4711' }],
  question: 'Where is my money?',
  turns: 4,
}

test('[E5] every word of a brief stands in a part that the visitor sees', () => {
  const seen = partsOf(BRIEF)
    .map(({ label, value }) => `${label} ${value}`)
    .join('\n')
  const { reason: _, turns: __, ...told } = BRIEF
  const words: string[] = []
  const walk = (value: unknown) => {
    if (typeof value === 'string') words.push(value)
    else if (typeof value === 'object' && value) for (const each of Object.values(value)) walk(each)
  }
  walk({ ...told, articlesRead: told.articlesRead.map(({ title }) => title), tried: ['Refused cards'] })
  // Said by others: the route by the address, the title by the name, ids of a flow by its title.
  const elsewhere = ['/pay', 'Pay | X', 'order', 'f', 's']
  expect(words.filter(word => !seen.includes(word) && !elsewhere.includes(word))).toEqual([])
})

test('[E5] what is left out is in no byte of what is sent, whatever it is, and all else stands', () => {
  const parts = partsOf(BRIEF)
  expect(parts.length).toBe(18)
  for (const { key, value, isFixed } of parts) {
    const without = withoutParts(BRIEF, [key])
    expect([key, isBrief(without)]).toEqual([key, true])
    const left = partsOf(without).map(each => each.key)
    expect(left).toEqual(parts.map(each => each.key).filter(each => isFixed || each !== key))
    if (isFixed) continue
    for (const word of value.split('\n'))
      expect([key, JSON.stringify(without).includes(JSON.stringify(word))]).toEqual([key, false])
  }
})

test('[E5] leaving all of it out leaves a brief that can be sent', () => {
  const without = withoutParts(
    BRIEF,
    partsOf(BRIEF).map(({ key }) => key),
  )
  expect(isBrief(without)).toBe(true)
  expect(partsOf(without).map(({ key }) => key)).toEqual(['locale'])
})

test('[E5] the question is sent as the visitor put it last', () => {
  expect(withoutParts(BRIEF, [], 'When does it come?').question).toBe('When does it come?')
  expect(withoutParts(BRIEF, [], '')).not.toHaveProperty('question')
  expect(withoutParts(BRIEF, ['question'], 'When?')).not.toHaveProperty('question')
})

test('[E5] a brief that a person changes nothing of is sent as it is', () => {
  expect(withoutParts(BRIEF, ['nothing', 'data.other'])).toEqual(BRIEF)
})

test('[E5] people read what a site calls by its own names as the site says it, and no note of a rule', () => {
  const texts = createTexts('de', {
    'category.payouts': 'Auszahlungen',
    'role.client': 'Auftraggeberin',
    'fact.plan': 'Tarif',
    'offer.reason.notSolvedTwice': 'Dabei konnte ich nicht helfen.',
  })
  const brief = { ...BRIEF, because: '2 unanswered; not answered: "Where is my money?"' }
  const said = new Map(partsOf(brief).map(part => [part.key, inWords(part, brief, texts)]))
  expect(said.get('category')).toMatchObject({ value: 'Auszahlungen', name: 'payouts' })
  expect(said.get('role')?.value).toBe('Auftraggeberin')
  expect(said.get('data.plan')?.label).toBe('Tarif')
  expect(said.get('because')?.value).toBe('Dabei konnte ich nicht helfen.\n"Where is my money?"')
})
