// Copies a text, and shows it to be copied by hand where the page may not use the clipboard.

import { useState } from 'preact/hooks'
import type { Texts } from '../base/texts'

interface CopyButtonProps {
  readonly label: string
  readonly texts: Texts
  /** Asked when pressed: the text is that of this moment. */
  text(): string
}

export function CopyButton({ label, texts, text }: CopyButtonProps) {
  const [state, setState] = useState<'' | 'copied' | 'byHand'>('')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
      setState('copied')
    } catch {
      setState('byHand')
    }
  }
  return (
    <>
      <button type="button" class="text-button" onClick={() => void copy()}>
        {state === 'copied' ? texts('link.copied') : label}
      </button>
      {state === 'byHand' && (
        <textarea
          class="by-hand"
          readOnly
          rows={4}
          aria-label={label}
          value={text()}
          onFocus={event => event.currentTarget.select()}
        />
      )}
    </>
  )
}
