// The composition root: reads configuration, makes the models, hands each what it needs, and returns the one
// object that a host page talks to. Parts that are not needed yet are functions that fetch them.

import { computed, effect, signal } from '@preact/signals-core'
import type { Environment, Undo } from '../base/environment'
import { AskletError } from '../base/errors'
import { once } from '../base/once'
import type { watchRoute } from '../base/route'
import { type SafeStorage, safeStorage } from '../base/safeStorage'
import type { ReadonlySignal } from '../base/signal'
import { readableLocale, type TextMap, type Texts, type TextValues } from '../base/texts'
import type { HostAction } from '../bot/botProvider'
import { type Consent, mayFollow, refusesTracking } from '../context/consent'
import { NO_PAGE, readPage } from '../context/pageContext'
import { provenToken, provesWho, tokenOf, type VisitorInput, visitorFacts } from '../context/visitor'
import { createRecorder } from '../journal/recorder'
import type { Article } from '../knowledge/article'
// Only their types: a key that somebody else's chunk owns is spelt here, and the compiler holds it to the owner.
import type { KEPT_KEY, TAKING_PART_KEY, WAITING_KEY } from '../live/startLive'
import type { Config } from '../protocol/config'
import type { Facts, PageFacts } from '../protocol/facts'
import type { Phase } from '../protocol/phase'
import { plainConfig } from '../protocol/plainConfig'
import { createReaderModel } from '../search/readerModel'
import { createSearchModel } from '../search/searchModel'
import type { SearchProvider, Suggestion } from '../search/searchProvider'
import type { DeviceKeeping, FORGET_KEY, Kept } from './deviceKeeping'
import type { Diagnosis } from './diagnose/diagnose'
import { createEmitter, type HostEventName, type HostListener } from './hostEvents'
import { createKnowledge } from './knowledgeSource'
import type { Offers } from './offers'
import type { AssistantOptions, AssistantUpdate, Prefill } from './options'
import { takeName } from './ownName'
import { createPanelModel, type PanelModel, type PanelSettings, type View } from './panelModel'
import { createWordsModel } from './wordsModel'

/** The assistant, as a host page sees it. Every verb is safe at any time; after `destroy` all are silent. */
export interface Assistant {
  /** Opens the panel, where the visitor left it. */
  open(view?: View): void
  close(): void
  toggle(): void
  /** Opens the conversation; with `question` it is put at once. */
  ask(question?: string): Promise<void>
  /** Opens the panel with `query` in the search box. */
  search(query: string): void
  /** Suggestions without the panel: at most `limit` (default 6), best first, each with its reasons. */
  suggest(query?: string, limit?: number): Promise<readonly Suggestion[]>
  /** Opens an article in the panel, at a heading if given; resolves to it. Rejects with `article_missing`. */
  article(articleId: string, headingId?: string): Promise<Article>
  /** Tells by hand that the visitor is elsewhere. Routes of single-page apps are noticed without this. */
  navigate(route?: string): void
  /** Says who is asking; replaces what was said before. */
  identify(visitor: VisitorInput): void
  update(settings: AssistantUpdate): void
  prefill(details: Prefill): void
  /**
   * Says that something happened, `checkoutFailed`, for which `offers` of the configuration may have help. Facts fill
   * the places of its text. Resolves to whether an offer is shown now.
   */
  signal(name: string, facts?: TextValues): Promise<boolean>
  /** Forgets this tab's search and conversation with the bot. */
  reset(): Promise<void>
  /** `reset`, and the person is nobody again: identity, secret, kept words. Call it when your user signs out. */
  logout(): Promise<void>
  /**
   * Erases all that this device keeps for this assistant, in all tabs, and ends what is under way; who it is stays
   * known. What was sent to people stays with them. Resolves to what was kept until then, null after `destroy`.
   */
  forgetDevice(): Promise<Kept | null>
  /**
   * What is wrong with this installation: resolves to a report and prints it to the console. For developers; it asks
   * the page and the addresses that the assistant asks, and works after `destroy` and where all is switched off.
   */
  diagnose(): Promise<Diagnosis>
  /** Leaves nothing behind: no node, listener, timer or connection. */
  destroy(): void
  on<Name extends HostEventName>(event: Name, listener: HostListener<Name>): () => void
  off<Name extends HostEventName>(event: Name, listener: HostListener<Name>): void
  /** A function of the page that a flow may call after the visitor's yes. Returns its undo. */
  registerAction(name: string, action: HostAction): () => void
  readonly isOpen: ReadonlySignal<boolean>
  readonly phase: ReadonlySignal<Phase>
  readonly unread: ReadonlySignal<number>
}

/** What shows the assistant. A door hands one in; headless there is none. */
export interface Face {
  /** What all of it stands in. */
  readonly root?: ShadowRoot
  /**
   * Draws the panel; called once, out of sight after the first sign of intent, and at the latest when it opens.
   * @param takesFocus  if it is open by then; false: it was open before a reload
   */
  mount(panel: PanelModel, texts: Texts, takesFocus: boolean): Promise<Undo>
  /** Label, badge and colours of the launcher, as soon as they are known; without a label it keeps the one it has. */
  show(settings: PanelSettings, label: string | undefined, unread: number, unreadText: string): void
  /** Calls `wake` at the first sign that the visitor turns to the launcher; absent where that has been. */
  onIntent?(wake: () => void): Undo
  setOpen(isOpen: boolean): void
  setProblem(sentence: string): void
  remove(): void
}

export interface Assembly {
  readonly environment: Environment
  readonly face: Face | null
  /** The configuration, when it is already on its way. */
  readonly configResponse?: Promise<Response>
  /** The loader has it already and hands it over. */
  readonly watchRoute: typeof watchRoute
  /** Fetches what offers help unasked, once; headless there is none. */
  readonly loadOffers?: () => Promise<Offers>
  /** Offers are switched on, or have begun. */
  readonly hasOffers?: boolean
  /** Keeps apart what several assistants of a page remember. The only one needs none. */
  readonly name?: string | undefined
  /**
   * Judges what verbs are handed, in the words of the options; throws on what cannot be taken. A developer's door
   * has a sentence for each option at hand, the script tag's fetches them when one is needed.
   */
  check(options: AssistantOptions): void
}

/** What a tab remembers of its visitor, and of no other: the talk with the bot, the pages before this one. */
const OF_VISITOR = ['conversation', 'thread' satisfies typeof TAKING_PART_KEY, 'routes']
/** With search and window: all that it remembers. */
const OF_TAB = ['query', 'open', ...OF_VISITOR]

/** After the first sign of intent. */
const DRAWN_WITHIN_MS = 1_000

const VIEWS = new Set<unknown>(['home', 'article', 'conversation'])
const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** @param options  checked by the door that they came through */
export function assembleAssistant(
  options: AssistantOptions,
  {
    environment,
    face,
    configResponse,
    check,
    name: wanted = '',
    watchRoute,
    loadOffers,
    hasOffers,
  }: Assembly,
): Assistant {
  const { window } = environment
  const events = createEmitter()
  const undos: Undo[] = []
  let isDestroyed = false

  const visitor = signal<VisitorInput>(options.visitor ?? {})
  /** Whose words are being erased, while they are: nobody, or the next one, may be here by then. */
  let leaver: VisitorInput | undefined
  const updates = signal<AssistantUpdate>({})
  const config = signal<Config | null>(null)
  const route = signal<string | undefined>(undefined)
  // ---- settings and texts: options win over configuration, updates over both
  const chosen = <Key extends 'locale' | 'theme' | 'density' | 'accent' | 'position' | 'label'>(key: Key) =>
    updates.value[key] ?? options[key] ?? config.value?.[key]
  const { name, isSpare, release } = takeName(window?.document ?? null, wanted)
  undos.push(release)
  if (isSpare) {
    console.warn(
      `Asklet: another assistant has the name "${wanted}". This one keeps nothing; give it its own \`name\`.`,
    )
  }
  // A spare name may be another's after a reload, and what is kept under it would be read by the wrong one.
  const consent = computed<Consent>(() =>
    isSpare ? 'denied' : (updates.value.consent ?? options.consent ?? 'pending'),
  )
  const locale = computed(() =>
    readableLocale(chosen('locale') ?? (window?.document.documentElement.lang || 'en')),
  )
  const settings = computed<PanelSettings>(() => {
    const file = config.value
    return {
      name: file?.name ?? 'Help',
      theme: chosen('theme') ?? 'auto',
      density: chosen('density') ?? 'comfortable',
      accent: chosen('accent') ?? null,
      position: chosen('position') ?? 'right',
      locale: words.locale.value,
      dir: words.dir.value,
      readerLocale: locale.value,
      contactEmail: file?.contact?.email ?? null,
      hasPeople: file?.server !== undefined,
      imageOrigins: ['', ...(file?.images ?? [])],
    }
  })

  // ---- what is known of page and visitor, read at the moment of asking
  let addSignals = (page: PageFacts) => page
  const facts = (): Facts => ({
    page: window ? addSignals(readPage(window.document, window.location, route.peek())) : NO_PAGE,
    visitor: visitorFacts(visitor.peek(), locale.peek()),
  })

  // ---- configuration
  const given = options.config ?? '/asklet.json'
  const isAddress = typeof given === 'string' || given instanceof URL
  const configAddress = new URL(isAddress ? given : '', window?.document.baseURI ?? 'http://localhost/').href
  const fromConfig = (address: string) => new URL(address, configAddress).href
  const serverOf = (file: Config) =>
    file.server === undefined ? null : fromConfig(file.server).replace(/\/$/, '')
  let firstResponse = configResponse
  const ready = once(async (): Promise<Config> => {
    const file = await readSettings()
    config.value = file
    if (!file.enabled) destroy()
    return file
  })
  async function readSettings(): Promise<Config> {
    const isLocal = /^(localhost|127\.0\.0\.1)$/.test(new URL(configAddress).hostname)
    let file: unknown = given
    let status = 200
    if (isAddress) {
      try {
        const pending = firstResponse ?? environment.fetch(configAddress, { credentials: 'same-origin' })
        firstResponse = undefined
        const response = await pending
        status = response.status
        file = await response.text()
      } catch (cause) {
        throw new AskletError(
          'network',
          `${configAddress} could not be reached. Is it allowed by connect-src?`,
          { cause },
        )
      }
    }
    // A file on a developer's own machine is held against the whole schema at every start.
    const plain = status !== 200 || (isLocal && isAddress) ? null : plainConfig(file)
    if (plain) return plain
    const { strictConfig } = await import('./strictConfig')
    return strictConfig(file, isAddress ? configAddress : 'options.config', isLocal, status)
  }
  let lastReported: unknown
  const report = (error: unknown) => {
    // One failed file is met by all who wait for it; the developer reads it once.
    if (isDestroyed || error === lastReported) return
    lastReported = error
    const known = error instanceof AskletError
    console.error(known ? error.message : error)
    events.emit('error', { code: known ? error.code : 'unexpected', message: (error as Error).message })
  }
  const words = createWordsModel({
    wanted: locale,
    siteLocales: computed(() => [options.locales, config.value?.locales as AssistantOptions['locales']]),
    siteTexts: computed(() =>
      [updates.value.texts, options.texts, config.value?.texts as TextMap | undefined].filter(
        map => map !== undefined,
      ),
    ),
    ready,
    async loadLocale(request) {
      const { loadLocale } = await import('./locales')
      return loadLocale({ ...request, address: fromConfig, fetch: environment.fetch, onError: report })
    },
    clock: environment,
    onError: report,
  })
  const { texts, add: addTexts, settle } = words
  undos.push(words.dispose)

  // ---- models
  const own = `${name ? `${name}/` : ''}asklet:`
  const named = ({ kind, get, set }: SafeStorage): SafeStorage => ({
    kind,
    get: key => get(own + key),
    set: (key, value) => set(own + key, value),
  })
  const site = new URL(configAddress).host + (name ? `/${name}` : '')
  const keepsDrafts = () => consent.peek() !== 'denied'
  // Nobody asks for the way to be remembered: it takes a yes. What is typed takes no refusal.
  const mayTellRoutes = () => mayFollow(consent.peek(), window)
  const mayKeep = (key: string) => (key.endsWith('routes') ? mayTellRoutes() : keepsDrafts())
  const tab = named(safeStorage(() => window?.sessionStorage, mayKeep))
  const local = named(safeStorage(() => window?.localStorage))
  const waits = () => local.get('waiting' satisfies typeof WAITING_KEY) !== null
  const hasKept = () => local.get('kept' satisfies typeof KEPT_KEY) !== null
  const recorder = createRecorder(environment)
  const ruleOf = (name: string) => `${name}@${__VERSION__}`

  const knowledge = createKnowledge({
    environment,
    ready,
    address: fromConfig,
    server: serverOf,
    locale: () => locale.peek(),
    role: () => visitor.peek().role,
    token: () => tokenOf(visitor.peek()),
    mayTellRoutes,
  })
  const provider: SearchProvider = options.search ?? knowledge.search

  const search = createSearchModel({
    provider,
    facts,
    clock: environment,
    storage: {
      get: () => tab.get('query'),
      set: text => tab.set('query', text || null),
    },
    onSuggested(query, suggestions, on) {
      const articleIds = suggestions.map(item => item.articleId)
      recorder.add({
        kind: 'suggested',
        inputs: { query, articleIds },
        rule: ruleOf('ranking'),
        on: { facts: on, from: provider.from?.() },
        reason: suggestions[0]?.reasons[0]?.kind ?? 'none',
      })
      events.emit('suggested', { query, articleIds })
    },
    onFailed: report,
  })
  const reader = createReaderModel({
    provider,
    clock: environment,
    onOpened(article) {
      recorder.add({
        kind: 'articleOpened',
        inputs: { articleId: article.id },
        rule: ruleOf('reader'),
        reason: 'chosen',
      })
      events.emit('articleOpened', { articleId: article.id, title: article.title })
    },
    onSolved(article, solved) {
      const kind = solved === 'yes' ? 'solved' : 'notSolved'
      recorder.add({ kind, inputs: { articleId: article.id }, rule: ruleOf('reader'), reason: 'said so' })
      events.emit(kind, { articleId: article.id })
    },
    onFailed: report,
  })

  const actions = new Map<string, HostAction>(Object.entries(options.actions ?? {}))
  const prefilled = signal<Prefill>(options.prefill ?? {})

  const past = async () =>
    (await import('./pastConversations')).createPastConversations({
      environment,
      serverUrl: serverOf(await ready()) ?? '',
      site,
      visitor: visitor.peek(),
      hasKept,
      listeners: () => events.heard('transcript'),
    })

  const panel = createPanelModel({
    search,
    reader,
    settings,
    loadMarkdown: async () => (await import('../knowledge/fromMarkdown')).parseMessage,
    async loadConversation() {
      if (isDestroyed) throw new Error('destroyed')
      // The first sentence of the bot stays as it was said.
      const [{ conversationTexts, createConversation, insteadOf }, file] = await Promise.all([
        import('./conversationParts'),
        ready(),
        settle(),
      ])
      const hasPeople = file.server !== undefined
      addTexts(conversationTexts(hasPeople), insteadOf(hasPeople))
      const visitorId = (leaver ?? visitor.peek()).id ?? null
      const model = await createConversation({
        environment,
        config: file,
        serverUrl: serverOf(file),
        site,
        visitorId,
        mayStore: keepsDrafts,
        isWaiting: waits(),
        hasKept,
        texts,
        facts,
        search: provider,
        bot: options.bot,
        answer: options.answer,
        configUrl: configAddress,
        addTexts,
        loadFile: knowledge.file,
        actions,
        reader,
        past,
        async getToken() {
          const now = visitor.peek()
          // Never another user's token for this one's words.
          if ((now.id ?? null) !== visitorId) throw new Error('somebody else is here by now')
          return provenToken(now)
        },
        tab,
        local,
        recorder,
        events,
        onError: report,
      })
      const { question } = prefilled.peek()
      if (question && !model.draft.value) model.setDraft(question)
      return model
    },
    addTexts,
    device,
    mayHavePast: () => config.value?.server !== undefined && (hasKept() || provesWho(visitor.value)),
    // Of a visitor whom nobody proves the server opens none.
    disputeAbout: () => (provesWho(visitor.peek()) && facts().page.data.dispute) || null,
    past,
    isWaiting: waits,
    onOpened(view) {
      wakeUp()
      draw()
      // Before a key is pressed: suggestions for this page as it is now, and what trouble it shows.
      refreshSuggestions()
      events.emit('opened', { view })
    },
    onClosed: () => events.emit('closed', {}),
  })
  let before: Consent | undefined
  undos.push(
    effect(() => {
      const now = consent.value
      const isDenied = now === 'denied'
      // Refused, words move from the device into the memory of this page. The way moves with each answer.
      for (const key of isDenied ? OF_TAB : ['routes']) tab.set(key, tab.get(key))
      // What was offered is remembered by a yes alone, and goes when that is taken back. At the start nobody has
      // answered yet: the page may be about to say the yes again.
      if (isDenied || (before === 'granted' && now !== before)) local.set('offers', null)
      if (isDenied) panel.conversation.value?.keepNothing()
      // What happened while it was refused is nobody's to read after a later yes, nor what happened before.
      if (isDenied || before === 'denied') recorder.clear()
      before = now
    }),
  )
  const mount = once(async () => {
    if (!face) return
    try {
      await settle()
      if (isDestroyed) return
      const unmount = await face.mount(panel, texts, !wasOpen)
      if (isDestroyed) unmount()
      else undos.push(unmount)
    } catch (error) {
      face.setProblem(texts('launcher.failed'))
      report(error)
      throw error
    }
  })
  const draw = () => {
    if (!isDestroyed) mount().catch(() => {})
  }

  /** Page, role or language changed: now if somebody looks, else at the next opening, which asks anyway. */
  function refreshSuggestions() {
    if (panel.isOpen.value) search.refresh()
  }
  const loadSignals = once(async () => {
    if (!window) return
    const { createPageSignals } = await import('../context/pageSignals')
    addSignals = createPageSignals(window.document, environment.now, tab, config.value?.privacy)
    const { errors, recentRoutes } = facts().page
    // The first list may have been made without.
    if (!isDestroyed && (errors || recentRoutes)) refreshSuggestions()
  })

  // ---- what follows by itself
  // The view that stood open before a reload; an article that was read is not kept.
  const openView = face && tab.get('open')
  const wasOpen = openView !== null
  undos.push(
    effect(() => {
      const isOpen = panel.isOpen.value
      tab.set('open', isOpen ? panel.view.value : null)
      face?.setOpen(isOpen)
    }),
  )
  if (face) {
    undos.push(
      effect(() => {
        // What the launcher is called until the words are here, who drew it knows.
        const label = chosen('label') ?? (words.isSettled.value ? texts('launcher.label') : undefined)
        const count = panel.unread.value
        // Words for a number cost a visitor's processor more than all others: only where there is one.
        face.show(settings.value, label, count, count ? texts('launcher.unread', { count }) : '')
      }),
    )
  }
  let lastLocale = locale.peek()
  undos.push(
    effect(() => {
      const now = locale.value
      if (now === lastLocale) return
      lastLocale = now
      knowledge.forget()
      refreshSuggestions()
    }),
  )
  undos.push(
    effect(() => {
      const count = panel.unread.value
      events.emit('unread', { count })
      if (count && face && options.titleNotice !== false) noteTitle().catch(() => {})
    }),
  )
  const noteTitle = once(async () => {
    const { watchTitle } = await import('./titleNotice')
    if (window && !isDestroyed) undos.push(watchTitle(window.document, panel))
  })
  const phase = computed<Phase>(() => panel.conversation.value?.phase.value ?? 'bot')
  let lastPhase: Phase = 'bot'
  undos.push(
    effect(() => {
      if (phase.value === lastPhase) return
      lastPhase = phase.value
      events.emit('phaseChanged', { phase: phase.value })
    }),
  )
  const moved = () => {
    refreshSuggestions()
    panel.conversation.value?.moved()
    events.emit('moved', { route: facts().page.route })
  }
  if (window) {
    undos.push(
      watchRoute(window, () => {
        route.value = undefined
        // The page changes title and headings after the address: read it when it has settled.
        environment.after(50, () => {
          if (!isDestroyed) moved()
        })
      }),
    )
  }
  let joined: Offers | undefined
  const offers = once(async () => {
    if (!loadOffers || refusesTracking(window)) return
    const made = await loadOffers()
    if (isDestroyed) return made.destroy()
    undos.push(made.destroy)
    joined = made
    made.join({ consent, visitor, facts, panel, waits, phase, addTexts, texts, settle, events, recorder })
    return made
  })
  if (hasOffers && window) {
    const begin = () => offers().catch(report)
    // Where the tag's have begun, they hear from here what was said by call until now: at once.
    if (configResponse) begin()
    else (window.requestIdleCallback ?? window.setTimeout)(begin)
  }

  function destroy() {
    if (isDestroyed) return
    isDestroyed = true
    panel.dispose()
    search.dispose()
    reader.dispose()
    for (const undo of undos.splice(0).reverse()) undo()
    face?.remove()
    events.emit('destroyed', {})
    events.clear()
  }

  /** Nothing is requested before this: the first intent, or a conversation that waits. */
  const wake = once(async () => {
    void words.load()
    const file = await ready()
    if (isDestroyed) return
    loadSignals().catch(report)
    // Out of sight, so that a press has only to show it; where nothing else is to be done, but a page that never rests
    // does not keep it away.
    if (window?.requestIdleCallback) window.requestIdleCallback(draw, { timeout: DRAWN_WITHIN_MS })
    else environment.after(0, draw)
    if (file.journal && file.server !== undefined && !refusesTracking(window)) {
      import('../journal/sender').then(({ sendJournal }) => {
        if (!isDestroyed)
          undos.push(sendJournal(environment, serverOf(file) ?? '', recorder, mayTellRoutes, file.privacy))
      }, report)
    }
    events.emit('ready', {})
  })
  const wakeUp = () => {
    wake().catch(report)
  }
  // A person waits for this visitor, or the visitor for a person.
  if (configResponse || waits() || wasOpen) wakeUp()
  else if (face?.onIntent) undos.push(face.onIntent(wakeUp))
  if (waits()) panel.prefetchConversation()
  if (wasOpen) panel.open(openView === 'conversation' ? openView : 'home')

  const whileAlive =
    <Args extends unknown[]>(act: (...args: Args) => void) =>
    (...args: Args): void => {
      if (!isDestroyed) act(...args)
    }

  /** What one user searched and read is no other's to see, or to hand to a person. */
  const forgetReading = (keys: readonly string[]) => {
    search.forget()
    reader.forget()
    if (panel.view.value === 'article') panel.show('home')
    for (const key of keys) tab.set(key, null)
  }
  const forget = () => {
    forgetReading(OF_TAB)
    panel.forgetConversation()
  }
  /** Words may be kept on this device though nobody has opened the conversation here yet. */
  async function keptConversation() {
    if ((waits() || hasKept()) && !panel.conversation.value) await panel.loadConversation().catch(() => {})
    return panel.conversation.value
  }
  /** Who is here stays as it is: that is said by others, and may change meanwhile. */
  async function forgetVisitor() {
    leaver ??= visitor.peek()
    await keptConversation()
      .then(kept => kept?.logout())
      .finally(() => {
        leaver = undefined
      })
    forget()
    knowledge.forget()
    recorder.clear()
    recorder.ownedBy(undefined)
    local.set('offers', null)
    joined?.forget()
    refreshSuggestions()
  }
  async function device(): Promise<DeviceKeeping> {
    const { createDeviceKeeping } = await import('./deviceKeeping')
    return createDeviceKeeping({
      environment,
      own,
      site,
      local,
      hasKept: () => waits() || hasKept(),
      conversation: keptConversation,
      forgetVisitor,
    })
  }
  if (window) {
    // The visitor had this device forgotten in another tab: this one must not write it back.
    const hear = ({ key, newValue }: StorageEvent) => {
      if (key !== own + ('forget' satisfies typeof FORGET_KEY) || !newValue) return
      // Its window stays as it is; that it stands open is no more kept than the rest.
      void forgetVisitor().then(() => tab.set('open', null))
    }
    window.addEventListener('storage', hear)
    undos.push(() => window.removeEventListener('storage', hear))
  }

  return {
    // Verbs are handed over as event handlers: what comes then is an event, no view and no question.
    open: whileAlive(view => panel.open(VIEWS.has(view) ? view : undefined)),
    close: whileAlive(panel.close),
    toggle: whileAlive(panel.toggle),
    ask: async question => (isDestroyed ? undefined : panel.ask(textOf(question))),
    search: whileAlive(query => {
      panel.open('home')
      search.type(textOf(query) ?? '')
    }),
    async suggest(query, limit = 6) {
      if (!isDestroyed) await loadSignals().catch(() => {})
      const find = () => (isDestroyed ? [] : provider.suggest(textOf(query) ?? '', facts(), { limit }))
      const first = await find()
      const rest = provider.pending?.()
      // Nobody asks this caller again when the rest is here.
      return rest ? rest.then(find, () => first) : first
    },
    article: async (articleId, headingId) => {
      if (isDestroyed) throw new AskletError('destroyed', 'destroyed: make another assistant.')
      const article = await provider.article(articleId)
      if (!isDestroyed) panel.openArticle(articleId, headingId)
      return article
    },
    navigate: whileAlive(next => {
      route.value = next
      moved()
    }),
    identify: whileAlive(next => {
      check({ visitor: next })
      // Words of one user are never sent under another: the conversation is taken up anew for who it is now.
      const { id } = visitor.peek()
      const isOther = next.id !== id
      // The conversation of one who is leaving is needed until it is erased, and let go of then.
      if (isOther && !leaver) panel.dispose()
      // A guest who signs in takes the words along; those of one user are not another's to hand over.
      if (isOther && id !== undefined) forgetReading(OF_VISITOR)
      visitor.value = next
      if (isOther && panel.view.value === 'conversation') panel.prefetchConversation()
      knowledge.forget()
      refreshSuggestions()
    }),
    update: whileAlive(next => {
      check(next)
      updates.value = { ...updates.peek(), ...next }
    }),
    prefill: whileAlive(details => {
      check({ prefill: details })
      prefilled.value = details
      const { question } = details
      if (question) panel.conversation.value?.setDraft(question)
    }),
    signal: async (name, facts) =>
      (!isDestroyed && (await offers().catch(report))?.signal(name, facts)) ?? false,
    async reset() {
      if (isDestroyed) return
      forget()
      refreshSuggestions()
    },
    async logout() {
      if (isDestroyed) return
      const forgotten = forgetVisitor()
      // Now, not behind it: who signs in meanwhile must not be signed out.
      visitor.value = {}
      forgetReading([])
      return forgotten
    },
    forgetDevice: async () => (isDestroyed ? null : (await device()).forget()),
    async diagnose() {
      const { diagnose } = await import('./diagnose/diagnose')
      return diagnose({
        environment,
        config: isAddress ? { url: configAddress } : { value: given },
        base: configAddress,
        global: name || 'Asklet',
        locale: locale.peek(),
        consent: consent.peek(),
        visitor: visitor.peek(),
        root: face?.root,
        launcher: options.launcher,
      })
    },
    destroy,
    on: events.on,
    off: events.off,
    registerAction(name, action) {
      if (typeof action?.run !== 'function' || typeof action.label !== 'string') {
        throw new AskletError(
          'action_shape',
          `action "${name}" must be { label, run }, got ${typeof action}.`,
        )
      }
      actions.set(name, action)
      return () => {
        if (actions.get(name) === action) actions.delete(name)
      }
    },
    isOpen: panel.isOpen,
    phase,
    unread: panel.unread,
  }
}
