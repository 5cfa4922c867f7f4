// A sentence where content should be, with a way on: loading, stalled, failed, empty.

import type { Scope } from './scope'
import { A_WHILE, useSaid } from './useSaid'

interface StatusLineProps {
  readonly scope: Scope
  readonly text: string
  /** Shows the button that calls it. */
  readonly retry?: (() => void) | undefined
  /** Said by who asked. */
  readonly isSaid?: boolean
}

/** What went wrong is said at once, what takes long when it does. */
export function StatusLine({ scope, text, retry, isSaid }: StatusLineProps) {
  useSaid(scope, !isSaid && text, retry ? 0 : A_WHILE)
  return (
    <div class="status">
      <p>{text}</p>
      {retry && (
        <button type="button" class="button" onClick={retry}>
          {scope.texts('retry')}
        </button>
      )}
    </div>
  )
}
