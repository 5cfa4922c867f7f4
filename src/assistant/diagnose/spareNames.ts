// Which assistants of a page had to take another name than theirs. Apart from `ownName`, whose list it reads: no visitor
// fetches this, and its type alone holds both to one key.

import type { NAMES_KEY } from '../ownName'

const NAMES = Symbol.for('asklet.names' satisfies typeof NAMES_KEY)

/** Names that assistants of this page got because another one had theirs: each keeps nothing. */
export function spareNames(document: Document): readonly string[] {
  const names = (document as { [NAMES]?: Set<string> })[NAMES] ?? []
  return [...names].filter(name => /~\d+$/.test(name))
}
