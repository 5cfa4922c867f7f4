// Lists whose keyboard stays in a field above them. Scrolls, and decides nothing.

import { useEffect, useRef } from 'preact/hooks'

/**
 * The active option of a list that the keyboard only points at: nobody scrolls to it but this.
 *
 * @returns  for the listbox
 */
export function useInSight(active: number) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return list
}
