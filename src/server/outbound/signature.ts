// How a receiver knows that a webhook is ours and unchanged, in the form that https://www.standardwebhooks.com
// describes, so that receivers can use a library they find. Pure.

import { createHash, createHmac } from 'node:crypto'
import { AskletError } from '../../base/errors'

const PREFIX = 'whsec_'

/** @throws AskletError `server_shape`, without the secret */
export function secretBytes(secret: unknown): Buffer {
  const written = typeof secret === 'string' && secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : ''
  const bytes = /^[\w+/-]+={0,2}$/.test(written) ? Buffer.from(written, 'base64') : Buffer.alloc(0)
  if (bytes.length < 24 || bytes.length > 64)
    throw new AskletError(
      'server_shape',
      `the secret of a webhook must be "${PREFIX}" and 24 to 64 random bytes as base64, got ${typeof secret === 'string' ? 'another text' : `a value of type ${typeof secret}`}. Make one: node -e "console.log('${PREFIX}' + crypto.randomBytes(32).toString('base64'))"`,
    )
  return bytes
}

/** Stable for every try of one delivery. Without a dot, which parts what is signed. */
export const webhookIdOf = (deliveryId: string): string =>
  `msg_${createHash('sha256').update(deliveryId).digest('hex').slice(0, 32)}`

/** @param atMs  of this try; a receiver refuses what is older than some minutes */
export function signedHeaders(
  secret: Buffer,
  id: string,
  atMs: number,
  body: string,
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const seconds = String(Math.floor(atMs / 1_000))
  const signature = createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` }
}
