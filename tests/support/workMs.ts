// How long something takes to work out, on a machine that does other things too.

/**
 * Runs `work` and says what it took of the processor, milliseconds; never more than passed on the clock.
 * A process that waits for its turn beside others does not count as slow.
 */
export function workMs<T>(work: () => T): { readonly result: T; readonly ms: number } {
  const began = performance.now()
  const used = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(used)
  return { result, ms: Math.min((user + system) / 1_000, performance.now() - began) }
}
