// What stands where content should be. Nothing there, or it did not come: a sign, a sentence, one way on. On its way: the
// shape of what comes, with the sentence for who does not see it.

import type { ComponentChildren } from 'preact'
import { Bones } from './Bones'
import { FAILED, Icon } from './icons'
import type { Scope } from './scope'
import { A_WHILE, useSaid } from './useSaid'

interface StatusLineProps {
  scope: Scope
  text: string
  /** Of what is not there; where nothing is said, that something failed. */
  icon?: string
  /** Shows the button that calls it. */
  retry?: (() => void) | undefined
  /** To screen readers, by who shows it. */
  isSaid?: boolean
  /** Another way on. */
  children?: ComponentChildren
}

/**
 * Tries again. The button goes with what it says: the panel keeps the focus for what comes in its place, so that the
 * keyboard is not thrown out of it.
 */
export const again = (retry: () => void) => (event: Event) => {
  ;(event.currentTarget as HTMLElement).closest<HTMLElement>('[role=dialog]')?.focus()
  retry()
}

export function StatusLine({ scope, text, icon, retry, isSaid, children }: StatusLineProps) {
  useSaid(scope, !isSaid && text)
  return (
    <div class="status">
      <Icon d={icon ?? FAILED} />
      <p>{text}</p>
      {retry && (
        <button type="button" class="button" onClick={again(retry)}>
          {scope.texts('retry')}
        </button>
      )}
      {children}
    </div>
  )
}

interface OnItsWayProps {
  scope: Scope
  text: string
  kind: 'rows' | 'article' | 'chat'
}

export function OnItsWay({ scope, text, kind }: OnItsWayProps) {
  useSaid(scope, text, A_WHILE)
  return <Bones kind={kind} text={text} />
}
