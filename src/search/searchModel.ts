// The query being typed and what it finds. Owns query, suggestions, active row and status.

import type { ReadonlySignal } from '../base/signal'
import type { Suggestion } from './searchProvider'

export type SearchStatus =
  | 'idle'
  | 'loading'
  /** No answer for 300 ms: say so, keep the old list. */
  | 'stalled'
  | 'failed'

export interface SearchModel {
  readonly query: ReadonlySignal<string>
  readonly suggestions: ReadonlySignal<readonly Suggestion[]>
  /** Row under the keyboard, -1 = none. */
  readonly active: ReadonlySignal<number>
  readonly status: ReadonlySignal<SearchStatus>
  /** What the visitor typed so far; '' asks for what fits page and role. */
  type(text: string): void
  /** Moves the active row by `step`, through -1 (the text field itself), around the ends. */
  move(step: 1 | -1): void
  activate(row: number): void
  /** Asks again with the same query: after a failure, a new page, or another role. */
  refresh(): void
  dispose(): void
}
