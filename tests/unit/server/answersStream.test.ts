// Lines on their way to a page that is slow, silent or gone.

import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { ANSWER_TOTAL_MS, type AnswerLine, KEEP_ALIVE_MS } from '../../../src/protocol/answer'
import { sendLines } from '../../../src/server/answersStream'

let web: Server | undefined
afterEach(() => {
  web?.closeAllConnections()
  web?.close()
})

const END: AnswerLine = { type: 'end', outcome: 'answered' }

/** Time passes when the test says so. */
async function scene(answer: (signal: AbortSignal) => AsyncIterable<AnswerLine>) {
  const waits = new Set<{ ms: number; task: () => void }>()
  const clock = {
    after(ms: number, task: () => void) {
      const wait = { ms, task }
      waits.add(wait)
      return () => waits.delete(wait)
    },
  }
  let done: (() => void) | undefined
  const sent = new Promise<void>(resolve => {
    done = resolve
  })
  web = createServer((_, response) => {
    sendLines(response, answer, clock).then(done, done)
  })
  await new Promise<void>(listening => web?.listen(0, '127.0.0.1', listening))
  const { port } = web.address() as AddressInfo
  const asked = request({ port, host: '127.0.0.1' })
  asked.on('error', () => {})
  asked.end()
  const response = await new Promise<IncomingMessage>(got => asked.once('response', got))
  response.on('error', () => {})
  return {
    response,
    sent,
    waits: () => [...waits].map(({ ms }) => ms),
    pass(ms: number) {
      for (const wait of [...waits])
        if (wait.ms === ms) {
          waits.delete(wait)
          wait.task()
        }
    },
  }
}

test('[A7] the head at once, an empty line each five seconds, nothing left behind', async () => {
  let goOn = () => {}
  const { response, pass, sent, waits } = await scene(async function* () {
    await new Promise<void>(resolve => {
      goOn = resolve
    })
    yield END
  })
  expect(response.statusCode).toBe(200)
  let text = ''
  response.setEncoding('utf8').on('data', part => {
    text += part
  })
  for (const lines of ['\n', '\n\n']) {
    pass(KEEP_ALIVE_MS)
    await expect.poll(() => text).toBe(lines)
  }
  goOn()
  await sent
  await expect.poll(() => text).toBe(`\n\n${JSON.stringify(END)}\n`)
  expect(waits()).toEqual([])
})

test('[A7] who does not read is not written to; the model is asked for no more; in the end the place is free', async () => {
  let made = 0
  let isEnded = false
  const long = 'x'.repeat(100_000)
  const { response, pass, sent } = await scene(async function* (signal) {
    try {
      while (!signal.aborted) {
        made++
        yield { type: 'sentence', text: long, span: '', citation: { articleId: '', title: '' } }
      }
    } finally {
      isEnded = true
    }
  })
  response.pause()
  let last = -1
  await expect
    .poll(
      () => {
        const isStill = made === last
        last = made
        return isStill
      },
      { interval: 100 },
    )
    .toBe(true)
  expect(made).toBeLessThan(200)
  pass(ANSWER_TOTAL_MS)
  await sent
  expect(isEnded).toBe(true)
})

test('[A7] who leaves is heard at once', async () => {
  let isAborted = false
  const { response, sent } = await scene(async function* (signal) {
    await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
    isAborted = true
    yield END
  })
  response.destroy()
  await sent
  expect(isAborted).toBe(true)
})
