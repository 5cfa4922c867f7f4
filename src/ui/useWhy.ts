// The chunk "Why", fetched where it is needed; without it nothing is missing that cannot wait.

import { useEffect, useState } from 'preact/hooks'
import type { Scope } from './scope'

export function useWhy(scope: Scope): typeof import('./Why') | undefined {
  const [part, setPart] = useState<{ why?: typeof import('./Why') }>({})
  useEffect(() => {
    import('./Why').then(
      why => {
        why.begin(scope)
        setPart({ why })
      },
      () => {},
    )
  }, [])
  return part.why
}
