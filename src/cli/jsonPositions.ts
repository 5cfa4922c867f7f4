// JSON with the line of everything in it, so that a wrong value can be named by file and line.
// JSON.parse makes the value; this walks the same text for positions only.

export type PositionedJson =
  | {
      readonly ok: true
      readonly value: unknown
      /** Line (from 1) of `steps.ask.next` or `[2].title`; the nearest parent's when that path is not there. */
      lineOf(path: string): number
    }
  | { readonly ok: false; readonly line: number; readonly message: string }

/** Reads JSON. Never throws. */
export function readJson(source: string): PositionedJson {
  const text = source.replace(/^\ufeff/, '')
  const lines = new Map<string, number>()
  const stoppedAt = walk(text, lines)
  try {
    const value: unknown = JSON.parse(text)
    return { ok: true, value, lineOf: path => nearest(lines, path) }
  } catch (error) {
    const message =
      error instanceof Error ? error.message.replace(/ in JSON at position.*| \(line.*/s, '') : 'a mistake'
    return { ok: false, line: lineAt(text, stoppedAt), message }
  }
}

function nearest(lines: ReadonlyMap<string, number>, path: string): number {
  for (let at = path; at; at = at.replace(/(?:^|\.)[^.[\]]*$|\[\d+\]$/, '')) {
    const line = lines.get(at)
    if (line !== undefined) return line
  }
  return lines.get('') ?? 1
}

function lineAt(text: string, offset: number): number {
  let line = 1
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++
  return line
}

/** Deeper files than this are no configuration; JSON.parse still judges them. */
const MAX_DEPTH = 200

/** Fills `lines`; returns the offset at which the text stopped being JSON, or its length. */
function walk(text: string, lines: Map<string, number>): number {
  let at = 0
  let line = 1
  const STOP = Symbol('stop')
  const space = () => {
    for (; at < text.length && /\s/.test(text[at] ?? ''); at++) if (text[at] === '\n') line++
  }
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
    if (!lines.has(path)) lines.set(path, line)
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
        const keyLine = line
        const key = string().slice(1, -1)
        child = path ? `${path}.${key}` : key
        lines.set(child, keyLine)
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
