// The small rules of sending: when again, what a signature is, what an answer means, what an address of options may be.
import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { StoredEvent } from '../../../../src/protocol/events'
import { answerBy, readMailOptions, unreadAnswers } from '../../../../src/server/outbound/mail'
import { GIVE_UP_AFTER_MS, nextTryAt, retryWaitMs } from '../../../../src/server/outbound/retrying'
import { secretBytes, signedHeaders, webhookIdOf } from '../../../../src/server/outbound/signature'
import { refusalOf, serverOf } from '../../../../src/server/outbound/smtp'
import { judged, readEndpoints } from '../../../../src/server/outbound/webhooks'

describe('[O5] trying again', () => {
  test('half a minute, doubled, at most six hours, and half of it is chance', () => {
    expect([1, 2, 3, 10, 30].map(attempts => retryWaitMs(attempts, 1))).toEqual([
      30_000, 60_000, 120_000, 15_360_000, 21_600_000,
    ])
    expect(retryWaitMs(1, 0)).toBe(15_000)
  })
  test('after three days it is given up', () => {
    let tries = 1
    let at = 0
    for (let next = nextTryAt({ createdAt: 0, attempts: tries }, at, 0.5); next !== null; tries++) {
      at = next
      next = nextTryAt({ createdAt: 0, attempts: tries }, at, 0.5)
    }
    expect(at).toBeLessThanOrEqual(GIVE_UP_AFTER_MS)
    expect(at).toBeGreaterThan(GIVE_UP_AFTER_MS - 7 * 60 * 60_000)
    expect(tries).toBeLessThan(40)
  })
})

describe('[O9] the signature', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  test('is over id, time and body, as the standard says it', () => {
    const headers = signedHeaders(secretBytes(secret), 'msg_1', 1_700_000_000_999, '{"a":1}')
    const expected = createHmac('sha256', Buffer.alloc(32, 7))
      .update('msg_1.1700000000.{"a":1}')
      .digest('base64')
    expect(headers).toEqual({
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1700000000',
      'webhook-signature': `v1,${expected}`,
    })
  })
  test('the example of the standard', () => {
    const bytes = secretBytes('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
    const headers = signedHeaders(
      bytes,
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1_614_265_330_000,
      '{"test": 2432232314}',
    )
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })
  test('an id is the same for every try, holds no dot and nothing to read', () => {
    const id = webhookIdOf('conversation-1.3.ticket.opened.k1')
    expect(id).toBe(webhookIdOf('conversation-1.3.ticket.opened.k1'))
    expect(id).toMatch(/^msg_[0-9a-f]{32}$/)
  })
  test.each([undefined, 'secret', 'whsec_', 'whsec_short', `whsec_${'!'.repeat(40)}`])(
    '%j is no secret, and the sentence does not repeat it',
    given => {
      expect(() => secretBytes(given)).toThrow(/whsec_" and 24 to 64 random bytes/)
      expect(() => secretBytes(given)).not.toThrow(/short|!!!/)
    },
  )
})

describe('[O11] an endpoint', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const read = (url: string, more = {}) => readEndpoints([{ url, secret, ...more }])
  test.each([
    'http://shop.example/hook',
    'ftp://shop.example/',
    'https://user:password@shop.example/hook',
    'https://127.0.0.1/hook',
    'https://[::1]/hook',
    'https://[::ffff:10.0.0.1]/hook',
    'https://0x7f.1/hook',
    'https://2130706433/hook',
    'https://169.254.169.254/latest/meta-data',
    'nonsense',
  ])('%s is refused, without its words in the sentence', url => {
    expect(() => read(url)).toThrow(/options\.webhooks\[0\]\.url must be/)
    expect(() => read(url)).not.toThrow(/password@/)
  })
  test('events that there are not, and an address that stands twice, are said', () => {
    expect(() => read('https://shop.example/', { events: ['ticket.closed'] })).toThrow(
      /must be a list of ticket\.opened/,
    )
    const one = { url: 'https://shop.example/', secret }
    expect(() => readEndpoints([one, one])).toThrow(/stands there twice/)
  })
  test('2xx is taken, 3xx and 410 are final, all else is tried again', () => {
    const results = [200, 204, 301, 307, 404, 410, 429, 500].map(status => judged(status).result)
    expect(results).toEqual(['sent', 'sent', 'failed', 'failed', 'retry', 'failed', 'retry', 'retry'])
  })
})

describe('a mail server', () => {
  test('TLS is insisted on, except on this machine', () => {
    expect(serverOf('smtp://mail.example')).toEqual({
      host: 'mail.example',
      port: 587,
      secure: false,
      requireTLS: true,
    })
    expect(serverOf('smtps://user:p%40ss@mail.example')).toMatchObject({
      port: 465,
      secure: true,
      auth: { user: 'user', pass: 'p@ss' },
    })
    expect(serverOf('smtp://127.0.0.1:2525').requireTLS).toBe(false)
  })
  test('an address that is none is said without what it holds', () => {
    expect(() => serverOf('https://user:secretword@mail.example')).toThrow(/must be like smtp:/)
    expect(() => serverOf('https://user:secretword@mail.example')).not.toThrow(/secretword/)
  })
  test('[O5] 5xx to a mail is final; 4xx, a cut line and a wrong password are tried again', () => {
    const isFinal = (error: object) => refusalOf(error).isFinal
    expect(isFinal({ code: 'EENVELOPE', responseCode: 550 })).toBe(true)
    expect(isFinal({ code: 'EMESSAGE', responseCode: 552 })).toBe(true)
    expect(isFinal({ code: 'EENVELOPE', responseCode: 451 })).toBe(false)
    expect(isFinal({ code: 'EAUTH', responseCode: 535 })).toBe(false)
    expect(isFinal({ code: 'ECONNECTION' })).toBe(false)
    const shown = refusalOf({
      code: 'EENVELOPE',
      responseCode: 550,
      response: '550 <mia@example.com> unknown',
    })
    expect(shown.message).toBe('the mail server refused it (EENVELOPE 550)')
  })
  test('a page that is none, and hours that are none, are said', () => {
    const given = { url: 'smtp://localhost', from: 'help@shop.example', pageUrl: 'https://shop.example' }
    expect(() => readMailOptions({ ...given, pageUrl: 'javascript:alert(1)' })).toThrow(
      /options\.mail\.pageUrl/,
    )
    expect(() => readMailOptions({ ...given, firstAnswerHours: -1 })).toThrow(/firstAnswerHours must be/)
  })
})

test('[O6] a first answer is promised by the service level of the ticket, in opening time', () => {
  const ticket = { number: 1001, category: 'billing', priority: 'urgent', status: 'open' } as const
  const levels = {
    default: { firstResponseMinutes: 240 },
    categories: { billing: { firstResponseMinutes: 120 } },
    priorities: { urgent: 0.5 },
  }
  const hours = { zone: 'Europe/Berlin', week: { tue: [['09:00', '17:00']] } } as const
  const monday = Date.UTC(2026, 0, 5, 20)
  const openedThen = { ticket: { ...ticket, openedAt: monday } }
  expect(answerBy(openedThen, levels, hours, 0)).toBe(Date.UTC(2026, 0, 6, 9))
  expect(answerBy(openedThen, null, hours, 0)).toBeNull()
  expect(answerBy({ ticket }, { default: {} }, hours, 0)).toBeNull()
})

describe('[O2] what a visitor has not read', () => {
  const event = (seq: number, kind: 'agent' | 'visitor', body: StoredEvent['body']): StoredEvent => ({
    conversationId: 'conversation-1',
    seq,
    clientId: `client-${seq}`,
    at: seq,
    author: kind === 'agent' ? { kind, agentId: 'ada', name: 'Ada' } : { kind },
    body,
  })
  const says = (seq: number, kind: 'agent' | 'visitor') =>
    event(seq, kind, { type: 'message', text: `words ${seq}`, format: 'plain' })
  const marks = (seq: number, kind: 'agent' | 'visitor', read: number) =>
    event(seq, kind, { type: 'marked', delivered: read, read })

  test('is behind their mark and behind what they wrote themselves', () => {
    const seqs = (...events: StoredEvent[]) => unreadAnswers(events).map(({ seq }) => seq)
    expect(seqs(says(3, 'agent'), says(4, 'agent'))).toEqual([3, 4])
    expect(seqs(says(3, 'agent'), says(4, 'agent'), marks(5, 'visitor', 3))).toEqual([4])
    expect(seqs(says(3, 'agent'), says(4, 'visitor'), says(5, 'agent'))).toEqual([5])
    expect(seqs(says(3, 'agent'), marks(4, 'agent', 9))).toEqual([3])
    expect(seqs(event(3, 'agent', { type: 'redacted', target: 3 }))).toEqual([])
    const answer = { type: 'contestAnswered', contest: 2, outcome: 'upheld', words: 'It is right.' } as const
    expect(unreadAnswers([event(3, 'agent', answer)])).toMatchObject([{ agent: 'Ada', text: 'It is right.' }])
  })
})
