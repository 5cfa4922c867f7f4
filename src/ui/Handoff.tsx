// Entry of the chunk "handoff": what a conversation needs once it is about a person, or the link is lost.
// Apart, so that an answer of the bot does not wait for it; fetched with the first sign that a person is wanted.

import { useEffect, useMemo } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import type { TimelineItem } from '../conversation/timeline'
import type { Phase } from '../protocol/phase'
import { CopyButton } from './CopyButton'
import { HandoffBanner, loadAfterwards, loadTicket } from './HandoffBanner'
import css from './handoff.css?inline'
import english from './handoff.en.json'
import type { MessageListProps } from './MessageList'
import { OfferView } from './OfferView'
import type { Scope } from './scope'
import { useChunk } from './useChunk'

export { AgentText } from './AgentText'
export { Delivery } from './Delivery'
export { FileNames } from './FileNames'
export { StuckWords } from './StuckWords'

/** Adopted by the panel when this chunk arrives. */
export const styles = css
/** English of what this chunk says: nobody else shows it. */
export const words = english

const loadDispute = () => import('./Dispute')
const loadFiles = () => import('./Files')

export interface HandoffProps {
  readonly scope: Scope
  readonly conversation: ConversationModel
}

/** `where`: the banners over the log, or the offer at its end. */
export function Handoff({ where, ...props }: HandoffProps & { where: 'over' | 'end' }) {
  return where === 'over' ? <HandoffBanner {...props} /> : <OfferView {...props} />
}

/** The lines of the log. While a ticket is open the banner says what it is, and with the address of now. */
export function listed(phase: Phase, items: readonly TimelineItem[]): readonly TimelineItem[] {
  const told =
    phase === 'ticketed' &&
    items.findLast(item => item.kind === 'notice' && item.name.startsWith('ticketOpened'))
  return told ? items.filter(item => item !== told) : items
}

/** Once it is over: how it was, at the end of the log, and a copy to keep, in the foot. */
export function Ended({ where, ...props }: HandoffProps & { where: 'end' | 'foot' }) {
  const { scope, conversation } = props
  const afterwards = useChunk(scope, loadAfterwards)
  const ticket = useChunk(scope, loadTicket, where === 'end' && conversation.ticket.value !== null)
  const isRated = conversation.rating.value !== null
  if (where === 'end')
    return (
      <>
        {ticket && <ticket.OverTicket {...props} />}
        {afterwards && <afterwards.RatingForm key={isRated} {...props} />}
      </>
    )
  if (afterwards) return <afterwards.Transcript {...props} />
  const { texts } = scope
  return <CopyButton label={texts('link.copy')} texts={texts} text={conversation.transcript} />
}

/** At the end of the log: the dispute of this conversation, or the way to one where the page names what it is about. */
export function DisputePart({ scope, conversation }: HandoffProps) {
  const ticket = conversation.ticket.value
  const isOpen = scope.panel.isOpen.value
  // The page is read when there is something to offer, and not with every word that is drawn.
  const moves = conversation.telling.value?.moves.value
  const about = useMemo(() => (ticket && isOpen ? scope.panel.disputeAbout() : null), [ticket, isOpen, moves])
  const part = useChunk(scope, loadDispute, conversation.dispute.value !== null || about !== null)
  return part ? <part.Dispute about={about} scope={scope} conversation={conversation} /> : null
}

interface FilesPartProps extends HandoffProps {
  found(files: MessageListProps['files']): void
}

/** Fetches what shows files when a person is there to be shown one. Until then, and without it, they have names. */
export function FilesPart({ scope, conversation, found }: FilesPartProps) {
  const model = conversation.files.value
  const part = useChunk(scope, loadFiles, !!model)
  useEffect(() => found(part && model ? { part, model } : undefined), [part, model])
  return null
}
