import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { signedVisitors, signVisitor } from '../../../src/server/signedVisitors'

const KEY = 'a key of at least thirty-two chars'
const NOW = 1_700_000_000_000
const now = () => NOW
const seconds = NOW / 1_000
const bytes = new TextEncoder().encode(KEY)
const verify = signedVisitors({ secret: KEY, now })
const claims = { sub: '7', aud: 'asklet', iat: seconds, exp: seconds + 600 }
const signed = (payload: object, header: object = { alg: 'HS256' }, key: Uint8Array | KeyObject = bytes) =>
  new SignJWT({ ...payload }).setProtectedHeader(header as { alg: string }).sign(key)
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('a signed visitor is who the host says, with role and attributes, until the second in which the token ends', async () => {
  const visitor = {
    visitorId: '7',
    role: 'client',
    name: 'Vera',
    attributes: { plan: 'pro', seats: 3, trial: false },
  }
  const token = await signVisitor(KEY, visitor, { validForMs: 60_000, now })
  expect(await verify(token)).toEqual({ ...visitor, expiresAt: NOW + 60_000 })
  const later = (ms: number) => signedVisitors({ secret: KEY, now: () => NOW + ms })
  expect(await later(59_999)(token)).toMatchObject({ visitorId: '7' })
  expect(await later(60_000)(token)).toEqual({ refused: expect.stringContaining('it has expired') })
})

test('the short call with a secret alone still signs and verifies', async () => {
  expect(await signedVisitors(KEY)(await signVisitor(KEY, { visitorId: '7' }, 60_000))).toMatchObject({
    visitorId: '7',
  })
})

test.each([
  ['no exp', { exp: undefined }, 'it has no exp'],
  ['no aud', { aud: undefined }, 'it has no aud'],
  ['another service’s aud', { aud: 'billing' }, 'its aud is not "asklet"'],
  ['no sub', { sub: undefined }, 'it has no sub'],
  ['an empty sub', { sub: '' }, 'its sub is not a text'],
  ['a long sub', { sub: 'x'.repeat(201) }, 'its sub is not a text of 1 to 200 characters'],
  ['a NUL in its sub', { sub: '7\0' }, 'its sub holds a NUL'],
  ['half of a surrogate pair in its sub', { sub: '7\ud83d' }, 'half of a surrogate pair'],
  ['a lifetime over an hour', { exp: seconds + 3_601 }, 'more than an hour'],
  ['no iat, and an end over an hour from now', { iat: undefined, exp: seconds + 3_601 }, 'more than an hour'],
  ['an iat far in the future', { iat: seconds + 7_000, exp: seconds + 7_600 }, 'more than an hour'],
  ['not valid yet', { nbf: seconds + 3_000 }, 'its nbf is not'],
  ['a role that is no text', { role: ['client'] }, 'its role is not a text'],
  ['a long name', { name: 'x'.repeat(301) }, 'its name is not a text'],
  ['a number for a name', { name: 7 }, 'its name is not a text'],
  ['an attribute under a long name', { attributes: { ['x'.repeat(61)]: 1 } }, 'under names of at most 60'],
  ['nested attributes', { attributes: { plan: { name: 'pro' } } }, 'its attributes are not a flat'],
  ['attributes as a list', { attributes: ['pro'] }, 'its attributes are not a flat'],
  [
    'too many attributes',
    { attributes: Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`a${n}`, n])) },
    'at most 30',
  ],
])('a token with %s is refused with a reason for the developer', async (_, change, reason) => {
  const token = await signed(JSON.parse(JSON.stringify({ ...claims, ...change, ...keepUndefined(change) })))
  const answer = await verify(token)
  expect(answer).toEqual({ refused: expect.stringContaining(reason) })
  expect(JSON.stringify(answer)).not.toContain(token.slice(-20))
})
/** `undefined` takes the claim out. */
function keepUndefined(change: object) {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value === undefined))
}

test.each([
  [
    'no id',
    { visitorId: undefined },
    'visitorId of a visitor to sign is not a text of 1 to 200',
    'undefined',
  ],
  ['a number for an id', { visitorId: 7 }, 'visitorId of a visitor to sign is not a text of 1 to 200', '7'],
  ['a long id', { visitorId: 'x'.repeat(201) }, 'is not a text of 1 to 200 characters', 'a text of 201'],
  ['a NUL in the id', { visitorId: '7\0' }, 'holds a NUL', '"7\\u0000"'],
  ['half of a surrogate pair', { visitorId: '7\ud83d' }, 'half of a surrogate pair', '"7\\ud83d"'],
  ['a control character in the id', { visitorId: '7\u0085' }, 'holds a control character', '"7'],
  [
    'a long name',
    { name: 'x'.repeat(301) },
    'name of a visitor to sign is not a text of at most 300',
    'a text of 301',
  ],
  [
    'a role that is no text',
    { role: ['client'] },
    'role of a visitor to sign is not a text',
    'an array of 1',
  ],
  ['a long address', { email: `${'x'.repeat(300)}@x` }, 'is not a text of at most 300', 'a text of 302'],
  ['a long attribute', { attributes: { plan: 'x'.repeat(301) } }, 'attributes of a visitor to sign are', ''],
  [
    'more attributes than a token takes',
    { attributes: Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`a${n}`, 'x'.repeat(300)])) },
    'at most 8192 characters',
    '',
  ],
])('a visitor with %s is not signed, since no server would take the token', async (_, change, what, got) => {
  const refused = await signVisitor(KEY, { visitorId: '7', ...change } as never).catch(error => error)
  expect(refused).toMatchObject({ code: 'server_shape', message: expect.stringContaining(what) })
  expect(refused.message).toContain(`got ${got}`)
})

test('what is signed at the very bounds is taken', async () => {
  const most = 'x'.repeat(300)
  const attributes = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`a${n}`.padEnd(60, 'x'), n]))
  const visitor = { visitorId: 'x'.repeat(200), role: most, name: most, email: most, attributes }
  expect(await verify(await signVisitor(KEY, visitor, { now }))).toMatchObject(visitor)
})

test('what a host’s database does not know is not signed, and not known', async () => {
  const token = await signVisitor(KEY, { visitorId: '7', name: null, attributes: null } as never, { now })
  expect(await verify(token)).toEqual({ visitorId: '7', expiresAt: expect.any(Number) })
})

test('what a token leaves out, or says as null, is simply not known', async () => {
  expect(await verify(await signed({ ...claims, role: null, attributes: null }))).toEqual({
    visitorId: '7',
    expiresAt: claims.exp * 1_000,
  })
})

test('an id of whole characters, of whatever script, is somebody’s', async () => {
  const sub = 'Ægir Þór 李 \u{1f600}'
  expect(await verify(await signed({ ...claims, sub }))).toMatchObject({ visitorId: sub })
})

test('a token that is changed, unsigned, or signed in another way proves nothing', async () => {
  const [header = '', payload = '', signature = ''] = (await signed(claims)).split('.')
  const none = encode({ alg: 'none' })
  const selfSigned = createHmac('sha256', KEY).update(`${none}.${payload}`).digest('base64url')
  const forged = [
    `${header}.${encode({ ...claims, sub: '8' })}.${signature}`,
    `${none}.${payload}.`,
    `${none}.${payload}.${selfSigned}`,
    `${header}.${payload}`,
    `${header}.${payload}.`,
    `${header}.${payload}.${signature}.x`,
    await signed(claims, { alg: 'HS384' }, new TextEncoder().encode(KEY.repeat(2))),
    await signed(claims, { alg: 'HS256', crit: ['x'], x: 1 }).catch(() => 'x.y.z'),
    '..',
    '',
  ]
  for (const token of forged) expect(await verify(token)).toEqual({ refused: expect.any(String) })
})

test('issuer and audience are the host’s to choose', async () => {
  const own = signedVisitors({ secret: KEY, audience: 'help', issuer: 'shop', now })
  const token = await signVisitor(KEY, { visitorId: '7' }, { audience: 'help', issuer: 'shop', now })
  expect(await own(token)).toMatchObject({ visitorId: '7' })
  expect(await own(await signVisitor(KEY, { visitorId: '7' }, { audience: 'help', now }))).toEqual({
    refused: 'it has no iss',
  })
})

describe('public keys', () => {
  const pairs = [
    ['EdDSA', generateKeyPairSync('ed25519')],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2_048 })],
  ] as const

  test.each(pairs)(
    '%s: signed with the private key, verified by PEM, JWK, KeyObject or a set',
    async (alg, pair) => {
      const token = await signVisitor(
        { privateKey: pair.privateKey, keyId: 'k1' },
        { visitorId: '7' },
        { now },
      )
      expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
        alg,
      })
      const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
      const jwk = pair.publicKey.export({ format: 'jwk' })
      for (const publicKey of [pem, jwk, pair.publicKey, pair.privateKey])
        expect(await signedVisitors({ publicKey, now })(token)).toMatchObject({ visitorId: '7' })
      const other = pairs[0][1] === pair ? pairs[1][1] : pairs[0][1]
      const keys = [
        { ...other.publicKey.export({ format: 'jwk' }), kid: 'k0' },
        { ...jwk, kid: 'k1' },
      ] as never
      expect(await signedVisitors({ jwks: { keys }, now })(token)).toMatchObject({ visitorId: '7' })
      expect(await signedVisitors({ publicKey: other.publicKey, now })(token)).toHaveProperty('refused')
    },
  )

  test.each(pairs)('%s: a public key used as a secret signs nothing (key confusion)', async (_, pair) => {
    const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const confused = await signed(claims, { alg: 'HS256' }, new TextEncoder().encode(pem))
    expect(await signedVisitors({ publicKey: pem, now })(confused)).toEqual({
      refused: 'its alg is not the one of this key',
    })
    const keys = [{ ...pair.publicKey.export({ format: 'jwk' }), kid: 'k1' }] as never
    expect(await signedVisitors({ jwks: { keys }, now })(confused)).toHaveProperty('refused')
    expect(() => signedVisitors({ secret: pem })).toThrow(/is a PEM key/)
  })

  test('keys that are none, or too weak, end the start of the server with a sentence', () => {
    expect(() => signedVisitors({ publicKey: 'key' })).toThrow(/must be PEM text, a JWK or a KeyObject/)
    const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey
    expect(() => signedVisitors({ publicKey: weak })).toThrow(/RSA with at least 2048 bits, got rsa/)
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey
    expect(() => signedVisitors({ publicKey: curve })).toThrow(/got ec secp384r1/)
    expect(() => signedVisitors({ jwks: { keys: [] } })).toThrow(/JWK set/)
    const shared = { keys: [{ kty: 'oct', k: Buffer.from(KEY).toString('base64url') }] }
    expect(() => signedVisitors({ jwks: shared })).toThrow(/of public keys/)
  })
})

test('a secret that can be guessed is refused with the command that makes a good one', async () => {
  expect(() => signedVisitors('short')).toThrow(/at least 32 bytes, got 5.*randomBytes/)
  // As an environment variable that is not set.
  const unset = process.env.ASKLET_NOT_SET as string
  expect(() => signedVisitors(unset)).toThrow(/at least 32 bytes, got undefined\./)
  expect(() => signedVisitors({ secret: unset })).toThrow(/at least 32 bytes, got undefined\./)
  await expect(signVisitor('short', { visitorId: '7' })).rejects.toThrow(/at least 32 bytes/)
  await expect(signVisitor(KEY, { visitorId: '7' }, 3_600_001)).rejects.toThrow(/at most an hour/)
})
