// The seam between the assistant and whatever finds articles. Write one of these to bring your own search.

import type { Article } from '../knowledge/article'
import type { Manifest } from '../knowledge/manifest'
import type { Facts } from '../protocol/facts'

/** Why an item stands where it stands: the factors that lifted it, strongest first. */
export type Reason =
  /** The words match. */
  | { readonly kind: 'words' }
  /** It belongs to the page that the visitor is on; `name` is what people call that page. */
  | { readonly kind: 'page'; readonly name: string }
  /** The page shows an error that it answers. */
  | { readonly kind: 'error'; readonly text: string }
  /** It belongs to a page that the visitor comes from. */
  | { readonly kind: 'recent' }
  | { readonly kind: 'role'; readonly role: string }
  /** The visitor asks why or how, and the article is of that kind. */
  | { readonly kind: 'questionType'; readonly type: string }
  /** Site's own order: nothing else decided. */
  | { readonly kind: 'popular' }

/** Half-open ranges of UTF-16 units to mark. */
export type Highlight = readonly [start: number, end: number]

export interface Suggestion {
  /** A question opens the same article; it is shown as the question. */
  readonly kind: 'article' | 'question'
  readonly articleId: string
  /** What to show: the article's title, or the question. */
  readonly title: string
  readonly summary: string
  /** Opens at this heading. */
  readonly headingId?: string
  readonly headingText?: string
  readonly highlights: readonly Highlight[]
  readonly reasons: readonly Reason[]
  /** BCP 47, where it is not the visitor's: the article is not in theirs. */
  readonly locale?: string
  /** Comparable within one answer only. */
  readonly score: number
}

export interface Passage {
  readonly articleId: string
  readonly title: string
  readonly headingId?: string
  readonly headingText?: string
  /** BCP 47, where it is not the visitor's. */
  readonly locale?: string
  /** Plain text of the passage, at most 600 characters. */
  readonly text: string
  /** 0 … 1: how surely this passage answers the question. */
  readonly score: number
  /**
   * 0 … 1: of its heading and the questions that it is known to answer, the nearest: how much of that is asked. Left
   * out where no question is known.
   */
  readonly known?: number
  /**
   * A letter for each line of `text`: `p` paragraph, `s` step of a numbered list, `i` item of another, `h` head of a
   * table, `r` row of one, `n` note. Left out: lines are taken as paragraphs.
   */
  readonly shape?: string
  /**
   * The words of the question in order, folded; what each weighs, all together 1; and the words of title, heading and
   * text that stand for it (itself, a typo mended, a synonym). Left out: words are compared as they stand.
   */
  readonly asked?: readonly AskedWord[]
}

export interface AskedWord {
  readonly word: string
  /** 0 … 1 */
  readonly weight: number
  /** Folded as `knowledge/terms` does; empty where nothing stands for it. */
  readonly as: readonly string[]
}

export interface SearchProvider {
  /**
   * Suggestions for what has been typed so far; an empty query asks for what fits page and role.
   *
   * Q1  At most `limit` (default 6), best first, no article twice.
   * Q2  No suggestion rather than a wrong one: an empty list is an answer.
   * Q3  Articles the visitor may not read never appear.
   * Q4  Rejects with an AskletError `index_missing` or `network` when it cannot answer; never with an empty list instead.
   * Q5  Same query, facts and index give the same answer.
   * Q6  An aborted call rejects with its signal's reason, now or when its answer is there; it never resolves.
   * Q7  A query of any length is one: of a pasted page a provider may ask for the beginning only.
   */
  suggest(
    query: string,
    facts: Facts,
    options?: { limit?: number; signal?: AbortSignal },
  ): Promise<readonly Suggestion[]>
  /** At most `limit` passages that best answer a question, best first; the bot quotes from them. Q2 to Q5, Q7 hold. */
  passages(question: string, facts: Facts, limit: number): Promise<readonly Passage[]>
  /**
   * Brings what an answer may lack, if anything: resolves when the same question may find more, rejects when it cannot come now.
   * Undefined, or absent, when all is here. Each text that was typed is asked again once at most.
   */
  pending?(): Promise<void> | undefined
  /**
   * Names the files that it answers from just now, each with the hash of its content in its name: for the journal.
   * Undefined, or absent, where that cannot be said.
   */
  from?(): Pick<Manifest, 'locales' | 'flows' | 'model'> | undefined
  /**
   * The whole article. Rejects with `article_missing` when there is none of that id that the visitor may read, and as
   * Q4 says when that cannot be told.
   */
  article(articleId: string): Promise<Article>
}
