// When something that could not be sent is tried again, and when it is given up. Pure.

/** A mail server that is away for a weekend is no reason to lose an answer. */
export const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60_000
const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 6 * 60 * 60_000

/**
 * Waiting time before the next try: 30 s, doubled each time, at most 6 h. Half of it is chance, so that what failed
 * together does not come back together.
 *
 * @param attempts  tries so far, 1 or more
 * @param random    in [0, 1)
 * @returns milliseconds
 */
export function retryWaitMs(attempts: number, random: number): number {
  const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts - 1, 20))
  return Math.round(most / 2 + (random * most) / 2)
}

/** The next try; null: it would come too late to be worth one. */
export function nextTryAt(
  { createdAt, attempts }: { readonly createdAt: number; readonly attempts: number },
  now: number,
  random: number,
): number | null {
  const at = now + retryWaitMs(attempts, random)
  return at - createdAt > GIVE_UP_AFTER_MS ? null : at
}
