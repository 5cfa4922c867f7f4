// Two short tones for news, made by the browser: no file, no request. Of all windows of the desk one rings: the one
// that holds the lock, which it may ask for only after a gesture, because a browser lets no other make a sound.
// Never throws: whoever cannot hear it reads it.

import type { Undo } from '../base/environment'

export interface Bell {
  ring(): void
  dispose(): void
}

const LOCK = 'asklet-desk-bell'
/** Hz and when, in seconds. Soft: it is heard all day. */
const TONES = [
  [660, 0],
  [880, 0.14],
] as const
const VOLUME = 0.06

export function createBell(page: Window & typeof globalThis): Bell {
  let isRinger = false
  let letGo: Undo = () => {}
  let context: AudioContext | null = null
  let isDisposed = false

  function beRinger() {
    stopListening()
    if (isDisposed) return
    const { locks } = page.navigator
    if (!locks) {
      isRinger = true
      return
    }
    // Held until the window goes: then the next one that asked has it.
    locks
      .request(LOCK, () => {
        isRinger = !isDisposed
        return new Promise<void>(resolve => {
          letGo = resolve
          if (isDisposed) resolve()
        })
      })
      .catch(() => {
        isRinger = !isDisposed
      })
  }
  const gestures = ['pointerdown', 'keydown'] as const
  for (const name of gestures) page.addEventListener(name, beRinger)
  function stopListening() {
    for (const name of gestures) page.removeEventListener(name, beRinger)
  }

  return {
    ring() {
      if (!isRinger || isDisposed) return
      try {
        context ??= new page.AudioContext()
        void context.resume().catch(() => {})
        const from = context.currentTime
        for (const [frequency, at] of TONES) {
          const tone = context.createOscillator()
          const volume = context.createGain()
          tone.frequency.value = frequency
          volume.gain.setValueAtTime(VOLUME, from + at)
          volume.gain.exponentialRampToValueAtTime(0.0001, from + at + 0.3)
          tone.connect(volume).connect(context.destination)
          tone.start(from + at)
          tone.stop(from + at + 0.3)
        }
      } catch {
        // No sound device, or a policy against it: the list, the title and the screen reader say it too.
      }
    },
    dispose() {
      isDisposed = true
      isRinger = false
      stopListening()
      letGo()
      void context?.close().catch(() => {})
    },
  }
}
