// The chunk "Ticket", fetched where a conversation is one; without it the banner says its number and where the answer comes.

import { useEffect, useState } from 'preact/hooks'
import type { Scope } from './scope'

export type TicketPart = typeof import('./Ticket')

/** Undefined until it is needed and here. */
export function useTicket(scope: Scope, isNeeded: boolean): TicketPart | undefined {
  const [part, setPart] = useState<{ ticket?: TicketPart }>({})
  useEffect(() => {
    if (!isNeeded || part.ticket) return
    import('./Ticket').then(
      ticket => {
        scope.addStyles(ticket.styles)
        scope.panel.addTexts(ticket.words)
        setPart({ ticket })
      },
      () => {},
    )
  }, [isNeeded])
  return part.ticket
}
