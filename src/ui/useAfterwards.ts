// The chunk "Afterwards", fetched where it is needed; a failure is asked for again by whoever needs it next.

import { useEffect, useState } from 'preact/hooks'
import type { Scope } from './scope'

export type AfterwardsPart = typeof import('./Afterwards')

/** Undefined until it is here. Without it nothing is missing that cannot wait. */
export function useAfterwards(scope: Scope, isNeeded: boolean): AfterwardsPart | undefined {
  const [part, setPart] = useState<{ afterwards?: AfterwardsPart }>({})
  useEffect(() => {
    if (!isNeeded || part.afterwards) return
    import('./Afterwards').then(
      afterwards => {
        scope.addStyles(afterwards.styles)
        scope.panel.addTexts(afterwards.words)
        setPart({ afterwards })
      },
      () => {},
    )
  }, [isNeeded])
  return part.afterwards
}
