// What a server says, parsed at the door: an answer or push that is not what it should be is as good as none.

import type { Pushes, PushName, Reply } from '../protocol/wire'
import type { NoAnswer } from './liveTransport'
import { isCount, isRecord, isString, readEvents } from './readEvents'

export const NO_ANSWER: NoAnswer = { ok: false, code: 'no_answer', retry: true }

/** The server's reply to `name`, or `no_answer` where it cannot be read: then it is unknown what happened. */
export function readReply<T>(name: string, value: unknown): Reply<T> | NoAnswer {
  if (!isRecord(value)) return NO_ANSWER
  if (value.ok === false)
    return typeof value.code === 'string' && typeof value.retry === 'boolean'
      ? (value as unknown as Reply<T>)
      : NO_ANSWER
  if (value.ok !== true) return NO_ANSWER
  if (name === 'sync') {
    const events = readEvents(value.events)
    return events && isCount(value.head) && isString(value.epoch)
      ? ({ ok: true, events, head: value.head, epoch: value.epoch } as unknown as Reply<T>)
      : NO_ANSWER
  }
  const isGood =
    name === 'send'
      ? Array.isArray(value.results) && value.results.every(each => isRecord(each) && isCount(each.seq))
      : name === 'open'
        ? isString(value.conversationId) && isString(value.epoch)
        : name !== 'availability' || (typeof value.open === 'boolean' && isCount(value.agentsOnline))
  return isGood ? (value as unknown as Reply<T>) : NO_ANSWER
}

/** A push by its name, or null. */
export function readPush<Name extends PushName>(name: Name, value: unknown): Pushes[Name] | null {
  if (!isRecord(value)) return name === 'restart' || name === 'queueChanged' ? ({} as Pushes[Name]) : null
  if (name === 'restart' || name === 'queueChanged') return {} as Pushes[Name]
  if (!isString(value.conversationId)) return null
  if (name === 'events') {
    const events = isString(value.epoch) ? readEvents(value.events) : null
    return events && ({ ...value, events } as unknown as Pushes[Name])
  }
  const isGood =
    name === 'head'
      ? isString(value.epoch) && isCount(value.head)
      : name === 'place'
        ? isCount(value.place)
        : value.who === 'agent' || value.who === 'visitor'
  return isGood ? (value as unknown as Pushes[Name]) : null
}
