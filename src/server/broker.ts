// The line between nodes: Redis clients that can neither block, crash nor fill a node, and the Socket.IO adapter
// over them. What travels here is a hint; the database is the truth. So a message that cannot go now is dropped,
// not kept, and the node is told that it is cut off so that it looks into the database more often meanwhile.
//
// The adapter leaves three holes that are closed here by handing it clients of a certain behaviour:
//   it does not await PUBLISH            a rejection would end the process   -> never rejects, bounded in bytes
//   it reads again at once after errors  a closed client would spin for ever -> a failed read waits first
//   it subscribes once                   a lost reply would leave it deaf    -> repeated until it holds

import type { ServerOptions } from 'socket.io'
import type { Undo } from '../base/environment'
import { AskletError, describe } from '../base/errors'
import { optionalPackage } from './optionalPackage'

export interface BrokerOptions {
  /** `redis://user:password@host:6379` or `rediss://…`. Never printed. */
  readonly url: string
  /** Keeps the channels of several help desks on one Redis apart. Default `asklet`. */
  readonly prefix?: string
}

export interface BrokerChange {
  readonly isUp: boolean
  /** Why it is down, a word for the log. */
  readonly reason: string
}

export interface Broker {
  /** For `new Server(http, { ...SOCKET_OPTIONS, adapter: broker.adapter })`. */
  readonly adapter: NonNullable<ServerOptions['adapter']>
  /** Whether what this node says reaches the others, as far as it can tell. */
  isUp(): boolean
  /** Once a change, never once a try. */
  onChange(listener: (change: BrokerChange) => void): Undo
  /** After the Socket.IO server is closed. */
  close(): Promise<void>
}

/** What the operator types when the packages are absent. */
export const BROKER_INSTALL = 'npm install redis@6 @socket.io/redis-streams-adapter@0.3'

/** What may wait for a broker that does not read; one more message than that is dropped. */
const MAX_WAITING_BYTES = 4 * 1_048_576
/** Asked so often whether it answers; after so many turns without an answer it counts as down. */
const ASK_EVERY_MS = 1_000
const SILENT_TURNS = 3
const SETTLED_MS = 200
/** A line on which nothing came for so long is dead: both kinds of reader hear something every 5 s. */
const LINE_DEAD_MS = 15_000
const READER_PING_MS = 5_000
/** Between tries; with full jitter, so that nodes do not come back as one. */
const RETRY_AT_MOST_MS = 2_000

/**
 * Makes the broker's clients and connects them in the background: a broker that is down at the start is a broker
 * that is down.
 *
 * @throws AskletError `server_shape` for an address that is none, `driver_missing` with the install line
 */
export async function createBroker({ url, prefix = 'asklet' }: BrokerOptions): Promise<Broker> {
  checkUrl(url)
  const [{ createClient }, { createAdapter }] = await optionalPackage(
    () => Promise.all([import('redis'), import('@socket.io/redis-streams-adapter')]),
    'a broker needs packages that are not installed',
    BROKER_INSTALL,
  )
  type Client = ReturnType<typeof makeClient>

  const listeners = new Set<(change: BrokerChange) => void>()
  const readers = new Set<Client>()
  const subscribing = new Set<object>()
  let reason = 'connecting'
  let isClosed = false
  let waitingBytes = 0
  // Turns, not time: a node that was busy itself for seconds has not been answered, and was not ignored either.
  let turns = 0
  let answeredTurn: number | null = null
  let isAsking = false
  let wasUp: boolean | null = null
  let settling = false

  function makeClient(isReader: boolean) {
    return createClient({
      url,
      // The adapter reads replies of this shape.
      RESP: 2,
      // A publisher keeps nothing while it is cut off. A reader has one read under way, and waits.
      disableOfflineQueue: !isReader,
      ...(isReader && { pingInterval: READER_PING_MS }),
      socket: {
        connectTimeout: 5_000,
        socketTimeout: LINE_DEAD_MS,
        // Never gives up: a client that did would reject every read at once, for ever.
        reconnectStrategy: retries => Math.random() * Math.min(RETRY_AT_MOST_MS, 100 * 2 ** retries),
      },
    })
      .on('ready', announce)
      .on('error', (error: Error & { code?: string }) => {
        // The first word: codes of Redis are one (NOAUTH), and what follows may quote.
        reason = error.code ?? error.message.split(' ', 1)[0] ?? error.name
        announce()
      })
  }

  const publisher = makeClient(false)
  // Rejects only when it is closed while it tries.
  publisher.connect().catch(() => {})

  /** Resolves whatever happens: nobody up there waits for the outcome of a hint. */
  async function hint(bytes: number, send: () => Promise<unknown>): Promise<unknown> {
    if (!isAnswering() || waitingBytes + bytes > MAX_WAITING_BYTES) return ''
    waitingBytes += bytes
    try {
      return await send()
    } catch {
      return ''
    } finally {
      waitingBytes -= bytes
    }
  }

  function makeReader() {
    const client = makeClient(true)
    readers.add(client)
    return standIn(client, {
      connect: () => client.connect().catch(() => {}),
      async xRead(...args: Parameters<typeof client.xRead>) {
        try {
          return await client.xRead(...args)
        } catch (error) {
          if (isClosed) return new Promise(() => {})
          await later(ASK_EVERY_MS)
          throw error
        }
      },
      async subscribe(...args: Parameters<typeof client.subscribe>) {
        subscribing.add(args)
        while (!isClosed) {
          const isDone = await client.subscribe(...args).then(
            () => true,
            () => later(ASK_EVERY_MS),
          )
          if (isDone) break
        }
        subscribing.delete(args)
        announce()
      },
      disconnect: () => closeClient(client),
    })
  }

  const adapter = createAdapter(
    standIn(publisher, {
      duplicate: makeReader,
      publish: (channel: string, message: Buffer) =>
        hint(message.length, () => publisher.publish(channel, message)),
      xAdd: (...args: Parameters<typeof publisher.xAdd>) =>
        hint(JSON.stringify(args[2]).length, () => publisher.xAdd(...args)),
    }),
    { streamName: prefix, channelPrefix: prefix },
  )

  function isAnswering(): boolean {
    return publisher.isReady && answeredTurn !== null && turns - answeredTurn < SILENT_TURNS
  }

  const isUp = () => isAnswering() && subscribing.size === 0 && [...readers].every(reader => reader.isReady)

  function ask(): void {
    if (isAsking) return
    isAsking = true
    publisher
      .ping()
      .then(
        () => {
          answeredTurn = turns
        },
        () => {},
      )
      .finally(() => {
        isAsking = false
        announce()
      })
  }

  /** A line that breaks and heals at once, and clients that connect one after the other, are no news. */
  function announce(): void {
    if (settling || isClosed || isUp() === wasUp) return
    settling = true
    setTimeout(() => {
      settling = false
      const up = isUp()
      // Still connecting is no news; not connected after a while is.
      if (isClosed || up === wasUp || (wasUp === null && !up && turns < SILENT_TURNS)) return
      wasUp = up
      for (const listener of listeners) listener({ isUp: up, reason: up ? '' : reason })
      if (up) reason = 'silent'
    }, SETTLED_MS).unref()
  }

  const timer = setInterval(() => {
    turns++
    ask()
    announce()
  }, ASK_EVERY_MS)
  timer.unref()
  publisher.on('ready', ask)

  return {
    adapter: adapter as Broker['adapter'],
    isUp,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      isClosed = true
      clearInterval(timer)
      for (const client of [publisher, ...readers]) closeClient(client)
    },
  }
}

function checkUrl(url: unknown): asserts url is string {
  const found = typeof url === 'string' && URL.canParse(url) ? new URL(url).protocol : null
  if (found !== 'redis:' && found !== 'rediss:')
    throw new AskletError(
      'server_shape',
      // Not the address itself: it may hold a password.
      `a broker's address begins with redis:// or rediss://, got ${found === null ? (typeof url === 'string' ? 'no address' : describe(url)) : describe(`${found}//…`)}.`,
    )
}

/** `client` with some methods replaced; private state keeps it from being extended. */
function standIn<Client extends object>(client: Client, replaced: object): Client {
  return new Proxy(client, {
    get(target, name) {
      if (Object.hasOwn(replaced, name)) return Reflect.get(replaced, name)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function closeClient(client: { readonly isOpen: boolean; destroy(): void }): void {
  if (client.isOpen) client.destroy()
}

function later(ms: number): Promise<false> {
  return new Promise(done => setTimeout(() => done(false), ms).unref())
}
