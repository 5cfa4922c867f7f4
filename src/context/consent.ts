// What may be kept on this device. Asked by everyone who stores; decided by the host and the visitor.

/**
 * `pending`  what the visitor's own request needs: what was typed for as long as its tab lives, a conversation
 *            with a person for longer
 * `granted`  the journal may be sent too
 * `denied`   everything stays in memory, and the panel says so
 */
export type Consent = 'pending' | 'granted' | 'denied'

/**
 * May the way of a visitor be kept, told to a server, or sent as a journal? It takes a yes, and a browser's signal
 * goes before it. Not asked for the page of now while a person is asked for or there: the agent is told that, the last
 * one alone, as part of the visitor's own request, and it ends with the conversation.
 */
export function mayFollow(consent: Consent, window: Window | undefined): boolean {
  return consent === 'granted' && !refusesTracking(window)
}

/** Is it a browser's privacy signal (Global Privacy Control)? Then the journal stays off, whatever the site says. */
export function refusesTracking(window: Window | undefined): boolean {
  return (window?.navigator as { globalPrivacyControl?: boolean } | undefined)?.globalPrivacyControl === true
}
