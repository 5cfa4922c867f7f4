// What may be kept on this device. Asked by everyone who stores; decided by the host and the visitor.

/**
 * `pending`  nothing is kept but what the visitor's own request needs (a conversation with a person)
 * `granted`  drafts, the visitor id and the journal may be kept
 * `denied`   everything stays in memory, and the panel says so
 */
export type Consent = 'pending' | 'granted' | 'denied'

/** Is it a browser's privacy signal (Global Privacy Control)? Then the journal stays off, whatever the site says. */
export function refusesTracking(window: Window | undefined): boolean {
  return (window?.navigator as { globalPrivacyControl?: boolean } | undefined)?.globalPrivacyControl === true
}
