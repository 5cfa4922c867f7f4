// MDX -> text, tags of components, and what is code to be run. One pass over the characters; runs nothing.
// Code blocks, code in backticks and HTML comments are passed by as they are. HTML's own elements stay text, with
// attributes that Markdown can read.
// Refuses to fail: what is no whole tag and no whole expression is what its author typed.

import { createMdxCode, isRemark, type MdxCode } from './mdxCode'

export interface MdxTag {
  readonly name: string
  /** Texts only; a name without a value is ''. */
  readonly attributes: ReadonlyMap<string, string>
  /** Names of attributes that are code; `...` for spread ones. */
  readonly lost: readonly string[]
  /** As written. */
  readonly source: string
}

export type MdxToken = { readonly line: number } & (
  | { readonly type: 'text'; readonly text: string; readonly isCode?: true }
  | { readonly type: 'open'; readonly tag: MdxTag; readonly isEmpty: boolean }
  | { readonly type: 'close'; readonly name: string }
  | {
      /** `module`: import or export. `expression`: braces in the text. */
      readonly type: 'dropped'
      readonly kind: 'module' | 'expression' | 'attribute'
      readonly source: string
    }
)

/** Elements that only hold others: what is in them is Markdown. */
const UNWRAPPED = new Set(
  (
    'address article aside center details dialog div fieldset figcaption figure footer form header main nav p ' +
    'section summary'
  ).split(' '),
)
/** Attributes of looks and behaviour: nothing is missed without them. */
const LOOKS =
  /^(?:class|className|style|key|ref|id|icon\w*|color|cols|columns|size|horizontal|default\w*|open|groupId|queryString|values|width|height|loading|target|rel|align|img|arrow|cta|noZoom|defer|on[A-Z]\w*|aria-.*|data-.*)$/

const FENCE =
  /[ \t]*(?:>[ \t]*)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`\n]*(?:\n|$))|~{3,})[^\n]*(?:\n|$)/y
const MODULE =
  /(?:import\s+(?:['"]|[\w$*{][^;'"]*?\bfrom\s*['"])|export\s+(?:default\b|(?:const|let|var|class|async|function)\s|[{*]))/y
const CLOSE = /<\/\s*([A-Za-z][\w.$:-]*)?\s*>/y
const NAME = /<([A-Za-z][\w.$-]*)?(?=[\s/>{])/y
const ATTRIBUTE = /([A-Za-z_$@:][\w.$:@-]*)(\s*=\s*(?:"([^"]*)"|'([^']*)'|(?=\{)))?/y

/** The tokens of `source`; lines count from 1. Never throws. */
export function mdxTokens(source: string): readonly MdxToken[] {
  const found: MdxToken[] = []
  const code = createMdxCode(source)
  /** Default imports: the one thing that a name in braces can be known to be. */
  const imported = new Map<string, string>()
  let at = 0
  let line = 1
  let pending = ''
  let pendingLine = 1
  let endOfModule = -1
  const flush = () => {
    if (pending) found.push({ type: 'text', text: pending, line: pendingLine })
    pending = ''
  }
  const keep = (end: number) => {
    if (!pending) pendingLine = line
    pending += source.slice(at, end)
    advance(end)
  }
  const advance = (end: number) => {
    for (let i = source.indexOf('\n', at); i >= 0 && i < end; i = source.indexOf('\n', i + 1)) line++
    at = end
  }
  const push = (token: MdxToken, end: number) => {
    flush()
    found.push(token)
    advance(end)
  }
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at
    return pattern.exec(source)
  }

  while (at < source.length) {
    if (at === 0 || source[at - 1] === '\n') {
      const fence = match(FENCE)?.[1]
      if (fence) {
        const end = endOfFence(source, at, fence)
        push({ type: 'text', text: source.slice(at, end), line, isCode: true }, end)
        continue
      }
      // At the beginning of a block only: "import taxes are due" is a sentence.
      const isBlockStart = () =>
        at === 0 || at === endOfModule || /(?:^|\n)[ \t]*\n$/.test(source.slice(Math.max(0, at - 200), at))
      if (match(MODULE) && isBlockStart()) {
        const end = code.endOfStatement(at)
        const text = source.slice(at, end)
        const [, name, path] = /^import\s+([\w$]+)\s+from\s*['"]([^'"]+)['"]/.exec(text) ?? []
        if (name && path) imported.set(name, path)
        push({ type: 'dropped', kind: 'module', source: text, line }, end)
        endOfModule = end
        continue
      }
    }
    const sign = source[at]
    if (sign === '\\') keep(at + 2)
    else if (sign === '`') keep(endOfCodeSpan(source, at))
    else if (source.startsWith('<!--', at)) {
      const end = source.indexOf('-->', at + 4)
      keep(end < 0 ? source.length : end + 3)
    } else if (sign === '<') {
      const close = match(CLOSE)
      const open = close ? null : readTag(source, at, imported, code)
      if (close) {
        const name = close[1] ?? ''
        if (isKeptAsHtml(name)) keep(at + close[0].length)
        else push({ type: 'close', name, line }, at + close[0].length)
      } else if (!open) keep(at + 1)
      else if (isKeptAsHtml(open.tag.name)) {
        const { tag, isEmpty, end } = open
        const lost = tag.lost.filter(name => !LOOKS.test(name))
        const written = [...tag.attributes].map(
          ([name, value]) => ` ${name}="${value.replaceAll('"', '&quot;')}"`,
        )
        push({ type: 'text', text: `<${tag.name}${written.join('')}${isEmpty ? ' /' : ''}>`, line }, at)
        for (const name of lost)
          push({ type: 'dropped', kind: 'attribute', source: `${name} of <${tag.name}>`, line }, at)
        advance(end)
      } else {
        const { tag, isEmpty, end } = open
        push(
          { type: 'open', tag: { ...tag, lost: tag.lost.filter(name => !LOOKS.test(name)) }, isEmpty, line },
          end,
        )
      }
    } else if (sign === '{') {
      const end = code.endOfBraces(at)
      const inside = source.slice(at + 1, end - 1)
      // `## Title {#id}` is no code, though MDX itself would stumble over it.
      if (end < 0 || /^#[^\s{}]+$/.test(inside)) keep(at + 1)
      else {
        const value = literal(inside, imported)
        if (value !== null) push({ type: 'text', text: value, line }, end)
        // Remarks of authors are for authors.
        else if (isRemark(inside)) push({ type: 'text', text: '', line }, end)
        else push({ type: 'dropped', kind: 'expression', source: source.slice(at, end), line }, end)
      }
    } else {
      const next = /[\\`<{\n]/g
      next.lastIndex = at
      const special = next.exec(source)
      if (!special) keep(source.length)
      else keep(special[0] === '\n' ? special.index + 1 : special.index)
    }
  }
  flush()
  return found
}

function isKeptAsHtml(name: string): boolean {
  return /^[a-z][a-z\d]*$/.test(name) && !UNWRAPPED.has(name)
}

/** Behind the line that closes the fence, or the end of the text. */
function endOfFence(source: string, start: number, fence: string): number {
  const close = new RegExp(`^[ \\t>]*${fence[0] === '`' ? '`' : '~'}{${fence.length},}[ \\t]*(?:\\n|$)`)
  let at = source.indexOf('\n', start) + 1
  while (at > 0 && at < source.length) {
    const next = source.indexOf('\n', at) + 1 || source.length
    if (close.test(source.slice(at, next))) return next
    at = next
  }
  return source.length
}

/** Code in backticks does not reach over an empty line. */
function endOfCodeSpan(source: string, start: number): number {
  const run = /`+/y
  run.lastIndex = start
  const ticks = run.exec(source)?.[0].length ?? 1
  const paragraph = /\n[ \t]*\n/g
  paragraph.lastIndex = start
  const end = paragraph.exec(source)?.index ?? source.length
  const next = /`+/g
  next.lastIndex = start + ticks
  for (let found = next.exec(source); found && found.index < end; found = next.exec(source))
    if (found[0].length === ticks) return found.index + ticks
  return start + ticks
}

/** What the code between braces is where that needs no running: a text, a number, an imported file. */
function literal(code: string, imported: ReadonlyMap<string, string>): string | null {
  const text = code.trim()
  const quoted = /^(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\$]|\\.)*)`)$/s.exec(text)
  if (quoted)
    return (quoted[1] ?? quoted[2] ?? quoted[3] ?? '').replace(/\\(.)/gs, (_, sign) =>
      sign === 'n' ? '\n' : sign,
    )
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return text
  const called = /^(?:require|useBaseUrl)\(\s*(["'])([^"'\n]+)\1\s*\)(?:\.default)?$/.exec(text)
  return called?.[2] ?? imported.get(text.replace(/\.(?:src|default)$/, '')) ?? null
}

function readTag(
  source: string,
  start: number,
  imported: ReadonlyMap<string, string>,
  code: MdxCode,
): { readonly tag: MdxTag; readonly isEmpty: boolean; readonly end: number } | null {
  NAME.lastIndex = start
  const begin = NAME.exec(source)
  if (!begin) return null
  const attributes = new Map<string, string>()
  const lost: string[] = []
  let at = start + begin[0].length
  while (at < source.length) {
    const rest = /\s*/y
    rest.lastIndex = at
    at += rest.exec(source)?.[0].length ?? 0
    const isEmpty = source.startsWith('/>', at)
    if (isEmpty || source[at] === '>') {
      const end = at + (isEmpty ? 2 : 1)
      const tag = { name: begin[1] ?? '', attributes, lost, source: source.slice(start, end) }
      return { tag, isEmpty, end }
    }
    if (source[at] === '{') {
      const end = code.endOfBraces(at)
      if (end < 0) return null
      lost.push('...')
      at = end
      continue
    }
    ATTRIBUTE.lastIndex = at
    const [all, name, given, double, single] = ATTRIBUTE.exec(source) ?? []
    if (!all || !name) return null
    at += all.length
    if (given === undefined || double !== undefined || single !== undefined) {
      attributes.set(name, double ?? single ?? '')
      continue
    }
    const end = code.endOfBraces(at)
    if (end < 0) return null
    const value = literal(source.slice(at + 1, end - 1), imported)
    if (value === null) lost.push(name)
    else attributes.set(name, value)
    at = end
  }
  return null
}
