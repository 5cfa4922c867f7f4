// Buttons that answer a question vanish with it. Whoever pressed one by keyboard must not be thrown out of the
// panel: the conversation's log, or that of an earlier one, inherits the focus, and the next answer's buttons are one Tab away.
// The log, not the composer: on a phone that would open the keyboard at every tap.

import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** Put the ref on the component's outermost element; it must vanish together with the component. */
export function useFocusHeir<E extends HTMLElement>(): RefObject<E | null> {
  const ref = useRef<E>(null)
  useLayoutEffect(
    () => () => {
      const root = ref.current?.getRootNode() as ShadowRoot | undefined
      if (root?.activeElement && ref.current?.contains(root.activeElement))
        root.querySelector<HTMLElement>('[role=log],.stack')?.focus({ preventScroll: true })
    },
    [],
  )
  return ref
}
