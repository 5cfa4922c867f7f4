// A passage cut into the pieces that are quoted whole, and the run of them that answers best: steps from first to
// last, rows under the head of their table. Pure; every piece stands word for word in the passage.

import { tokens } from '../knowledge/terms'
import type { AskedWord, Passage } from '../search/searchProvider'
import type { HoldsSort } from './askedFor'

/** About what one reads in a chat at a glance; longer is an article, and the citation opens it. */
const MAX_CHARS = 420
/** A sentence of a table or a log may have no end: no piece is longer. */
const MAX_PIECE_CHARS = 600
/** Characters up to which a passage is read; the seam promises 600. */
const MAX_TEXT_CHARS = 4_000

export interface Stitched {
  /** In the passage's order. */
  readonly sentences: readonly string[]
  /** As it is shown: each line on its own. */
  readonly text: string
  /** 0 … 1: share of the question's weight that the sentences say. */
  readonly said: number
  /** A numbered list, whole. */
  readonly isSteps: boolean
}

interface Piece {
  readonly text: string
  readonly shape: string
  /** Number of its line. */
  readonly line: number
  readonly held: ReadonlySet<string>
}

const wordsIn = (text: string): ReadonlySet<string> => new Set(tokens(text, '').map(({ word }) => word))

/** Share of the weight of `asked` that `held` says. */
export function shareSaid(asked: readonly AskedWord[], held: ReadonlySet<string>): number {
  let said = 0
  for (const { weight, as } of asked) if (as.some(word => held.has(word))) said += weight
  return said
}

function piecesOf({ text, shape = '' }: Passage): readonly Piece[] {
  return text
    .slice(0, MAX_TEXT_CHARS)
    .split('\n')
    .flatMap((words, line) => {
      const letter = shape[line] ?? 'p'
      const parts = /[pn]/.test(letter) ? words.split(/(?<=[.!?。！？]["”’)]?)\s+/) : [words]
      return parts
        .map(part => part.trim())
        .filter(part => part && part.length <= MAX_PIECE_CHARS)
        .map(part => ({ text: part, shape: letter, line, held: wordsIn(part) }))
    })
}

/**
 * The run that says most of what is asked; on a tie the earlier and the longer one, as far as it is read at a glance.
 *
 * @param maxChars  0 for a single piece, a list for a whole one
 */
export function stitch(
  passage: Passage,
  asked: readonly AskedWord[],
  holdsSort: HoldsSort | null,
  maxChars = MAX_CHARS,
): Stitched | null {
  const pieces = piecesOf(passage)
  const isSpoken = pieces.some(({ held }) => shareSaid(asked, held))
  let best: { from: number; to: number; rank: number } | undefined
  for (let from = 0; from < pieces.length; from++) {
    // Steps are begun at the first, and a table at its head.
    const before = pieces[from - 1]?.shape
    const { shape, text, held: first } = pieces[from] as Piece
    if ((shape === 's' && before === 's') || (shape === 'r' && before && /[rh]/.test(before))) continue
    // What leads up to it is mostly a greeting.
    if (isSpoken && /[pn]/.test(shape) && !text.endsWith(':') && !shareSaid(asked, first)) continue
    const held = new Set<string>()
    let chars = 0
    let sort = 0
    for (let to = from; to < pieces.length; to++) {
      const piece = pieces[to] as Piece
      chars += piece.text.length + 1
      const isWithin = /[srh]/.test(piece.shape) && piece.shape !== 'h' && to > from
      if (chars > maxChars && to > from && !isWithin) break
      for (const word of piece.held) held.add(word)
      if (holdsSort?.(piece.text)) sort = 0.05
      // A list is ended, not broken off.
      if (piece.shape === 's' && pieces[to + 1]?.shape === 's') continue
      if (piece.shape === 'h' && pieces[to + 1]?.shape === 'r') continue
      const rank = shareSaid(asked, held) + sort + Math.min(chars, maxChars) / 4_000
      if (!best || rank > best.rank + 1e-9) best = { from, to, rank }
    }
  }
  if (!best) return null
  const run = withoutIdleRows(pieces.slice(best.from, best.to + 1), asked, maxChars)
  const held = new Set(run.flatMap(({ held }) => [...held]))
  return {
    sentences: run.map(({ text }) => text),
    text: run.map(({ text, line }, i) => (i ? (run[i - 1]?.line === line ? ' ' : '\n') : '') + text).join(''),
    said: shareSaid(asked, held),
    isSteps: run.filter(({ shape }) => shape === 's').length > 1,
  }
}

/** Of a table too long for a chat: its head, and the rows that are spoken of; all of them where none is. */
function withoutIdleRows(
  run: readonly Piece[],
  asked: readonly AskedWord[],
  maxChars: number,
): readonly Piece[] {
  const chars = run.reduce((sum, { text }) => sum + text.length + 1, 0)
  if (chars <= maxChars) return run
  const said = ({ held }: Piece) => shareSaid(asked, held)
  const most = Math.max(0, ...run.filter(({ shape }) => shape === 'r').map(said))
  return most ? run.filter(piece => piece.shape !== 'r' || said(piece) >= most / 2) : run
}
