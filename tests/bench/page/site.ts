// The bench's web server: pages, the built files and made help, compressed as a content network keeps them. Counts
// the bytes of bodies that it sent.

import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import { HTTP_PREFIX } from '../../../src/protocol/version'

export interface Site {
  /** Not `localhost`, where the assistant loads checks for developers, and yet a secure context. */
  readonly address: string
  readonly server: Server
  /** Files of `folder` under `prefix`, which has both slashes. */
  addFolder(prefix: string, folder: string): void
  add(path: string, body: string): void
  /** Bytes of all bodies since the last call. */
  takeBytes(): number
  close(): void
}

/** Above it the best quality takes seconds; of such files no bytes are reported. */
const SLOW_BYTES = 300_000
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export async function serveSite(): Promise<Site> {
  const folders = new Map<string, string>()
  const files = new Map<string, Buffer>()
  const packed = new Map<string, Buffer>()
  let bytes = 0

  async function bodyOf(path: string): Promise<Buffer> {
    const found = files.get(path)
    if (found) return found
    // The longest prefix is the nearest.
    const [prefix, folder] = [...folders]
      .filter(([each]) => path.startsWith(each))
      .sort(([a], [b]) => b.length - a.length)[0] ?? ['', '']
    const root = normalize(`${folder}/`)
    const file = normalize(join(root, path.slice(prefix.length) || 'index.html'))
    if (!folder || !file.startsWith(root)) throw new Error(`no ${path}`)
    return readFile(file)
  }

  const server = createServer(async ({ url = '/' }, response) => {
    const path = decodeURIComponent(new URL(url, 'http://site').pathname)
    // A help desk on the same server answers these.
    if (path.startsWith('/socket.io/') || path.startsWith(`${HTTP_PREFIX}/`)) return
    try {
      let body = packed.get(path)
      if (!body) {
        const plain = await bodyOf(path)
        const quality = plain.length > SLOW_BYTES ? 4 : constants.BROTLI_MAX_QUALITY
        body = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })
        packed.set(path, body)
      }
      bytes += body.length
      response.writeHead(200, {
        'content-type': TYPES[extname(path)] ?? (extname(path) ? 'application/octet-stream' : TYPES['.html']),
        'content-encoding': 'br',
        'content-length': body.length,
        'cache-control': 'max-age=3600',
        'access-control-allow-origin': '*',
      })
      response.end(body)
    } catch {
      if (!response.headersSent) response.writeHead(404).end()
    }
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  return {
    address: `http://shop.localhost:${(server.address() as AddressInfo).port}`,
    server,
    addFolder(prefix, folder) {
      folders.set(prefix, folder)
    },
    add(path, body) {
      files.set(path, Buffer.from(body))
      packed.delete(path)
    },
    takeBytes() {
      const taken = bytes
      bytes = 0
      return taken
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
