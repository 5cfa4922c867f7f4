// The second carrier: each call is one POST, and what a socket would push is asked for at a pace.
// For networks that block WebSockets. Polls only while it is connected, that is, in use.

import { reconnectWaitMs } from '../base/backoff'
import type { Environment, Undo } from '../base/environment'
import { HTTP_PREFIX, PROTOCOL_VERSION } from '../protocol/version'
import type { SyncPage, VisitorCalls } from '../protocol/wire'
import { createListeners } from './linkState'
import type { LiveTransport, NoAnswer } from './liveTransport'
import { NO_ANSWER, readReply } from './readWire'

const ANSWER_WITHIN_MS = 12_000
/** An agent's answer is here within this while somebody looks; hidden pages look rarely. Milliseconds. */
const POLL_EVERY_MS = 2_500
const POLL_HIDDEN_EVERY_MS = 20_000

export interface HttpOptions {
  readonly environment: Environment
  /** Origin of the server; empty for the page's own. */
  readonly url: string
  /** Asked for each call, so that a token is fresh. */
  headers(): Promise<Record<string, string>>
}

export function createHttpTransport(options: HttpOptions): LiveTransport<VisitorCalls> {
  const { environment } = options
  const listeners = createListeners()
  const unanswered = new Set<() => void>()
  let isWanted = false
  let attempt = 0
  let stopWaiting: Undo | null = null
  let watched: VisitorCalls['sync']['request'] | null = null

  const isHidden = () => environment.window?.document.visibilityState === 'hidden'
  const later = (ms: number, task: () => void) => {
    stopWaiting?.()
    stopWaiting = environment.after(ms, () => {
      stopWaiting = null
      task()
    })
  }

  const post = (name: string, body: unknown) =>
    new Promise<unknown>(resolve => {
      const abort = new AbortController()
      const end = (reply: unknown) => {
        stop()
        unanswered.delete(giveUp)
        resolve(reply)
      }
      const giveUp = () => {
        end(NO_ANSWER)
        abort.abort()
      }
      const stop = environment.after(ANSWER_WITHIN_MS, giveUp)
      unanswered.add(giveUp)
      options
        .headers()
        .then(headers =>
          environment.fetch(`${options.url}${HTTP_PREFIX}/${name}`, {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(body),
            credentials: 'omit',
            cache: 'no-store',
            signal: abort.signal,
          }),
        )
        // Refusals come with a status of their own and the same body: the body says what happened.
        .then(response => response.json())
        .then(end, giveUp)
    })

  const request: LiveTransport<VisitorCalls>['request'] = async (name, body) => {
    if (!isWanted) return NO_ANSWER
    const reply = readReply<never>(name, await post(name, body))
    if (name === 'sync') watched = body as VisitorCalls['sync']['request']
    if (name === 'sync' && reply.ok && watched) {
      const page = reply as unknown as SyncPage
      watched = { ...watched, epoch: page.epoch, after: page.events.at(-1)?.seq ?? watched.after }
    }
    if (isWanted && isSilent(reply)) lost()
    return reply as never
  }
  const lost = () => {
    if (listeners.state === 'retrying' && stopWaiting) return
    listeners.set('retrying')
    later(reconnectWaitMs(attempt++, !isHidden(), environment.random()), knock)
  }
  const knock = async () => {
    const reply = readReply('availability', await post('availability', { v: PROTOCOL_VERSION }))
    if (!isWanted) return
    if (isSilent(reply)) return lost()
    attempt = 0
    listeners.set('online')
    pace()
  }
  const pace = () =>
    later((isHidden() ? POLL_HIDDEN_EVERY_MS : POLL_EVERY_MS) * (0.8 + 0.4 * environment.random()), poll)
  const poll = async () => {
    if (!watched) return pace()
    const { conversationId } = watched
    const reply = await request('sync', watched)
    if (!isWanted || listeners.state !== 'online') return
    if (reply.ok) {
      const { epoch, head, events } = reply as SyncPage
      if (events.length) listeners.emit('events', { conversationId, epoch, events })
      listeners.emit('head', { conversationId, epoch, head })
    }
    pace()
  }

  return {
    request,
    on: listeners.on,
    onLink: listeners.onLink,
    connect() {
      if (isWanted) return
      isWanted = true
      listeners.set('connecting')
      knock()
    },
    nudge() {
      if (!isWanted || !stopWaiting) return
      later(0, listeners.state === 'online' ? poll : knock)
    },
    close() {
      isWanted = false
      watched = null
      stopWaiting?.()
      stopWaiting = null
      for (const giveUp of [...unanswered]) giveUp()
      listeners.set('offline')
    },
  }
}

function isSilent(reply: { readonly ok: boolean }): reply is NoAnswer {
  return !reply.ok && (reply as NoAnswer).code === 'no_answer'
}
