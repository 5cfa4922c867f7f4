// The articles that only a signed role may read: the token that proves it, and the server's index of them. A chunk
// of its own, because most visitors have none. Owns when a failure may be followed by another try; what is loaded is
// the search's.

import type { Environment } from '../base/environment'
import type { AskletError } from '../base/errors'
import { once } from '../base/once'
import { parseManifest, pickLocale } from '../knowledge/manifest'
import { HTTP_PREFIX } from '../protocol/version'
import { createJsonLoader, type LoadJson } from '../search/loadJson'

export interface PrivateArticlesDeps {
  readonly environment: Pick<Environment, 'fetch' | 'now' | 'after'>
  /** Base address of the server. */
  readonly server: string
  readonly role: string
  locale(): string
  /** Null: nobody has signed in. Rejects when the host's function fails. */
  token(): Promise<string | null>
}

/** A token function or a server that fails is not asked again at each key. */
const TRY_AGAIN_AFTER_MS = 5_000
/** The public articles wait for these: no longer than for a server that is slow and there. */
const GIVE_UP_AFTER_MS = 3_000

/**
 * A way to the private files, for a search that asks again for what failed.
 *
 * Rejects, and asks nobody, for 5 s after a failure, and that is also no answer for 3 s; for good where there is
 * nothing for this visitor. A token that is refused is followed by a fresh one.
 *
 * @param index  the name by which the index is asked for, whatever its file is called
 */
export function createPrivateLoader(deps: PrivateArticlesDeps, index: string): LoadJson {
  const { environment, server, role } = deps
  let tryAgainAt = Number.NEGATIVE_INFINITY
  let failure: unknown

  async function open(): Promise<{ readonly index: string; readonly loadJson: LoadJson } | null> {
    let token = await deps.token()
    if (!token) return null
    const withToken: typeof fetch = async (input, init) => {
      const send = (proof: string) =>
        environment.fetch(input, { ...init, headers: { 'x-asklet-token': proof }, credentials: 'omit' })
      const sent = token as string
      const response = await send(sent)
      if (response.status !== 401) return response
      // Tokens are short-lived, pages are not. Another call may have brought a fresh one meanwhile.
      const fresh = token === sent ? await deps.token() : token
      if (!fresh || fresh === sent) return response
      token = fresh
      return send(fresh)
    }
    const loadJson = createJsonLoader(
      withToken,
      `${server}${HTTP_PREFIX}/knowledge/${encodeURIComponent(role)}/`,
    )
    const spoken = pickLocale(parseManifest(await loadJson('manifest.json')), deps.locale())
    return spoken ? { index: spoken.index, loadJson } : null
  }

  // Too late for one question is not too late for the next.
  const opening = once(open)
  const inTime = <T>(work: Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      const stop = environment.after(GIVE_UP_AFTER_MS, () => reject(new Error('no answer')))
      work.then(resolve, reject).finally(stop)
    })

  const opened = once(async () => {
    if (environment.now() < tryAgainAt) throw failure
    try {
      const found = await inTime(opening())
      if (found) return found
      tryAgainAt = Number.POSITIVE_INFINITY
    } catch (error) {
      const isMissing = (error as AskletError).code === 'index_missing'
      if (!isMissing) console.warn('Asklet: no private articles.', error)
      tryAgainAt = isMissing ? Number.POSITIVE_INFINITY : environment.now() + TRY_AGAIN_AFTER_MS
      failure = error
    }
    throw failure
  })

  return async file => {
    const found = await opened()
    return found.loadJson(file === index ? found.index : file)
  }
}
