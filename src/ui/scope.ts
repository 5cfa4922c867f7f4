// What every component of one panel is handed: models, texts, lazily loaded parts. No global state, so that two
// assistants on a page share nothing.

import type { Signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import type { PanelModel, View } from '../assistant/panelModel'
import type { Texts } from '../base/texts'
import type { PastConversation } from '../protocol/deskRecords'

/** Chunks of the panel, as `import()` gives them. The caller decides from where (the loader's own version). */
export interface PanelParts {
  loadArticleView(): Promise<typeof import('./ArticleView')>
  loadConversationView(): Promise<typeof import('./ConversationView')>
}

export interface Aside {
  /** Stands in its place. */
  readonly over: View
  load(): Promise<ComponentType<{ scope: Scope }>>
}

export interface Scope {
  readonly panel: PanelModel
  readonly texts: Texts
  /** Once loaded, with their styles in place; a failure is forgotten, so that the next call tries again. */
  readonly parts: PanelParts
  /** Styles of a chunk that a view fetched by itself. */
  addStyles(css: string): void
  /** Says it to screen readers, politely. */
  announce(text: string): void
  /** Called by a view that came late: takes the focus that the panel holds for it. */
  arrived(): void
  /** A view in the place of another one, until it is left: what the device keeps, an earlier conversation. */
  readonly aside: Signal<Aside | null>
  /** An earlier conversation, in the place of what is shown. */
  readPast(past: PastConversation): void
  /** Fetches model and face of the conversation while the visitor is still reading or typing. */
  prefetch(): void
}
