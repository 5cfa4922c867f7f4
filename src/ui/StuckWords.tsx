// Own words that do not go out, told to screen readers with the reason, each once. Where they stand they are Delivery's.

import { useEffect, useRef } from 'preact/hooks'
import type { TimelineItem } from '../conversation/timeline'
import { troubleText } from './Delivery'
import type { Scope } from './scope'

interface StuckWordsProps {
  readonly scope: Scope
  readonly items: readonly TimelineItem[]
  /** How the lines were when the conversation was shown: what was stuck by then stands there, and is not told. */
  readonly since: readonly TimelineItem[]
}

export function StuckWords({ scope, items, since }: StuckWordsProps) {
  const known = useRef(since)
  useEffect(() => {
    const before = known.current
    known.current = items
    for (const item of items) {
      const why = whyStuck(item)
      if (!why || why === whyStuck(before.find(({ key }) => key === item.key))) continue
      const trouble = item.state && troubleText(item.state, scope.texts)
      if (trouble) scope.announce(trouble)
    }
  }, [items])
  return null
}

/** One word for each reason that needs its author's hand. */
function whyStuck(item: TimelineItem | undefined): string | undefined {
  const state = item?.state
  return state === 'needsConfirm' ? state : typeof state === 'object' ? state?.failed : undefined
}
