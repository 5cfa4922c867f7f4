import { describe, expect, test } from 'vitest'
import {
  afterDismissed,
  afterShown,
  decideOffer,
  MAX_A_DAY,
  type Offer,
  type OfferInputs,
  offerId,
  offersOf,
  PAUSE_MS,
} from '../../../src/assistant/offerDecision'

const HOUR = 60 * 60_000
const now = 1_800_000_000_000

const error: Offer = { on: 'errorRepeated', text: 'Stuck on this message?', article: 'payments/declined' }
const everywhere: Offer = { on: 'errorRepeated', text: 'Stuck?', ask: 'Why does this fail?' }
const checkout: Offer = { on: 'signal', signal: 'checkoutFailed', text: 'Payment failed?', question: 'card' }
const onWithdrawals: Offer = {
  on: 'stalledStep',
  pages: ['/withdrawals', '/orders/:id'],
  text: 'Withdrawing?',
  article: 'w',
}
const forClients: Offer = { on: 'rageClicks', roles: ['client'], text: 'Hire?', article: 'h' }
const offers = [error, everywhere, checkout, onWithdrawals, forClients]

const quiet: OfferInputs = {
  offers,
  observed: { on: 'errorRepeated' },
  route: '/payments',
  role: 'freelancer',
  history: { shown: [], dismissed: [] },
  wasShownHere: false,
  consent: 'pending',
  refusesTracking: false,
  isPanelOpen: false,
  hasPerson: false,
  now,
}

describe('which offer may be shown now', () => {
  test.each<[string, Partial<OfferInputs>, Offer | null, string]>([
    ['the first that fits', {}, error, 'errorRepeated'],
    ['the page is watched by nobody’s consent but a refusal', { consent: 'granted' }, error, 'errorRepeated'],
    ['consent is denied', { consent: 'denied' }, null, 'consentDenied'],
    ['the browser refuses tracking', { refusesTracking: true, consent: 'granted' }, null, 'refusesTracking'],
    ['the panel is open', { isPanelOpen: true }, null, 'panelOpen'],
    ['a person is there', { hasPerson: true }, null, 'person'],
    ['the site has none', { offers: [] }, null, 'noneFits'],
    ['a signal', { observed: { on: 'signal', signal: 'checkoutFailed' } }, checkout, 'signal'],
    ['a signal that nobody knows', { observed: { on: 'signal', signal: 'other' } }, null, 'noneFits'],
    ['a step elsewhere', { observed: { on: 'stalledStep' } }, null, 'noneFits'],
    ['a step here', { observed: { on: 'stalledStep' }, route: '/withdrawals' }, onWithdrawals, 'stalledStep'],
    [
      'a step on a page with an id',
      { observed: { on: 'stalledStep' }, route: '/orders/7' },
      onWithdrawals,
      'stalledStep',
    ],
    ['another role', { observed: { on: 'rageClicks' } }, null, 'noneFits'],
    ['no role', { observed: { on: 'rageClicks' }, role: undefined }, null, 'noneFits'],
    ['the role', { observed: { on: 'rageClicks' }, role: 'client' }, forClients, 'rageClicks'],
    [
      'one was sent away: the next',
      { history: { shown: [], dismissed: [offerId(error)] } },
      everywhere,
      'errorRepeated',
    ],
    [
      'all were sent away',
      { history: { shown: [], dismissed: [offerId(error), offerId(everywhere)] } },
      null,
      'dismissed',
    ],
    ['one was shown on this page', { wasShownHere: true }, null, 'samePage'],
    ['just now', { history: { shown: [now - PAUSE_MS + 1], dismissed: [] } }, null, 'tooSoon'],
    ['after the pause', { history: { shown: [now - PAUSE_MS], dismissed: [] } }, error, 'errorRepeated'],
    ['the clock was set back', { history: { shown: [now + HOUR], dismissed: [] } }, null, 'tooSoon'],
    [
      'three today',
      { history: { shown: [1, 2, 3].map(n => now - n * HOUR), dismissed: [] } },
      null,
      'enoughToday',
    ],
    [
      'three since yesterday at this time and one before',
      { history: { shown: [25, 2, 1].map(n => now - n * HOUR), dismissed: [] } },
      error,
      'errorRepeated',
    ],
  ])('%s', (_, change, offer, because) => {
    expect(decideOffer({ ...quiet, ...change })).toEqual({ offer, because })
  })

  test('what is shown counts, and a day later no more', () => {
    let history = quiet.history
    for (let i = 0; i < MAX_A_DAY; i++) history = afterShown(history, now + i * HOUR)
    const at = (hours: number) => decideOffer({ ...quiet, history, now: now + hours * HOUR }).because
    expect([at(3), at(23.9), at(24)]).toEqual(['enoughToday', 'enoughToday', 'errorRepeated'])
    expect(afterShown(history, now + 30 * HOUR).shown).toHaveLength(1)
  })

  test('an offer that was sent away stays so when its words change, and is kept once', () => {
    const twice = afterDismissed(afterDismissed(quiet.history, error), { ...error, text: 'Other words' })
    expect(twice.dismissed).toEqual(['errorRepeated::payments/declined'])
  })
})

describe('what the configuration offers', () => {
  test('offers that cannot be made are left out, the others stay', () => {
    const broken = [
      null,
      'x',
      { on: 'errorRepeated', text: 'No way on' },
      { on: 'errorRepeated', text: 'Two ways', article: 'a', ask: 'b' },
      { on: 'signal', text: 'Which?', article: 'a' },
      { on: 'rageClicks', signal: 's', text: 'Whose?', article: 'a' },
      { on: 'hover', text: 'Hm', article: 'a' },
      { on: 'rageClicks', text: '', article: 'a' },
      { on: 'rageClicks', text: 'Pages?', article: 'a', pages: '/x' },
    ]
    expect(offersOf({ offers: [...broken, error] })).toEqual([error])
  })

  test.each([[null], [[]], ['<html>'], [{}], [{ offers: {} }], [{ enabled: false, offers: [error] }]])(
    '%j offers nothing',
    file => expect(offersOf(file)).toEqual([]),
  )
})
