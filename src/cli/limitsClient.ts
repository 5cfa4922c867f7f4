// The Redis client by which the nodes of `asklet serve` count their limits together. A count is a shield, no truth:
// so this client keeps nothing while it is cut off, never gives up, and never throws. What happens meanwhile is
// `server/admission`'s: the node counts alone, and says so.

export interface LimitsClient {
  /** For `limits.redis` of `attachHelpDesk`. */
  readonly client: unknown
  close(): void
}

/** A node that starts does not wait for longer; a Redis that is down at the start is a Redis that is down. */
const READY_WITHIN_MS = 500
const CONNECT_WITHIN_MS = 5_000
/** A line on which nothing came for so long is dead: a ping brings something every 5 s. */
const LINE_DEAD_MS = 15_000
const PING_EVERY_MS = 5_000
/** Of counts that nobody waits for any more, while the Redis takes calls and answers none. */
const MAX_WAITING = 10_000
/** Between tries; with full jitter, so that nodes do not come back as one. */
const RETRY_AT_MOST_MS = 2_000

/** Resolves when it is connected, or soon: then it goes on trying. `createBroker` has looked at the address. */
export async function connectLimits(url: string): Promise<LimitsClient> {
  const { createClient } = await import('redis')
  const client = createClient({
    url,
    // What the operator sees in CLIENT LIST.
    name: 'asklet-limits',
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_WAITING,
    pingInterval: PING_EVERY_MS,
    socket: {
      connectTimeout: CONNECT_WITHIN_MS,
      socketTimeout: LINE_DEAD_MS,
      reconnectStrategy: retries => Math.random() * Math.min(RETRY_AT_MOST_MS, 100 * 2 ** retries),
    },
    // An error that nobody listens to would end the process; the broker on the same Redis says why it is down.
  }).on('error', () => {})
  await new Promise<void>(done => {
    const timer = setTimeout(done, READY_WITHIN_MS)
    // Rejects only when it is closed while it tries.
    client
      .connect()
      .catch(() => {})
      .finally(() => {
        clearTimeout(timer)
        done()
      })
  })
  return {
    client,
    close() {
      if (client.isOpen) client.destroy()
    },
  }
}
