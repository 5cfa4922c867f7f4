// A lead at the review queue: what is asked next, and that no word is lost.

import { describe, expect, test } from 'vitest'
import { createReviewModel, type ReviewParts, wantsArticle } from '../../../src/desk/reviewModel'
import type { ReviewFigures, ReviewItem } from '../../../src/protocol/reviews'
import type { Suggestion } from '../../../src/search/searchProvider'

const FIGURES: ReviewFigures = {
  days: 91,
  judged: 0,
  waiting: 3,
  strata: [],
  bot: null,
  agents: null,
  handoffs: null,
}
const itemOf = (n: number, change: Partial<ReviewItem> = {}): ReviewItem => ({
  itemId: `item-000${n}`,
  kind: 'answer',
  stratum: 'answers',
  at: 0,
  revision: 0,
  question: `Question ${n}?`,
  before: [],
  answer: ['Answer.'],
  sources: [{ articleId: 'a/source', title: 'Source' }],
  verdict: null,
  article: null,
  words: '',
  ...change,
})
const suggestion = (articleId: string): Suggestion => ({
  kind: 'article',
  articleId,
  title: articleId,
  summary: '',
  highlights: [],
  reasons: [],
  score: 1,
})

/** A server of a few lines, over `items`; `later` runs what the model waits with. */
function scene(items: ReviewItem[], change: Partial<ReviewParts> = {}) {
  const asked: { name: string; body: Record<string, unknown> }[] = []
  const waits: (() => void)[] = []
  let refusal: string | null = null
  const request = async (name: string, body: Record<string, unknown>) => {
    asked.push({ name, body })
    if (refusal) return { ok: false, code: refusal, retry: true }
    if (name === 'judge') {
      const at = items.findIndex(({ itemId }) => itemId === body.itemId)
      const there = items[at]
      if (!there) return { ok: false, code: 'not_found', retry: false }
      if (there.revision !== body.expected) return { ok: false, code: 'stale_assignment', retry: false }
      items[at] = {
        ...there,
        revision: there.revision + 1,
        verdict: body.verdict as never,
        words: String(body.words),
      }
      return { ok: true, revision: there.revision + 1 }
    }
    const skipped = (body.skipped ?? []) as string[]
    const item = body.itemId
      ? items.find(({ itemId }) => itemId === body.itemId)
      : items.find(({ itemId, verdict }) => verdict === null && !skipped.includes(itemId))
    return {
      ok: true,
      item: item ?? null,
      waiting: items.filter(({ verdict }) => verdict === null).length,
      figures: FIGURES,
      isBehind: false,
    }
  }
  const model = createReviewModel({
    line: {
      request: request as never,
      env: {
        after: (_ms, task) => {
          waits.push(task)
          return () => waits.splice(waits.indexOf(task), 1)
        },
      },
    },
    search: { suggest: async words => [suggestion(`found/${words.length}`)] },
    ...change,
  })
  return {
    model,
    asked,
    refuse: (code: string | null) => {
      refusal = code
    },
    later: () => waits.splice(0).forEach(task => task()),
  }
}
const settled = () => new Promise(done => setImmediate(done))

describe('one after the other', () => {
  test('a verdict by key, saved, and the next is there; at the end nothing is', async () => {
    const { model, asked } = scene([itemOf(1), itemOf(2)])
    await model.begin()
    expect(model.item.value?.itemId).toBe('item-0001')
    model.press(4)
    expect(model.draft.value.verdict).toBe('shouldHaveHandedOver')
    model.press(9)
    expect(model.draft.value.verdict).toBe('shouldHaveHandedOver')
    await model.save()
    expect(asked.find(({ name }) => name === 'judge')?.body).toEqual({
      v: 1,
      itemId: 'item-0001',
      expected: 0,
      verdict: 'shouldHaveHandedOver',
      article: null,
      words: '',
    })
    expect(model.item.value?.itemId).toBe('item-0002')
    expect(model.draft.value.verdict).toBeNull()
    model.press(1)
    await model.save()
    expect(model.item.value).toBeNull()
    expect(model.status.value).toBe('ready')
  })

  test('without a verdict nothing is saved, and two presses are one', async () => {
    const { model, asked } = scene([itemOf(1), itemOf(2)])
    await model.begin()
    await model.save()
    model.press(1)
    await Promise.all([model.save(), model.save()])
    expect(asked.filter(({ name }) => name === 'judge')).toHaveLength(1)
  })

  test('a verdict, an article or words that are not saved are asked about before the window closes', async () => {
    const { model } = scene([itemOf(1), itemOf(2)])
    await model.begin()
    expect(model.isEdited.value).toBe(false)
    model.press(2)
    expect(model.isEdited.value).toBe(true)
    model.change({ verdict: null })
    model.change({ words: ' ' })
    expect(model.isEdited.value).toBe(false)
    model.change({ verdict: 'wrong', article: { articleId: 'a/b', title: 'B' } })
    expect(model.isEdited.value).toBe(true)
    await model.save()
    expect(model.isEdited.value).toBe(false)
  })

  test('what is passed over comes again when it is asked for', async () => {
    const { model } = scene([itemOf(1), itemOf(2)])
    await model.begin()
    await model.skip()
    expect(model.item.value?.itemId).toBe('item-0002')
    await model.skip()
    expect(model.item.value).toBeNull()
    expect(model.skipped.value).toBe(2)
    await model.again()
    expect(model.item.value?.itemId).toBe('item-0001')
  })

  test('back to the last one, with what was said of it, and on', async () => {
    const { model } = scene([itemOf(1), itemOf(2)])
    await model.begin()
    expect(model.canGoBack.value).toBe(false)
    model.press(2)
    model.change({ words: 'Cards only.' })
    await model.save()
    await model.back()
    expect(model.draft.value).toMatchObject({ verdict: 'wrong', words: 'Cards only.' })
    model.press(1)
    await model.save()
    expect(model.problem.value).toBeNull()
    expect(model.item.value?.itemId).toBe('item-0002')
  })
})

describe('nothing typed is lost', () => {
  test('[R4] another lead was faster: theirs is shown, mine stays, and saving replaces it', async () => {
    const items = [itemOf(1), itemOf(2)]
    const { model } = scene(items)
    await model.begin()
    model.press(3)
    model.change({ words: 'Bank or card?' })
    items[0] = itemOf(1, { revision: 1, verdict: 'right' })
    await model.save()
    expect(model.problem.value).toBe('changed')
    expect(model.item.value?.verdict).toBe('right')
    expect(model.draft.value).toMatchObject({ verdict: 'shouldHaveAsked', words: 'Bank or card?' })
    await model.save()
    expect(items[0]).toMatchObject({ revision: 2, verdict: 'shouldHaveAsked', words: 'Bank or card?' })
    expect(model.item.value?.itemId).toBe('item-0002')
  })

  test('a save without an answer keeps all, and is said again', async () => {
    const { model, refuse } = scene([itemOf(1)])
    await model.begin()
    model.press(1)
    model.change({ words: 'Well said.' })
    refuse('no_answer')
    await model.save()
    expect(model.problem.value).toBe('noAnswer')
    expect(model.draft.value.words).toBe('Well said.')
    refuse(null)
    await model.save()
    expect(model.item.value).toBeNull()
  })

  test.each([
    ['store_unavailable', 'failed'],
    ['not_found', 'off'],
    ['bad_request', 'off'],
  ])('%s shows that it is %s, and no item as if it were still to be judged', async (code, status) => {
    const { model, refuse } = scene([itemOf(1)])
    await model.begin()
    refuse(code)
    await model.skip()
    expect(model.status.value).toBe(status)
    expect(model.item.value).toBeNull()
  })

  test('what a newer server says otherwise is no item', async () => {
    const { model } = scene([itemOf(1, { kind: 'hologram' as never })])
    await model.begin()
    expect(model.status.value).toBe('failed')
  })
})

describe('where the right answer is', () => {
  test('sources first, then what the question finds, then what is looked for; the chosen one stays', async () => {
    const { model, asked, later } = scene([itemOf(1)])
    await model.begin()
    await settled()
    expect(model.articles.value?.map(({ articleId }) => articleId)).toEqual(['a/source', 'found/11'])
    const chosen = { articleId: 'found/11', title: 'found/11' }
    model.change({ verdict: 'wrong', article: chosen })
    model.find('card')
    later()
    await settled()
    expect(model.articles.value?.map(({ articleId }) => articleId)).toEqual([
      'found/11',
      'a/source',
      'found/4',
    ])
    await model.save()
    expect(asked.find(({ name }) => name === 'judge')?.body.article).toEqual(chosen)
  })

  test('is not said of an answer that was right, nor where no article says it', async () => {
    const { model, asked } = scene([itemOf(1), itemOf(2)])
    await model.begin()
    model.change({ verdict: 'right', article: { articleId: 'a/b', title: 'B' } })
    await model.save()
    model.change({ verdict: 'wrong', article: 'none' })
    await model.save()
    expect(asked.filter(({ name }) => name === 'judge').map(({ body }) => body.article)).toEqual([null, null])
    expect(['right', 'wrong', 'shouldHaveAnswered', null].map(each => wantsArticle(each as never))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test('a server without help has nothing to choose from, and one that fails keeps the sources', async () => {
    const missing = scene([itemOf(1)], {
      search: { suggest: () => Promise.reject(Object.assign(new Error(), { code: 'index_missing' })) },
    })
    await missing.model.begin()
    await settled()
    expect(missing.model.articles.value).toBeNull()
    const down = scene([itemOf(1)], { search: { suggest: () => Promise.reject(new Error('down')) } })
    await down.model.begin()
    await settled()
    expect(down.model.articles.value).toHaveLength(1)
    const none = scene([itemOf(1)], { search: null })
    await none.model.begin()
    expect(none.model.articles.value).toBeNull()
  })
})
