// Long work in small pieces, so that the page stays quick: keys, scrolling and painting come in between.

import type { Clock } from './environment'

/** What a phone four times as slow as this one still does between two frames. */
const TURN_MS = 8

/** @returns to be asked after each piece: a promise to wait for where the page has waited long enough */
export function inTurns(clock: Clock): () => Promise<void> | undefined {
  let until = 0
  return () => {
    const now = clock.now()
    // A turn long ago was another work's, and a clock may be set back.
    if (now < until && until <= now + TURN_MS) return undefined
    return new Promise(resolve =>
      clock.after(0, () => {
        until = clock.now() + TURN_MS
        resolve()
      }),
    )
  }
}
