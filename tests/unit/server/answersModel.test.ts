// The wire of language models, in all the ways in which servers speak it.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEnvironment } from '../../../src/base/environment'
import { MODEL_FIRST_WITHIN_MS, MODEL_IDLE_MS, MODEL_TOTAL_MS } from '../../../src/protocol/answer'
import {
  checkLanguageModel,
  createLanguageModel,
  type LanguageModelOptions,
  ModelFailed,
} from '../../../src/server/answersModel'
import {
  begin,
  DONE,
  delta,
  type ModelServer,
  says,
  sends,
  startModel,
  stopped,
} from '../../support/languageModel'

let server: ModelServer
beforeEach(async () => {
  server = await startModel()
})
afterEach(() => server.close())

interface Heard {
  readonly said: string
  /** `whole`, `cut`, or why it failed. */
  readonly end: string
}

async function hear(
  options: Partial<LanguageModelOptions> = {},
  { after } = createEnvironment() as { after: (ms: number, task: () => void) => () => void },
  signal = new AbortController().signal,
): Promise<Heard> {
  const model = createLanguageModel({ url: server.url, model: 'small', ...options }, { after })
  const pieces = model.say([{ role: 'user', content: '{}' }], signal)
  let said = ''
  try {
    for (;;) {
      const { value, done } = await pieces.next()
      if (done) return { said, end: value ? 'whole' : 'cut' }
      said += value
    }
  } catch (error) {
    return { said, end: (error as Error).message }
  }
}

describe('what is sent', () => {
  test('model, messages and stream; the key as bearer; parameters as given', async () => {
    await hear({ key: 'sk-1', parameters: { temperature: 0 }, url: `${server.url}/` })
    const [asked] = server.asked
    expect(asked?.path).toBe('/v1/chat/completions')
    expect(asked?.headers.authorization).toBe('Bearer sk-1')
    expect(asked?.body).toEqual({
      temperature: 0,
      model: 'small',
      messages: [{ role: 'user', content: '{}' }],
      stream: true,
    })
  })

  test('without a key none', async () => {
    await hear()
    expect(server.asked[0]?.headers.authorization).toBeUndefined()
  })
})

describe('what comes', () => {
  const text = 'Grüße, 5 €, 日本 and 👍🏽\n{"a": 1}\n'
  const whole = (said: string) => ({ said, end: 'whole' })

  test('a stream of words', async () => {
    server.speak(says('one', 'two'))
    expect(await hear()).toEqual(whole('one\ntwo\n'))
  })

  test.each([
    ['CRLF', delta(text).replaceAll('\n\n', '\r\n\r\n') + stopped().replaceAll('\n', '\r\n') + DONE],
    ['CR alone', (delta(text) + stopped()).replaceAll('\n', '\r') + DONE],
    ['comments and keep-alives', `: hello\n\n:\n${delta(text)}: ping\n\n: ping\n\n${stopped()}${DONE}`],
    [
      'events with names, ids and retry',
      `event: message\nid: 7\nretry: 10\n${delta(text)}${stopped()}${DONE}`,
    ],
    [
      'data in several lines',
      `data: {"choices":\ndata: [{"delta":{"content":${JSON.stringify(text)}}}]}\n\n${DONE}`,
    ],
    ['no space after the colon', `data:${delta(text).slice(6)}${DONE}`],
    ['a byte order mark', `\uFEFF${delta(text)}${DONE}`],
    [
      'a role first, empty choices, usage last',
      `${delta('')}data: {"choices":[]}\n\n${delta(text)}${stopped()}data: {"choices":[],"usage":{}}\n\n${DONE}`,
    ],
    ['no [DONE]', delta(text) + stopped()],
    ['no finish_reason', delta(text) + DONE],
    ['the last frame without its empty line', `${delta(text)}data: [DONE]`],
    [
      'the reason with the last words',
      delta('').replace('null', 'null') +
        delta(text).replace('"finish_reason":null', '"finish_reason":"stop"'),
    ],
    [
      'content in parts',
      `data: ${JSON.stringify({ choices: [{ delta: { content: [{ type: 'text', text }, { type: 'image' }] } }] })}\n\n${DONE}`,
    ],
    [
      'reasoning beside the words',
      `data: {"choices":[{"delta":{"reasoning_content":"hm"}}]}\n\n${delta(text)}${DONE}`,
    ],
    ['another choice', `data: {"choices":[{"index":1,"delta":{"content":"no"}}]}\n\n${delta(text)}${DONE}`],
    [
      'calls of tools that nobody offered',
      `${delta(text)}data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"rm","arguments":"{}"}}]}}]}\n\n${stopped('tool_calls')}${DONE}`,
    ],
    ['"error": null', delta(text, { error: null }) + DONE],
  ])('%s', async (_, bytes) => {
    server.speak(sends(bytes))
    expect(await hear()).toEqual(whole(text))
  })

  test('JSON in one piece, of a server that does not stream', async () => {
    const reply = { choices: [{ message: { role: 'assistant', content: text }, finish_reason: 'stop' }] }
    server.speak(sends(JSON.stringify(reply), { 'content-type': 'application/json' }))
    expect(await hear()).toEqual(whole(text))
  })

  test('any pieces are the same words, cut in the middle of a character, a line end or a field', async () => {
    const bytes = Buffer.from(
      `: hi\r\n\r\n${delta(text)}${delta('ß→\r').replaceAll('\n\n', '\r\n\r\n')}: ping\n\n${stopped()}${DONE}`,
    )
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(fc.nat(bytes.length), { maxLength: 8 })
          .map(cuts => [0, ...cuts.sort((a, b) => a - b), bytes.length]),
        async cuts => {
          server.speak(async response => {
            begin(response)
            for (let i = 1; i < cuts.length; i++) {
              response.write(bytes.subarray(cuts[i - 1], cuts[i]))
              // Each piece in a packet of its own.
              await new Promise(done => setImmediate(done))
            }
            response.end()
          })
          expect(await hear()).toEqual(whole(`${text}ß→\r`))
        },
      ),
      { numRuns: 150 },
    )
  })

  test('byte by byte', async () => {
    const bytes = Buffer.from(delta(text) + stopped())
    server.speak(async response => {
      begin(response)
      response.socket?.setNoDelay(true)
      for (const byte of bytes) {
        response.write(Buffer.from([byte]))
        await new Promise(done => setImmediate(done))
      }
      response.end()
    })
    expect(await hear()).toEqual(whole(text))
  })
})

describe('what goes wrong', () => {
  test.each([
    [
      'too many calls',
      sends('{"error":{"message":"my secret words"}}', { 'content-type': 'application/json' }, 429),
      '',
      'HTTP 429',
    ],
    ['a broken server', sends('<h1>oops</h1>', { 'content-type': 'text/html' }, 500), '', 'HTTP 500'],
    ['a wrong key', sends('{}', {}, 401), '', 'HTTP 401'],
    [
      'a page instead',
      sends('<!doctype html>', { 'content-type': 'text/html' }),
      '',
      'neither events nor JSON',
    ],
    [
      'an error in the stream',
      sends(`${delta('one\n')}data: {"error":{"message":"my secret words"}}\n\n`),
      'one\n',
      'said an error',
    ],
    [
      'an error in one piece',
      sends('{"error":"my secret words"}', { 'content-type': 'application/json' }),
      '',
      'said an error',
    ],
    ['half of JSON', sends(`${delta('one\n')}data: {"choi\n\n`), 'one\n', 'not JSON'],
    ['no JSON', sends('my secret words', { 'content-type': 'application/json' }), '', 'not JSON'],
    ['JSON of another kind', sends('[1]', { 'content-type': 'application/json' }), '', 'cut'],
    [
      'null frames',
      sends(`data: null\n\ndata: 7\n\ndata: {"choices":[null,{"delta":null}]}\n\n${DONE}`),
      '',
      'whole',
    ],
    ['nothing at all', sends(''), '', 'cut'],
    ['an end without one', sends(delta('one\n')), 'one\n', 'cut'],
    ['too few tokens', sends(delta('one\n') + stopped('length')), 'one\n', 'cut'],
    ['a filter', sends(delta('one\n') + stopped('content_filter')), 'one\n', 'cut'],
  ] as const)('%s', async (_, how, said, end) => {
    server.speak(how)
    expect(await hear()).toEqual({ said, end })
  })

  test.each([
    ['7', 7_000, 7_000],
    [new Date(Date.now() + 60_000).toUTCString(), 55_000, 60_000],
    [new Date(Date.now() - 60_000).toUTCString(), 0, 0],
    ['soon', undefined, undefined],
    [undefined, undefined, undefined],
  ])('a refusal tells its status and when to come back: %s', async (header, least, most) => {
    server.speak(sends('{}', header === undefined ? {} : { 'retry-after': header }, 429))
    const model = createLanguageModel({ url: server.url, model: 'small' }, createEnvironment())
    const failed = await model
      .say([{ role: 'user', content: '{}' }], new AbortController().signal)
      .next()
      .then(null, error => error as ModelFailed)
    expect(failed).toBeInstanceOf(ModelFailed)
    expect(failed).toMatchObject({ status: 429, message: 'HTTP 429' })
    const { waitMs } = failed as ModelFailed
    if (least === undefined || most === undefined) expect(waitMs).toBeUndefined()
    else expect(waitMs).toSatisfy(ms => Number(ms) >= least && Number(ms) <= most)
  })

  test('half an answer, then a reset', async () => {
    server.speak(response => {
      begin(response)
      response.write(delta('one\n'), () => setTimeout(() => response.socket?.resetAndDestroy(), 20))
    })
    const { said, end } = await hear()
    expect(said).toBe('one\n')
    expect(end).toMatch(/^(?:UND_ERR_SOCKET|ECONNRESET|broke off)$/)
  })

  test('nobody there', async () => {
    await server.close()
    expect((await hear()).end).toBe('ECONNREFUSED')
    server = await startModel()
  })

  test('[A6] a redirect is refused: words and key go to no other address', async () => {
    const other = await startModel()
    for (const status of [301, 302, 303, 307, 308]) {
      server.speak(sends('', { location: `${other.url}/chat/completions` }, status))
      expect((await hear({ key: 'sk-1' })).end).toBe('redirected')
    }
    expect(other.asked).toEqual([])
    await other.close()
  })

  test('more than eight sentences could ever take is no longer read', async () => {
    server.speak(async response => {
      begin(response)
      response.setMaxListeners(0)
      while (!response.destroyed)
        if (!response.write(delta('x'.repeat(60_000))))
          await new Promise(done => response.once('drain', done).once('close', done))
    })
    expect((await hear()).end).toBe('said too much')
    await server.asked[0]?.left
  })

  /** Time passes when the test says so. */
  function clock() {
    const waits: { ms: number; task: () => void }[] = []
    return {
      after(ms: number, task: () => void) {
        const wait = { ms, task }
        waits.push(wait)
        return () => {
          waits.splice(waits.indexOf(wait) >>> 0, 1)
        }
      },
      waits: () => waits.map(({ ms }) => ms).sort((a, b) => a - b),
      pass(ms: number) {
        for (const wait of [...waits]) if (wait.ms <= ms) wait.task()
      },
    }
  }
  const silent = (...words: string[]) => {
    server.speak(response => {
      begin(response)
      for (const word of words) response.write(word)
    })
  }

  test('[A7] no first word, comments or not', async () => {
    silent(': ping\n\n', delta(''))
    const time = clock()
    const heard = hear({}, time)
    await expect.poll(() => server.asked.length).toBe(1)
    time.pass(MODEL_FIRST_WITHIN_MS)
    expect(await heard).toEqual({ said: '', end: 'no first word' })
    await server.asked[0]?.left
    expect(time.waits()).toEqual([])
  })

  test('[A7] silence after some words', async () => {
    silent(delta('one'))
    const time = clock()
    const heard = hear({}, time)
    await expect.poll(time.waits).toEqual([MODEL_IDLE_MS, MODEL_TOTAL_MS])
    time.pass(MODEL_IDLE_MS)
    expect(await heard).toEqual({ said: 'one', end: 'fell silent' })
  })

  test('[A7] words without end', async () => {
    silent(delta('one'))
    const time = clock()
    const heard = hear({}, time)
    await expect.poll(time.waits).toEqual([MODEL_IDLE_MS, MODEL_TOTAL_MS])
    time.pass(MODEL_TOTAL_MS)
    expect((await heard).end).toMatch(/^(?:took too long|fell silent)$/)
  })

  test('[A7] who leaves ends the call at the model', async () => {
    silent(delta('one'))
    const abort = new AbortController()
    const heard = hear({}, createEnvironment(), abort.signal)
    await expect.poll(() => server.asked.length).toBe(1)
    abort.abort(new Error('left'))
    expect((await heard).end).toBe('left')
    await server.asked[0]?.left
  })

  test.each([1, 2, 3])('[A7] also when garbage was collected in the middle, time %i', async () => {
    silent(delta('one'))
    const abort = new AbortController()
    const heard = hear({}, createEnvironment(), abort.signal)
    await expect.poll(() => server.asked.length).toBe(1)
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    for (let i = 0; i < 20; i++) {
      await new Promise(setImmediate)
      collect()
    }
    abort.abort(new Error('left'))
    expect((await heard).end).toBe('left')
    await server.asked[0]?.left
  })
})

describe('[A6] where it may be', () => {
  const check = (change: object) => () =>
    checkLanguageModel({ url: 'https://api.example/v1', model: 'm', ...change })

  test.each([
    'https://api.example/v1',
    'http://localhost:11434/v1',
    'http://127.0.0.1:1234/v1/',
    'http://[::1]:1234/v1',
  ])('%s', url => {
    expect(check({ url })).not.toThrow()
  })

  test.each([
    [{ url: 'http://api.example/v1' }, /must be an https address .* got "http:\/\/api\.example\/v1"/],
    [{ url: 'http://127.0.0.1.evil.example/v1' }, /must be an https address/],
    [{ url: 'file:///etc/passwd' }, /must be an https address/],
    [{ url: 'api.example' }, /must be an https address/],
    [{ url: undefined }, /must be an https address/],
    [{ url: 'https://user:secret@api.example' }, /must hold no user, password, query or fragment/],
    [{ url: 'https://api.example/?key=secret' }, /must hold no user, password, query or fragment/],
    [{ model: '' }, /model must be the name of a model/],
    [{ key: 'a\nb' }, /key must be one line/],
    [{ parameters: [] }, /parameters must be an object/],
    [{ parameters: { tools: [] } }, /parameters must not hold tools/],
    [{ perHour: 0 }, /perHour must be a whole number above 0/],
  ])('%j is refused with a sentence', (change, sentence) => {
    expect(check(change)).toThrow(sentence)
  })

  test('a secret is never repeated', () => {
    for (const change of [{ url: 'https://user:secret@api.example' }, { key: 'secret\n' }])
      expect(check(change)).not.toThrow(/secret/)
  })
})
