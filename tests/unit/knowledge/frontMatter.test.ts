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
