// A part of the desk that comes when it is wanted. Owns whether it came; one that did not is asked for again by whoever
// wants it.

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

/** @param load  the same function each time */
export function useLaterPart<Part extends object>(load: () => Promise<Part>) {
  const part = useSignal<Part | 'failed' | null>(null)
  const tries = useSignal(0)
  useEffect(() => {
    let isGone = false
    load().then(
      came => {
        if (!isGone) part.value = came
      },
      () => {
        if (!isGone) part.value = 'failed'
      },
    )
    return () => {
      isGone = true
    }
  }, [tries.value])
  return {
    /** Null while it is on its way. */
    part: part.value,
    again() {
      part.value = null
      tries.value++
    },
  }
}
