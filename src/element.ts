// The custom element: `<asklet-assistant config="/asklet.json" user-role="freelancer">`. Importing this door
// defines it. Attributes are options; the assistant behind it is `element.assistant`.

import { type Assistant, type AssistantOptions, createAssistant } from './index'

const NAME = 'asklet-assistant'

/** In plain Node there is no HTMLElement: the door can still be imported, and defines nothing. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement

export class AskletElement extends Base {
  static readonly observedAttributes = [
    'user-role',
    'theme',
    'density',
    'accent',
    'position',
    'label',
    'locale',
  ]

  /** The running assistant; null while the element is not in a document. */
  assistant: Assistant | null = null

  connectedCallback(): void {
    if (this.assistant) return
    const attribute = (name: string) => this.getAttribute(name) ?? undefined
    const role = attribute('user-role')
    const options = {
      config: attribute('config'),
      theme: attribute('theme') as AssistantOptions['theme'],
      density: attribute('density') as AssistantOptions['density'],
      accent: attribute('accent'),
      // An attribute has no other way to say that there is to be none.
      launcher: attribute('launcher'),
      position: attribute('position') as 'left' | 'right' | undefined,
      label: attribute('label'),
      locale: attribute('locale'),
      answer: attribute('answer'),
      name: attribute('name'),
      // Named is on, as with any attribute of this kind.
      offers: this.hasAttribute('offers') || undefined,
    }
    this.assistant = createAssistant({
      ...(Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as object),
      ...(role !== undefined && { visitor: { role } }),
      element: this,
    })
  }

  /** A framework may take the element out and put it back in one go: that is a move, not an end. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected) return
      this.assistant?.destroy()
      this.assistant = null
    })
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (!this.assistant || before === value) return
    if (name === 'user-role') this.assistant.identify(value === null ? {} : { role: value })
    else if (value !== null) this.assistant.update({ [name]: value })
  }
}

if (globalThis.customElements && !customElements.get(NAME)) customElements.define(NAME, AskletElement)

declare global {
  interface HTMLElementTagNameMap {
    'asklet-assistant': AskletElement
  }
}
