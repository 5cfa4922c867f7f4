// Where the agent writes, once the conversation is theirs. The draft is the model's; this owns the caret and
// whether the preview is shown.

import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { MAX_MESSAGE_CHARS } from '../protocol/limits'
import type { OpenThread } from './deskModel'
import { Markdown } from './Markdown'
import type { DeskScope } from './scope'

/** From here on the rest is counted: early enough to shorten a thought. Characters. */
const COUNT_LEFT = 400

export function Reply({ scope, thread, name }: { scope: DeskScope; thread: OpenThread; name: string }) {
  const { desk, texts } = scope
  const field = useRef<HTMLTextAreaElement>(null)
  const isComposing = useRef(false)
  const isPreview = useSignal(false)
  const draft = desk.draft.value
  const { isMine } = thread
  const left = MAX_MESSAGE_CHARS - draft.trim().length
  const canSend = isMine && draft.trim() !== '' && left >= 0
  const isWriting = isMine && !isPreview.value

  // Not a `value` prop: a render in the middle of a composition would break the word being composed.
  useLayoutEffect(() => {
    const { current } = field
    if (current && !isComposing.current && current.value !== draft) current.value = draft
  }, [draft, isPreview.value])
  useEffect(() => {
    if (isWriting) field.current?.focus()
  }, [isMine])

  const send = (isNow = false) => {
    if (!canSend) return
    desk.send({ isNow })
    isPreview.value = false
    requestAnimationFrame(() => field.current?.focus())
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || isComposing.current || event.altKey) return
    const isCommand = event.ctrlKey || event.metaKey
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      // In an empty field there is nothing to write but the last word on what is held.
      if (!draft.trim()) desk.send({ isNow: true })
      else send(isCommand)
    } else if (event.key === 'z' && isCommand && !event.shiftKey && !draft) {
      if (desk.takeBack()) event.preventDefault()
    }
  }

  return (
    <form
      class="reply"
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      {!isMine && <Claim scope={scope} thread={thread} name={name} />}
      {isMine && isPreview.value && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs a tab stop
        <section class="preview scroll" aria-labelledby="desk-preview" tabIndex={0}>
          <h3 id="desk-preview" class="sr">
            {texts('reply.previewLabel')}
          </h3>
          {draft.trim() ? (
            <Markdown text={draft.trim()} />
          ) : (
            <p class="quiet">{texts('reply.previewEmpty')}</p>
          )}
        </section>
      )}
      {(isWriting || (!isMine && (isOpenToClaim(thread) || draft !== ''))) && (
        <textarea
          ref={field}
          class="boxed"
          rows={3}
          enterkeyhint="send"
          disabled={!isMine}
          aria-label={texts('reply.label')}
          aria-describedby={isMine ? 'desk-reply-hint' : undefined}
          aria-invalid={left < 0 || undefined}
          placeholder={
            isMine
              ? texts('reply.placeholder', { name })
              : texts(thread.state.phase === 'ended' ? 'reply.over' : 'reply.locked')
          }
          onInput={event => desk.setDraft(event.currentTarget.value)}
          onCompositionStart={() => {
            isComposing.current = true
          }}
          onCompositionEnd={() => {
            isComposing.current = false
          }}
          onKeyDown={onKeyDown}
        />
      )}
      {isMine && (
        <div class="reply-foot">
          <p id="desk-reply-hint" class="fine only-wide">
            {texts(desk.preferences.value?.holdsReplies.value ? 'reply.hintHeld' : 'reply.hint')}
          </p>
          <p class={left < 0 ? 'fine trouble' : 'fine'} role="status">
            {left < 0
              ? texts('reply.tooLong', { count: -left })
              : left <= COUNT_LEFT
                ? texts('reply.left', { count: left })
                : ''}
          </p>
          <button
            type="button"
            class="button"
            aria-pressed={isPreview.value}
            onClick={() => {
              isPreview.value = !isPreview.value
            }}
          >
            {texts('reply.preview')}
          </button>
          <button type="submit" class="button main" disabled={!canSend}>
            {texts('reply.send')}
          </button>
        </div>
      )}
    </form>
  )
}

const isOpenToClaim = ({ status, state }: OpenThread) =>
  status === 'ready' && (state.phase === 'queued' || state.phase === 'ticketed' || state.phase === 'live')

/** Says whose turn it is, and makes it this agent's. */
function Claim({ scope, thread, name }: { scope: DeskScope; thread: OpenThread; name: string }) {
  const { desk, texts } = scope
  const { phase, agent } = thread.state
  if (thread.status !== 'ready') return null
  const other = agent?.name ?? ''
  // "Claim" may turn into "Take over" under the pointer, when a colleague was faster: that takes a second press.
  const isTakeOver = phase === 'live'
  const [isSure, setIsSure] = useState(false)
  useEffect(() => setIsSure(false), [phase, other])
  const [sentence, action] =
    phase === 'queued'
      ? [texts('reply.waits', { name }), 'reply.claim']
      : phase === 'ticketed'
        ? [texts('reply.ticketWaits', { name }), 'reply.claimTicket']
        : isTakeOver
          ? [texts('reply.with', { other }), 'reply.takeOver']
          : [texts(phase === 'ended' ? 'reply.over' : 'reply.noPerson'), '']
  return (
    <div class="claim">
      <p>{sentence}</p>
      {action && (
        <button
          key={action}
          type="button"
          class={isTakeOver ? 'button' : 'button main'}
          disabled={desk.isChanging.value}
          onClick={() => {
            if (isTakeOver && !isSure) setIsSure(true)
            else void desk.claim()
          }}
        >
          {texts(
            desk.isChanging.value ? 'reply.claiming' : isTakeOver && isSure ? 'reply.takeOverSure' : action,
            {
              other,
            },
          )}
        </button>
      )}
    </div>
  )
}
