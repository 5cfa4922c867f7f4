// A fact that all agents share: read when the link is there, again when the server says that it changed. Owns the
// last answer that could be read; an older server that knows nothing of it leaves it null.

import { signal } from '@preact/signals-core'
import type { Undo } from '../base/environment'
import type { ReadonlySignal } from '../base/signal'
import type { Pushes } from '../protocol/wire'
import type { DeskLine } from './deskLine'

export interface SharedFact<Value> {
  /** Null: not known (yet). */
  readonly value: ReadonlySignal<Value | null>
  refresh(): Promise<void>
  dispose(): void
}

/** Many changes at once are one question. */
const GATHER_MS = 150
/** Without an answer it is asked for again, each time after twice as long. */
const AGAIN_MS = 4_000
const AT_MOST_MS = 120_000

export function createSharedFact<Value>(
  line: DeskLine,
  what: Pushes['deskChanged']['what'],
  /** Null: no answer, or none that can be read. */
  ask: () => Promise<Value | null>,
): SharedFact<Value> {
  const value = signal<Value | null>(null)
  let underWay: Promise<void> | null = null
  let isAskedAgain = false
  let stopWaiting: Undo = () => {}
  let stopAgain: Undo = () => {}
  let againMs = AGAIN_MS
  let isOver = false

  /** One question at a time, and one more when it was asked for meanwhile: an old answer cannot be the last. */
  function refresh(): Promise<void> {
    isAskedAgain = underWay !== null
    underWay ??= (async () => {
      do {
        isAskedAgain = false
        const answer = await ask()
        if (answer !== null) value.value = answer
        stopAgain()
        if (answer === null && !isOver) {
          stopAgain = line.env.after(againMs, () => void refresh())
          againMs = Math.min(againMs * 2, AT_MOST_MS)
        } else againMs = AGAIN_MS
      } while (isAskedAgain)
      underWay = null
    })()
    return underWay
  }

  const undo = [
    line.on('deskChanged', push => {
      if (push.what !== what) return
      stopWaiting()
      stopWaiting = line.env.after(GATHER_MS, () => void refresh())
    }),
    line.onLink(state => {
      if (state === 'online') void refresh()
      else stopAgain()
    }),
  ]
  return {
    value,
    refresh,
    dispose() {
      isOver = true
      stopWaiting()
      stopAgain()
      for (const off of undo) off()
    },
  }
}
