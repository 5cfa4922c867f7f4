// Who a visitor is, from what they bring: a secret of their own and, when the host signed them in, a token.
// Owns the form of identities. The secret is never kept: only its hash is.

import { createHash } from 'node:crypto'
import type { VisitorSession } from './conversations'

/** What a host's token proves. */
export interface VerifiedVisitor {
  readonly visitorId: string
  readonly role?: string
  readonly name?: string
  readonly email?: string
}

/** Null: the token is not (or no longer) good. May reject when it cannot tell. */
export type VerifyVisitor = (token: string) => VerifiedVisitor | null | Promise<VerifiedVisitor | null>

export type VisitorIdentity = Omit<VisitorSession, 'join'>

/** At least 128 bits in 22 url-safe characters; longer is the visitor's own business, up to a bound. */
const SECRET = /^[\w-]{22,128}$/

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
  const { visitorId, name, role, email } = verified
  return {
    identities: [`user:${visitorId}`, anonymous],
    ...(name && { name }),
    ...(role && { role }),
    ...(email && { email }),
  }
}

/**
 * The identity for a bearer as it came in; null when it proves nothing. A token that is not good is refused,
 * not ignored: falling back to the anonymous identity would file a signed-in visitor's words under another one.
 */
export async function identify(
  secret: unknown,
  token: unknown,
  verify: VerifyVisitor | undefined,
): Promise<VisitorIdentity | null> {
  if (!isSecret(secret)) return null
  if (token === undefined || token === null || token === '') return identityOf(secret, null)
  if (typeof token !== 'string' || token.length > 8_192 || !verify) return null
  const verified = await verify(token)
  return verified ? identityOf(secret, verified) : null
}
