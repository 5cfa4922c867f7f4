// Questions that a section of an article is known to answer. Of no use to the search box, whose chunk holds `article`.

import type { Article } from './article'

/** A heading may be called `constructor`. @param headingId '' before the first */
export function asksOf({ asks = {} }: Pick<Article, 'asks'>, headingId: string): readonly string[] {
  return (Object.hasOwn(asks, headingId) && asks[headingId]) || []
}
