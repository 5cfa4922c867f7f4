// The bytes of files in a bucket that speaks S3: AWS, MinIO, R2, Ceph and others. Signing is aws4fetch's; a request is
// Node's own, because a body of known length must flow, and no redirect is followed with a signature on it.

import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AskletError, describe } from '../../base/errors'
import { optionalPackage } from '../optionalPackage'
import { type AttachmentStore, bytesUnavailable, checkKey, exactly } from './attachmentStore'

export interface S3AttachmentsOptions {
  /** Address of the bucket: `https://bucket.s3.eu-central-1.amazonaws.com`, `https://minio.example/bucket`. */
  readonly bucketUrl: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** Before each key: `help-desk/`. */
  readonly prefix?: string
  /** Without a byte for so long, milliseconds, a request is given up. Default 20 000. */
  readonly silentMs?: number
}

export const S3_INSTALL = 'npm install aws4fetch@1'

/**
 * Keeps attachments in an S3 bucket.
 *
 * @throws AskletError `driver_missing` with the install line, `server_shape` for an address that is none
 */
export async function s3Attachments(options: S3AttachmentsOptions): Promise<AttachmentStore> {
  const {
    bucketUrl,
    region,
    accessKeyId,
    secretAccessKey,
    sessionToken,
    prefix = '',
    silentMs = 20_000,
  } = options
  const base = checkedBase(bucketUrl)
  const { AwsV4Signer } = await optionalPackage(
    () => import('aws4fetch'),
    'attachments in S3 need a package that is not installed',
    S3_INSTALL,
  )

  async function ask(
    method: 'GET' | 'PUT' | 'DELETE',
    key: string,
    body?: { readonly content: AsyncIterable<Uint8Array>; readonly bytes: number },
  ): Promise<IncomingMessage> {
    const signed = await new AwsV4Signer({
      method,
      url: `${base}${prefix}${key}`,
      region,
      service: 's3',
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
      // What is in the body is not known before it has gone by; TLS keeps it whole, and its length is said.
      headers: { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' },
    }).sign()
    const headers: Record<string, string> = Object.fromEntries(signed.headers)
    if (body) headers['content-length'] = String(body.bytes)
    const send = signed.url.protocol === 'https:' ? httpsRequest : httpRequest
    const sent = send(signed.url, { method, headers })
    sent.setTimeout(silentMs, () => sent.destroy(new Error(`nothing was heard for ${silentMs} ms`)))
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve)
      sent.on('error', reject)
    })
    // Heard below, where the body has not failed first.
    answered.catch(() => {})
    if (!body) sent.end()
    else
      try {
        await pipeline(Readable.from(body.content, { objectMode: false }), sent)
      } catch (error) {
        sent.destroy()
        throw error
      }
    return answered
  }

  async function refused(response: IncomingMessage): Promise<Error> {
    const { statusCode } = response
    await drained(response)
    return new Error(`the bucket answered ${statusCode}`)
  }

  return {
    async put(key, content, bytes) {
      checkKey(key)
      let ofContent: unknown
      const watched = (async function* () {
        try {
          yield* exactly(content, bytes)
        } catch (error) {
          ofContent = error
          throw error
        }
      })()
      try {
        const response = await ask('PUT', key, { content: watched, bytes })
        if (response.statusCode !== 200) throw await refused(response)
        await drained(response)
      } catch (error) {
        if (ofContent !== undefined) throw ofContent
        throw bytesUnavailable('keep an attachment', error)
      }
    },

    async get(key) {
      checkKey(key)
      try {
        const response = await ask('GET', key)
        if (response.statusCode === 404) {
          await drained(response)
          return null
        }
        if (response.statusCode !== 200) throw await refused(response)
        return { bytes: Number(response.headers['content-length']), content: response }
      } catch (error) {
        throw bytesUnavailable('read an attachment', error)
      }
    },

    async remove(key) {
      checkKey(key)
      try {
        const response = await ask('DELETE', key)
        const isGone = [200, 204, 404].includes(response.statusCode ?? 0)
        if (!isGone) throw await refused(response)
        await drained(response)
      } catch (error) {
        throw bytesUnavailable('remove an attachment', error)
      }
    },
  }
}

/** With a slash at its end. */
function checkedBase(bucketUrl: string): string {
  const url = URL.canParse(bucketUrl) ? new URL(bucketUrl) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password)
    throw new AskletError(
      'server_shape',
      `bucketUrl must be the address of a bucket like "https://minio.example/bucket", without a key in it, got ${url?.password ? 'one with a password' : describe(bucketUrl)}.`,
    )
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

/** An answer that nobody reads would hold its connection. */
async function drained(response: IncomingMessage): Promise<void> {
  response.resume()
  if (response.complete) return
  await new Promise<void>(done => response.once('close', done))
}
