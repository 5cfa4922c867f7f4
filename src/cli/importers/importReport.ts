// What an import says: a file that names every note with its place, and the first of each kind on the terminal.
// Pure. No time stamps: the same import, the same report.

import { FAILURES, type ImportNote, NOTE_KINDS, type NoteKind } from './imported'

/** In the folder of the articles. No Markdown: `asklet build` would take it for an article. */
export const REPORT_FILE = 'import-report.txt'

const SHOWN = 5
const KINDS = Object.keys(NOTE_KINDS) as readonly NoteKind[]

export function isFailure(kind: NoteKind): boolean {
  return (FAILURES as readonly string[]).includes(kind)
}

/** @param figures  `name: value` lines of the run, without seconds */
export function reportText(title: string, figures: readonly string[], notes: readonly ImportNote[]): string {
  const lines = [title, '', ...figures, ...kindFigures(notes)]
  for (const [kind, own] of byKind(notes)) lines.push('', heading(kind, own.length), ...own.map(lineOf))
  if (!notes.length) lines.push('', 'Nothing was left out or changed.')
  return `${lines.join('\n')}\n`
}

/** For the terminal; failures are not in it, because each of them is said on standard error. */
export function summaryLines(notes: readonly ImportNote[]): readonly string[] {
  const lines: string[] = []
  for (const [kind, own] of byKind(notes)) {
    if (isFailure(kind)) continue
    lines.push(heading(kind, own.length), ...own.slice(0, SHOWN).map(lineOf))
    if (own.length > SHOWN) lines.push(`  … and ${own.length - SHOWN} more in ${REPORT_FILE}`)
  }
  return lines
}

/** `missing-links: 3`; failures also when there are none. */
export function kindFigures(notes: readonly ImportNote[]): readonly string[] {
  const counts = new Map(byKind(notes).map(([kind, own]) => [kind, own.length]))
  return KINDS.filter(kind => counts.has(kind) || isFailure(kind)).map(
    kind => `${kind}: ${counts.get(kind) ?? 0}`,
  )
}

export function lineOf({ place, sentence }: ImportNote): string {
  return `  ${place}: ${sentence}`
}

function heading(kind: NoteKind, count: number): string {
  return `${kind} (${count}): ${NOTE_KINDS[kind]}`
}

function byKind(notes: readonly ImportNote[]): readonly (readonly [NoteKind, readonly ImportNote[]])[] {
  return KINDS.map(kind => [kind, notes.filter(note => note.kind === kind)] as const).filter(
    ([, own]) => own.length,
  )
}
