// Who a visitor is, from what they bring: a secret of their own and, when the host signed them in, a token.
// Owns the names of identities, and how long and how much the host's own verifying is trusted. The secret is never
// kept: only its hash is.

import { createHash } from 'node:crypto'
import type { Clock } from '../base/environment'
import type { Log, VisitorSession } from './conversations'
import { reasonLog, visitorProblem } from './identityForm'

/** What a host's token proves. */
export interface VerifiedVisitor {
  /** 1 to 200 characters without a NUL, the host's own and never given to another person. */
  readonly visitorId: string
  /** Each at most 300 characters: longer ones are refused, never cut. */
  readonly role?: string
  readonly name?: string
  readonly email?: string
  /**
   * At most 30, texts of at most 300 characters under names of at most 60; all facts together at most 8 KiB. Each
   * replaces what the device says under the same name.
   */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  /** Milliseconds since 1970; afterwards nothing is read or written under it. Absent: as long as the connection. */
  readonly expiresAt?: number
}

/** Why a token is not good, for the server's log: a sentence that starts with "it" or "its". Never the token. */
export interface RefusedToken {
  readonly refused: string
}

/** Null or a reason: the token is not (or no longer) good. May reject when it cannot tell. */
export type VerifyVisitor = (
  token: string,
) => VerifiedVisitor | RefusedToken | null | Promise<VerifiedVisitor | RefusedToken | null>

export type VisitorIdentity = Omit<VisitorSession, 'join' | 'leave' | 'address'>

/** At least 128 bits in 22 url-safe characters; longer is the visitor's own business, up to a bound. */
const SECRET = /^[\w-]{22,128}$/
/** Over HTTP it travels in a header, and Node takes 16 KiB of those. */
export const MAX_TOKEN_CHARS = 8_192
/** A handshake that waits for longer has been given up by the page (6 s) before it is answered. */
export const VERIFY_WITHIN_MS = 5_000

export function isSecret(value: unknown): value is string {
  return typeof value === 'string' && SECRET.test(value)
}

/** `anon:<sha-256 of the secret>`, base64url. */
export function anonymousIdentity(secret: string): string {
  return `anon:${createHash('sha256').update(secret).digest('base64url')}`
}

/** Did a host's token prove who this is? */
export function isVerifiedIdentity(identity: string): boolean {
  return identity.startsWith('user:')
}

/** The identity for a secret, and for what a token proved. */
export function identityOf(secret: string, verified: VerifiedVisitor | null): VisitorIdentity {
  const anonymous = anonymousIdentity(secret)
  if (!verified) return { identities: [anonymous] }
  const { visitorId, name, role, email, attributes, expiresAt } = verified
  return {
    identities: [`user:${visitorId}`, anonymous],
    ...(name && { name }),
    ...(role && { role }),
    ...(email && { email }),
    ...(attributes && { attributes }),
    ...(expiresAt !== undefined && { expiresAt }),
  }
}

export interface Identifier {
  /**
   * The identity for a bearer as it came in; null when it proves nothing. A token that is not good is refused,
   * not ignored: falling back to the anonymous identity would file a signed-in visitor's words under another one.
   * Rejects when the host's verifying fails or takes over 5 s: nobody can tell then.
   */
  identify(secret: unknown, token: unknown): Promise<VisitorIdentity | null>
  /** What a token alone proves. Rejects as `identify` does. */
  verify(token: unknown): Promise<VerifiedVisitor | null>
}

export function createIdentifier(
  verifyVisitor: VerifyVisitor | undefined,
  clock: Clock,
  log: Log,
): Identifier {
  const refused = reasonLog(clock, log, 'tokenRefused')

  async function verify(token: unknown): Promise<VerifiedVisitor | null> {
    if (typeof token !== 'string' || token === '') return null
    if (!verifyVisitor) return refused('it came, but options.verifyVisitor is not set')
    if (token.length > MAX_TOKEN_CHARS) return refused(`it is longer than ${MAX_TOKEN_CHARS} characters`)
    const verified = await within(clock, VERIFY_WITHIN_MS, async () => verifyVisitor(token))
    if (!verified) return refused('verifyVisitor said no')
    if ('refused' in verified) return refused(verified.refused)
    const { expiresAt } = verified
    // One id for all of them would merge all of their conversations.
    const wrong = visitorProblem(verified)
    if (wrong) return refused(`its ${wrong.fact}, as verifyVisitor returned it, ${wrong.problem}`)
    if (expiresAt !== undefined && !(expiresAt > clock.now())) return refused('it has expired')
    return verified
  }

  return {
    verify,
    async identify(secret, token) {
      if (!isSecret(secret)) return null
      if (token === undefined || token === null || token === '') return identityOf(secret, null)
      const verified = await verify(token)
      return verified && identityOf(secret, verified)
    },
  }
}

/** What `run` resolves to, or a rejection once `ms` have passed. */
export function within<T>(clock: Clock, ms: number, run: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(ms, () => reject(new Error('took too long')))
    run().then(resolve, reject).finally(stop)
  })
}
