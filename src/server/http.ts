// The calls over HTTP, under `/asklet/v1/`: the second road for visitors whose network blocks WebSockets, the
// desk's sign-in, search, answers, private articles, the journal's receiver. Same bodies, same replies, same core as the socket.
// Keeps bodies and secrets out of its log.

import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as v from 'valibot'
import type { Clock } from '../base/environment'
import type { SiteMasks } from '../base/redact'
import { DEVICE_KINDS } from '../journal/record'
import { MAX_ANSWER_BYTES } from '../protocol/answer'
import type { Attachment } from '../protocol/attachments'
import { MAX_FRAME_BYTES } from '../protocol/limits'
import { firstIssue, visitorRequests } from '../protocol/parse'
import { answerRequest } from '../protocol/parseAnswer'
import { searchRequest } from '../protocol/parseSearch'
import { MAX_SEARCH_BYTES, type SearchRequest } from '../protocol/search'
import { HTTP_PREFIX, SERVED_VERSIONS } from '../protocol/version'
import type { RefusalCode, Reply, UploadReply } from '../protocol/wire'
import type { Addresses } from './addresses'
import type { Admission, RateKind } from './admission'
import { type Agents, SESSION_COOKIE, sessionToken, type VerifiedAgent, type VerifyAgent } from './agents'
import type { Answers } from './answers'
import { sendLines } from './answersStream'
import type { Conversations, Log } from './conversations'
import { receiveUpload, sendAttachment, UPLOAD_HEADER } from './files/fileRoutes'
import type { Uploads } from './files/uploads'
import type { HelpSearch } from './helpSearch'
import { isStorable } from './identityForm'
import { agentRole, authorise, type Member, mayReadArticles } from './membership'
import type { Meter } from './operations/prometheus'
import type { Readiness } from './operations/readiness'
import type { Origins } from './origins'
import { agentSender } from './plans'
import { fileOf, roleFolder } from './privateFolders'
import { createRedactAgain } from './redactAgain'
import { refusal } from './refusals'
import type { HelpDeskStore } from './store/helpDeskStore'
import type { Identifier } from './visitorIdentity'

export interface HttpOptions {
  readonly conversations: Conversations
  readonly store: HelpDeskStore
  readonly clock: Clock
  readonly origins: Origins
  readonly addresses: Addresses
  readonly admission: Admission
  readonly agents: Agents
  readonly verifyAgent: VerifyAgent
  readonly identifier: Identifier
  /** What the site masks and keeps of its own. */
  readonly masks?: SiteMasks | undefined
  /** Articles that only a signed role may read: `<privateDir>/<role>/…`. */
  readonly privateDir?: string
  /** Absent: `POST search` is not there. */
  readonly search?: HelpSearch
  /** Absent: `POST answer` is not there. */
  readonly answers?: Answers
  /** Absent: no files are taken, and none handed out. */
  readonly uploads?: Uploads
  /** Whether `POST journal` is open. */
  readonly journal: boolean
  readonly log: Log
  /** For `GET health`. */
  brokerState(): string
  /** For `GET ready`. */
  readiness(): Promise<Readiness>
  /** Absent: `GET metrics` is not there. */
  readonly metrics?: { readonly meter: Pick<Meter, 'admits' | 'contentType'>; text(): Promise<string> }
  onSignOut(token: string): void
}

/** Handles what is below `/asklet/v1/`; false: not ours, the host's turn. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

const STATUS: Readonly<Record<RefusalCode, number>> = {
  bad_request: 400,
  closed: 409,
  forbidden: 403,
  key_reused: 409,
  not_found: 404,
  rate_limited: 429,
  stale_assignment: 409,
  store_unavailable: 503,
  too_large: 413,
  unauthenticated: 401,
  unsupported_type: 415,
  version_unsupported: 400,
}

type DeskReply = Reply<{ readonly agent?: VerifiedAgent; readonly attachment?: Attachment }>

/** What there is besides the visitors' calls, which are those of the protocol. */
export const DESK_ROUTES = ['me', 'signin', 'signout', 'upload'] as const
export const OTHER_ROUTES = [
  'answer',
  'file',
  'health',
  'journal',
  'knowledge',
  'live',
  'metrics',
  'ready',
  'search',
  'upload',
] as const
/** A batch of the journal's sender. */
const MAX_RECORDS = 50
const MAX_INPUTS_BYTES = 2_048
/**
 * What pages said and somebody paid for. The ranking remembers 200 texts of pages, headings and errors each one; a key
 * on such a page is no dearer than elsewhere, or who is signed in could not type a question on one with many headings.
 */
const MAX_PAGES_PAID = 100
/** Of a file, for one point of its sender's share. */
const POINT_BYTES = 100_000
/** A frame at 8 KB/s takes 8 s. */
const BODY_WITHIN_MS = 20_000
/** Also where nobody reads it. */
const BODY_DROPPED_MS = 30_000
/** How long, and for how much, a body is heard out that has been refused. */
const LINGER_MS = 1_000
const LINGER_BYTES = 1_048_576

/**
 * For `createServer(HTTP_LIMITS, …)`: who sends headers or bodies by the byte is dropped. Node's own limits are a
 * minute and five, looked at each half minute. A request may take eleven minutes, because of files: call `dropSlowBody`
 * first for every request of routes of your own, also of those that read no body.
 */
export const HTTP_LIMITS = {
  headersTimeout: 10_000,
  // A file on a slow line. All other bodies have 20 s: the handler sees to that for its own routes.
  requestTimeout: 11 * 60_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
} as const

/** For `server.maxConnections`: the sockets of a node and as many requests again. */
export const MAX_CONNECTIONS = 40_000

const record = v.object({
  id: v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/)),
  kind: v.picklist(DEVICE_KINDS),
  at: v.pipe(v.number(), v.finite()),
  inputs: v.pipe(
    v.record(
      v.pipe(v.string(), v.maxLength(60)),
      v.union([v.string(), v.number(), v.boolean(), v.array(v.string())]),
    ),
    v.check(inputs => Buffer.byteLength(JSON.stringify(inputs)) <= MAX_INPUTS_BYTES, 'inputs over 2 KiB'),
  ),
  rule: v.pipe(v.string(), v.maxLength(200)),
  outcome: v.exactOptional(v.pipe(v.string(), v.maxLength(200))),
  masked: v.exactOptional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(60))), v.maxLength(40))),
  reason: v.pipe(v.string(), v.maxLength(500)),
})
const journalBody = v.object({
  records: v.pipe(v.array(record), v.maxLength(MAX_RECORDS)),
  /** J7. Whose chain they belong to; with the visitor's own secret only. */
  conversationId: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
})
const signInBody = v.union([
  v.object({ link: v.pipe(v.string(), v.maxLength(128)) }),
  v.object({
    // Names that a database takes for one would each have guesses of their own.
    name: v.pipe(v.string(), v.maxLength(80), v.check(isStorable)),
    password: v.pipe(v.string(), v.maxLength(1_000)),
  }),
])

export function createHttpHandler(options: HttpOptions): HttpHandler {
  const { conversations, store, clock, origins, addresses, admission, agents, verifyAgent, identifier, log } =
    options

  const again = createRedactAgain(options.masks)
  const pagesPaid = new Set<string>()
  /** Of requests under way: lets their body come at the pace of a file. */
  const takesTime = new WeakMap<IncomingMessage, () => void>()

  /** A refusal when there were too many of these by this address (and, where it says one, identity). */
  async function tooMany(kind: RateKind, request: IncomingMessage, identity: string | null = null) {
    const wait = await admission.take(kind, { identity, address: addresses.of(request) })
    return wait > 0 ? refusal('rate_limited', undefined, wait) : null
  }

  async function visitorCall(request: IncomingMessage, name: string): Promise<Reply<object>> {
    const body = await readJson(request)
    if (!body.ok) return body
    const secret = bearer(request)
    // Whether somebody is there is no secret: it may be asked before the visitor has one.
    if (name === 'availability' && secret === undefined)
      return (await tooMany('lookups', request)) ?? { ok: true, ...(await conversations.availability()) }
    const token = request.headers['x-asklet-token']
    // A token may take a signature to check, or a question to the host; a secret takes nothing.
    const refused = token === undefined ? null : await tooMany('calls', request)
    if (refused) return refused
    const identity = await identifier.identify(secret, token)
    if (!identity) return (await tooMany('lookups', request)) ?? refusal('unauthenticated')
    const address = addresses.of(request)
    const answer = await conversations.visitorCall({ ...identity, address, join() {} }, name, body.value)
    // A member only: any made-up secret would leave a row behind.
    if (name === 'sync' && answer.ok) conversations.visitorSeen(identity.identities[0])
    return answer
  }

  async function journal(request: IncomingMessage): Promise<Reply<object>> {
    if (!options.journal) return refusal('not_found', 'the journal is off: set "journal": true')
    const refused = await tooMany('journal', request)
    if (refused) return refused
    const body = await readJson(request)
    if (!body.ok) return body
    const parsed = v.safeParse(journalBody, body.value)
    if (!parsed.success) return refusal('bad_request', firstIssue(parsed.issues))
    const { records, conversationId = null } = parsed.output
    if (conversationId !== null) {
      const identity = await identifier.identify(bearer(request), request.headers['x-asklet-token'])
      if (!identity) return refusal('unauthenticated')
      const row = await store.conversation(conversationId)
      const denied = row && authorise({ kind: 'visitor', identities: identity.identities }, 'sync', row)
      if (!row || denied) return refusal(denied ?? 'not_found')
    }
    // Masked on the device; what says so there need not be one of ours.
    await store.addJournal(records.map(again.journal), clock.now(), conversationId)
    return { ok: true }
  }

  /** What is asked of public articles, and who asks: a refusal, or both. */
  async function publicQuestion<Schema extends v.GenericSchema<unknown, { readonly v: number }>>(
    rate: 'searches' | 'answers',
    request: IncomingMessage,
    maxBytes: number,
    schema: Schema,
  ) {
    const refused = await tooMany(rate, request)
    if (refused) return refused
    const body = await readJson(request, maxBytes)
    if (!body.ok) return body
    const parsed = v.safeParse(schema, body.value)
    if (!parsed.success) return refusal('bad_request', firstIssue(parsed.issues))
    const asked = again.question(parsed.output)
    if (asked.v < SERVED_VERSIONS.oldest || asked.v > SERVED_VERSIONS.newest)
      return refusal('version_unsupported', `served: ${SERVED_VERSIONS.oldest} to ${SERVED_VERSIONS.newest}`)
    // Nobody needs to be anybody for public articles; but a token that is not good is refused, never ignored.
    const token = request.headers['x-asklet-token']
    const visitor = token === undefined ? null : await identifier.verify(token)
    if (token !== undefined && !visitor) return refusal('unauthenticated')
    return { ok: true as const, asked, visitor }
  }

  async function search(request: IncomingMessage): Promise<Reply<object>> {
    if (!options.search)
      return refusal(
        'not_found',
        'this server has no help to search: give attachHelpDesk a helpDir, or start "asklet serve --help-dir <folder of asklet build>"',
      )
    const question = await publicQuestion('searches', request, MAX_SEARCH_BYTES, searchRequest)
    if (!question.ok) return question
    const { asked, visitor } = question
    const { words, page, pageText } = costOf(asked)
    const cost = words + (pagesPaid.has(pageText) ? 0 : page)
    const address = cost > 1 ? addresses.of(request) : null
    const identity = visitor && `user:${visitor.visitorId}`
    const wait =
      (await admission.take('searches', { identity: null, address }, cost - 1)) ||
      (await admission.take('searches', { identity, address: null }, cost))
    if (wait > 0) return refusal('rate_limited', undefined, wait)
    if (page > 0) {
      pagesPaid.add(pageText)
      const [oldest] = pagesPaid
      if (oldest !== undefined && pagesPaid.size > MAX_PAGES_PAID) pagesPaid.delete(oldest)
    }
    return options.search.answer(asked, visitor?.role)
  }

  /** Writes the lines of an answer, or returns why there will be none. */
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<Reply<object> | null> {
    const { answers } = options
    if (!answers)
      return refusal(
        'not_found',
        'this server has no language model: give attachHelpDesk a languageModel and a helpDir, or start "asklet serve --help-dir … --model-url … --model …"',
      )
    const question = await publicQuestion('answers', request, MAX_ANSWER_BYTES, answerRequest)
    if (!question.ok) return question
    const { asked, visitor } = question
    const identity = visitor && `user:${visitor.visitorId}`
    const wait = (await admission.take('answers', { identity, address: null })) || answers.admit()
    if (wait > 0) return refusal('rate_limited', undefined, wait)
    await sendLines(response, signal => answers.answer(asked, visitor?.role, signal), clock)
    return null
  }

  async function signIn(request: IncomingMessage, response: ServerResponse): Promise<DeskReply> {
    const body = await readJson(request)
    if (!body.ok) return body
    const parsed = v.safeParse(signInBody, body.value)
    if (!parsed.success) return refusal('bad_request', 'a link, or name and password')
    const credentials = parsed.output
    // A password can be guessed. A link cannot, and one office's agents share an address on Monday morning.
    const refused =
      'name' in credentials
        ? await tooMany('signIns', request, `${credentials.name.toLowerCase()} ${addresses.of(request)}`)
        : null
    if (refused) return refused
    const agent =
      'link' in credentials
        ? await agents.signInByLink(credentials.link)
        : await agents.signInByPassword(credentials.name, credentials.password)
    if (!agent) {
      log({ level: 'warn', event: 'signInRefused' })
      return refusal('unauthenticated')
    }
    const { token, maxAgeS } = await agents.startSession(agent.agentId)
    response.setHeader('Set-Cookie', cookie(request, token, maxAgeS))
    log({ level: 'info', event: 'signedIn', agent: agent.agentId })
    conversations.agentSignedIn(agent)
    return { ok: true, agent }
  }

  async function signOut(request: IncomingMessage, response: ServerResponse): Promise<DeskReply> {
    const token = sessionToken(request)
    if (token) {
      await agents.endSession(token)
      options.onSignOut(token)
    }
    response.setHeader('Set-Cookie', cookie(request, '', 0))
    return { ok: true }
  }

  async function me(request: IncomingMessage): Promise<DeskReply> {
    const agent = await verifyAgent(request)
    return agent ? { ok: true, agent } : refusal('unauthenticated')
  }

  /** A file of this member's: an answer, or null where nobody waits for one. */
  async function upload(
    request: IncomingMessage,
    identity: string,
    member: Member,
  ): Promise<UploadReply | null> {
    const { uploads } = options
    if (!uploads)
      return refusal(
        'not_found',
        'this server takes no files: give attachHelpDesk an attachmentsDir, and leave "attachments" of the config on',
      )
    const refused = await tooMany('uploads', request, identity)
    const address = addresses.of(request)
    return (
      refused ??
      receiveUpload(request, uploads, member, log, {
        mayTakeTime: () => takesTime.get(request)?.(),
        admit: bytes => admission.take('uploadBytes', { identity, address }, Math.ceil(bytes / POINT_BYTES)),
      })
    )
  }

  async function visitorUpload(request: IncomingMessage): Promise<UploadReply | null> {
    const token = request.headers['x-asklet-token']
    const refused = token === undefined ? null : await tooMany('calls', request)
    if (refused) return refused
    const visitor = await identifier.identify(bearer(request), token)
    if (!visitor) return (await tooMany('lookups', request)) ?? refusal('unauthenticated')
    const { identities } = visitor
    return upload(request, identities[0], { kind: 'visitor', identities })
  }

  async function deskUpload(request: IncomingMessage): Promise<UploadReply | null> {
    const agent = await verifyAgent(request)
    if (!agent) return refusal('unauthenticated')
    const { agentId, roles } = agent
    return upload(request, agentSender(agentId), { kind: 'agent', agentId, role: agentRole(roles) })
  }

  const deskRoutes: Record<
    (typeof DESK_ROUTES)[number],
    (request: IncomingMessage, response: ServerResponse) => Promise<DeskReply | null>
  > = { me, signin: signIn, signout: signOut, upload: deskUpload }

  async function desk(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
  ): Promise<DeskReply | null> {
    if (!origins.allowsDesk(request.headers)) return refusal('forbidden', 'another origin')
    const refused = await tooMany('lookups', request)
    if (refused) return refused
    // A form of another site cannot send JSON without asking first, and asking is refused above.
    // So it cannot with a header of ours, which a file comes with.
    const isAskedFor = name === 'upload' ? request.headers[UPLOAD_HEADER] !== undefined : isJson(request)
    if (request.method === 'POST' && !isAskedFor)
      return refusal('bad_request', name === 'upload' ? `${UPLOAD_HEADER}: an id` : 'send application/json')
    const known = DESK_ROUTES.find(each => each === name)
    const isAsked = request.method === 'POST' || (request.method === 'GET' && known === 'me')
    return known && isAsked ? deskRoutes[known](request, response) : refusal('not_found')
  }

  /** The file's path, or why not. The role directory must be the very role that the token proves. */
  async function privateFile(request: IncomingMessage, path: string): Promise<string | RefusalCode> {
    const { privateDir } = options
    if (privateDir === undefined) return 'not_found'
    const visitor = await identifier.verify(request.headers['x-asklet-token'])
    if (!visitor) return 'unauthenticated'
    const segments = decodedSegments(path)
    if (!segments || segments.length < 2) return 'not_found'
    const { role } = visitor
    const [wanted = '', ...names] = segments
    if (!role || !mayReadArticles(role, wanted)) return 'forbidden'
    const folder = await roleFolder(privateDir, role)
    return (folder && (await fileOf(folder, names))) || 'not_found'
  }

  /** Asked each second by a balancer from one address: no limit, and no more than one question to the store a second. */
  async function probe(response: ServerResponse, path: 'live' | 'ready'): Promise<void> {
    if (path === 'live') return void response.end(writeHead(response, 200, { ok: true }))
    const { ready, store: state, closing } = await options.readiness()
    response.end(writeHead(response, ready ? 200 : 503, { ok: ready, store: state, closing }))
  }

  async function metrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { metrics: measured } = options
    if (!measured)
      return reply(response, refusal('not_found', 'no metrics here: prometheus({ token }) switches them on'))
    // Before the token is looked at: it could be guessed.
    const refused = await tooMany('lookups', request)
    if (refused) return reply(response, refused)
    if (!measured.meter.admits(request.headers.authorization))
      return reply(response, refusal('unauthenticated'))
    response.writeHead(200, { 'content-type': measured.meter.contentType })
    response.end(await measured.text())
  }

  async function route(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const { method } = request
    if (path.startsWith('desk/')) return answerTo(response, await desk(request, response, path.slice(5)))
    if (path === 'health' && method === 'GET') {
      // For a page's own diagnosis; who asks without an origin is no page.
      if (origins.allowsVisitor(request.headers)) {
        allowOrigin(request, response)
        response.setHeader('Access-Control-Expose-Headers', 'Date')
      }
      const refused = await tooMany('lookups', request)
      if (refused) return reply(response, refused)
      // A broker that is down is no reason to take a node out of service: it delays, and breaks nothing.
      const broker = options.brokerState()
      const isStoreUp = await store.epoch().then(
        () => true,
        () => false,
      )
      const health = { ok: isStoreUp, store: isStoreUp ? 'up' : 'down', broker }
      response.end(writeHead(response, isStoreUp ? 200 : STATUS.store_unavailable, health))
      return
    }
    if (method === 'GET' && (path === 'live' || path === 'ready')) return probe(response, path)
    if (method === 'GET' && path === 'metrics') return metrics(request, response)
    // Its address is its right: a picture comes without an origin, or with any.
    if (path.startsWith('file/') && method === 'GET') {
      const refused = await tooMany('lookups', request)
      if (refused) return reply(response, refused)
      const failed = options.uploads ? await sendAttachment(request, response, options.uploads) : 'not_found'
      return failed === null ? undefined : reply(response, refusal(failed))
    }
    if (!origins.allowsVisitor(request.headers))
      return reply(response, refusal('forbidden', 'another origin'))
    allowOrigin(request, response)
    if (method === 'OPTIONS') return preflight(response)
    if (method === 'GET' && path.startsWith('knowledge/')) {
      const refused = await tooMany('lookups', request)
      if (refused) return reply(response, refused)
      const found = await privateFile(request, path.slice(10))
      if (Object.hasOwn(STATUS, found)) return reply(response, refusal(found as RefusalCode))
      return sendFile(response, found)
    }
    if (method !== 'POST') return reply(response, refusal('not_found'))
    if (path === 'upload') return answerTo(response, await visitorUpload(request))
    if (path === 'journal') return reply(response, await journal(request))
    if (path === 'search') {
      response.setHeader('Cache-Control', 'private, no-store')
      return reply(response, await search(request))
    }
    if (path === 'answer') {
      response.setHeader('Cache-Control', 'private, no-store')
      const refused = await answer(request, response)
      return refused ? reply(response, refused) : undefined
    }
    if (Object.hasOwn(visitorRequests, path)) return reply(response, await visitorCall(request, path))
    return reply(response, refusal('not_found'))
  }

  return async (request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1)
    if (!path.startsWith(`${HTTP_PREFIX}/`)) return false
    takesTime.set(request, dropSlowBody(request))
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Cache-Control', 'no-store')
    try {
      await route(request, response, path.slice(HTTP_PREFIX.length + 1))
    } catch (error) {
      log({ level: 'error', event: 'http', reason: error instanceof Error ? error.name : 'unknown' })
      if (response.headersSent) response.destroy()
      else reply(response, refusal('store_unavailable'))
    }
    return true
  }
}

/** Null: who asked is gone. */
function answerTo(response: ServerResponse, body: Reply<object> | null): void {
  if (body) reply(response, body)
  else response.destroy()
}

/**
 * Whatever becomes of the request: who is still sending its body after 30 s is dropped. For `createServer(HTTP_LIMITS)`,
 * in front of routes of your own; the help desk's handler does so by itself.
 *
 * @returns lets this body come as slowly as `HTTP_LIMITS` allows, once you know whose it is
 */
export function dropSlowBody(request: IncomingMessage): () => void {
  if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined)
    return () => {}
  const timer = setTimeout(() => request.complete || request.destroy(), BODY_DROPPED_MS)
  timer.unref()
  const stop = () => clearTimeout(timer)
  request.once('close', stop)
  return stop
}

function reply(response: ServerResponse, body: Reply<object>): void {
  if (response.destroyed) return
  if (!body.ok && body.after !== undefined)
    response.setHeader('Retry-After', String(Math.ceil(body.after / 1_000)))
  // Refused while it is still coming: nobody waits for the rest of it.
  const isCutOff = !body.ok && (body.code === 'too_large' || !response.req.complete)
  const text = writeHead(
    response,
    body.ok ? 200 : STATUS[body.code],
    body,
    isCutOff ? { connection: 'close' } : {},
  )
  if (isCutOff) lingerAfter(response, text)
  else response.end(text)
}

/** Returns the body to send. */
function writeHead(response: ServerResponse, status: number, body: object, more: object = {}): string {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...more,
  })
  return text
}

/** A sender that is still sending would meet a reset instead of the answer: hear it out for a while, then close. */
function lingerAfter(response: ServerResponse, text: string): void {
  const { req: request } = response
  response.write(text)
  const end = () => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(end, LINGER_MS)
  let left = LINGER_BYTES
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) end()
  })
  request.once('end', end).once('error', end)
  if (request.readableEnded) end()
  else request.resume()
}

function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Vary', 'Origin')
  const { origin } = request.headers
  if (origin) response.setHeader('Access-Control-Allow-Origin', origin)
}

function preflight(response: ServerResponse): void {
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': `authorization, content-type, x-asklet-token, ${UPLOAD_HEADER}`,
    'Access-Control-Max-Age': '600',
  })
  response.end()
}

async function sendFile(response: ServerResponse, file: string): Promise<void> {
  response.writeHead(200, {
    'content-type': file.endsWith('.json') ? 'application/json; charset=utf-8' : 'application/octet-stream',
    'cache-control': 'private, no-cache',
    vary: 'Origin, X-Asklet-Token',
  })
  await new Promise<void>(done => {
    createReadStream(file)
      .on('error', () => response.destroy())
      .on('close', done)
      .pipe(response)
  })
}

/**
 * What a search takes of its visitor's and address's share: it reads articles, or goes through all of them, and what
 * the page says is compared with each, the first time that it is said.
 */
function costOf(asked: SearchRequest) {
  if (asked.do === 'article') return { words: 1, page: 0, pageText: '' }
  const { headings, errors = [] } = asked.facts.page
  const pageChars = [...headings, ...errors].reduce((sum, text) => sum + text.length, 0)
  const isDear = asked.do === 'passages' || !asked.query.trim()
  return {
    words: isDear ? 4 : 1 + Math.floor(asked.query.length / 100),
    page: Math.ceil(pageChars / 100),
    pageText: JSON.stringify([headings, errors]),
  }
}

/** Path segments, or null when one of them cannot be read. */
function decodedSegments(path: string): string[] | null {
  try {
    return path.split('/').map(decodeURIComponent)
  } catch {
    return null
  }
}

function bearer(request: IncomingMessage): string | undefined {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
}

function isJson(request: IncomingMessage): boolean {
  return /^application\/json\b/i.test(request.headers['content-type'] ?? '')
}

/** What is longer than a frame is refused before it is in memory, what comes too slowly is dropped. */
async function readJson(
  request: IncomingMessage,
  maxBytes = MAX_FRAME_BYTES,
): Promise<{ ok: true; value: unknown } | (Reply<object> & { ok: false })> {
  if (!isJson(request)) return refusal('bad_request', 'send application/json')
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return refusal('too_large')
  const body = await readBody(request, maxBytes)
  if (body === null) return refusal('too_large')
  try {
    return { ok: true, value: JSON.parse(body.toString('utf8')) as unknown }
  } catch {
    return refusal('bad_request', 'not JSON')
  }
}

/** Null: longer than `maxBytes`, and the rest is still to come. Rejects when the sender goes away or crawls. */
function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const timer = setTimeout(() => request.destroy(new Error('slow body')), BODY_WITHIN_MS)
    const take = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) done(null)
      else chunks.push(chunk)
    }
    const done = (body: Buffer | null) => {
      clearTimeout(timer)
      request.off('data', take)
      resolve(body)
    }
    request.on('data', take)
    request.once('end', () => done(Buffer.concat(chunks)))
    // Stays: a request that is over may still fail, and an error that nobody hears ends the process.
    request.on('error', error => {
      clearTimeout(timer)
      reject(error)
    })
    request.once('close', () => {
      clearTimeout(timer)
      reject(new Error('gone'))
    })
  })
}

/** `Secure` wherever the browser came by TLS; loopback without it is how one tries things out. */
function cookie(request: IncomingMessage, token: string, maxAgeS: number): string {
  const isTls =
    'encrypted' in request.socket || request.headers['x-forwarded-proto']?.toString().startsWith('https')
  return `${SESSION_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}${isTls ? '; Secure' : ''}`
}
