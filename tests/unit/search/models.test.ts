import { describe, expect, test } from 'vitest'
import { AskletError } from '../../../src/base/errors'
import type { Article } from '../../../src/knowledge/article'
import { createReaderModel } from '../../../src/search/readerModel'
import { createSearchModel } from '../../../src/search/searchModel'
import type { Suggestion } from '../../../src/search/searchProvider'
import { createManualClock } from '../../../src/testing/manualClock'
import { articleFile, factsAt, shelf } from './shelf'

const settle = () => new Promise<void>(resolve => setImmediate(resolve))

function suggestion(articleId: string): Suggestion {
  const reasons = [{ kind: 'words' as const }]
  return { kind: 'article', articleId, title: articleId, summary: '', highlights: [], reasons, score: 1 }
}

/** A search whose answers the test gives, in the order it likes. */
function searchScene() {
  const clock = createManualClock()
  const asked: {
    query: string
    answer(ids: string[]): void
    fail(): void
    signal: AbortSignal | undefined
  }[] = []
  const kept = { query: '' }
  const journal: string[] = []
  const failures: unknown[] = []
  const deps = {
    provider: {
      suggest: (query: string, _: unknown, options?: { signal?: AbortSignal }) =>
        new Promise<readonly Suggestion[]>((resolve, reject) => {
          asked.push({
            query,
            answer: ids => resolve(ids.map(suggestion)),
            fail: () => reject(new AskletError('network', 'cut')),
            signal: options?.signal,
          })
        }),
      passages: async () => [],
      article: async () => {
        throw new Error('not asked here')
      },
    },
    clock,
    facts: () => factsAt(),
    storage: {
      get: () => kept.query || null,
      set: (query: string) => {
        kept.query = query
      },
    },
    onSuggested: (query: string, found: readonly Suggestion[]) => journal.push(`${query}:${found.length}`),
    onFailed: (error: unknown) => failures.push(error),
  }
  const model = createSearchModel(deps)
  const last = () => asked[asked.length - 1]
  return { model, clock, asked, last, kept, journal, failures, again: () => createSearchModel(deps) }
}

const ids = (list: readonly Suggestion[]) => list.map(({ articleId }) => articleId)

test('an answer that was overtaken by a further key is dropped, and its request aborted', async () => {
  const { model, asked } = searchScene()
  model.type('p')
  model.type('pa')
  asked[1]?.answer(['payments'])
  await settle()
  asked[0]?.answer(['profile'])
  await settle()
  expect(ids(model.suggestions.value)).toEqual(['payments'])
  expect(asked[0]?.signal?.aborted).toBe(true)
  expect(model.status.value).toBe('idle')
})

test('no answer for 300 ms: said to be stalled, and the old list stays', async () => {
  const { model, clock, last } = searchScene()
  model.type('pa')
  last()?.answer(['payments'])
  await settle()
  model.type('pay')
  clock.advance(299)
  expect(model.status.value).toBe('loading')
  clock.advance(1)
  expect(model.status.value).toBe('stalled')
  expect(ids(model.suggestions.value)).toEqual(['payments'])
  last()?.answer([])
  await settle()
  expect(model.status.value).toBe('idle')
  expect(clock.pending(), 'that it rests').toBe(1)
})

test('how many there are may be said once words and list have stood for a second, not with every key', async () => {
  const { model, clock, last } = searchScene()
  model.type('p')
  last()?.answer(['payments', 'profile'])
  await settle()
  clock.advance(600)
  model.type('pa')
  last()?.answer(['payments'])
  await settle()
  clock.advance(999)
  expect(model.rests.value).toBe(false)
  clock.advance(1)
  expect(model.rests.value).toBe(true)
  model.type('pay')
  expect(model.rests.value).toBe(false)
  expect(clock.pending(), 'only that no answer comes').toBe(1)
})

test('a failure is said, kept apart from "nothing found", and asking again can succeed', async () => {
  const { model, last, failures } = searchScene()
  model.type('pay')
  last()?.fail()
  await settle()
  expect([model.status.value, model.suggestions.value, failures.length]).toEqual(['failed', [], 1])
  model.refresh()
  expect(last()?.query).toBe('pay')
  last()?.answer(['payments'])
  await settle()
  expect(model.status.value).toBe('idle')
})

test('the draft of the query comes back after a reload, and nothing is asked before the panel asks', () => {
  const { model, again, asked } = searchScene()
  model.type('how do I get pa')
  const reloaded = again()
  expect(reloaded.query.value).toBe('how do I get pa')
  expect(asked).toHaveLength(1)
})

test('arrow keys go through the rows and the text field, around both ends', async () => {
  const { model, last } = searchScene()
  model.type('x')
  last()?.answer(['a', 'b'])
  await settle()
  const rows = [1, 1, 1, -1, -1].map(step => {
    model.move(step as 1 | -1)
    return model.active.value
  })
  expect(rows).toEqual([0, 1, -1, 1, 0])
  model.activate(7)
  expect(model.active.value).toBe(-1)
})

test('the journal hears what was offered for what was typed, once an answer', async () => {
  const { model, last, journal } = searchScene()
  model.type('p')
  model.type('pa')
  last()?.answer(['a', 'b'])
  await settle()
  expect(journal).toEqual(['pa:2'])
})

test('after dispose a late answer changes nothing', async () => {
  const { model, last, clock } = searchScene()
  model.type('p')
  model.dispose()
  last()?.answer(['a'])
  await settle()
  clock.advance(1_000)
  expect(ids(model.suggestions.value)).toEqual([])
  expect(model.status.value).toBe('loading')
})

describe('a search that has told a part of what it will know', () => {
  const partScene = () => {
    let bring = () => {}
    const rest = new Promise<void>(resolve => {
      bring = resolve
    })
    const asked: string[] = []
    const model = createSearchModel({
      provider: {
        suggest: async query => {
          asked.push(query)
          return asked.length > 1 ? ['new', 'a'].map(suggestion) : [suggestion('a')]
        },
        passages: async () => [],
        article: async () => {
          throw new Error('not asked here')
        },
        // Never says that it has all: whoever asks without end would show here.
        pending: () => rest,
      },
      clock: createManualClock(),
      facts: () => factsAt(),
    })
    const arrive = () => {
      bring()
      return settle()
    }
    return { model, asked, bring: arrive }
  }

  test('is asked the same again, once; the row under the keyboard stays the same article', async () => {
    const { model, asked, bring } = partScene()
    model.type('p')
    await settle()
    model.activate(0)
    await bring()
    expect(asked).toEqual(['p', 'p'])
    expect(ids(model.suggestions.value)).toEqual(['new', 'a'])
    expect(model.active.value).toBe(1)
  })

  test.each(['dispose', 'forget'] as const)('is asked nothing after %s', async end => {
    const { model, asked, bring } = partScene()
    model.type('p')
    await settle()
    model[end]()
    await bring()
    expect(asked).toEqual(['p'])
  })
})

function readerScene(fail?: () => unknown) {
  const clock = createManualClock()
  const events: string[] = []
  const held: (() => void)[] = []
  const model = createReaderModel({
    provider: {
      article: id =>
        new Promise<Article>((resolve, reject) => {
          held.push(() => {
            const error = fail?.()
            const found = shelf.find(article => article.id === id)
            if (error || !found) reject(error ?? new AskletError('article_missing', id))
            else resolve(articleFile(found))
          })
        }),
    },
    clock,
    onOpened: (article, headingId) => events.push(`opened ${article.id}${headingId ? `#${headingId}` : ''}`),
    onSolved: (article, solved) => events.push(`${solved} ${article.id}`),
  })
  const arrive = async () => {
    held.shift()?.()
    await settle()
  }
  return { model, clock, events, arrive }
}

test('an article opens at its heading; it is asked about once', async () => {
  const { model, events, arrive } = readerScene()
  void model.open('payments/withdraw', 'set-up-a-bank-account')
  expect(model.status.value).toBe('loading')
  await arrive()
  expect([model.article.value?.title, model.headingId.value]).toEqual([
    'Withdraw your earnings',
    'set-up-a-bank-account',
  ])
  model.say('yes')
  model.say('no')
  expect(model.solved.value).toBe('yes')
  expect(events).toEqual(['opened payments/withdraw#set-up-a-bank-account', 'yes payments/withdraw'])
})

test('an article that is gone is missing; one that could not be fetched has failed and can be tried again', async () => {
  const gone = readerScene()
  void gone.model.open('no/such')
  await gone.arrive()
  expect(gone.model.status.value).toBe('missing')

  let isCut = true
  const cut = readerScene(() => (isCut ? new AskletError('network', 'cut') : undefined))
  void cut.model.open('profile/photo')
  cut.clock.advance(300)
  expect(cut.model.status.value).toBe('stalled')
  await cut.arrive()
  expect(cut.model.status.value).toBe('failed')
  isCut = false
  cut.model.retry()
  await cut.arrive()
  expect([cut.model.status.value, cut.model.article.value?.id]).toEqual(['idle', 'profile/photo'])
})

test('what was read is listed once each, newest last; closing while loading shows nothing later', async () => {
  const { model, arrive } = readerScene()
  for (const id of ['profile/photo', 'jobs/post', 'profile/photo']) {
    void model.open(id)
    await arrive()
  }
  expect(model.read.value.map(({ articleId }) => articleId)).toEqual(['jobs/post', 'profile/photo'])
  void model.open('contracts/end')
  model.close()
  await arrive()
  expect([model.article.value, model.status.value]).toEqual([null, 'idle'])
})

test('forgetting takes what was typed and found, drops the answer on its way, and asks nothing', async () => {
  const { model, asked, last, kept, journal } = searchScene()
  model.type('my private matter')
  last()?.answer(['private/one'])
  await settle()
  model.type('my private matters')
  model.forget()
  last()?.answer(['private/two'])
  await settle()
  expect([model.query.value, model.suggestions.value, model.status.value, kept.query]).toEqual([
    '',
    [],
    'idle',
    '',
  ])
  expect([asked.length, journal]).toEqual([2, ['my private matter:1']])
})
