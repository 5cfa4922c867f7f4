// Under which name an assistant remembers, so that two on one page never read each other's words.

/** The names in use on a page: on its document, because the tag and the package know nothing of each other. */
export const NAMES_KEY = 'asklet.names'
const NAMES = Symbol.for(NAMES_KEY)

export interface OwnName {
  /** '' for the only assistant of a page. */
  readonly name: string
  /** Another one had it first: this one got a name that may be somebody else's at the next load. */
  readonly isSpare: boolean
  release(): void
}

/**
 * Takes `wanted`, or the next free number where another assistant of this page holds it.
 *
 * @param document  null outside a browser, where nothing is remembered
 */
export function takeName(document: Document | null, wanted: string): OwnName {
  const holder = (document ?? {}) as { [NAMES]?: Set<string> }
  const names = holder[NAMES] ?? new Set()
  // Not listed, so that a page that walks its own document meets nothing new; a frozen one is left as it is.
  Reflect.defineProperty(holder, NAMES, { value: names, configurable: true })
  let name = wanted
  for (let count = 2; names.has(name); count++) name = `${wanted}~${count}`
  names.add(name)
  return {
    name,
    isSpare: name !== wanted,
    release() {
      names.delete(name)
      if (!names.size) Reflect.deleteProperty(holder, NAMES)
    },
  }
}
