// A chunk of the panel that something waits for without being nothing without it: fetched once it is needed, with its
// styles and English. One that did not come is asked for again, for as long as somebody looks at what needs it.

import { useEffect, useState } from 'preact/hooks'
import type { Scope } from './scope'

interface Chunk {
  /** Adopted by the panel when it arrives. */
  readonly styles: string
  /** English of what it says. */
  readonly words: Parameters<Scope['panel']['addTexts']>[0]
}

/** Soon enough for who looks at it, and seldom enough for a page that lies open without a line. Milliseconds. */
const AGAIN_AFTER_MS = 8_000

/** Undefined until it is needed and here. */
export function useChunk<Part extends Chunk>(
  scope: Scope,
  load: () => Promise<Part>,
  isNeeded = true,
): Part | undefined {
  const [part, setPart] = useState<Part>()
  const [failures, setFailures] = useState(0)
  useEffect(() => {
    if (!isNeeded || part) return
    let timer: ReturnType<typeof setTimeout> | undefined
    load().then(
      came => {
        scope.addStyles(came.styles)
        scope.panel.addTexts(came.words)
        setPart(came)
      },
      () => {
        timer = setTimeout(setFailures, AGAIN_AFTER_MS, failures + 1)
      },
    )
    return () => clearTimeout(timer)
  }, [isNeeded, failures])
  return part
}
