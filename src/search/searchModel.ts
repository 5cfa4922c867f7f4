// The query being typed and what it finds. Owns query, suggestions, active row and status.

import { batch, signal } from '@preact/signals-core'
import type { Clock, Undo } from '../base/environment'
import { latestOnly } from '../base/latestOnly'
import type { ReadonlySignal } from '../base/signal'
import type { Facts } from '../protocol/facts'
import type { SearchProvider, Suggestion } from './searchProvider'

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
  /** Words and list have stood for a second: now how many there are may be said, and not with every key. */
  readonly rests: ReadonlySignal<boolean>
  /** What the visitor typed so far; '' asks for what fits page and role. */
  type(text: string): void
  /** Moves the active row by `step`, through -1 (the text field itself), around the ends. */
  move(step: 1 | -1): void
  activate(row: number): void
  /** Asks again with the same query: after a failure, a new page, or another role. */
  refresh(): void
  dispose(): void
}

export interface SearchModelDeps {
  readonly provider: SearchProvider
  readonly clock: Pick<Clock, 'after'>
  /** Read at each question, so that a page change or `identify` counts from the next key on. */
  facts(): Facts
  /** Keeps the draft of the query over a reload; absent where nothing may be stored. */
  readonly storage?: { get(): string | null; set(query: string): void }
  /** For the journal: what was offered for which query, and on which facts. */
  onSuggested?(query: string, suggestions: readonly Suggestion[], facts: Facts): void
  /** The provider rejected; visitors see `failed`, developers want the sentence. */
  onFailed?(error: unknown): void
}

/** Sooner, and a slow but healthy answer would flicker; later, and people type again. */
const STALLED_AFTER_MS = 300
/** Sooner, and a screen reader would talk into the next key. */
const RESTS_AFTER_MS = 1_000

/** Asks nothing until the first `type` or `refresh`: a closed panel costs no request. */
export function createSearchModel(deps: SearchModelDeps): SearchModel & {
  /** Another visitor: what was typed and found goes. Asks nothing. */
  forget(): void
} {
  const query = signal(deps.storage?.get() ?? '')
  const suggestions = signal<readonly Suggestion[]>([])
  const active = signal(-1)
  const status = signal<SearchStatus>('idle')
  const rests = signal(false)
  const asking = latestOnly((abort, text: string, facts: Facts) =>
    deps.provider.suggest(text, facts, { signal: abort }),
  )
  let stopTimer: Undo = () => {}
  /** Counts what ends all that was asked before. */
  let generation = 0
  /** The query that `suggestions` answer. */
  let shown: string | undefined

  async function ask(isAgain = false): Promise<void> {
    const text = query.value
    const own = generation
    stopTimer()
    rests.value = false
    // Already stalled stays stalled: a further key is no sign that the answer is nearer.
    if (status.value !== 'stalled') {
      status.value = 'loading'
      stopTimer = deps.clock.after(STALLED_AFTER_MS, () => {
        status.value = 'stalled'
      })
    }
    try {
      const facts = deps.facts()
      const found = await asking.call(text, facts)
      if (!found) return
      stopTimer()
      const chosen = suggestions.value[active.value]?.articleId
      batch(() => {
        // The same question with a better answer leaves the row under the keyboard where it is.
        active.value = text === shown ? found.findIndex(({ articleId }) => articleId === chosen) : -1
        suggestions.value = found
        status.value = 'idle'
      })
      shown = text
      stopTimer = deps.clock.after(RESTS_AFTER_MS, () => {
        rests.value = true
      })
      deps.onSuggested?.(text, found, facts)
      // Titles come first; what they found is asked for again once the rest is here. Should it not come, they stand.
      if (!isAgain)
        deps.provider.pending?.()?.then(
          () => {
            if (own === generation && query.value === text && status.value === 'idle') void ask(true)
          },
          () => {},
        )
    } catch (error) {
      stopTimer()
      // The list of an earlier query would answer a question that is no longer asked.
      batch(() => {
        suggestions.value = []
        active.value = -1
        status.value = 'failed'
      })
      deps.onFailed?.(error)
    }
  }

  return {
    query,
    suggestions,
    active,
    status,
    rests,
    type(text) {
      query.value = text
      deps.storage?.set(text)
      void ask()
    },
    move(step) {
      const rows = suggestions.value.length + 1
      active.value = ((active.value + 1 + step + rows) % rows) - 1
    },
    activate(row) {
      active.value = row < suggestions.value.length ? Math.max(-1, row) : -1
    },
    refresh: () => void ask(),
    forget() {
      generation++
      shown = undefined
      stopTimer()
      asking.cancel()
      deps.storage?.set('')
      batch(() => {
        query.value = ''
        suggestions.value = []
        active.value = -1
        status.value = 'idle'
      })
    },
    dispose() {
      generation++
      stopTimer()
      asking.cancel()
    },
  }
}
