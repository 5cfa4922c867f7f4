// The article that is open in the panel. Owns it, and whether it solved the question.

import type { ReadonlySignal } from '../base/signal'
import type { Article } from '../knowledge/article'

export type ReaderStatus = 'idle' | 'loading' | 'stalled' | 'missing' | 'failed'

export interface ReaderModel {
  readonly article: ReadonlySignal<Article | null>
  readonly headingId: ReadonlySignal<string | null>
  readonly status: ReadonlySignal<ReaderStatus>
  /** Asked once an article; silence stays `unasked` and is counted apart. */
  readonly solved: ReadonlySignal<'unasked' | 'yes' | 'no'>
  /** Articles read in this visit, newest last, at most 20. */
  readonly read: ReadonlySignal<readonly { readonly articleId: string; readonly title: string }[]>
  open(articleId: string, headingId?: string): Promise<void>
  retry(): void
  say(solved: 'yes' | 'no'): void
  close(): void
  dispose(): void
}
