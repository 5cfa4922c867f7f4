// Help centres of three sizes, made of the outside ones, and what is typed into them.

import { join } from 'node:path'
import { type HelpText, type Query, readCorpus, readQuerySets } from '../relevance/corpora'
import { sampleOf } from '../relevance/variants'

export interface Site {
  /** Number of articles. */
  readonly size: number
  readonly articles: readonly HelpText[]
  /** What visitors type, one key after the other. */
  readonly typed: readonly string[]
  /** What many visitors at once type, each another one; those of `typed` are among them. */
  readonly questions: readonly string[]
}

/** Some 400 keys: enough for a 95th percentile, and a minute of the slower engine in a slow browser. */
const QUERIES_TYPED = 10
/** More than many visitors type in a quarter of a minute: no question is met twice. */
const QUESTIONS = 2_000

/**
 * 300 of one small help centre; 3 000 of three; 30 000 sections of all of them, each an article of its own.
 *
 * @param data  folder of the outside data
 */
export function readSites(data: string): readonly Site[] {
  const corpus = (name: string) => readCorpus(join(data, 'search', 'corpora'), name)
  const [arduino, bc, m365] = [corpus('arduino'), corpus('bc'), corpus('m365')]
  const queries = readQuerySets(join(data, 'search', 'dev'), []).flatMap(set => set.queries)
  const large = [...arduino, ...bc, ...m365, ...corpus('mastodon'), ...corpus('stackfaq')].flatMap(sectionsOf)
  return [
    site(arduino.slice(0, 300), 300, queries, ['arduino']),
    site([...m365, ...arduino, ...bc.slice(0, 138)], 3_000, queries, ['m365', 'arduino']),
    site(large.slice(0, 30_000), 30_000, queries, ['m365', 'arduino', 'bc']),
  ]
}

function site(
  articles: readonly HelpText[],
  size: number,
  queries: readonly Query[],
  corpora: readonly string[],
): Site {
  if (articles.length !== size)
    throw new Error(`The outside help centres must give ${size} articles here, got ${articles.length}.`)
  const own = queries.filter(({ corpus }) => corpora.includes(corpus))
  const texts = (count: number) => sampleOf(own, count).map(({ text }) => text)
  return { size, articles, typed: texts(QUERIES_TYPED), questions: texts(QUESTIONS) }
}

/** An article for what stands before the first heading, and one for each heading that stands in the body. */
export function sectionsOf(article: HelpText): readonly HelpText[] {
  const parts: { heading: string; lines: string[] }[] = [{ heading: '', lines: [] }]
  let next = 0
  for (const line of article.body.split('\n')) {
    if (line.trim() && line.trim() === article.headings[next]?.trim()) {
      parts.push({ heading: line.trim(), lines: [] })
      next++
    } else parts.at(-1)?.lines.push(line)
  }
  return parts.map(({ heading, lines }, i) => ({
    ...article,
    id: `${article.id}#${i}`,
    title: heading ? `${heading}, ${article.title}` : article.title,
    summary: i ? '' : article.summary,
    headings: [],
    body: lines.join('\n'),
  }))
}
