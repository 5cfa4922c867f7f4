// The script tag: finds itself, draws one button, and waits. No request, nothing written, before the visitor's first
// intent, but for one small part where the page has a button of its own. It reads two keys of storage, to know that a
// conversation waits or the panel stood open.

import type { Offers } from './assistant/offers'
import { once } from './base/once'
import { watchRoute } from './base/route'
import { handOver } from './launcher/handOver'
import { createHost } from './launcher/host'
import { labelIn } from './launcher/labels'
import { createLauncher } from './launcher/launcher'

/** Folder of the chunks relative to this script, and the panel's file name: put in by the build. */
declare const __CHUNKS__: string
declare const __PANEL__: string
declare const __OFFERS__: string
declare const __HOST_BUTTONS__: string

/** Set while a conversation with a person is under way; written by the live half. */
const WAITING_KEY = 'asklet:waiting'
/** Set in a tab while its panel stands open; written by createAssistant. */
const OPEN_KEY = 'asklet:open'

type Call = readonly unknown[]
interface Queue {
  (...call: unknown[]): unknown
  q?: Call[]
  version?: string
  element?: Element
}
interface PanelChunk {
  start(setup: {
    host: ReturnType<typeof createHost>
    launcher: ReturnType<typeof createLauncher>
    settings: DOMStringMap
    configUrl: string
    config: Promise<Response>
    watchRoute: typeof watchRoute
    loadOffers(): Promise<Offers>
    hasOffers: boolean
  }): (...call: Call) => unknown
}

/** These say something about the visitor or the page but ask for nothing: they wait for the first intent. */
const SILENT = /^(identify|update|prefill|navigate|on|off|registerAction|reset|close|logout)$/

// Asked of the prototype: markup of the page, `<img name="currentScript">`, would stand in for the document's own.
const script = Reflect.get(Document.prototype, 'currentScript', document) as HTMLScriptElement | null
if (script) start(script)
else
  console.warn(
    'Asklet [script_missing]: asklet.js must be a classic script, got a module. Write <script async src>.',
  )

function start(script: HTMLScriptElement): void {
  // No prototype: what the page has added to every object is no setting.
  const settings = { __proto__: null, ...script.dataset } as unknown as DOMStringMap
  const name = settings.global || 'Asklet'
  const globals = window as unknown as Record<string, Queue | undefined>
  // Calls of the page wait on a function; an element that has the name as its id is none.
  const early = typeof globals[name] === 'function' ? globals[name] : undefined
  // The tag stands twice in the page, or a partial navigation ran it again: the first one stays. Where the whole
  // document was written anew, the first one is out of it and deaf.
  if (early?.version) {
    if (early.element?.isConnected !== false) return
    early('destroy')
  }
  const calls: Call[] = []
  /** What calls made before the chunk came were answered. */
  const answers = new WeakMap<Call, unknown>()
  if (settings.enabled === 'false') return

  const host = createHost(document)
  const [ownLabel, failed] = labelIn(settings.locale)
  const label = settings.label || ownLabel
  const launcher = createLauncher(host, label)
  if (settings.position === 'left') host.element.dataset.position = 'left'
  if (settings.theme) host.element.dataset.theme = settings.theme
  if (settings.accent && CSS.supports('color', settings.accent)) {
    host.element.style.setProperty('--asklet-accent', settings.accent)
  }

  const base = script.src
  /** A part, which stands beside this script. */
  const part = <Part>(name: string): Promise<Part> =>
    import(/* @vite-ignore */ new URL(__CHUNKS__ + name, base).href)
  if (settings.launcher) handOver(host, launcher, settings.launcher, part(__HOST_BUTTONS__))
  const configUrl = new URL(settings.config || 'asklet.json', settings.config ? document.baseURI : base).href
  const load = once(async () => {
    launcher.setBusy(true)
    const config = fetch(configUrl, { credentials: 'same-origin' })
    config.catch(() => {})
    try {
      const chunk: PanelChunk = await part(__PANEL__)
      launcher.setProblem('')
      // Destroyed while the chunk was on its way: nothing may come after it.
      if (isDestroyed) return
      verbs = chunk.start({
        host,
        launcher,
        settings,
        configUrl,
        config,
        watchRoute,
        loadOffers,
        hasOffers,
      })
      for (const call of calls.splice(0)) answers.set(call, verbs(...call))
    } catch (error) {
      launcher.setProblem(settings.problem || `${label}: ${failed}`)
      console.warn(
        'Asklet [chunk_failed]: the panel could not be imported. Allow this script’s origin in script-src, and let it send Access-Control-Allow-Origin.',
        error,
      )
      throw error
    } finally {
      launcher.setBusy(false)
    }
  })

  // Offers that come unasked: only where the tag or a signal of the site asks for them.
  let hasOffers = (settings.offers ?? 'false') !== 'false'
  const loadOffers = once(async () => {
    const chunk = await part<typeof import('./offers')>(__OFFERS__)
    const offers = chunk.start({ host, launcher, settings, configUrl, calls, run })
    if (isDestroyed) offers.destroy()
    undos.push(offers.destroy)
    return offers
  })
  const beginOffers = async (): Promise<Offers | undefined> => {
    if (Reflect.get(navigator, 'globalPrivacyControl')) return
    hasOffers = true
    return loadOffers()
  }

  let isDestroyed = false
  let verbs: ((...call: Call) => unknown) | undefined
  const wake = () => load().catch(() => {})
  const run = (...call: Call): unknown => {
    if (isDestroyed) return
    if (call[0] === 'destroy') {
      isDestroyed = true
      verbs?.('destroy')
      for (const undo of undos.splice(0)) undo()
      host.remove()
      if (globals[name] === run) delete globals[name]
      return
    }
    if (verbs) return verbs(...call)
    if (call[0] === 'signal')
      return beginOffers().then(
        offers => offers?.signal(call[1] as string, call[2] as Record<string, string>) ?? false,
        () => false,
      )
    calls.push(call)
    if (SILENT.test(String(call[0]))) return
    // A diagnosis is a part itself: where none comes, its promise says so.
    const answer = (call[0] === 'diagnose' ? load() : wake()).then(() => answers.get(call))
    answer.catch(() => {}) // Said in the console already; nobody may be waiting for it.
    return answer
  }
  globals[name] = Object.assign(run, { q: calls, version: __VERSION__, element: host.element })

  const { button } = launcher
  const undos: (() => void)[] = []
  for (const intent of ['pointerenter', 'focus', 'touchstart']) {
    button.addEventListener(intent, wake, { passive: true, once: true })
  }
  // Two presses while the chunk is on its way mean "open", not "open and close".
  button.addEventListener('click', () => run(verbs ? 'toggle' : 'open'))

  const hidden = (settings.hide ?? '').split(/[\s,]+/).filter(Boolean)
  const showOrHide = () => {
    const path = location.pathname
    host.element.hidden = hidden.some(pattern =>
      pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern,
    )
  }
  showOrHide()
  if (hidden.length) undos.push(watchRoute(window, showOrHide))

  let isWaited = false
  try {
    const own = settings.global ? `${name}/` : ''
    isWaited = (localStorage.getItem(own + WAITING_KEY) ?? sessionStorage.getItem(own + OPEN_KEY)) !== null
  } catch {
    // Storage is refused: then nothing can wait in it.
  }
  if (isWaited) wake()
  if (hasOffers) (window.requestIdleCallback ?? setTimeout)(() => beginOffers().catch(() => {}))
  for (const call of early?.q ?? []) run(...call)
}
