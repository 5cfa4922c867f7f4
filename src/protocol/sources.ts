// Which sources a page's content security policy must allow for Asklet: the one owner of that fact, read by
// `asklet check --csp` before a page is published and by `diagnose()` in the page.
//
// Not among them, because nothing of the kind is used: styles (style sheets are constructed), fonts, frames, workers,
// anything inline, eval. No Trusted Types policy is made either: `trusted-types 'none'` may stand.

import type { AskletConfig } from './config'

/** The directives that Asklet has a need of. */
export type SourceDirective = 'script-src' | 'connect-src' | 'img-src'

export interface NeededSource {
  readonly directive: SourceDirective
  /** As it stands in a policy: `'self'` or an origin. */
  readonly source: string
  /** What is fetched there, or its folder; absolute. */
  readonly url: string
  /** Without it something is plainer, and nothing fails. */
  readonly isOptional?: true
  /** For whom: `the panel and its parts`. */
  readonly why: string
}

export interface Installation {
  /** Address of a page that has the assistant on it, absolute. */
  readonly page: string
  /** Address of the script or the folder of its chunks; relative to the page. */
  readonly scripts: string
  /** Address of `asklet.json`; relative to the page. Null where the configuration came as an object. */
  readonly config: string | null
  readonly file: Pick<AskletConfig, 'knowledge' | 'search' | 'answer' | 'server' | 'images' | 'attachments'>
}

/** What may stand beside the needed lines. A page that asks for Trusted Types gets no sink from Asklet to guard. */
export const COMPATIBLE_LINES = ["require-trusted-types-for 'script'", "trusted-types 'none'"] as const

/** Each source once a directive, in the order in which a visitor's way meets them. Addresses that are none are left out. */
export function neededSources({ page, scripts, config, file }: Installation): readonly NeededSource[] {
  const needed: NeededSource[] = []
  const configUrl = new URL(config ?? page, page).href
  const add = (
    directive: SourceDirective,
    address: string | undefined,
    base: string,
    why: string,
    { isSocket = false, isOptional = false } = {},
  ) => {
    if (address === undefined || !URL.canParse(address, base)) return
    const url = new URL(address, base)
    if (!/^https?:$/.test(url.protocol)) return
    const isOwn = url.origin === new URL(page).origin
    // 'self' does not cover a WebSocket in every browser, and an http origin does in none.
    if (isSocket) url.protocol = url.protocol.replace('http', 'ws')
    const source = isSocket ? `${url.protocol}//${url.host}` : isOwn ? "'self'" : url.origin
    if (needed.some(each => each.directive === directive && each.source === source)) return
    needed.push({ directive, source, url: url.href, why, ...(isOptional && { isOptional }) })
  }
  add('script-src', scripts, page, 'the script, the panel and its parts')
  if (config !== null) add('connect-src', config, page, 'the configuration')
  add('connect-src', file.knowledge, configUrl, 'index, articles, flows and model')
  add('connect-src', file.search?.url, configUrl, 'the search on a server')
  add('connect-src', file.answer?.url, configUrl, 'answers that a language model words')
  add('connect-src', file.server, configUrl, 'conversations with people')
  add('connect-src', file.server, configUrl, 'conversations with people, live', { isSocket: true })
  if (file.knowledge !== undefined || file.search) add('img-src', page, page, 'images of articles')
  for (const origin of file.images ?? []) add('img-src', origin, page, 'images of articles')
  // Without it a picture is a row with its name.
  if (file.attachments !== false)
    add('img-src', file.server, configUrl, 'pictures in conversations', { isOptional: true })
  return needed
}

/** One line a directive: `connect-src 'self' https://help.example wss://help.example`. */
export function policyLines(needed: readonly NeededSource[]): readonly string[] {
  const directives = [...new Set(needed.map(({ directive }) => directive))]
  return directives.map(directive =>
    [directive, ...needed.filter(each => each.directive === directive).map(({ source }) => source)].join(' '),
  )
}
