// Who outside hears or takes what is typed in the panel? Listeners cannot be listed by a page, so keys of our own are
// pressed in a field that stands for the panel's: what never arrives was stopped on the way, what arrives prevented
// was prevented, and who reads which key it was has heard it. Nothing of the page is patched: only these very events
// have properties of their own, and they are gone with them.
//
// Not seen: listeners that first ask whether an event is trusted, those of extensions, and those that keep the event
// and read it later.

import type { HeardKey, TakenKey } from './findings'

/** What pages like to make shortcuts of, and a letter. */
const KEYS: readonly KeyboardEventInit[] = [
  { key: '/', code: 'Slash' },
  { key: 'k', code: 'KeyK', ctrlKey: true },
  { key: 'Escape', code: 'Escape' },
  { key: 'Enter', code: 'Enter' },
  { key: 'a', code: 'KeyA' },
]
/** Who reads one of these knows the key. */
const READS = ['key', 'code', 'keyCode', 'which', 'charCode']
/** Who asks for these of a word that is typed finds the field behind the shadow root. */
const WORD_READS = ['data', 'composedPath']

/** @param root  what the panel lives in */
export function probeKeys(root: ShadowRoot): { taken: readonly TakenKey[]; heard: readonly HeardKey[] } {
  const document = root.ownerDocument
  const field = document.createElement('input')
  field.type = 'hidden'
  // Where the panel's own fields are, if it is there.
  const into = root.querySelector('.asklet') ?? root
  into.append(field)
  const focused = document.activeElement
  const taken: TakenKey[] = []
  const heard: HeardKey[] = []
  const press = (event: Event, name: string, reads: readonly string[]) => {
    const readers = new Set<string | null>()
    let hasArrived = false
    let taker: string | null = null
    const own = (property: string, instead: (original: unknown) => unknown) => {
      const original = Reflect.get(event, property)
      Object.defineProperty(event, property, { configurable: true, get: () => instead(original) })
    }
    for (const property of reads)
      own(property, original => {
        if (!hasArrived) readers.add(callerOf(new Error().stack))
        return typeof original === 'function' ? original.bind(event) : original
      })
    for (const property of ['preventDefault', 'stopPropagation', 'stopImmediatePropagation'])
      own(property, original => {
        if (!hasArrived) taker ??= callerOf(new Error().stack)
        return (original as () => void).bind(event)
      })
    field.addEventListener(
      event.type,
      () => {
        hasArrived = true
        // For the panel it has never been.
        event.stopImmediatePropagation()
      },
      { once: true },
    )
    field.dispatchEvent(event)
    // On its way through the field nothing is prevented by us.
    if (!hasArrived) taken.push({ key: name, how: 'stopped', by: taker })
    else if (event.defaultPrevented) taken.push({ key: name, how: 'prevented', by: taker })
    else for (const by of readers) heard.push({ key: name, by })
  }
  const all = { bubbles: true, cancelable: true, composed: true }
  try {
    for (const init of KEYS)
      press(
        new KeyboardEvent('keydown', { ...init, ...all }),
        `${init.ctrlKey ? 'Control+' : ''}${init.key}`,
        READS,
      )
    press(new InputEvent('input', { ...all, data: 'a', inputType: 'insertText' }), 'input', WORD_READS)
  } finally {
    field.remove()
    // A shortcut of the page may have taken the keyboard to its own field.
    if (document.activeElement !== focused) (focused as HTMLElement | null)?.focus?.()
  }
  return { taken, heard }
}

/** Script and line of who asked for the property: the first place of the stack that is not in this script. */
export function callerOf(stack: string | undefined): string | null {
  const places = [...(stack ?? '').matchAll(/((?:https?|file|blob):[^\s()@]+?):(\d+):\d+/g)]
  const [, url = '', line] = places.find(place => place[1] !== places[0]?.[1]) ?? []
  return (url && `${url.replace(/[?#].*/, '')}:${line}`) || null
}
