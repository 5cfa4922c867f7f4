// A sentence where content should be, with a way on: loading, stalled, failed, empty.

import type { Texts } from '../base/texts'

/** `retry` shows the button that calls it. */
export function StatusLine(props: { text: string; texts: Texts; retry?: (() => void) | undefined }) {
  return (
    <div class="status">
      <p>{props.text}</p>
      {props.retry && (
        <button type="button" class="button" onClick={props.retry}>
          {props.texts('retry')}
        </button>
      )}
    </div>
  )
}
