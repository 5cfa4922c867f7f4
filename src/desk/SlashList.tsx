// The list of ready answers under a slash. The keyboard stays in the field: it points at the active row by
// `aria-activedescendant`; how many there are is said.

import type { CannedReply } from '../protocol/deskRecords'
import type { DeskScope } from './scope'
import { useInSight } from './useInSight'

export const SLASH_LIST_ID = 'desk-slash'
export const slashOptionId = (replyId: string) => `desk-slash-${replyId}`

export function SlashList(props: {
  scope: DeskScope
  replies: readonly CannedReply[]
  active: number
  choose(reply: CannedReply): void
}) {
  const { scope, replies, active, choose } = props
  const { texts } = scope
  const list = useInSight(active)
  return (
    <div class="slash">
      <div
        ref={list}
        id={SLASH_LIST_ID}
        role="listbox"
        tabIndex={-1}
        aria-label={texts('canned.list')}
        class="scroll"
      >
        {replies.map((reply, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
          <div
            key={reply.replyId}
            id={slashOptionId(reply.replyId)}
            role="option"
            tabIndex={-1}
            aria-selected={i === active}
            // Not `click` alone: the field must not lose the caret before it.
            onPointerDown={event => event.preventDefault()}
            onClick={() => choose(reply)}
          >
            <b dir="ltr">/{reply.shortcut}</b> <bdi>{reply.title}</bdi>
            <span class="fine clamp-1" dir="auto">
              {reply.text}
            </span>
          </div>
        ))}
      </div>
      {replies.length === 0 && <p class="fine">{texts('canned.none')}</p>}
      <p class="fine only-wide">{texts('canned.keys')}</p>
    </div>
  )
}
