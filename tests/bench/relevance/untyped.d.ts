// What the bench uses of two libraries that come without types.

declare module 'lunr' {
  interface Clause {
    boost?: number
    wildcard?: number
    editDistance?: number
    usePipeline?: boolean
  }
  interface Query {
    term(term: string | readonly string[], options: Clause): Query
  }
  interface Builder {
    ref(name: string): void
    field(name: string, options?: { boost?: number }): void
    add(document: object): void
  }
  interface Index {
    query(ask: (query: Query) => void): { ref: string; score: number }[]
    toJSON(): object
  }
  function lunr(define: (this: Builder) => void): Index
  namespace lunr {
    const tokenizer: (text: string) => { toString(): string }[]
    const Query: { wildcard: { TRAILING: number } }
  }
  export = lunr
}

declare module 'elasticlunr' {
  interface Index {
    setRef(name: string): void
    addField(name: string): void
    saveDocument(save: boolean): void
    addDoc(document: object): void
    search(query: string, options?: object): { ref: string; score: number }[]
    toJSON(): object
  }
  function elasticlunr(define: (this: Index) => void): Index
  namespace elasticlunr {
    const stemmer: (word: string) => string
    const defaultStopWords: Readonly<Record<string, boolean>>
  }
  export = elasticlunr
}
