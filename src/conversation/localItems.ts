// The turns that only this device knows, as the window shows them: before the handoff, all there is. Pure.

import type { LocalTurn, TimelineItem } from './timeline'

/** @param intro  the machine says what it is before its first word; null where it has no first word here */
export function localItems(
  intro: { readonly name: string; readonly at: number } | null | undefined,
  turns: readonly LocalTurn[],
): TimelineItem[] {
  const items = turns.map(
    ({ clientId, author, text, source, at }): TimelineItem => ({
      kind: 'message',
      key: clientId,
      seq: null,
      author,
      text,
      format: 'plain',
      citations: source?.kind === 'article' ? source.citations : [],
      source,
      at,
      state: null,
      fromDevice: false,
    }),
  )
  if (intro) {
    const { name, at } = intro
    items.unshift({ kind: 'notice', key: 'intro', seq: null, name: 'botIntro', values: { name }, at })
  }
  return items
}
