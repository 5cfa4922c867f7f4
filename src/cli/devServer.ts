// The preview's own HTTP server: its page, four questions that the page asks, the pictures of articles, and news of
// each build. For the person at this machine only: listens on 127.0.0.1, and answers only who calls it by that
// name, so that no web site can read it through a name of its own that leads here (DNS rebinding).

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { AskletError, describe } from '../base/errors'
import { notFound, type StaticFolder, serveStatic } from '../server/staticFolders'
import type { DevBuild, DevState, DevVisitor } from './devBuild'

export interface DevServer {
  /** `http://127.0.0.1:8788/` */
  readonly address: string
  /** Tells every page that there is a build to look at. */
  tell(state: DevState): void
  close(): Promise<void>
}

export interface DevServerOptions {
  readonly build: DevBuild
  /** 0: any free one. */
  readonly port: number
  /** Folder of the preview page. */
  readonly pageFolder: string
  /** Path that addresses of images begin with; ends with `/`. */
  readonly base: string
  /** Hosts whose images may be shown. */
  readonly imageHosts: readonly string[]
}

/** As many as a panel shows, and those that just missed it. */
const MAX_SUGGESTIONS = 10
const MAX_QUERY_CHARS = 500

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
}

const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

/** @throws AskletError `network` when the port is taken */
export async function startDevServer({
  build,
  port,
  pageFolder,
  base,
  imageHosts,
}: DevServerOptions): Promise<DevServer> {
  const policy = [
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
    `img-src 'self' data:${imageHosts.map(host => ` https://${host}`).join('')}`,
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  ].join('; ')
  const page: StaticFolder = {
    prefix: '/',
    folder: pageFolder,
    headers: { ...SAFE_HEADERS, 'content-security-policy': policy },
  }
  const listeners = new Set<ServerResponse>()
  let names: readonly string[] = []

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host } = request.headers
    if (!host || !names.includes(host.toLowerCase()))
      return refuse(
        response,
        403,
        `The preview answers only as ${names.join(' or ')}, got ${describe(host)}.`,
      )
    if (request.method !== 'GET') return refuse(response, 405, 'The preview is only read: GET.')
    const url = new URL(request.url ?? '/', 'http://localhost')
    const path = url.pathname
    if (path === '/api/news') return listen(request, response)
    if (path === '/api/state') return json(response, build.state())
    if (path === '/api/suggest') {
      const started = performance.now()
      const query = (url.searchParams.get('q') ?? '').slice(0, MAX_QUERY_CHARS)
      const items = await build.suggest(query, visitorOf(url), MAX_SUGGESTIONS)
      return json(response, { shown: build.state().shown, items, ms: performance.now() - started })
    }
    if (path === '/api/article') {
      const found = await build.article(url.searchParams.get('id') ?? '', visitorOf(url))
      return found ? json(response, found) : refuse(response, 404, 'There is no such article here.')
    }
    if (path.startsWith(base)) return image(decoded(path.slice(base.length)), response)
    if (!(await serveStatic([page], path, response))) notFound(response)
  }

  function image(name: string, response: ServerResponse): void {
    const type = IMAGE_TYPES[extname(name).toLowerCase()]
    const content = type && name.startsWith('images/') ? build.file(name) : undefined
    if (content === undefined) return notFound(response)
    // A drawing may hold a script: opened by itself, nothing in it runs.
    const closed = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.writeHead(200, { 'content-type': type, ...SAFE_HEADERS, 'content-security-policy': closed })
    response.end(content)
  }

  function listen(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...SAFE_HEADERS })
    // A page that comes back after the server was away hears at once where things stand.
    response.write(news(build.state()))
    listeners.add(response)
    request.on('close', () => listeners.delete(response))
  }

  const web = createServer((request, response) => {
    answer(request, response).catch(error => {
      if (!response.headersSent) refuse(response, 500, error instanceof Error ? error.message : String(error))
      else response.destroy()
    })
  })
  await new Promise<void>((done, failed) => {
    web.once('error', failed)
    web.listen(port, '127.0.0.1', done)
  }).catch(cause => {
    throw new AskletError(
      'network',
      `cannot listen at 127.0.0.1:${port} (${(cause as Error).message}). Choose another --port.`,
      { cause },
    )
  })
  const taken = (web.address() as AddressInfo).port
  names = [`127.0.0.1:${taken}`, `localhost:${taken}`]

  return {
    address: `http://127.0.0.1:${taken}/`,
    tell(state) {
      for (const listener of listeners) listener.write(news(state))
    },
    async close() {
      const closed = new Promise(done => web.close(done))
      web.closeAllConnections()
      await closed
    },
  }
}

const news = ({ revision, shown }: DevState) =>
  `event: built\ndata: ${JSON.stringify({ revision, shown })}\n\n`

function visitorOf({ searchParams }: URL): DevVisitor {
  const role = searchParams.get('role')?.trim()
  return {
    route: searchParams.get('route')?.trim() || '/',
    pageName: searchParams.get('page')?.trim() ?? '',
    locale: searchParams.get('locale')?.trim() ?? '',
    ...(role && { role }),
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...SAFE_HEADERS })
  response.end(JSON.stringify(value))
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...SAFE_HEADERS })
  response.end(sentence)
}
