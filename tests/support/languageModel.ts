// A language model on this machine: the real protocol over a real port, with whatever a test wants to be said, in
// whatever pieces. Knows what it was asked.

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: {
    readonly model: string
    readonly stream: boolean
    readonly messages: readonly { readonly role: string; readonly content: string }[]
    readonly [more: string]: unknown
  }
  /** What of it is data. */
  readonly data: {
    readonly question: string
    readonly page: object
    readonly passages: readonly { passage: number; title: string; text: string }[]
    readonly actions?: readonly { action: string }[]
  }
  /** Resolves once our side has hung up. */
  readonly left: Promise<void>
}

export type Speaks = (response: ServerResponse, asked: Asked) => unknown

export interface ModelServer {
  /** `http://127.0.0.1:<port>/v1` */
  readonly url: string
  readonly asked: readonly Asked[]
  /** From now on. */
  speak(how: Speaks): void
  close(): Promise<void>
}

export async function startModel(first: Speaks = says('{"unknown": true}')): Promise<ModelServer> {
  const asked: Asked[] = []
  let how = first
  const web = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Asked['body']
    const call: Asked = {
      path: request.url ?? '',
      headers: request.headers,
      body,
      data: JSON.parse(body.messages.at(-1)?.content ?? '{}') as Asked['data'],
      left: new Promise(done => response.once('close', () => done())),
    }
    asked.push(call)
    await how(response, call)
  })
  await new Promise<void>(done => web.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(web.address() as AddressInfo).port}/v1`,
    asked,
    speak(next) {
      how = next
    },
    async close() {
      web.closeAllConnections()
      await new Promise(done => web.close(done))
    },
  }
}

export const delta = (content: string, more: object = {}) =>
  `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content }, finish_reason: null }], ...more })}\n\n`
export const stopped = (reason = 'stop') =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: reason }] })}\n\n`
export const DONE = 'data: [DONE]\n\n'

export const begin = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })

/** A well-behaved answer: each line in two pieces, then the end. */
export const says =
  (...lines: readonly (string | object)[]): Speaks =>
  response => {
    begin(response)
    for (const line of lines) {
      const text = `${typeof line === 'string' ? line : JSON.stringify(line)}\n`
      response.write(delta(text.slice(0, 9)))
      response.write(delta(text.slice(9)))
    }
    response.end(stopped() + DONE)
  }

/** Bytes as they are. */
export const sends =
  (
    bytes: string | Buffer,
    headers: Record<string, string> = { 'content-type': 'text/event-stream' },
    status = 200,
  ): Speaks =>
  response => {
    response.writeHead(status, headers)
    response.end(bytes)
  }
