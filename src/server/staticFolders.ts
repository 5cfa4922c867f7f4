// Files of a few folders under path prefixes: what `asklet serve` and the demo hand out beside the help desk.
// Never leaves a folder; refuses nothing loudly: what is not there is somebody else's to answer.

import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'

export interface StaticFolder {
  /** `/desk/`, with both slashes. */
  readonly prefix: string
  readonly folder: string
  /** Sent with every file, e.g. a content security policy. */
  readonly headers?: Readonly<Record<string, string>>
  /** Files whose names say their content: kept for a year. */
  isImmutable?(name: string): boolean
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.map': 'application/json',
}

/** The desk renders visitors' words: nothing of theirs may run, load or frame. */
export const DESK_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
} as const

/** Pages of other origins import these files: modules need the header, scripts do not. */
export const OPEN_HEADERS = { 'access-control-allow-origin': '*' } as const

/** @returns true: it has answered */
export async function serveStatic(
  folders: readonly StaticFolder[],
  path: string,
  response: ServerResponse,
): Promise<boolean> {
  for (const { prefix, folder, headers, isImmutable } of folders) {
    if (`${path}/` === prefix) {
      response.writeHead(301, { location: prefix }).end()
      return true
    }
    if (!path.startsWith(prefix)) continue
    const name = path.slice(prefix.length) || 'index.html'
    const file = await fileIn(folder, name)
    if (!file) continue
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': isImmutable?.(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
      'x-content-type-options': 'nosniff',
      ...headers,
    })
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response)
    return true
  }
  return false
}

export function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
  response.end('There is nothing at this address.')
}

async function fileIn(folder: string, name: string): Promise<string | null> {
  try {
    const root = await realpath(folder)
    const file = await realpath(join(root, decodeURIComponent(name)))
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : null
  } catch {
    return null
  }
}
