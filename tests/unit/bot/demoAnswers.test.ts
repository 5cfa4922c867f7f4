// The bot over the demo's own articles and the search that ships: what it answers, and what it leaves alone.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { buildIndex } from '../../../src/knowledge/buildIndex'
import { fromMarkdown } from '../../../src/knowledge/fromMarkdown'
import { readFrontMatter } from '../../../src/knowledge/frontMatter'
import { plainText, sectionsOf } from '../../../src/knowledge/plainText'
import { createLocalSearch } from '../../../src/search/localSearch'
import { english } from '../../../src/understanding/languages/en'
import { createUnderstand } from '../../../src/understanding/understand'
import { demoBot, factsOf, HELP, intentsOf, talkTo, texts } from './scene'

const files = new Map<string, unknown>()
const articles = readdirSync(join(HELP, 'articles'), { recursive: true })
  .map(String)
  .filter(file => file.endsWith('.md'))
  .map(file => {
    const id = file.replaceAll('\\', '/').slice(0, -3)
    const { meta, body } = readFrontMatter(readFileSync(join(HELP, 'articles', file), 'utf8'), file, 'en')
    const content = fromMarkdown(body)
    files.set(`${id}.json`, { id, ...meta, content })
    return { id, ...meta, file: `${id}.json`, sections: sectionsOf(content) }
  })
files.set('index.json', buildIndex(articles, { locale: 'en' }))

const search = createLocalSearch({
  loadJson: async file => files.get(file),
  indexes: [{ locale: 'en', index: 'index.json' }],
  locale: 'en',
})
const understand = createUnderstand({
  language: english,
  intents: intentsOf(),
})
const ask = async (text: string) => {
  const talk = talkTo(demoBot({ search, understand }), factsOf('freelancer'))
  await talk.type(text)
  return talk.turn
}

describe('answers from an article', () => {
  test.each([
    ['What is the service fee?', 'payments/service-fees'],
    ['how do I close my account', 'account/close-your-account'],
    ['how many proposal credits do I get', 'proposals/proposal-credits'],
    ['which documents are accepted', 'verification/accepted-documents'],
    ['how do I post a job', 'find-work/post-a-job'],
    ['can I change the weekly limit', 'timesheets/weekly-limit'],
    ['how do I request a revision', 'orders/request-a-revision'],
  ])('"%s" is answered from %s', async (text, articleId) => {
    const { messages } = await ask(text)
    const source = messages[0]?.source
    expect(source?.kind === 'article' && source.citations.map(({ articleId }) => articleId)).toContain(
      articleId,
    )
  })

  test('it is drawn as the article has it, and the drawing says what the words say', async () => {
    const kinds = new Set<string>()
    for (const { title } of articles.filter((_, i) => i % 4 === 0)) {
      for (const { text, source } of (await ask(`${title}?`)).messages) {
        // A flow may name an article, too.
        if (source.kind !== 'article' || !text.startsWith(texts('bot.found'))) continue
        const { tree = [] } = source
        expect(plainText(tree), title).toBe(text.replaceAll('\n\n', '\n'))
        for (const { t } of tree) kinds.add(t)
      }
    }
    expect([...kinds]).toEqual(expect.arrayContaining(['p', 'ol', 'table']))
  })

  test('a question that is only like a flow is answered, with the flow as a button', async () => {
    const { messages, choices } = await ask('how long does a withdrawal to my bank take?')
    expect(messages[0]?.text).toContain('in 1 to 3 business days')
    expect(choices.map(({ id }) => id)).toContain('flow:withdrawal-delayed')
  })
})

test.each([
  'what is the weather in Paris',
  'who is the president of France',
  'how do I cook rice',
  'recommend a good book',
  'what time is it in Tokyo',
  'is bitcoin a good investment',
  'my printer does not print',
  'can you write me a poem',
])('"%s" is left alone: the bot says that it does not know', async text => {
  const { messages, missed } = await ask(text)
  expect(missed).toBe(true)
  expect(messages.map(({ source }) => source.kind)).toEqual(['asklet'])
})
