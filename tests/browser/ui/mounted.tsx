// A panel over fakes, mounted the way the launcher does it, in a page that can be looked at from outside.

import { expect, vi } from 'vitest'
import type { Locator } from 'vitest/browser'
import { createFakes, type Fakes, texts } from '../../../demo/states/script/fakes'
import type { Texts } from '../../../src/base/texts'
import { createVoice, type Voice } from '../../../src/base/voice'
import { mountPanel } from '../../../src/ui/mountPanel'

export interface Mounted extends Fakes {
  readonly host: HTMLElement
  readonly root: ShadowRoot
  readonly launcher: HTMLButtonElement
  readonly voice: Voice
  /** What screen readers were told last. */
  spoken(): string
  focused(): Element | null
  unmount(): void
}

/** Waits until `locator` has the focus within its shadow root: `toHaveFocus` looks at the document only. */
export async function hasFocus(locator: Locator): Promise<void> {
  await vi.waitFor(() => {
    const element = locator.element()
    expect((element.getRootNode() as ShadowRoot).activeElement).toBe(element)
  })
}

let unmountLast = () => {}

/** Mounts; what was mounted before is taken away first. */
export function mount(fakes: Fakes = createFakes(), takesFocus = true, words: Texts = texts): Mounted {
  unmountLast()
  const host = document.createElement('asklet-root')
  const voice = createVoice(document)
  document.documentElement.append(host, voice.element)
  // What the launcher's side does.
  host.dataset.theme = fakes.panel.settings.value.theme
  const root = host.attachShadow({ mode: 'open' })
  const launcher = document.createElement('button')
  launcher.textContent = 'Help'
  root.append(launcher)
  const mounted = mountPanel(
    root,
    voice,
    fakes.panel,
    words,
    {
      loadArticleView: () => import('../../../src/ui/ArticleView'),
      loadConversationView: () => import('../../../src/ui/ConversationView'),
    },
    launcher,
  )
  if (takesFocus) mounted.focus()
  unmountLast = () => {
    mounted.unmount()
    host.remove()
    voice.element.remove()
  }
  return {
    ...fakes,
    host,
    root,
    launcher,
    voice,
    spoken: () => voice.element.lastElementChild?.textContent ?? '',
    focused: () => root.activeElement,
    unmount: mounted.unmount,
  }
}
