// Is a pattern of a site safe to run on words that anybody may type? Pure; used where files are built and checked, never
// in the page.
//
// A regular expression that fails tries all the ways in which its parts can share the words. Their number is bounded by
// its structure: 1 for a character, the sum over alternatives, the product along a sequence, and of a repetition the
// ways of its body to the power of each count. `\d{3,8}` has 6, `(\d+)+` more than a computer can go through. So the
// ways are counted, and too many are refused, whatever the words.

/** As many characters of a message as `findId` looks at: an open repetition may end at each. */
const OPEN = 500
/** With these, a search through such a message takes a few milliseconds at worst. */
const MAX_WAYS = 10_000

/**
 * @param pattern  a regular expression that `new RegExp` takes
 * @returns the part that can run for too long, as written; null where there is none
 */
export function slowPart(pattern: string): string | null {
  let at = 0
  let slow: string | null = null
  const judge = (ways: number, from: number) => {
    if (ways > MAX_WAYS) slow ??= pattern.slice(from, at)
    return Math.min(ways, Number.MAX_SAFE_INTEGER)
  }

  function alternatives(): number {
    let sum = 0
    let own = 1
    const from = at
    for (;;) {
      const next = pattern[at]
      if (next === undefined || next === ')' || next === '|') {
        sum += own
        own = 1
        if (next !== '|') return judge(sum, from)
        at++
      } else own = judge(own * repeated(), from)
    }
  }

  /** One character, class or group, with what says how often it comes. */
  function repeated(): number {
    const from = at
    const body = one()
    const [written = '', least, hasMost, most] =
      /^(?:[*+?]|\{(\d+)(,)?(\d*)\})\??/.exec(pattern.slice(at)) ?? []
    if (!written) return body
    at += written.length
    const sign = written[0]
    const min = least === undefined ? Number(sign === '+') : Number(least)
    const max =
      least === undefined ? (sign === '?' ? 1 : OPEN) : !hasMost ? min : most === '' ? OPEN : Number(most)
    let ways = 0
    for (let n = min; n <= Math.min(max, min + OPEN); n++) ways += body ** n
    return judge(ways, from)
  }

  function one(): number {
    const sign = pattern[at++]
    if (sign === '\\') {
      at +=
        /^(?:u\{[^}]*\}|k<[^>]*>|u[\da-f]{4}|x[\da-f]{2}|c[a-z]|\d+|.)/is.exec(pattern.slice(at))?.[0]
          .length ?? 0
      return 1
    }
    if (sign === '[') {
      while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1
      at++
      return 1
    }
    if (sign !== '(') return 1
    at += /^\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]*:)/i.exec(pattern.slice(at))?.[0].length ?? 0
    const ways = alternatives()
    at++
    return ways
  }

  alternatives()
  return slow
}
