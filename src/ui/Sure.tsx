// A button that asks once more before it does what it says.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Texts } from '../base/texts'

/**
 * An act that asks once more in its own place: one slip of the finger would end what cannot be begun again. Pressed twice
 * in a row, by hand or key, it does nothing: what changes nothing stands where the first button stood, as wide, and has
 * the focus.
 */
export function Sure(props: {
  texts: Texts
  act: string
  sure: string
  not: string
  danger?: boolean
  do(): void
}) {
  const { texts } = props
  const [asking, setAsking] = useState<{ readonly width: number } | null>(null)
  const ask = useRef<HTMLButtonElement>(null)
  const keep = useRef<HTMLButtonElement>(null)
  const wasAsking = useRef(false)
  // The button that was pressed is gone: the keyboard goes on in its place, at the one that changes nothing.
  useLayoutEffect(() => {
    if (asking && keep.current) {
      keep.current.style.minInlineSize = `${asking.width}px`
      keep.current.focus()
    } else if (wasAsking.current) ask.current?.focus()
    wasAsking.current = asking !== null
  }, [asking])
  return asking ? (
    <>
      <button key="keep" ref={keep} type="button" class="text-button" onClick={() => setAsking(null)}>
        {texts(props.not)}
      </button>
      <button
        key="do"
        type="button"
        class={props.danger ? 'text-button danger' : 'text-button'}
        onClick={() => {
          setAsking(null)
          props.do()
        }}
      >
        {texts(props.sure)}
      </button>
    </>
  ) : (
    <button
      key="ask"
      ref={ask}
      type="button"
      class="text-button"
      onClick={({ currentTarget }) => setAsking({ width: currentTarget.offsetWidth })}
    >
      {texts(props.act)}
    </button>
  )
}
