// What only our own search does: refusing what no article answers, and knowing the page. And what its keys cost.
// Printed with `--extra`.

import { existsSync } from 'node:fs'
import { searchable } from '../../../src/search/expansion'
import { rank } from '../../../src/search/ranking'
import { near } from '../../../src/search/typos'
import { factsOn, indexJson, openIndex, pageOf } from './asklet'
import { jsonLines, type Query } from './corpora'
import { figuresOf, quantile } from './figures'
import type { Work } from './measure'
import { sampleOf, VARIANTS, variantOf } from './variants'

/** Enough for a share to two digits. */
const OFF_TOPIC_QUESTIONS = 500

/**
 * @param offTopicFile  JSON Lines of `{text}` that no help centre here answers; left out where it is not there
 */
export function measureExtra(
  { sets, corpora, sample }: Work,
  offTopicFile: string,
  print: (name: string, value: number) => void,
): void {
  const indexes = new Map([...corpora].map(([name, articles]) => [name, indexJson(articles)]))
  for (const [name, json] of indexes) {
    const started = performance.now()
    openIndex(json)
    print(`${name}-index-load-ms`, performance.now() - started)
  }
  const shelves = new Map([...indexes].map(([name, json]) => [name, openIndex(json)]))
  const ranked = (corpus: string, typed: string, page: string) => {
    const shelf = shelves.get(corpus)
    return shelf ? rank([shelf], typed, factsOn(page)) : []
  }
  const rightPage = ({ corpus, right }: Query) => {
    const area = corpora.get(corpus)?.find(({ id }) => right.includes(id))?.area
    return area ? pageOf(area) : '/nowhere'
  }

  for (const { name, queries } of sets) {
    const asked = sampleOf(queries, sample)
    for (const variant of VARIANTS) {
      const lists = asked.map(query => ranked(query.corpus, variantOf(query, variant), '/nowhere'))
      print(`${name}-${variant}-answered`, lists.filter(({ length }) => length).length / lists.length)
    }
    const places = asked.map(query =>
      ranked(query.corpus, query.text, rightPage(query)).findIndex(({ row }) => query.right.includes(row.id)),
    )
    const { first, reciprocal } = figuresOf(places)
    print(`${name}-right-page-success@1`, first)
    print(`${name}-right-page-mrr@10`, reciprocal)
  }

  if (existsSync(offTopicFile)) {
    const texts = jsonLines<{ readonly text: string }>(offTopicFile).map(({ text }) => ({ id: text, text }))
    const offTopic = sampleOf(texts, OFF_TOPIC_QUESTIONS)
    for (const corpus of shelves.keys()) {
      const refused = offTopic.filter(({ text }) => !ranked(corpus, text, '/nowhere').length)
      print(`${corpus}-off-topic-refused`, refused.length / offTopic.length)
    }
  }

  // Every key of queries as they are typed, each with its own costs: nothing warmed for it but what a visitor's
  // earlier keys have warmed.
  const [largest] = [...corpora].sort((a, b) => b[1].length - a[1].length)
  const where = largest && shelves.get(largest[0])
  if (!where) return
  const times: number[] = []
  for (const { queries } of sets)
    for (const { corpus, text } of sampleOf(queries, 40))
      for (let keys = 1; corpus === largest[0] && keys <= text.length; keys++) {
        const started = performance.now()
        ranked(corpus, text.slice(0, keys), '/nowhere')
        times.push(performance.now() - started)
      }
  times.sort((a, b) => a - b)
  print('key-p50-ms', quantile(times, 0.5))
  print('key-p95-ms', quantile(times, 0.95))
  print('key-max-ms', times.at(-1) ?? 0)
  const cold = searchable(where.index, near)
  const started = performance.now()
  rank([cold], '', factsOn('/nowhere'))
  print('empty-query-cold-ms', performance.now() - started)
}
