// Which end of a long list is drawn: the newest lines, and older ones on request. The panel's log and the desk's.

import { useRef, useState } from 'preact/hooks'

/**
 * Where the part of a list that is drawn begins.
 *
 * It stays where it is while the list grows by up to `step` lines, and follows then in one go: to take the first line
 * away with each one that comes costs as much as drawing the new one, and takes it from under the eyes of somebody
 * who reads there.
 *
 * @param step  lines drawn at first, and added by each `showEarlier`
 */
export function useNewest(
  length: number,
  step: number,
): readonly [from: number, showEarlier: () => void, showFrom: (line: number) => void] {
  const [count, setCount] = useState(step)
  const from = useRef(0)
  const newest = Math.max(0, length - count)
  if (from.current > newest || from.current < newest - step) from.current = newest
  const showFrom = (line: number) => setCount(length - line)
  return [from.current, () => showFrom(from.current - step), showFrom]
}
