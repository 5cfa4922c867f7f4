// Open or closed, and which view is shown. Owns both; the only model that knows the others by name.

import { computed, signal } from '@preact/signals-core'
import type { ReadonlySignal } from '../base/signal'
import type { TextMap } from '../base/texts'
import type { ConversationModel } from '../conversation/conversationModel'
import type { ContentTree } from '../knowledge/contentTree'
import type { ReaderModel } from '../search/readerModel'
import type { SearchModel } from '../search/searchModel'
import type { DeviceKeeping } from './deviceKeeping'
import type { PastConversations } from './pastConversations'

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
  /** English that came with a chunk of the face; the site's own words go before it. */
  addTexts(words: TextMap): void
  /** Markdown of an agent as a content tree; null until its chunk is here, or when it cannot be read. */
  parseMarkdown(text: string): Promise<ContentTree | null>
  /** What this device keeps, and the end of it: its chunk, which may not come. */
  device(): Promise<DeviceKeeping>
  /** There may be conversations from before: somebody is signed in, or a person was asked for on this device. */
  mayHavePast(): boolean
  /** Those conversations, and what can be done with one: its chunk, which may not come. */
  past(): Promise<PastConversations>
  /** What a signed-in visitor could open a dispute about on this page (`data-asklet-dispute`); null: nothing. */
  disputeAbout(): string | null
  /** Opens the conversation and does something with it, unless its chunk does not come. */
  withConversation(act: (conversation: ConversationModel) => Promise<void>): Promise<void>
}

/** What faces need to know beyond the models. */
export interface PanelSettings {
  /** The assistant's name, shown as title. */
  readonly name: string
  readonly theme: 'auto' | 'light' | 'dark' | 'host'
  readonly density?: 'comfortable' | 'compact'
  /** CSS colour or null for the default. */
  readonly accent: string | null
  readonly position: 'right' | 'left'
  /** What the texts are in; times and numbers follow it. */
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
  /** What the visitor reads, and articles are looked for in: the same, unless its words are not to be had. */
  readonly readerLocale?: string
  /** Shown when nobody can be reached. */
  readonly contactEmail: string | null
  /** Is there a server for people at all? */
  readonly hasPeople: boolean
  /** Origins whose images may be shown; '' stands for the host's own. */
  readonly imageOrigins: readonly string[]
}

export interface PanelDeps {
  readonly search: SearchModel
  readonly reader: ReaderModel
  readonly settings: ReadonlySignal<PanelSettings>
  /** Fetches the conversation's chunk and makes the model; called again after a failure. */
  loadConversation(): Promise<ConversationModel>
  /** Fetches the reader of agents' Markdown. */
  loadMarkdown(): Promise<(text: string) => ContentTree>
  addTexts(words: TextMap): void
  device(): Promise<DeviceKeeping>
  mayHavePast(): boolean
  past(): Promise<PastConversations>
  disputeAbout(): string | null
  /** A conversation with a person is under way on this device, loaded or not. */
  isWaiting(): boolean
  onOpened(view: View): void
  onClosed(): void
}

export function createPanelModel(deps: PanelDeps): PanelModel & {
  loadConversation(): Promise<ConversationModel>
  /** After `reset`: the next question starts afresh. */
  forgetConversation(): void
  dispose(): void
} {
  const isOpen = signal(false)
  const view = signal<View>('home')
  const conversation = signal<ConversationModel | null>(null)
  const conversationStatus = signal<'none' | 'loading' | 'ready' | 'failed'>('none')
  const cameFrom: View[] = []
  const unread = computed(() => conversation.value?.unread.value ?? 0)
  let loading: Promise<ConversationModel> | undefined

  const load = (): Promise<ConversationModel> => {
    if (loading) return loading
    conversationStatus.value = 'loading'
    const mine: Promise<ConversationModel> = deps.loadConversation().then(
      model => {
        if (loading !== mine) {
          // Given up meanwhile: it was made for a visitor who is not the one who is here now.
          model.dispose()
          return load()
        }
        conversation.value = model
        conversationStatus.value = 'ready'
        return model
      },
      error => {
        if (loading === mine) {
          loading = undefined
          conversationStatus.value = 'failed'
        }
        throw error
      },
    )
    loading = mine
    return mine
  }
  /** An answer that nobody looks at any more need not be waited for, or paid for. */
  const stopAnswer = () => conversation.peek()?.stopAnswer()
  const show = (next: View) => {
    if (next === view.peek()) return
    stopAnswer()
    if (next === 'home') cameFrom.length = 0
    else cameFrom.push(view.peek())
    view.value = next
    if (next === 'conversation') load().catch(() => {})
  }
  const setOpen = (next: boolean) => {
    if (next === isOpen.peek()) return
    isOpen.value = next
    if (next) deps.onOpened(view.peek())
    else {
      stopAnswer()
      deps.onClosed()
    }
  }
  /** The view says `failed` and offers to try again; nothing is thrown at whoever pressed a button. */
  const withConversation = async (act: (model: ConversationModel) => Promise<void>) => {
    show('conversation')
    setOpen(true)
    let model: ConversationModel
    try {
      model = await load()
    } catch {
      return
    }
    await act(model)
  }
  // Where somebody waits or talks, opening leads there: also while what is kept of it is being read.
  const entrance = (): View => {
    if (deps.isWaiting()) return 'conversation'
    const phase = conversation.peek()?.phase.value
    return phase === 'queued' || phase === 'live' || phase === 'ticketed' ? 'conversation' : view.peek()
  }

  const model = {
    isOpen,
    view,
    unread,
    search: deps.search,
    reader: deps.reader,
    conversation,
    conversationStatus,
    settings: deps.settings,
    open(wanted?: View) {
      if (!isOpen.peek()) show(wanted ?? (unread.peek() ? 'conversation' : entrance()))
      else if (wanted) show(wanted)
      setOpen(true)
    },
    close: () => setOpen(false),
    toggle: () => (isOpen.peek() ? setOpen(false) : model.open()),
    show,
    back() {
      stopAnswer()
      if (view.peek() === 'article') deps.reader.close()
      view.value = cameFrom.pop() ?? 'home'
    },
    openArticle(articleId: string, headingId?: string) {
      show('article')
      setOpen(true)
      void deps.reader.open(articleId, headingId)
    },
    ask: (text?: string) =>
      withConversation(async conversation => {
        if (text?.trim()) await conversation.send(text)
      }),
    articleDidNotHelp() {
      const article = deps.reader.article.value
      deps.reader.say('no')
      return withConversation(async conversation => {
        if (article) await conversation.articleDidNotHelp(article.id, article.title)
      })
    },
    askForPerson: () => withConversation(conversation => conversation.askForPerson()),
    addTexts: deps.addTexts,
    device: deps.device,
    mayHavePast: deps.mayHavePast,
    disputeAbout: deps.disputeAbout,
    past: deps.past,
    withConversation,
    loadConversation: load,
    prefetchConversation() {
      load().catch(() => {})
    },
    async parseMarkdown(text: string) {
      try {
        return (await deps.loadMarkdown())(text)
      } catch {
        return null
      }
    },
    dispose() {
      conversation.peek()?.dispose()
      conversation.value = null
      loading = undefined
      conversationStatus.value = 'none'
    },
    forgetConversation() {
      model.dispose()
      if (view.peek() === 'conversation') view.value = 'home'
      cameFrom.length = 0
    },
  }
  return model
}
