// What the page shows of trouble, and where the visitor was just now: read when asked for, watched never. A chunk of
// its own, which comes after the panel's first paint; until then the facts lack both.

import { redact, type SiteMasks } from '../base/redact'
import type { SafeStorage } from '../base/safeStorage'
import type { PageFacts } from '../protocol/facts'
import { oneLine, shownErrors } from './shownErrors'

const MAX_ERRORS = 3
const MAX_RECENT = 5
/** Of an error or a route, as facts. */
const MAX_CHARS = 160
/** Facts are read at each key; within this time a page that changes is not read again. */
const FRESH_MS = 500

/** Also known to createAssistant, which forgets it with what else a tab remembers. */
const ROUTES_KEY = 'routes'

/**
 * Adds `errors` and `recentRoutes` to the facts of a page; notes the page as visited.
 *
 * @param now     milliseconds
 * @param memory  of this tab; keeps routes on the device for as long as consent allows
 */
export function createPageSignals(
  document: Document,
  now: () => number,
  memory: Pick<SafeStorage, 'get' | 'set'>,
  masks?: SiteMasks,
): (page: PageFacts) => PageFacts {
  // All errors of the last reading, the newest first.
  let shown: readonly string[] = []
  let readAt = Number.NEGATIVE_INFINITY
  return page => {
    const here = masked(page.route, masks)
    let visited = (memory.get(ROUTES_KEY) ?? '').split('\n').filter(Boolean)
    if (visited[0] !== here) {
      visited = [here, ...visited.filter(route => route !== here)].slice(0, MAX_RECENT + 1)
      memory.set(ROUTES_KEY, visited.join('\n'))
      readAt = Number.NEGATIVE_INFINITY
    }
    // Not `>=` alone: the clock of a device may be set back.
    if (!(Math.abs(now() - readAt) < FRESH_MS)) {
      readAt = now()
      const found = [...new Set(shownErrors(document).map(text => masked(text, masks)))]
      shown = [...found.filter(text => !shown.includes(text)), ...shown.filter(text => found.includes(text))]
    }
    return {
      ...page,
      ...(shown.length && { errors: shown.slice(0, MAX_ERRORS) }),
      ...(visited.length > 1 && {
        recentRoutes: visited.slice(1, MAX_RECENT + 1).map(route => route.slice(0, MAX_CHARS)),
      }),
    }
  }
}

/** Whole first and cut then: half a card number is not known as one. */
function masked(text: string, masks: SiteMasks | undefined): string {
  const line = redact(oneLine(text), 'derived', masks)
  return line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS - 1)}…` : line
}
