// Is a value plainly of the kind that is expected, all the way down? Enough to be safe with what comes in; what is
// wrong with it, and which words it may hold, is for `shape` to say, in a chunk that is fetched only then.

/** A sample of what is expected: `''` a string, `['']` a list of strings, `{ week: {} }` an object with an object. */
export type Sample = string | number | boolean | readonly [Sample] | { readonly [key: string]: Sample }

/** Any key may be left out; one that the sample does not have is not plain, except in `{}`, which takes all. */
export function isLike(value: unknown, sample: Sample | undefined): boolean {
  if (value === undefined) return true
  if (typeof value !== typeof sample || value === null || Array.isArray(value) !== Array.isArray(sample))
    return false
  if (typeof sample !== 'object' || !Object.keys(sample).length) return true
  const samples = new Map(Object.entries(sample))
  return Object.entries(value).every(([key, part]) =>
    isLike(part, samples.get(Array.isArray(sample) ? '0' : key)),
  )
}
