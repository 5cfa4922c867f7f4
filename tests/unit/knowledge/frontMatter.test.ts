import fc from 'fast-check'
import { expect, test } from 'vitest'
import { problemLine, readFrontMatter } from '../../../src/knowledge/frontMatter'

const read = (source: string, file = 'payments/add-a_card.md') => readFrontMatter(source, file, 'en')

test('every key is read, one word stands for a list, unknown keys are kept', () => {
  const front = read(
    '---\ntitle: A\nsummary: B\nkind: policy\nroles: client\naccess: private\npages: [/a/*]\ntopics: [t]\nkeywords: [k, k]\nquestions:\n  - Why?\nlocale: pt-BR\norder: 3\nid: 42\n---\nBody\n',
  )
  expect(front.meta).toEqual({
    title: 'A',
    summary: 'B',
    kind: 'policy',
    roles: ['client'],
    access: 'private',
    pages: ['/a/*'],
    topics: ['t'],
    keywords: ['k'],
    questions: ['Why?'],
    locale: 'pt-BR',
    order: 3,
  })
  expect(front.extra).toEqual({ id: 42 })
  expect(front.body).toBe('Body\n')
  expect(front.bodyLine).toBe(16)
  expect(front.problems).toEqual([])
})

test('without front matter: title from the first h1, else from the file name', () => {
  expect(read('Text\n\n# Add *a* card {#x}\n').meta.title).toBe('Add a card')
  expect(read('Text').meta.title).toBe('Add a card')
  expect(read('---\nsummary: x\n---\nText').meta).toMatchObject({
    title: 'Add a card',
    kind: 'concept',
    access: 'public',
    locale: 'en',
    order: 0,
  })
})

test('without a kind: a numbered list or "How" in the title makes a howto', () => {
  expect(read('---\ntitle: How to pay\n---\nx').meta.kind).toBe('howto')
  expect(read('---\ntitle: Pay\n---\n1. first\n2. second').meta.kind).toBe('howto')
  expect(read('---\ntitle: However\n---\nx').meta.kind).toBe('concept')
})

test('every mistake of a file is reported at once, each with its line', () => {
  const { problems } = read(
    '---\ntitle: [a]\nkind: tutorial\nroles: { a: 1 }\naccess: secret\nlocale: 12_34\npages: [billing]\norder: soon\n---\nx',
  )
  expect(problems.map(problemLine)).toEqual([
    'payments/add-a_card.md:2: title must be text, got an array of 1. Put quotes around it.',
    'payments/add-a_card.md:3: kind must be one of howto, troubleshoot, policy, concept, got "tutorial". Correct the word, or leave the key out.',
    'payments/add-a_card.md:4: roles must be a list of words, got an object. Write roles: [first, second].',
    'payments/add-a_card.md:5: access must be one of public, private, got "secret". Correct the word, or leave the key out.',
    'payments/add-a_card.md:6: locale must be a language tag, got "12_34". Write en, de or pt-BR.',
    'payments/add-a_card.md:7: pages must be routes that begin with /, got "billing". Write /billing.',
    'payments/add-a_card.md:8: order must be a number, got "soon". Lower comes first.',
  ])
})

test('every key of a wrong type or value has its line, an item of a list its own', () => {
  const { problems } = read(
    '---\nsummary: [a]\ntopics: { a: 1 }\nkeywords: true\nquestions:\n  - { a: 1 }\nlocale: en_US\npages:\n  - /a\n  - /a/*/b\n  - /b?tab=1\n  - https://x.example/c\norder: [1]\naccess: true\n---\nx',
  )
  expect(problems.map(problemLine).map(line => line.replace(/^[^:]*:/, ''))).toEqual([
    '2: summary must be text, got an array of 1. Put quotes around it.',
    '3: topics must be a list of words, got an object. Write topics: [first, second].',
    '4: keywords must be a list of words, got true. Write keywords: [first, second].',
    '5: questions must be a list of words, got an array of 1. Write questions: [first, second].',
    '7: locale must be a language tag, got "en_US". Write en-US.',
    '10: pages must be routes with * only as the last part, got "/a/*/b". Write /contracts/*, or :id for one part.',
    '11: pages must be routes, paths without ?, # and spaces, got "/b?tab=1". Write /b.',
    '12: pages must be routes that begin with /, got "https://x.example/c". Write /c.',
    '13: order must be a number, got an array of 1. Lower comes first.',
    '14: access must be one of public, private, got true. Correct the word, or leave the key out.',
  ])
})

test('a route pattern that can never match is a mistake, the others are not', () => {
  const bad = (page: string) => read(`---\npages: ["${page}"]\n---\nx`).problems.length
  for (const page of ['/a/', '/a//b', '/a*', '/:', 'a', '/a b', '/a#b'])
    expect([page, bad(page)]).toEqual([page, 1])
  for (const page of ['/', '/*', '/a', '/a/*', '/a/:id/b', '/ä.html'])
    expect([page, bad(page)]).toEqual([page, 0])
})

test('a language has one spelling, and a word is none', () => {
  expect(read('---\nlocale: PT-br\n---\nx').meta.locale).toBe('pt-BR')
  expect(read('---\nlocale: english\n---\nx').problems).toHaveLength(1)
})

test('a key that looks like one of ours is a warning; any other is named', () => {
  const front = read(
    '---\nsumary: x\nTitel: y\nkeyword: [a]\ntags: [b]\ndescription: z\nsummary: own\nicon: star\nid: 7\ndraft: true\n---\nx',
  )
  expect(front.warnings.map(problemLine).map(line => line.replace(/^[^:]*:/, ''))).toEqual([
    '3: the key "Titel" is not read. Did you mean title?',
    '4: the key "keyword" is not read. Did you mean keywords?',
    '5: the key "tags" is not read. Did you mean topics?',
  ])
  // `summary` is there: whatever they are, they are not meant for it.
  expect(front.unknownKeys).toEqual([
    { key: 'sumary', line: 2 },
    { key: 'description', line: 6 },
    { key: 'icon', line: 8 },
  ])
  expect(front.problems).toEqual([])
})

test('YAML that cannot be read is a problem of its line', () => {
  expect(read('---\ntitle: Fees: all\n---\nx').problems).toMatchObject([{ line: 2 }])
  expect(read('---\n- a\n- b\n---\nx').problems).toMatchObject([{ line: 2 }])
  expect(read('---\ntitle: a\n\nText').problems).toMatchObject([{ line: 1 }])
})

test('a role names a folder of the server, so it is a word', () => {
  expect(read('---\nroles: [../x]\n---\n').problems).toHaveLength(1)
  expect(read('---\nroles: [Käufer, sales-rep]\n---\n').problems).toEqual([])
})

test('a rule of dashes at the top of a text is no front matter', () => {
  expect(read('---\n\nText')).toMatchObject({ problems: [], body: '---\n\nText' })
})

test('no file stops the build', () => {
  const piece = fc.constantFrom(
    '---\n',
    'title:',
    ' a',
    ': ',
    '[',
    ']',
    '{',
    '}',
    '&a',
    '*a',
    '- ',
    '\n',
    '"',
    "'",
    '!!x ',
    '%',
    '\t',
    '? ',
    '__proto__: 1\n',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
      const front = read(`---\n${pieces.join('')}\n---\nbody`)
      expect(typeof front.meta.title).toBe('string')
    }),
    { numRuns: 1_000 },
  )
})
