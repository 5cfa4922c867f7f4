// A page that is its device's only one: it leads, and nobody hears it. Time is in the test's hand.

import type { Environment } from '../../src/base/environment'
import type { TabLink } from '../../src/live/tabs'
import type { ManualClock } from '../../src/testing/manualClock'

export const ALONE: TabLink = {
  lead(onLead) {
    onLead()
    return () => {}
  },
  post() {},
  listen: () => () => {},
  close() {},
}

/** Of all pages: what two of them keep in one store has names of its own. */
let ids = 0

/** @param page  what stands for the window, where a test shows or hides it */
export const alonePage = ({ now, after }: ManualClock, page?: EventTarget): Environment => ({
  now,
  after,
  random: () => 0.5,
  randomId: () => `id-${String(++ids).padStart(17, '0')}`,
  fetch: () => Promise.reject(new Error('no network')),
  window: page as (Window & typeof globalThis) | undefined,
})
