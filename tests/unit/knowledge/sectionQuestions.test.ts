// Questions beside an article: read by heading, mistakes named with their line, the rest kept.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { buildKnowledge } from '../../../src/cli/buildKnowledge'
import { readSectionQuestions } from '../../../src/knowledge/sectionQuestions'
import { searchIn } from '../../bench/answers/helpInMemory'
import { factsAt } from '../search/shelf'

const sections = [
  { headingId: '', headingText: '' },
  { headingId: 'add-it', headingText: 'Add it' },
]
const read = (text: string) => readSectionQuestions(text, 'card.questions.txt', sections)

test('a question a line: above the first heading of the opening, below one of its section', () => {
  const text =
    '\ufeffwhich cards  do you take\r\n\r\n## add it\nmy card is refused\n# add-it\nwhere do I type it\n'
  expect(read(text)).toEqual({
    asks: { '': ['which cards do you take'], 'add-it': ['my card is refused', 'where do I type it'] },
    problems: [],
  })
})

test('what stands twice counts once, and an empty file asks nothing', () => {
  expect(read('Which cards?\nwhich cards?\n').asks).toEqual({ '': ['Which cards?'] })
  expect(read('')).toEqual({ asks: {}, problems: [] })
})

test('a heading that is not there, and a line too long, are named; what stands under neither is lost', () => {
  const { asks, problems } = read(`## Remove it\nlost\n## Add it\n${'x'.repeat(201)}\nkept`)
  expect(asks).toEqual({ 'add-it': ['kept'] })
  expect(problems).toEqual([
    {
      file: 'card.questions.txt',
      line: 1,
      sentence: 'must name a heading of the article, got "Remove it". It has: Add it.',
    },
    {
      file: 'card.questions.txt',
      line: 4,
      sentence: 'a question must have at most 200 characters, got 201. Split it.',
    },
  ])
})

function helpFolder(questions: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'asklet-questions-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const text = '---\ntitle: Add a card\n---\nCards pay for orders.\n\n## Limits\n\nUp to 500 USD a day.\n'
  writeFileSync(join(folder, 'card.md'), text)
  writeFileSync(join(folder, 'other.md'), '---\ntitle: Fees\n---\nThe fee is 5 %.\n')
  writeFileSync(join(folder, 'card.questions.txt'), questions)
  return folder
}
const options = { locale: 'en', base: '/help/' }

test('the section is found by words that it does not have itself', async () => {
  const others = [
    'is there a limit',
    'my order is too big',
    'highest sum a day',
    'more than 500',
    'a big buy',
    'daily cap',
  ]
  const folder = helpFolder(`## Limits\n${[...others, 'how much may I splurge at once'].join('\n')}\n`)
  const [best] = await searchIn(folder).passages('can I splurge at once', factsAt(), 3)
  expect(best).toMatchObject({ articleId: 'card', headingId: 'limits', text: 'Up to 500 USD a day.' })
  expect(best?.known).toBeGreaterThan(0.3)
})

test('of a few questions the nearest tells nothing yet', async () => {
  const folder = helpFolder('## Limits\nhow much may I splurge at once\n')
  const [best] = await searchIn(folder).passages('can I splurge at once', factsAt(), 3)
  expect(best).toMatchObject({ articleId: 'card', headingId: 'limits' })
  expect(best).not.toHaveProperty('known')
})

test('a mistake is a finding of the build, and the article is built', () => {
  const { findings, help } = buildKnowledge(helpFolder('## Limit\nhow much\n'), options)
  expect(findings.filter(({ kind }) => kind === 'error')).toMatchObject([
    { file: 'card.questions.txt', line: 1 },
  ])
  expect(help.articles.find(({ article }) => article.id === 'card')?.article).not.toHaveProperty('asks')
})
