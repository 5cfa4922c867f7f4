// What an agent has chosen for their own desk on this device, in whichever of its windows. Owns nothing else; a browser
// that refuses storage keeps it for as long as the page lives.

import { signal } from '@preact/signals-core'
import type { SafeStorage } from '../base/safeStorage'
import type { ReadonlySignal } from '../base/signal'

export interface Preferences {
  /** Replies wait a few seconds, in which they can be taken back. */
  readonly holdsReplies: ReadonlySignal<boolean>
  /** A sound for who begins to wait, and for words in one's own conversations. */
  readonly hasSound: ReadonlySignal<boolean>
  /** Letters alone are keys of the desk while nobody writes. */
  readonly hasLetterKeys: ReadonlySignal<boolean>
  /** BCP 47; '' as the browser says. */
  readonly language: ReadonlySignal<string>
  /** What the last conversation was ended as; '' for none. */
  readonly lastCategory: ReadonlySignal<string>
  setHoldsReplies(on: boolean): void
  setHasSound(on: boolean): void
  setHasLetterKeys(on: boolean): void
  setLanguage(locale: string): void
  setLastCategory(category: string): void
  dispose(): void
}

/**
 * @param agentId  agents share machines: each has their own
 * @param page     says what other windows chose
 */
export function createPreferences(
  store: SafeStorage,
  agentId: string,
  page?: Pick<Window, 'addEventListener' | 'removeEventListener'>,
): Preferences {
  const key = (name: string) => `asklet-desk.${name}.${agentId}`
  const holdsReplies = signal(true)
  const hasSound = signal(true)
  const hasLetterKeys = signal(true)
  const language = signal('')
  const lastCategory = signal('')
  const read = () => {
    holdsReplies.value = store.get(key('hold')) !== 'off'
    hasSound.value = store.get(key('sound')) !== 'off'
    hasLetterKeys.value = store.get(key('letters')) !== 'off'
    language.value = store.get(key('language')) ?? ''
    lastCategory.value = store.get(key('category')) ?? ''
  }
  read()
  page?.addEventListener('storage', read)
  return {
    holdsReplies,
    hasSound,
    hasLetterKeys,
    language,
    lastCategory,
    setHoldsReplies(on) {
      holdsReplies.value = on
      store.set(key('hold'), on ? null : 'off')
    },
    setHasSound(on) {
      hasSound.value = on
      store.set(key('sound'), on ? null : 'off')
    },
    setHasLetterKeys(on) {
      hasLetterKeys.value = on
      store.set(key('letters'), on ? null : 'off')
    },
    setLanguage(locale) {
      language.value = locale
      store.set(key('language'), locale || null)
    },
    setLastCategory(category) {
      lastCategory.value = category
      store.set(key('category'), category || null)
    },
    dispose: () => page?.removeEventListener('storage', read),
  }
}
