// The built-in way for a host to say who its visitor is: a short-lived HS256 token (JWT, RFC 7519) signed with
// a secret that the host's backend and the help desk share. A host with sessions of its own writes another
// `VerifyVisitor` instead.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { AskletError, describe } from '../base/errors'
import type { VerifiedVisitor, VerifyVisitor } from './visitorIdentity'

/** Shorter keys can be guessed offline from one token. */
const MIN_SECRET_CHARS = 32
/** A host's clock may be off by this much, seconds. */
const LEEWAY_S = 60
const HEADER = encode({ alg: 'HS256', typ: 'JWT' })

/**
 * A token for one visitor, made in the host's backend.
 *
 * @param validForMs  how long it is taken; the page asks its host for a fresh one afterwards
 */
export function signVisitor(
  secret: string,
  visitor: VerifiedVisitor,
  validForMs = 15 * 60_000,
  now = Date.now(),
): string {
  checkSecret(secret)
  const { visitorId, role, name, email } = visitor
  const payload = encode({ sub: visitorId, role, name, email, exp: Math.floor((now + validForMs) / 1_000) })
  return `${HEADER}.${payload}.${signature(secret, `${HEADER}.${payload}`)}`
}

/** A `VerifyVisitor` for tokens made by `signVisitor`, or by any JWT library with HS256, `sub` and `exp`. */
export function signedVisitors(secret: string, now: () => number = Date.now): VerifyVisitor {
  checkSecret(secret)
  return token => {
    const [header, payload, given, ...rest] = token.split('.')
    if (!header || !payload || !given || rest.length > 0) return null
    // The algorithm is ours, not the token's to choose: `none` and key confusion end here.
    if (decode(header)?.alg !== 'HS256') return null
    const wanted = Buffer.from(signature(secret, `${header}.${payload}`))
    const got = Buffer.from(given)
    if (wanted.length !== got.length || !timingSafeEqual(wanted, got)) return null
    const claims = decode(payload)
    if (!claims || typeof claims.exp !== 'number' || claims.exp + LEEWAY_S < now() / 1_000) return null
    const { sub } = claims
    if (typeof sub !== 'string' || sub === '' || sub.length > 200) return null
    return { visitorId: sub, ...text('role', claims), ...text('name', claims), ...text('email', claims) }
  }
}

function text<Key extends 'role' | 'name' | 'email'>(
  key: Key,
  claims: Record<string, unknown>,
): Partial<Record<Key, string>> {
  const value = claims[key]
  // Within what the protocol lets a visitor's facts hold.
  return typeof value === 'string' && value.length <= 300
    ? ({ [key]: value } as Partial<Record<Key, string>>)
    : {}
}

function checkSecret(secret: string): void {
  if (typeof secret !== 'string' || secret.length < MIN_SECRET_CHARS)
    throw new AskletError(
      'server_shape',
      `the secret for visitors' tokens must have at least ${MIN_SECRET_CHARS} characters, got ${typeof secret === 'string' ? secret.length : describe(secret)}. Make one: node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`,
    )
}

function signature(secret: string, signed: string): string {
  return createHmac('sha256', secret).update(signed).digest('base64url')
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
