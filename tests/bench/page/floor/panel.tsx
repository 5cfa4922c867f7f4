// The least that a panel can be with what ours is made with: Preact, hooks and signals, and an empty panel with one
// field.

import { signal } from '@preact/signals'
import { render } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

const query = signal('')

export function open(root: ShadowRoot): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(
    '.panel{position:fixed;right:20px;bottom:90px;width:380px;height:600px;box-sizing:border-box;padding:16px;border-radius:16px;background:#fff;box-shadow:0 8px 24px #0005;font:15px system-ui}input{width:100%;box-sizing:border-box;padding:10px;font:inherit}',
  )
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  const container = document.createElement('div')
  root.append(container)
  render(<Panel />, container)
}

function Panel() {
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => field.current?.focus(), [])
  return (
    <div class="panel" role="dialog" aria-label="Help">
      <input
        ref={field}
        aria-label="Search"
        onInput={event => {
          query.value = event.currentTarget.value
        }}
      />
      <p>{query.value}</p>
    </div>
  )
}
