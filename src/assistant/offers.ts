// Offers of help that come unasked: joins what is noticed on the page, the decision, and the bubble. Works before the
// panel is loaded, from the tag and from calls that wait; once the assistant is there it joins, and says better.
//
// Runs only where the site switched it on (`data-offers`, `offers: true`) or gave a signal. Under Global Privacy
// Control and with consent denied it listens to nothing and fetches nothing.

import type { Environment, Undo } from '../base/environment'
import { once } from '../base/once'
import { isLike } from '../base/plain'
import { watchRoute } from '../base/route'
import { safeStorage } from '../base/safeStorage'
import type { ReadonlySignal } from '../base/signal'
import { createTexts, readableLocale, type TextMap, type Texts, type TextValues } from '../base/texts'
import { type Consent, refusesTracking } from '../context/consent'
import type { VisitorInput } from '../context/visitor'
import { type WatchedTrouble, watchTrouble } from '../context/watchTrouble'
import type { JournalRecord } from '../journal/record'
import type { Recorder } from '../journal/recorder'
import type { WAITING_KEY } from '../live/startLive'
import type { Facts } from '../protocol/facts'
import type { Phase } from '../protocol/phase'
import type { Emitter } from './hostEvents'
import type { LocaleWords, OwnLocales } from './locales'
import {
  afterDismissed,
  afterShown,
  decideOffer,
  type Observed,
  type Offer,
  type OfferHistory,
  offerId,
  offersOf,
} from './offerDecision'
import type { PanelModel } from './panelModel'
import english from './texts/offers.en.json'

/** What happens to an offer, as host and journal are told. */
export type OfferEvent = 'offered' | 'offerTaken' | 'offerDismissed'

/** What offers ask of, and tell, an assistant that is running. */
export interface OfferPort {
  readonly consent: ReadonlySignal<Consent>
  readonly visitor: ReadonlySignal<VisitorInput>
  facts(): Facts
  readonly panel: Pick<PanelModel, 'isOpen'>
  /** A conversation with a person waits on this device. */
  waits(): boolean
  readonly phase: ReadonlySignal<Phase>
  addTexts(words: TextMap): void
  readonly texts: Texts
  /** The texts are in the visitor's language, or none is to be had. */
  settle(): Promise<void>
  readonly events: Pick<Emitter, 'emit'>
  readonly recorder: Pick<Recorder, 'add'>
}

/** Shows an offer; null when there is no place for it. */
export type ShowOffer = (
  words: Readonly<Record<'label' | 'text' | 'take' | 'why' | 'because' | 'dismiss' | 'announcement', string>>,
  acts: { take(): void; dismiss(): void; passedBy(): void },
) => Undo | null

type Call = readonly unknown[]

export interface OfferDeps {
  readonly environment: Environment & { readonly window: Window & typeof globalThis }
  /** The configuration, or its address. */
  readonly config: unknown
  /** Name of the assistant, where a page has several. */
  readonly name: string | undefined
  /** Said by tag or options. */
  readonly consent: Consent | undefined
  readonly role: string | undefined
  readonly locale: string | undefined
  /** Of the options. */
  readonly locales?: OwnLocales | undefined
  readonly label: string | undefined
  /** Watch the page; else only signals count. */
  readonly watches: boolean
  /** Verbs that wait for the assistant, as long as it is not there. */
  readonly calls: readonly Call[]
  /** Runs a verb of the assistant, which is loaded for it if need be. */
  run(...call: Call): unknown
  isOpen(): boolean
  show: ShowOffer
}

export interface Offers {
  /** The host says that something happened. Facts fill the `{places}` of the offer's text. */
  signal(name: string, facts?: TextValues): Promise<boolean>
  /** From now on the assistant itself is asked and told. */
  join(port: OfferPort): void
  /** What was offered and sent away is known no more, on the device and in this page. */
  forget(): void
  destroy(): void
}

/** What the configuration says of words, as it comes. */
interface SiteWords {
  readonly texts?: TextMap
  readonly locales?: OwnLocales
  readonly locale?: string
  readonly label?: string
}

/** As the button is called where nobody said another word. */
const HELP: TextMap = { 'launcher.label': 'Help' }

const KEY = 'offers'
const NOTHING: OfferHistory = { shown: [], dismissed: [] }

export function createOffers(deps: OfferDeps): Offers {
  const { environment, calls, run } = deps
  const { window } = environment
  const refuses = refusesTracking(window)
  let port: OfferPort | undefined
  let isDestroyed = false
  const undos: Undo[] = []
  let hide: Undo | undefined
  /** The route on which an offer was shown since the visitor came to it. */
  let shownOn: string | undefined
  /** What an assistant that is not there yet will want to keep. */
  const waiting: Omit<JournalRecord, 'id' | 'at'>[] = []

  // ---- what is known without the assistant: the tag, and what the page has said meanwhile
  const lastSaid = (verb: string, key: string): unknown =>
    calls
      .filter(([name, given]) => name === verb && Object(given)[key] !== undefined)
      .map(([, given]) => Object(given)[key])
      .at(-1)
  const consent = (): Consent =>
    port?.consent.value ?? (lastSaid('update', 'consent') as Consent | undefined) ?? deps.consent ?? 'pending'
  const role = () =>
    port ? port.visitor.value.role : ((lastSaid('identify', 'role') as string | undefined) ?? deps.role)
  const route = () =>
    port?.facts().page.route ??
    (window.document.querySelector('meta[name="asklet:route"]')?.getAttribute('content') ||
      window.location.pathname)

  const storage = safeStorage(() => window.localStorage)
  /** What nobody has said yes to keeping, with what was kept before it: for as long as this page lives. */
  let inPage: OfferHistory | undefined
  const own = `${deps.name ? `${deps.name}/` : ''}asklet:`
  const key = own + KEY
  // Of a person whom the visitor waits for the device knows, before the assistant is there.
  const hasPerson = () =>
    port
      ? port.waits() || /^(queued|live)$/.test(port.phase.value)
      : storage.get(own + ('waiting' satisfies typeof WAITING_KEY)) !== null
  const history = (): OfferHistory => {
    if (inPage) return inPage
    try {
      const kept: unknown = JSON.parse(storage.get(key) ?? 'null')
      return kept && isLike(kept, { shown: [0], dismissed: [''] }) ? { ...NOTHING, ...kept } : NOTHING
    } catch {
      return NOTHING
    }
  }
  const keep = (next: OfferHistory) => {
    const isKept = consent() === 'granted'
    inPage = isKept ? undefined : next
    // What an earlier yes has left is not this one's to erase: the yes of this page may be on its way.
    if (isKept) storage.set(key, JSON.stringify(next))
  }

  // ---- the configuration, once it is needed
  const isOff = () => refuses || consent() === 'denied'
  const read = once(async (): Promise<object> => {
    const { config } = deps
    if (!(typeof config === 'string' || config instanceof URL)) return Object(config)
    try {
      const address = new URL(config, window.document.baseURI)
      const response = await environment.fetch(address, { credentials: 'same-origin' })
      return response.ok ? Object(await response.json()) : {}
    } catch {
      // The panel says what is wrong with it, to whoever opens it.
      return {}
    }
  })

  const tell = <Name extends OfferEvent>(name: Name, offer: Offer, because: string) => {
    const detail = { offer: offerId(offer), because, ...(offer.signal && { signal: offer.signal }) }
    const entry = {
      kind: name,
      inputs: { ...detail, route: route(), role: role() ?? '' },
      rule: `offers@${__VERSION__}`,
      reason: because,
    }
    if (port) {
      port.recorder.add(entry)
      port.events.emit(name, detail)
      return
    }
    waiting.push(entry)
    // Whoever listens has said so, and waits for the assistant like all that is said to it.
    for (const [i, [verb, wanted, listener]] of calls.entries()) {
      const isTakenBack = calls
        .slice(i)
        .some(call => call[0] === 'off' && call[1] === wanted && call[2] === listener)
      if (verb === 'on' && wanted === name && typeof listener === 'function' && !isTakenBack)
        queueMicrotask(() => listener(detail))
    }
  }

  async function observe(observed: Observed, facts: TextValues = {}): Promise<boolean> {
    const file = isOff() ? {} : await read()
    const here = route()
    if (shownOn !== here) shownOn = undefined
    const decide = () =>
      decideOffer({
        offers: isDestroyed ? [] : offersOf(file),
        observed,
        route: here,
        role: role(),
        history: history(),
        wasShownHere: shownOn !== undefined,
        consent: consent(),
        refusesTracking: refuses,
        isPanelOpen: deps.isOpen() || (port?.panel.isOpen.value ?? false),
        hasPerson: hasPerson(),
        now: environment.now(),
      })
    let decision = decide()
    if (!decision.offer) return false
    const words = await wordsFor(file)
    // Fetching them takes as long as it takes: by now it may be out of place.
    if (words !== null) decision = decide()
    const isHere = here === route()
    return (
      isHere && decision.offer !== null && make(decision.offer, decision.because, facts, file, words || null)
    )
  }

  const languageOfPage = (file: { locale?: string }) =>
    readableLocale(deps.locale ?? file.locale ?? (window.document.documentElement.lang || 'en'))
  let fetched: { readonly wanted: string; readonly words: Promise<LocaleWords | null> } | undefined
  /** Words of another language than English; null: none are needed, false: the assistant has them, if anybody. */
  async function wordsFor(file: SiteWords): Promise<LocaleWords | null | false> {
    const wanted = languageOfPage(file)
    if (/^en\b/.test(wanted) && !deps.locales && !file.locales) return null
    if (port) {
      await port.settle()
      return false
    }
    if (fetched?.wanted !== wanted) {
      const base = typeof deps.config === 'object' && !(deps.config instanceof URL) ? '' : String(deps.config)
      fetched = {
        wanted,
        words: import('./locales').then(
          ({ loadLocale }) =>
            loadLocale({
              wanted,
              own: [deps.locales, file.locales],
              hasOwnTexts: file.texts !== undefined,
              address: relative => new URL(relative, new URL(base, window.document.baseURI)).href,
              fetch: environment.fetch,
              onError: error => console.warn('Asklet: an offer is shown in English.', error),
            }),
          () => null,
        ),
      }
    }
    return fetched.words
  }

  function make(
    offer: Offer,
    because: string,
    facts: TextValues,
    file: SiteWords,
    words: LocaleWords | null,
  ): boolean {
    const { texts: own, label } = file
    const language = words?.locale ?? languageOfPage(file)
    const texts = port?.texts ?? createTexts(language, own ?? {}, ...(words?.maps({}) ?? []), english, HELP)
    // As any text: places of the site's words are filled by what it handed over.
    const text = createTexts(language, { text: offer.text })('text', shortened(facts))
    const to = offer.article ? 'Article' : offer.question ? 'Question' : 'Ask'
    const said = {
      label: texts('offers.label'),
      text,
      take: texts(`offers.take${to}`),
      why: texts('offers.why'),
      because: texts(`offers.because.${because}`),
      dismiss: texts('offers.dismiss'),
      announcement: texts('offers.announcement', {
        text,
        label: deps.label ?? label ?? texts('launcher.label'),
      }),
    }
    const here = route()
    const gone = () => {
      hide = undefined
      stopRoute()
    }
    // An offer about the page before is none about this one.
    const stopRoute = watchRoute(window, () => {
      if (route() === here) return
      hide?.()
      gone()
    })
    const shown = deps.show(said, {
      take() {
        gone()
        tell('offerTaken', offer, because)
        if (offer.article) run('article', offer.article)
        else if (offer.question) run('search', offer.question)
        else run('ask', offer.ask)
      },
      dismiss() {
        gone()
        keep(afterDismissed(history(), offer))
        tell('offerDismissed', offer, because)
      },
      passedBy: gone,
    })
    if (!shown) {
      stopRoute()
      return false
    }
    hide = () => {
      shown()
      gone()
    }
    shownOn = here
    keep(afterShown(history(), environment.now()))
    tell('offered', offer, because)
    return true
  }

  let unwatch: Undo | undefined
  /** Only what some offer is made of is watched. */
  async function watch() {
    if (!deps.watches || unwatch || isOff()) return
    const offers = offersOf(await read())
    const wanted = new Set<WatchedTrouble>()
    for (const { on } of offers) if (on !== 'signal') wanted.add(on)
    // Asked twice while the configuration was on its way, it is done once.
    if (isDestroyed || unwatch || isOff() || !wanted.size) return
    unwatch = watchTrouble(window.document, environment, wanted, on => {
      void observe({ on })
    })
  }
  void watch()

  return {
    signal: (name, facts) => observe({ on: 'signal', signal: String(name) }, Object(facts)),
    join(next) {
      if (port === next) return
      port = next
      next.addTexts(english)
      for (const entry of waiting.splice(0)) next.recorder.add(entry)
      undos.push(
        next.consent.subscribe(now => {
          if (now === 'denied') {
            unwatch?.()
            unwatch = undefined
            hide?.()
            inPage = undefined
          } else {
            if (inPage) keep(inPage)
            void watch()
          }
        }),
      )
    },
    forget() {
      inPage = undefined
      storage.set(key, null)
    },
    destroy() {
      isDestroyed = true
      unwatch?.()
      hide?.()
      for (const undo of undos.splice(0)) undo()
    },
  }
}

/** Words and numbers of the host, no more than a line of them. */
const shortened = (facts: TextValues): TextValues => {
  const kept: Record<string, string | number> = Object.create(null)
  for (const [name, value] of Object.entries(facts)) {
    if (typeof value === 'string') kept[name] = value.slice(0, 100)
    else if (typeof value === 'number' && Number.isFinite(value)) kept[name] = value
  }
  return kept
}
