// What the completion of the question is worth: keys that need not be pressed, and how often what it says is meant.
// Asks our own search at each key, as the panel does; printed with ours.

import { completionOf } from '../../../src/search/completion'
import type { Engine } from './engine'
import { mean } from './figures'
import type { Work } from './measure'
import { sampleOf } from './variants'

/** What the panel shows. */
const SHOWN = 6

export interface Completions {
  /** Mean of 1 - keys / length: every completion that agrees with the query is accepted, for one key. */
  readonly keysSaved: number
  /** Share of the keys after which one stands there. */
  readonly shown: number
  /** Share of those that agree with the query. */
  readonly meant: number
}

/** Each set counts the same. */
export async function measureCompletions(
  engine: Engine,
  { sets, corpora }: Pick<Work, 'sets' | 'corpora'>,
  sample: number,
): Promise<Completions> {
  const shelves = new Map(
    await Promise.all(
      [...corpora].map(
        async ([name, articles]) =>
          [
            name,
            {
              shelf: await engine.build(articles),
              titles: new Map(articles.map(({ id, title }) => [id, title])),
            },
          ] as const,
      ),
    ),
  )
  const figures = []
  for (const { queries } of sets) {
    const saved: number[] = []
    let [typed, shown, meant] = [0, 0, 0]
    for (const { corpus, text } of sampleOf(queries, sample)) {
      const there = shelves.get(corpus)
      if (!there) continue
      let keys = 0
      for (let at = 0; at < text.length; keys++) {
        const query = text.slice(0, at)
        const found = query ? await there.shelf.search(query, SHOWN) : []
        const rest = completionOf(
          query,
          found.map(id => ({ title: there.titles.get(id) ?? '' })),
        )
        const agrees = rest && same(text).startsWith(same(query + rest))
        typed++
        if (rest) shown++
        if (agrees) meant++
        at = agrees ? Math.min(text.length, at + same(rest).length) : at + 1
      }
      saved.push(1 - keys / text.length)
    }
    figures.push({ keysSaved: mean(saved), shown: shown / typed, meant: meant / Math.max(1, shown) })
  }
  return {
    keysSaved: mean(figures.map(({ keysSaved }) => keysSaved)),
    shown: mean(figures.map(({ shown }) => shown)),
    meant: mean(figures.map(({ meant }) => meant)),
  }
}

/** Case is not typed anew, nor is a mark at the end. */
const same = (text: string) => text.toLowerCase().replace(/[?!.]+$/, '')
