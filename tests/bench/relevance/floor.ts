// The floor: titles in which each word typed begins a word; the order of the files decides. Whatever does not beat
// it is no search.

import type { Engine } from './engine'

export const floor: Engine = {
  name: 'titles-only',
  code: '',
  build(articles) {
    const titles = articles.map(({ id, title }) => ({ id, words: words(title) }))
    return {
      search(query, limit) {
        const typed = words(query)
        return titles
          .filter(title => typed.every(part => title.words.some(word => word.startsWith(part))))
          .slice(0, limit)
          .map(({ id }) => id)
      },
      serialise: () => JSON.stringify(articles.map(({ id, title }) => [id, title])),
    }
  },
}

const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
