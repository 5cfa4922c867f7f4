import { expect, test } from 'vitest'
import { outboundArguments } from '../../../src/cli/outboundArguments'

const SMTP = { ASKLET_SMTP_URL: 'smtps://user:password@mail.example' }
const HALF = /--mail-from, --page-url and ASKLET_SMTP_URL in the environment stand together/

test('mail needs all three: whom it comes from, where it leads back to, and a server', () => {
  const from = { 'mail-from': 'help@shop.example' }
  expect(() => outboundArguments(from, '', {})).toThrow(HALF)
  expect(() => outboundArguments(from, '', SMTP)).toThrow(HALF)
  expect(() => outboundArguments({ 'page-url': 'https://shop.example' }, '', SMTP)).toThrow(HALF)
  const whole = { ...from, 'page-url': 'https://shop.example', 'first-answer-hours': '8' }
  expect(outboundArguments(whole, '', SMTP)).toEqual({
    mail: {
      url: SMTP.ASKLET_SMTP_URL,
      from: 'help@shop.example',
      pageUrl: 'https://shop.example',
      firstAnswerHours: 8,
    },
  })
})

test('a server in the environment alone sends nothing: it may be there for another program', () => {
  expect(outboundArguments({}, '', SMTP)).toEqual({})
})

test('webhooks need their secret, which is no flag', () => {
  const webhook = ['https://shop.example/hook']
  expect(() => outboundArguments({ webhook }, '', {})).toThrow(/--webhook needs ASKLET_WEBHOOK_SECRET/)
  expect(
    outboundArguments({ webhook, 'webhook-text': true }, '', { ASKLET_WEBHOOK_SECRET: 'whsec_x' }),
  ).toEqual({
    webhooks: [{ url: webhook[0], secret: 'whsec_x', includeText: true }],
  })
})
