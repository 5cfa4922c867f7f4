// Who said a line of the thread, in the desk's words.

import type { TimelineItem } from '../conversation/timeline'
import type { DeskScope } from './scope'

export type Message = Extract<TimelineItem, { kind: 'message' }>

export const isOwn = (item: TimelineItem) => item.kind === 'message' && item.state !== null

/** @param visitor  as the visitor is called */
export function whoOf({ texts }: DeskScope, message: Message, visitor: string) {
  const { author } = message
  if (author.kind === 'visitor') return { name: visitor, role: texts('author.visitorRole') }
  if (author.kind === 'bot')
    return { name: author.name ?? texts('author.bot'), role: texts('author.botRole') }
  if (author.kind !== 'agent') return { name: texts('author.system'), role: '' }
  return isOwn(message)
    ? { name: texts('author.own'), role: '' }
    : { name: author.name, role: texts('author.agentRole') }
}
