// `asklet serve`: the reference server for a site that has none of its own to mount the help desk on. One
// process: HTTP, Socket.IO, SQLite. Serves the desk and the assistant's own files, and a help folder when told where.

import { readFile, realpath } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, resolve } from 'node:path'
import { secureRandomId } from '../base/environment'
import { AskletError, describe } from '../base/errors'
import { loadLimiters } from '../server/admission'
import { type AttachedHelpDesk, attachHelpDesk } from '../server/attachHelpDesk'
import { signedVisitors } from '../server/signedVisitors'
import { SOCKET_OPTIONS } from '../server/socketDoor'
import { DESK_HEADERS, notFound, OPEN_HEADERS, type StaticFolder, serveStatic } from '../server/staticFolders'
import { openSqlStore, SQLITE_INSTALL } from '../server/store/openSqlStore'
import { readArguments } from './arguments'
import type { Output } from './output'

export const SERVE_USAGE =
  'asklet serve --config asklet.json [--data asklet.db] [--port 8787] [--host 127.0.0.1]'

const HELP = [
  SERVE_USAGE,
  '',
  '  --config   asklet.json: hours, maxWaitMinutes, origins, journal',
  '  --data     the database file, made when absent (default asklet.db)',
  '  --port     0 for any free one (default 8787)',
  '  --host     address to listen at (default 127.0.0.1; put TLS in front before you open it)',
  '  --help-dir folder that "asklet build" wrote, served at /help/',
  '  --private  folder of "asklet build --private-out", for visitors with a signed role',
  '  --desk     folder of the desk, served at /desk/ (default: the one of this package)',
  '  --new-epoch after a restored backup: every reader starts again',
  '',
  'ASKLET_VISITOR_SECRET   shared with your backend, to sign visitors in (at least 32 characters)',
]

/** All at once: who lacks one lacks the others. */
const INSTALL = `${SQLITE_INSTALL} socket.io@4.8 rate-limiter-flexible@11 jose@6`

export interface Served {
  /** `http://127.0.0.1:8787` */
  readonly address: string
  readonly helpDesk: AttachedHelpDesk
  /** Says `restart`, answers what is under way, closes all. */
  close(): Promise<void>
}

/**
 * Runs until SIGINT or SIGTERM.
 *
 * @returns 0 after a planned stop. Throws AskletError `cli_usage`, `driver_missing`, `config_…`, `store_…`
 */
export async function run(args: string[], out: Output): Promise<number> {
  const { values } = readArguments(args, OPTIONS, SERVE_USAGE)
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  const served = await startServing(args, out)
  out.line(`Help desk at ${served.address}/desk/ (stop with Ctrl+C)`)
  out.line(
    `Script tag: <script async src="${served.address}/cdn/asklet.js" data-config="/asklet.json"></script>`,
  )
  const agents = await served.helpDesk.agents.list()
  if (agents.length === 0)
    out.line(`No agents yet: npx asklet agent add "Ada" --data ${values.data} --desk ${served.address}/desk/`)
  await new Promise<void>(done => {
    process.once('SIGINT', done)
    process.once('SIGTERM', done)
  })
  await served.close()
  return 0
}

const OPTIONS = {
  config: { type: 'string' },
  data: { type: 'string', default: 'asklet.db' },
  port: { type: 'string', default: '8787' },
  host: { type: 'string', default: '127.0.0.1' },
  'help-dir': { type: 'string' },
  private: { type: 'string' },
  desk: { type: 'string' },
  'new-epoch': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** What `run` starts, for tests and other programs. */
export async function startServing(args: string[], out: Output): Promise<Served> {
  const { values } = readArguments(args, OPTIONS, SERVE_USAGE)
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new AskletError(
      'cli_usage',
      `--port must be a whole number from 0 to 65535, got ${describe(values.port)}. Call it like this: ${SERVE_USAGE}`,
    )
  const config = values.config === undefined ? {} : await readConfigFile(values.config)
  const [{ Server }] = await Promise.all([import('socket.io'), loadLimiters()]).catch(error => {
    throw new AskletError(
      'driver_missing',
      `"asklet serve" needs packages that are not installed. Run: ${INSTALL}`,
      { cause: error },
    )
  })
  const store = await openSqlStore({ file: values.data })
  if (values['new-epoch']) await store.newEpoch(secureRandomId())

  const secret = process.env.ASKLET_VISITOR_SECRET
  const web = createServer()
  const io = new Server(web, SOCKET_OPTIONS)
  const helpDesk = attachHelpDesk(io, {
    store,
    config,
    ...(secret !== undefined && { verifyVisitor: signedVisitors({ secret }) }),
    ...(values.private !== undefined && { privateDir: values.private }),
    log: line => out.error(line),
  })
  const own = await ownFolder()
  const folders: StaticFolder[] = [
    { prefix: '/desk/', folder: values.desk ?? resolve(own, 'desk'), headers: DESK_HEADERS },
    {
      prefix: '/cdn/',
      folder: resolve(own, 'cdn'),
      headers: OPEN_HEADERS,
      isImmutable: name => /^\d/.test(name),
    },
  ]
  const help = values['help-dir']
  if (help !== undefined) folders.push({ prefix: '/help/', folder: help, headers: OPEN_HEADERS })

  web.on('request', (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1)
    // Socket.IO answers its own path by a listener of its own.
    if (path.startsWith('/socket.io/')) return
    helpDesk
      .handler(request, response)
      .then(async isAnswered => {
        if (!isAnswered && !(await serveStatic(folders, path, response))) notFound(response)
      })
      .catch(() => response.destroy())
  })

  await new Promise<void>((done, failed) => {
    web.once('error', failed)
    web.listen(port, values.host, done)
  }).catch(async error => {
    await helpDesk.close()
    await store.close()
    throw new AskletError(
      'network',
      `cannot listen at ${values.host}:${port} (${(error as Error).message}). Choose another --port or --host.`,
      { cause: error },
    )
  })
  const { port: taken } = web.address() as AddressInfo

  return {
    address: `http://${values.host}:${taken}`,
    helpDesk,
    async close() {
      await helpDesk.close()
      // The server waits for its connections to end, and a page that polls keeps one open: end them meanwhile.
      const closing = io.close()
      web.closeAllConnections()
      await closing
      await store.close()
    },
  }
}

async function readConfigFile(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown
  } catch (error) {
    const isSyntax = error instanceof SyntaxError
    throw new AskletError(
      isSyntax ? 'config_syntax' : 'config_missing',
      isSyntax
        ? `${file} is not JSON (${error.message}). "asklet check" shows the line.`
        : `cannot read ${file}. Pass --config with the path of your asklet.json.`,
      { cause: error },
    )
  }
}

/** `dist/` of this package: what is built stands beside the folder of this file. */
async function ownFolder(): Promise<string> {
  return resolve(dirname(await realpath(process.argv[1] ?? '.')), '..')
}
