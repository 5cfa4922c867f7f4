// Adds questions to a file of questions. What stands in it stays as it is, byte by byte: lines, order, line ends.

import { existsSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs'
import type { Section } from '../knowledge/plainText'
import { questionLines } from '../knowledge/sectionQuestions'

type Heading = Pick<Section, 'headingId' | 'headingText'>

/**
 * Questions come last under their heading. A heading that the file does not have yet is put behind the one that
 * stands before it in the article.
 *
 * @param text     the file; '' for a new one
 * @param lineEnd  of a file that has none yet
 * @returns null where no heading line would name the section: others of the article are called like it
 */
export function withQuestions(
  text: string,
  sections: readonly Heading[],
  headingId: string,
  questions: readonly string[],
  lineEnd = '\n',
): string | null {
  const end = /\r\n?|\n/.exec(text)?.[0] ?? lineEnd
  const lines = text.match(/[^\r\n]*(?:\r\n?|\n)|[^\r\n]+$/g) ?? []
  /** Heading id -> number of the last line that belongs to it. */
  const last = new Map([['', 0]])
  for (const { line, headingId: id } of questionLines(text, sections))
    if (id !== undefined) last.set(id, line)

  const added = questions.map(question => question + end)
  let at = last.get(headingId)
  if (at === undefined) {
    const heading = headingLine(sections, headingId)
    if (heading === null) return null
    const before = sections.slice(
      0,
      sections.findIndex(one => one.headingId === headingId),
    )
    at = last.get(before.findLast(one => last.has(one.headingId))?.headingId ?? '') ?? 0
    added.unshift(heading + end)
    if (at > 0) added.unshift(end)
  }
  const [head, tail] = [lines.slice(0, at), lines.slice(at)]
  const lastOfHead = head.at(-1)
  if (lastOfHead !== undefined && !/[\r\n]$/.test(lastOfHead)) head.push(end)
  const mark = at === 0 && text.startsWith('\ufeff') ? '\ufeff' : ''
  if (mark) tail[0] = (tail[0] ?? '').slice(1)
  const gap = tail[0]?.trim().startsWith('#') ? [end] : []
  return [mark, ...head, ...added, ...gap, ...tail].join('')
}

/** As people write it, where that names the section; else by its id. */
function headingLine(sections: readonly Heading[], headingId: string): string | null {
  const heading = sections.find(one => one.headingId === headingId)?.headingText ?? ''
  return (
    [heading.replace(/\s+/g, ' ').trim(), headingId]
      .map(name => `## ${name}`)
      .find(line => questionLines(line, sections)[0]?.headingId === headingId) ?? null
  )
}

/** '' where there is none. Null: not UTF-8, so that writing it again would change it. */
export function readQuestionFile(path: string): string | null {
  if (!existsSync(path)) return ''
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path))
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** Whole or not at all; links and permissions stay. */
export function writeQuestionFile(path: string, text: string): void {
  const isThere = existsSync(path)
  const target = isThere ? realpathSync(path) : path
  writeFileSync(`${target}.part`, text, isThere ? { mode: statSync(target).mode } : {})
  renameSync(`${target}.part`, target)
}
