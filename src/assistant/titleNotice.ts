// "(1) " before the page's title while a person's words wait unread and the panel is closed. A chunk of its own,
// fetched with the first of them. The title is the page's: what it says meanwhile stands, and only a title that is
// still as this left it is put back.

import { effect } from '@preact/signals-core'
import type { Undo } from '../base/environment'
import type { PanelModel } from './panelModel'

/** @returns its end, with the page's own title */
export function watchTitle(
  document: Pick<Document, 'title'>,
  panel: Pick<PanelModel, 'isOpen' | 'unread' | 'conversation'>,
): Undo {
  let own = ''
  /** As this left it; '' where it left nothing. */
  let noted = ''
  const restore = () => {
    if (noted && document.title === noted) document.title = own
    noted = ''
  }
  const stop = effect(() => {
    // Of several tabs one says so.
    const isMine = !panel.isOpen.value && panel.conversation.value?.leads.value
    const count = isMine ? panel.unread.value : 0
    restore()
    if (!count) return
    own = document.title
    document.title = `(${count}) ${own}`
    // As the browser keeps it: spaces are stripped.
    noted = document.title
  })
  return () => {
    stop()
    restore()
  }
}
