// When a node that died is started again, and when it is not any more. Pure.

/** Who dies this often within `WITHIN_MS` dies of something that a restart does not cure. */
export const DEATHS_AT_MOST = 6
const WITHIN_MS = 60_000
const FIRST_WAIT_MS = 500

/**
 * @param deaths  moments at which this node died, milliseconds, oldest first, the latest being now
 * @returns milliseconds to wait (500, doubled by each death of the last minute), or null: give up
 */
export function restartWaitMs(deaths: readonly number[]): number | null {
  const now = deaths.at(-1) ?? 0
  const lately = deaths.filter(at => now - at < WITHIN_MS).length
  return lately > DEATHS_AT_MOST ? null : FIRST_WAIT_MS * 2 ** Math.max(0, lately - 1)
}
