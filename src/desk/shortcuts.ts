// Which key does what at the desk. Pure. While somebody writes only keys fire that write nothing and move no caret on
// any platform: not Alt with an arrow, which opens lists and on a Mac walks through paragraphs, and not Alt with a
// letter, which on a Mac is how ñ is typed. In a list that is chosen from none fires at all.

export type ShortcutName = 'nextMine' | 'previousMine' | 'switchMode' | 'focusReply' | 'end' | 'help'

/** As the list of them shows it; `texts` say what each does. */
export const SHORTCUTS: readonly {
  readonly name: ShortcutName | ComposerKey
  readonly keys: readonly string[]
}[] = [
  { name: 'nextMine', keys: ['Alt + Page Down', 'j'] },
  { name: 'previousMine', keys: ['Alt + Page Up', 'k'] },
  { name: 'focusReply', keys: ['r'] },
  { name: 'switchMode', keys: ['F2'] },
  { name: 'send', keys: ['Enter'] },
  { name: 'sendNow', keys: ['Ctrl + Enter'] },
  { name: 'undo', keys: ['Ctrl + Z'] },
  { name: 'canned', keys: ['/'] },
  { name: 'end', keys: ['e'] },
  { name: 'leave', keys: ['Escape'] },
  { name: 'help', keys: ['?'] },
]

/** Keys of the field and the thread, which listen for them by themselves. */
export type ComposerKey = 'send' | 'sendNow' | 'undo' | 'canned' | 'leave'

export interface KeyPress {
  readonly key: string
  readonly altKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly isComposing: boolean
}

/** Where a key is pressed. `choice`: a list to choose from has all keys; `text`: letters are words there. */
export type KeyPlace = 'page' | 'text' | 'choice'

export function placeOf(target: Pick<Element, 'closest'> | null): KeyPlace {
  if (target?.closest('select, [role="combobox"], [role="listbox"]')) return 'choice'
  return target?.closest('input, textarea, [contenteditable], dialog') ? 'text' : 'page'
}

/** @param hasLetters  false: keys that are a letter or a sign alone do nothing, as some agents want it (WCAG 2.1.4) */
export function shortcutOf(press: KeyPress, place: KeyPlace, hasLetters = true): ShortcutName | null {
  const { key, altKey, shiftKey } = press
  if (press.isComposing || press.ctrlKey || press.metaKey || place === 'choice') return null
  if (altKey) {
    if (shiftKey) return null
    if (key === 'PageDown') return 'nextMine'
    return key === 'PageUp' ? 'previousMine' : null
  }
  if (key === 'F2' && !shiftKey) return 'switchMode'
  if (place === 'text' || !hasLetters) return null
  if (key === '?') return 'help'
  if (shiftKey) return null
  if (key === 'j') return 'nextMine'
  if (key === 'k') return 'previousMine'
  if (key === 'e') return 'end'
  return key === 'r' ? 'focusReply' : null
}

/** The one after (or before) `openId` in `ids`, round and round; the first where none of them is open. */
export function neighbourOf(ids: readonly string[], openId: string | null, step: 1 | -1): string | null {
  if (ids.length === 0) return null
  const at = openId === null ? -1 : ids.indexOf(openId)
  if (at < 0) return (step === 1 ? ids[0] : ids.at(-1)) ?? null
  return ids[(at + step + ids.length) % ids.length] ?? null
}
