import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DISPUTE_MAIL } from '../../../../src/server/outbound/deliveriesOf'
import { inboxOf, mailAddress, senderName } from '../../../../src/server/outbound/mailAddress'
import { type Letter, writeLetter } from '../../../../src/server/outbound/mailLetter'
import { MAIL_LOCALES, mailWords } from '../../../../src/server/outbound/mailWords'

const frame = { number: 1001, pageUrl: 'https://shop.example/help?a=1&b=2', isReplyRead: false }
const acknowledged: Letter = {
  kind: 'acknowledged',
  opensAt: Date.UTC(2026, 0, 6, 8),
  zone: 'Europe/Berlin',
  firstAnswerHours: 4,
  answerBy: null,
  usualBy: null,
}
const answered = (text: string): Letter => ({
  kind: 'answered',
  answers: [{ agent: 'Ada', text, hasFiles: false }],
})

describe('a letter', () => {
  test('[O6] an acknowledgement says number, expectation and where to go on', async () => {
    const { subject, text } = writeLetter(acknowledged, frame, await mailWords('en'))
    expect(subject).toBe('We have your ticket #1001')
    expect(text).toContain('within 4 hours')
    expect(text).toMatch(/back on Tuesday, January 6 at 09:00\sAM/)
    expect(text).toContain('\n\nhttps://shop.example/help?a=1&b=2\n')
    expect(text).toContain('replies to this e-mail are not read')
  })
  test('[O6] where a service level is promised, its moment is said and nothing else', async () => {
    const promised = { ...acknowledged, firstAnswerHours: null, answerBy: Date.UTC(2026, 0, 6, 11) }
    const { text } = writeLetter(promised, frame, await mailWords('en'))
    expect(text).toMatch(/You can expect a first answer by Tuesday, January 6 at 12:00\sPM/)
    expect(text).not.toMatch(/back on/)
  })
  test('[O6] where the site promises nothing, it says when such a ticket is usually answered', async () => {
    const usual = { ...acknowledged, opensAt: null, usualBy: Date.UTC(2026, 0, 6, 11) }
    const { text } = writeLetter({ ...usual, firstAnswerHours: null }, frame, await mailWords('en'))
    expect(text).toMatch(/We have usually answered by Tuesday, January 6 at 12:00\sPM/)
    const promised = writeLetter(usual, frame, await mailWords('en'))
    expect(promised.text).not.toContain('usually')
  })
  test('an answer is the agent’s words as they are written, and in HTML they are text', async () => {
    const words = 'Use <b>this</b> & "that"\n[link](javascript:alert(1))\u0000\u001b[2J'
    const { text, html } = writeLetter(answered(words), frame, await mailWords('en'))
    expect(text).toContain('Ada wrote:\n\nUse <b>this</b> & "that"\n[link](javascript:alert(1))[2J\n')
    expect(html).toContain('Use &lt;b&gt;this&lt;/b&gt; &amp; &quot;that&quot;')
    expect(html.match(/<a /g)).toHaveLength(1)
    expect(html).toContain('href="https://shop.example/help?a=1&amp;b=2"')
  })
  test('whoever writes twice is named once', async () => {
    const { text } = writeLetter(
      {
        kind: 'answered',
        answers: [
          { agent: 'Ada', text: 'One', hasFiles: false },
          { agent: 'Ada', text: 'Two', hasFiles: true },
        ],
      },
      frame,
      await mailWords('en'),
    )
    expect(text.match(/Ada wrote/g)).toHaveLength(1)
    expect(text).toContain('There are files with it.')
  })
  test('an agent’s name that runs from the right does not turn the sentence', async () => {
    const letter: Letter = { kind: 'answered', answers: [{ agent: 'נועה', text: 'x', hasFiles: false }] }
    expect(writeLetter(letter, frame, await mailWords('en')).text).toContain('\u2068נועה\u2069 wrote:')
  })
})

describe('the words', () => {
  const folder = resolve(import.meta.dirname, '../../../../src/server/outbound/texts')
  const read = (locale: string) =>
    JSON.parse(readFileSync(resolve(folder, `${locale}.json`), 'utf8')) as Record<string, unknown>
  const places = (entry: unknown) => [...new Set(JSON.stringify(entry).match(/\{\w+\}/g) ?? [])].sort()

  test('there is a file a language, and each has every text with its places', () => {
    expect(readdirSync(folder).sort()).toEqual([...MAIL_LOCALES].map(each => `${each}.json`).sort())
    const english = read('en')
    for (const locale of MAIL_LOCALES) {
      const words = read(locale)
      expect([locale, Object.keys(words).sort()]).toEqual([locale, Object.keys(english).sort()])
      for (const [key, entry] of Object.entries(words))
        expect([locale, key, places(entry)]).toEqual([locale, key, places(english[key])])
    }
  })
  test.each(MAIL_LOCALES)('in %s each letter is whole', async locale => {
    const words = await mailWords(locale)
    for (const letter of [
      acknowledged,
      { ...acknowledged, answerBy: 0 },
      answered('x'),
      { kind: 'solved' },
    ] as const) {
      const { subject, text, html } = writeLetter(letter, frame, words)
      expect(subject + text).not.toMatch(/[{}]/)
      expect(subject).toContain('1001')
      expect(html).toContain(`lang="${locale}" dir="${['ar', 'he'].includes(locale) ? 'rtl' : 'ltr'}"`)
    }
  })
  test('who reads another language than these gets English, and who writes it otherwise their own', async () => {
    expect((await mailWords('tlh')).locale).toBe('en')
    expect((await mailWords('de_AT')).texts('see')).toBe(
      'Hier sehen Sie die Unterhaltung und setzen sie fort:',
    )
  })
})

describe('[O14] a letter to a side of a dispute', () => {
  const until = Date.UTC(2026, 0, 6, 11)
  test('says the number and until when, in the desk’s zone', async () => {
    const letter: Letter = { kind: 'disputeAsked', until, zone: 'Europe/Berlin' }
    const { subject, text } = writeLetter(letter, frame, await mailWords('en'))
    expect(subject).toBe('News about dispute #1001')
    expect(text).toMatch(/how you see it, by Tuesday, January 6 at 12:00\sPM/)
  })
  test.each(MAIL_LOCALES)('in %s each of them is whole', async locale => {
    for (const kind of DISPUTE_MAIL) {
      const asks = kind === 'disputeAsked' || kind === 'disputeShared'
      const letter: Letter = { kind, until: asks ? until : null, zone: null }
      const { subject, text } = writeLetter(letter, frame, await mailWords(locale))
      expect(subject).toContain('1001')
      expect(text).toContain('1001')
      expect(text).not.toMatch(/\{|undefined|dispute[A-Z]/)
    }
  })
})

describe('addresses', () => {
  test.each([
    'mia@example.com',
    'mia.b+tickets@mail.example.co.uk',
    "o'neil@example.ie",
    'jörg@müller.example',
  ])('%s is written to', address => expect(mailAddress(address)).toBe(address))
  test.each([
    'mia@example',
    'mia@example.com,bob@example.com',
    'mia@example.com\r\nBcc: bob@example.com',
    '"a b"@example.com',
    'mia@[127.0.0.1]',
    'mia@example.com;bob@example.com',
    '@example.com',
    'mia@-example.com',
    '.mia@example.com',
    `${'a'.repeat(65)}@example.com`,
    'group:mia@example.com',
    'mia@exam\u0000ple.com',
  ])('[O7] %j is written to by nobody', address => expect(mailAddress(address)).toBeNull())
  test('[O7] what stands behind a plus makes no other inbox', () => {
    expect(inboxOf('Mia+1@Example.com')).toBe(inboxOf('mia+2@example.COM'))
    expect(inboxOf('mia@example.com')).not.toBe(inboxOf('mia@example.org'))
  })
  test('[O7] two ways to write one domain, or dots that say nothing, make no other inbox either', () => {
    expect(inboxOf('mia@müller.example')).toBe(inboxOf('mia@xn--mller-kva.example'))
    expect(inboxOf('mia@mu\u0308ller.example')).toBe(inboxOf('mia@MÜLLER.example'))
    expect(inboxOf('m.i.a+x@gmail.com')).toBe(inboxOf('mia@GoogleMail.com'))
    expect(inboxOf('m.ia@example.com')).not.toBe(inboxOf('mia@example.com'))
  })
  test('whom mail comes from is a name and one address, or a sentence says what is wrong', () => {
    expect(senderName('Example help <help@shop.example>', 'x')).toEqual({
      name: 'Example help',
      address: 'help@shop.example',
    })
    expect(senderName('help@shop.example', 'x')).toEqual({ name: '', address: 'help@shop.example' })
    expect(() => senderName('Help\r\nBcc: a@b.example <help@shop.example>', 'options.mail.from')).toThrow(
      /options\.mail\.from must be an address like/,
    )
  })
})
