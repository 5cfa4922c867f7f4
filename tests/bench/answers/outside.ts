// The same answerer over help that is not the demo's, without labels of sentences: does the answer come from the
// article that the question is a wording of, and is nothing said to what is none of its business?

import { join } from 'node:path'
import { factsOn } from '../relevance/asklet'
import { jsonLines, readCorpus, readQuerySets } from '../relevance/corpora'
import { reply } from './answerer'
import { searchOver } from './helpInMemory'

/** Of the questions that are off topic: enough for a figure of two digits, and a few seconds. */
const OFF_TOPIC = 300

/**
 * @param data  the folder of ASKLET_DATA
 * @returns name -> share
 */
export async function outsideFigures(data: string): Promise<Readonly<Record<string, number>>> {
  const search = searchOver(readCorpus(join(data, 'search/corpora'), 'stackfaq'))
  const [set] = readQuerySets(join(data, 'search/dev'), ['stackfaq'])
  const facts = factsOn('/nowhere')
  let first = 0
  let answered = 0
  let right = 0
  for (const { text, right: wanted } of set?.queries ?? []) {
    const passages = await search.passages(text, facts, 6)
    if (wanted.includes(passages[0]?.articleId ?? '')) first++
    const { kind, sentences } = reply(text, passages)
    if (kind !== 'answer') continue
    answered++
    if (sentences.every(({ citation }) => wanted.includes(citation.articleId))) right++
  }
  const asked = set?.queries.length || 1

  const offTopic = jsonLines<{ text: string; label: string }>(
    join(data, 'intents/intent-clinc150-test.jsonl'),
  )
    .filter(({ label }) => label === 'oos')
    .slice(0, OFF_TOPIC)
  const kinds: string[] = []
  for (const { text } of offTopic) kinds.push(reply(text, await search.passages(text, facts, 6)).kind)
  const share = (kind: string) => kinds.filter(one => one === kind).length / kinds.length
  return {
    'outside-first-passage-right': first / asked,
    'outside-answered': answered / asked,
    'outside-answered-right-article': answered ? right / answered : 0,
    'outside-off-topic-abstained': 1 - share('answer'),
    'outside-off-topic-asked-back': share('readings'),
  }
}
