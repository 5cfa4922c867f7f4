// JSON with the place of everything in it, so that a wrong value can be named by file, line and column.
// JSON.parse makes the value; this walks the same text for positions only.

export type PositionedJson =
  | {
      readonly ok: true
      readonly value: unknown
      /** Line (from 1) of `steps.ask.next` or `[2].title`; the nearest parent's when that path is not there. */
      lineOf(path: string): number
      /** Where the value's key stands, or, in an array, the value itself. */
      placeOf(path: string): JsonPlace
    }
  | ({ readonly ok: false; readonly message: string } & JsonPlace)

export interface JsonPlace {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number
}

/** Reads JSON. Never throws. */
export function readJson(source: string): PositionedJson {
  const text = source.replace(/^\ufeff/, '')
  const places = new Map<string, JsonPlace>()
  const stoppedAt = walk(text, places)
  try {
    const value: unknown = JSON.parse(text)
    return {
      ok: true,
      value,
      lineOf: path => nearest(places, path).line,
      placeOf: path => nearest(places, path),
    }
  } catch (error) {
    const message =
      error instanceof Error ? error.message.replace(/ in JSON at position.*| \(line.*/s, '') : 'a mistake'
    return { ok: false, ...placeAt(text, stoppedAt), message }
  }
}

function nearest(places: ReadonlyMap<string, JsonPlace>, path: string): JsonPlace {
  for (let at = path; at; at = at.replace(/(?:^|\.)[^.[\]]*$|\[\d+\]$/, '')) {
    const place = places.get(at)
    if (place) return place
  }
  return places.get('') ?? { line: 1, column: 1 }
}

function placeAt(text: string, offset: number): JsonPlace {
  let line = 1
  let start = 0
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
    line++
    start = i + 1
  }
  return { line, column: offset - start + 1 }
}

/** Deeper files than this are no configuration; JSON.parse still judges them. */
const MAX_DEPTH = 200

/** Fills `places`; returns the offset at which the text stopped being JSON, or its length. */
function walk(text: string, places: Map<string, JsonPlace>): number {
  let at = 0
  let line = 1
  let lineStart = 0
  const STOP = Symbol('stop')
  const space = () => {
    for (; at < text.length && /\s/.test(text[at] ?? ''); at++)
      if (text[at] === '\n') {
        line++
        lineStart = at + 1
      }
  }
  const here = () => ({ line, column: at - lineStart + 1 })
  const expect = (character: string) => {
    space()
    if (text[at] !== character) throw STOP
    at++
  }
  const string = (): string => {
    space()
    const match = /"(?:[^"\\\n]|\\.)*"/y
    match.lastIndex = at
    const found = match.exec(text)
    if (!found) throw STOP
    at += found[0].length
    return found[0]
  }
  const value = (path: string, depth: number): void => {
    space()
    if (!places.has(path)) places.set(path, here())
    const first = text[at]
    if (depth > MAX_DEPTH) throw STOP
    if (first === '"') string()
    else if (first === '{' || first === '[') members(path, first === '{', depth)
    else {
      const word = /-?\d[\d.eE+-]*|true|false|null/y
      word.lastIndex = at
      const found = word.exec(text)
      if (!found) throw STOP
      at += found[0].length
    }
  }
  const members = (path: string, isObject: boolean, depth: number): void => {
    const end = isObject ? '}' : ']'
    at++
    space()
    if (text[at] === end) {
      at++
      return
    }
    for (let i = 0; ; i++) {
      let child = `${path}[${i}]`
      if (isObject) {
        space()
        const keyPlace = here()
        const key = string().slice(1, -1)
        child = path ? `${path}.${key}` : key
        places.set(child, keyPlace)
        expect(':')
      }
      value(child, depth + 1)
      space()
      if (text[at] === ',') at++
      else {
        expect(end)
        return
      }
    }
  }
  try {
    value('', 0)
    space()
  } catch (error) {
    if (error !== STOP) throw error
  }
  return at
}
