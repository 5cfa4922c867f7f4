// Errors for developers: a code for programs and a sentence (what, got, fix).
// What a visitor reads is never this: faces choose a text key by code.

/**
 * The one table of codes. A code is never reused and never changes its meaning.
 * Expected failures (offline, aborted, rate limited) are states and have no code here.
 */
export type ErrorCode =
  // options and configuration
  | 'options_shape'
  | 'config_missing'
  | 'config_shape'
  | 'config_syntax'
  | 'destroyed'
  | 'verb_unknown'
  | 'action_shape'
  | 'locale_unknown'
  // knowledge: build, import, index
  | 'index_missing'
  | 'index_shape'
  | 'article_missing'
  | 'article_shape'
  | 'articles_none'
  | 'import_shape'
  | 'flow_shape'
  | 'flow_dead_end'
  | 'flow_unknown_step'
  | 'flow_advice'
  | 'private_article'
  // environment
  | 'network'
  | 'storage_refused'
  | 'no_browser'
  | 'chunk_failed'
  | 'script_missing'
  // server
  | 'driver_missing'
  | 'store_unavailable'
  | 'store_newer'
  | 'server_shape'
  // command line
  | 'cli_usage'

/** An error a developer can act on. `message` holds the sentence, `code` is for programs. */
export class AskletError extends Error {
  override readonly name = 'AskletError'
  constructor(
    readonly code: ErrorCode,
    sentence: string,
    options?: { cause?: unknown },
  ) {
    super(`Asklet [${code}]: ${sentence}`, options)
  }
}

/** What was got, in words fit for an error sentence: never the value of a secret, at most 60 characters. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'string') return JSON.stringify(value.length > 58 ? `${value.slice(0, 55)}…` : value)
  const type = typeof value
  if (type === 'object') return 'an object'
  return type === 'function' || type === 'symbol' ? `a ${type}` : String(value)
}
