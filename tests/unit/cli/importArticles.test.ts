import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { escapeMarkdown, readJsonLine } from '../../../src/cli/importers/jsonLines'
import { markdownFile } from '../../../src/cli/importers/markdownFile'
import { main } from '../../../src/cli/main'
import { fromMarkdown } from '../../../src/knowledge/fromMarkdown'
import { readFrontMatter } from '../../../src/knowledge/frontMatter'
import { plainText } from '../../../src/knowledge/plainText'
import { createSpoken } from './spoken'

let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'asklet-import-'))
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

async function importLines(
  lines: readonly (string | object)[],
  file = 'part-1.jsonl',
  ...more: readonly string[]
) {
  writeFileSync(
    join(work, file),
    lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  )
  const out = createSpoken()
  const code = await main(['import', join(work, file), '--out', join(work, 'help'), ...more], out)
  return { code, ...out }
}

const ARTICLE = {
  path: 'payments/Add a card.md',
  title: 'Add a card: how',
  description: 'Pay by card.',
  area: 'payments/cards',
  headings: ['Before you begin', 'Not in the body'],
  keywords: ['visa'],
  body: 'First words.\nBefore you begin\n1. not a list\n* nor this',
}

test('an article becomes Markdown with front matter, its headings at their places', async () => {
  const { code, lines } = await importLines([ARTICLE])
  expect(code).toBe(0)
  expect(readFileSync(join(work, 'help/payments/Add a card.md'), 'utf8')).toBe(
    [
      '---',
      'title: "Add a card: how"',
      'summary: Pay by card.',
      'topics:',
      '  - payments',
      '  - cards',
      'keywords:',
      '  - visa',
      'unplacedHeadings:',
      '  - Not in the body',
      'importedFrom: part-1.jsonl',
      '---',
      '',
      'First words.',
      '',
      '## Before you begin',
      '',
      '1\\. not a list',
      '',
      '\\* nor this',
      '',
    ].join('\n'),
  )
  expect(lines).toContain('unplaced-headings: 1')
})

test('a question with its answer is named by its number', async () => {
  await importLines([{ id: 'faq:7', corpus: 'faq', title: 'Why?', body: 'So.' }])
  expect(readdirSync(join(work, 'help')).filter(name => name.endsWith('.md'))).toEqual(['7.md'])
})

test('bad lines are named and counted, the good ones are imported', async () => {
  const { code, lines, errors } = await importLines([
    '{"title":',
    '[]',
    { path: 'a.md', title: 'A' },
    { path: '../evil.md', title: 'A', body: 'x' },
    { path: '/etc/x', title: 'A', body: 'x' },
    { path: 'a.md', title: ' ', body: 'x' },
    { path: 'a.md', title: 'A', body: 'x', headings: 'one' },
    '',
    { path: 'a.md', title: 'A', body: 'x' },
    { path: 'A.md', title: 'A', body: 'y' },
  ])
  expect(code).toBe(1)
  const file = join(work, 'part-1.jsonl')
  expect(errors).toEqual([
    `${file}:1: a line must be JSON, got "{\\"title\\":". Export it again.`,
    `${file}:2: a line must be an object with title and body, got an array of 0. See "asklet import --help".`,
    `${file}:3: body must be text, got undefined. Add it.`,
    `${file}:4: path (or id) must be a relative path, got "../evil.md". Leave out ".." and the first "/".`,
    `${file}:5: path (or id) must be a relative path, got "/etc/x". Leave out ".." and the first "/".`,
    `${file}:6: title must have words, got "". Add them.`,
    `${file}:7: headings must be a list of texts, got "one". Leave it out if there are none.`,
    `${file}:10: the path must be its own, got that of ${file}:9: A.md. Rename one of them.`,
  ])
  expect(lines).toContain('lines: 9')
  expect(lines).toContain('articles: 1')
  expect(lines).toContain('bad-lines: 8')
  expect(existsSync(join(work, 'evil.md'))).toBe(false)
})

test('running it again writes nothing, and never over what a person wrote', async () => {
  await importLines([ARTICLE, { path: 'b.md', title: 'B', body: 'b' }])
  const before = statSync(join(work, 'help/b.md')).mtimeMs
  expect((await importLines([ARTICLE, { path: 'b.md', title: 'B', body: 'b' }])).lines).toContain(
    'written: 0',
  )
  expect(statSync(join(work, 'help/b.md')).mtimeMs).toBe(before)

  writeFileSync(join(work, 'help/b.md'), '---\ntitle: Mine\n---\nimportedFrom: is a word here')
  const { code, errors } = await importLines([{ path: 'b.md', title: 'B', body: 'new' }])
  expect(code).toBe(1)
  expect(errors[0]).toContain('the file must be an imported one to be written over, got b.md of your own.')
  expect(readFileSync(join(work, 'help/b.md'), 'utf8')).toContain('Mine')
})

test('what an author mended in an imported file stays, and is named, until --overwrite', async () => {
  const b = join(work, 'help/b.md')
  const source = (body: string) => [{ path: 'b.md', title: 'B', body }]
  const read = () => readFileSync(b, 'utf8')
  const report = () => readFileSync(join(work, 'help/import-report.txt'), 'utf8')
  await importLines(source('Old words.'))
  // As it was written: the source's news are taken.
  expect((await importLines(source('New words.'))).lines).toContain('written: 1')
  writeFileSync(b, read().replace('New words.', 'Words mended by hand.'))

  const same = await importLines(source('New words.'))
  expect(same.code).toBe(0)
  expect(same.lines).toEqual(expect.arrayContaining(['articles: 1', 'written: 0', 'edited: 1']))
  expect(report()).toContain(`\n  ${b}: was changed by hand\n`)
  expect((await importLines(source('Newer words.'))).lines).toContain('edited: 1')
  expect(report()).toContain('and the source says something else than it did')
  expect(read()).toContain('mended by hand')

  const over = await importLines(source('Newer words.'), 'part-1.jsonl', '--overwrite')
  expect(over.lines).toContain('written: 1')
  expect(over.lines.join()).not.toContain('edited')
  expect(read()).toContain('Newer words.')
  // A checkout with other ends of lines is no change of words.
  writeFileSync(b, read().replaceAll('\n', '\r\n'))
  expect((await importLines(source('Newest words.'))).lines).toContain('written: 1')
})

test('what only looks imported is a file of the author’s own', async () => {
  await importLines([{ path: 'b.md', title: 'B', body: 'b' }])
  const own = '# Our notes\n\nimportedFrom: the old wiki\n\n---\n\nMore.\n'
  writeFileSync(join(work, 'help/b.md'), own)
  const { code, lines } = await importLines(
    [{ path: 'b.md', title: 'B', body: 'new' }],
    'part-1.jsonl',
    '--overwrite',
  )
  expect(code).toBe(1)
  expect(lines).toContain('own-files: 1')
  expect(readFileSync(join(work, 'help/b.md'), 'utf8')).toBe(own)
})

test('a file that is not there is a sentence', async () => {
  const out = createSpoken()
  expect(await main(['import', join(work, 'gone.jsonl'), '--out', join(work, 'help')], out)).toBe(1)
  expect(out.errors[0]).toMatch(/^Asklet \[import_shape\]: the file to import must be readable, got none at /)
})

test('whatever a line of the body holds, a reader sees it as it stands', () => {
  const piece = fc.constantFrom(
    '*', '_', '`', '#', '##', '-', '+', '=', '===', '---', '1.', '2)', '>', '<', '<b>', '</b>', '[a](b)', '![', '|', '~~', '&amp;', '&', '\\', ' ', 'word', ':', '[x]',
    'https://a.example/x_y*z', 'www.a.example', 'http://a.example/<id>', 'ftp://a.example', 'a@b.example', '{#x}', '.', '(', ')', '"',
  ) // biome-ignore format: a list
  const line = fc.array(piece, { minLength: 1, maxLength: 12 }).map(pieces => pieces.join(''))
  const squeeze = (text: string) => text.replace(/\s+/g, '')
  fc.assert(
    fc.property(line, text => {
      if (!text.trim()) return
      const shown = plainText(fromMarkdown(escapeMarkdown(text.replace(/\s+/g, ' ').trim())))
      expect(squeeze(shown)).toBe(squeeze(text))
    }),
    { numRuns: 3_000 },
  )
})

const data = process.env.ASKLET_DATA
const corpora = data ? readdirSync(join(data, 'search/corpora')) : []
if (!data) {
  test.skip('outside corpora: set ASKLET_DATA to the folder of outside data to run these', () => {})
} else {
  test.each(corpora)('%s: every line is imported, and every word of it can be read', file => {
    for (const line of readFileSync(join(data, 'search/corpora', file), 'utf8').split('\n')) {
      if (!line.trim()) continue
      const article = readJsonLine(line, file)
      if (typeof article === 'string') throw new Error(article)
      const front = readFrontMatter(markdownFile(article), article.path, 'en')
      expect(front.problems).toEqual([])
      const { title, body } = JSON.parse(line)
      expect(front.meta.title).toBe(title.replace(/\s+/g, ' ').trim())
      expect(plainText(fromMarkdown(front.body)).replace(/\s+/g, '')).toBe(body.replace(/\s+/g, ''))
    }
  })
}
