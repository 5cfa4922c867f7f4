// Puts the panel into a shadow root: styles, accent, screen reader's voice, and a wall for keys.
// Owns the container that it adds and nothing else: launcher and host element (theme, side) are someone else's.

import { effect, signal } from '@preact/signals'
import { render } from 'preact'
import type { PanelModel } from '../assistant/panelModel'
import type { Undo } from '../base/environment'
import { once } from '../base/once'
import type { Texts } from '../base/texts'
import type { Voice } from '../base/voice'
import { accentTokens, parseColour } from './contrast'
import { focusView, Panel } from './Panel'
import panelCss from './panel.css?inline'
import type { PanelParts, Scope } from './scope'
import tokensCss from './tokens.css?inline'

/** What a host page must not hear: what is typed here, and the focus that its own dialogs would pull back. */
const KEPT_INSIDE = [
  'focusin',
  'keydown',
  'keyup',
  'keypress',
  'input',
  'beforeinput',
  // An older name, which carries what was typed as well.
  'textInput',
  'compositionstart',
  'compositionupdate',
  'compositionend',
  'copy',
  'cut',
  'paste',
  'beforecopy',
  'beforecut',
  'beforepaste',
]
const keepInside = (event: Event) => event.stopPropagation()

/** The launcher's own; needed only where there is no launcher. */
const DEFAULT_ACCENT = [59, 76, 202] as const

export interface MountedPanel {
  unmount(): void
  /** Moves the keyboard into the current view. Call it after the first mount when the visitor asked for the panel. */
  focus(): void
}

/**
 * @param root            open shadow root that also holds the launcher
 * @param voice           in the light DOM (VoiceOver on iOS ignores live regions in shadow roots)
 * @param parts           the lazily loaded chunks
 * @param launcherButton  gets the focus back when the panel closes
 */
export function mountPanel(
  root: ShadowRoot,
  voice: Voice,
  panel: PanelModel,
  texts: Texts,
  parts: PanelParts,
  launcherButton: HTMLElement,
): MountedPanel {
  const container = root.ownerDocument.createElement('div')
  container.className = 'asklet'
  const sheets = new Map<string, CSSStyleSheet>()
  const addStyles = (css: string) => {
    if (sheets.has(css)) return
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    sheets.set(css, sheet)
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  }
  const styled = <Part extends { readonly styles: string }>(load: () => Promise<Part>) =>
    once(async () => {
      const part = await load()
      addStyles(part.styles)
      return part
    })
  const dialog = () => container.querySelector<HTMLElement>('[role=dialog]')

  const scope: Scope = {
    panel,
    texts,
    parts: {
      loadArticleView: styled(parts.loadArticleView),
      loadConversationView: styled(parts.loadConversationView),
    },
    addStyles,
    announce: voice.say,
    aside: signal(null),
    readPast(past) {
      const load = () => import('./PastThread').then(({ pastThread }) => pastThread(scope, past))
      scope.aside.value = { over: panel.view.value, load }
    },
    arrived() {
      if (root.activeElement === dialog()) focusView(dialog())
    },
    prefetch() {
      panel.prefetchConversation()
      scope.parts.loadConversationView().catch(() => {}) // Shown, with a way to try again, when it is needed.
    },
  }

  for (const type of KEPT_INSIDE) container.addEventListener(type, keepInside)
  // The key that closes the panel comes up on the launcher.
  root.addEventListener('keyup', keepInside)
  addStyles(tokensCss + panelCss)
  root.append(container)
  const stop = effect(() => {
    setAccent(container, panel.settings.value.accent)
  })
  render(<Panel scope={scope} launcherButton={launcherButton} />, container)
  let lower: Undo | undefined
  /** Had the focus when help was asked for. */
  let asked: Element | null | undefined
  const note = () => {
    asked = root.ownerDocument.activeElement
  }
  const stopRaising = effect(() => {
    if (lower) {
      // Not the first time: whoever opens it now is here.
      note()
      lower()
    }
    lower = () => {}
    if (panel.isOpen.value)
      import('./topLayer').then(
        ({ raise }) => {
          lower?.()
          if (container.isConnected && panel.isOpen.value)
            lower = raise(root.host as HTMLElement, voice.element, asked, () => focusView(dialog()))
        },
        // Without it there is the z-index.
        () => {},
      )
  })

  return {
    focus() {
      note()
      focusView(dialog())
    },
    unmount() {
      stop()
      stopRaising()
      lower?.()
      root.removeEventListener('keyup', keepInside)
      render(null, container)
      container.remove()
      const own = new Set(sheets.values())
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter(sheet => !own.has(sheet))
    },
  }
}

/** The browser itself reads the colour (names, hsl(), the page's own `--asklet-accent`); contrast.ts does the rest. */
function setAccent(container: HTMLElement, accent: string | null) {
  const isColour = accent !== null && CSS.supports('color', accent)
  container.style.setProperty('--asklet-accent', isColour ? accent : '')
  container.style.color = `var(--asklet-accent, rgb(${DEFAULT_ACCENT}))`
  const colour = parseColour(getComputedStyle(container).color) ?? DEFAULT_ACCENT
  container.style.color = ''
  for (const [name, value] of Object.entries(accentTokens(colour))) container.style.setProperty(name, value)
}
