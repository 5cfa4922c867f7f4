// `asklet serve`: the reference server for a site that has none of its own to mount the help desk on. HTTP,
// Socket.IO and SQLite in one process, or several nodes on one Postgres. Serves the desk and the assistant's own
// files, and a help folder when told where.

import { readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { secureRandomId } from '../base/environment'
import { AskletError, describe } from '../base/errors'
import { HTTP_PREFIX } from '../protocol/version'
import { loadLimiters } from '../server/admission'
import type { LanguageModelOptions } from '../server/answersModel'
import { type AttachedHelpDesk, attachHelpDesk, type HelpDeskOptions } from '../server/attachHelpDesk'
import { type Broker, createBroker } from '../server/broker'
import { FILE_TYPE_INSTALL } from '../server/files/fileKind'
import { s3Attachments } from '../server/files/s3Attachments'
import { dropSlowBody, HTTP_LIMITS, MAX_CONNECTIONS } from '../server/http'
import { type Meter, prometheus } from '../server/operations/prometheus'
import { signedVisitors } from '../server/signedVisitors'
import { SOCKET_OPTIONS } from '../server/socketDoor'
import { DESK_HEADERS, notFound, OPEN_HEADERS, type StaticFolder, serveStatic } from '../server/staticFolders'
import { SQLITE_INSTALL } from '../server/store/openSqlStore'
import { readArguments, usageError } from './arguments'
import { keyAt, keyPlace } from './journalKey'
import { connectLimits, type LimitsClient } from './limitsClient'
import { logArgument } from './logArguments'
import { MODEL_KEY_VARIABLE, MODEL_OPTIONS, type ModelValues, modelArguments } from './modelArguments'
import { isStartedAgain, numbered, ownNode, runNodes, tellPrimary, toldToStop } from './nodes'
import { OUTBOUND_HELP, OUTBOUND_OPTIONS, outboundArguments } from './outboundArguments'
import type { Output } from './output'
import { ownFolder } from './ownFolder'
import {
  asArgument,
  DATABASE_VARIABLE,
  filesBeside,
  openStore,
  STORE_OPTIONS,
  type StoreArguments,
  storeArguments,
} from './storeArguments'

export const SERVE_USAGE =
  'asklet serve --config asklet.json [--data asklet.db | --database postgres://… [--broker redis://…] [--nodes 3]] [--port 8787] [--host 127.0.0.1]'

const BROKER_VARIABLE = 'ASKLET_BROKER_URL'
const METRICS_VARIABLE = 'ASKLET_METRICS_TOKEN'
/** What is under way is answered in milliseconds; what hangs is not waited for. */
const CLOSE_WITHIN_MS = 10_000
/** More than this on one machine share its cores, and one process hands out all connections. */
const MAX_NODES = 64

const HELP = [
  SERVE_USAGE,
  '',
  '  --config   asklet.json: hours, maxWaitMinutes, priorities, tickets, origins, journal',
  '  --data     the database file, made when absent (default asklet.db)',
  '  --port     0 for any free one (default 8787)',
  '  --host     address to listen at (default 127.0.0.1; put TLS in front before you open it)',
  '  --help-dir folder that "asklet build" wrote, served at /help/, and searched for pages whose asklet.json',
  '             says "search"',
  '  --private  folder of "asklet build --private-out", for visitors with a signed role',
  '  --desk     folder of the desk, served at /desk/ (default: the one of this package)',
  '  --trusted-proxy address or network of your own proxy (10.0.0.0/8), may be repeated: limits count by the',
  '             address behind it',
  '  --attachments folder for files in conversations (default: beside the data file, its name with .files; with',
  '             --database none: nodes on several machines must share it)',
  '  --s3       a bucket for them instead: https://minio.example/bucket',
  '  --s3-region  of that bucket (default us-east-1)',
  '  --model-url, --model  a language model that words answers from --help-dir for pages whose asklet.json has',
  '             "answer": base address of any OpenAI-compatible API (https://…/v1; http on this machine), its name there',
  '  --model-parameters  more for its requests, as JSON: {"temperature": 0}',
  '  --journal-key  the private key that signs the daily root of the journal, made when absent (default: beside the',
  '             data file, its name with .journal-key.pem; with --database none, and no roots)',
  ...OUTBOUND_HELP,
  '  --log      pretty (lines, the default) or json (records, by pino), on standard error',
  '  --metrics-port  hands out metrics for Prometheus at http://127.0.0.1:<port>/metrics, for this machine alone; of',
  '             several nodes each has the next port',
  '  --drain    seconds between "not ready" and the end, for a balancer to notice (default 0); a second SIGTERM',
  '             ends at once',
  '  --new-epoch after a restored backup: every reader starts again',
  '',
  'Several nodes on one database, here or on several machines:',
  '  --database a Postgres instead of the file: postgres://user:password@host/name',
  '  --broker   a Redis that carries what nodes say to each other: redis://host. Without it each node looks into',
  '             the database every 2 s; nothing is lost with it, without it, or while it is down. Limits count for',
  '             all nodes together with it, for each one alone without it',
  '  --nodes    so many processes behind one port (default 1). SIGTERM stops one after the other, SIGHUP replaces',
  '             one after the other',
  '',
  `${METRICS_VARIABLE}    hands metrics out at /asklet/v1/metrics, to whoever brings it as a bearer token`,
  `${DATABASE_VARIABLE}     instead of --database, and ${BROKER_VARIABLE} instead of --broker: passwords stay out of`,
  '                        the list of processes',
  'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN  for --s3',
  `${MODEL_KEY_VARIABLE}        the key of the language model, where it needs one`,
  'ASKLET_VISITOR_SECRET   shared with your backend, to sign visitors in (at least 32 characters)',
]

/** All at once: who lacks one lacks the others. */
const INSTALL = `${SQLITE_INSTALL} socket.io@4.8 rate-limiter-flexible@11 jose@6 ${FILE_TYPE_INSTALL.slice('npm install '.length)}`

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
  const node = ownNode()
  // A record says by itself which node it is of.
  if (node !== null) return runAsNode(args, values.log === 'json' ? out : numbered(out, node))
  const { count, store, broker } = manyNodes(values)
  if (store.kind === 'postgres' && broker === undefined)
    out.error(
      `No --broker: what a visitor writes on one node reaches an agent on another one within 2 s, not at once. Nothing is lost.`,
    )
  if (count > 1) {
    const nodes = await runNodes(count, args, out)
    if (typeof nodes === 'number') return nodes
    sayWhere(nodes.address, nodes.agents, store, out)
    out.line(`${count} nodes.`)
    return nodes.ended
  }
  const served = await startServing(args, out)
  sayWhere(served.address, (await served.helpDesk.agents.list()).length, store, out)
  await toldToEnd()
  await served.close()
  return 0
}

/** Resolves with the first signal; the second one ends the process, whatever is still under way. */
function toldToEnd(): Promise<void> {
  return new Promise(done => {
    let isTold = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (isTold) process.exit(1)
        isTold = true
        done()
      })
  })
}

/** One of several nodes: what there is to say to a person, the primary says. */
async function runAsNode(args: string[], out: Output): Promise<number> {
  const isToldToStop = toldToStop()
  let served: Served
  try {
    served = await startServing(args, out)
  } catch (error) {
    const isUsage = error instanceof AskletError && error.code === 'cli_usage'
    const sentence = error instanceof Error ? error.message : String(error)
    await tellPrimary({ asklet: 'failed', sentence, exitCode: isUsage ? 2 : 1 })
    process.exit(isUsage ? 2 : 1)
  }
  const agents = (await served.helpDesk.agents.list()).length
  await tellPrimary({ asklet: 'serving', address: served.address, agents })
  await isToldToStop
  await served.close()
  process.exit(0)
}

function sayWhere(address: string, agents: number, store: StoreArguments, out: Output): void {
  out.line(`Help desk at ${address}/desk/ (stop with Ctrl+C)`)
  out.line(`Script tag: <script async src="${address}/cdn/asklet.js" data-config="/asklet.json"></script>`)
  if (agents === 0)
    out.line(`No agents yet: npx asklet agent add "Ada" ${asArgument(store)} --desk ${address}/desk/`)
}

const OPTIONS = {
  config: { type: 'string' },
  ...STORE_OPTIONS,
  broker: { type: 'string' },
  nodes: { type: 'string', default: '1' },
  port: { type: 'string', default: '8787' },
  host: { type: 'string', default: '127.0.0.1' },
  'help-dir': { type: 'string' },
  private: { type: 'string' },
  desk: { type: 'string' },
  attachments: { type: 'string' },
  s3: { type: 'string' },
  's3-region': { type: 'string', default: 'us-east-1' },
  ...MODEL_OPTIONS,
  ...OUTBOUND_OPTIONS,
  log: { type: 'string', default: 'pretty' },
  'metrics-port': { type: 'string' },
  drain: { type: 'string', default: '0' },
  'trusted-proxy': { type: 'string', multiple: true },
  'journal-key': { type: 'string' },
  'new-epoch': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

interface ManyNodes {
  readonly count: number
  readonly store: StoreArguments
  readonly broker: string | undefined
}

function manyNodes(values: {
  readonly nodes: string
  readonly data?: string
  readonly database?: string
  readonly broker?: string
}): ManyNodes {
  const count = Number(values.nodes)
  if (!Number.isInteger(count) || count < 1 || count > MAX_NODES)
    throw usageError(
      `--nodes must be a whole number from 1 to ${MAX_NODES}, got ${describe(values.nodes)}`,
      SERVE_USAGE,
    )
  const store = storeArguments(values, SERVE_USAGE)
  if (count > 1 && store.kind === 'file')
    throw usageError(
      `several nodes need a database that they share: --nodes ${count} must stand with --database postgres://…. A file belongs to one process, which would wait for the other's locks in each call`,
      SERVE_USAGE,
    )
  const broker = values.broker ?? process.env[BROKER_VARIABLE]
  if (values.broker !== undefined && store.kind === 'file')
    throw usageError(
      '--broker must stand with --database: a file has one node, and nobody to tell',
      SERVE_USAGE,
    )
  return { count, store, broker: store.kind === 'file' ? undefined : broker }
}

/** Undefined: none. @throws AskletError `cli_usage` for half of one */
function languageModelOf(
  values: ModelValues & { readonly 'help-dir'?: string },
): LanguageModelOptions | undefined {
  const { 'model-url': url, model, 'model-parameters': parameters } = values
  if (url === undefined && model === undefined && parameters === undefined) return undefined
  const options = modelArguments(values, SERVE_USAGE)
  if (options === undefined || values['help-dir'] === undefined)
    throw usageError(
      '--model-url, --model and --help-dir stand together: where the model is, its name there, and the articles that it may answer from',
      SERVE_USAGE,
    )
  return options
}

/** Where files go; nothing: nowhere. @throws AskletError `cli_usage` for half of it */
async function filesPlace(
  values: { readonly attachments?: string; readonly s3?: string; readonly 's3-region': string },
  store: StoreArguments,
): Promise<Pick<HelpDeskOptions, 'attachmentsDir' | 'attachmentStore'>> {
  const { attachments, s3, 's3-region': region } = values
  if (s3 === undefined) {
    const folder = attachments ?? (store.kind === 'file' ? filesBeside(store.file) : undefined)
    return folder === undefined ? {} : { attachmentsDir: folder }
  }
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env
  if (attachments !== undefined || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw usageError(
      attachments === undefined
        ? '--s3 needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment'
        : 'of --attachments and --s3 one says where files go',
      SERVE_USAGE,
    )
  return {
    attachmentStore: await s3Attachments({
      bucketUrl: s3,
      region,
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    }),
  }
}

/** What `run` starts, for tests and other programs. One node, whatever `--nodes` says. */
export async function startServing(args: string[], out: Output): Promise<Served> {
  const { values } = readArguments(args, OPTIONS, SERVE_USAGE)
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new AskletError(
      'cli_usage',
      `--port must be a whole number from 0 to 65535, got ${describe(values.port)}. Call it like this: ${SERVE_USAGE}`,
    )
  const languageModel = languageModelOf(values)
  const outbound = outboundArguments(values, SERVE_USAGE)
  const drainMs = numberArgument('drain', values.drain, 600) * 1_000
  const metricsPort =
    values['metrics-port'] === undefined
      ? null
      : numberArgument('metrics-port', values['metrics-port'], 65_535)
  const log = await logArgument(values.log, out, ownNode(), SERVE_USAGE)
  const meter = await meterFor(metricsPort)
  const config = values.config === undefined ? {} : await readConfigFile(values.config)
  const [{ Server }] = await Promise.all([import('socket.io'), loadLimiters()]).catch(error => {
    throw new AskletError(
      'driver_missing',
      `"asklet serve" needs packages that are not installed. Run: ${INSTALL}`,
      { cause: error },
    )
  })
  const wanted = manyNodes(values)
  const files = await filesPlace(values, wanted.store)
  const place = keyPlace(wanted.store, values['journal-key'])
  const journal = place === undefined ? null : await keyAt(place)
  const broker: Broker | null =
    wanted.broker === undefined ? null : await createBroker({ url: wanted.broker })
  const limits: LimitsClient | null = wanted.broker === undefined ? null : await connectLimits(wanted.broker)
  const closeBroker = async () => {
    limits?.close()
    await broker?.close()
  }
  const store = await openStore(wanted.store).catch(async error => {
    await closeBroker()
    throw error
  })
  // Of several nodes the first one: each would begin an incarnation of its own, and a replaced one yet another.
  if (values['new-epoch'] && (ownNode() ?? 1) === 1 && !isStartedAgain())
    await store.newEpoch(secureRandomId())

  const secret = process.env.ASKLET_VISITOR_SECRET
  if (values.private !== undefined && secret === undefined)
    out.error(
      'ASKLET_VISITOR_SECRET must be set for --private to be of use, got nothing: nobody can be signed in, so private articles are shown to nobody. See README#private-articles.',
    )
  const web = createServer(HTTP_LIMITS)
  web.maxConnections = MAX_CONNECTIONS
  const io = new Server(web, { ...SOCKET_OPTIONS, ...(broker && { adapter: broker.adapter }) })
  let helpDesk: AttachedHelpDesk
  try {
    helpDesk = attachHelpDesk(io, {
      store,
      config,
      // A Postgres may have nodes on other machines; only a file is surely ours alone.
      ...(wanted.store.kind === 'postgres' && { broker: broker ?? 'none' }),
      ...(limits && { limits: { redis: limits.client } }),
      ...(secret !== undefined && { verifyVisitor: signedVisitors({ secret }) }),
      ...(values.private !== undefined && { privateDir: values.private }),
      ...(values['help-dir'] !== undefined && { helpDir: values['help-dir'] }),
      ...files,
      ...(journal && { journalKey: journal.pem }),
      ...(languageModel && { languageModel }),
      ...outbound,
      ...(values['trusted-proxy'] && { trustedProxies: values['trusted-proxy'] }),
      log,
      ...(meter && { prometheus: meter }),
    })
  } catch (error) {
    // What is open would keep the process, and the sentence would be all that happens.
    await io.close()
    await closeBroker()
    await store.close()
    // Nothing was signed with it, and nobody was told its public half.
    if (journal?.isNew && place !== undefined) await rm(place, { force: true })
    throw error
  }
  if (journal?.isNew)
    out.error(
      `Made the key of the journal's daily roots at ${place}. Its public key, to be kept elsewhere: ${journal.key.publicKey}`,
    )
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
    if (!path.startsWith(HTTP_PREFIX)) dropSlowBody(request)
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
    await io.close()
    await closeBroker()
    await store.close()
    throw new AskletError(
      'network',
      `cannot listen at ${values.host}:${port} (${(error as Error).message}). Choose another --port or --host.`,
      { cause: error },
    )
  })
  const { port: taken } = web.address() as AddressInfo
  const closeMetrics =
    metricsPort === null
      ? () => {}
      : await serveMetrics(metricsPort, helpDesk, out).catch(async error => {
          await close()
          throw error
        })

  async function close(): Promise<void> {
    closeMetrics()
    await helpDesk.close()
    // The server waits for its connections to end, and a page that polls keeps one open: end them meanwhile.
    const closing = io.close()
    web.closeAllConnections()
    await closing
    await closeBroker()
    await store.close()
  }

  return {
    address: `http://${values.host}:${taken}`,
    helpDesk,
    async close() {
      helpDesk.beginClosing()
      // Of several nodes the port goes on being served by the others.
      if (drainMs > 0 && ownNode() === null) await new Promise(done => setTimeout(done, drainMs))
      const isClosed = await Promise.race([
        close().then(() => true),
        new Promise<boolean>(done => setTimeout(() => done(false), CLOSE_WITHIN_MS).unref()),
      ])
      if (!isClosed)
        out.error(`Not all was answered within ${CLOSE_WITHIN_MS / 1_000} s; its senders send it again.`)
    },
  }
}

function numberArgument(name: string, given: string, most: number): number {
  const number = Number(given)
  if (given.trim() === '' || !Number.isInteger(number) || number < 0 || number > most)
    throw usageError(
      `--${name} must be a whole number from 0 to ${most}, got ${describe(given)}`,
      SERVE_USAGE,
    )
  return number
}

/** Null: nobody asked for metrics. */
async function meterFor(metricsPort: number | null): Promise<Meter | null> {
  const token = process.env[METRICS_VARIABLE]
  if (metricsPort === null && token === undefined) return null
  return prometheus(token === undefined ? {} : { token })
}

/** For this machine alone, without a token. Returns what ends it. */
async function serveMetrics(port: number, helpDesk: AttachedHelpDesk, out: Output): Promise<() => void> {
  const server = createServer(HTTP_LIMITS, async (request, response) => {
    const text = request.method === 'GET' && request.url === '/metrics' ? await helpDesk.metricsText() : null
    if (text === null) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text)
  })
  // Of several nodes each measures itself: behind one port one would hear of a different one each time.
  const own = port === 0 ? 0 : port + (ownNode() ?? 1) - 1
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen({ port: own, host: '127.0.0.1', exclusive: true }, done)
  }).catch(error => {
    throw new AskletError(
      'network',
      `cannot listen at 127.0.0.1:${own} for metrics (${(error as Error).message}). Choose another --metrics-port.`,
      { cause: error },
    )
  })
  out.line(`Metrics at http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`)
  return () => {
    server.close()
    server.closeAllConnections()
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
