// The server's own masks, over bodies that no page of ours would send.
import { expect, test } from 'vitest'
import { createRedactAgain } from '../../../src/server/redactAgain'
import { emptyBrief } from '../../../src/testing/emptyBrief'

const CARD = '4111 1111 1111 1111'
const again = createRedactAgain()
const send = (body: object) =>
  again.call('send', {
    v: 1,
    conversationId: 'conversation-1',
    drafts: [{ clientId: 'client-01', body: body as never }],
  }).drafts[0]?.body

test('[P2] a forged page plants nothing in a brief: page facts are masked as derived copies, words as to a person', () => {
  const brief = emptyBrief({
    page: {
      url: 'https://shop.example/ann%40example.org',
      route: '/x',
      title: `paid ${CARD}`,
      name: 'call +49 30 1234567',
      headings: ['order 12345678'],
      language: 'en',
      data: { reach: 'ann@example.org' },
      errors: [`${CARD} declined`],
    },
    question: `my card ${CARD}, mail ann@example.org`,
  })
  const told = again.call('open', { v: 1, openId: 'open-0001', brief }).brief
  expect(told.page).toMatchObject({
    url: 'https://shop.example/[email]',
    title: 'paid [card 1111]',
    name: 'call [phone]',
    headings: ['order 12345678'],
    data: { reach: '[email]' },
    errors: ['[card 1111] declined'],
  })
  expect(told.question).toBe('my card [card 1111], mail ann@example.org')
})

test('[P2] a message is masked again as words to a person are, and stays as long as a message may be', () => {
  expect(send({ type: 'message', format: 'plain', text: `my card ${CARD}, call +49 30 1234567` })).toEqual({
    type: 'message',
    format: 'plain',
    text: 'my card [card 1111], call +49 30 1234567',
  })
  const long = `${'pin=123 '.repeat(500)}`.slice(0, 4_000)
  expect((send({ type: 'message', format: 'plain', text: long }) as { text: string }).text.length).toBe(4_000)
  expect(send({ type: 'rated', score: 1, comment: CARD })).toEqual({
    type: 'rated',
    score: 1,
    comment: '[card 1111]',
  })
})

test('[P2] an objection and a side of a dispute are masked again, and so is what the dispute is said to be about', () => {
  expect(send({ type: 'contested', about: 'answer', target: CARD, words: `see ${CARD}` })).toEqual({
    type: 'contested',
    about: 'answer',
    target: '[card 1111]',
    words: 'see [card 1111]',
  })
  expect(send({ type: 'contested', about: 'answer', target: 4 })).toEqual({
    type: 'contested',
    about: 'answer',
    target: 4,
  })
  expect(
    send({ type: 'disputeStated', disputeId: 'dispute-01', text: `paid by ${CARD}, ann@example.org` }),
  ).toEqual({ type: 'disputeStated', disputeId: 'dispute-01', text: 'paid by [card 1111], ann@example.org' })
  const asked = { v: 1, conversationId: 'conversation-1', reference: `order 12345678, ${CARD}` }
  expect(again.call('openDispute', asked).reference).toBe('order 12345678, [card 1111]')
})

test('[P2] a card in the place of a phone number is nobody’s contact: it is left out, an address stays', () => {
  const contact = { email: 'ann@example.org', phone: '+49 30 1234567' }
  expect(send({ type: 'contactGiven', contact })).toEqual({ type: 'contactGiven', contact })
  expect(send({ type: 'contactGiven', contact: { ...contact, phone: CARD } })).toEqual({
    type: 'contactGiven',
    contact: { email: 'ann@example.org' },
  })
  expect(send({ type: 'handoffReady', channel: 'ticket', contact: { phone: CARD } })).toEqual({
    type: 'handoffReady',
    channel: 'ticket',
    contact: {},
  })
})

test('[P2] a pattern of the site takes no address away, whatever it finds in it: a ticket is answered there', () => {
  const again = createRedactAgain({ mask: { member: 'MB-\\d{6}', account: '\\d{8}' } })
  const contact = { email: 'mb-123456@example.org', phone: '12345678' }
  const draft = { clientId: 'client-01', body: { type: 'contactGiven', contact } as const }
  const sent = again.call('send', { v: 1, conversationId: 'conversation-1', drafts: [draft] })
  expect(sent.drafts[0]?.body).toEqual({ type: 'contactGiven', contact })
  const told = (email: string) => {
    const visitor = { ...emptyBrief().visitor, email, name: 'Ann MB-123456' }
    return again.call('open', { v: 1, openId: 'open-0001', brief: emptyBrief({ visitor }) }).brief.visitor
  }
  expect(told(contact.email)).toMatchObject({ email: contact.email, name: 'Ann [member]' })
  // What is no address is words.
  expect(told('MB-123456').email).toBe('[member]')
  expect(told(`${CARD.replaceAll(' ', '')}@example.org`).email).toBe('[card 1111]@example.org')
})

test('[P3] what the visitor chose to send as typed stays, and how they chose it is not stored', () => {
  expect(send({ type: 'message', format: 'plain', text: CARD, unmasked: true })).toEqual({
    type: 'message',
    format: 'plain',
    text: CARD,
  })
})

test('[P2] a journal record is masked whole, and says of which inputs', () => {
  expect(
    again.journal({
      id: 'record-01',
      kind: 'answered',
      at: 1,
      inputs: { words: CARD, shown: ['a@b.example'], rows: 3 },
      rule: 'r@1',
      reason: 'password: hunter2',
    }),
  ).toEqual({
    id: 'record-01',
    kind: 'answered',
    at: 1,
    inputs: { words: '[card 1111]', shown: ['[email]'], rows: 3 },
    masked: ['words', 'shown'],
    rule: 'r@1',
    reason: 'password: [secret]',
  })
})

test('[P2] the facts of a search or a question are masked before they are searched by, kept or put to a model', () => {
  const facts = {
    page: { route: '/ann%40example.org', name: CARD, headings: ['+49 30 1234567'] },
    visitor: { locale: 'en' },
  }
  expect(again.question({ v: 1, do: 'suggest', query: CARD, facts, limit: 3 })).toMatchObject({
    query: '[card 1111]',
    facts: { page: { route: '/[email]', name: '[card 1111]', headings: ['[phone]'] } },
  })
})

test('[P2] what the site masks and keeps of its own holds on the server, too, for pages that do not know of it', () => {
  const own = createRedactAgain({ mask: { member: 'MB-\\d{6}' }, keep: ['\\d{3}-\\d{3}-\\d{4}'] })
  const text = 'MB-123456 about 555-123-4567'
  const sent = own.call('send', {
    v: 1,
    conversationId: 'conversation-1',
    drafts: [{ clientId: 'client-01', body: { type: 'message', format: 'plain', text } }],
  })
  expect(sent.drafts[0]?.body).toMatchObject({ text: '[member] about 555-123-4567' })
  const asked = { v: 1, openId: 'open-0001', brief: emptyBrief({ question: text }) }
  asked.brief = { ...asked.brief, page: { ...asked.brief.page, title: text } }
  expect(own.call('open', asked).brief).toMatchObject({
    question: '[member] about 555-123-4567',
    page: { title: '[member] about 555-123-4567' },
  })
})
