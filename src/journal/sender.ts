// Hands journal records to the server, only where the site turned it on and consent allows.
// The one place where the journal leaves the page, so the one place that masks it.
//
// Who only looks around is sent a few records at a time, to nobody's chain. Once the visitor talks they wait until it is
// known with which conversation (J7), so that erasing that takes them along; who leaves before leaves them to nobody.

import type { Environment, Undo } from '../base/environment'
import { redact, type SiteMasks } from '../base/redact'
import { HTTP_PREFIX } from '../protocol/version'
import { masked } from './masked'
import { rankedOn } from './rankedOn'
import type { Recorder, RecordsOwner } from './recorder'

/** Records travel in small batches, so that a page that is left loses little. */
const BATCH = 20
const SEND_EVERY_MS = 5_000

/**
 * Sends what the recorder holds until undone.
 *
 * @param masks    what the site masks and keeps of its own
 * @param allowed  asked before each send; false keeps the records in memory
 */
export function sendJournal(
  environment: Environment,
  server: string,
  recorder: Recorder,
  allowed: () => boolean,
  masks?: SiteMasks,
): Undo {
  let stopTimer: Undo = () => {}
  let isOn = true
  let lastOwner: RecordsOwner | null = null
  const send = async (owner: RecordsOwner | null) => {
    const records = recorder.take(BATCH)
    if (records.length === 0) return
    try {
      const response = await environment.fetch(`${server}${HTTP_PREFIX}/journal`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(owner && { authorization: `Bearer ${owner.secret}` }),
          ...(owner?.token && { 'x-asklet-token': owner.token }),
        },
        body: JSON.stringify({
          ...(owner && { conversationId: owner.conversationId }),
          records: records.map(({ on, ...record }) =>
            masked(on ? rankedOn(record, on) : record, text => redact(text, 'derived', masks)),
          ),
        }),
        keepalive: true,
        credentials: 'omit',
      })
      // The site turned the receiver off: asking again would be noise in its logs.
      if (response.status === 404 || response.status === 403) isOn = false
      else if (!response.ok) recorder.giveBack(records)
    } catch {
      recorder.giveBack(records)
    }
  }
  const tick = async () => {
    if (allowed()) {
      try {
        const asked = recorder.owner()
        lastOwner = (await asked) ?? null
        if (lastOwner || !asked) await send(lastOwner)
      } catch {
        // Whose they are cannot be proved just now.
        lastOwner = null
      }
    }
    if (isOn) stopTimer = environment.after(SEND_EVERY_MS, tick)
  }
  // What was said to the bot alone is nobody's by now; a page that is kept goes on.
  const leave = () => {
    if (isOn && allowed()) void send(lastOwner)
  }
  const { window } = environment
  window?.addEventListener('pagehide', leave)
  stopTimer = environment.after(SEND_EVERY_MS, tick)
  return () => {
    isOn = false
    stopTimer()
    window?.removeEventListener('pagehide', leave)
  }
}
