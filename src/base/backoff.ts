// Waiting times between attempts. Pure: chance comes in as an argument.

/**
 * Waiting time before reconnect attempt `attempt` (0 = first retry).
 *
 * Full jitter, so that a restarted server is not met by every visitor at once
 * (M. Brooker, "Exponential Backoff And Jitter", 2015).
 *
 * @param attempt  whole number >= 0
 * @param visible  whether the page is visible: hidden pages may wait longer
 * @param random   in [0, 1); passed in, so that tests and simulations repeat
 * @returns milliseconds, 0 … 5_000 while the page is visible, 0 … 30_000 hidden
 */
export function reconnectWaitMs(attempt: number, visible: boolean, random: number): number {
  return random * Math.min(visible ? 5_000 : 30_000, 500 * 2 ** Math.min(attempt, 10))
}

/**
 * Waiting time before message resend `attempt` (0 = first resend) on a live link:
 * 0.5 s, x 1.6, at most 30 s, full jitter.
 *
 * @returns milliseconds in [0, 30_000)
 */
export function resendWaitMs(attempt: number, random: number): number {
  return random * Math.min(30_000, 500 * 1.6 ** Math.min(attempt, 20))
}
