// What a server says, parsed at the door: an answer or push that is not what it should be is as good as none.

import type { Pushes, PushName, Reply } from '../protocol/wire'
import type { NoAnswer } from './liveTransport'
import { type Check, isCount, isStoredEvent, isString, list, oneOf, shape } from './readEvents'

export const NO_ANSWER: NoAnswer = { ok: false, code: 'no_answer', retry: true }

const isAny = () => true
const isBoolean = (value: unknown) => typeof value === 'boolean'

const refusal = shape({ ok: oneOf(false), code: isString, retry: isBoolean })
/** By call, what is looked at in its reply; all else is the server's affair. */
const REPLIES: Readonly<Record<string, Check>> = {
  open: shape({ conversationId: isString, epoch: isString }),
  send: shape({ results: list(shape({ seq: isCount })) }),
  sync: shape({ events: list(isStoredEvent), head: isCount, epoch: isString }),
  availability: shape({ open: isBoolean, agentsOnline: isCount }),
}

/** By name, what is looked at in a push of one conversation. */
const PUSHES: Readonly<Record<string, Check>> = {
  events: shape({ epoch: isString, events: list(isStoredEvent) }),
  head: shape({ epoch: isString, head: isCount }),
  place: shape({ place: isCount }),
  typing: shape({ who: oneOf('agent', 'visitor') }),
  agentPresence: shape({ state: oneOf('here', 'away', 'gone') }),
  detailsChanged: isAny,
}
const ofConversation = shape({ conversationId: isString })
const isOfDesk = shape({ what: isString })

/** The server's reply to `name`, or `no_answer` where it cannot be read: then it is unknown what happened. */
export function readReply<T>(name: string, value: unknown): Reply<T> | NoAnswer {
  const isGood = refusal(value) || (isOk(value) && (REPLIES[name] ?? isAny)(value))
  return isGood ? (value as Reply<T>) : NO_ANSWER
}
const isOk = shape({ ok: oneOf(true) })

/** A push by its name, or null. Those that only say that something happened have nothing to be looked at. */
export function readPush<Name extends PushName>(name: Name, value: unknown): Pushes[Name] | null {
  // Of no conversation. What it names that is new to this page is nobody's here.
  if (name === 'deskChanged') return isOfDesk(value) ? (value as Pushes[Name]) : null
  const check = PUSHES[name]
  if (!check) return {} as Pushes[Name]
  return ofConversation(value) && check(value) ? (value as Pushes[Name]) : null
}
