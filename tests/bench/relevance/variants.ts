// The ways in which a query reaches the search: whole, half typed, mistyped; and samples of queries. Pure. What
// happens to a query hangs on its id and one seed only, so that any subset sees the same typos.

import { seeded } from '../../../src/base/seeded'

export const VARIANTS = ['full', 'p60', 'typo'] as const
export type Variant = (typeof VARIANTS)[number]

/** Not tuned: any other number would do, but figures of two seeds are not comparable to the last digit. */
const SEED = 1

interface Identified {
  readonly id: string
  readonly text: string
}

export function variantOf({ id, text }: Identified, variant: Variant): string {
  if (variant === 'full') return text
  if (variant === 'typo') return withTypo(text, seeded(hash(`${SEED}:typo:${id}`)))
  return text.slice(0, Math.max(3, Math.round(text.length * 0.6)))
}

/** `size` of the queries, in their order. A larger sample holds the smaller ones. */
export function sampleOf<T extends Identified>(queries: readonly T[], size: number): readonly T[] {
  if (queries.length <= size) return queries
  const taken = new Set(
    queries
      .map((query, at) => ({ at, key: hash(`${SEED}:sample:${query.id}`) }))
      .sort((a, b) => a.key - b.key || a.at - b.at)
      .slice(0, size)
      .map(({ at }) => at),
  )
  return queries.filter((_, at) => taken.has(at))
}

/** One letter dropped, added, changed or swapped in one word of four letters or more, not its first. */
function withTypo(query: string, random: () => number): string {
  const long = [...query.matchAll(/[a-z]{4,}/gi)]
  const word = long[Math.floor(random() * long.length)]
  if (!word) return query
  const at = word.index + 1 + Math.floor(random() * (word[0].length - 2))
  const letter = String.fromCharCode(97 + Math.floor(random() * 26))
  const [before, own, next, after] = [query.slice(0, at), query[at], query[at + 1], query.slice(at + 2)]
  const kinds = [before + next + after, before + letter + own + next + after, before + letter + next + after]
  return kinds[Math.floor(random() * 4)] ?? before + next + own + after
}

/** FNV-1a over UTF-16 units, 32 bits, mixed once more because neighbouring ids must not give neighbouring chances. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return (value ^ (value >>> 13)) >>> 0
}
