// Entry of the chunk "handoff": what a conversation needs once it is about a person, or the link is lost.
// Apart, so that an answer of the bot does not wait for it; fetched with the first sign that a person is wanted.

import type { ConversationModel } from '../conversation/conversationModel'
import { HandoffBanner } from './HandoffBanner'
import css from './handoff.css?inline'
import english from './handoff.en.json'
import { OfferView } from './OfferView'
import type { Scope } from './scope'

export { AgentText } from './AgentText'
export { CopyButton } from './CopyButton'
export { Delivery } from './Delivery'
export { FileNames } from './FileNames'

/** Adopted by the panel when this chunk arrives. */
export const styles = css
/** English of what this chunk says: nobody else shows it. */
export const words = english

export interface HandoffProps {
  readonly scope: Scope
  readonly conversation: ConversationModel
}

/** `where`: the banners over the log, or the offer at its end. */
export function Handoff({ where, ...props }: HandoffProps & { where: 'over' | 'end' }) {
  return where === 'over' ? <HandoffBanner {...props} /> : <OfferView {...props} />
}
