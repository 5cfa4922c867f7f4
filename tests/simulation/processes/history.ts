// The history on disk: one JSON line for each thing that happened, in a file of its own for each process. A line
// is handed to the kernel before the thing it tells of goes on, so that it survives a kill -9 of its writer.

import { openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { HistoryLine } from '../checker'

/** What the judge reads, and what the bounds are measured by. */
export type Line =
  | HistoryLine
  /** A screen's link changed. */
  | { readonly kind: 'link'; readonly screen: string; readonly line: string; readonly state: string }
  /** A fault was switched on or off; `touches`: lines (see `world`) whose screens feel it, or `all`. */
  | {
      readonly kind: 'fault'
      readonly name: string
      readonly isOn: boolean
      readonly touches: readonly string[]
    }
  /** Something worth counting that is no event: a refusal that was waited out, a page event. */
  | { readonly kind: 'note'; readonly screen: string; readonly what: string }

/** `at`: this machine's clock, the same for all processes; orders lines of different files. */
export type Stamped = Line & { readonly at: number }

export type Record = (line: Line) => void

/** Appends to `<folder>/<name>.jsonl`. */
export function openHistory(folder: string, name: string): Record {
  const file = openSync(join(folder, `${name}.jsonl`), 'a')
  return line => {
    writeSync(file, `${JSON.stringify({ ...line, at: Date.now() })}\n`)
  }
}

/** All lines of all processes, in the order of their moments; a torn last line is none. */
export function readHistories(folder: string): Stamped[] {
  const lines: Stamped[] = []
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.jsonl')) continue
    for (const text of readFileSync(join(folder, name), 'utf8').split('\n'))
      try {
        if (text) lines.push(JSON.parse(text) as Stamped)
      } catch {
        // Torn by a kill: it was never acted on.
      }
  }
  // Stable, so that each process keeps its own order within a millisecond.
  return lines.sort((a, b) => a.at - b.at)
}
