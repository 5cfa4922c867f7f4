// Numbers that a site gives its orders, contracts and payments, found in a person's words by the site's own patterns.
// Pure. Apart from slots, which a flow needs only when it asks.

/** A pattern and what the detail is called. Patterns were checked when they were built: see bot/slotPattern. */
export interface IdSlot {
  readonly label: string
  readonly pattern?: string
}

/** Longer than this is no number that people read out. */
const MAX_ID_CHARS = 80

/** The first match that no letter, digit or dash goes on; in capitals where the pattern is. Case does not count. */
export function findId(pattern: string, words: string): string | undefined {
  try {
    const found = new RegExp(`(?<![\\w-])(?:${pattern})(?!\\w)`, 'i').exec(words.slice(0, 500))?.[0]
    if (!found || found.length > MAX_ID_CHARS) return undefined
    // A pattern in capitals means ids in capitals, however they were typed.
    return /[a-z]/.test(pattern.replace(/\\./g, '')) ? found : found.toUpperCase()
  } catch {
    return undefined
  }
}

type NamedSlots = readonly (readonly [name: string, slot: IdSlot])[]

/** Those with a pattern, each once, in their order: every flow has the slots of the site. */
export function distinctIds(slots: NamedSlots): NamedSlots {
  const byContent = new Map<string, NamedSlots[number]>()
  for (const [name, { label, pattern }] of slots)
    if (pattern) byContent.set(JSON.stringify([name, label, pattern]), [name, { label, pattern }])
  return [...byContent.values()]
}

/** Slot -> the value in these words, of all slots that have a pattern; of two patterns of one name the first that fits. */
export function readIds(
  text: string,
  slots: NamedSlots,
): Readonly<Record<string, { readonly label: string; readonly value: string }>> {
  const found: Record<string, { label: string; value: string }> = {}
  for (const [name, { label, pattern }] of slots) {
    const value = pattern && findId(pattern, text)
    if (value) found[name] ??= { label, value }
  }
  return found
}
