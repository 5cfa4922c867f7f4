// Which offer of help may be shown now, and why: values in, values out. Knows no page, clock or storage.
//
// An offer comes unasked, so everything here leans towards silence: whatever speaks against it wins, and says so.

import { isLike, type Sample } from '../base/plain'
import type { Consent } from '../context/consent'
import { routeMatches } from '../knowledge/article'
import type { AskletConfig } from '../protocol/config'

/** One of `offers` of the configuration. */
export type Offer = NonNullable<AskletConfig['offers']>[number]
/** What an offer may be made of. */
export type Trouble = Offer['on']

/** What was noticed just now. */
export interface Observed {
  readonly on: Trouble
  /** The host's word; only of `signal`. */
  readonly signal?: string
}

/** What was offered before, as far as it is remembered. */
export interface OfferHistory {
  /** When offers were shown, milliseconds since 1970, oldest first. */
  readonly shown: readonly number[]
  /** Offers that the visitor sent away, by `offerId`. */
  readonly dismissed: readonly string[]
}

/** All that is looked at. */
export interface OfferInputs {
  readonly offers: readonly Offer[]
  readonly observed: Observed
  readonly route: string
  readonly role: string | undefined
  readonly history: OfferHistory
  /** An offer was shown since this page came up. */
  readonly wasShownHere: boolean
  readonly consent: Consent
  /** The browser says so (Global Privacy Control). */
  readonly refusesTracking: boolean
  readonly isPanelOpen: boolean
  /** A conversation with a person is under way. */
  readonly hasPerson: boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Why nothing is offered, in the order in which it is asked. */
export type Silence =
  | 'refusesTracking'
  | 'consentDenied'
  | 'panelOpen'
  | 'person'
  | 'noneFits'
  | 'dismissed'
  | 'samePage'
  | 'tooSoon'
  | 'enoughToday'

export type OfferDecision =
  | { readonly offer: Offer; readonly because: Trouble }
  | { readonly offer: null; readonly because: Silence }

/** Two offers within this time are two interruptions of one piece of work. */
export const PAUSE_MS = 10 * 60_000
/** More in a day are advertising. */
export const MAX_A_DAY = 3
const DAY_MS = 24 * 60 * 60_000

/** The offer for what was observed, or why there is none. The first in the file that fits wins. */
export function decideOffer(inputs: OfferInputs): OfferDecision {
  const { observed, history, route, role, now } = inputs
  const silence = (because: Silence) => ({ offer: null, because })
  if (inputs.refusesTracking) return silence('refusesTracking')
  if (inputs.consent === 'denied') return silence('consentDenied')
  if (inputs.isPanelOpen) return silence('panelOpen')
  if (inputs.hasPerson) return silence('person')
  const fitting = inputs.offers.filter(
    ({ on, signal, pages, roles }) =>
      on === observed.on &&
      (on !== 'signal' || signal === observed.signal) &&
      (!pages?.length || pages.some(pattern => routeMatches(pattern, route))) &&
      (!roles?.length || (role !== undefined && roles.includes(role))),
  )
  if (!fitting.length) return silence('noneFits')
  const offer = fitting.find(each => !history.dismissed.includes(offerId(each)))
  if (!offer) return silence('dismissed')
  if (inputs.wasShownHere) return silence('samePage')
  // A clock that was set back makes what was shown lie ahead: that counts as just now.
  if (history.shown.some(at => now - at < PAUSE_MS)) return silence('tooSoon')
  if (history.shown.filter(at => now - at < DAY_MS).length >= MAX_A_DAY) return silence('enoughToday')
  return { offer, because: observed.on }
}

/** Names an offer as long as what it leads to is the same, whatever its words become. */
export const offerId = ({ on, signal = '', article, question, ask }: Offer): string =>
  [on, signal, article ?? question ?? ask].join(':')

/** Adds what was shown at `now`; what is older than a day is let go. */
export const afterShown = (history: OfferHistory, now: number): OfferHistory => ({
  ...history,
  shown: [...history.shown.filter(at => Math.abs(now - at) < DAY_MS), now],
})

/** More would be more than a site has; the oldest are let go. */
const MAX_DISMISSED = 50

/** Adds what was sent away. */
export const afterDismissed = (history: OfferHistory, offer: Offer): OfferHistory => ({
  ...history,
  dismissed: [...history.dismissed.filter(id => id !== offerId(offer)), offerId(offer)].slice(-MAX_DISMISSED),
})

const SAMPLE: Sample = {
  on: '',
  signal: '',
  pages: [''],
  roles: [''],
  text: '',
  article: '',
  question: '',
  ask: '',
}
const TROUBLES: readonly unknown[] = ['signal', 'errorRepeated', 'stalledStep', 'rageClicks']

/**
 * Those of a configuration that can be made. What is wrong with the others says `asklet check`, and the panel on a
 * developer's own machine.
 */
export function offersOf(file: unknown): readonly Offer[] {
  const { enabled, offers } = Object(file) as { enabled?: unknown; offers?: unknown }
  if (enabled === false || !Array.isArray(offers)) return []
  return offers.filter(
    (each): each is Offer =>
      isLike(each, SAMPLE) &&
      TROUBLES.includes(each.on) &&
      Boolean(each.text) &&
      [each.article, each.question, each.ask].filter(Boolean).length === 1 &&
      Boolean(each.signal) === (each.on === 'signal'),
  )
}
