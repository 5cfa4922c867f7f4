// The script tag: finds itself, draws one button, and waits. No request, nothing written, before the
// visitor's first intent. It reads one key of localStorage, to know that a conversation waits.

import { once } from './base/once'
import { watchRoute } from './base/route'
import { createHost } from './launcher/host'
import { createLauncher } from './launcher/launcher'

/** Folder of the chunks relative to this script, and the panel's file name: put in by the build. */
declare const __CHUNKS__: string
declare const __PANEL__: string

/** Set while a conversation with a person is under way; written by the live half. */
const WAITING_KEY = 'asklet:waiting'

type Call = readonly unknown[]
interface Queue {
  (...call: unknown[]): unknown
  q?: Call[]
  version?: string
}
interface PanelChunk {
  start(setup: {
    host: ReturnType<typeof createHost>
    launcher: ReturnType<typeof createLauncher>
    settings: DOMStringMap
    configUrl: string
    config: Promise<Response>
    calls: readonly Call[]
  }): (...call: Call) => unknown
}

/** These say something about the visitor or the page but ask for nothing: they wait for the first intent. */
const SILENT = new Set([
  'identify',
  'update',
  'prefill',
  'navigate',
  'on',
  'off',
  'registerAction',
  'reset',
  'close',
  'logout',
])

const script = document.currentScript as HTMLScriptElement | null
if (script) start(script)

function start(script: HTMLScriptElement): void {
  const settings = script.dataset
  const name = settings.global || 'Asklet'
  const globals = window as unknown as Record<string, Queue | undefined>
  const early = globals[name]
  // The tag stands twice in the page, or a partial navigation ran it again: the first one stays.
  if (early?.version) return
  const calls: Call[] = [...(early?.q ?? [])]
  if (settings.enabled === 'false') return

  const host = createHost(document)
  const label = settings.label || 'Help'
  const launcher = createLauncher(host, label)
  if (settings.position === 'left') host.element.dataset.position = 'left'
  if (settings.theme) host.element.dataset.theme = settings.theme
  if (settings.accent && CSS.supports('color', settings.accent)) {
    host.element.style.setProperty('--asklet-accent', settings.accent)
  }

  const base = script.src
  const configUrl = new URL(settings.config || 'asklet.json', settings.config ? document.baseURI : base).href
  const load = once(async () => {
    launcher.setBusy(true)
    const config = fetch(configUrl, { credentials: 'same-origin' })
    config.catch(() => {})
    try {
      const chunk: PanelChunk = await import(/* @vite-ignore */ new URL(__CHUNKS__ + __PANEL__, base).href)
      launcher.setProblem('')
      undos.splice(0).forEach(undo => undo())
      return chunk.start({ host, launcher, settings, configUrl, config, calls: calls.splice(0) })
    } catch (error) {
      launcher.setProblem(settings.problem || `${label}: could not be loaded. Press to try again.`)
      console.warn(
        'Asklet [chunk_failed]: the panel could not be imported. Allow the script’s origin in script-src, and let it send Access-Control-Allow-Origin.',
        error,
      )
      throw error
    } finally {
      launcher.setBusy(false)
    }
  })

  let isGone = false
  const run = (...call: Call): unknown => {
    if (isGone) return
    if (call[0] === 'destroy' && undos.length) {
      isGone = true
      undos.splice(0).forEach(undo => undo())
      host.remove()
      delete globals[name]
      return
    }
    if (loaded) return loaded(...call)
    calls.push(call)
    if (!SILENT.has(String(call[0]))) wake()
  }
  let loaded: ((...call: Call) => unknown) | undefined
  const wake = () =>
    load().then(
      verbs => {
        loaded = verbs
        // Calls that came while the chunk was on its way.
        calls.splice(0).forEach(call => verbs(...call))
      },
      () => {},
    )
  globals[name] = Object.assign(run, { q: calls, version: __VERSION__ })

  const undos: (() => void)[] = []
  const listen = (target: EventTarget, event: string, task: () => void) => {
    target.addEventListener(event, task)
    undos.push(() => target.removeEventListener(event, task))
  }
  for (const intent of ['pointerenter', 'focus', 'touchstart']) listen(launcher.button, intent, wake)
  listen(launcher.button, 'click', () => run('toggle'))

  const hidden = (settings.hide ?? '').split(/[\s,]+/).filter(Boolean)
  const showOrHide = () => {
    const path = location.pathname
    host.element.hidden = hidden.some(pattern =>
      pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern,
    )
  }
  showOrHide()
  // Stays on for the life of the assistant: hiding by path is the button's own business.
  if (hidden.length) watchRoute(window, showOrHide)

  let isWaited = false
  try {
    isWaited = localStorage.getItem(WAITING_KEY) !== null
  } catch {
    // Storage is refused: then nothing can wait in it.
  }
  if (isWaited || calls.some(call => !SILENT.has(String(call[0])))) wake()
}
