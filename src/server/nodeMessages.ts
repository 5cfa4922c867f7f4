// What nodes tell each other over the broker, as text. Pure: the sender writes, the receiver parses, because a
// broker is a wire like any other. A message that is not one is dropped: the beacon repairs what it would have said.

import * as v from 'valibot'
import { MAX_FRAME_BYTES } from '../protocol/limits'
import { parseEvents } from '../protocol/parse'
import type { Pushes } from '../protocol/wire'

/** Who hears of a conversation. */
export interface To {
  readonly conversationId: string
  readonly side?: 'visitor' | 'agent'
  /** An anonymous identity from which a signed-in one took the conversation: its connections hear no more. */
  readonly notTo?: string
}

/** The pushes that travel between nodes; `head`, `place` and `restart` are each node's own. */
export type Told = {
  [Name in 'events' | 'typing' | 'queueChanged']: {
    readonly name: Name
    readonly payload: Pushes[Name]
    readonly to: To | 'desk'
  }
}['events' | 'typing' | 'queueChanged']

/** What only agents are told. A name of its own: a former build takes a push that it does not know for a broken one. */
export type DeskTold = {
  [Name in 'detailsChanged' | 'deskChanged']: {
    readonly name: Name
    readonly payload: Pushes[Name]
    readonly to: To | 'desk'
  }
}['detailsChanged' | 'deskChanged']

/** Event names between nodes. Changing what one carries needs a new name: old and new nodes run side by side. */
export const TOLD = 'asklet:push.1'
export const DESK_TOLD = 'asklet:deskPush.1'
export const QUEUE_MOVED = 'asklet:queueMoved.1'
export const DESK_ENDED = 'asklet:deskEnded.1'

/** Two words: for whom, short, and what, as JSON. A node where nobody is meant does not read the second. */
export type ToldWords = readonly [to: string, what: string]

const DESK = 'desk'

export function writeTold({ name, payload, to }: Told | DeskTold): ToldWords {
  return [
    to === DESK ? DESK : `${to.side ?? ''}/${to.conversationId}/${to.notTo ?? ''}`,
    JSON.stringify({ name, payload }),
  ]
}

/** For whom it is, or null when that cannot be read. */
export function readTo(word: unknown): Told['to'] | null {
  if (word === DESK) return DESK
  const found =
    typeof word === 'string' ? /^(visitor|agent|)\/([\w-]{8,64})\/(anon:[\w-]{1,64}|)$/.exec(word) : null
  if (!found) return null
  const [, side, conversationId = '', notTo] = found
  return {
    conversationId,
    ...((side === 'visitor' || side === 'agent') && { side }),
    ...(notTo && { notTo }),
  }
}

const id = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/))
const what = v.variant('name', [
  v.object({
    name: v.literal('events'),
    payload: v.object({
      conversationId: id,
      epoch: v.pipe(v.string(), v.maxLength(64)),
      events: v.unknown(),
    }),
  }),
  v.object({
    name: v.literal('typing'),
    payload: v.object({ conversationId: id, who: v.picklist(['visitor', 'agent']) }),
  }),
  v.object({ name: v.literal('queueChanged'), payload: v.object({}) }),
])

/** The push, or null when it is none, or says one thing about another conversation than it is for. */
export function readTold(to: Told['to'], word: unknown): Told | null {
  // Escapes can make a frame's worth of text longer; beyond this nobody of ours wrote it.
  if (typeof word !== 'string' || word.length > 2 * MAX_FRAME_BYTES) return null
  let json: unknown
  try {
    json = JSON.parse(word)
  } catch {
    return null
  }
  const parsed = v.safeParse(what, json)
  if (!parsed.success) return null
  const { name, payload } = parsed.output
  if (name === 'queueChanged') return to === 'desk' ? { name, payload, to } : null
  if (to === 'desk' || payload.conversationId !== to.conversationId) return null
  if (name === 'typing') return { name, payload, to }
  const events = parseEvents(payload.events)
  if (!events?.every(event => event.conversationId === to.conversationId)) return null
  return { name, payload: { ...payload, events }, to }
}

const deskWhat = v.variant('name', [
  v.object({ name: v.literal('detailsChanged'), payload: v.object({ conversationId: id }) }),
  v.object({
    name: v.literal('deskChanged'),
    payload: v.object({ what: v.picklist(['replies', 'settings', 'people']) }),
  }),
])

/** As `readTold`, of what only agents are told. */
export function readDeskTold(to: Told['to'], word: unknown): DeskTold | null {
  if (typeof word !== 'string' || word.length > MAX_FRAME_BYTES) return null
  let json: unknown
  try {
    json = JSON.parse(word)
  } catch {
    return null
  }
  const parsed = v.safeParse(deskWhat, json)
  if (!parsed.success) return null
  const { name, payload } = parsed.output
  if (name === 'deskChanged') return to === 'desk' ? { name, payload, to } : null
  const isMeant = to !== 'desk' && to.side === 'agent' && payload.conversationId === to.conversationId
  return isMeant ? { name, payload, to } : null
}

/** The room of a session (a hash) or an agent that ended. */
export function readDeskRoom(word: unknown): string | null {
  return typeof word === 'string' && /^(s:[\w-]{43}|a:[\w-]{1,64})$/.test(word) ? word : null
}
