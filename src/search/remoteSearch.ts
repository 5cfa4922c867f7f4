// Search on a server: each question is one POST, masked and cut to what ranks. For help that is too large to be
// fetched, and the same seam as the search in the page. Owns a short memory of answers.
// Repeats nothing by itself: the next key asks again. Knows no index and no ranking.

import { beginningOf } from '../base/beginningOf'
import { createEnvironment } from '../base/environment'
import { AskletError } from '../base/errors'
import type { SiteMasks } from '../base/redact'
import { factsToTell, masked } from '../context/factsToTell'
import type { Article } from '../knowledge/article'
import type { Facts } from '../protocol/facts'
import { MAX_LOCALE_CHARS, MAX_QUERY_CHARS, MAX_SEARCH_LIMIT, type SearchRequest } from '../protocol/search'
import { HTTP_PREFIX, PROTOCOL_VERSION } from '../protocol/version'
import type { Reply } from '../protocol/wire'
import type { Passage, SearchProvider, Suggestion } from './searchProvider'

export interface RemoteSearchOptions {
  /** Base address of the server, `https://help.example`; '' is the page's own origin. */
  readonly url: string
  /** Default: the page's own. */
  readonly fetch?: typeof fetch
  /**
   * Proves who is asking, for private articles; null where nobody has signed in. Asked before the first question,
   * again when the server takes the token no longer, and after a failure at the next question.
   */
  token?(): string | null | Promise<string | null>
  /** Whether the visitor agreed that the routes before this page go out too. Default: they stay in the page. */
  mayTellRoutes?(): boolean
  /** BCP 47, the language of articles that are opened before anything was asked. Default: the site's own. */
  locale?(): string
  /** What the site masks and keeps of its own. */
  readonly privacy?: SiteMasks | undefined
  /** Given up after this, with `network`; a token, too, which is none then. Milliseconds, default 10 000. */
  readonly timeoutMs?: number
}

/** Undefined: the host's function failed. */
type Token = string | null | undefined

/** Deleting a word letter by letter, and looking back into a few articles. */
const MAX_KEPT = 60
/** Longer, and a page that stands open shows articles that were renamed since. */
const KEEP_MS = 5 * 60_000
/** The list says `stalled` long before; a server that has not answered by now will not. */
const GIVE_UP_AFTER_MS = 10_000

/**
 * A `SearchProvider` over a server with `attachHelpDesk({ helpDir })` or `asklet serve --help-dir`: the ranking is that
 * of the search in the page, only elsewhere.
 *
 * Rejects with `network` (not reached, too slow, asked too often), `index_missing` (there is no search at that
 * address), `article_missing`; an aborted question with its signal's reason. A token that is refused takes the
 * private articles away, not the public ones.
 */
export function createRemoteSearch(options: RemoteSearchOptions): SearchProvider {
  const environment = createEnvironment()
  const { now } = environment
  const { timeoutMs = GIVE_UP_AFTER_MS } = options
  const url = `${options.url.replace(/\/$/, '')}${HTTP_PREFIX}/search`
  const kept = new Map<string, { readonly at: number; readonly answer: unknown }>()
  let token: Promise<Token> | null = null
  let isTokenFailing = false
  let lastLocale: string | undefined

  const networkError = (sentence: string, cause?: unknown) => new AskletError('network', sentence, { cause })

  /** Remembers an answer, and no failure: the next question asks again. */
  function freshToken(): Promise<Token> {
    const asked = (async (): Promise<Token> => {
      let stop = () => {}
      try {
        const late = new Promise<never>((_, reject) => {
          stop = environment.after(timeoutMs, () => reject(new Error('no answer')))
        })
        const answer = (await Promise.race([options.token?.(), late])) ?? null
        isTokenFailing = false
        return answer
      } catch (error) {
        if (!isTokenFailing)
          console.warn('Asklet: the token function failed; public articles only, until it answers.', error)
        isTokenFailing = true
        return undefined
      } finally {
        stop()
      }
    })()
    token = asked
    asked.then(answer => {
      if (answer === undefined && token === asked) token = null
    })
    return asked
  }

  async function post(
    body: string,
    proof: string | null,
    signal: AbortSignal | undefined,
  ): Promise<Reply<object>> {
    const abort = new AbortController()
    const follow = () => abort.abort(signal?.reason)
    signal?.throwIfAborted()
    signal?.addEventListener('abort', follow)
    const stop = environment.after(timeoutMs, () => abort.abort())
    let text: string
    try {
      const send = options.fetch ?? environment.fetch
      const response = await send(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(proof && { 'x-asklet-token': proof }) },
        body,
        credentials: 'omit',
        cache: 'no-store',
        signal: abort.signal,
      })
      text = await response.text()
    } catch (cause) {
      signal?.throwIfAborted()
      throw networkError(
        abort.signal.aborted
          ? `${url} has not answered within ${timeoutMs} ms.`
          : `could not reach ${url}. Offline, or blocked by connect-src or its origins?`,
        cause,
      )
    } finally {
      stop()
      signal?.removeEventListener('abort', follow)
    }
    signal?.throwIfAborted()
    try {
      const reply = JSON.parse(text) as Reply<object>
      if (typeof reply.ok === 'boolean') return reply
    } catch {}
    throw new AskletError(
      'index_missing',
      `${url} must answer as a help desk does, got something else. Is search.url its base address?`,
    )
  }

  /**
   * With the token that there is; with a fresh one when that is too old; without one when that is refused too.
   * `lacks` is what a failed token function may have kept out.
   */
  async function authorised(body: string, signal: AbortSignal | undefined) {
    const isRefused = (reply: Reply<object>) => !reply.ok && reply.code === 'unauthenticated'
    const first = await (token ?? freshToken())
    let reply = await post(body, first ?? null, signal)
    if (!first || !isRefused(reply)) return { reply, lacks: first === undefined }
    const second = await freshToken()
    if (second && second !== first) reply = await post(body, second, signal)
    if (!isRefused(reply)) return { reply, lacks: false }
    if (second !== undefined) {
      console.warn(
        `Asklet: ${url} refused the visitor's token: public articles only. The server's log says why.`,
      )
      token = Promise.resolve(null)
    }
    return { reply: await post(body, null, signal), lacks: second === undefined }
  }

  async function ask<Answer>(
    request: SearchRequest,
    read: (reply: object) => Answer | null,
    signal?: AbortSignal,
  ): Promise<Answer> {
    signal?.throwIfAborted()
    const body = JSON.stringify(request)
    const known = kept.get(body)
    if (known && now() - known.at < KEEP_MS) return known.answer as Answer
    const { reply, lacks } = await authorised(body, signal)
    if (!reply.ok) {
      const { code, detail, after } = reply
      if (code === 'not_found')
        throw new AskletError('index_missing', `there is no search at ${url}: ${detail ?? code}.`)
      const wait = after === undefined ? '' : ` Ask again in ${Math.ceil(after / 1_000)} s.`
      throw networkError(`${url} refused the question: ${code}${detail ? ` (${detail})` : ''}.${wait}`)
    }
    const answer = read(reply)
    if (answer === null)
      throw networkError(
        `${url} must answer with ${request.do}, got something else. Is it of another version?`,
      )
    if (lacks) return answer
    kept.delete(body)
    kept.set(body, { at: now(), answer })
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break
      kept.delete(oldest)
    }
    return answer
  }

  function question(action: 'suggest' | 'passages', query: string, facts: Facts, limit: number) {
    lastLocale = facts.visitor.locale
    const words = masked(query, 'toPerson', options.privacy)
    return {
      v: PROTOCOL_VERSION,
      do: action,
      query: beginningOf(action === 'suggest' ? withoutCardBegun(words) : words, MAX_QUERY_CHARS),
      facts: factsToTell(facts, options.mayTellRoutes?.() ?? false, options.privacy),
      limit: Math.min(MAX_SEARCH_LIMIT, Math.max(1, limit)),
    }
  }

  return {
    suggest: async (query, facts, { limit = 6, signal } = {}) =>
      ask(question('suggest', query, facts, limit), readSuggestions, signal),

    passages: async (text, facts, limit) =>
      text.trim() ? ask(question('passages', text, facts, limit), readPassages) : [],

    async article(articleId) {
      const locale = (lastLocale ?? options.locale?.())?.slice(0, MAX_LOCALE_CHARS)
      return ask(
        { v: PROTOCOL_VERSION, do: 'article', articleId, ...(locale !== undefined && { locale }) },
        reply => readArticle(reply, articleId),
      )
    },
  }
}

/**
 * A card number is known by its last digit, and keys go out one by one. Of a number that begins as one and is still
 * being typed go eight digits, which tell the bank; a shorter one may be the code of an error.
 */
const withoutCardBegun = (query: string) =>
  query.replace(/(?<![\w.-])((?:3|4|5|6|2[2-7])(?:[ -]?\d)*)[ -]*$/, (whole: string, digits: string) => {
    const first = /^(?:[ -]?\d){8}/.exec(digits)?.[0]
    return first === undefined || first === digits ? whole : first
  })

// What faces rely on; keys of a newer server pass by.

const areTexts = (...values: unknown[]) => values.every(value => typeof value === 'string')
const isRange = (value: unknown) =>
  Array.isArray(value) && value.length === 2 && value.every(end => Number.isInteger(end))

function listOf<Item>(list: unknown, fits: (item: Item) => boolean): readonly Item[] | null {
  return Array.isArray(list) && list.every(item => Object(item) === item && fits(item)) ? list : null
}

const readSuggestions = (reply: object) =>
  listOf<Suggestion>(
    (reply as { suggestions?: unknown }).suggestions,
    ({ articleId, title, summary, highlights, reasons, score }) =>
      areTexts(articleId, title, summary) &&
      Number.isFinite(score) &&
      Array.isArray(highlights) &&
      highlights.every(isRange) &&
      Array.isArray(reasons) &&
      reasons.every(reason => typeof reason?.kind === 'string'),
  )

const readPassages = (reply: object) =>
  listOf<Passage>(
    (reply as { passages?: unknown }).passages,
    ({ articleId, title, text, score, known = 0, shape = '', asked = [] }) =>
      areTexts(articleId, title, text, shape) &&
      Number.isFinite(score) &&
      Number.isFinite(known) &&
      Array.isArray(asked) &&
      asked.every(
        each => Number.isFinite(each?.weight) && Array.isArray(each.as) && areTexts(each.word, ...each.as),
      ),
  )

/** @throws AskletError `article_missing` when there is none, which is not kept: it may be published in a minute */
function readArticle(reply: object, articleId: string): Article | null {
  const { article } = reply as { article?: Article | null }
  if (article === null)
    throw new AskletError(
      'article_missing',
      `there is no article "${articleId}" that this visitor may read. Was it renamed?`,
    )
  const isArticle =
    article?.id === articleId && typeof article.title === 'string' && Array.isArray(article.content)
  return isArticle ? article : null
}
