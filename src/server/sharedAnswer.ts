// Many who ask the store the same at once are answered together. Pure but for the promise it keeps.

/** Many who ask at once share one answer, and it was asked for after each of them had asked. */
export function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<T> | null = null
  return () => {
    const begin = () => {
      next = null
      const asked = ask()
      running = asked
      return asked
    }
    next ??= running.then(begin, begin)
    return next
  }
}
