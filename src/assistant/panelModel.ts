// Open or closed, and which view is shown. Owns both; the only model that knows the others by name.

import type { ReadonlySignal } from '../base/signal'
import type { ConversationModel } from '../conversation/conversationModel'
import type { ContentTree } from '../knowledge/contentTree'
import type { ReaderModel } from '../search/readerModel'
import type { SearchModel } from '../search/searchModel'

export type View = 'home' | 'article' | 'conversation'

export interface PanelModel {
  readonly isOpen: ReadonlySignal<boolean>
  readonly view: ReadonlySignal<View>
  readonly unread: ReadonlySignal<number>
  readonly search: SearchModel
  readonly reader: ReaderModel
  /** Made when it is first needed; null until its chunk is here. */
  readonly conversation: ReadonlySignal<ConversationModel | null>
  /** `failed`: the chunk did not come; the view says so and offers to try again. */
  readonly conversationStatus: ReadonlySignal<'none' | 'loading' | 'ready' | 'failed'>
  readonly settings: ReadonlySignal<PanelSettings>
  open(view?: View): void
  close(): void
  toggle(): void
  show(view: View): void
  /** One step back: article -> where it was opened from; conversation -> home. */
  back(): void
  openArticle(articleId: string, headingId?: string): void
  /** Opens the conversation; with `text` the question is put at once. */
  ask(text?: string): Promise<void>
  /** After an article: (c) of the journeys, with the article as context. */
  articleDidNotHelp(): Promise<void>
  /** Asked for a person from anywhere in the panel. */
  askForPerson(): Promise<void>
  /** Fetches the conversation chunk while the visitor is still reading or typing. */
  prefetchConversation(): void
  /** Markdown of an agent as a content tree; null until its chunk is here, or when it cannot be read. */
  parseMarkdown(text: string): Promise<ContentTree | null>
}

/** What faces need to know beyond the models. */
export interface PanelSettings {
  /** The assistant's name, shown as title. */
  readonly name: string
  readonly theme: 'auto' | 'light' | 'dark'
  /** CSS colour or null for the default. */
  readonly accent: string | null
  readonly position: 'right' | 'left'
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
  /** Shown when nobody can be reached. */
  readonly contactEmail: string | null
  /** Is there a server for people at all? */
  readonly hasPeople: boolean
  /** Origins whose images may be shown; '' stands for the host's own. */
  readonly imageOrigins: readonly string[]
}
