// Markdown as it is written -> the same with other addresses in it. Works on the text and not on a tree, so that
// everything else stays as its authors typed it; leaves code alone. Pure.

export interface Rewrite {
  /** The address to write instead, or null where there must be the words only. */
  link(href: string, line: number): string | null
  image(src: string, line: number): string | null
}

/** The end of a link: `](address "title")`, one pair of brackets inside; `](<address>)`. */
const TARGET =
  /\]\((\s*)(<[^<>\n]*>|(?:[^\s()<>\\]|\\.|\([^\s()<>]*\))+)(\s+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\))\s*|\s*)\)/g
/** `[name]: address "title"`; `[^1]: …` is a footnote. */
const DEFINITION = /^( {0,3}\[(?!\^)[^\]\n]+\]:\s+)(<[^<>\n]*>|\S+)(?=\s*$|\s+["'(])/
const ATTRIBUTE =
  /(<(a|img|iframe|source|video)\b[^<>\n]{0,2000}?\b(?:href|src)\s*=\s*)("[^"\n]*"|'[^'\n]*')/gi

/** @param firstLine  line of the file on which the text begins */
export function rewriteAddresses(markdown: string, rewrite: Rewrite, firstLine = 1): string {
  return eachLine(markdown, (line, i) =>
    outsideCode(line, text =>
      rewriteTags(rewriteTargets(text, firstLine + i, rewrite), firstLine + i, rewrite),
    ),
  )
}

function rewriteTargets(text: string, line: number, rewrite: Rewrite): string {
  const edits: { readonly from: number; readonly to: number; readonly by: string }[] = []
  for (const { 0: all, 1: space = '', 2: address = '', 3: rest = '', index } of text.matchAll(TARGET)) {
    const open = openingOf(text, index)
    const isImage = open > 0 && text[open - 1] === '!'
    const to = isImage ? rewrite.image(plain(address), line) : rewrite.link(plain(address), line)
    const end = index + all.length
    if (to !== null) edits.push({ from: index, to: end, by: `](${space}${written(address, to)}${rest})` })
    else if (open >= 0) {
      edits.push({ from: isImage ? open - 1 : open, to: open + 1, by: '' }, { from: index, to: end, by: '' })
    }
  }
  let result = ''
  let at = 0
  for (const { from, to, by } of edits.sort((a, b) => a.from - b.from)) {
    result += text.slice(at, from) + by
    at = to
  }
  return result + text.slice(at)
}

function rewriteTags(text: string, line: number, rewrite: Rewrite): string {
  return text
    .replace(DEFINITION, (_all, name: string, address: string) => {
      // Nothing may be left out here: others refer to it.
      return name + written(address, rewrite.link(plain(address), line) ?? plain(address))
    })
    .replace(ATTRIBUTE, (all, before: string, tag: string, quoted: string) => {
      const address = quoted.slice(1, -1).replaceAll('&amp;', '&')
      const to = tag.toLowerCase() === 'img' ? rewrite.image(address, line) : rewrite.link(address, line)
      if (to === address || to === null) return all
      return `${before}"${to.replaceAll('&', '&amp;').replaceAll('"', '%22')}"`
    })
}

/** No link has more words. */
const MAX_WORDS_CHARS = 4_000

/** Where the `[` stands that the `]` at `end` closes; -1 when that is in another line. */
function openingOf(text: string, end: number): number {
  let depth = 0
  for (let i = end - 1; i >= Math.max(0, end - MAX_WORDS_CHARS); i--) {
    if (text[i - 1] === '\\') continue
    if (text[i] === ']') depth++
    else if (text[i] === '[' && depth-- === 0) return i
  }
  return -1
}

function plain(address: string): string {
  return address.replace(/^<|>$/g, '').replace(/\\([()[\]\\_*])/g, '$1')
}

function written(old: string, address: string): string {
  if (address === plain(old)) return old
  return /[\s()<>]/.test(address) ? `<${address}>` : address
}

/**
 * Every line through `change`, except those of fenced code.
 *
 * @param change  gets the line and its number from 0; null takes the line away
 */
export function eachLine(markdown: string, change: (line: string, i: number) => string | null): string {
  let fence = ''
  const lines: string[] = []
  markdown.split('\n').forEach((line, i) => {
    const marks = /^[\s>]*(?:[-*+]\s+|\d+[.)]\s+)?(`{3,}|~{3,})/.exec(line)?.[1] ?? ''
    if (fence) {
      if (marks.startsWith(fence) && /^[\s>]*[`~]+\s*$/.test(line)) fence = ''
      lines.push(line)
    } else if (marks && !(marks[0] === '`' && line.slice(line.indexOf(marks) + marks.length).includes('`'))) {
      fence = marks
      lines.push(line)
    } else {
      const changed = change(line, i)
      if (changed !== null) lines.push(changed)
    }
  })
  return lines.join('\n')
}

/** Changes a line but for its `code` and comments: each is one sign (of nobody's alphabet) while `change` sees it. */
export function outsideCode(line: string, change: (text: string) => string): string {
  const codes: string[] = []
  const masked = line.replace(/(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)|<!--.*?-->/g, code => {
    codes.push(code)
    return '\ue000'
  })
  if (codes.length !== masked.split('\ue000').length - 1) return change(line)
  return change(masked).replace(/\ue000/g, () => codes.shift() ?? '')
}
