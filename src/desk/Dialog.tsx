// A window in the window: the browser's own modal dialog, which keeps the keyboard inside and gives it back. Owns
// nothing but that. Escape, its button and a press beside it close; where something was typed that would be lost, they
// ask first.

import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import type { DeskScope } from './scope'

export interface DialogProps {
  readonly scope: DeskScope
  readonly title: string
  readonly isWide?: boolean
  /** Holds words that closing would lose. */
  readonly isEdited?: boolean
  readonly children: ComponentChildren
  onClose(): void
}

export function Dialog({ scope, title, isWide = false, isEdited = false, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const keep = useRef<HTMLButtonElement>(null)
  const titleId = useId()
  const isAsking = useSignal(false)
  /** Words that are selected from inside to beyond the edge end in a press beside it, and are no wish to close. */
  const pressedBeside = useRef(false)
  // Before anything is painted: the next key is already the dialog's.
  useLayoutEffect(() => {
    const { current } = dialog
    current?.showModal()
    // Closed by itself before it is taken away: behind an open one all is out of reach, what opened it too. The browser
    // gives the keyboard back to that, if it is still there.
    return () => current?.close()
  }, [])
  useLayoutEffect(() => {
    if (isAsking.value) keep.current?.focus()
  }, [isAsking.value])
  const leave = () => {
    // A second Escape takes the question away, not the words.
    if (isEdited || isAsking.peek()) isAsking.value = isEdited && !isAsking.peek()
    else onClose()
  }
  const { texts } = scope
  return (
    <dialog
      ref={dialog}
      class={isWide ? 'dialog wide' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={event => {
        event.preventDefault()
        leave()
      }}
      onClose={() => {
        // It was taken away, and is no more.
        if (!dialog.current) return
        // A browser may refuse to be held back a second time: what was typed is shown again, with the question.
        if (!isEdited) return onClose()
        dialog.current.showModal()
        isAsking.value = true
      }}
      onKeyDown={event => {
        // Escape here is no wish to leave the conversation behind it.
        event.stopPropagation()
        if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return
        event.preventDefault()
        leave()
      }}
      onPointerDown={event => {
        pressedBeside.current = event.target === dialog.current
      }}
      onClick={event => {
        if (event.target === dialog.current && pressedBeside.current) leave()
      }}
    >
      <div class="dialog-body">
        <div class="dialog-top">
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="button quiet-button" onClick={leave}>
            {texts('action.close')}
          </button>
        </div>
        <div role="alert">
          {isAsking.value && (
            <div class="conflict">
              <p>{texts('dialog.edited')}</p>
              <div class="dialog-foot">
                <button type="button" class="button" onClick={onClose}>
                  {texts('dialog.discard')}
                </button>
                <button
                  type="button"
                  class="button main"
                  ref={keep}
                  onClick={() => {
                    isAsking.value = false
                  }}
                >
                  {texts('dialog.keep')}
                </button>
              </div>
            </div>
          )}
        </div>
        {children}
      </div>
    </dialog>
  )
}
