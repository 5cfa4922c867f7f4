// Fetches the files that `asklet build` wrote. The one place where a failed download becomes an error of ours.

import { AskletError } from '../base/errors'

/** Resolves to the parsed file; rejects with `index_missing` (not there), `index_shape` (no JSON) or `network`. */
export type LoadJson = (file: string) => Promise<unknown>

/**
 * @param fetchFile  the environment's fetch
 * @param baseUrl    folder of the files, absolute or relative to the page; with a slash at its end
 */
export function createJsonLoader(fetchFile: typeof fetch, baseUrl: string): LoadJson {
  return async file => {
    const url = baseUrl + file
    let response: Response
    try {
      response = await fetchFile(url)
    } catch (cause) {
      throw new AskletError('network', `could not fetch ${url}. Offline, or blocked?`, {
        cause,
      })
    }
    if (response.status === 404 || response.status === 410)
      throw new AskletError(
        'index_missing',
        `there is no ${url} (got ${response.status}). Publish the folder of "asklet build" there.`,
      )
    if (!response.ok)
      throw new AskletError('network', `could not fetch ${url}, got status ${response.status}.`)
    try {
      return await response.json()
    } catch (cause) {
      throw new AskletError('index_shape', `${url} must be JSON, got something else. A login page?`, {
        cause,
      })
    }
  }
}
