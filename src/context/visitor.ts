// Who is asking, as the host told it. Owns role, name and attributes; guesses nothing.

import type { VisitorFacts } from '../protocol/facts'

/** What `identify` takes. Everything is optional and replaces what was said before. */
export interface VisitorInput {
  /** The host's own id of a signed-in user; keeps one user's unsent words from ever going out under another. */
  readonly id?: string
  /** The host's own word, e.g. `freelancer`. Ranks suggestions; gives access to nothing. */
  readonly role?: string
  readonly name?: string
  readonly email?: string
  /** Up to 30 facts for flows and agents, e.g. `{ plan: 'pro', openContracts: 2 }`. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  /**
   * Signed by the host's server: proves who it is. Needed for private articles and other devices. A function is
   * asked whenever a fresh one is needed; a string is used until `identify` brings another.
   */
  readonly token?: string | (() => string | Promise<string>)
}

/**
 * The proof of who is asking, or null when the host has none. Rejects when its function fails.
 * What a page has put on every object proves nothing: somebody else's token would take the conversation.
 */
export async function tokenOf({ token }: VisitorInput): Promise<string | null> {
  if (token === ({} as VisitorInput).token) return null
  return (typeof token === 'function' ? await token() : token) ?? null
}

/** The host has a token for who is asking, or says that it will. */
export const provesWho = ({ token }: VisitorInput): boolean => token !== ({} as VisitorInput).token

const MAX_ATTRIBUTES = 30
const MAX_VALUE = 200

const short = (value: unknown) => String(value).slice(0, MAX_VALUE)

export function visitorFacts(input: VisitorInput, locale: string): VisitorFacts {
  const attributes: Record<string, string | number | boolean> = {}
  for (const [key, value] of Object.entries(input.attributes ?? {}).slice(0, MAX_ATTRIBUTES)) {
    if (typeof value === 'string') attributes[key] = short(value)
    else if (typeof value === 'boolean' || Number.isFinite(value)) attributes[key] = value
  }
  return {
    // A database hands out numbers, and every reader of these expects words.
    ...(input.role && { role: short(input.role) }),
    ...(input.name && { name: short(input.name) }),
    ...(input.email && { email: short(input.email) }),
    locale,
    attributes,
  }
}

/**
 * The token where words depend on whose they are: rejects when the host's function fails, or has none for a
 * visitor whose id it told. As nobody in particular that visitor would speak as somebody else.
 */
export async function provenToken(visitor: VisitorInput): Promise<string | null> {
  const got = await tokenOf(visitor)
  if (got === null && visitor.id !== undefined && typeof visitor.token === 'function')
    throw new Error('no token for a visitor with an id')
  return got
}
