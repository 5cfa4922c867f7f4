// The seam between the bench and what it measures.

import type { HelpText } from './corpora'

export interface Engine {
  readonly name: string
  /** Queries of each set that it is asked, where asking all would take minutes. Absent: all. */
  readonly sample?: number
  /** What a page would have to load to search with it: an ES module's text, to be bundled. */
  readonly code: string
  build(articles: readonly HelpText[]): Shelf | Promise<Shelf>
}

/** One help centre in one engine. May throw: the bench counts it. */
export interface Shelf {
  /** Ids, best first, `limit` at the most. */
  search(query: string, limit: number): readonly string[] | Promise<readonly string[]>
  /** What a page would have to fetch, as text. May throw. */
  serialise(): string
}
