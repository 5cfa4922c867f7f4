// A button that asks once more before it does what it says.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Texts } from '../base/texts'

/** An act that asks once more in its own place: one slip of the finger would end what cannot be begun again. */
export function Sure(props: {
  texts: Texts
  act: string
  sure: string
  not: string
  danger?: boolean
  do(): void
}) {
  const { texts } = props
  const [isAsking, setIsAsking] = useState(false)
  const ask = useRef<HTMLButtonElement>(null)
  const keep = useRef<HTMLButtonElement>(null)
  const wasAsking = useRef(false)
  // The button that was pressed is gone: the keyboard goes on in its place, at the one that changes nothing.
  useLayoutEffect(() => {
    if (isAsking) keep.current?.focus()
    else if (wasAsking.current) ask.current?.focus()
    wasAsking.current = isAsking
  }, [isAsking])
  return isAsking ? (
    <>
      <button type="button" class={props.danger ? 'text-button danger' : 'text-button'} onClick={props.do}>
        {texts(props.sure)}
      </button>
      <button ref={keep} type="button" class="text-button" onClick={() => setIsAsking(false)}>
        {texts(props.not)}
      </button>
    </>
  ) : (
    <button ref={ask} type="button" class="text-button" onClick={() => setIsAsking(true)}>
      {texts(props.act)}
    </button>
  )
}
