// What is being typed for an objection, before it is one. Pure. Apart from `objections`, which only people need: words
// are kept from the first key.

import type { ContestedBody } from '../protocol/events'

export type ObjectedTo = Pick<ContestedBody, 'about' | 'target'>

/** Begun, and sent to nobody yet. */
export interface BegunObjection extends ObjectedTo {
  readonly words: string
}

/** Of the same thing: one wish, wherever and however often it is pressed. */
export function isSameObjection(a: ObjectedTo, b: ObjectedTo): boolean {
  return a.about === b.about && String(a.target ?? '') === String(b.target ?? '')
}

/** As many as somebody may have begun at once: what lies in the tab does not grow for ever. */
const MAX_BEGUN = 20

/** `begun` with `words` for it, the newest last; without it where there are none. */
export function withWords(
  begun: readonly BegunObjection[],
  { about, target }: ObjectedTo,
  words: string | null,
): readonly BegunObjection[] {
  const to = { about, ...(target !== undefined && { target }) }
  const others = begun.filter(each => !isSameObjection(each, to))
  return words ? [...others, { ...to, words }].slice(-MAX_BEGUN) : others
}
