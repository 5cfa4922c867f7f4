// Small strings of a tab or an origin. Owns the dealing with refusal: storage may be missing, full or forbidden,
// and this says so instead of throwing at its reader. Knows no product word.

/** A handful of small strings. Never throws. */
export interface SafeStorage {
  /** `memory`: the browser refuses; what is set is gone with the page. */
  readonly kind: 'stored' | 'memory'
  get(key: string): string | null
  /** null removes. */
  set(key: string, value: string | null): void
}

/**
 * `sessionStorage` or `localStorage` that cannot throw.
 *
 * @param find     returns the browser's storage; may throw (a refused origin throws at the property itself)
 * @param mayKeep  asked at each `set`, by key; false keeps the value in memory, and takes an older one out of the storage
 */
export function safeStorage(
  find: () => Storage | null | undefined,
  mayKeep = (_key: string) => true,
): SafeStorage {
  // What the browser would not take: newest values, for as long as the page lives.
  const memory = new Map<string, string | null>()
  let storage: Storage | null = null
  try {
    storage = find() ?? null
    storage?.getItem('asklet')
  } catch {
    storage = null
  }
  return {
    kind: storage ? 'stored' : 'memory',
    get(key) {
      const kept = memory.get(key)
      if (kept !== undefined) return kept
      try {
        return storage?.getItem(key) ?? null
      } catch {
        return null
      }
    },
    set(key, value) {
      memory.set(key, value)
      if (!storage) return
      try {
        const isKept = value !== null && mayKeep(key)
        if (isKept) storage.setItem(key, value)
        else storage.removeItem(key)
        if (isKept || value === null) memory.delete(key)
      } catch {
        // Full: this page at least goes on with the newest value.
      }
    },
  }
}
