// Only the newest call's answer counts. The one place where late answers are dropped.

/**
 * Wraps an asynchronous function: an answer that was overtaken by a newer call resolves to `undefined`,
 * and its signal is aborted.
 */
export function latestOnly<Args extends unknown[], Result>(
  run: (signal: AbortSignal, ...args: Args) => Promise<Result>,
): { call(...args: Args): Promise<Result | undefined>; cancel(): void } {
  let current: AbortController | undefined
  return {
    async call(...args) {
      current?.abort()
      const mine = new AbortController()
      current = mine
      try {
        const result = await run(mine.signal, ...args)
        return current === mine ? result : undefined
      } catch (error) {
        if (current !== mine) return undefined
        throw error
      }
    },
    cancel() {
      current?.abort()
      current = undefined
    },
  }
}
