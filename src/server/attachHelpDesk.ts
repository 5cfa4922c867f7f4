// The help desk on a host's own server: mounts the namespaces, hands out the HTTP handler, keeps the core.
// The composition root of this room; checks its options once, with sentences.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server } from 'socket.io'
import { type Clock, createEnvironment, type Undo } from '../base/environment'
import { AskletError, describe } from '../base/errors'
import { DESK_NAMESPACE, VISITOR_NAMESPACE } from '../protocol/version'
import { createAddresses } from './addresses'
import { type Admission, createAdmission } from './admission'
import { type AgentGateway, addAgentGateway } from './agentGateway'
import { type Agents, createAgents, onlyFitAgents, type VerifyAgent } from './agents'
import { createAnswers } from './answers'
import { checkLanguageModel, type LanguageModelOptions } from './answersModel'
import type { Broker } from './broker'
import { type ConnectionCaps, createConnections, DEFAULT_CAPS } from './connectionCaps'
import { createConversations, LOOK_EVERY_MS, type Metrics, type Others } from './conversations'
import type { DisputeSeam } from './disputes'
import type { AttachmentStore } from './files/attachmentStore'
import { loadDetect } from './files/fileKind'
import { folderAttachments } from './files/folderAttachments'
import { createUploads } from './files/uploads'
import { checkOrigin, readConfig } from './helpDeskConfig'
import { createHelpSearch } from './helpSearch'
import { createHttpHandler } from './http'
import { type LogOption, logTo } from './operations/logging'
import type { Meter } from './operations/prometheus'
import { type Readiness, watchReadiness } from './operations/readiness'
import { createOrigins } from './origins'
import type { MailOptions } from './outbound/mail'
import { createOutbound } from './outbound/outbound'
import type { WebhookOptions } from './outbound/webhooks'
import type { Exported, KeepFile } from './personExport'
import { createPersons, type ErasedPerson, type PersonQuery } from './persons'
import type { QueueTimers } from './queue'
import { startRetention } from './retention'
import { readSealKey, startSealing } from './seals'
import { dropSlowReaders, socketCarrier } from './socketCarrier'
import { dropUnansweredCloses } from './socketDoor'
import type { FailedDelivery } from './store/deliveries'
import type { HelpDeskStore } from './store/helpDeskStore'
import { addVisitorGateway } from './visitorGateway'
import { createIdentifier, VERIFY_WITHIN_MS, type VerifyVisitor, within } from './visitorIdentity'

export interface LimitOptions {
  /** A connected client of `redis` or `ioredis`: all nodes count together. Away, each counts alone. */
  readonly redis?: unknown
  /** Other caps on open connections than the built-in ones. */
  readonly connections?: Partial<ConnectionCaps>
  /** Instead of the built-in rates; for what stands behind limits of its own. */
  readonly admission?: Admission
}

export interface HelpDeskOptions {
  /** From `openSqlStore`, or one of your own. Stays yours to close, after `close()` of the help desk. */
  readonly store: HelpDeskStore
  /**
   * Says whom a host's token proves; `signedVisitors({ secret })` is the built-in one. Without it all are anonymous.
   * Given up after 5 s.
   */
  readonly verifyVisitor?: VerifyVisitor
  /**
   * Who is behind a request to the desk; default: accounts in the store and a cookie session. Asked again every few
   * seconds while a desk is connected, with the request that it connected with. Given up after 5 s.
   */
  readonly verifyAgent?: VerifyAgent
  /** The parsed `asklet.json`: hours, maxWaitMinutes, priorities, tickets, journal, origins. */
  readonly config?: unknown
  /** Origins of pages that visitors may call from, besides the server's own and those of the config. */
  readonly allowedOrigins?: readonly string[]
  /**
   * Addresses or networks (`10.0.0.0/8`) of your own proxies. Only their `X-Forwarded-For` is believed; without it all
   * visitors behind a proxy count as one address.
   */
  readonly trustedProxies?: readonly string[]
  readonly limits?: LimitOptions
  /** Output of `asklet build --private-out`: `<privateDir>/<role>/…`. */
  readonly privateDir?: string
  /**
   * Output of `asklet build --out`: search for pages whose `asklet.json` has `search`, over these articles and, for a
   * signed role, those of `privateDir`. A new build there is taken up within 2 s.
   */
  readonly helpDir?: string
  /**
   * A language model that words answers from the articles of `helpDir`, for pages whose `asklet.json` has `answer`. It
   * is handed the masked question, what ranks of the page, and the passages that this visitor may read; every sentence
   * that it writes is held against the article. The key stays here.
   */
  readonly languageModel?: LanguageModelOptions
  /**
   * A folder for the files that visitors and agents send each other, made when absent; nodes on one database share one.
   * Without it and without `attachmentStore` there are none. What is taken says `attachments` of the config.
   */
  readonly attachmentsDir?: string
  /** Instead of a folder: from `s3Attachments`, or one of your own. */
  readonly attachmentStore?: AttachmentStore
  /**
   * With several nodes on one database: from `createBroker`, whose adapter the Socket.IO server has too. `'none'`:
   * there are other nodes and no broker; their news is looked up every 2 s. Left out: this node is the only one,
   * or the server has an adapter of your own.
   */
  readonly broker?: Broker | 'none'
  /**
   * Mail to visitors about their tickets: that one was taken, an agent's answer that they have not read, that it is
   * solved. Needs the package `nodemailer`.
   */
  readonly mail?: MailOptions
  /** Endpoints of yours that are told what happens, signed and tried again for three days. */
  readonly webhooks?: readonly WebhookOptions[]
  /**
   * Between whom there may be a dispute, as your own records say. Without it visitors open none, and agents link two
   * conversations at the desk. How long both sides have says `disputes` of the config.
   */
  readonly disputes?: DisputeSeam
  /** Other waiting times than the built-in ones, milliseconds. */
  readonly timers?: Partial<QueueTimers>
  /**
   * An Ed25519 private key as PEM: each UTC day's root over the journal is signed with it (J6), for `asklet audit`.
   * Without it the journal is chained, and has no roots.
   */
  readonly journalKey?: string
  /** One line at a time, or a logger like `pino`'s; without bodies or secrets. Default: nowhere. */
  readonly log?: LogOption
  /** From `await prometheus()`: calls, waits, the queue, deliveries and the store are measured. */
  readonly prometheus?: Meter
  readonly clock?: Clock
}

export interface HelpDeskHealth {
  /** The store can be reached: calls are answered. A broker that is down delays, it breaks nothing. */
  readonly ok: boolean
  /** Whether this node's pushes reach other nodes: `none` where it has no broker. */
  readonly broker: 'up' | 'down' | 'none'
  readonly visitors: number
  readonly agents: number
}

export interface AttachedHelpDesk {
  /** Call it first for each request; true: it has answered. */
  handler(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** The built-in agent accounts. */
  readonly agents: Agents
  /** Can the store be reached, and who is connected to this node? */
  health(): Promise<HelpDeskHealth>
  metrics(): Metrics
  /** In the text of Prometheus; null without the option `prometheus`. For a port that only you reach. */
  metricsText(): Promise<string | null>
  /** Whether a balancer should send anybody here; `GET /asklet/v1/ready` says the same, with 503 for no. */
  ready(): Promise<Readiness>
  /** From here on `ready` says no, and all else goes on: call it some seconds before `close()`, behind a balancer. */
  beginClosing(): void
  /**
   * Forgets a person, in every table, file and log of the database: their conversations stay as places in a thread, with
   * no word and nothing that says whose they were. The host's own records are the host's.
   *
   * @param query  `{ visitorId }` as your tokens name them, `{ contact }` or `{ conversationId }`
   */
  erase(query: PersonQuery): Promise<ErasedPerson>
  /**
   * Everything that is kept of a person: JSON, a page, and their files.
   *
   * @param keepFile  takes each file as it comes, with its path beside the JSON; without it all are in memory, as `files`
   */
  exportPerson(query: PersonQuery, locale?: string, keepFile?: KeepFile): Promise<Exported>
  /** Says `restart`, answers what is under way, then drops the connections. The store stays open. */
  close(): Promise<void>
  /** Mail and webhooks that were given up after three days or refused for good, newest first. */
  failedDeliveries(): Promise<readonly FailedDelivery[]>
}

/**
 * Mounts the help desk on a Socket.IO server. Make that one with `SOCKET_OPTIONS`.
 *
 * @throws AskletError `server_shape` or `config_shape` for options that cannot work
 */
export function attachHelpDesk(io: Server, options: HelpDeskOptions): AttachedHelpDesk {
  checkOptions(io, options)
  const { privateDir, helpDir, languageModel, limits = {}, prometheus } = options
  const store = prometheus?.store(options.store) ?? options.store
  const config = readConfig(options.config)
  const clock = options.clock ?? createEnvironment()
  const log = logTo(options.log)
  const origins = createOrigins(
    [...config.origins, ...(options.allowedOrigins ?? []).map(checkOrigin)],
    origin => log({ level: 'warn', event: 'originRefused', origin }),
  )
  const addresses = createAddresses(options.trustedProxies ?? [], peer =>
    log({ level: 'warn', event: 'proxyNotTrusted', peer, fix: 'name it in trustedProxies' }),
  )
  const admission = limits.admission ?? createAdmission({ redis: limits.redis, log })
  const connections = createConnections({ ...DEFAULT_CAPS, ...limits.connections })
  let desk: AgentGateway | undefined
  const agents = createAgents(store, clock, agentId => desk?.endAgent(agentId))
  const askWho = options.verifyAgent ? onlyFitAgents(options.verifyAgent, clock, log) : agents.verify
  const verifyAgent: VerifyAgent = request => within(clock, VERIFY_WITHIN_MS, async () => askWho(request))
  const identifier = createIdentifier(options.verifyVisitor, clock, log)
  const { broker } = options
  const stopWatchingBroker =
    broker === undefined || broker === 'none'
      ? () => {}
      : broker.onChange(({ isUp, reason }) =>
          log(
            isUp
              ? { level: 'info', event: 'brokerUp' }
              : { level: 'warn', event: 'brokerDown', reason, lookEveryMs: LOOK_EVERY_MS },
          ),
        )
  const fileBytes =
    options.attachmentStore ??
    (options.attachmentsDir === undefined ? null : folderAttachments(options.attachmentsDir))
  const uploads =
    fileBytes && config.files
      ? createUploads({
          store,
          bytes: fileBytes,
          rules: config.files,
          detect: loadDetect(),
          clock,
          randomId: createEnvironment().randomId,
          masks: config.masks,
          log,
        })
      : null
  const persons = createPersons({ store, bytes: fileBytes, clock, log })
  const retention = startRetention({
    store,
    rules: config.retention,
    clock,
    log,
    removeFiles: persons.removeFiles,
  })
  const outbound = createOutbound({
    store,
    clock,
    random: createEnvironment().random,
    randomId: createEnvironment().randomId,
    ...(options.mail !== undefined && { mail: options.mail }),
    ...(options.webhooks !== undefined && { webhooks: options.webhooks }),
    async hours() {
      const own = await store.ownHours()
      return own.isOwn ? own.hours : config.hours
    },
    levels: config.serviceLevels,
    log,
  })
  const readiness = watchReadiness(store, clock)
  const core = createConversations({
    store,
    uploads,
    deliveries: outbound?.deliveries,
    ...(broker !== undefined && { others: othersVia(broker) }),
    clock,
    randomId: createEnvironment().randomId,
    hours: config.hours,
    priorities: config.priorities,
    reopenWithinDays: config.reopenWithinDays,
    triage: config.triage,
    serviceLevels: config.serviceLevels,
    categories: config.categories,
    masks: config.masks,
    disputes: { ...config.disputes, seam: options.disputes },
    reviews: config.reviews,
    admission,
    timers: { ...(config.waitAtMostMs !== null && { waitAtMostMs: config.waitAtMostMs }), ...options.timers },
    log,
  })
  const conversations = prometheus?.conversations(core) ?? core
  const carrier = socketCarrier(io, log)
  const removeCarrier = conversations.addCarrier(carrier)
  const door = { conversations, clock, origins, addresses, admission, connections, log }
  const visitors = addVisitorGateway(io, { ...door, identifier })
  const agentGateway = addAgentGateway(io, { ...door, verifyAgent, endRoom: carrier.endDesk })
  desk = agentGateway
  const stopEnding = every(clock, END_EXPIRED_EVERY_MS, visitors.endExpired)
  const stopProving = every(clock, PROVE_AGAIN_EVERY_MS, agentGateway.proveAgain)
  const stopSealing =
    options.journalKey === undefined
      ? undefined
      : startSealing(options.store, readSealKey(options.journalKey), clock, log)
  const stopSweeping = uploads ? every(clock, SWEEP_FILES_EVERY_MS, uploads.sweep) : () => {}
  const stopWatching = dropSlowReaders(io, log)
  const stopDropping = dropUnansweredCloses(io)
  const search =
    helpDir === undefined
      ? null
      : createHelpSearch({ helpDir, clock, log, ...(privateDir !== undefined && { privateDir }) })
  const answers =
    search && languageModel
      ? createAnswers({
          search,
          model: languageModel,
          actions: config.answerActions,
          masks: config.masks,
          clock,
          log,
        })
      : null
  const connected = (namespace: string) => io.of(namespace).sockets.size
  const metricsText = async () =>
    prometheus
      ? prometheus.text(store, { visitor: connected(VISITOR_NAMESPACE), desk: connected(DESK_NAMESPACE) })
      : ''
  const handler = createHttpHandler({
    conversations,
    store,
    clock,
    origins,
    addresses,
    admission,
    agents,
    verifyAgent,
    identifier,
    masks: config.masks,
    ...(privateDir !== undefined && { privateDir }),
    ...(search && { search }),
    ...(answers && { answers }),
    ...(uploads && { uploads }),
    journal: config.journal,
    log,
    brokerState: () => brokerState(broker),
    readiness: readiness.now,
    ...(prometheus?.isServed && { metrics: { meter: prometheus, text: metricsText } }),
    onSignOut: agentGateway.endSession,
  })

  return {
    handler,
    agents,
    ready: readiness.now,
    beginClosing: readiness.beginClosing,
    metricsText: async () => (prometheus ? metricsText() : null),
    async health() {
      const ok = await store.epoch().then(
        () => true,
        () => false,
      )
      return {
        ok,
        broker: brokerState(broker),
        visitors: connected(VISITOR_NAMESPACE),
        agents: connected(DESK_NAMESPACE),
      }
    },
    metrics: conversations.metrics,
    erase: persons.erase,
    exportPerson: persons.exportPerson,
    failedDeliveries: () => store.failedDeliveries(MOST_FAILED_SHOWN),
    async close() {
      readiness.beginClosing()
      retention.stop()
      stopWatching()
      stopDropping()
      stopEnding()
      stopProving()
      stopSweeping()
      stopSealing?.()
      answers?.close()
      await conversations.close()
      await outbound?.close()
      stopWatchingBroker()
      removeCarrier()
      carrier.close()
      for (const namespace of [VISITOR_NAMESPACE, DESK_NAMESPACE])
        io.of(namespace).local.disconnectSockets(true)
    },
  }
}

/** An operator who has more of them has one cause. */
const MOST_FAILED_SHOWN = 100
/** A token that has ended is noticed at the next call; this is for those who only listen. */
const END_EXPIRED_EVERY_MS = 1_000
/** One look into an index that holds what no message has. */
const SWEEP_FILES_EVERY_MS = 60_000
/** One small read for each session. */
const PROVE_AGAIN_EVERY_MS = 5_000

/** Waits for `run` before it waits again. */
function every(clock: Clock, ms: number, run: () => unknown): Undo {
  let stop: Undo = () => {}
  let isStopped = false
  const wait = () => {
    stop = clock.after(ms, async () => {
      await run()
      if (!isStopped) wait()
    })
  }
  wait()
  return () => {
    isStopped = true
    stop()
  }
}

const brokerState = (broker: HelpDeskOptions['broker']) =>
  broker === undefined || broker === 'none' ? 'none' : broker.isUp() ? 'up' : 'down'

function othersVia(broker: Broker | 'none'): Others {
  if (broker === 'none') return { areReached: () => false, onChange: () => () => {} }
  return { areReached: broker.isUp, onChange: listener => broker.onChange(() => listener()) }
}

function checkOptions(io: unknown, options: HelpDeskOptions): void {
  const shape = (sentence: string): never => {
    throw new AskletError('server_shape', sentence)
  }
  if (typeof (io as { of?: unknown } | null)?.of !== 'function')
    shape(
      `the first argument must be a Socket.IO server, got ${describe(io)}. Make one: new Server(httpServer, SOCKET_OPTIONS)`,
    )
  if (typeof (options as { store?: { append?: unknown } } | undefined)?.store?.append !== 'function')
    shape(
      `options.store must be a HelpDeskStore, got ${describe(options?.store)}. Did you forget to await openSqlStore({ file })?`,
    )
  for (const name of ['verifyVisitor', 'verifyAgent'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'function')
      shape(`options.${name} must be a function, got ${describe(options[name])}.`)
  if (options.prometheus !== undefined && typeof options.prometheus?.text !== 'function')
    shape(
      `options.prometheus must come from prometheus(), got ${describe(options.prometheus)}. Did you forget to await it?`,
    )
  if (options.disputes !== undefined && typeof options.disputes?.parties !== 'function')
    shape(
      `options.disputes must be an object with a function parties(reference, visitorId), got ${describe(options.disputes)}.`,
    )
  const { broker } = options
  if (broker !== undefined && broker !== 'none' && typeof broker?.isUp !== 'function')
    shape(
      `options.broker must come from createBroker or be 'none', got ${describe(broker)}. Did you forget to await createBroker({ url })?`,
    )
  if (options.allowedOrigins !== undefined && !Array.isArray(options.allowedOrigins))
    shape(`options.allowedOrigins must be a list of origins, got ${describe(options.allowedOrigins)}.`)
  if (options.trustedProxies !== undefined && !Array.isArray(options.trustedProxies))
    shape(`options.trustedProxies must be a list of addresses, got ${describe(options.trustedProxies)}.`)
  if (options.helpDir !== undefined && typeof options.helpDir !== 'string')
    shape(
      `options.helpDir must be the path of a folder that "asklet build" wrote, got ${describe(options.helpDir)}.`,
    )
  if (options.languageModel !== undefined) {
    checkLanguageModel(options.languageModel)
    if (options.helpDir === undefined)
      shape(
        'options.languageModel needs options.helpDir: it answers from the articles of your help and nothing else.',
      )
  }
  if (options.attachmentsDir !== undefined && typeof options.attachmentsDir !== 'string')
    shape(`options.attachmentsDir must be the path of a folder, got ${describe(options.attachmentsDir)}.`)
  if (options.attachmentStore !== undefined && typeof options.attachmentStore?.put !== 'function')
    shape(
      `options.attachmentStore must be an AttachmentStore, got ${describe(options.attachmentStore)}. Did you forget to await s3Attachments({ … })?`,
    )
  const { redis } = options.limits ?? {}
  if (redis !== undefined && typeof (redis as { multi?: unknown } | null)?.multi !== 'function')
    shape(`options.limits.redis must be a connected client of "redis" or "ioredis", got ${describe(redis)}.`)
}
