// Where pieces of code in MDX end: strings and remarks, braces, an import or export. Knows brackets and quotes, and
// nothing of what they mean. Remembers what it looked for in vain: text with thousands of open braces, quotes or
// remarks takes time in proportion to its length.

/** Longer ones are a brace that somebody forgot to close. */
const MAX_EXPRESSION_CHARS = 4_000

export interface MdxCode {
  /** Behind the closing brace of the one at `start`, or -1. */
  endOfBraces(start: number): number
  /** Behind the line on which an import or export ends: where brackets are closed and a line is over. */
  endOfStatement(start: number): number
}

const STRINGS: Readonly<Record<string, RegExp>> = {
  '"': /"(?:[^"\\\n]|\\.)*"/sy,
  "'": /'(?:[^'\\\n]|\\.)*'/sy,
  '`': /`(?:[^`\\]|\\.)*`/sy,
}

export function createMdxCode(source: string): MdxCode {
  const ends = new Map<number, number>()
  const lastRemarkEnd = source.lastIndexOf('*/')
  /** Up to where a string of this quote was looked for that never closes: a quote before that is one of its own. */
  const openUntil = new Map<string, number>()

  /** Behind the string or remark that begins at `at`; `at` where there is none before `limit`. */
  function endOfString(at: number, limit: number): number {
    const sign = source[at] ?? ''
    if (sign === '/') {
      if (source[at + 1] === '*') {
        if (lastRemarkEnd < at + 2) return at
        const end = source.slice(at + 2, limit).indexOf('*/')
        return end < 0 ? at : at + 2 + end + 2
      }
      if (source[at + 1] !== '/' || /[:\\]/.test(source[at - 1] ?? '')) return at
      const end = source.slice(at, limit).indexOf('\n')
      return end < 0 ? Math.min(limit, source.length) : at + end
    }
    const pattern = STRINGS[sign]
    if (!pattern || at < (openUntil.get(sign) ?? 0)) return at
    const window = limit < source.length ? source.slice(at, limit) : source
    pattern.lastIndex = window === source ? at : 0
    const length = pattern.exec(window)?.[0].length
    if (length !== undefined) return at + length
    const line = sign === '`' ? -1 : source.slice(at, limit).indexOf('\n')
    openUntil.set(sign, line < 0 ? Math.min(limit, source.length) : at + line)
    return at
  }

  return {
    endOfBraces(start) {
      // What is met on the way is settled, too: each brace is looked for once.
      const open: number[] = []
      const next = /["'`/{}]/g
      let at = start
      const isLost = () => at >= source.length || at >= (open.at(-1) ?? start) + MAX_EXPRESSION_CHARS
      while (!isLost()) {
        const sign = source[at]
        if (sign === '{') {
          const known = ends.get(at)
          // What holds an endless one is endless.
          if (known === -1) break
          if (known === undefined) open.push(at++)
          else at = known
        } else if (sign === '}') {
          const begin = open.pop() ?? start
          at++
          ends.set(begin, at - begin <= MAX_EXPRESSION_CHARS ? at : -1)
        } else {
          const limit = (open.at(-1) ?? start) + MAX_EXPRESSION_CHARS
          at = Math.max(at + 1, endOfString(at, limit))
        }
        if (!open.length) return ends.get(start) ?? -1
        next.lastIndex = at
        at = next.exec(source)?.index ?? source.length
      }
      for (const begin of open) ends.set(begin, -1)
      return ends.get(start) ?? -1
    },

    endOfStatement(start) {
      let at = start
      let depth = 0
      while (at < source.length) {
        const sign = source[at] ?? ''
        const skipped = endOfString(at, source.length)
        if (skipped > at) {
          at = skipped
          continue
        }
        if ('([{'.includes(sign)) depth++
        else if (')]}'.includes(sign)) depth--
        at++
        if (sign === '\n') {
          const isOver = depth <= 0 && !/(?:[=,+(]|=>|\bfrom)\s*$/.test(source.slice(start, at))
          // A mistake in the brackets must not take the whole article along.
          const isLost = /^[ \t]*\n[ \t]*(?:#{1,6} |\n)/.test(source.slice(at, at + 200))
          if (isOver || isLost) return at
        }
      }
      return at
    },
  }
}

/** Only remarks, or nothing. */
export function isRemark(code: string): boolean {
  let rest = code.trimStart()
  while (rest.startsWith('/*')) {
    const end = rest.indexOf('*/', 2)
    if (end < 0) return false
    rest = rest.slice(end + 2).trimStart()
  }
  return !rest
}
