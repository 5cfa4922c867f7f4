// Entry of the chunk "handoff": what a conversation needs once it is about a person, or the link is lost.
// Apart, so that an answer of the bot does not wait for it; fetched as soon as the conversation is on the screen.

import type { ConversationModel } from '../conversation/conversationModel'
import { HandoffBanner } from './HandoffBanner'
import { OfferView } from './OfferView'
import type { Scope } from './scope'

export interface HandoffProps {
  readonly scope: Scope
  readonly conversation: ConversationModel
}

/** `where`: the banners over the log, or the offer at its end. */
export function Handoff({ where, ...props }: HandoffProps & { where: 'over' | 'end' }) {
  return where === 'over' ? <HandoffBanner {...props} /> : <OfferView {...props} />
}
