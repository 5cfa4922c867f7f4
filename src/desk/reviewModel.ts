// One lead at the review queue: what is asked, what they chose and wrote, what they passed over. Owns that and nothing
// else; a chunk of its own comes with it. What was typed outlives a verdict that a colleague gave meanwhile.

import { batch, computed, signal } from '@preact/signals-core'
import type { Undo } from '../base/environment'
import type { ReadonlySignal } from '../base/signal'
import type { Facts } from '../protocol/facts'
import { MAX_SKIPPED } from '../protocol/limits'
import { parseReviews } from '../protocol/parseReviews'
import {
  type ReviewedArticle,
  type ReviewFigures,
  type ReviewItem,
  VERDICTS_OF,
  type Verdict,
} from '../protocol/reviews'
import { PROTOCOL_VERSION } from '../protocol/version'
import type { SearchProvider, Suggestion } from '../search/searchProvider'
import type { DeskLine } from './deskLine'

/** What a workplace has for it. */
export interface ReviewParts {
  readonly line: Pick<DeskLine, 'request'> & { readonly env: Pick<DeskLine['env'], 'after'> }
  /** Over the help of the same server; null: none. */
  readonly search: Pick<SearchProvider, 'suggest'> | null
}

export interface ReviewDraft {
  readonly verdict: Verdict | null
  /** `none`: no article says it; null: not said. */
  readonly article: ReviewedArticle | 'none' | null
  readonly words: string
}

export interface ReviewModel {
  /** `off`: this server has no such queue. */
  readonly status: ReadonlySignal<'loading' | 'ready' | 'failed' | 'off'>
  /** Null with `ready`: nothing is left. */
  readonly item: ReadonlySignal<ReviewItem | null>
  readonly figures: ReadonlySignal<ReviewFigures | null>
  /** Those that this lead can judge. */
  readonly waiting: ReadonlySignal<number>
  readonly skipped: ReadonlySignal<number>
  readonly draft: ReadonlySignal<ReviewDraft>
  /** Closing would lose a verdict, an article or words that are not saved. */
  readonly isEdited: ReadonlySignal<boolean>
  /** `changed`: another lead judged it meanwhile; `item` says how. */
  readonly problem: ReadonlySignal<'changed' | 'noAnswer' | 'refused' | null>
  readonly isSaving: ReadonlySignal<boolean>
  readonly canGoBack: ReadonlySignal<boolean>
  /** What may hold the answer: sources, and what was found. Null: this server has no help to look in. */
  readonly articles: ReadonlySignal<readonly ReviewedArticle[] | null>
  begin(): Promise<void>
  change(to: Partial<ReviewDraft>): void
  /** The `n`th verdict of this kind, from 1. */
  press(n: number): void
  find(words: string): void
  save(): Promise<void>
  skip(): Promise<void>
  /** To what was judged last; the item at hand comes again after it. */
  back(): Promise<void>
  /** What was passed over, from the beginning. */
  again(): Promise<void>
  dispose(): void
}

const EMPTY: ReviewDraft = { verdict: null, article: null, words: '' }
const FIND_AFTER_MS = 250
const MAX_FOUND = 5
/** A server that says it is behind is asked on; what it finds comes to the queue meanwhile. */
const MAX_LOOKS = 10

/** An article is asked for where another one than the bot's, or one at all, should have been it. */
export const wantsArticle = (verdict: Verdict | null): boolean =>
  verdict === 'wrong' || verdict === 'shouldHaveAnswered'

export function createReviewModel({ line, search }: ReviewParts): ReviewModel {
  const status = signal<'loading' | 'ready' | 'failed' | 'off'>('loading')
  const item = signal<ReviewItem | null>(null)
  const figures = signal<ReviewFigures | null>(null)
  const waiting = signal(0)
  const skipped = signal(0)
  const draft = signal(EMPTY)
  const problem = signal<'changed' | 'noAnswer' | 'refused' | null>(null)
  const isSaving = signal(false)
  const canGoBack = signal(false)
  const articles = signal<readonly ReviewedArticle[] | null>(search ? [] : null)
  let passed: readonly string[] = []
  /** Judged here, oldest first. */
  let judged: readonly string[] = []
  let asked = 0
  let found = 0
  let stopWaiting: Undo = () => {}
  let isGone = false

  async function ask(itemId?: string): Promise<void> {
    const own = ++asked
    if (!item.peek()) status.value = 'loading'
    for (let look = 0; look < MAX_LOOKS; look++) {
      const reply = await line.request('reviews', {
        v: PROTOCOL_VERSION,
        ...(passed.length > 0 && { skipped: passed }),
        ...(itemId !== undefined && { itemId }),
      })
      if (own !== asked || isGone) return
      const told = reply.ok ? parseReviews(reply) : null
      if (!told) {
        const isOff = !reply.ok && ['not_found', 'bad_request', 'forbidden'].includes(reply.code)
        // What was judged or passed over is not shown as if it were still to be judged.
        if (itemId === undefined) item.value = null
        status.value = isOff ? 'off' : 'failed'
        return
      }
      show(told.item, told.figures, told.waiting)
      // Who has something to judge need not wait for the rest.
      if (told.item || !told.isBehind) return
    }
  }

  function show(next: ReviewItem | null, told: ReviewFigures, left: number): void {
    const isOther = next?.itemId !== item.peek()?.itemId
    batch(() => {
      item.value = next
      figures.value = told
      waiting.value = left
      status.value = 'ready'
      if (!isOther) return
      problem.value = null
      draft.value = next ? draftOf(next) : EMPTY
    })
    if (isOther) look(next?.question ?? '')
  }

  const known = (current: ReviewItem | null): readonly ReviewedArticle[] => [
    ...(current?.article ? [current.article] : []),
    ...(current?.sources ?? []),
  ]

  /** What is cited comes first; what was found for these words after it. */
  function look(words: string): void {
    stopWaiting()
    const own = ++found
    const current = item.peek()
    if (!search) return
    articles.value = withoutRepeats(known(current))
    if (!words.trim() || !current) return
    void (async () => {
      try {
        const suggested = await search.suggest(words, factsOf(current), { limit: MAX_FOUND })
        if (own === found)
          articles.value = withoutRepeats([...chosen(), ...known(current), ...suggested.map(toArticle)])
      } catch (error) {
        // No help on this server: nothing to choose from.
        if (own === found && (error as { code?: unknown } | null)?.code === 'index_missing')
          articles.value = null
      }
    })()
  }
  const chosen = (): readonly ReviewedArticle[] => {
    const { article } = draft.peek()
    return article && article !== 'none' ? [article] : []
  }

  async function save(): Promise<void> {
    const current = item.peek()
    const { verdict, article, words } = draft.peek()
    if (!current || !verdict || isSaving.peek()) return
    isSaving.value = true
    problem.value = null
    const reply = await line.request('judge', {
      v: PROTOCOL_VERSION,
      itemId: current.itemId,
      expected: current.revision,
      verdict,
      article: wantsArticle(verdict) && article !== 'none' ? article : null,
      words: words.trim(),
    })
    if (isGone) return
    isSaving.value = false
    if (reply.ok) {
      judged = [...judged.filter(id => id !== current.itemId), current.itemId]
      canGoBack.value = true
      return ask()
    }
    if (reply.code === 'stale_assignment') {
      problem.value = 'changed'
      // With what they said, and with the words here as they are.
      return ask(current.itemId)
    }
    if (reply.code === 'not_found') return ask()
    problem.value = reply.code === 'no_answer' || reply.code === 'store_unavailable' ? 'noAnswer' : 'refused'
  }

  return {
    status,
    item,
    figures,
    waiting,
    skipped,
    draft,
    isEdited: computed(() => item.value !== null && !isSame(draft.value, draftOf(item.value))),
    problem,
    isSaving,
    canGoBack,
    articles,
    begin: () => ask(),
    change(to) {
      draft.value = { ...draft.peek(), ...to }
    },
    press(n) {
      const current = item.peek()
      const verdict = current && VERDICTS_OF[current.kind][n - 1]
      if (verdict) draft.value = { ...draft.peek(), verdict }
    },
    find(words) {
      stopWaiting()
      stopWaiting = line.env.after(FIND_AFTER_MS, () => look(words || (item.peek()?.question ?? '')))
    },
    save,
    skip() {
      const current = item.peek()
      if (current)
        passed = [...passed.filter(id => id !== current.itemId), current.itemId].slice(-MAX_SKIPPED)
      skipped.value = passed.length
      return ask()
    },
    back() {
      const last = judged.at(-1)
      if (last === undefined) return Promise.resolve()
      judged = judged.slice(0, -1)
      canGoBack.value = judged.length > 0
      return ask(last)
    },
    again() {
      passed = []
      skipped.value = 0
      return ask()
    },
    dispose() {
      isGone = true
      found++
      stopWaiting()
    },
  }
}

const draftOf = ({ verdict, article, words }: ReviewItem): ReviewDraft => ({ verdict, article, words })

const isSame = (a: ReviewDraft, b: ReviewDraft): boolean =>
  a.verdict === b.verdict &&
  a.words.trim() === b.words.trim() &&
  // Of a verdict that asks for no article none is kept.
  (!wantsArticle(a.verdict) || articleName(a) === articleName(b))

/** That none says it, and that nothing was said, are saved alike. */
const articleName = ({ article }: ReviewDraft): string =>
  article && article !== 'none' ? articleKey(article) : ''

function toArticle({ articleId, title, headingId, headingText, kind }: Suggestion): ReviewedArticle {
  return {
    articleId,
    title,
    ...(headingId && { headingId }),
    // A question is what people ask, not what the article calls it.
    ...(headingText && kind === 'article' && { headingText }),
  }
}

export const articleKey = ({ articleId, headingId = '' }: ReviewedArticle): string =>
  `${articleId}#${headingId}`

function withoutRepeats(all: readonly ReviewedArticle[]): readonly ReviewedArticle[] {
  return [...new Map(all.toReversed().map(each => [articleKey(each), each])).values()].reverse()
}

function factsOf({ route = '/', role, locale = 'en' }: ReviewItem): Facts {
  return {
    page: { url: route, route, title: '', name: '', headings: [], language: locale, data: {} },
    visitor: { locale, ...(role && { role }), attributes: {} },
  }
}
