// The shape in which a fact is published. Models make these with @preact/signals-core; the public
// object shows no more than this, so a host on another signals library cannot break us.

/** A fact that can be read and watched but not written. */
export interface ReadonlySignal<T> {
  readonly value: T
  /** Calls `listener` now and after each change; returns its undo. */
  subscribe(listener: (value: T) => void): () => void
}
