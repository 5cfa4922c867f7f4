// What of a query is searched for: of a pasted page, its beginning. Pure.

/**
 * The first words of `query`, `maxChars` UTF-16 units at most. Cut between words: half of one would be another one. A
 * text without spaces is cut where it must be. What stands at the end tells whether it is still typed.
 */
export function beginningOf(query: string, maxChars: number): string {
  if (query.length <= maxChars) return query
  const start = query.slice(0, maxChars)
  return start.replace(/\S+$/, '') || start
}
