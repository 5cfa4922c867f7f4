// Ready answers as an agent types them: where a slash asks for the list, what fits, and what stands for the
// variables. Pure. Refuses to guess: what has no value keeps its braces, and whoever sends is told.

import type { CannedReply } from '../protocol/deskRecords'
import { markdownWords } from './markdownWords'

/** The part of a text that asks for the list: from the slash to the caret. */
export interface SlashQuery {
  readonly from: number
  readonly to: number
  /** What was typed behind the slash. */
  readonly query: string
}

/** More would be searched with the eyes instead of with a letter more. */
export const MAX_OFFERED = 8

/** A slash that begins a line, with what is typed behind it up to the caret; null where none is being typed. */
export function slashAt(text: string, caret: number): SlashQuery | null {
  const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret)
  const typed = /^[ \t]*\/([^/\n]{0,40})$/.exec(line)?.[1]
  if (typed === undefined) return null
  return { from: caret - typed.length - 1, to: caret, query: typed }
}

/** What fits `query`, best first: by shortcut, then by title, then by the text itself. */
export function matchReplies(replies: readonly CannedReply[], query: string): CannedReply[] {
  const wanted = query.trim().toLowerCase()
  const rankOf = ({ shortcut, title, text }: CannedReply) => {
    if (shortcut.startsWith(wanted)) return 0
    if (shortcut.includes(wanted)) return 1
    if (title.toLowerCase().includes(wanted)) return 2
    return text.toLowerCase().includes(wanted) ? 3 : null
  }
  return replies
    .flatMap(reply => {
      const rank = rankOf(reply)
      return rank === null ? [] : [{ reply, rank }]
    })
    .sort((a, b) => a.rank - b.rank || (a.reply.shortcut < b.reply.shortcut ? -1 : 1))
    .slice(0, MAX_OFFERED)
    .map(({ reply }) => reply)
}

/** What a variable may stand for in the open conversation; by its name, without braces. */
export type VariableValues = Readonly<Record<string, string | undefined>>

const VARIABLE = /\{((?:visitor\.name|agent\.name|ticket\.number|page\.name|slot\.[\w.-]{1,60}))\}/g

/** `text` with the values of its variables. Those that have none stay as they are. */
export function fillVariables(text: string, values: VariableValues): string {
  return text.replace(VARIABLE, (place, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name]?.trim() : ''
    // A visitor's words in an agent's message stay words.
    return value ? markdownWords(value) : place
  })
}

/** Variables that still stand in `text`, each once, in order. */
export function unfilled(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name))]
}

/** What may be typed behind the slash. */
export const SHORTCUT_PATTERN = /^[a-z0-9-]{1,40}$/
