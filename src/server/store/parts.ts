// Lists cut into parts of a few sizes, so that a few dozen compiled texts serve every batch. Pure.

/** Sizes are powers of two up to this, so that a few dozen texts serve every batch. */
const MAX_ROWS = 64

/** Parts of at most `most`, each filled up to a power of two with its last item: harmless to ask twice. */
export function* padded<T>(items: readonly T[], most = MAX_ROWS): Generator<T[]> {
  for (let from = 0; from < items.length; from += most) {
    const part = items.slice(from, from + most)
    const size = 2 ** Math.ceil(Math.log2(part.length))
    while (part.length < size) part.push(part[part.length - 1] as T)
    yield part
  }
}

/** Parts whose sizes are powers of two: what is inserted cannot be filled up. */
export function* powersOfTwo<T>(items: readonly T[]): Generator<readonly T[]> {
  let from = 0
  while (from < items.length) {
    const size = Math.min(MAX_ROWS, 2 ** Math.floor(Math.log2(items.length - from)))
    yield items.slice(from, from + size)
    from += size
  }
}
