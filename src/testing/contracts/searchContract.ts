// What every SearchProvider keeps, whoever wrote it (Q1 to Q7 of `search/searchProvider.ts`). Runs without a test
// framework: each case rejects with a sentence when the rule is broken.

import { AskletError } from '../../base/errors'
import type { IndexedArticle } from '../../knowledge/indexFile'
import type { Facts } from '../../protocol/facts'
import type { SearchProvider } from '../../search/searchProvider'
import { bareIndexed } from '../bareArticle'
import { type ContractCase, expectTrue } from './contractCase'

export interface SearchContractSetup {
  /** A provider over exactly these articles, which its visitor may all read. */
  create(articles: readonly IndexedArticle[]): SearchProvider | Promise<SearchProvider>
  /** A provider that cannot reach what it needs. */
  createUnreachable(): SearchProvider | Promise<SearchProvider>
}

/** A visitor on a page that no article names. */
export const contractFacts: Facts = {
  page: {
    url: 'https://host.example/start',
    route: '/start',
    title: 'Start',
    name: 'Start',
    headings: [],
    language: 'en',
    data: {},
  },
  visitor: { locale: 'en', role: 'client', attributes: {} },
}

const article = (
  id: string,
  title: string,
  text: string,
  more: Partial<IndexedArticle> = {},
): IndexedArticle => bareIndexed({ id, title, sections: [{ headingId: '', headingText: '', text }], ...more })

/** Small, and one subject each, so that the rules can be judged without taste. */
export const contractArticles: readonly IndexedArticle[] = [
  article(
    'boats/rent',
    'Rent a rowing boat',
    'Choose a boat and a day, then pay at the jetty. The oars are in the boat.',
    {
      questions: ['Where are the oars?'],
      sections: [
        { headingId: '', headingText: '', text: 'Choose a boat and a day, then pay at the jetty.' },
        { headingId: 'oars', headingText: 'Oars and vests', text: 'The oars are in the boat.' },
      ],
    },
  ),
  article('boats/return', 'Bring a boat back', 'Tie the boat to the jetty and hand in the key.'),
  article('lake/swim', 'Swim in the lake', 'Swimming is allowed between the red buoys.', { kind: 'policy' }),
  article('lake/fish', 'Fishing permits', 'A permit for a day costs ten.', { roles: ['angler'] }),
  ...Array.from({ length: 8 }, (_, i) =>
    article(`huts/${i + 1}`, `Book hut number ${i + 1}`, 'Huts have a stove.'),
  ),
]

async function codeOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call()
  } catch (error) {
    return error instanceof AskletError ? error.code : `no AskletError: ${error}`
  }
  return 'no rejection'
}

export function searchContract(setup: SearchContractSetup): readonly ContractCase[] {
  const facts = contractFacts
  const provider = () => setup.create(contractArticles)
  return [
    {
      title: '[Q1] at most six suggestions by default, at most `limit` when asked',
      async run() {
        const search = await provider()
        const [usual, two] = [
          await search.suggest('hut', facts),
          await search.suggest('hut', facts, { limit: 2 }),
        ]
        expectTrue(usual.length === 6, `eight huts, six by default: got ${usual.length}`)
        expectTrue(two.length === 2, `limit 2: got ${two.length}`)
      },
    },
    {
      title: '[Q1] best first, and no article twice',
      async run() {
        const search = await provider()
        for (const query of ['boat', 'hut', 'lake', '', 'where are the oars']) {
          const found = await search.suggest(query, facts)
          const ids = found.map(({ articleId }) => articleId)
          expectTrue(new Set(ids).size === ids.length, `"${query}" gave an article twice: ${ids}`)
          expectTrue(
            found.every(({ score }, i) => i === 0 || score <= (found[i - 1]?.score ?? 0)),
            `"${query}" is not sorted by score`,
          )
        }
        const [first] = await search.suggest('swim', facts)
        expectTrue(
          first?.articleId === 'lake/swim',
          `"swim" must find the lake first, got ${first?.articleId}`,
        )
      },
    },
    {
      title: '[Q1] an empty query offers something to start with',
      async run() {
        expectTrue((await (await provider()).suggest('', facts)).length > 0, 'nothing for an empty query')
      },
    },
    {
      title: '[Q2] nothing for what no article speaks of',
      async run() {
        const search = await provider()
        for (const query of ['quantum chromodynamics', 'zzzzqqq', '???'])
          expectTrue((await search.suggest(query, facts)).length === 0, `"${query}" must find nothing`)
        expectTrue(
          (await search.passages('quantum chromodynamics', facts, 3)).length === 0,
          'a passage about nothing',
        )
      },
    },
    {
      title: '[Q3] only articles that exist for this visitor, and each can be opened',
      async run() {
        const search = await provider()
        for (const { articleId, title } of await search.suggest('boat', facts)) {
          const opened = await search.article(articleId)
          expectTrue(opened.id === articleId, `"${title}" opens ${opened.id} instead of ${articleId}`)
        }
        const code = await codeOf(() => search.article('staff/secret'))
        expectTrue(
          code === 'article_missing',
          `an unknown article must reject with article_missing, got ${code}`,
        )
      },
    },
    {
      title:
        '[Q4] what cannot be reached rejects with `index_missing` or `network`, never with an empty list',
      async run() {
        const search = await setup.createUnreachable()
        for (const call of [
          () => search.suggest('boat', facts),
          () => search.suggest('', facts),
          () => search.passages('boat', facts, 3),
          () => search.article('boats/rent'),
        ]) {
          const code = await codeOf(call)
          expectTrue(code === 'index_missing' || code === 'network', `got ${code}`)
        }
      },
    },
    {
      title: '[Q5] the same query, facts and index give the same answer',
      async run() {
        const [one, other] = [await provider(), await setup.create([...contractArticles].reverse())]
        for (const query of ['', 'b', 'boat', 'bring bota', 'hut number'])
          expectTrue(
            JSON.stringify(await one.suggest(query, facts)) ===
              JSON.stringify(await other.suggest(query, facts)),
            `"${query}" was answered in two ways`,
          )
      },
    },
    {
      title: '[Q5] an answer is the caller’s: what was said before and since changes none',
      async run() {
        const search = await provider()
        const [first] = await Promise.all(
          ['boat', 'bo', 'hut', 'boat'].map(text => search.suggest(text, facts)),
        )
        await search.passages('Where are the oars?', facts, 3)
        expectTrue(
          JSON.stringify(await search.suggest('boat', facts)) === JSON.stringify(first),
          '"boat" was answered in another way after other questions',
        )
      },
    },
    {
      title: '[Q6] an aborted question rejects with the reason of its signal, and the next one is answered',
      async run() {
        const search = await provider()
        const reason = new Error('typed on')
        const early = new AbortController()
        early.abort(reason)
        const late = new AbortController()
        const calls = [early, late].map(({ signal }) => search.suggest('boat', facts, { signal }))
        const ends = Promise.allSettled(calls)
        late.abort(reason)
        for (const end of await ends)
          expectTrue(
            end.status === 'rejected' && end.reason === reason,
            end.status === 'rejected' ? `rejected with ${end.reason}` : 'resolved',
          )
        expectTrue((await search.suggest('boat', facts)).length > 0, 'nothing after an aborted question')
      },
    },
    {
      title: '[Q7] a pasted page is a question too',
      async run() {
        const search = await provider()
        const pasted = `rowing boat ${'boat '.repeat(4_000)}`
        const [found] = await search.suggest(pasted, facts)
        expectTrue(found?.articleId === 'boats/rent', `20 000 characters of boats found ${found?.articleId}`)
        expectTrue((await search.passages(pasted, facts, 1)).length === 1, 'no passage for 20 000 characters')
        await search.suggest('x'.repeat(20_000), facts)
      },
    },
    {
      title: 'an index may be asked for the page’s own words, however many the page has',
      async run() {
        const search = await provider()
        const page = {
          ...facts.page,
          name: 'Boats '.repeat(50),
          headings: Array(20).fill('Boats '.repeat(20)),
        }
        expectTrue((await search.suggest('boat', { ...facts, page })).length > 0, 'nothing on a wordy page')
      },
    },
    {
      title: 'highlights are ranges inside the title, in order, apart from each other',
      async run() {
        const search = await provider()
        for (const query of ['b', 'boat re', 'where oars', 'rowing-boat'])
          for (const { title, highlights } of await search.suggest(query, facts)) {
            let end = 0
            for (const [from, to] of highlights) {
              expectTrue(
                from >= end && to > from && to <= title.length,
                `"${query}" marks ${from}-${to} of "${title}"`,
              )
              end = to
            }
          }
      },
    },
    {
      title: 'every suggestion gives at least one reason',
      async run() {
        const search = await provider()
        for (const query of ['', 'boat'])
          for (const { title, reasons } of await search.suggest(query, facts))
            expectTrue(reasons.length > 0, `no reason for "${title}"`)
      },
    },
    {
      title: 'passages are short, sure to a degree between 0 and 1, best first, and name their heading',
      async run() {
        const found = await (await provider()).passages('Where are the oars of the boat?', facts, 3)
        expectTrue(found.length > 0 && found.length <= 3, `got ${found.length} passages, want 1 to 3`)
        expectTrue(
          found[0]?.headingId === 'oars',
          `the oars stand under their heading, got ${found[0]?.headingId}`,
        )
        found.forEach(({ text, score }, i) => {
          expectTrue(text.length > 0 && text.length <= 600, `a passage of ${text.length} characters`)
          expectTrue(score > 0 && score <= (found[i - 1]?.score ?? 1), `score ${score} out of order`)
        })
      },
    },
    {
      title:
        'at most `limit` passages, none for an empty question, and each of an article that can be opened',
      async run() {
        const search = await provider()
        const found = await search.passages('Where are the oars of the boat?', facts, 1)
        expectTrue(found.length === 1, `limit 1: got ${found.length}`)
        for (const { articleId } of found)
          expectTrue((await search.article(articleId)).id === articleId, `${articleId} opens another article`)
        expectTrue((await search.passages(' ', facts, 3)).length === 0, 'a passage for an empty question')
      },
    },
  ]
}
