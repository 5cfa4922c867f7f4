// The live half put together for a browser: store, tabs, carriers, model. The door of this room's chunk.

import type { Environment } from '../base/environment'
import { createMemoryStore, indexedDBOf, openKeyedStore } from '../base/keyedStore'
import type { SafeStorage } from '../base/safeStorage'
import { PROTOCOL_VERSION } from '../protocol/version'
import { createHttpTransport } from './httpTransport'
import { createLadder } from './ladder'
import { type Credentials, createLiveModel, type LiveModel } from './liveModel'
import type { LiveTransport } from './liveTransport'
import type { SocketOptions } from './socketTransport'
import { createTabLink } from './tabs'

/** The one key that a page's first script reads: a conversation waits on this device. */
export const WAITING_KEY = 'waiting'

/** In the tab's storage: the conversation that this tab takes part in. */
export const TAKING_PART_KEY = 'thread'

/** Set for good once a person was asked for: a logout must look for what is kept, also when nothing waits. */
export const KEPT_KEY = 'kept'

/** What records of the database begin with, behind the site: a visitor without an id, and one with. */
export const ANONYMOUS = '/anonymous'
export const SIGNED_IN = '/user:'

export interface LiveOptions {
  readonly environment: Environment
  /** Origin of the server; empty for the page's own. */
  readonly serverUrl: string
  /** Tells several assistants on one origin apart. */
  readonly site: string
  /** The host's id of the signed-in visitor, or null: words of one are never sent under another (D12). */
  readonly visitorId: string | null
  /** The visitor lets this device keep things; false keeps all in memory, and the panel says so. */
  readonly mayStore: boolean
  /** May there be words from a time when the device was allowed to keep them? */
  readonly hasKept: boolean
  /** `localStorage`. */
  readonly local: SafeStorage
  /** `sessionStorage`. */
  readonly tab: SafeStorage
  getToken(): Promise<string | null>
  /** May the site's visitors and agents send each other files? The server has the last word. */
  readonly takesFiles?: boolean
  /** Words that nobody has taken and that have no conversation any more. */
  handBack(text: string): void
  /** Fetches the socket's chunk: `() => import('../live/socketTransport')`. */
  loadSocket(): Promise<{
    createSocketTransport(options: SocketOptions<never>): LiveTransport<never>
  }>
}

/** Makes the live model. Nothing is connected and nothing is stored before a person is asked for or resumed. */
export async function startLive(options: LiveOptions): Promise<LiveModel> {
  const { environment, serverUrl } = options
  const page = environment.window
  const { mayStore, tab, visitorId } = options
  const nobody = options.site + ANONYMOUS
  const identity = visitorId === null ? nobody : options.site + SIGNED_IN + visitorId
  const store =
    mayStore || options.hasKept
      ? await openKeyedStore(page && indexedDBOf(page), 'asklet', environment.after)
      : createMemoryStore()
  // Without a common store tabs share nothing, and each leads for itself.
  const link = (name: string) =>
    createTabLink(mayStore && store.kind === 'stored' ? page : undefined, `asklet:${name}`)
  const takingPart = tab.get(TAKING_PART_KEY)
  const model = createLiveModel({
    environment,
    store,
    tabs: link(identity),
    identity,
    ...(visitorId !== null &&
      takingPart !== null && { guest: { identity: nobody, openId: takingPart, tabs: link(nobody) } }),
    setTakingPart: openId => tab.set(TAKING_PART_KEY, openId),
    getToken: options.getToken,
    handBack: options.handBack,
    setWaiting(isWaiting) {
      const waits = isWaiting && mayStore && store.kind === 'stored'
      options.local.set(WAITING_KEY, waits ? '1' : null)
      if (waits) options.local.set(KEPT_KEY, '1')
    },
    ...(options.takesFiles && {
      async loadFiles(conversationId, credentials) {
        const { createVisitorFiles } = await import('./visitorFiles')
        return createVisitorFiles({
          environment,
          serverUrl,
          tab,
          conversationId,
          headers: async () => headersOf(await credentials()),
        })
      },
    }),
    connectVia: credentials =>
      createLadder({
        environment,
        http: createHttpTransport({
          environment,
          url: serverUrl,
          headers: async () => headersOf(await credentials()),
        }),
        loadSocket: async () => {
          const { createSocketTransport } = await options.loadSocket()
          return createSocketTransport({
            environment,
            url: serverUrl,
            auth: async () => ({ v: PROTOCOL_VERSION, ...(await credentials()) }),
            probe: { name: 'availability' as never, body: { v: PROTOCOL_VERSION } },
          }) as unknown as LiveTransport
        },
      }),
  })
  // What was kept while it was allowed goes on in memory, and from the disk it goes.
  if (!mayStore) await model.keepNothing()
  return model
}

/** The same two proofs on every carrier: who this device is, and who the host says this is. */
function headersOf({ secret, token }: Credentials): Record<string, string> {
  return {
    authorization: `Bearer ${secret}`,
    ...(token === null ? {} : { 'x-asklet-token': token }),
  }
}
