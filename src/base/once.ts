// Loads something once, but forgets a failure: the next press tries again.

/** Wraps a loader: one load at a time, kept when it worked, tried again when it did not. */
export function once<T>(load: (attempt: number) => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined
  let attempt = 0
  return () => {
    loading ??= load(attempt++).catch(error => {
      loading = undefined
      throw error
    })
    return loading
  }
}
