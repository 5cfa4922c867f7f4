import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assembleIndex, readIndex } from '../../../src/knowledge/assembleIndex'
import { buildIndex } from '../../../src/knowledge/buildIndex'
import {
  BODY_TIMES,
  type IndexedArticle,
  type IndexRow,
  type SearchIndex,
  slug,
  type WordsFile,
} from '../../../src/knowledge/indexFile'
import { shelf, sketch } from '../search/shelf'

const english = buildIndex(shelf, { locale: 'en' })
const whole = (articles: readonly IndexedArticle[]) =>
  readIndex(JSON.parse(JSON.stringify(buildIndex(articles, { locale: 'en' }))))

/** Article id -> use, of one term. */
function postings(index: SearchIndex, term: string): Record<string, number> {
  const number = index.terms.indexOf(term)
  const found: Record<string, number> = {}
  for (let at = index.starts[number] as number; at < (index.starts[number + 1] as number); at++)
    found[(index.articles[index.docs[at] as number] as IndexRow).id] = index.uses[at] as number
  return found
}

test('the index is the same for the same articles in any order, and reads back whole', () => {
  expect(JSON.stringify(buildIndex([...shelf].reverse(), { locale: 'en' }))).toBe(JSON.stringify(english))
  const index = readIndex(JSON.parse(JSON.stringify(english)))
  expect([...index.terms].sort()).toEqual(index.terms)
  expect(Object.keys(postings(index, 'iban'))).toEqual(['payments/withdraw'])
})

test('a posting says in which fields a term stands, and how often', () => {
  const index = whole([
    sketch({
      id: 'a',
      title: 'Boats boats',
      questions: ['May I take a boat?'],
      keywords: ['boat'],
      summary: 'Of boats.',
      body: { 'A boat': 'One boat.', 'Boats again': 'Boat after boat.', 'Boat three': '', 'Boat four': '' },
    }),
    sketch({ id: 'b', title: 'Harbour', body: { '': 'boat '.repeat(9) } }),
  ])
  const { a, b } = postings(index, 'boat') as { a: number; b: number }
  expect(a & 15).toBe(15)
  expect((a >> 4) & 3).toBe(3)
  expect(BODY_TIMES[a >> 6]).toBe(3)
  expect(b).toBe(3 << 6)
  expect(postings(index, 'three')).toEqual({ a: 1 << 4 })
})

test('of a body, words that say nothing and keys that nobody types are left out; numbers of errors are not', () => {
  const index = whole([
    sketch({
      id: 'a',
      title: 'Errors',
      body: { '': 'Have a look at a1b2c3d4e5 or 0x80070005 or KB4011730.' },
    }),
  ])
  for (const term of ['have', 'a1b2c3d4e5']) expect(index.terms).not.toContain(term)
  for (const term of ['0x80070005', 'kb4011730', 'look']) expect(index.terms).toContain(term)
})

const word = fc.stringMatching(/^[a-zA-Z0-9^À-ſ]{1,8}$/)
const articleLike = fc.record({
  folder: fc.array(word, { maxLength: 2 }),
  name: fc.array(word, { minLength: 1, maxLength: 4 }),
  title: fc.array(word, { minLength: 1, maxLength: 5 }),
  isNamedAfterTitle: fc.boolean(),
  heading: word,
  headingId: fc.option(word),
  order: fc.integer(),
})

test('ids, titles, headings and the rest come back as they were, whatever is in them', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(articleLike, { maxLength: 12, selector: a => [...a.folder, ...a.name].join() }),
      list => {
        const articles = list.map(
          ({ folder, name, title, isNamedAfterTitle, heading, headingId, order }, i) =>
            sketch({
              id: [
                ...folder,
                `${(isNamedAfterTitle ? title.map(part => part.toLowerCase()) : name).join('-')}-${i}`,
              ].join('/'),
              title: title.join(' '),
              order,
              roles: i % 3 ? ['client'] : [],
              sections: [{ headingId: headingId ?? heading.toLowerCase(), headingText: heading, text: '' }],
            }),
        )
        const named = whole(articles).articles.map(row => {
          const headings = row.headings.map(({ id, text }) => ({ id: id ?? slug(text), text }))
          return [row.id, { ...row, headings }] as const
        })
        const rows = new Map(named)
        for (const article of articles)
          expect(rows.get(article.id)).toMatchObject({
            title: article.title,
            order: article.order,
            roles: article.roles,
            headings: article.sections.map(({ headingId, headingText }) => ({
              id: headingId,
              text: headingText,
            })),
          })
      },
    ),
  )
})

test('white space in a text does not end it', () => {
  const [row] = whole([sketch({ id: 'a', title: 'One\ntwo\tthree', questions: ['How\r\nnow?'] })]).articles
  expect(row).toMatchObject({ title: 'One two three', questions: ['How now?'] })
})

test('the first part alone finds titles, questions and addresses', () => {
  const steps = assembleIndex(english)
  let step = steps.next()
  while (!step.done) step = steps.next()
  const index = step.value
  expect([...index.terms].sort()).toEqual(index.terms)
  expect(Object.keys(postings(index, 'withdraw'))).toContain('payments/withdraw')
  expect(index.terms).not.toContain('iban')
  expect(index.articles.every(({ file, summary }) => file === '' && summary === '')).toBe(true)
})

test('an index is read a few rows and one list of numbers at a time', () => {
  const many = Array.from({ length: 400 }, (_, i) => sketch({ id: `a${i}`, title: `Boat ${i}` }))
  const file = buildIndex(many, { locale: 'en' })
  let read = 0
  const kind = () => {
    read++
    return 'howto'
  }
  const counted = (numbers: string) => ({
    toString() {
      read += 50
      return numbers
    },
  })
  const { counts, docs, uses, lengths } = file.words
  const steps = assembleIndex(
    {
      ...file,
      // Read once for each row.
      kinds: { of: Object.defineProperty([], 0, { get: kind, enumerable: true }) },
    },
    file.texts,
    {
      ...file.words,
      counts: counted(counts),
      docs: counted(docs),
      uses: counted(uses),
      lengths: counted(lengths),
    } as unknown as WordsFile,
  )
  let all = 0
  let most = 0
  while (!steps.next().done) {
    all += read
    most = Math.max(most, read)
    read = 0
  }
  expect(all).toBe(400 + 4 * 50)
  expect(most).toBe(50)
})

const { words, texts } = english
test.each([
  ['nothing', null],
  ['a list', []],
  ['another format', { ...english, asklet: 'index@1' }],
  ['cut postings', { ...english, words: { ...words, uses: words.uses.slice(1) } }],
  ['a body too few', { ...english, words: { ...words, lengths: words.lengths.slice(1) } }],
  ['an article too few', { ...english, titles: english.titles.replace(/.*\n/, '') }],
  ['a summary too few', { ...english, texts: { ...texts, summaries: texts.summaries.replace(/\n.*/, '') } }],
  ['roles that are not listed', { ...english, roles: { of: [], at: english.roles.at } }],
  ['no terms', { ...english, words: { ...words, terms: '' } }],
  ['no words at all', { ...english, words: 'words.json' }],
  ['no kinds', { ...english, kinds: undefined }],
  ['no synonyms', { ...english, synonyms: null }],
  ['numbers for parts', { ...english, words: 5, texts: 5 }],
])('an index of %s is refused with a sentence that says what to do', (_, json) => {
  expect(() => readIndex(json)).toThrow(/\[index_shape\].*asklet build/)
})
