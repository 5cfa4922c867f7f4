// Is a pattern of a site safe to run on words that anybody may type? Pure; used where files are built and checked, never
// in the page.
//
// A regular expression that fails tries all the ways in which its parts can share the words, at each place where it can
// begin. What that takes is bounded by its structure, so it is counted in steps, and too many are refused, whatever the
// words:
//
//   a character, a class            1 step, 1 way
//   A B                             the steps of A, and for each way of A those of B; ways multiply
//   A|B                             steps and ways add up; the more of the two where no character begins both
//   A{n,m}                          as m times A, with a way for each count
//   \d+-, [A-Z]{1,9}\d              one way: what comes next says where the repetition ends
//   (?=A), (?<!A)                   the steps of A, one way: nobody goes back into it

/** Half of the 500 characters that `findId` looks at: over all places to begin at, so many are left for an open end. */
const OPEN = 250
/**
 * From each place to begin at: two open ends with a few characters between. In 500 characters half a millisecond
 * at worst, and some 5 ms the first time, when nothing is compiled yet.
 */
const MAX_STEPS = 2 * OPEN + 5

interface Part {
  readonly steps: number
  readonly ways: number
  /** Characters that it takes, at least and at most. */
  readonly least: number
  readonly most: number
  /** One character or class that begins it, as written; null: several, or it may be empty. */
  readonly first: string | null
  /** It is one character or class, this often or that: the class, as written. */
  readonly repeats: string | null
}

const NOTHING: Part = { steps: 0, ways: 1, least: 0, most: 0, first: null, repeats: null }

/**
 * @param pattern  a regular expression that `new RegExp` takes
 * @returns the part that can run for too long, as written; null where there is none
 */
export function slowPart(pattern: string): string | null {
  let at = 0
  let slow: string | null = null
  const judge = (part: Part, from: number): Part => {
    if (part.steps > MAX_STEPS) slow ??= pattern.slice(from, at)
    const bounded = (count: number) => Math.min(count, Number.MAX_SAFE_INTEGER)
    return { ...part, steps: bounded(part.steps), ways: bounded(part.ways) }
  }

  function alternatives(): Part {
    const all: Part[] = []
    const from = at
    let own = NOTHING
    let last = NOTHING
    for (;;) {
      const next = pattern[at]
      if (next === undefined || next === ')' || next === '|') {
        all.push(own)
        own = NOTHING
        last = NOTHING
        if (next !== '|') return judge(oneOf(all), from)
        at++
      } else {
        const part = repeated()
        own = judge(followed(own, last, part), from)
        last = part
      }
    }
  }

  /** One character, class or group, with what says how often it comes. */
  function repeated(): Part {
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
    return judge(times(body, min, max), from)
  }

  function one(): Part {
    const from = at
    const sign = pattern[at++]
    const atom = (): Part => {
      const written = pattern.slice(from, at)
      return { steps: 1, ways: 1, least: 1, most: 1, first: written, repeats: written }
    }
    if (sign === '\\') {
      const name =
        /^(?:u\{[^}]*\}|k<[^>]*>|u[\da-f]{4}|x[\da-f]{2}|c[a-z]|\d+|.)/is.exec(pattern.slice(at))?.[0] ?? ''
      at += name.length
      if (/^[bB]$/.test(name)) return { ...NOTHING, steps: 1 }
      // As long as what it repeats may be, and that is not looked up.
      if (/^(?:[1-9]|k<)/.test(name)) return { ...NOTHING, steps: Math.max(1, widest), most: widest }
      return atom()
    }
    if (sign === '[') {
      while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1
      at++
      return atom()
    }
    if (sign === '^' || sign === '$') return { ...NOTHING, steps: 1 }
    if (sign !== '(') return atom()
    const kind = /^\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]*:)/i.exec(pattern.slice(at))?.[0] ?? ''
    at += kind.length
    const inside = alternatives()
    at++
    if (/^\?<?[=!]/.test(kind)) return { ...NOTHING, steps: inside.steps }
    widest = Math.max(widest, Math.min(inside.most, OPEN))
    return inside
  }

  /** Of all groups so far, in characters. */
  let widest = 0
  alternatives()
  return slow
}

function oneOf(all: readonly Part[]): Part {
  const [only] = all
  if (all.length === 1 && only) return only
  const sum = (of: (part: Part) => number) => all.reduce((total, part) => total + of(part), 0)
  const most = (of: (part: Part) => number) => Math.max(...all.map(of))
  const isApart = all.every(({ first }, i) => all.slice(i + 1).every(part => areApart(first, part.first)))
  return {
    steps: isApart ? all.length + most(({ steps }) => steps) : sum(({ steps }) => steps),
    ways: isApart ? most(({ ways }) => ways) : sum(({ ways }) => ways),
    least: Math.min(...all.map(({ least }) => least)),
    most: most(part => part.most),
    first: null,
    repeats: null,
  }
}

/** @param last  the part that `before` ends with */
function followed(before: Part, last: Part, part: Part): Part {
  const ways = areApart(last.repeats, part.first) ? before.ways / last.ways : before.ways
  return {
    steps: before.steps + ways * part.steps,
    ways: ways * part.ways,
    least: before.least + part.least,
    most: before.most + part.most,
    first: before === NOTHING ? part.first : before.first,
    repeats: before === NOTHING ? part.repeats : null,
  }
}

function times(body: Part, min: number, max: number): Part {
  // Of what takes four characters, so many fewer come.
  const most = Math.min(max, Math.max(min, Math.ceil(OPEN / Math.max(1, body.least))))
  let steps = 0
  let ways = 0
  for (let n = 0, each = 1; n <= most && steps < Number.MAX_SAFE_INTEGER; n++, each *= body.ways) {
    if (n >= min) ways += each
    if (n < most) steps += each * body.steps
  }
  return {
    steps,
    ways,
    least: body.least * min,
    most: body.most * max,
    first: min ? body.first : null,
    repeats: body.repeats,
  }
}

let every: string | undefined

/** Is there no character that both take? Two characters or classes, as written. */
function areApart(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false
  every ??= Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code)).join('')
  return !new RegExp(`(?=${one})${other}`, 'i').test(every)
}
