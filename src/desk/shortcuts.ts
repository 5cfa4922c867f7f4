// Which key does what at the desk. Pure. Nothing here fires while somebody writes, unless a modifier says that it is
// no writing.

export type ShortcutName = 'nextMine' | 'previousMine' | 'switchMode' | 'focusReply' | 'help'

/** As the list of them shows it; `texts` say what each does. */
export const SHORTCUTS: readonly {
  readonly name: ShortcutName | ComposerKey
  readonly keys: readonly string[]
}[] = [
  { name: 'nextMine', keys: ['Alt + ↓', 'j'] },
  { name: 'previousMine', keys: ['Alt + ↑', 'k'] },
  { name: 'focusReply', keys: ['r'] },
  { name: 'switchMode', keys: ['Alt + N'] },
  { name: 'send', keys: ['Enter'] },
  { name: 'sendNow', keys: ['Ctrl + Enter'] },
  { name: 'undo', keys: ['Ctrl + Z'] },
  { name: 'canned', keys: ['/'] },
  { name: 'leave', keys: ['Escape'] },
  { name: 'help', keys: ['?'] },
]

/** Keys of the field and the thread, which listen for them by themselves. */
export type ComposerKey = 'send' | 'sendNow' | 'undo' | 'canned' | 'leave'

export interface KeyPress {
  readonly key: string
  /** The key's place: with Alt its letter is another one on many keyboards. */
  readonly code: string
  readonly altKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly isComposing: boolean
}

/** @param isWriting  the focus is where letters are written, or in a dialog */
export function shortcutOf(press: KeyPress, isWriting: boolean): ShortcutName | null {
  if (press.isComposing || press.ctrlKey || press.metaKey) return null
  if (press.altKey) {
    if (press.shiftKey) return null
    if (press.key === 'ArrowDown') return 'nextMine'
    if (press.key === 'ArrowUp') return 'previousMine'
    return press.code === 'KeyN' ? 'switchMode' : null
  }
  if (isWriting) return null
  if (press.key === '?') return 'help'
  if (press.shiftKey) return null
  if (press.key === 'j') return 'nextMine'
  if (press.key === 'k') return 'previousMine'
  return press.key === 'r' ? 'focusReply' : null
}

/** The one after (or before) `openId` in `ids`, round and round; the first where none of them is open. */
export function neighbourOf(ids: readonly string[], openId: string | null, step: 1 | -1): string | null {
  if (ids.length === 0) return null
  const at = openId === null ? -1 : ids.indexOf(openId)
  if (at < 0) return (step === 1 ? ids[0] : ids.at(-1)) ?? null
  return ids[(at + step + ids.length) % ids.length] ?? null
}
