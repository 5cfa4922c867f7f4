// A brief of a visitor of whom nothing is known. In a file of its own: who opens a conversation needs no contract suite.

import type { Brief } from '../protocol/records'

export function emptyBrief(change: Partial<Brief> = {}): Brief {
  return {
    reason: 'askedForPerson',
    page: {
      url: 'https://shop.example/',
      route: '/',
      title: '',
      name: '',
      headings: [],
      language: 'en',
      data: {},
    },
    visitor: { locale: 'en', attributes: {} },
    articlesRead: [],
    slots: [],
    turns: 0,
    ...change,
  }
}
