// The one server of a run's pages: the host page, the built widget and desk, a help desk with a store of its own,
// and nothing else. Owns what was asked of it that it does not have: each of those is a request that hostile words
// brought about.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Server as SocketServer } from 'socket.io'
import {
  type AttachedHelpDesk,
  attachHelpDesk,
  type HelpDeskStore,
  openSqlStore,
  SOCKET_OPTIONS,
} from '../../../src/server'
import { notFound, OPEN_HEADERS, type StaticFolder, serveStatic } from '../../../src/server/staticFolders'

/** `strict`: Trusted Types are required; `none`: and no policy may be made; `open`: no content security policy at all. */
export const POLICIES = ['strict', 'none', 'open'] as const
export type Policy = (typeof POLICIES)[number]

export interface SiteOptions {
  readonly policy: Policy
  /** Folder of the bundled host app. */
  readonly app: string
  /** What `/batch/<name>.json` answers. */
  readonly batch?: unknown
}

export interface Site {
  readonly address: string
  readonly store: HelpDeskStore
  readonly helpDesk: AttachedHelpDesk
  /** Where the bytes of files lie. */
  readonly filesDir: string
  /** Requests for what is not here, and reports of the policy, since the last call. */
  strange(): readonly string[]
  close(): Promise<void>
}

const PAGES = 'tests/browser/hostile'

export async function startSite({ policy, app, batch }: SiteOptions): Promise<Site> {
  const store = await openSqlStore({ file: ':memory:' })
  const filesDir = mkdtempSync(join(tmpdir(), 'asklet-hostile-files-'))
  const strange: string[] = []
  const config = {
    ...JSON.parse(readFileSync('dist/demo/asklet.json', 'utf8')),
    channels: { live: true, ticket: true, email: false, phone: false },
  }
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const send = (type: string, body: string) =>
      void response.writeHead(200, { 'content-type': type, ...policyHeader(policy, address) }).end(body)
    if (await helpDesk.handler(request, response)) return
    if (pathname === '/asklet.json') return send('application/json', JSON.stringify(config))
    if (pathname.startsWith('/batch/')) return send('application/json', JSON.stringify(batch))
    if (pathname === '/csp-report') {
      request.resume()
      return response.writeHead(204).end()
    }
    if (pathname === '/favicon.svg')
      return send('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')
    if (pathname === '/desk/') return send('text/html', readFileSync('dist/desk/index.html', 'utf8'))
    if (/^\/(?:pages\/)?[\w-]+\.(?:html|css|js)$/.test(pathname))
      try {
        const type = { html: 'text/html', css: 'text/css', js: 'text/javascript' }[
          pathname.split('.')[1] ?? ''
        ]
        return send(`${type}; charset=utf-8`, readFileSync(join(PAGES, pathname), 'utf8'))
      } catch {
        // Not one of ours.
      }
    if (await serveStatic(folders, pathname, response)) return
    strange.push(`${request.method} ${request.url}`)
    notFound(response)
  })
  const io = new SocketServer(server, SOCKET_OPTIONS)
  const folders: readonly StaticFolder[] = [
    { prefix: '/cdn/', folder: 'dist/cdn', headers: OPEN_HEADERS },
    { prefix: '/desk/', folder: 'dist/desk' },
    { prefix: '/help/', folder: 'dist/demo/help' },
    { prefix: '/app/', folder: app },
  ]
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const helpDesk = attachHelpDesk(io, {
    store,
    config,
    allowedOrigins: [address],
    helpDir: 'dist/demo/help',
    attachmentsDir: filesDir,
  })
  await helpDesk.agents.add({ agentId: 'noor', name: 'Noor', roles: ['lead'] })
  return {
    address,
    store,
    helpDesk,
    filesDir,
    strange: () => strange.splice(0),
    async close() {
      await helpDesk.close()
      const closing = io.close()
      server.closeAllConnections()
      await closing
      await store.close()
      rmSync(filesDir, { recursive: true, force: true })
    },
  }
}

/** What a strict site sends; the desk's own page is the same but for Trusted Types where `policy` leaves them out. */
function policyHeader(policy: Policy, address: string): Record<string, string> {
  if (policy === 'open') return {}
  const types = `require-trusted-types-for 'script'${policy === 'none' ? "; trusted-types 'none'" : ''}`
  return {
    'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ${address.replace('http', 'ws')}; base-uri 'none'; form-action 'self'; ${types}; report-uri /csp-report`,
  }
}
