// What an author lists under `questions` is asked in just these words by somebody: then the article is the answer.

import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { groundedAnswer } from '../../../src/bot/groundedAnswer'
import { searchIn } from '../../bench/answers/helpInMemory'
import { factsOf } from './scene'

const folder = mkdtempSync(join(tmpdir(), 'asklet-own-'))
// Among seventy others: in a folder of three, any word in common is telling.
cpSync('demo/help/articles', folder, { recursive: true })
const article = (name: string, front: string, body: string) =>
  writeFileSync(join(folder, `${name}.md`), `---\n${front}\n---\n\n${body}\n`)
article(
  'penguins',
  'title: Penguin housing\nsummary: How the birds are kept.\nquestions:\n  - Where do the blue penguins sleep?',
  'The birds rest in wooden huts beside the pool. Each hut holds six.\n\n## Cleaning\n\nHuts are cleaned each Monday.',
)
test.each(['Where do the blue penguins sleep?', 'where do the blue penguins sleep'])(
  '"%s" is answered with what the article opens with',
  async question => {
    const passages = await searchIn(folder).passages(question, factsOf(undefined), 6)
    const found = groundedAnswer(question, passages)
    expect(found).toMatchObject({ kind: 'answer', citations: [{ articleId: 'penguins' }] })
    expect(found.kind === 'answer' && found.text).toContain('wooden huts')
  },
)

test('a question that only shares a word with it is not', async () => {
  const question = 'Can I adopt a penguin?'
  const passages = await searchIn(folder).passages(question, factsOf(undefined), 6)
  expect(groundedAnswer(question, passages).kind).not.toBe('answer')
})
