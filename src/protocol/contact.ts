// Where a visitor is answered who sits in front of the window no more: the last address that was said counts.
// Pure. Server, panel and desk read it here, so that nobody promises an answer where nobody would send it.

import type { EventBody } from './events'
import { GIVEN_EMAIL } from './limits'
import type { Contact } from './records'

/** The contact that `body` says; undefined: it says none, and what was said before holds. */
export function contactSaid(body: EventBody): Contact | undefined {
  switch (body.type) {
    case 'opened': {
      // Of an erased one nothing is left.
      const email = body.brief.visitor?.email
      return email && GIVEN_EMAIL.test(email) ? { email } : undefined
    }
    case 'handoffReady':
    case 'contactGiven':
      return usable(body.contact)
    case 'ticketOpened':
      return usable(body.ticket.contact)
    default:
      return undefined
  }
}

/** One of which masking left nothing takes none away: what was said before is still where an answer is waited for. */
function usable(contact: Contact | undefined): Contact | undefined {
  return contact?.email === undefined && contact?.phone === undefined ? undefined : contact
}
