// The demo marketplace with its desk and the reference server on one port. Also what the tests start, with the
// assistant's files on a second port when they ask for it.

import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Server as SocketServer } from 'socket.io'
import {
  type AttachedHelpDesk,
  attachHelpDesk,
  type HelpDeskOptions,
  type HostDispute,
  type LanguageModelOptions,
  openSqlStore,
  SOCKET_OPTIONS,
  signedVisitors,
  signVisitor,
} from '../src/server'
import {
  DESK_HEADERS,
  notFound,
  OPEN_HEADERS,
  type StaticFolder,
  serveStatic,
} from '../src/server/staticFolders'
import { isLanguage, renderDocument } from './marketplace/pages'

export interface DemoOptions {
  /** 0 = any free one. */
  readonly port: number
  /** Serves the assistant's own files from another origin too. */
  readonly assistantPort?: number
  /** Folder of dist/. */
  readonly dist: string
  /** SQLite file, with files of conversations beside it; ':memory:' leaves nothing behind. */
  readonly data: string
  /** Other waiting times than the built-in ones, for tests. */
  readonly timers?: HelpDeskOptions['timers']
  /** Another clock than the real one, for hours and days that nobody waits for; tokens are signed by it, too. */
  readonly clock?: HelpDeskOptions['clock']
  /** Mail to visitors about their tickets; without it none leaves. */
  readonly mail?: HelpDeskOptions['mail']
  /** Signs each day's root over the journal. */
  readonly journalKey?: string
  /** Changes to asklet.json, for tests: out of hours, another accent. */
  readonly config?: Record<string, unknown>
  /** A language model that words answers; without one they are in the articles' own words. */
  readonly languageModel?: LanguageModelOptions
  /** Attributes of the script tag, for tests. */
  readonly tag?: Readonly<Record<string, string>>
  /** Text of a script that runs before all others of each page, for tests. */
  readonly firstScript?: string
  /** Answers of a test's own, before any other; undefined leaves the path to the demo. */
  readonly instead?: (path: string) => OwnAnswer | undefined
  readonly log?: (line: string) => void
}

export interface OwnAnswer {
  /** Default 200. */
  readonly status?: number
  /** Lower case; `content-type` is HTML unless named. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

export interface Demo {
  readonly address: string
  readonly assistantAddress: string
  readonly deskAddress: string
  readonly helpDesk: AttachedHelpDesk
  /** One-time sign-in addresses of the three agents. */
  signInLinks(): Promise<readonly { readonly name: string; readonly address: string }[]>
  close(): Promise<void>
}

const AGENTS = [
  { agentId: 'noor', name: 'Noor', teams: ['payments'] },
  { agentId: 'tomas', name: 'Tomás', teams: ['payments', 'accounts'] },
  { agentId: 'ines', name: 'Inês', roles: ['lead'], teams: ['accounts'] },
] as const

/** Who is signed in as what, unless the cookie `workmere_person` names one of the others. */
const PEOPLE = {
  freelancer: { visitorId: 'u-mara', name: 'Mara Lindqvist', email: 'mara@workmere.example' },
  client: { visitorId: 'u-jonas', name: 'Jonas Adeyemi', email: 'jonas@brightside.example' },
} as const
const OTHERS: Readonly<Record<string, { visitorId: string; name: string; email: string }>> = {
  sefa: { visitorId: 'u-sefa', name: 'Sefa Okoro', email: 'sefa@workmere.example' },
  lena: { visitorId: 'u-lena', name: 'Lena Brandt', email: 'lena@atelier-brandt.example' },
  ravi: { visitorId: 'u-ravi', name: 'Ravi Menon', email: 'ravi@workmere.example' },
}

/** What the two who have a contract may have a dispute about, by what its page calls it (`data-asklet-dispute`). */
const DISPUTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'C-20418': { contract: 'C-20418', milestone: '3 of 4', amount: '$1,450.00' },
  'D-1092': { contract: 'C-20291', amount: '$780.00' },
}

/** Between whom there may be a dispute: the client and the freelancer of the contract, and nobody else. */
function partiesOf(reference: string, visitorId: string): HostDispute | null {
  const facts = Object.hasOwn(DISPUTED, reference) ? DISPUTED[reference] : undefined
  const { client, freelancer } = PEOPLE
  if (!facts || (visitorId !== client.visitorId && visitorId !== freelancer.visitorId)) return null
  return {
    parties: [
      { party: 'client', visitorId: client.visitorId, name: client.name },
      { party: 'freelancer', visitorId: freelancer.visitorId, name: freelancer.name },
    ],
    facts,
  }
}

/** What the flow's look-up gets. `status` is one of requested, hold, sent, failed. */
const WITHDRAWALS: Readonly<Record<string, Record<string, string>>> = {
  'W-7731': { status: 'hold', reason: 'the address check is still open', date: '16 June' },
  'W-7522': { status: 'failed', reason: 'the bank refused the account number', date: '2 June' },
  'W-7704': { status: 'sent', date: '17 June' },
}

/** The gallery of states shows them in frames of its own, each of which may ask for no more than a help desk's page. */
const STATES_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
} as const

const FIRST_SCRIPT = '/first-script.js'
const MAX_REPORT_CHARS = 4_000

/** What `asklet.json` says where there is a language model: who words answers, and what it may propose. */
const ANSWER = {
  url: '/',
  actions: {
    lookupWithdrawal: {
      does: 'Looks up where a withdrawal is, by its number such as W-7731',
      sends: { withdrawal: 'Withdrawal number' },
      says: 'Withdrawal {withdrawal}: {status}, {date}.',
    },
  },
}

export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { dist, languageModel, firstScript, clock, mail, journalKey, log = () => {} } = options
  const file = {
    ...JSON.parse(readFileSync(join(dist, 'demo/asklet.json'), 'utf8')),
    ...(languageModel && { answer: ANSWER }),
    ...options.config,
  }
  const signingKey = 'demo-only-key-that-signs-visitors'
  const byClock = clock && { now: clock.now }
  const store = await openSqlStore({ file: options.data })
  const isInMemory = options.data === ':memory:'
  const attachmentsDir = isInMemory
    ? await mkdtemp(join(tmpdir(), 'asklet-demo-files-'))
    : `${options.data}.files`

  const site = createServer((request, response) => {
    handle(request, response).catch(error => {
      log(String(error?.stack ?? error))
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  const io = new SocketServer(site, SOCKET_OPTIONS)
  const cdn: StaticFolder = {
    prefix: '/cdn/',
    folder: join(dist, 'cdn'),
    headers: OPEN_HEADERS,
    // Folders are named by version and never change; the short address may.
    isImmutable: name => /^\d/.test(name),
  }
  const folders: readonly StaticFolder[] = [
    cdn,
    { prefix: '/desk/', folder: join(dist, 'desk'), headers: DESK_HEADERS },
    { prefix: '/help/', folder: join(dist, 'demo/help') },
    { prefix: '/hosts/', folder: join(dist, 'demo/hosts') },
    { prefix: '/states.html', folder: join(dist, 'demo/states'), headers: STATES_HEADERS },
    { prefix: '/states/', folder: join(dist, 'demo/states'), headers: STATES_HEADERS },
    { prefix: '/', folder: join(dist, 'demo/marketplace') },
  ]
  const assistant = createServer(async (request, response) => {
    if (!(await serveStatic([cdn], pathOf(request), response))) notFound(response)
  })

  await listen(site, options.port)
  if (options.assistantPort !== undefined) await listen(assistant, options.assistantPort)
  const address = addressOf(site)
  const assistantAddress = options.assistantPort === undefined ? address : addressOf(assistant)

  const helpDesk = attachHelpDesk(io, {
    store,
    config: file,
    verifyVisitor: signedVisitors({ secret: signingKey, ...byClock }),
    allowedOrigins: [address],
    privateDir: join(dist, 'demo/private'),
    helpDir: join(dist, 'demo/help'),
    attachmentsDir,
    disputes: { parties: partiesOf },
    ...(options.timers && { timers: options.timers }),
    ...(clock && { clock }),
    ...(mail && { mail }),
    ...(journalKey !== undefined && { journalKey }),
    ...(languageModel && { languageModel }),
    log,
  })
  for (const agent of AGENTS) await helpDesk.agents.add(agent)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request)
    const own = options.instead?.(path)
    if (own) {
      response.writeHead(own.status ?? 200, { 'content-type': 'text/html; charset=utf-8', ...own.headers })
      return void response.end(own.body)
    }
    if (await helpDesk.handler(request, response)) return
    if (path === '/asklet.json') return json(response, file)
    if (path === '/csp-report') return report(request, response)
    if (path === FIRST_SCRIPT && firstScript) return text(response, firstScript, 'text/javascript')
    if (path === '/api/token') {
      const { role, person } = whoIs(request)
      if (!person) return notFound(response)
      return text(
        response,
        await signVisitor(signingKey, { ...person, role, attributes: { openContracts: 3 } }, { ...byClock }),
      )
    }
    if (path.startsWith('/api/withdrawals/')) {
      const found = WITHDRAWALS[path.slice(17).toUpperCase()]
      return found ? json(response, found) : notFound(response)
    }
    if (await serveStatic(folders, path, response)) return
    return page(request, response, path)
  }

  /** What a browser refused by the page's policy: somebody who runs the demo wants to know. */
  async function report(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) if (body.length < MAX_REPORT_CHARS) body += chunk
    log(`policy report: ${body.slice(0, MAX_REPORT_CHARS)}`)
    response.writeHead(204).end()
  }

  function page(request: IncomingMessage, response: ServerResponse, route: string): void {
    const { role, person } = whoIs(request)
    const session = { role, ...(person && { ...person, openContracts: 3 }) }
    const attributes = { 'data-config': '/asklet.json', 'data-accent': '#0f6b5c', ...options.tag }
    const tag = [
      ...(firstScript ? [`<script src="${FIRST_SCRIPT}"></script>`] : []),
      `<meta name="workmere:session" content="${escapeAttribute(JSON.stringify(session))}">`,
      '<script type="module" src="/help.js"></script>',
      `<script async src="${assistantAddress}/cdn/asklet.js" ${Object.entries(attributes)
        .map(([name, value]) => `${name}="${escapeAttribute(value)}"`)
        .join(' ')}></script>`,
    ].join('\n')
    const { workmere_theme: theme, workmere_language: kept } = cookiesOf(request)
    // Asked for in the address: so for the pages that follow, too.
    const asked = new URL(request.url ?? '/', 'http://localhost').searchParams.get('lang')
    const language = isLanguage(asked) ? asked : kept
    const html = renderDocument(route, {
      assistantTag: tag,
      role,
      ...(person && { signedIn: person }),
      ...(theme === 'light' || theme === 'dark' ? { theme } : {}),
      ...(isLanguage(language) ? { language } : {}),
    })
    if (html === undefined) return notFound(response)
    const others = assistantAddress === address ? '' : ` ${assistantAddress}`
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...(isLanguage(asked) && { 'set-cookie': `workmere_language=${asked}; Path=/; SameSite=Lax` }),
      'content-security-policy': `default-src 'none'; script-src 'self'${others}; style-src 'self'; img-src 'self' data:; connect-src 'self' ${address.replace('http', 'ws')}; require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'self'; report-uri /csp-report`,
    })
    response.end(html)
  }

  return {
    address,
    assistantAddress,
    deskAddress: `${address}/desk/`,
    helpDesk,
    async signInLinks() {
      const links = []
      for (const { agentId, name } of AGENTS) {
        links.push({ name, address: `${address}/desk/#sign-in=${await helpDesk.agents.link(agentId)}` })
      }
      return links
    },
    async close() {
      await helpDesk.close()
      // The server waits for its connections to end, and a page that polls keeps one open: end them meanwhile.
      const closing = io.close()
      site.closeAllConnections()
      assistant.close()
      assistant.closeAllConnections()
      await closing
      await store.close()
      if (isInMemory) await rm(attachmentsDir, { recursive: true, force: true })
    },
  }
}

function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://localhost').pathname
}

/** The demo's whole sign-in: a cookie that the page's role switch sets. */
function whoIs(request: IncomingMessage) {
  const { workmere_role: wanted, workmere_person: other = '' } = cookiesOf(request)
  const role = wanted === 'client' || wanted === 'guest' ? wanted : 'freelancer'
  const named = Object.hasOwn(OTHERS, other) ? OTHERS[other] : undefined
  return { role, person: role === 'guest' ? undefined : (named ?? PEOPLE[role]) } as const
}

function text(response: ServerResponse, body: string, type = 'text/plain'): void {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
  response.end(body)
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(value))
}

function cookiesOf(request: IncomingMessage): Record<string, string> {
  const pairs = (request.headers.cookie ?? '')
    .split(/;\s*/)
    .map(pair => pair.split('=', 2) as [string, string])
  return Object.fromEntries(pairs)
}

function escapeAttribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;')
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', () => done())
  })
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
