// A bucket in memory that speaks as much S3 as attachments need. It checks each signature by itself (AWS Signature
// Version 4, from its specification) and keeps a body only when all of it came.

import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface S3Bucket {
  readonly url: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly objects: Map<string, Buffer>
  /** Instead of an answer, once. */
  failNext(status: number): void
  /** Hears requests and says nothing. */
  silence(): void
  close(): Promise<void>
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const hex = (text: string) => createHash('sha256').update(text).digest('hex')

export async function startS3Bucket(): Promise<S3Bucket> {
  const [region, accessKeyId, secretAccessKey] = ['eu-test-1', 'AKIATEST', 'a secret of the bucket']
  const objects = new Map<string, Buffer>()
  let failing = 0
  let isSilent = false

  function isSigned(request: IncomingMessage): boolean {
    const said = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([\da-f]{64})$/.exec(
      request.headers.authorization ?? '',
    )
    if (!said) return false
    const [, credential = '', names = '', signature] = said
    const [keyId, day = '', place = '', service = ''] = credential.split('/')
    const date = String(request.headers['x-amz-date'])
    const isFresh =
      Math.abs(Date.now() - Date.parse(date.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'))) < 900_000
    if (keyId !== accessKeyId || place !== region || service !== 's3' || !isFresh) return false
    if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every(name => names.split(';').includes(name)))
      return false
    const { pathname, search } = new URL(request.url ?? '', 'http://bucket.invalid')
    const canonical = [
      request.method,
      pathname,
      search.slice(1),
      ...names.split(';').map(name => `${name}:${request.headers[name]}`),
      '',
      names,
      request.headers['x-amz-content-sha256'],
    ].join('\n')
    const scope = `${day}/${place}/${service}/aws4_request`
    const text = ['AWS4-HMAC-SHA256', date, scope, hex(canonical)].join('\n')
    const key = [place, service, 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${secretAccessKey}`, day))
    return hmac(key, text).toString('hex') === signature
  }

  const web = createServer(async (request, response) => {
    if (isSilent) return
    const end = (status: number, body?: Buffer) =>
      response.writeHead(status, { 'content-length': body?.byteLength ?? 0 }).end(body)
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      // It broke off: an S3 keeps nothing of it.
      return
    }
    if (failing) {
      end(failing)
      failing = 0
      return
    }
    if (!isSigned(request)) return end(403)
    const key = (request.url ?? '').replace(/^\/bucket\//, '')
    if (request.method === 'PUT') {
      // Of unknown length S3 takes none.
      if (request.headers['content-length'] === undefined) return end(411)
      objects.set(key, Buffer.concat(chunks))
      return end(200)
    }
    if (request.method === 'DELETE') {
      objects.delete(key)
      return end(204)
    }
    const found = objects.get(key)
    return found ? end(200, found) : end(404)
  })
  await new Promise<void>(done => web.listen(0, '127.0.0.1', done))
  const { port } = web.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/bucket`,
    region,
    accessKeyId,
    secretAccessKey,
    objects,
    failNext(status) {
      failing = status
    },
    silence() {
      isSilent = true
    },
    async close() {
      web.closeAllConnections()
      await new Promise(done => web.close(done))
    },
  }
}
