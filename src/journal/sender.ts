// Hands journal records to the server, only where the site turned it on and consent allows.
// The one place where the journal leaves the page, so the one place that masks it.

import type { Environment, Undo } from '../base/environment'
import { HTTP_PREFIX } from '../protocol/version'
import { masked } from './masked'
import type { Recorder } from './recorder'

/** Records travel in small batches, so that a page that is left loses little. */
const BATCH = 20
const SEND_EVERY_MS = 5_000

/**
 * Sends what the recorder holds until undone.
 *
 * @param allowed  asked before each send; false keeps the records in memory
 */
export function sendJournal(
  environment: Environment,
  server: string,
  recorder: Recorder,
  allowed: () => boolean,
): Undo {
  let stopTimer: Undo = () => {}
  let isOn = true
  const tick = async () => {
    const records = allowed() ? recorder.take(BATCH) : []
    if (records.length > 0) {
      try {
        const response = await environment.fetch(`${server}${HTTP_PREFIX}/journal`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ records: records.map(record => masked(record)) }),
          keepalive: true,
          credentials: 'omit',
        })
        // The site turned the receiver off: asking again would be noise in its logs.
        if (response.status === 404 || response.status === 403) return
        if (!response.ok) recorder.giveBack(records)
      } catch {
        recorder.giveBack(records)
      }
    }
    if (isOn) stopTimer = environment.after(SEND_EVERY_MS, tick)
  }
  stopTimer = environment.after(SEND_EVERY_MS, tick)
  return () => {
    isOn = false
    stopTimer()
  }
}
