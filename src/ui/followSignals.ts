// Lets components read signals: one that was read while a component rendered renders it again when it changes.
// The little of `@preact/signals` that this panel uses, by public means of Preact and signals-core only: values in
// text and attributes are always read (`.value`), never handed to Preact as signals.

import { effect } from '@preact/signals-core'
import { Fragment, type FunctionComponent, options } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Undo } from '../base/environment'

/** Component -> the same, following what it reads. */
const following = new WeakMap<FunctionComponent, FunctionComponent>()

let isFollowing = false

/** To be called before the first drawing. Once is enough for all panels: Preact's options are one for all. */
export function followSignals(): void {
  if (isFollowing) return
  isFollowing = true
  const before = options.vnode
  options.vnode = vnode => {
    const { type } = vnode
    if (typeof type === 'function' && type !== Fragment) vnode.type = follow(type as FunctionComponent)
    before?.(vnode)
  }
}

function follow(component: FunctionComponent): FunctionComponent {
  let made = following.get(component)
  if (!made) {
    made = props => {
      const redraw = useState({})[1]
      const stop = useRef<Undo | null>(null)
      // Not useEffect: what is gone from the page must not hear of a change before the next frame.
      useLayoutEffect(() => () => stop.current?.(), [])
      stop.current?.()
      let isDrawn = false
      let drawn: ReturnType<FunctionComponent>
      stop.current = effect(() => {
        // Run again it reads nothing, so it hears of one change; the next drawing listens anew.
        if (isDrawn) redraw({})
        else drawn = component(props)
        isDrawn = true
      })
      return drawn
    }
    following.set(component, made)
    following.set(made, made)
  }
  return made
}
