// Whether a balancer should send anybody here. Ready is who has a store that answers (its tables are then of the
// present shape: it was opened) and is not closing. One question to the store a second at most, however many ask.

import type { Clock } from '../../base/environment'
import { shared } from '../sharedAnswer'
import type { HelpDeskStore } from '../store/helpDeskStore'

export interface Readiness {
  readonly ready: boolean
  readonly store: 'up' | 'down'
  readonly closing: boolean
}

export interface ReadinessWatch {
  now(): Promise<Readiness>
  /** From here on it is not ready, whatever the store says. */
  beginClosing(): void
}

const KNOWN_FOR_MS = 1_000
/** A probe that hangs is worse than one that says no. */
const ANSWER_WITHIN_MS = 2_000

export function watchReadiness(store: Pick<HelpDeskStore, 'epoch'>, clock: Clock): ReadinessWatch {
  let isClosing = false
  let known: { readonly isUp: boolean; readonly at: number } | null = null

  const ask = shared(async () => {
    let stop = () => {}
    const tooLong = new Promise<boolean>(done => {
      stop = clock.after(ANSWER_WITHIN_MS, () => done(false))
    })
    const isUp = await Promise.race([
      store.epoch().then(
        () => true,
        () => false,
      ),
      tooLong,
    ])
    stop()
    known = { isUp, at: clock.now() }
    return isUp
  })

  return {
    async now() {
      const age = known ? clock.now() - known.at : Number.POSITIVE_INFINITY
      const isUp = known && age >= 0 && age < KNOWN_FOR_MS ? known.isUp : await ask()
      return { ready: isUp && !isClosing, store: isUp ? 'up' : 'down', closing: isClosing }
    },
    beginClosing() {
      isClosing = true
    },
  }
}
