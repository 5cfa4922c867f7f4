// Each shape from its documented form to files that `asklet build` builds. `tests/fixtures/import/<shape>` holds a
// small source of our own words and what must come of it; UPDATE_FIXTURES=1 writes the latter anew, to be read.

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../../../src/cli/main'
import { createSpoken } from './spoken'

const FIXTURES = join(import.meta.dirname, '../../fixtures/import')
let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'asklet-shapes-'))
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

async function asklet(...args: string[]) {
  const out = createSpoken()
  return { code: await main(args, out), ...out }
}

/** Path -> text of what an import wrote, but for its own memory. Images are their size. */
function textsOf(folder: string, source = ''): Record<string, string> {
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : []
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => !path.includes('.asklet-import'))
    .sort()
  return Object.fromEntries(
    files.map(path => [
      relative(folder, path),
      /\.(?:md|txt)$/.test(path)
        ? readFileSync(path, 'utf8').replaceAll(source || '\0', 'source')
        : `${statSync(path).size} bytes`,
    ]),
  )
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, name)), { recursive: true })
    writeFileSync(join(work, name), text)
  }
}

describe.each([
  ['zendesk', 0],
  ['html', 0],
  ['notion', 0],
  ['gitbook', 0],
  ['markdown', 0],
  // A bad row and a bad line are part of the sample.
  ['csv', 1],
  ['jsonl', 1],
])('%s', (shape, code) => {
  const source = join(FIXTURES, shape, 'source')
  const expected = join(FIXTURES, shape, 'expected')

  test('is recognised, and comes out as it must, with a report of everything else', async () => {
    const run = await asklet('import', source, '--out', join(work, 'help'))
    expect(run.code).toBe(code)
    expect(run.lines).toContain(`from: ${shape}`)
    if (process.env.UPDATE_FIXTURES) {
      rmSync(expected, { recursive: true, force: true })
      for (const [path, text] of Object.entries(textsOf(join(work, 'help'), source))) {
        mkdirSync(dirname(join(expected, path)), { recursive: true })
        if (text.endsWith(' bytes')) cpSync(join(work, 'help', path), join(expected, path))
        else writeFileSync(join(expected, path), text)
      }
    }
    expect(textsOf(join(work, 'help'), source)).toEqual(textsOf(expected))
  })

  test('is built without a mistake', async () => {
    await asklet('import', source, '--out', join(work, 'help'))
    const run = await asklet(
      'build',
      join(work, 'help'),
      '--out',
      join(work, 'built'),
      '--private-out',
      join(work, 'secret'),
    )
    expect(run).toMatchObject({ code: 0, errors: [] })
    expect(run.lines).toContain('errors: 0')
  })

  test('a second run, or one of two cut in half, changes nothing', async () => {
    await asklet('import', source, '--out', join(work, 'help'))
    const before = textsOf(join(work, 'help'))
    const [lost = ''] = Object.keys(before).filter(path => path.endsWith('.md'))
    rmSync(join(work, 'help', lost))
    const run = await asklet('import', source, '--out', join(work, 'help'))
    expect(run.lines).toContain('written: 1')
    expect(textsOf(join(work, 'help'))).toEqual(before)
  })
})

describe('whatever the shape', () => {
  const PAGE = (title: string, body: string) => `<html lang="en"><main><h1>${title}</h1>${body}</main></html>`

  test('--from forces a shape', async () => {
    write({
      'in/page.txt': '',
      'in/a.html': PAGE('A', '<p>Words</p>'),
      'in/b.md': '# B\n\nWords',
      'in/c.md': '# C\n\nWords',
    })
    const run = await asklet('import', join(work, 'in'), '--out', join(work, 'help'), '--from', 'html')
    expect(run.lines).toContain('from: html')
    expect(Object.keys(textsOf(join(work, 'help')))).toEqual(['a.md', 'import-report.txt'])
  })

  test('an image of a person is never written over; one of an import is', async () => {
    write({
      'in/a.html': PAGE('A', '<img src="a.png" alt=""><img src="b.png" alt="">'),
      'in/a.png': 'new',
      'in/b.png': 'first',
      'help/a.png': 'mine',
    })
    const run = await asklet('import', join(work, 'in'), '--out', join(work, 'help'))
    expect(run.code).toBe(1)
    expect(run.errors).toEqual([
      'a.png: the image must be an imported one to be written over, got one of your own. Move it.',
    ])
    write({ 'in/b.png': 'second' })
    await asklet('import', join(work, 'in'), '--out', join(work, 'help'))
    expect(readFileSync(join(work, 'help/a.png'), 'utf8')).toBe('mine')
    expect(readFileSync(join(work, 'help/b.png'), 'utf8')).toBe('second')
  })

  test('an article that the source no longer has stays and is told, unless a person took it over', async () => {
    write({
      'in/a.html': PAGE('A', '<p>a</p>'),
      'in/b.html': PAGE('B', '<p>b</p>'),
      'in/c.html': PAGE('C', '<p>c</p>'),
    })
    await asklet('import', join(work, 'in'), '--out', join(work, 'help'))
    rmSync(join(work, 'in/b.html'))
    rmSync(join(work, 'in/c.html'))
    write({ 'help/c.md': '---\ntitle: Mine\n---\nc' })
    for (const _ of [1, 2]) {
      const run = await asklet('import', join(work, 'in'), '--out', join(work, 'help'))
      expect(run.lines.filter(line => line.includes('no longer in the source'))).toEqual([
        `  ${join(work, 'help/b.md')}: is no longer in the source`,
      ])
    }
    expect(existsSync(join(work, 'help/b.md'))).toBe(true)
  })

  test('pages of a Zendesk export that are missing are told, and each article is taken once', async () => {
    const article = (id: number, title: string) => ({ id, title, locale: 'en-us', body: '<p>Words</p>' })
    write({
      'in/1.json': JSON.stringify({
        next_page: 'https://b.zendesk.example/2',
        articles: [article(1, 'A'), article(2, 'B')],
      }),
      'in/2.json': JSON.stringify({
        next_page: 'https://b.zendesk.example/3',
        articles: [article(2, 'B'), { id: 3, title: 7 }],
      }),
      'in/3.json': '{ "articles": [',
    })
    const run = await asklet('import', join(work, 'in'), '--out', join(work, 'help'))
    expect(run.code).toBe(1)
    expect(run.errors).toEqual([
      `${join(work, 'in/2.json')}: article 3: title must be text, got 7. Give it one.`,
      expect.stringMatching(/3\.json: must be JSON, got a mistake: .* Export it again\.$/),
    ])
    expect(run.lines).toContain(
      `  ${join(work, 'in')}: the last page of articles is not there: fetch next_page (or links.next) until there is none`,
    )
    expect(run.lines).toContain(
      `  ${join(work, 'in/2.json')}: article 2: is in the export twice: the first one was taken`,
    )
    expect(run.lines).toContain('articles: 2')
  })

  test('titles that are the same and words that are missing are told', async () => {
    write({ 'in/a.html': PAGE('Boats', '<p>a</p>'), 'in/b.html': PAGE('boats', '<script>x</script>') })
    const run = await asklet('import', join(work, 'in'), '--out', join(work, 'help'))
    expect(run.lines).toContain(`  ${join(work, 'in/b.html')}: b.md is called like a.md: "boats"`)
    expect(run.lines).toContain(`  ${join(work, 'in/b.html')}: b.md has a title and no words`)
    expect(run.lines).toContain('left-out: 1')
  })

  test('--content says where the article is; a page without it is left out and named', async () => {
    write({
      'in/a.html': '<title>A</title><div id="doc"><p>Words</p></div><div>Other</div>',
      'in/b.html': '<title>B</title><p>Words</p>',
    })
    const run = await asklet('import', join(work, 'in'), '--out', join(work, 'help'), '--content', '#doc')
    expect(run.errors).toEqual([
      `${join(work, 'in/b.html')}:1: the page must hold what --content names (#doc), got nothing. Mend the selector, or leave it out.`,
    ])
    expect(readFileSync(join(work, 'help/a.md'), 'utf8')).toMatch(/---\n\nWords\n$/)
    expect(run.lines).toContain(`  ${join(work, 'in/a.html')}:1: beside the article: "Other"`)
  })

  test('--columns names columns of other languages', async () => {
    write({ 'faq.csv': 'Frage,Antwort\nWo?,Hier.\n' })
    const run = await asklet(
      'import',
      join(work, 'faq.csv'),
      '--out',
      join(work, 'help'),
      '--columns',
      'question=Frage,answer=antwort',
    )
    expect(run.code).toBe(0)
    expect(readFileSync(join(work, 'help/wo.md'), 'utf8')).toContain('title: Wo?')
  })

  const usage = /Call it like this: asklet import <file \| folder \| sitemap address>/
  test.each([
    [['…/in', '--from', 'word'], 2, /--from must be one of zendesk, html, .*, got "word"/],
    [['…/in', '--content', ':::'], 2, /--content must be a CSS selector, got ":::"/],
    [
      ['…/in', '--columns', 'frage'],
      2,
      /--columns must be pairs like question=Frage of question, answer, .*, got "frage"/,
    ],
    [['…/in', '--delay', 'soon'], 2, /--delay must be milliseconds, got "soon"/],
    [['…'], 2, /--out must lie outside what is imported, got a folder inside/],
    [['…/nowhere'], 1, /the file to import must be readable, got none at .*nowhere\. Check the path\./],
    [['…/export.zip'], 1, /the export must be unpacked, got .*export\.zip\. Unpack it and name the folder\./],
    [['…/in'], 1, /the shape must be one of zendesk, .*, got 1 \.doc at .*in\. Say it with --from\./],
    [
      ['…/bad.csv'],
      1,
      /the table must have a column of answer, got question, b in .*bad\.csv\. Name yours: --columns question=…,answer=…\./,
    ],
    [['…/in', '--from', 'gitbook'], 1, /a GitBook space must have a SUMMARY\.md, got none in .*in\./],
    [
      ['…/in', '--from', 'zendesk'],
      1,
      /a Zendesk export must hold \{ "articles": \[ … \] \}, got none in .*in\./,
    ],
  ])('asklet import %j says what, got and fix', async (args, code, sentence) => {
    write({ 'in/a.doc': 'x', 'export.zip': 'x', 'bad.csv': 'question,b\n1,2\n' })
    const run = await asklet(
      'import',
      ...args.map(arg => arg.replace('…', work)),
      '--out',
      join(work, 'help'),
    )
    expect(run.code).toBe(code)
    expect(run.errors.join('\n')).toMatch(sentence)
    if (code === 2) expect(run.errors[0]).toMatch(usage)
  })
})
