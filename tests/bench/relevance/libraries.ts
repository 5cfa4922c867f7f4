// Other search libraries of npm, each as its documents advise for search while typing: fields weighted, the last
// word may be half typed, words may be mistyped where it can. Not tuned by trial as MiniSearch is.

import { create, insertMultiple, save, search } from '@orama/orama'
import elasticlunr from 'elasticlunr'
import { Charset, Document } from 'flexsearch'
import Fuse from 'fuse.js'
import lunr from 'lunr'
import type { HelpText } from './corpora'
import type { Engine } from './engine'

const BOOST = { title: 8, keywords: 4, summary: 3, headings: 3, slug: 3, folders: 1, body: 1 }
type Field = keyof typeof BOOST
const FIELDS = Object.keys(BOOST) as Field[]

const flat = ({ headings, area: _, ...article }: HelpText) => ({ ...article, headings: headings.join('\n') })

const elastic: Engine = {
  name: 'elasticlunr',
  sample: 300,
  code: `export { default } from 'elasticlunr'`,
  build(articles) {
    const index = elasticlunr(function () {
      this.setRef('id')
      for (const field of FIELDS) this.addField(field)
      this.saveDocument(false)
    })
    for (const article of articles) index.addDoc(flat(article))
    const fields = Object.fromEntries(FIELDS.map(field => [field, { boost: BOOST[field] }]))
    return {
      search(query, limit) {
        const found = new Set<string>()
        for (const bool of ['AND', 'OR']) {
          for (const { ref } of index.search(query, { fields, bool, expand: true })) found.add(ref)
          if (found.size >= limit) break
        }
        return [...found].slice(0, limit)
      },
      serialise: () => JSON.stringify(index),
    }
  },
}

const lunrEngine: Engine = {
  name: 'lunr',
  sample: 100,
  code: `export { default } from 'lunr'`,
  build(articles) {
    const index = lunr(function () {
      this.ref('id')
      for (const field of FIELDS) this.field(field, { boost: BOOST[field] })
      for (const article of articles) this.add(flat(article))
    })
    return {
      search(query, limit) {
        const words = lunr.tokenizer(query).map(String)
        const results = index.query(ask => {
          words.forEach((word, i) => {
            ask.term(word, { boost: 10, usePipeline: true })
            if (i === words.length - 1)
              ask.term(word, { boost: 3, wildcard: lunr.Query.wildcard.TRAILING, usePipeline: false })
            if (word.length > 3) ask.term(word, { boost: 1, editDistance: 1, usePipeline: false })
          })
        })
        return results.slice(0, limit).map(({ ref }) => ref)
      },
      serialise: () => JSON.stringify(index),
    }
  },
}

const flexsearch: Engine = {
  name: 'flexsearch',
  sample: 300,
  code: `export { Document, Charset } from 'flexsearch'`,
  build(articles) {
    const index = new Document({
      document: {
        id: 'id',
        index: FIELDS.map(field => ({
          field,
          // Every beginning of every word of a body would be 20 MB.
          tokenize: field === 'body' ? ('strict' as const) : ('forward' as const),
          encoder: Charset.LatinBalance,
        })),
      },
    })
    for (const article of articles) index.add(flat(article))
    return {
      // Its fields are searched one by one; places in their lists are added up.
      search(query, limit) {
        const scores = new Map<string, number>()
        const lists = index.search(query, { limit: 50, suggest: true }) as unknown as readonly {
          readonly field: Field
          readonly result: readonly string[]
        }[]
        for (const { field, result } of lists)
          result.forEach((id, place) => scores.set(id, (scores.get(id) ?? 0) + BOOST[field] / (place + 1)))
        return [...scores]
          .sort((a, b) => b[1] - a[1])
          .slice(0, limit)
          .map(([id]) => id)
      },
      serialise() {
        const parts: Record<string, string> = {}
        index.export((key: string, part: string) => {
          parts[key] = part
        })
        return JSON.stringify(parts)
      },
    }
  },
}

const fuse: Engine = {
  name: 'fuse',
  sample: 30,
  code: `export { default } from 'fuse.js'`,
  build(articles) {
    // Long texts are beyond it: titles and headings only.
    const list = articles.map(({ id, title, headings }) => ({ id, title, headings }))
    const keys = [
      { name: 'title', weight: 3 },
      { name: 'headings', weight: 1 },
    ]
    const searcher = new Fuse(list, { keys, threshold: 0.4, ignoreLocation: true, includeScore: true })
    return {
      search: (query, limit) => searcher.search(query, { limit }).map(({ item }) => item.id),
      serialise: () => JSON.stringify([list, Fuse.createIndex(keys, list)]),
    }
  },
}

const orama: Engine = {
  name: 'orama',
  sample: 100,
  code: `export { create, load, search } from '@orama/orama'`,
  async build(articles) {
    const schema = Object.fromEntries(FIELDS.map(field => [field, 'string' as const]))
    const db = create({ schema, components: { tokenizer: { stemming: true, language: 'english' } } })
    await insertMultiple(db, articles.map(flat) as never)
    const ask = async (term: string, limit: number, tolerance: number) =>
      (await search(db, { term, limit, tolerance, boost: BOOST } as never)).hits.map(({ id }) => String(id))
    return {
      async search(query, limit) {
        const exact = await ask(query, limit, 0)
        if (exact.length >= limit) return exact
        return [...new Set([...exact, ...(await ask(query, limit, 1))])].slice(0, limit)
      },
      serialise: () => JSON.stringify(save(db)),
    }
  },
}

export const LIBRARIES: readonly Engine[] = [elastic, lunrEngine, flexsearch, fuse, orama]
