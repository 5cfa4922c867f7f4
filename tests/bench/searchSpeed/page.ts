// In the page: what the two bundles share.

import { createJsonLoader, type LoadJson } from '../../../src/search/loadJson'
import { type Answer, type Opened, open, type } from './underTest'

/** Where the files of the site are. */
export const OURS_URL = '/site/ours/'
export const MINI_URL = '/site/'

export interface InPage {
  open(): Promise<Opened & { readonly longestTaskMs: number }>
  type(texts: readonly string[]): Promise<number[]>
}

/** @param start  opens one search */
export function offer(start: (loadJson: LoadJson) => Promise<Answer>, baseUrl: string): void {
  // Told of tasks of 50 ms and more; 0 says that there was none.
  let longestTaskMs = 0
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration)
  }).observe({ type: 'longtask', buffered: true })
  let answer: Answer | undefined
  const inPage: InPage = {
    async open() {
      const done = await open(start, createJsonLoader(fetch.bind(window), baseUrl))
      answer = done.answer
      return { ...done.opened, longestTaskMs }
    },
    type: texts => (answer ? type(answer, texts) : Promise.reject(new Error('open() comes first.'))),
  }
  Object.assign(window, { inPage })
}
