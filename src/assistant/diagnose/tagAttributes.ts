// What of a script tag's `data-*` nobody will read as it was meant. Pure. Attributes that are not ours are none of our
// business: bundlers, consent tools and accelerators leave theirs (`data-turbo-track`, `data-cfasync`) on every tag.

import { near } from '../../search/typos'
import { ALLOWED_SETTINGS } from '../tagSettings'

/** What a tag may say; behind `ALLOWED_SETTINGS` stands what the loader reads itself, and the role. */
const KNOWN: typeof ALLOWED_SETTINGS = {
  ...ALLOWED_SETTINGS,
  config: null,
  role: null,
  hide: null,
  offers: null,
  titleNotice: ['true', 'false'],
  enabled: null,
  global: null,
  problem: null,
}
const NAMES = Object.keys(KNOWN).sort()

export interface OddAttribute {
  /** Without `data-`. */
  readonly name: string
  readonly got: string
  /** What would be taken, as a sentence. */
  readonly wanted: string
}

/**
 * Names that one of ours is near to (1 edit; 2 in names of 8 letters and more), and values that make no sense.
 *
 * @param dataset  as a tag has it: names in camel case
 */
export function oddAttributes(
  dataset: Readonly<Record<string, string | undefined>>,
): readonly OddAttribute[] {
  return Object.entries(dataset).flatMap(([key, got = '']) => {
    const name = key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
    if (!Object.hasOwn(KNOWN, key)) {
      const meant = [...near({ terms: NAMES, locale: '' }, key, false).keys()].map(at => `data-${NAMES[at]}`)
      return meant.length ? [{ name, got, wanted: `Is ${meant.join(' or ')} meant?` }] : []
    }
    const words = KNOWN[key]
    return words && got && !words.includes(got) ? [{ name, got, wanted: `One of: ${words.join(', ')}.` }] : []
  })
}
