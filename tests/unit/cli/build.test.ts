import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../../../src/cli/main'
import type { Article } from '../../../src/knowledge/article'
import { readIndex } from '../../../src/knowledge/assembleIndex'
import { parseManifest } from '../../../src/knowledge/manifest'
import { createSpoken } from './spoken'

const HELP = join(import.meta.dirname, '../../fixtures/help')
const FLOWS = join(import.meta.dirname, '../../fixtures/flows')
let work = ''
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'asklet-build-'))
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

const at = (...names: string[]) => join(work, ...names)
const json = (...names: string[]) => JSON.parse(readFileSync(at(...names), 'utf8'))
const manifestOf = (...names: string[]) => parseManifest(json(...names, 'manifest.json'))

/** Writes files, then builds them from `in` to `out`. */
async function build(files: Readonly<Record<string, string>>, ...options: string[]) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(at('in', name), '..'), { recursive: true })
    writeFileSync(at('in', name), text)
  }
  const out = createSpoken()
  const code = await main(['build', at('in'), '--out', at('out'), '--cache', at('cache'), ...options], out)
  return { code, ...out }
}

function allFiles(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return Object.fromEntries(
    names.map(entry => [
      join(entry.parentPath, entry.name).slice(folder.length),
      readFileSync(join(entry.parentPath, entry.name), 'latin1'),
    ]),
  )
}

describe('a folder with good and bad articles', () => {
  test('the report names every mistake with file and line; the good articles are built, the exit code is 1', async () => {
    const out = createSpoken()
    expect(await main(['build', HELP, '--no-cache', '--out', at('out'), '--flows', FLOWS], out)).toBe(1)
    const report = out.lines.map(line =>
      line.replace(/[\d\u202f.]+ bytes, [\d\u202f]+ brotli|\d+\.\d+ s$/g, '…'),
    )
    expect(report.slice(0, report.indexOf('articles: 9'))).toEqual([
      '3 files with mistakes, left out',
      '  broken/bad-types.md:3: kind must be one of howto, troubleshoot, policy, concept, got "tutorial". Correct the word, or leave the key out.',
      '  broken/bad-types.md:4: roles must be a list of words, got an object. Write roles: [first, second].',
      '  broken/bad-types.md:5: pages must be routes that begin with /, got "billing". Write /billing.',
      '  broken/bad-types.md:6: order must be a number, got "first". Lower comes first.',
      '  broken/bad-yaml.md:2: front matter must be YAML, got a mistake: Nested mappings are not allowed in compact mappings. Put quotes around text that holds a colon or begins with a sign.',
      '  broken/bad-yaml.md:4: front matter must be YAML, got a mistake: Flow sequence in block collection must be sufficiently indented and end with a ]. Put quotes around text that holds a colon or begins with a sign.',
      '  broken/no-end.md:1: front matter must end with a line of ---, got none. Add that line after the last key.',
      '',
      '4 links leading nowhere, shown as far as possible',
      '  account/two-step-login.md:15: the link "javascript:alert(1)" must be https, http, mailto or tel, or lead to an article',
      '  account/two-step-login.md:15: the link "../nowhere.md" must lead to an article, got none there',
      '  contracts/end-a-contract.md:8: the link "../payments/other-ways.md#paypal" must name a heading of payments/other-ways.md, got none of that name',
      '  payments/other-ways.md:16: the link "https://help.example.com/articles/40099999-Gone" must lead to an article, got none there',
      '',
      '1 image missing, alt text shown instead',
      '  account/two-step-login.md:16: the image "img/security.png" must be a file in the articles folder, got none there',
      '',
      '1 image of other sites, alt text shown instead',
      '  account/change-your-email.md:9: the image "https://cdn.example.net/banner.png" must be in the articles folder or of a host in --allow-images',
      '',
      '1 article saying what another one says',
      '  payments/refunds-copy.md:1: must have a title of its own, got "Refunds: when and how", which payments/refunds.md has. Rename one, or join them.',
      '',
      '1 article with hardly any words',
      '  contracts/short.md:4: has 3 words, fewer than 25',
      '',
      '1 element of HTML that cannot be shown',
      '  account/change-your-email.md:6: <script> cannot be shown and was left out',
      '',
      '1 article marked as drafts',
      '  contracts/end-a-contract.md:1: says draft: true and is published',
      '',
      'files found            12',
      'articles built         9',
      'words                  304',
      'sections               11',
      'flows                  1',
      'model                  none: it takes two flows or intents, with examples that belong to one each',
      'images copied          1, shown from /help/images/',
      'images missing         1',
      'images of other sites  1',
      'broken links           4',
      'duplicates             1',
      'thin articles          1',
      'index                  …',
      'median article         …',
      'files rebuilt          12, 0 as they were',
      'time                   …',
      '',
    ])
    expect(out.lines.filter(line => /^[a-z-]+: \d/.test(line)).map(line => line.split(':')[0])).toEqual([
      'articles', 'words', 'sections', 'broken-links', 'duplicates', 'missing-images', 'thin', 'errors', 'index-bytes', 'index-br', 'article-br', 'rebuilt', 'reused', 'seconds',
    ]) // biome-ignore format: a list
    expect(out.steps.at(-1)).toBe('9/9 reading articles')
  })

  test('sections that nobody asked for beside an article are counted, where a site writes down questions', async () => {
    const words = 'Open Payments and choose what you need. '.repeat(6)
    const files = { 'a.md': `---\ntitle: A\n---\n${words}\n\n## One\n\n${words}\n\n## Empty\n` }
    const without = await build(files)
    expect(without.lines.join('\n')).not.toMatch(/without.questions/)
    const { lines, code } = await build({ 'a.questions.txt': '## One\nwhat now\n' })
    expect(code).toBe(0)
    expect(lines).toContain('without-questions: 1')
    expect(lines.join('\n')).toMatch(/without questions {2,}1 \(asklet questions --check says which\)/)
  })

  test('questions whose article is not there are a mistake, each file by its name', async () => {
    const { lines, errors, code } = await build({
      'card.mdx': '---\ntitle: Card\n---\nWords',
      'draft.md': '---\ntitle: Draft\ndraft: true\n---\nWords',
      'card.questions.txt': 'what now\n',
      'draft.questions.txt': 'what now\n',
      'sub/card.questions.txt': 'what now\n',
      'crad.questions.txt': 'what now\n',
    })
    expect(code).toBe(1)
    expect([...lines, ...errors].filter(line => line.includes('must stand'))).toEqual([
      "  crad.questions.txt:1: must stand beside the article whose questions it holds, got no crad.md there. Give it the article's name, or delete it.",
      expect.stringMatching(/sub\/card\.questions\.txt:1: .* got no sub\/card\.md there/),
    ])
  })

  test('manifest, indexes and articles fit together, the site’s own language first', async () => {
    await main(['build', HELP, '--no-cache', '--out', at('out'), '--flows', FLOWS], createSpoken())
    const manifest = manifestOf('out')
    expect(manifest.locales.map(({ locale, articles }) => [locale, articles])).toEqual([
      ['en', 8],
      ['de', 1],
    ])
    expect(manifest.roles).toEqual(['client', 'freelancer'])
    expect(json('out', manifest.flows ?? '')).toMatchObject([{ id: 'payout', start: 'ask' }])
    for (const { index, bytes } of manifest.locales) {
      expect(readFileSync(at('out', index))).toHaveLength(bytes)
      for (const { id, file } of readIndex(json('out', index)).articles)
        expect((json('out', file) as Article).id).toBe(id)
    }
  })

  test('links find articles by path, heading, and the number they had elsewhere', async () => {
    await main(['build', HELP, '--no-cache', '--out', at('out')], createSpoken())
    const texts = Object.values(allFiles(at('out'))).join('\n')
    expect(texts).toContain(
      '{"t":"ref","id":"payments/add-a-card","h":"bank-refused","c":["what can go wrong"]}',
    )
    expect(texts).toContain(
      '{"t":"ref","id":"payments/other-ways","h":"bank-transfer","c":["take another way to pay"]}',
    )
    expect(texts).toContain('{"t":"ref","id":"payments/add-a-card","c":["Add a card"]}')
    expect(texts).toContain('{"t":"ref","id":"payments/refunds","c":["refunds"]}')
    expect(texts).toContain(
      '{"t":"a","href":"https://help.example.com/articles/40099999-Gone","c":["former article"]}',
    )
    expect(texts).not.toContain('javascript:')
  })

  test('an image is copied under a hashed name, below --base', async () => {
    await main(['build', HELP, '--no-cache', '--out', at('out'), '--base', '/docs/help'], createSpoken())
    const src = /"src":"\/docs\/help\/(images\/pixel-[\da-f]{10}\.png)"/.exec(
      Object.values(allFiles(at('out'))).join('\n'),
    )?.[1]
    expect(readFileSync(at('out', src ?? ''))).toEqual(readFileSync(join(HELP, 'account/pixel.png')))
  })

  test('same input, same bytes', async () => {
    cpSync(HELP, at('copy'), { recursive: true })
    await main(['build', HELP, '--no-cache', '--out', at('one'), '--flows', FLOWS], createSpoken())
    await main(['build', at('copy'), '--no-cache', '--out', at('two'), '--flows', FLOWS], createSpoken())
    expect(allFiles(at('two'))).toEqual(allFiles(at('one')))
  })
})

describe('the next build', () => {
  test('removes what it no longer writes, and nothing else', async () => {
    await build({ 'a/one.md': 'One', 'two.md': 'Two' })
    writeFileSync(at('out', 'mine.json'), '{}')
    writeFileSync(at('out', 'articles', 'mine.json'), '{}')
    rmSync(at('in', 'a'), { recursive: true })
    await build({ 'two.md': 'Two, changed' })
    expect(
      Object.keys(allFiles(at('out')))
        .map(name => name.replace(/[\da-f]{10}\./, '#.'))
        .sort(),
    ).toEqual([
      '/articles/#.json',
      '/articles/mine.json',
      '/asklet-files.json',
      '/index-en-#.json',
      '/manifest.json',
      '/mine.json',
    ])
  })

  test('a list of files that somebody changed removes nothing outside the folder', async () => {
    await build({ 'two.md': 'Two' })
    writeFileSync(at('precious.json'), '{}')
    writeFileSync(at('out', 'asklet-files.json'), '["../precious.json", "/etc/hostname", 7]')
    await build({ 'two.md': 'Two' })
    expect(existsSync(at('precious.json'))).toBe(true)
  })

  test('--out inside the help folder is not read as articles', async () => {
    await build({ 'two.md': 'Two', 'out/three.md': 'Three' })
    const out = createSpoken()
    await main(['build', at('in'), '--no-cache', '--out', at('in', 'out')], out)
    expect(out.lines).toContain('articles: 1')
  })
})

describe('private articles', () => {
  const files = {
    'open.md': 'See [the fees](secret/fees.md).',
    'secret/fees.md': '---\naccess: private\nroles: [staff]\n---\nTwo percent. ![x](x.png)',
    'secret/all.md': '---\naccess: private\n---\nFor whoever has signed in. [Fees](fees.md)',
    'secret/x.png': 'png',
  }

  test('are refused for a folder that anybody can fetch, by name, and nothing is written', async () => {
    const { code, errors } = await build(files)
    expect(code).toBe(1)
    expect(errors).toEqual([
      'Asklet [private_article]: private articles must not go to a folder that anybody can fetch, got 2: secret/all.md, secret/fees.md. Pass --private-out <dir> and serve that with "asklet serve" or attachHelpDesk.',
    ])
    expect(existsSync(at('out'))).toBe(false)
  })

  test('go to a folder a role, with a manifest of its own; the public folder knows nothing of them', async () => {
    const { code, lines } = await build(files, '--private-out', at('private'))
    expect(code).toBe(0)
    const idsOf = (role: string) =>
      manifestOf('private', role).locales.flatMap(({ index }) =>
        readIndex(json('private', role, index)).articles.map(({ id }) => id),
      )
    expect(idsOf('staff')).toEqual(['secret/all', 'secret/fees'])
    expect(idsOf('_any')).toEqual(['secret/all'])
    const open = Object.values(allFiles(at('out'))).join('\n')
    expect(open).not.toContain('secret')
    expect(open).not.toContain('percent')
    expect(manifestOf('out').roles).toEqual([])
    expect(open).not.toContain('staff')
    expect(Object.keys(allFiles(at('out'))).join()).not.toContain('images')
    expect(lines).toContain(
      '  open.md:1: the link "secret/fees.md" must not lead from a public to a private article',
    )
  })

  test('an access that cannot be read is never taken for public', async () => {
    const { code, lines } = await build({ 'a.md': 'A', 'b.md': '---\naccess: privat\n---\nSecret' })
    expect(code).toBe(1)
    expect(lines).toContain('articles: 1')
    expect(Object.values(allFiles(at('out'))).join('\n')).not.toContain('Secret')
  })
})

describe('what stops or fails a build', () => {
  test('a folder that is not there, or has no articles, is a sentence', async () => {
    const out = createSpoken()
    expect(await main(['build', at('nowhere'), '--no-cache', '--out', at('out')], out)).toBe(1)
    mkdirSync(at('empty'))
    expect(await main(['build', at('empty'), '--no-cache', '--out', at('out')], out)).toBe(1)
    expect(out.errors).toEqual([
      `Asklet [articles_none]: the articles folder must be a folder with Markdown files, got nothing at ${at('nowhere')}. Check the path.`,
      `Asklet [articles_none]: the articles folder must hold at least one .md or .mdx file, got none in ${at('empty')}. Write one, or make them with "asklet import".`,
    ])
  })

  test('a broken link fails the build only when asked to', async () => {
    const files = { 'a.md': '[x](gone.md)' }
    expect((await build(files)).code).toBe(0)
    expect((await build(files, '--fail-on-broken-links')).code).toBe(1)
  })

  test('drafts are published with a word about it, or left out on wish', async () => {
    const files = { 'a.md': 'A', 'b.md': '---\ndraft: true\n---\nB' }
    expect((await build(files)).lines).toContain('articles: 2')
    expect((await build(files, '--skip-drafts')).lines).toContain('articles: 1')
  })

  test('two files of one name but for case are a mistake', async () => {
    const { code, lines } = await build({ 'A.md': 'A', 'a.md': 'a' })
    expect(code).toBe(1)
    expect(lines[1]).toBe(
      '  a.md:1: the path must be its own whatever its case and ending, got that of A.md. Rename one of them.',
    )
  })

  test('a flow that does not make sense is named with its line and left out', async () => {
    mkdirSync(at('flows'))
    const flow = JSON.parse(readFileSync(join(FLOWS, 'payout.json'), 'utf8'))
    flow.steps.read.article = 'payments/gone'
    flow.steps.ask.next = 'raed'
    writeFileSync(at('flows', 'payout.json'), JSON.stringify(flow, null, 2))
    const { code, lines } = await build({ 'a.md': 'A' }, '--flows', at('flows'))
    expect(code).toBe(1)
    const line = (text: string) =>
      JSON.stringify(flow, null, 2)
        .slice(0, JSON.stringify(flow, null, 2).indexOf(text))
        .split('\n').length
    expect(lines.join('\n')).toContain(`payout.json:${line('"next": "raed"')}: `)
    expect(lines.join('\n')).toContain(`payout.json:${line('"article"')}: `)
    expect(manifestOf('out').flows).toBeUndefined()
  })

  test('own texts are checked; who reads them is asklet.json, so the build writes none', async () => {
    mkdirSync(at('texts'))
    writeFileSync(
      at('texts', 'en.json'),
      '{"open":"Help","count":{"one":"{count} answer","other":"{count} answers"}}',
    )
    writeFileSync(at('texts', 'de.json'), '{"open":7}')
    const { code, lines } = await build({ 'a.md': 'A' }, '--texts', at('texts'))
    expect(code).toBe(1)
    expect(lines).toContain(
      '  de.json:1: open must be a text or { "one": …, "other": … }, got 7. Put quotes around it.',
    )
    expect(Object.keys(allFiles(at('out'))).filter(name => name.includes('texts'))).toEqual([])
    expect(manifestOf('out')).not.toHaveProperty('texts')
  })

  test('articles that say nearly the same are found among many that do not', async () => {
    const words = (seed: number) => {
      let state = seed + 1
      const next = () => {
        state = (state * 48_271) % 2_147_483_647
        return `w${state % 5_000}`
      }
      return Array.from({ length: 120 }, next).join(' ')
    }
    const files: Record<string, string> = {}
    for (let i = 0; i < 40; i++) files[`n${i}.md`] = words(i)
    files['copy.md'] = `${words(3)} and a few more words`
    const { lines } = await build(files)
    expect(lines).toContain('duplicates: 1')
    expect(lines.find(line => line.includes('says the same'))).toMatch(
      /n3\.md:1: says the same as copy\.md \(9\d % of it\)/,
    )
  })
})

describe('MDX', () => {
  test('is built beside Markdown; what was changed or left out has file and line', async () => {
    const { code, lines } = await build({
      'a.md': 'See [b](b.mdx#two) and [c](b#three).',
      'b.mdx':
        '---\ntitle: B\n---\nimport X from "x"\n\n<Tabs>\n  <Tab title="Two">\n    Text {y} [gone](gone.md)\n  </Tab>\n</Tabs>\n',
    })
    expect(code).toBe(0)
    expect(lines.filter(line => line.startsWith('  ') && !line.includes('fewer than'))).toEqual([
      '  a.md:1: the link "b#three" must name a heading of b.mdx, got none of that name',
      '  b.mdx:8: the link "gone.md" must lead to an article, got none there',
      '  b.mdx:4: import X from "x" is code, which is not run: it was left out',
      '  b.mdx:7: <Tab> is shown as a heading and its text',
      '  b.mdx:8: the expression {y} is code, which is not run: it was left out',
    ])
    const texts = Object.values(allFiles(at('out'))).join('\n')
    expect(texts).toContain('{"t":"ref","id":"b","h":"two","c":["b"]}')
    expect(texts).toContain('{"t":"h","n":2,"id":"two","c":["Two"]}')
  })

  test('two files of one name but for the ending are a mistake', async () => {
    const { lines } = await build({ 'a.md': 'A', 'a.mdx': 'a' })
    expect(lines[1]).toContain(
      'a.mdx:1: the path must be its own whatever its case and ending, got that of a.md.',
    )
  })
})

describe('images', () => {
  test('are shown with their size, so that nothing moves when they come', async () => {
    await build({ 'a.md': '![x](x.svg)', 'x.svg': '<svg viewBox="0 0 30 20"/>' })
    expect(Object.values(allFiles(at('out'))).join('\n')).toMatch(
      /\{"t":"img","alt":"x","src":"\/help\/images\/x-[\da-f]{10}\.svg","w":30,"h":20\}/,
    )
  })

  test('without words, or slow to come, are named; an empty alt in HTML says decoration', async () => {
    const { lines } = await build({
      'a.md': 'Text\n\n![](x.svg)\n\n<img src="x.svg">\n<img src="x.svg" alt="">\n\n![big](big.svg)',
      'x.svg': '<svg/>',
      'big.svg': ' '.repeat(1_200_000),
    })
    expect(lines.filter(line => line.startsWith('  a.md') && !line.includes('fewer than'))).toEqual([
      '  a.md:3: the image "x.svg" must have words for who cannot see it. Write ![what it shows](…).',
      '  a.md:5: the image "x.svg" must have words for who cannot see it. Write ![what it shows](…).',
      '  a.md:8: the image "big.svg" must be of 1 MB or less, got 1.2 MB',
    ])
  })
})

test('a heading has the id it asks for; one that is taken or cannot be is named', async () => {
  const { lines } = await build({
    'a.md':
      '## One {#own}\n\n## Two {#own}\n\n## Three {#a/b}\n\n## One\n\n## One\n\n[x](#own) [y](#own-1) [z](#one-1) [q](#one-2)',
  })
  expect(lines.filter(line => line.startsWith('  a.md') && !line.includes('fewer than'))).toEqual([
    '  a.md:11: the link "#one-2" must name a heading of a.md, got none of that name',
    '  a.md:3: the heading id "own" must be its own, of letters, digits, - _ . and :, got "own-1" instead',
    '  a.md:5: the heading id "a/b" must be its own, of letters, digits, - _ . and :, got "three" instead',
  ])
})

test('keys of front matter that nobody reads are named, other tools’ once for all files', async () => {
  const { code, lines } = await build({
    'a.md': '---\nsumary: x\nicon: star\n---\nA',
    'b.md': '---\nicon: star\n---\nB',
  })
  expect(code).toBe(0)
  expect(lines).toContain('  a.md:2: the key "sumary" is not read. Did you mean summary?')
  expect(lines).toContain(
    '  a.md:3: the key "icon" is not read (in 2 files). Another tool may need it; take it out if none does.',
  )
  expect(lines.join()).not.toContain('b.md:2')
})

describe('what the site knows of words and outcomes', () => {
  test('bad lines and unknown articles are named, and the build goes on', async () => {
    writeFileSync(
      at('outcomes.jsonl'),
      '{"articleId":"a","solved":1,"notSolved":0}\n{"articleId":"gone","solved":1,"notSolved":0}\n7',
    )
    const { code, lines } = await build(
      { 'a.md': 'A', 'synonyms.txt': 'cancel, end\nalone\n', 'synonyms.de.txt': ',', 'synonyms.german.txt': 'a, b' },
      '--outcomes', at('outcomes.jsonl'),
    ) // biome-ignore format: as typed
    expect(code).toBe(0)
    expect(lines.filter(line => /^ {2}(?:synonyms|outcomes)/.test(line))).toEqual([
      '  synonyms.de.txt:1: between two commas must be a phrase, got nothing. Take one comma out.',
      '  synonyms.de.txt:1: between two commas must be a phrase, got nothing. Take one comma out.',
      '  synonyms.de.txt:1: a group must hold two phrases or more, got ",". Write cancel, close or wfh => work from home.',
      '  synonyms.german.txt:1: the file must be named after a language, got "german". Call it synonyms.txt, synonyms.en.txt or synonyms.pt-BR.txt.',
      '  synonyms.txt:2: a group must hold two phrases or more, got "alone". Write cancel, close or wfh => work from home.',
      '  outcomes.jsonl:2: articleId must be that of an article, got "gone". It may have been renamed or removed.',
      "  outcomes.jsonl:3: articleId must be an article's id, got undefined. Write payments/add-a-card.",
    ])
  })

  test('a file that is not there is a sentence', async () => {
    const { code, errors } = await build({ 'a.md': 'A' }, '--synonyms', at('nowhere.txt'))
    expect(code).toBe(2)
    expect(errors[0]).toContain('--synonyms must name a file that is there')
    expect((await build({ 'a.md': 'A' }, '--outcomes', at('nowhere'))).code).toBe(2)
  })
})

test('advice on a flow is told, and the flow is built; one from which no person can be come to is left out', async () => {
  const steps = (no: string) => ({
    read: { say: 'Wait **3 days**, <b>please</b>.', article: 'wait', next: 'solved' },
    solved: { solved: true, no },
    bye: { say: 'Bye.', end: true },
    person: { handoff: 'x' },
  })
  const flow = (id: string, no: string, words: string) =>
    JSON.stringify({
      id,
      title: id,
      startsWith: [words],
      steps: { first: { branch: [{ when: { role: ['a'] }, next: 'person' }], next: 'read' }, ...steps(no) },
    })
  mkdirSync(at('flows'))
  writeFileSync(at('flows', 'good.json'), flow('good', 'person', 'where is it').replace(/"bye":\{.*?\},/, ''))
  writeFileSync(at('flows', 'lost.json'), flow('lost', 'bye', 'it is gone'))
  const article = `---\ntitle: Wait\nsummary: How long it takes.\nkind: howto\n---\n${'Wait three days. '.repeat(12)}`
  const { code, lines } = await build({ 'wait.md': article }, '--flows', at('flows'))
  expect(code).toBe(1)
  expect(lines.slice(0, 5)).toEqual([
    '1 file with mistakes, left out',
    expect.stringMatching(
      /^ {2}lost\.json:1: .*steps\.solved\.no must have a road to a person where it did not help, got "bye"/,
    ),
    '',
    '1 place of flows that could be better',
    expect.stringMatching(/^ {2}good\.json:1: .*steps\.read\.say should be Markdown/),
  ])
  const { flows } = manifestOf('out')
  const [built, ...others] = json('out', flows ?? '')
  expect(others).toEqual([])
  // No page parses Markdown for a flow.
  expect(built.steps.read).toEqual({
    say: ['Wait 3 days, please.'],
    trees: [
      [
        {
          t: 'p',
          c: ['Wait ', { t: 'b', c: ['3 days'] }, ', ', { t: 'b', c: ['please'] }, '.'],
        },
      ],
    ],
    article: 'wait',
    next: 'solved',
  })
})

test('a file of the site’s slots: flows ask for them by name, and each carries all', async () => {
  mkdirSync(at('flows'))
  const slots = {
    contract: { label: 'contract number', pattern: 'CT-\\d{6}', hint: 'It looks like CT-204181.' },
    order: { label: 'order number', pattern: 'O-\\d{3,8}', from: ['page.order'] },
  }
  writeFileSync(at('flows', 'slots.json'), JSON.stringify({ slots }))
  const steps = {
    ask: { say: 'Which contract?', ask: 'contract', next: 'p' },
    p: { say: '{contract}', handoff: 'x' },
  }
  writeFileSync(
    at('flows', 'ask.json'),
    JSON.stringify({ id: 'ask', title: 'Ask', startsWith: ['a contract'], steps }),
  )
  const article = `---\ntitle: Wait\nsummary: How long it takes.\nkind: howto\n---\n${'Wait three days. '.repeat(12)}`
  const { code } = await build({ 'wait.md': article }, '--flows', at('flows'))
  expect(code).toBe(0)
  expect(json('out', manifestOf('out').flows ?? '')).toMatchObject([
    {
      id: 'ask',
      slots: {
        contract: { type: 'id', pattern: 'CT-\\d{6}', label: 'contract number' },
        order: { type: 'id', from: ['page.order'] },
      },
    },
  ])
})
