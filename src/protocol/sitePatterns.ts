// Which patterns a site may give for what it calls a secret or an id of its own (`privacy` of the configuration). Not
// whole regular expressions: those can take minutes on one line of somebody's words, on the visitor's device and on the
// server. A row of signs and classes, each repeated a bounded number of times, with no group, no choice and nothing
// without an end, has few ways to fit, and they are counted. Pure.

/** Names of the marks that `redact` has of its own. */
const OWN_MARKS = ['secret', 'email', 'phone', 'iban', 'card']
const MAX_PATTERN_CHARS = 200
/** Shorter ones stand in any sentence. */
const MIN_CHARS = 4
const MAX_CHARS = 80
/** In how many lengths it may fit at one place of the text. */
const MAX_WAYS = 100

/** `\d`, a class, a sign, or an escaped sign; then how often. */
const PIECE =
  /(\\d|\\[\\^$.*+?()[\]{}|/]|\[(?:\\d|\\[\\\]^-]|[^\\\][^])+\]|[^\\^$.*+?()[\]{}|/])(?:\{(\d{1,2})(?:,(\d{1,2}))?\}|(\?))?/uy

/** @returns what it must be instead, after "must be"; null: it may be used */
export function patternProblem(pattern: unknown, isKept = false): string | null {
  if (typeof pattern !== 'string' || pattern === '' || pattern.length > MAX_PATTERN_CHARS)
    return `a pattern of 1 to ${MAX_PATTERN_CHARS} characters, as "WM-\\\\d{4,8}"`
  let [least, most, ways] = [0, 0, 1]
  /** Something in it that no card number has. */
  let isMarked = false
  let digits = 0
  for (let at = 0; at < pattern.length; at = PIECE.lastIndex) {
    PIECE.lastIndex = at
    const [, sign = '', from, to = from, mayLack] = PIECE.exec(pattern) ?? []
    if (!sign)
      return `made of signs, "\\\\d" and classes as "[A-Z]", each once, with "?", "{n}" or "{n,m}" behind it: a choice is two patterns, and what has no end ("*", "+", "{n,}") may take minutes (got stuck at character ${at + 1})`
    const [min, max] = mayLack ? [0, 1] : [Number(from ?? 1), Number(to ?? 1)]
    if (max < min || max === 0) return `a pattern whose counts go up ("{4,8}", got ${sign}{${min},${max}})`
    let only: RegExp
    try {
      only = new RegExp(`^${sign}$`, 'iu')
    } catch {
      return `a pattern with classes as "[A-Z]" (got ${sign})`
    }
    least += min
    most += max
    ways *= max - min + 1
    if ([...'0123456789'].some(digit => only.test(digit))) digits += max
    else if (min > 0 && ![...' .-+'].some(between => only.test(between))) isMarked = true
  }
  if (least < MIN_CHARS || most > MAX_CHARS)
    return `a pattern of what is ${MIN_CHARS} to ${MAX_CHARS} characters long (this is ${least} to ${most})`
  if (ways > MAX_WAYS)
    return `a pattern that fits in at most ${MAX_WAYS} ways (this in ${ways}): give fewer pieces a range, or smaller ones`
  if (isKept && !isMarked && digits >= 13)
    return 'a pattern with a letter or sign of your ids in it, or of fewer than 13 digits: this one would keep the numbers of cards'
  return null
}

/** @returns what it must be instead; null: `[name]` may stand for what is masked */
export function markNameProblem(name: string): string | null {
  return /^[a-z][a-z-]{1,19}$/.test(name) && !OWN_MARKS.includes(name)
    ? null
    : `named by 2 to 20 small letters that stand in the text instead, as "member" for [member], other than ${OWN_MARKS.join(', ')}`
}
