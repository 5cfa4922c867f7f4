// A window in the window: the browser's own modal dialog, which keeps the keyboard inside and gives it back. Owns
// nothing but that; Escape and a press beside it close.

import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import type { DeskScope } from './scope'

export interface DialogProps {
  readonly scope: DeskScope
  readonly title: string
  readonly isWide?: boolean
  readonly children: ComponentChildren
  onClose(): void
}

export function Dialog({ scope, title, isWide = false, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    return () => {
      // What opened it may be drawn anew by what was done in it.
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      class={isWide ? 'dialog wide' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onKeyDown={event => {
        // Escape here is no wish to leave the conversation behind it.
        event.stopPropagation()
      }}
      onClick={event => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div class="dialog-body">
        <div class="dialog-top">
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="button quiet-button" onClick={onClose}>
            {scope.texts('action.close')}
          </button>
        </div>
        {children}
      </div>
    </dialog>
  )
}
