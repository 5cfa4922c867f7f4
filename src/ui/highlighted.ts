// A title cut into marked and unmarked pieces. Pure.

import type { Highlight } from '../search/searchProvider'

export interface Piece {
  readonly text: string
  readonly isMarked: boolean
}

/** Pieces of `text` in order; together they are `text`, whatever the ranges say (overlapping, unsorted, too long). */
export function highlighted(text: string, ranges: readonly Highlight[]): readonly Piece[] {
  const pieces: Piece[] = []
  let done = 0
  const add = (end: number, isMarked: boolean) => {
    if (end > done) pieces.push({ text: text.slice(done, end), isMarked })
    done = Math.max(done, end)
  }
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    add(Math.min(start, text.length), false)
    add(Math.min(end, text.length), true)
  }
  add(text.length, false)
  return pieces
}
