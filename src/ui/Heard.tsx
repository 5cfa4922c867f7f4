// A value that is seen, in the sentence that is heard around it: “5 min” to the eye, “waiting 5 min” to a screen reader,
// in the order of the language. Only the words around the value are hidden, so that nothing is said twice.

import type { ComponentChildren } from 'preact'
import type { Texts } from '../base/texts'

/** No text has it: stands for what is drawn. */
const HERE = '\ufffc'

interface HeardProps {
  readonly texts: Texts
  /** Key of the sentence. */
  readonly as: string
  /** Its place for the value. */
  readonly place: string
  readonly children: ComponentChildren
}

export function Heard({ texts, as, place, children }: HeardProps) {
  // What runs the other way comes set apart, which the value's own element does here.
  const [before, after] = texts(as, { [place]: HERE }).split(/\u2068?\ufffc\u2069?/)
  return (
    <>
      {before && <span class="sr">{after === undefined ? `${before} ` : before}</span>}
      {children}
      {after && <span class="sr">{after}</span>}
    </>
  )
}
