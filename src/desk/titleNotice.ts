// The last news for the title of a window that is out of sight; nothing once it is looked at. Owns only that.

import { signal } from '@preact/signals-core'
import type { ReadonlySignal } from '../base/signal'
import type { DeskNews } from './deskModel'

export interface TitleNotice {
  readonly news: ReadonlySignal<DeskNews | null>
  dispose(): void
}

export function createTitleNotice(
  document: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>,
  all: ReadonlySignal<DeskNews | null>,
): TitleNotice {
  const news = signal<DeskNews | null>(null)
  const stop = all.subscribe(latest => {
    if (latest && document.visibilityState === 'hidden') news.value = latest
  })
  const look = () => {
    if (document.visibilityState === 'visible') news.value = null
  }
  document.addEventListener('visibilitychange', look)
  return {
    news,
    dispose() {
      stop()
      document.removeEventListener('visibilitychange', look)
    },
  }
}
