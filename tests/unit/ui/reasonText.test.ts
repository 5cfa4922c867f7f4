import { expect, test } from 'vitest'
import { createTexts } from '../../../src/base/texts'
import { reasonText, sharedReason } from '../../../src/ui/reasonText'
import { english } from '../../english'

const texts = createTexts('en', english)

test('page and role are told in one sentence, wherever they stand among the reasons', () => {
  const reasons = [
    { kind: 'words' },
    { kind: 'role', role: 'freelancer' },
    { kind: 'page', name: 'Withdrawals' },
  ] as const
  expect(reasonText(reasons, texts)).toBe('because you are on Withdrawals, as a freelancer')
})

test('the page alone, or the role alone, goes before matched words', () => {
  expect(reasonText([{ kind: 'words' }, { kind: 'page', name: 'Bids' }], texts)).toBe(
    'because you are on Bids',
  )
  expect(reasonText([{ kind: 'words' }, { kind: 'role', role: 'client' }], texts)).toBe(
    'because you are a client',
  )
})

test('an error that the page shows goes before page and role where it mattered most', () => {
  const error = { kind: 'error', text: 'Card declined' } as const
  const rest = [
    { kind: 'page', name: 'Payments' },
    { kind: 'role', role: 'client' },
  ] as const
  expect(reasonText([error, ...rest], texts)).toBe('because of the message on this page')
  expect(reasonText([...rest, error], texts)).toBe('because you are on Payments, as a client')
  expect(reasonText([{ kind: 'words' }, error], texts)).toBe('matches your words')
})

test('the page that the visitor comes from is told where it mattered more than the words', () => {
  expect(reasonText([{ kind: 'recent' }, { kind: 'words' }], texts)).toBe(
    'because you were just on a page about this',
  )
  expect(reasonText([{ kind: 'recent' }, { kind: 'page', name: 'Bids' }], texts)).toBe(
    'because you are on Bids',
  )
})

test('without page and role the strongest reason that can be told is told', () => {
  expect(reasonText([{ kind: 'questionType', type: 'howto' }, { kind: 'words' }], texts)).toBe(
    'a step-by-step answer to “how”',
  )
  expect(reasonText([{ kind: 'words' }, { kind: 'questionType', type: 'why' }], texts)).toBe(
    'matches your words',
  )
  expect(reasonText([{ kind: 'popular' }], texts)).toBe('often helpful')
})

test('a reason without a sentence is passed over, never shown as a key', () => {
  expect(reasonText([{ kind: 'questionType', type: 'status' }, { kind: 'words' }], texts)).toBe(
    'matches your words',
  )
  expect(reasonText([{ kind: 'questionType', type: 'status' }], texts)).toBe('')
  expect(reasonText([], texts)).toBe('')
})

test('what most rows are there for is said once, and each row says only what differs', () => {
  expect(sharedReason(['here', 'here', 'here'])).toBe('here')
  expect(sharedReason(['here', 'here', 'often helpful', 'explains why'])).toBe('here')
})

test('what is true of the first row alone, or of few, stays with the rows', () => {
  expect(sharedReason(['here'])).toBe('')
  expect(sharedReason(['here', 'often helpful', 'often helpful'])).toBe('')
  expect(sharedReason(['here', 'here', 'a', 'b', 'c'])).toBe('')
})

test('a row without a reason is never under the reason of others', () => {
  expect(sharedReason(['here', 'here', ''])).toBe('')
  expect(sharedReason(['', ''])).toBe('')
  expect(sharedReason([])).toBe('')
})
