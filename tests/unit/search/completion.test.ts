import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { completionOf } from '../../../src/search/completion'

const rest = (query: string, ...titles: string[]) =>
  completionOf(
    query,
    titles.map(title => ({ title })),
  )

const MONEY = 'How do I get my money?'

describe('the query begins a title or question', () => {
  test.each([
    ['how do i get my mo', MONEY, 'ney?', 'case'],
    ['How  do i get', MONEY, ' my money?', 'further spaces'],
    ['  how do', MONEY, ' I get my money?', 'spaces before it'],
    ['how do i ', MONEY, 'get my money?', 'a space after it'],
    ['how do i get my  ', MONEY, 'money?', 'two spaces after it'],
    ['RESET YOUR', 'Reset your password', ' password', 'what was typed stays as it is'],
    ['resu', 'Résumé upload', 'mé upload', 'accents left out'],
    ['résu', 'Resume upload', 'me upload', 'accents added'],
    ['Resu', 'Re\u0301sume\u0301 upload', 'me\u0301 upload', 'accents as signs of their own'],
    ['strasse', 'Straße ändern', ' ändern', 'ß is ss'],
    ['οδοσ', 'Οδός πληρωμής', ' πληρωμής', 'the last sigma'],
    ['dont p', 'Don’t pay twice', 'ay twice', 'an apostrophe left out'],
    ['don', 'Don’t pay twice', '’t pay twice', 'an apostrophe to come'],
    ['payment failed m', '“Payment failed” message', 'essage', 'quotation marks left out'],
    ['refunds f', 'Refunds, fees and taxes', 'ees and taxes', 'a comma left out'],
    ['refunds', 'Refunds, fees and taxes', ', fees and taxes', 'a comma to come'],
    ['refunds,', 'Refunds, fees and taxes', ' fees and taxes', 'a comma typed'],
    ['refunds, ', 'Refunds, fees and taxes', 'fees and taxes', 'a comma and a space typed'],
    ['ema', 'E-mail address', 'il address', 'a hyphen left out'],
    ['e ma', 'E-mail address', 'il address', 'a hyphen typed as a space'],
    ['e-ma', 'Email address', 'il address', 'a hyphen added'],
    ['pay by ban', 'Pay by\u00a0bank', 'k', 'a space that does not break'],
  ])('%j of %j: %j (%s)', (query, title, expected) => {
    expect(rest(query, title)).toBe(expected)
  })

  test('the best-ranked that it begins decides', () => {
    expect(rest('withdraw', 'Limits', 'Withdraw money', 'Withdraw by card')).toBe(' money')
  })

  test('it goes before words inside a better-ranked title', () => {
    expect(rest('payment me', 'All payment methods', 'Payment messages')).toBe('ssages')
  })
})

describe('the end of the query stands in a title', () => {
  test.each([
    ['where is my mon', MONEY, 'ey', 'the open word only'],
    ['help with pass', 'Reset your password', 'word', 'and not what comes after it'],
    ['my résu', 'Upload a resume', 'me', 'accents'],
    ['i want to get my mo', MONEY, 'ney', 'however many words are met'],
    ['please reset pass', 'Reset password on mobile', 'word', 'the first words of the title, too'],
    ['change my e-ma', 'Your e-mail address', 'il', 'a hyphen in the open word'],
    ['I don', 'Why don’t I see it', '’t', 'an apostrophe in the open word'],
  ])('%j of %j: %j (%s)', (query, title, expected) => {
    expect(rest(query, title)).toBe(expected)
  })

  test('more words met go before a better rank', () => {
    expect(rest('can i get my mo', 'Months and years', MONEY)).toBe('ney')
  })

  test('a fourth suggestion completes no word; a title of its own it does', () => {
    const first = ['One', 'Two', 'Three']
    expect(rest('lost pass', ...first, 'Reset your password')).toBe('')
    expect(rest('reset your pass', ...first, 'Reset your password')).toBe('word')
  })
})

describe('nothing rather than something wrong', () => {
  test.each([
    ['', MONEY, 'no query'],
    ['   ', MONEY, 'spaces'],
    ['?!', MONEY, 'punctuation'],
    ['h', MONEY, 'one letter'],
    ['where is my m', MONEY, 'one letter of a word'],
    ['where is my money ', 'How do I get my money back', 'a space after words from inside'],
    ['is it my mon,', MONEY, 'punctuation after words from inside'],
    ['how do i get my money', MONEY, 'only a question mark would be added'],
    ['how do i get my money?', MONEY, 'all of it is typed'],
    ['use c', 'Use C++', 'only signs would be added'],
    ['how do i get my money!', 'How do I get my money back?', 'other punctuation was typed'],
    ['how do i gte my mo', 'How do I get it', 'a typo'],
    ['withdrw', 'Withdraw money', 'a typo in the open word'],
    ['oney', MONEY, 'the middle of a word'],
    ['my error 5.7.1', 'Fix error 5.7.124', 'the rest of a number'],
    ['cash', MONEY, 'found by a synonym'],
    [`how do i get my money ${'and '.repeat(30)}mo`, MONEY, 'a story'],
  ])('%j of %j (%s)', (query, title) => {
    expect(rest(query, title)).toBe('')
  })

  test('nothing is suggested', () => {
    expect(rest('how do')).toBe('')
  })

  test('a query that says all of the best title is not led on to a longer one', () => {
    expect(rest('refunds', 'Refunds', 'Refunds after a dispute')).toBe('')
    expect(rest('my refunds', 'All refunds', 'Refundsmade easy')).toBe('')
  })

  test('a list of an earlier key says nothing to words that it does not answer', () => {
    const shown = ['Withdraw your earnings', 'Withdrawal limits']
    expect(rest('withdraw', ...shown)).toBe(' your earnings')
    expect(rest('withdrawal', ...shown)).toBe(' limits')
    expect(rest('withdrawals a', ...shown)).toBe('')
  })
})

describe('at each key', () => {
  const titles = [
    'How to withdraw your earnings to a bank account in another country',
    'Why is my withdrawal to a bank account still pending after two days',
    'What to do when the bank account that you added was refused by us',
  ]

  test('each letter is folded for the ends of texts that it stands in, not for each pair of them', () => {
    const query = 'i would like to know how i can get my money out of this thing to a card of mine'
    const folded = vi.spyOn(String.prototype, 'normalize')
    expect(rest(query, ...titles)).toBe('')
    const count = folded.mock.calls.length
    folded.mockRestore()
    expect(count).toBeLessThan(20_000)
  })

  test('what no title goes on with is not read to its end', () => {
    const folded = vi.spyOn(String.prototype, 'normalize')
    expect(rest('how '.repeat(1_000), ...titles)).toBe('')
    const count = folded.mock.calls.length
    folded.mockRestore()
    expect(count).toBe(0)
  })
})

describe('any script', () => {
  test.each([
    ['パスワ', 'パスワードを再設定する', 'ードを再設定する', 'Japanese'],
    ['パスワ', 'パスワードを再設定する', 'ードを再設定する', 'half width'],
    ['アカウントのパスワ', 'パスワードを変更', 'ード', 'Japanese, words from inside'],
    ['忘记密', '忘记密码怎么办', '码怎么办', 'Chinese'],
    ['비밀번', '비밀번호 재설정', '호 재설정', 'Korean'],
    ['비미', '비밀번호 재설정', '', 'half a syllable of Korean'],
    ['내 비밀번', '비밀번호 재설정', '호', 'Korean, words from inside'],
    ['كيف ا', 'كيف أستعيد كلمة المرور؟', 'ستعيد كلمة المرور؟', 'Arabic, without its hamza'],
    ['كَيف', 'كيف أستعيد كلمة المرور؟', ' أستعيد كلمة المرور؟', 'Arabic, with vowels'],
    ['می', 'می\u200cشود پرداخت', '\u200cشود پرداخت', 'Persian: what joins letters stays'],
    ['איך מחב', 'איך מחברים את PayPal', 'רים את PayPal', 'Hebrew'],
    ['की', 'कीमत क्या है', 'मत क्या है', 'Hindi'],
    ['क क', 'की कीमत', '', 'a vowel of Hindi is no accent'],
    ['กา', 'การชำระเงิน', 'รชำระเงิน', 'Thai'],
    ['щё', 'Ещё вопросы', '', 'Russian, the middle of a word'],
    ['еще во', 'Ещё вопросы', 'просы', 'Russian ё'],
    ['настрои', 'Настройки', '', 'Russian й is no и'],
    ['mat kh', 'Mật khẩu mới', 'ẩu mới', 'Vietnamese'],
    ['istanb', 'İstanbul ödeme', 'ul ödeme', 'Turkish'],
    ['fam', 'Family 👩‍👩‍👧 plan', 'ily 👩‍👩‍👧 plan', 'signs of several parts'],
    ['my 👩', 'My 👩‍👩‍👧 plan', '', 'half of a sign'],
    ['to 🇩', 'To 🇩🇪 by post', '', 'half of a flag'],
  ])('%j of %j: %j (%s)', (query, title, expected) => {
    expect(rest(query, title)).toBe(expected)
  })

  test('without the browser’s dictionary, words are told by their letters', () => {
    const { Segmenter } = Intl
    try {
      Reflect.deleteProperty(Intl, 'Segmenter')
      expect(rest('where is my mon', MONEY)).toBe('ey')
      expect(rest('パスワ', 'パスワードを変更')).toBe('ードを変更')
    } finally {
      Object.assign(Intl, { Segmenter })
    }
  })

  const words = fc.string({
    unit: fc.constantFrom(
      ...'aábé ñßкй-’? ',
      ' my',
      ' money',
      'か',
      '\u3099',
      '👩',
      '\u200d',
      '🇩',
      '🇪',
      'क',
      'ी',
    ),
    maxLength: 12,
  })

  test('what is appended is the end or the middle of a title, begins no sign in its middle, and says something', () => {
    fc.assert(
      fc.property(words, fc.array(words, { maxLength: 4 }), fc.nat(12), (query, titles, size) => {
        for (const typed of [query, (titles[0] ?? '').slice(0, size)]) {
          const added = rest(typed, ...titles)
          if (!added) continue
          expect(titles.some(title => title.includes(added))).toBe(true)
          expect(added).toMatch(/[\p{L}\p{N}]/u)
          expect(added).not.toMatch(/^(?:\p{M}|\u200d|\p{EMod})/u)
          expect(() => encodeURIComponent(added), 'half a surrogate pair').not.toThrow()
        }
      }),
      { seed: 7, numRuns: 2_000 },
    )
  })
})
