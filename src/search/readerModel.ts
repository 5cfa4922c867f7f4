// The article that is open in the panel. Owns it, and whether it solved the question.

import { batch, signal } from '@preact/signals-core'
import type { Clock, Undo } from '../base/environment'
import { AskletError } from '../base/errors'
import { latestOnly } from '../base/latestOnly'
import type { ReadonlySignal } from '../base/signal'
import type { Article } from '../knowledge/article'
import type { SearchProvider } from './searchProvider'

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

export interface ReaderModelDeps {
  readonly provider: Pick<SearchProvider, 'article'>
  readonly clock: Pick<Clock, 'after'>
  /** For the journal: an article is shown. */
  onOpened?(article: Article, headingId: string | null): void
  /** For the journal: the visitor said whether it helped. */
  onSolved?(article: Article, solved: 'yes' | 'no'): void
  /** The provider rejected; visitors see `missing` or `failed`, developers want the sentence. */
  onFailed?(error: unknown): void
}

/** As for suggestions: sooner flickers, later looks dead. */
const STALLED_AFTER_MS = 300
const MAX_READ = 20

export function createReaderModel(deps: ReaderModelDeps): ReaderModel & {
  /** Another visitor: what was read goes too. */
  forget(): void
} {
  const article = signal<Article | null>(null)
  const headingId = signal<string | null>(null)
  const status = signal<ReaderStatus>('idle')
  const solved = signal<'unasked' | 'yes' | 'no'>('unasked')
  const read = signal<readonly { readonly articleId: string; readonly title: string }[]>([])
  const opening = latestOnly((_, articleId: string) => deps.provider.article(articleId))
  let stopTimer: Undo = () => {}
  let wanted: readonly [articleId: string, headingId?: string] | undefined

  async function open(articleId: string, heading?: string): Promise<void> {
    wanted = [articleId, heading ?? '']
    stopTimer()
    batch(() => {
      article.value = null
      headingId.value = null
      solved.value = 'unasked'
      status.value = 'loading'
    })
    stopTimer = deps.clock.after(STALLED_AFTER_MS, () => {
      status.value = 'stalled'
    })
    try {
      const found = await opening.call(articleId)
      if (!found) return
      stopTimer()
      batch(() => {
        article.value = found
        headingId.value = heading || null
        status.value = 'idle'
        // Read again: moves to the end, is not listed twice.
        read.value = [
          ...read.value.filter(entry => entry.articleId !== found.id),
          { articleId: found.id, title: found.title },
        ].slice(-MAX_READ)
      })
      deps.onOpened?.(found, headingId.value)
    } catch (error) {
      stopTimer()
      status.value = error instanceof AskletError && error.code === 'article_missing' ? 'missing' : 'failed'
      deps.onFailed?.(error)
    }
  }

  function close(): void {
    stopTimer()
    opening.cancel()
    wanted = undefined
    batch(() => {
      article.value = null
      headingId.value = null
      status.value = 'idle'
    })
  }

  return {
    article,
    headingId,
    status,
    solved,
    read,
    open,
    retry() {
      if (wanted) void open(...wanted)
    },
    say(answer) {
      // Asked once an article.
      if (!article.value || solved.value !== 'unasked') return
      solved.value = answer
      deps.onSolved?.(article.value, answer)
    },
    close,
    forget() {
      close()
      read.value = []
    },
    dispose() {
      stopTimer()
      opening.cancel()
    },
  }
}
