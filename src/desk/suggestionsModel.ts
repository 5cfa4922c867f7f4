// What the site's help says about the visitor's last words: a few passages with their reasons, from the search of the
// same server. Owns the last answer. Quiet where the server has no help, and where it cannot be reached: an agent
// works without.

import { effect, signal } from '@preact/signals-core'
import type { Undo } from '../base/environment'
import type { ReadonlySignal } from '../base/signal'
import type { Facts } from '../protocol/facts'
import type { Citation } from '../protocol/records'
import type { Passage, Reason, SearchProvider, Suggestion } from '../search/searchProvider'
import { markdownWords } from './markdownWords'

export interface HelpSuggestion {
  readonly citation: Citation
  readonly text: string
  /** Why it is offered, strongest first. */
  readonly reasons: readonly Reason[]
}

/** What is asked, and by whom; null: nothing to look for. */
export interface HelpQuestion {
  readonly words: string
  readonly facts: Facts
}

export interface SuggestionsModel {
  readonly suggestions: ReadonlySignal<readonly HelpSuggestion[]>
  dispose(): void
}

/** Visitors write in several short messages: the last of them is asked. */
const ASK_AFTER_MS = 400
export const MAX_SUGGESTED = 3

export function createSuggestionsModel(parts: {
  after(ms: number, task: () => void): Undo
  readonly search: Pick<SearchProvider, 'suggest' | 'passages'> | null
  readonly question: ReadonlySignal<HelpQuestion | null>
}): SuggestionsModel {
  const { search, question } = parts
  const suggestions = signal<readonly HelpSuggestion[]>([])
  let stopWaiting: Undo = () => {}
  let number = 0
  let asked = ''
  /** This server has no search: asked no more. */
  let isMissing = false

  async function ask({ words, facts }: HelpQuestion) {
    const own = ++number
    try {
      const [passages = [], suggested = []] = await Promise.all([
        search?.passages(words, facts, MAX_SUGGESTED * 2),
        search?.suggest(words, facts, { limit: MAX_SUGGESTED * 2 }),
      ])
      if (own === number) suggestions.value = helpFrom(passages, suggested)
    } catch (error) {
      isMissing ||= (error as { code?: unknown } | null)?.code === 'index_missing'
      if (own === number) suggestions.value = []
    }
  }

  const stop = effect(() => {
    const next = question.value
    const words = next?.words.trim() ?? ''
    if (words === asked) return
    asked = words
    number++
    stopWaiting()
    suggestions.value = []
    if (next && words && search && !isMissing) stopWaiting = parts.after(ASK_AFTER_MS, () => void ask(next))
  })
  return {
    suggestions,
    dispose() {
      number++
      stopWaiting()
      stop()
    },
  }
}

/** The best passage of each article, with the reasons why the article is found; then articles by their summary. */
export function helpFrom(passages: readonly Passage[], suggested: readonly Suggestion[]): HelpSuggestion[] {
  const found = new Map<string, HelpSuggestion>()
  const reasonsOf = (articleId: string) =>
    suggested.find(each => each.articleId === articleId)?.reasons ?? [{ kind: 'words' as const }]
  const add = (source: Passage | Suggestion, text: string) => {
    const { articleId, title, headingId, headingText } = source
    if (found.size === MAX_SUGGESTED || found.has(articleId) || !text.trim()) return
    const heading = headingId ? { headingId, ...(headingText && { headingText }) } : {}
    found.set(articleId, { citation: { articleId, title, ...heading }, text, reasons: reasonsOf(articleId) })
  }
  for (const passage of passages) add(passage, passage.text)
  for (const each of suggested) if (each.kind === 'article') add(each, each.summary)
  return [...found.values()]
}

/** More is a lecture. Characters. */
const MAX_QUOTE_CHARS = 280

/** The beginning of a passage, in whole sentences, as a quotation in Markdown that says nothing else. */
export function quotationOf(text: string): string {
  const words = text.replace(/\s+/g, ' ').trim()
  let quote = ''
  for (const sentence of words.split(/(?<=[.!?])\s+/)) {
    if (quote && quote.length + sentence.length > MAX_QUOTE_CHARS) break
    quote += ` ${sentence}`
  }
  if (quote.length > MAX_QUOTE_CHARS * 1.5)
    quote = `${quote.slice(0, MAX_QUOTE_CHARS).replace(/\s+\S*$/, '')}…`
  return `> ${markdownWords(quote)}`
}
