// GitBook's blocks -> Markdown: a hint is a quote, tabs and steps follow each other, a reference is a link. What
// is not known loses its marks, keeps its words, and is told. Pure.
//
// A stack of open blocks, innermost last; each holds its lines until its end:
//
//   root > hint info           {% hint style="info" %} … {% endhint %}
//   root > tabs > tab "Phone"  {% tabs %}{% tab title="Phone" %} … {% endtab %}{% endtabs %}

import { safeLink } from '../../knowledge/safeLink'
import { firstWords, type NoteKind } from './imported'
import type { LinkedPage } from './markdownPages'
import { eachLine } from './markdownText'

type Tell = (kind: NoteKind, line: number, sentence: string) => void

interface Frame {
  readonly name: string
  readonly values: Readonly<Record<string, string>>
  /** White space before it: it may stand in a list. */
  readonly indent: string
  readonly line: number
  readonly lines: string[]
}

const HINTS: Readonly<Record<string, string>> = {
  info: 'NOTE',
  success: 'TIP',
  tip: 'TIP',
  warning: 'WARNING',
  danger: 'CAUTION',
}
/** They arrange what is in them; read in order it says the same. */
const ARRANGED = new Set(['tabs', 'stepper', 'step', 'columns', 'column', 'updates', 'update'])
/** They have an end of their own. */
const PAIRED = new Set([...ARRANGED, 'hint', 'tab', 'code', 'content-ref'])
/** Made from a file that describes an interface: no words of the page. */
const INTERFACE =
  /^(?:swagger|openapi|openapi-operation|openapi-schemas|swagger-description|swagger-parameter|swagger-response|api-method.*)$/
/** An empty line of ours: only where there is none yet. No line of a file holds it. */
const GAP = '\0'
const TAG = /\{%\s*([@\w/-]+)((?:"[^"]*"|'[^']*'|[^%"'])*)%\}/g

/**
 * @param find  a page of the space by its address
 * @param tell  lines from 0
 */
export function plainBlocks(body: string, find: (href: string) => LinkedPage | null, tell: Tell): string {
  if (!body.includes('{%') && !body.includes('{{')) return body
  const stack: Frame[] = [frame('', {}, '', 0)]
  const top = () => stack[stack.length - 1] as Frame
  const counted = new Map<string, number>()
  const changed = (name: string, line: number) => {
    const first = counted.get(name)
    counted.set(name, (first ?? 0) + 1)
    if (first === undefined) tell('changed', line, `{% ${name} %}: its parts follow each other`)
  }

  const close = () => {
    const done = stack.pop()
    if (done) top().lines.push(...closed(done, find))
  }

  function tag(name: string, values: Readonly<Record<string, string>>, indent: string, line: number): void {
    if (name.startsWith('end')) {
      const at = stack.findLastIndex(one => one.name === name.slice(3))
      if (at > 0) while (stack.length > at) close()
      return
    }
    if (ARRANGED.has(name)) changed(name, line)
    const isInterface = INTERFACE.test(name)
    if (isInterface)
      tell(
        'left-out',
        line,
        `{% ${name} %}, a description of an interface: ${firstWords(values.src ?? values.url ?? '')}`,
      )
    if (isInterface || PAIRED.has(name)) {
      stack.push(frame(name, values, indent, line))
      return
    }
    const url = values.url ?? values.src ?? values.path ?? ''
    const safe = safeLink(url)
    if (name === 'embed') {
      if (safe) top().lines.push(GAP, `${indent}[${escaped(values.title ?? safe)}](${safe})`, GAP)
      tell(
        safe ? 'embeds' : 'left-out',
        line,
        safe
          ? `{% embed %} is a link to ${safe}`
          : `{% embed %} has no address that an article may have: ${firstWords(url)}`,
      )
    } else if (name === 'file') {
      if (safe) top().lines.push(GAP, `${indent}[${escaped(values.name ?? safe)}](${safe})`, GAP)
      else tell('left-out', line, `{% file %} to download: ${firstWords(url)}`)
    } else {
      if (safe) top().lines.push(GAP, `${indent}[${escaped(safe)}](${safe})`, GAP)
      const words = Object.entries(values).map(([key, value]) => `${key}=${firstWords(value)}`)
      tell('unknown-blocks', line, [`{% ${name} %}`, ...words].join(' '))
    }
  }

  let next = 0
  const withoutTags = (line: string, i: number): null => {
    const indent = /^\s*/.exec(line)?.[0] ?? ''
    let at = 0
    let hasTag = false
    for (const match of line.matchAll(TAG)) {
      const [all, name = '', rest = ''] = match
      const before = line.slice(at, match.index)
      if (before.trim()) top().lines.push(hasTag ? indent + before.trim() : before)
      tag(name, valuesOf(rest), indent, i)
      at = match.index + all.length
      hasTag = true
    }
    const after = line.slice(at)
    if (!hasTag) top().lines.push(line)
    else if (after.trim()) top().lines.push(indent + after.trim())
    if (/\{\{.*?\}\}/.test(line))
      tell(
        'unknown-blocks',
        i,
        `${firstWords(/\{\{.*?\}\}/.exec(line)?.[0] ?? '')} is a variable: kept as it is typed`,
      )
    return null
  }
  // Lines of fenced code come back from eachLine as they are; the others are taken out and put into the stack.
  const lines = body.split('\n')
  const outside = new Set<number>()
  eachLine(body, (line, i) => {
    outside.add(i)
    return line
  })
  for (; next < lines.length; next++) {
    const line = lines[next] ?? ''
    if (outside.has(next)) withoutTags(line, next)
    else top().lines.push(line)
  }
  while (stack.length > 1) {
    tell('changed', top().line, `{% ${top().name} %} has no end: it ends with the page`)
    close()
  }
  return settled(top().lines).join('\n')
}

function closed(
  { name, values, indent, lines }: Frame,
  find: (href: string) => LinkedPage | null,
): readonly string[] {
  const inside = trimmed(settled(lines))
  if (name === 'hint') {
    const kind = HINTS[values.style ?? ''] ?? 'NOTE'
    const own = inside.map(line => (line.startsWith(indent) ? line.slice(indent.length) : line))
    return [GAP, `${indent}> [!${kind}]`, ...own.map(line => `${indent}> ${line}`.trimEnd()), GAP]
  }
  if (name === 'tab' || name === 'code') {
    const title = values.title?.trim()
    return [GAP, ...(title ? [`${indent}**${escaped(title)}**`, GAP] : []), ...inside, GAP]
  }
  if (name === 'content-ref') {
    const url = values.url ?? ''
    const page = find(url)
    const safe = safeLink(url)
    if (page) return [GAP, `${indent}[${escaped(page.title)}](${page.href})`, GAP]
    return safe && !inside.some(line => line.includes(']('))
      ? [GAP, `${indent}[${escaped(safe)}](${safe})`, GAP]
      : [GAP, ...inside, GAP]
  }
  return [GAP, ...inside, GAP]
}

/** One empty line for each run of gaps and the empty lines about it. */
function settled(lines: readonly string[]): readonly string[] {
  const result: string[] = []
  let isGap = false
  for (const line of lines) {
    if (line === GAP) isGap = true
    else if (line.trim() || !isGap) {
      if (isGap && result.at(-1)?.trim()) result.push('')
      isGap = false
      result.push(line)
    }
  }
  return result
}

function frame(name: string, values: Readonly<Record<string, string>>, indent: string, line: number): Frame {
  return { name, values, indent, line, lines: [] }
}

function valuesOf(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.create(null)
  for (const [, key = '', a, b] of text.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    values[key] = a ?? b ?? ''
  return values
}

function trimmed(lines: readonly string[]): readonly string[] {
  const isEmpty = (line: string) => !line.trim()
  const from = lines.findIndex(line => !isEmpty(line))
  return from < 0 ? [] : lines.slice(from, lines.findLastIndex(line => !isEmpty(line)) + 1)
}

function escaped(words: string): string {
  return words.replace(/[\\[\]*_`<]/g, '\\$&')
}
