// Which lines of a conversation a screen reader may have to be told of. Pure.

import type { TimelineItem } from '../conversation/timeline'

/** How many at the beginning are the very same. A list of thousands grows at its end, and only that needs a look. */
export function sameLines(before: readonly TimelineItem[], items: readonly TimelineItem[]): number {
  let same = 0
  while (same < items.length && items[same] === before[same]) same++
  return same
}

/**
 * What came to `items` since they were `before`, one's own words among it, without history: what stands above own
 * words that were stored and not shown here was said before, or elsewhere.
 */
export function newLines(
  before: readonly TimelineItem[],
  items: readonly TimelineItem[],
  isOwn: (item: TimelineItem) => boolean,
): readonly TimelineItem[] {
  const same = sameLines(before, items)
  const keys = new Set(before.slice(same).map(item => item.key))
  const fresh = items.slice(same).filter(item => !keys.has(item.key))
  return fresh.slice(fresh.findLastIndex(item => item.seq !== null && isOwn(item)) + 1)
}
