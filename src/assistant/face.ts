// Joins the assistant to what shows it: the launcher that stands in the page, and the panel's code when it is
// needed. Knows the shapes of both, and the code of neither.

import type { Undo } from '../base/environment'
import type { Texts } from '../base/texts'
import type { HostElement } from '../launcher/host'
import type { Launcher } from '../launcher/launcher'
import type { Face } from './createAssistant'
import type { PanelModel } from './panelModel'

/** Draws the panel beside the launcher: `ui/mountPanel` with its lazy parts handed in by a door. */
export type MountPanel = (
  host: HostElement,
  panel: PanelModel,
  texts: Texts,
  launcher: HTMLElement,
) => { unmount: Undo; focus(): void }

/** A face over a launcher that is drawn already. */
export function faceOf(host: HostElement, launcher: Launcher, loadPanel: () => Promise<MountPanel>): Face {
  let shownLabel: string | undefined
  let shownTheme: string | undefined
  let unfollow: Undo | undefined
  const wear = (theme: string) => {
    if (theme === shownTheme) return
    shownTheme = theme
    unfollow = unfollow?.() as undefined
    host.element.dataset.theme = theme
    if (theme === 'host')
      import('../base/pageTheme').then(
        ({ followTheme }) => {
          if (shownTheme !== theme || unfollow) return
          unfollow = followTheme(host.element.ownerDocument, found => {
            host.element.dataset.theme = found
          })
        },
        // Without it the theme is the system's.
        () => {},
      )
  }
  return {
    root: host.shadow,
    async mount(panel, texts, takesFocus) {
      const mountPanel = await loadPanel()
      const mounted = mountPanel(host, panel, texts, launcher.button)
      // Opened by hand, the keyboard goes along; restored after a reload, it stays where the page has it.
      if (takesFocus && panel.isOpen.value) mounted.focus()
      return mounted.unmount
    },
    show(settings, label, unread, unreadText) {
      const { element } = host
      if (settings.accent && element.ownerDocument.defaultView?.CSS.supports('color', settings.accent)) {
        element.style.setProperty('--asklet-accent', settings.accent)
      }
      wear(settings.theme)
      element.dataset.density = settings.density ?? ''
      element.dataset.position = settings.position
      // Said again, it would have the style of all that is in there worked out anew.
      if (label !== undefined && element.dir !== settings.dir) element.dir = settings.dir
      if (label !== undefined && label !== shownLabel) launcher.setLabel(label)
      shownLabel = label ?? shownLabel
      launcher.setUnread(unread, unreadText)
    },
    setOpen: isOpen => launcher.setOpen(isOpen),
    setProblem: sentence => launcher.setProblem(sentence),
    remove() {
      wear('auto')
      host.remove()
    },
  }
}

/** @returns `Face.onIntent` over a launcher that nobody else watches for it. */
export function intentsOf({ button }: Launcher, loadPanel: () => Promise<MountPanel>) {
  return (wake: () => void): Undo => {
    // What comes before a press: the panel's code may be here by the time the finger is down.
    const start = () => {
      wake()
      loadPanel().catch(() => {})
    }
    const intents = ['pointerenter', 'focus', 'touchstart']
    for (const intent of intents) button.addEventListener(intent, start, { passive: true, once: true })
    return () => {
      for (const intent of intents) button.removeEventListener(intent, start)
    }
  }
}
