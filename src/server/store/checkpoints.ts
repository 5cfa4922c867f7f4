// When what SQLite's log holds goes into the file itself. SQLite does that inside the commit that makes the log long:
// of 4 000 pages 2 500 are different ones, and this process stands still for 12 ms (10 MB are synced at once). While
// there is time it is done here in small steps between commits: 250 pages, 0.9 ms. Under load the log grows to its
// length, because steps would cost a sixth of all messages.

/** A commit of more writes than these has others waiting behind it. */
const FEW_WRITES = 8
/** A message changes four pages, most of which no other message changes. */
const WRITES_A_STEP = 64

/**
 * Call what it returns after each commit, with the number of its writes.
 *
 * @param checkpoint  moves what it can, waiting for nobody; a failure is the log's to keep
 */
export function createCheckpoints(checkpoint: () => Promise<unknown>): (writes: number) => void {
  let since = 0
  return writes => {
    since += writes
    if (writes > FEW_WRITES || since < WRITES_A_STEP) return
    since = 0
    // Not before those who wrote have heard that it is stored.
    setImmediate(() => void checkpoint().catch(() => {}))
  }
}
