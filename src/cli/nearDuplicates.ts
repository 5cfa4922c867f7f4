// Finds articles that say nearly the same. Pure and deterministic.
// Texts are compared by their shingles, runs of five words (A. Broder, "On the resemblance and containment of
// documents", 1997). Comparing every pair would take minutes for thousands of articles, so a sample of the
// shingles (those whose hash divides by 8) finds the pairs worth comparing, and all shingles judge them.

const SHINGLE_WORDS = 5
/** Share of common shingles (Jaccard) from which a reader would say "the same text". */
const SAME_FROM = 0.8
const SAMPLE_EVERY = 8
/** A run of words that this many articles share is a template's, and says nothing. */
const MAX_SHARED_BY = 60
/** Shorter texts share most of their runs by chance. */
const MIN_SHINGLES = 20

export interface NearDuplicate {
  readonly a: string
  readonly b: string
  /** 0.8 … 1 */
  readonly likeness: number
}

/** Pairs of ids, in the order of the first and then the second. */
export function findNearDuplicates(
  texts: readonly { readonly id: string; readonly text: string }[],
): readonly NearDuplicate[] {
  const shingles = texts.map(({ text }) => shinglesOf(text))
  const holders = new Map<number, number[]>()
  shingles.forEach((set, i) => {
    if (set.size < MIN_SHINGLES) return
    for (const hash of set) {
      if (hash % SAMPLE_EVERY) continue
      const list = holders.get(hash)
      if (list) list.push(i)
      else holders.set(hash, [i])
    }
  })
  const candidates = new Map<number, number>()
  for (const list of holders.values()) {
    if (list.length > MAX_SHARED_BY) continue
    for (let x = 0; x < list.length; x++)
      for (let y = x + 1; y < list.length; y++) {
        const pair = (list[x] ?? 0) * texts.length + (list[y] ?? 0)
        candidates.set(pair, (candidates.get(pair) ?? 0) + 1)
      }
  }
  const found: NearDuplicate[] = []
  for (const pair of [...candidates.keys()].sort((one, other) => one - other)) {
    const i = Math.floor(pair / texts.length)
    const j = pair % texts.length
    const likeness = jaccard(shingles[i] ?? new Set(), shingles[j] ?? new Set())
    if (likeness >= SAME_FROM) found.push({ a: texts[i]?.id ?? '', b: texts[j]?.id ?? '', likeness })
  }
  return found
}

function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  // Too different in size to reach the bound at all.
  if (Math.min(a.size, b.size) < SAME_FROM * Math.max(a.size, b.size)) return 0
  let common = 0
  for (const hash of a) if (b.has(hash)) common++
  return common / (a.size + b.size - common)
}

function shinglesOf(text: string): Set<number> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const hashes = words.map(hashOf)
  const set = new Set<number>()
  for (let i = 0; i + SHINGLE_WORDS <= hashes.length; i++) {
    let hash = 0
    for (let k = 0; k < SHINGLE_WORDS; k++)
      hash = Math.imul(hash ^ (hashes[i + k] ?? 0), 0x9e3779b1) ^ (hash >>> 15)
    set.add(hash >>> 0)
  }
  return set
}

/** FNV-1a, 32 bit. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
