// The visitor's conversations with people, in the first view: what each was about, how it stands, and the way into it.
// Entry of the chunk "PastList", fetched where there may be some; shows nothing where there are none.

import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Texts } from '../base/texts'
import type { PastConversation } from '../protocol/deskRecords'
import { Icon, NEXT } from './icons'
import css from './past.css?inline'
import english from './past.en.json'
import type { Scope } from './scope'

/** Adopted by the panel when this chunk arrives. */
export const styles = css
/** English of what this chunk says, and of the thread behind it. */
export const words = english

/** What the first view has room for beside the search. */
const SHOWN_AT_FIRST = 3

const OPEN: readonly string[] = ['queued', 'live', 'ticketed']

export interface PastListProps {
  readonly scope: Scope
  /** Shows a view in the place of the first one. */
  show(load: () => Promise<ComponentType<{ scope: Scope }>>): void
}

export function PastList({ scope, show }: PastListProps) {
  const { panel, texts } = scope
  const [found, setFound] = useState<readonly PastConversation[]>([])
  const [showsAll, setShowsAll] = useState(false)
  useEffect(() => {
    let isGone = false
    // Where nobody answers there is nothing to show: all else in this view works without.
    panel
      .past()
      .then(past => past.list())
      .then(
        list => {
          const begun = (list ?? []).filter(({ phase }) => phase === 'ended' || OPEN.includes(phase))
          if (!isGone) setFound(begun)
        },
        () => {},
      )
    return () => {
      isGone = true
    }
  }, [])
  if (!found.length) return null
  const day = new Intl.DateTimeFormat(panel.settings.value.locale, { dateStyle: 'medium' })
  const here = panel.conversation.value?.conversationId.value
  const unread = panel.unread.value
  const open = (past: PastConversation) => {
    const { conversationId, phase } = past
    // The same one, in the same window; where its part does not come, the window says so.
    if (OPEN.includes(phase))
      return void panel.withConversation(conversation =>
        conversation.join(conversationId, phase).catch(() => {}),
      )
    show(() => import('./PastThread').then(({ pastThread }) => pastThread(scope, past)))
  }
  return (
    <section class="past" aria-labelledby="past-title">
      <h3 class="caption" id="past-title">
        {texts('past.title')}
      </h3>
      <ul>
        {found.slice(0, showsAll ? undefined : SHOWN_AT_FIRST).map(past => (
          <li key={past.conversationId}>
            <button type="button" class="road" onClick={() => open(past)}>
              <span>
                <span class="one" dir="auto">
                  {past.question || texts('past.untitled')}
                </span>
                <small>
                  {stateText(past, texts)} · <time>{day.format(past.lastAt)}</time>
                </small>
              </span>
              {past.conversationId === here && unread > 0 && (
                <b class="tag">{texts('launcher.unread', { count: unread })}</b>
              )}
              <Icon d={NEXT} flips />
            </button>
          </li>
        ))}
      </ul>
      {found.length > SHOWN_AT_FIRST && !showsAll && (
        <button type="button" class="text-button" onClick={() => setShowsAll(true)}>
          {texts('past.all', { count: found.length })}
        </button>
      )}
    </section>
  )
}

/** How it stands, in words. A ticket's number has no thousands separator. */
function stateText({ phase, ticketNumber, agentName }: PastConversation, texts: Texts): string {
  const number = String(ticketNumber ?? '')
  const name = agentName ?? ''
  if (phase === 'ticketed')
    return name ? texts('past.answered', { number, name }) : texts('past.ticketed', { number })
  if (phase === 'live' && name) return texts('past.live', { name })
  return texts(phase === 'ended' ? 'past.ended' : 'past.queued')
}
