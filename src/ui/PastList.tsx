// The visitor's conversations with people, in the first view: the newest in sight, the others at a press; what each was
// about, how it stands, and the way into it. One row and one line, because suggestions are what the first view is for: the
// line is a heading, shared with what this device keeps, and above what its button opens.
// Entry of the chunk "PastList", fetched where there may be some; shows nothing where there are none.

import { useEffect, useState } from 'preact/hooks'
import type { Texts } from '../base/texts'
import { NO_CATEGORY } from '../protocol/category'
import type { PastConversation } from '../protocol/deskRecords'
import { Icon, NEXT } from './icons'
import css from './past.css?inline'
import english from './past.en.json'
import type { Scope } from './scope'

/** Adopted by the panel when this chunk arrives. */
export const styles = css
/** English of what this chunk says, and of the thread behind it. */
export const words = english

/** A clock that is turned back, on the grid of icons.tsx. */
const EARLIER = 'M3.2 8a7.2 7.2 0 1 1-.3 3.2M3 4v4h4M10 6.5V10l2.5 1.5'

const HEADING = 'past'
const ROWS = 'past-rows'

const OPEN: readonly string[] = ['queued', 'live', 'ticketed']

export interface PastListProps {
  readonly scope: Scope
  /** The first view has a road of its own into the conversation of this page. */
  readonly goesOn: boolean
}

export function PastList({ scope, goesOn }: PastListProps) {
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
          if (!isGone) setFound(wantedFirst(begun))
        },
        () => {},
      )
    return () => {
      isGone = true
    }
  }, [])
  const day = new Intl.DateTimeFormat(panel.settings.value.locale, { dateStyle: 'medium' })
  const here = panel.conversation.value?.conversationId.value
  const listed = goesOn ? found.filter(({ conversationId }) => conversationId !== here) : found
  if (!listed.length) return null
  const unread = panel.unread.value
  const open = (past: PastConversation) => {
    const { conversationId, phase } = past
    // The same one, in the same window; where its part does not come, the window says so.
    if (OPEN.includes(phase))
      return void panel.withConversation(conversation =>
        conversation.join(conversationId, phase).catch(() => {}),
      )
    scope.readPast(past)
  }
  const isNew = (past: PastConversation) => past.conversationId === here && unread > 0
  const news = <b class="tag">{texts('launcher.unread', { count: unread })}</b>
  const newAt = listed.findIndex(isNew)
  return (
    <section class="past" aria-labelledby={HEADING}>
      <h3 id={HEADING}>
        {listed.length > 1 ? (
          <button
            type="button"
            class="caption"
            aria-expanded={showsAll}
            aria-controls={ROWS}
            onClick={() => setShowsAll(!showsAll)}
          >
            {texts('past.all', { count: listed.length })}
            {/* Its row is out of sight: always, or where the window has no room for any. */}
            {!showsAll && newAt >= 0 && <span class={newAt ? '' : 'roomless'}> {news}</span>}
          </button>
        ) : (
          <span class="caption">{texts('past.title')}</span>
        )}
      </h3>
      <ul id={ROWS}>
        {listed.slice(0, showsAll ? undefined : 1).map(past => (
          <li key={past.conversationId}>
            <button type="button" class="road" onClick={() => open(past)}>
              <Icon d={EARLIER} />
              <span>
                <span class="one" dir="auto">
                  {past.question || texts('past.untitled')}
                </span>
                <small>
                  {stateText(past, texts)} · <time>{day.format(past.lastAt)}</time>
                </small>
                {isWanted(past) && <b class="tag wanted">{texts('past.wanted')}</b>}
              </span>
              {isNew(past) && news}
              <Icon d={NEXT} flips />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** An answer is there, and the ticket goes on with the visitor's. */
const isWanted = ({ phase, ticketStatus }: PastConversation) =>
  phase === 'ticketed' && ticketStatus === 'waitingOnVisitor'

/** Else newest first, as they came. */
const wantedFirst = (list: readonly PastConversation[]) => [
  ...list.filter(isWanted),
  ...list.filter(past => !isWanted(past)),
]

/** As the site says it. Told here anew: what the other faces ask would bring all that is about a person along. */
function categoryWord(category: string, texts: Texts): string {
  const key = `category.${category}`
  const word = texts(key)
  return word === key ? category : word
}

/** How it stands, in words, and what it is sorted under. A ticket's number has no thousands separator. */
function stateText(past: PastConversation, texts: Texts): string {
  const { phase, ticketNumber, agentName, ticketStatus, category } = past
  const number = String(ticketNumber ?? '')
  if (ticketNumber !== null && ticketStatus && (phase === 'ticketed' || phase === 'ended')) {
    const state = texts(`past.is.${ticketStatus}`, { number })
    return category && category !== NO_CATEGORY ? `${state} · ${categoryWord(category, texts)}` : state
  }
  const name = agentName ?? ''
  if (phase === 'ticketed')
    return name ? texts('past.answered', { number, name }) : texts('past.ticketed', { number })
  if (phase === 'live' && name) return texts('past.live', { name })
  return texts(phase === 'ended' ? 'past.ended' : 'past.queued')
}
