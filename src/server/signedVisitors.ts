// The built-in way for a host to say who its visitor is: a short-lived signed token (JWT, RFC 7519). The rules of
// such tokens are jose's work; owns which keys, claims and lifetimes are taken here. A host with sessions of its
// own writes another `VerifyVisitor` instead.

import { createPublicKey, type JsonWebKey, KeyObject } from 'node:crypto'
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from 'jose'
import { AskletError, describe } from '../base/errors'
import { visitorProblem } from './identityForm'
import { optionalPackage } from './optionalPackage'
import {
  MAX_TOKEN_CHARS,
  type RefusedToken,
  type VerifiedVisitor,
  type VerifyVisitor,
} from './visitorIdentity'

/** What a token must name as its audience unless a host says otherwise: one meant for another service is not ours. */
export const DEFAULT_AUDIENCE = 'asklet'
/** HS256 with fewer can be guessed offline from one token (RFC 7518, 3.2). */
const MIN_SECRET_BYTES = 32
/** A token that leaks is of use for no longer. */
const MAX_LIFETIME_S = 60 * 60
const DEFAULT_LIFETIME_MS = 15 * 60_000
/** A host's clock may be ahead by this much. Expiry has no leeway: a page asks for a fresh token anyway. */
const LEEWAY_S = 60

/** A public key: PEM text (SPKI), a JWK, or a KeyObject. Ed25519, EC P-256, or RSA with at least 2048 bits. */
export type PublicKey = string | JsonWebKey | KeyObject

interface Wanted {
  /** Default: `asklet`. */
  readonly audience?: string
  /** Default: any. */
  readonly issuer?: string
  readonly now?: () => number
}

/**
 * One of: a secret shared with the host's backend (HS256), its public key, or its set of public keys. The
 * algorithm follows from the key, never from the token.
 */
export type SignedVisitorsOptions = Wanted &
  (
    | { readonly secret: string | Uint8Array }
    | { readonly publicKey: PublicKey }
    | { readonly jwks: JSONWebKeySet }
  )

export interface SignVisitorOptions extends Wanted {
  /** Milliseconds, at most an hour; default 15 minutes. The page asks its host for a fresh one afterwards. */
  readonly validForMs?: number
}

/** What a host's backend signs with: the shared secret, or a private key as KeyObject with the `kid` of its public one. */
export type SigningKey = string | Uint8Array | { readonly privateKey: KeyObject; readonly keyId?: string }

/**
 * A token for one visitor, made in the host's backend.
 *
 * @throws AskletError `server_shape` for a key, a lifetime or a visitor that `signedVisitors` would not take: it is
 *   better known here, where the visitor's facts come from, than as a refusal in another server's log
 */
export async function signVisitor(
  key: SigningKey,
  visitor: Omit<VerifiedVisitor, 'expiresAt'>,
  options: SignVisitorOptions | number = {},
): Promise<string> {
  const given = typeof options === 'number' ? { validForMs: options } : options
  const { validForMs = DEFAULT_LIFETIME_MS, audience = DEFAULT_AUDIENCE, issuer, now = Date.now } = given
  if (!(validForMs <= MAX_LIFETIME_S * 1_000))
    throw new AskletError(
      'server_shape',
      `a visitor's token is valid for at most an hour, got ${validForMs} ms. The page asks your backend for a fresh one.`,
    )
  const wrong = visitorProblem(visitor)
  if (wrong)
    throw new AskletError(
      'server_shape',
      `the ${wrong.fact} of a visitor to sign ${wrong.problem}, got ${gotOf(visitor[wrong.fact])}. The help desk would refuse its token: change it before you sign.`,
    )
  const isShared = typeof key === 'string' || key instanceof Uint8Array
  const alg = isShared ? 'HS256' : algorithmOf(key.privateKey)
  const signing = isShared ? secretBytes(key) : key.privateKey
  const keyId = isShared ? undefined : key.keyId
  const { visitorId: sub, role, name, email, attributes } = visitor
  const claims = withoutAbsent({ sub, role, name, email, attributes, iss: issuer })
  const { SignJWT } = await loadJose()
  const token = await new SignJWT({
    ...claims,
    aud: audience,
    iat: Math.floor(now() / 1_000),
    exp: Math.floor((now() + validForMs) / 1_000),
  })
    .setProtectedHeader({ alg, typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) })
    .sign(signing)
  if (token.length > MAX_TOKEN_CHARS)
    throw new AskletError(
      'server_shape',
      `a visitor's token has at most ${MAX_TOKEN_CHARS} characters, got ${token.length}. Leave out some of its attributes, or shorten them.`,
    )
  return token
}

/**
 * A `VerifyVisitor` for tokens made by `signVisitor` or by any JWT library. A token has `sub`, `aud` and `exp`, and
 * lives for at most an hour; `role`, `name`, `email` and `attributes` are taken where it has them.
 *
 * @throws AskletError `server_shape` for a key that is none, or can be guessed
 */
export function signedVisitors(
  options: SignedVisitorsOptions | string,
  clock: () => number = Date.now,
): VerifyVisitor {
  // `undefined`, too: an environment variable that is not set.
  const wanted: SignedVisitorsOptions =
    typeof options === 'object' && options !== null ? options : { secret: options }
  const { audience = DEFAULT_AUDIENCE, issuer, now = clock } = wanted
  const key = verifyingKey(wanted)
  return async token => {
    const { jwtVerify } = await loadJose()
    const found = await key()
    let payload: JWTPayload
    try {
      ;({ payload } = await jwtVerify(token, found.key as JWTVerifyGetKey, {
        algorithms: [...found.algorithms],
        audience,
        ...(issuer !== undefined && { issuer }),
        requiredClaims: ['sub', 'exp'],
        clockTolerance: LEEWAY_S,
        currentDate: new Date(now()),
      }))
    } catch (error) {
      return { refused: reasonOf(error, audience) }
    }
    return visitorOf(payload, now() / 1_000)
  }
}

function visitorOf(payload: JWTPayload, now: number): VerifiedVisitor | RefusedToken {
  const { sub = '', exp = 0, iat } = payload
  if (exp <= now) return { refused: 'it has expired: the page must ask its host for a fresh one' }
  if (exp - (iat ?? now) > MAX_LIFETIME_S || exp - now > MAX_LIFETIME_S + LEEWAY_S)
    return { refused: 'it is valid for more than an hour: shorten exp' }
  const { role, name, email, attributes } = payload
  const said = withoutAbsent({ role, name, email, attributes })
  const wrong = visitorProblem({ visitorId: sub, ...said })
  if (wrong) return { refused: `its ${wrong.fact === 'visitorId' ? 'sub' : wrong.fact} ${wrong.problem}` }
  return { visitorId: sub, ...said, expiresAt: exp * 1_000 }
}

function gotOf(value: unknown): string {
  return typeof value === 'string' && value.length > 50 ? `a text of ${value.length}` : describe(value)
}

/** For the log of whoever runs the server. Never the token, nor what it claims. */
function reasonOf(error: unknown, audience: string): string {
  const { code, claim, reason } = error as { code?: unknown; claim?: unknown; reason?: unknown }
  if (code === 'ERR_JWT_EXPIRED') return 'it has expired: the page must ask its host for a fresh one'
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED') {
    const name = typeof claim === 'string' ? claim : 'claim'
    if (reason === 'missing') return `it has no ${name}`
    return name === 'aud'
      ? `its aud is not ${JSON.stringify(audience)}`
      : `its ${name} is not what it must be`
  }
  if (code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') return 'its signature is not of this key'
  if (code === 'ERR_JOSE_ALG_NOT_ALLOWED') return 'its alg is not the one of this key'
  if (code === 'ERR_JWKS_NO_MATCHING_KEY' || code === 'ERR_JWKS_MULTIPLE_MATCHING_KEYS')
    return 'its kid and alg name none of the keys'
  return 'it is not a signed JWT'
}

interface Verifying {
  readonly key: KeyObject | Uint8Array | JWTVerifyGetKey
  readonly algorithms: readonly string[]
}

/** Looked at now, so that a wrong key ends the start of the server and not the first sign-in. */
function verifyingKey(options: SignedVisitorsOptions): () => Promise<Verifying> {
  if ('jwks' in options) {
    const { jwks } = options
    const keys: unknown = (jwks as { keys?: unknown } | undefined)?.keys
    if (!Array.isArray(keys) || keys.length === 0 || keys.some(isSymmetric))
      throw new AskletError(
        'server_shape',
        `options.jwks must be a JWK set ({ keys: [...] }) of public keys, got ${describe(jwks)}.`,
      )
    const algorithms = [...new Set(keys.flatMap(key => algorithmsOf(publicKey(key as JsonWebKey))))]
    let local: Promise<JWTVerifyGetKey> | undefined
    return async () => {
      local ??= loadJose().then(({ createLocalJWKSet }) => createLocalJWKSet(jwks))
      return { key: await local, algorithms }
    }
  }
  if ('publicKey' in options) {
    const key = publicKey(options.publicKey)
    const found = { key, algorithms: algorithmsOf(key) }
    return async () => found
  }
  const found = { key: secretBytes(options.secret), algorithms: ['HS256'] }
  return async () => found
}

const isSymmetric = (key: unknown) => (key as { kty?: unknown } | null)?.kty === 'oct'

function secretBytes(secret: unknown): Uint8Array {
  const isText = typeof secret === 'string'
  const bytes = isText ? Buffer.from(secret) : secret instanceof Uint8Array ? secret : null
  if (!bytes || bytes.length < MIN_SECRET_BYTES)
    throw new AskletError(
      'server_shape',
      `the secret for visitors' tokens must have at least ${MIN_SECRET_BYTES} bytes, got ${bytes ? bytes.length : describe(secret)}. Make one: node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`,
    )
  // Everybody may know a public key: taken as a secret, everybody could sign (RFC 8725, 2.1).
  if (isText && secret.includes('-----BEGIN '))
    throw new AskletError(
      'server_shape',
      "the secret for visitors' tokens is a PEM key. Pass it as signedVisitors({ publicKey }), not as a secret.",
    )
  return bytes
}

function publicKey(given: PublicKey): KeyObject {
  let key: KeyObject | undefined
  try {
    if (given instanceof KeyObject) key = given.type === 'private' ? createPublicKey(given) : given
    else key = createPublicKey(typeof given === 'string' ? given : { key: given, format: 'jwk' })
  } catch {}
  if (key?.type !== 'public')
    throw new AskletError(
      'server_shape',
      `a public key must be PEM text, a JWK or a KeyObject, got ${typeof given === 'string' ? 'text that is no PEM key' : describe(given)}.`,
    )
  algorithmOf(key)
  return key
}

/** The one signature that this kind of key makes here. */
function algorithmOf(key: KeyObject): 'EdDSA' | 'ES256' | 'RS256' {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA'
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256'
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= 2_048) return 'RS256'
  throw new AskletError(
    'server_shape',
    `a key for visitors' tokens is Ed25519, EC P-256, or RSA with at least 2048 bits, got ${key.asymmetricKeyType ?? key.type}${namedCurve ? ` ${namedCurve}` : ''}.`,
  )
}

/** `Ed25519` is the newer name of what JWTs called `EdDSA` (RFC 9864). */
function algorithmsOf(key: KeyObject): readonly string[] {
  const algorithm = algorithmOf(key)
  return algorithm === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [algorithm]
}

/** Without what is not there: a database says null where nothing is known. */
function withoutAbsent(claims: Record<string, unknown>): JWTPayload {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => (value ?? null) !== null))
}

const JOSE_INSTALL = 'npm install jose@6'
let jose: Promise<typeof import('jose')> | undefined

/** Only who signs visitors in needs it. */
function loadJose(): Promise<typeof import('jose')> {
  jose ??= optionalPackage(
    () => import('jose'),
    'signed visitors need a package that is not installed',
    JOSE_INSTALL,
  )
  return jose
}
