// A model's answer as the page takes it: from a server that may be slow, broken or wrong, and ends in one answer always.

import { describe, expect, test } from 'vitest'
import { createRemoteAnswer, type Question } from '../../../src/bot/remoteAnswer'
import {
  ANSWER_FIRST_WITHIN_MS,
  ANSWER_IDLE_MS,
  ANSWER_TOTAL_MS,
  type AnswerRequest,
} from '../../../src/protocol/answer'
import { MAX_QUERY_CHARS } from '../../../src/protocol/search'
import { factsOf } from './scene'

const FEE = 'The fee is 5 % of each payment.'
const FREE = 'You can cancel on the page.'
const sentence = (text = FEE, span = text, more: object = {}) => ({
  type: 'sentence',
  text,
  span,
  citation: { articleId: 'fees', title: 'Fees', headingId: 'all', ...more },
})
const end = (outcome = 'answered') => ({ type: 'end', outcome })
const shown = (...texts: string[]) => texts.map(text => expect.objectContaining({ text }))

/** A server whose bytes the test sends; time passes when it says so. */
function scene(
  change: { status?: number; type?: string; token?: () => string | null | Promise<string | null> } = {},
) {
  const { status = 200, type = 'application/x-ndjson; charset=utf-8', token } = change
  const calls: { body: AnswerRequest; headers: Record<string, string>; init: RequestInit }[] = []
  let pipe: ReadableStreamDefaultController<Uint8Array> | undefined
  const waits = new Set<{ ms: number; task: () => void }>()
  const statuses = [status]
  const fetcher = (async (_url: string, init: RequestInit) => {
    calls.push({
      body: JSON.parse(String(init.body)) as AnswerRequest,
      headers: init.headers as Record<string, string>,
      init,
    })
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        pipe = controller
        init.signal?.addEventListener('abort', () => controller.error(init.signal?.reason))
      },
    })
    return new Response(body, {
      status: (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200,
      headers: { 'content-type': type },
    })
  }) as typeof fetch
  const remote = createRemoteAnswer({
    url: 'https://help.example/',
    fetch: fetcher,
    clock: {
      after(ms, task) {
        const wait = { ms, task }
        waits.add(wait)
        return () => waits.delete(wait)
      },
    },
    ...(token && { token }),
  })
  const seen: string[] = []
  let fallbacks = 0
  const ask = (question: Partial<Question<string>> = {}) =>
    remote.ask<string>({
      text: 'What is the fee?',
      facts: factsOf(undefined),
      fallback: () => `extract ${++fallbacks}`,
      onSentence: ({ text }) => seen.push(text),
      ...question,
    })
  const settled = () => new Promise(done => setTimeout(done, 0))
  return {
    calls,
    statuses,
    seen,
    ask,
    settled,
    fallbacks: () => fallbacks,
    waits: () => [...waits].map(({ ms }) => ms).sort((a, b) => a - b),
    pass(ms: number) {
      for (const wait of [...waits]) if (wait.ms === ms) wait.task()
    },
    bytes: (bytes: Uint8Array) => pipe?.enqueue(bytes),
    /** Lines as they are, or as JSON. */
    async send(...lines: (string | object)[]) {
      await settled()
      const text = lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
      pipe?.enqueue(new TextEncoder().encode(text))
      await settled()
    },
    async close() {
      await settled()
      pipe?.close()
    },
    async reset() {
      await settled()
      pipe?.error(new TypeError('network error'))
    },
  }
}

describe('what is asked', () => {
  test('[A6] the question masked, what ranks of the page, the actions by name; nothing else', async () => {
    const { ask, calls, send } = scene()
    const actions = new Map([['lookup', { does: 'Looks it up', sends: { withdrawal: 'Number' } }]])
    const facts = factsOf(undefined)
    const { turn } = ask({
      text: 'W-7731, card 4111 1111 1111 1111, mara@example.com',
      actions,
      facts: {
        page: {
          ...facts.page,
          url: 'https://shop.example/x',
          recentRoutes: ['/before'],
          errors: ['call +49 170 1234567'],
        },
        visitor: { ...facts.visitor, email: 'mara@example.com', name: 'Mara' },
      },
    })
    await send(end('unknown'))
    await turn
    const [call] = calls
    expect(call?.body).toMatchObject({
      v: 1,
      question: 'W-7731, card [card 1111], [email]',
      actions: ['lookup'],
    })
    expect(call?.body.facts.page.errors).toEqual(['call [phone]'])
    expect(JSON.stringify(call?.body)).not.toMatch(/mara|before|shop\.example|Looks/i)
    expect(call?.init).toMatchObject({
      method: 'POST',
      credentials: 'omit',
      redirect: 'error',
      cache: 'no-store',
    })
    expect(call?.headers).toEqual({ 'content-type': 'application/json' })
  })

  test('a pasted book is cut', async () => {
    const { ask, calls, send } = scene()
    const { turn } = ask({ text: 'fee '.repeat(9_999) })
    await send(end())
    await turn
    expect(calls[0]?.body.question.length).toBeLessThanOrEqual(MAX_QUERY_CHARS)
  })

  test('[A5] a token that is too old is asked for anew, once', async () => {
    let n = 0
    const made = scene({ token: () => `t-${++n}` })
    made.statuses.unshift(401)
    const { turn } = made.ask()
    await made.send(sentence(), end())
    expect(await turn).toMatchObject({ kind: 'answered' })
    expect(made.calls.map(({ headers }) => headers['x-asklet-token'])).toEqual(['t-1', 't-2'])
  })

  test.each([
    ['refused', () => 'same'],
    [
      'gone',
      (() => {
        let first = true
        return () => {
          const token = first ? 'one' : null
          first = false
          return token
        }
      })(),
    ],
    ['failing', () => Promise.reject(new Error('no token'))],
  ])('[A5] a token that is %s: the extractive answer, nobody else’s', async (_, token) => {
    const made = scene({ status: 401, token })
    expect(await made.ask().turn).toMatchObject({ kind: 'extract', answer: 'extract 1' })
  })
})

describe('what comes', () => {
  test('[A1] each sentence as it comes, then the whole', async () => {
    const { ask, send, seen, fallbacks } = scene()
    const { turn } = ask()
    await send(sentence())
    expect(seen).toEqual([FEE])
    await send('', sentence(FREE), end())
    expect(await turn).toEqual({ kind: 'answered', sentences: shown(FEE, FREE), isWhole: true })
    expect(fallbacks()).toBe(0)
  })

  test('[A1] cut anywhere, in the middle of a character too', async () => {
    const { ask, bytes, settled } = scene()
    const text = 'The fee of the café is 5 € for you.'
    const { turn } = ask()
    await settled()
    for (const byte of new TextEncoder().encode(
      `\n${JSON.stringify(sentence(text))}\n${JSON.stringify(end())}\n`,
    ))
      bytes(new Uint8Array([byte]))
    expect(await turn).toMatchObject({ sentences: shown(text), isWhole: true })
  })

  test('[A1] "I do not know" is an answer: nothing is looked for elsewhere', async () => {
    const { ask, send, fallbacks } = scene()
    const { turn } = ask()
    await send(end('unknown'))
    expect(await turn).toEqual({ kind: 'unknown' })
    expect(fallbacks()).toBe(0)
  })

  test.each([
    ['a number more', sentence('The fee is 6 % of each payment.', FEE)],
    ['a not less', sentence('You can cancel on the page.', 'You cannot cancel on the page.')],
    ['no words to rest on', { ...sentence(), span: undefined }],
    ['no article', { ...sentence(), citation: null }],
    ['an article without a name', sentence(FEE, FEE, { title: 7 })],
    ['a heading that is none', sentence(FEE, FEE, { headingId: {} })],
    ['a text that is none', sentence(['x'] as never)],
    ['a long one', sentence(`${FEE} `.repeat(20).trim())],
    ['a link', sentence('The fee is at https://evil.example.', FEE)],
  ])('[A3] a server that is wrong: %s is not shown', async (_, line) => {
    const { ask, send, seen } = scene()
    const { turn } = ask()
    await send(line, end())
    expect(await turn).toMatchObject({ kind: 'extract', answer: 'extract 1' })
    expect(seen).toEqual([])
  })

  test('[A3] of a citation only what it is made of is taken', async () => {
    const { ask, send } = scene()
    const { turn } = ask()
    await send(sentence(FEE, FEE, { url: 'https://evil.example' }), end())
    expect(await turn).toMatchObject({
      sentences: [{ citation: { articleId: 'fees', title: 'Fees', headingId: 'all' } }],
    })
    expect(JSON.stringify(await turn)).not.toContain('evil')
  })

  test.each([
    ['de', 'de'],
    ['x'.repeat(36), undefined],
  ])(
    'a citation in another language says in which; one that no message takes does not: %s',
    async (locale, kept) => {
      const { ask, send } = scene()
      const { turn } = ask()
      await send(sentence(FEE, FEE, { locale }), end())
      const said = await turn
      expect('sentences' in said && said.sentences[0]?.citation.locale).toBe(kept)
    },
  )

  test('what is repeated is shown once, and what a newer server says besides is passed by', async () => {
    const { ask, send, seen } = scene()
    const { turn } = ask()
    await send({ type: 'mood', mood: 'fine' }, sentence(), sentence(), end())
    expect(await turn).toMatchObject({ kind: 'answered', isWhole: true })
    expect(seen).toEqual([FEE])
  })
})

describe('[A4] actions', () => {
  const actions = new Map([['lookup', { does: 'Looks it up', sends: { withdrawal: 'Withdrawal number' } }]])
  const proposed = (name: string, details: unknown = {}) => ({ type: 'action', name, details })

  test('a proposal is a question: what it would be handed, word for word of the visitor', async () => {
    const { ask, send } = scene()
    const { turn } = ask({ text: 'Where is W-7731?', actions })
    await send(proposed('lookup', { withdrawal: 'W-7731', other: 'W-7731' }), sentence(), end())
    expect(await turn).toEqual({
      kind: 'answered',
      sentences: [],
      isWhole: true,
      proposal: {
        action: 'lookup',
        details: { withdrawal: 'W-7731' },
        sends: [{ label: 'Withdrawal number', value: 'W-7731' }],
      },
    })
  })

  test.each([
    proposed('deleteAccount'),
    proposed('__proto__'),
    proposed('constructor'),
    { type: 'action', name: { toString: 'lookup' } },
  ])('one that is not registered is none: %j', async line => {
    const { ask, send } = scene()
    const { turn } = ask({ actions })
    await send(line, end())
    expect(await turn).toMatchObject({ kind: 'extract' })
  })

  test.each([null, 'W-1', { withdrawal: 'W-1' }, { withdrawal: '773' }, { withdrawal: ['W-7731'] }])(
    'details %j are not handed on',
    async details => {
      const { ask, send } = scene()
      const { turn } = ask({ text: 'Where is W-7731?', actions })
      await send(proposed('lookup', details), end())
      expect(await turn).toMatchObject({ proposal: { details: {}, sends: [] } })
    },
  )
})

describe('[A7] one answer always, never two', () => {
  test.each([
    ['withheld', [end('withheld')]],
    ['failed', [end('failed')]],
    ['answered without a sentence', [end()]],
    ['an end that nobody knows', [end('exploded')]],
    ['no JSON', ['<html>']],
    ['null', ['null', '7', end('failed')]],
  ])('%s: the extractive answer', async (_, lines) => {
    const { ask, send, fallbacks } = scene()
    const { turn } = ask()
    await send(...lines)
    expect(await turn).toMatchObject({ kind: 'extract', answer: 'extract 1' })
    expect(fallbacks()).toBe(1)
  })

  test.each([
    ['too often', { status: 429 }, 'HTTP 429'],
    ['a server without a model', { status: 404 }, 'HTTP 404'],
    ['a page', { type: 'text/html' }, 'HTTP 200'],
  ])('%s: the extractive answer', async (_, change, why) => {
    expect(await scene(change).ask().turn).toEqual({ kind: 'extract', answer: 'extract 1', why })
  })

  test('cut before a sentence: the extractive answer; after one: that one, and that it is not whole', async () => {
    for (const cut of ['close', 'reset'] as const) {
      const before = scene()
      const first = before.ask()
      await before[cut]()
      expect(await first.turn).toMatchObject({ kind: 'extract' })

      const after = scene()
      const second = after.ask()
      await after.send(sentence())
      await after[cut]()
      expect(await second.turn).toEqual({ kind: 'answered', sentences: shown(FEE), isWhole: false })
      expect(after.fallbacks()).toBe(0)
    }
  })

  test('a model that broke off is said', async () => {
    const { ask, send } = scene()
    const { turn } = ask()
    await send(sentence(), end('cut'))
    expect(await turn).toMatchObject({ kind: 'answered', isWhole: false })
  })

  test('no reply in time', async () => {
    const { ask, pass, waits } = scene({ token: () => new Promise(() => {}) })
    const { turn } = ask()
    expect(waits()).toEqual([ANSWER_FIRST_WITHIN_MS, ANSWER_TOTAL_MS])
    pass(ANSWER_FIRST_WITHIN_MS)
    expect(await turn).toEqual({ kind: 'extract', answer: 'extract 1', why: 'no reply' })
    expect(waits()).toEqual([])
  })

  test('silence, which an empty line breaks', async () => {
    const { ask, pass, send, settled, waits, calls } = scene()
    const { turn } = ask()
    await settled()
    expect(waits()).toEqual([ANSWER_IDLE_MS, ANSWER_TOTAL_MS])
    await send('')
    pass(ANSWER_IDLE_MS)
    expect(await turn).toMatchObject({ why: 'fell silent' })
    expect(calls[0]?.init.signal?.aborted).toBe(true)
    expect(waits()).toEqual([])
  })

  test('signs of life for ever', async () => {
    const { ask, pass, send } = scene()
    const { turn } = ask()
    await send('', '')
    pass(ANSWER_TOTAL_MS)
    expect(await turn).toMatchObject({ why: 'took too long' })
  })

  test('bytes without end', async () => {
    const { ask, settled, bytes } = scene()
    const { turn } = ask()
    await settled()
    for (let n = 0; n < 10; n++) bytes(new Uint8Array(10_000).fill(120))
    expect(await turn).toMatchObject({ kind: 'extract' })
  })

  test('stopped before a sentence: nothing; the call is ended at once', async () => {
    const { ask, settled, calls, fallbacks, waits } = scene()
    const run = ask()
    await settled()
    run.stop()
    expect(await run.turn).toEqual({ kind: 'stopped', sentences: [] })
    expect(calls[0]?.init.signal?.aborted).toBe(true)
    expect([fallbacks(), waits()]).toEqual([0, []])
  })

  test('stopped after one: it stays, and no later one comes', async () => {
    const { ask, send, seen } = scene()
    const run = ask()
    await send(sentence())
    run.stop()
    await send(sentence(FREE)).catch(() => {})
    expect(await run.turn).toEqual({ kind: 'stopped', sentences: shown(FEE) })
    expect(seen).toEqual([FEE])
  })

  test('stopped while the extractive answer is looked for', async () => {
    const { ask, send, settled } = scene()
    let find = (_: string) => {}
    const run = ask({
      fallback: () =>
        new Promise<string>(done => {
          find = done
        }),
    })
    await send(end('failed'))
    await settled()
    run.stop()
    find('late')
    expect(await run.turn).toEqual({ kind: 'stopped', sentences: [] })
  })

  test('to try again is to ask again', async () => {
    const made = scene()
    const first = made.ask()
    await made.send(sentence(), end('cut'))
    await first.turn
    const second = made.ask()
    await made.send(sentence(), sentence(FREE), end())
    expect(await second.turn).toMatchObject({ sentences: shown(FEE, FREE), isWhole: true })
  })
})
