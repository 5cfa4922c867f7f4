// A sentence that stands somewhere in the panel, told to screen readers too: at once, or when it has stood for a while,
// so that what is over in a moment interrupts nobody.

import { useEffect } from 'preact/hooks'
import type { Scope } from './scope'

/** Longer than most waits are. Milliseconds. */
export const A_WHILE = 1_000

/**
 * Nothing while the panel is closed; who opens it is told what stands there.
 *
 * @param text     each one once, for as long as it stands; empty: nothing to say
 * @param afterMs  how long it must have stood
 */
export function useSaid(
  { announce, panel }: Scope,
  text: string | false | null | undefined,
  afterMs = 0,
): void {
  const isOpen = panel.isOpen.value
  useEffect(() => {
    if (!text || !isOpen) return
    const timer = setTimeout(announce, afterMs, text)
    return () => clearTimeout(timer)
  }, [text, isOpen])
}
