// How text becomes terms, for the index at build time and for the query at every key: the same function, or
// nothing is found. Pure. Knows no ranking; a stop word is only marked, because throwing it out here would
// make "how to" a query that finds nothing.

export interface Token {
  /** Folded and, in English, without its inflection. */
  readonly term: string
  /** Folded only: what the visitor has typed so far of it. */
  readonly word: string
  /** Half-open range of UTF-16 units in the text it came from. */
  readonly start: number
  readonly end: number
  /** A compound written as one (`e-mail` -> `email`, `OneDrive` -> `onedrive`): beside its parts, not after them. */
  readonly whole?: true
}

/** Lower case, compatibility forms resolved (`ﬁ`, `①`, full width), without diacritics and apostrophes. */
export function fold(text: string): string {
  // Nearly every word of nearly every text: a large index is made of these in the page.
  if (/^[a-zA-Z\d]*$/.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’]s$|['’]/g, '')
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
}

/**
 * Takes off light English inflection: plural, -ing, -ed, the t-ion of a verb's noun, a silent e.
 * No dictionary and no derivation: `invoicing` meets `invoice`, `universe` stays away from `university`.
 */
export function stem(word: string): string {
  if (word.length < 4 || /[^a-z]/.test(word)) return word
  let base = word
    .replace(/ie(s|d)$/, 'y')
    .replace(/(ss|sh|ch|x|z)es$/, '$1')
    .replace(/([^su])s$/, '$1')
  const cut = base.replace(/(ing|ed)$/, '')
  // A rest without a vowel was no verb (`string`, `bed`); a doubled consonant came with the ending (`setting`).
  if (cut !== base && cut.length > 2 && /[aeiouy]/.test(cut)) base = cut.replace(/([bdgmnprt])\1$/, '$1')
  return base.replace(/tion$/, 't').replace(/([^aeiou])e$/, '$1')
}

const WORDS = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]*/gu
/** Written without spaces: pairs of neighbouring signs stand in for words. */
const UNSPACED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]{2,}$/u

/**
 * Splits text into terms, in order. Compounds by hyphen or by case give their parts and themselves.
 *
 * @param locale  BCP 47; only `en` loses inflection
 */
export function tokens(text: string, locale: string): Token[] {
  const found: Token[] = []
  const inflected = locale.startsWith('en')
  const add = (raw: string, start: number, whole?: true) => {
    const word = fold(raw)
    if (word) {
      const token = { term: inflected ? stem(word) : word, word, start, end: start + raw.length }
      found.push(whole ? { ...token, whole } : token)
    }
  }
  let compoundStart = -1
  let compoundParts = 0
  let end = -1
  const closeCompound = () => {
    if (compoundParts > 1) {
      const raw = text.slice(compoundStart, end)
      const word = fold(raw.replace(/-/g, ''))
      found.push({ term: inflected ? stem(word) : word, word, start: compoundStart, end, whole: true })
    }
  }
  for (const match of text.matchAll(WORDS)) {
    const raw = match[0]
    const start = match.index
    const isJoined = start === end + 1 && text[end] === '-'
    if (!isJoined) {
      closeCompound()
      compoundStart = start
      compoundParts = 0
    }
    if (UNSPACED.test(raw)) for (let i = 0; i + 1 < raw.length; i++) add(raw.slice(i, i + 2), start + i)
    else {
      let at = start
      for (const part of raw.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').split(' ')) {
        add(part, at)
        at += part.length
        compoundParts++
      }
    }
    end = start + raw.length
  }
  closeCompound()
  return found
}

const STOP_WORDS = new Set(
  (
    'a about an and any are as at be been being by can could did do does doing for from get had has have how i if in into is it its ' +
    'me my no not of on or our own should so than that the their them then there these they this those to up us use was we were ' +
    'what when where which who why will with would you your'
  ).split(' '),
)

/** A word that says little of what is asked. It weighs little; it is never a wall. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word)
}
