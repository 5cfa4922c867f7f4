// A button, and what it opens below it, until it is pressed again or Escape is. Never by pointing alone.

import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'

export function Disclosure({ label, children }: { label: string; children: ComponentChildren }) {
  const [isOpen, setIsOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what is open in here, before it closes the panel
    <div
      class="why"
      onKeyDown={event => {
        if (event.key !== 'Escape' || !isOpen || event.isComposing || event.defaultPrevented) return
        event.preventDefault()
        setIsOpen(false)
        button.current?.focus()
      }}
    >
      <button
        ref={button}
        type="button"
        class="text-button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        {label}
      </button>
      {isOpen && <div class="because">{children}</div>}
    </div>
  )
}
