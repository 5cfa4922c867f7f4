// Lines of an answer on their way to a page: newline-delimited JSON in one HTTP response. Not an event stream, whose
// client in browsers can neither post nor carry a token. Owns back-pressure, the sign of life, and who hears that the
// visitor left.

import type { ServerResponse } from 'node:http'
import type { Clock } from '../base/environment'
import { ANSWER_TOTAL_MS, type AnswerLine, KEEP_ALIVE_MS } from '../protocol/answer'

/**
 * Resolves once all is written, or the visitor has left; `signal` is aborted then.
 *
 * @param answer  called once the head of the response is on its way
 */
export async function sendLines(
  response: ServerResponse,
  answer: (signal: AbortSignal) => AsyncIterable<AnswerLine>,
  clock: Pick<Clock, 'after'>,
): Promise<void> {
  const abort = new AbortController()
  const leave = () => abort.abort()
  response.once('close', leave)
  if (response.destroyed) leave()
  response.writeHead(200, {
    'content-type': 'application/x-ndjson; charset=utf-8',
    // Proxies that gather or pack what comes would hold sentences back.
    'cache-control': 'private, no-store, no-transform',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  // Longer than any page waits: whoever is still there reads nothing.
  const stopTotal = clock.after(ANSWER_TOTAL_MS, () => response.destroy())
  let stopWaiting = () => {}
  const showLife = () => {
    stopWaiting = clock.after(KEEP_ALIVE_MS, () => {
      if (!response.writableNeedDrain && !response.writableEnded) response.write('\n')
      showLife()
    })
  }
  showLife()
  try {
    for await (const line of answer(abort.signal)) {
      if (response.destroyed) break
      // The model is asked for the next words when these have gone.
      if (!response.write(`${JSON.stringify(line)}\n`)) await drained(response)
    }
  } finally {
    stopTotal()
    stopWaiting()
    response.off('close', leave)
    leave()
    response.end()
  }
}

function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve()
  return new Promise(resolve => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.once('drain', done).once('close', done)
  })
}
