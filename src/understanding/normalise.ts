// Words as the machine compares them: lower case, no accents, plain quotes, endings cut.
// English endings; other languages lose nothing but the joining of forms. Pure.

/** Longer texts are read up to here: patterns stay quick whatever somebody pastes. */
const MAX_READ_CHARS = 2_000

const STOP_WORDS = new Set(
  (
    'a an the i me my mine we us our you your yours u ur it its he she they them their this that these those is am are was were be ' +
    'been being do does did doing have has had having can could would will shall should may might must to of ' +
    'in on at by for from with about into as and or but if so then than there here how what when where why ' +
    'which who whom whose not no yes please pls hi hello hey thanks thank just also really very some any get ' +
    "got want need help know tell let make im i'm i've i'd don't dont can't cant didn't isn't it's what's"
  ).split(' '),
)

/** Lower case, no accents, straight quotes, single spaces. */
export function plain(text: string): string {
  return text
    .slice(0, MAX_READ_CHARS)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[’‘`´]/g, "'")
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
}

/** Words in order; an apostrophe or a hyphen inside a word belongs to it. */
export function wordsOf(text: string): readonly string[] {
  return plain(text).match(/[\p{L}\p{N}]+(?:['-][\p{L}\p{N}]+)*/gu) ?? []
}

/**
 * Cuts the endings that English puts on the same word: `withdrawals`, `withdrawing` -> `withdraw…`.
 * Light on purpose: a stem that joins two meanings costs more than one that misses a form.
 */
export function stem(word: string): string {
  if (word.length < 4) return word
  let root = word.replace(/'s?$/, '').replace(/ies$/, 'y')
  root = root.replace(/(ss|sh|ch|x)es$/, '$1').replace(/([^su])s$/, '$1')
  if (root.length > 5) root = root.replace(/(?:ing|ed|ment|ation|al)$/, '')
  root = root.replace(/([^aeiou])\1$/, '$1')
  return root.length > 3 ? root.replace(/e$/, '') : root
}

export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word)
}

/** Stems of the words that carry the meaning. */
export function contentStems(text: string): readonly string[] {
  return wordsOf(text)
    .filter(word => !STOP_WORDS.has(word))
    .map(stem)
}
