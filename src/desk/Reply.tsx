// Where the agent writes: to the visitor, once the conversation is theirs, or a note for colleagues, always. Which of
// both it is shows in words, in shape and in colour. The drafts are the model's; this owns the caret, the list of
// ready answers and whether the preview is shown.

import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { CannedReply } from '../protocol/deskRecords'
import { MAX_MESSAGE_CHARS } from '../protocol/limits'
import { AttachButton, ChosenFiles } from '../ui/Files'
import { fillVariables, matchReplies, slashAt, unfilled, type VariableValues } from './canned'
import type { ComposerModel } from './composerModel'
import type { OpenThread } from './deskModel'
import { Markdown } from './Markdown'
import { Similar } from './Similar'
import { SLASH_LIST_ID, SlashList, slashOptionId } from './SlashList'
import { Suggested } from './Suggested'
import type { DeskScope } from './scope'

/** From here on the rest is counted: early enough to shorten a thought. Characters. */
const COUNT_LEFT = 400

/** Of keys nothing is said, neither drawn nor read out, where there is but a screen to touch. */
const hasKeys = () => !matchMedia('(pointer: coarse)').matches || matchMedia('(any-pointer: fine)').matches

export function Reply({ scope, thread, name }: { scope: DeskScope; thread: OpenThread; name: string }) {
  const { desk, texts } = scope
  const workplace = desk.workplace.value
  const field = useRef<HTMLTextAreaElement>(null)
  const isComposing = useRef(false)
  const isPreview = useSignal(false)
  const caret = useSignal(0)
  /** The slash that was waved away with Escape. */
  const closedAt = useSignal<number | null>(null)
  const active = useSignal(0)
  /** Where the caret was sent; the end of the words, where it says nothing. */
  const [place, setPlace] = useState<{ readonly from?: number; readonly to?: number } | null>(null)
  const [namesKeys] = useState(hasKeys)
  const draft = desk.draft.value
  const mode = workplace?.composer.mode.value ?? 'reply'
  const isNote = mode === 'note'
  const { mayReply } = thread
  const mayWrite = isNote || mayReply
  const left = MAX_MESSAGE_CHARS - draft.trim().length
  const missing = isNote ? [] : unfilled(draft)
  // Files go to the visitor alone: a note has none.
  const files = isNote || !mayReply ? null : desk.files.value
  const said = useSignal('')
  const hasSomething = draft.trim() !== '' || (files?.ready.value.length ?? 0) > 0
  const canSend = mayWrite && hasSomething && left >= 0 && missing.length === 0 && !files?.isUploading.value
  const isWriting = mayWrite && !isPreview.value

  const slash = mayReply && !isNote ? slashAt(draft, caret.value) : null
  const all = workplace?.replies.replies.value ?? []
  const offered =
    slash && all.length > 0 && slash.from !== closedAt.value ? matchReplies(all, slash.query) : []
  // Words behind a slash that fit nothing are words.
  const isListed = slash !== null && offered.length > 0
  const at = Math.min(active.value, offered.length - 1)

  // Not a `value` prop: a render in the middle of a composition would break the word being composed.
  useLayoutEffect(() => {
    const { current } = field
    if (current && !isComposing.current && current.value !== draft) current.value = draft
  }, [draft, isPreview.value, mode])
  useLayoutEffect(() => {
    if (isWriting) field.current?.focus()
  }, [mayReply, mode])
  // With the drawing that holds the field and its words, not after it: the next key never meets the focus on its way.
  useLayoutEffect(() => {
    const { current } = field
    if (!place || !current) return
    current.focus()
    current.setSelectionRange(place.from ?? current.value.length, place.to ?? current.value.length)
  }, [place])
  // Else a quick Enter would take what stood there for the letters before.
  useLayoutEffect(() => {
    if (!slash) closedAt.value = null
    active.value = 0
  }, [slash?.query, slash?.from])

  const toField = (at: { readonly from?: number; readonly to?: number } = {}) => {
    isPreview.value = false
    setPlace(at)
  }

  const send = (isNow = false) => {
    if (!canSend) {
      if (missing[0]) select(missing[0])
      return
    }
    desk.send({ isNow })
    toField()
  }

  /** The place of a variable that has no value, to be typed over. */
  const select = (variable: string) => {
    const from = draft.indexOf(`{${variable}}`)
    toField({ from, to: from + variable.length + 2 })
  }

  const insert = (reply: CannedReply) => {
    if (!slash) return
    const filled = fillVariables(
      reply.text,
      variablesOf(thread, workplace?.details.details.value ?? null, scope),
    )
    const text = draft.slice(0, slash.from) + filled + draft.slice(slash.to)
    desk.setDraft(text)
    const end = slash.from + filled.length
    const { current } = field
    if (!current) return
    current.value = text
    current.focus()
    const [first] = unfilled(filled)
    const from = first ? text.indexOf(`{${first}}`, slash.from) : end
    current.setSelectionRange(from, first ? from + first.length + 2 : end)
    caret.value = current.selectionEnd
  }

  const listKey = (event: KeyboardEvent): boolean => {
    const count = offered.length
    if (event.key === 'ArrowDown') active.value = (at + 1) % count
    else if (event.key === 'ArrowUp') active.value = (at + count - 1) % count
    else if (event.key === 'Escape') closedAt.value = slash?.from ?? null
    else if (event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) {
      const reply = offered[at]
      if (reply) insert(reply)
    } else return false
    return true
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || isComposing.current) return
    const isCommand = event.ctrlKey || event.metaKey
    if (isListed && !event.altKey && !isCommand && listKey(event)) event.preventDefault()
    else if (event.altKey) return
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      // With nothing to send, this is the last word on what is held. Files alone are something: they are held like words.
      if (hasSomething || isNote) send(isCommand)
      else desk.send()
    } else if (event.key === 'z' && isCommand && !event.shiftKey && !draft && !isNote) {
      if (desk.takeBack()) event.preventDefault()
    }
  }
  const lookAtCaret = () => {
    caret.value = field.current?.selectionEnd ?? 0
  }
  const holds = workplace?.preferences.holdsReplies.value

  return (
    <form
      class="reply"
      data-mode={mode}
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      {workplace && thread.status === 'ready' && <ModeSwitch scope={scope} composer={workplace.composer} />}
      {/* A ticket may be answered as it is, or taken live. */}
      {(!mayWrite || (!isNote && !thread.isMine)) && <Claim scope={scope} thread={thread} name={name} />}
      {mayReply && !isNote && <Suggested scope={scope} onInsert={() => toField()} />}
      {mayReply && !isNote && <Similar scope={scope} onInsert={() => toField()} />}
      {isListed && <SlashList scope={scope} replies={offered} active={at} choose={insert} />}
      {mayWrite && isPreview.value && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs a tab stop
        <section class="preview scroll" aria-labelledby="desk-preview" tabIndex={0}>
          <h3 id="desk-preview" class="sr">
            {texts(isNote ? 'note.previewLabel' : 'reply.previewLabel')}
          </h3>
          {draft.trim() ? (
            <Markdown text={draft.trim()} />
          ) : (
            <p class="quiet">{texts('reply.previewEmpty')}</p>
          )}
        </section>
      )}
      {(isWriting || (!mayWrite && (isOpenToClaim(thread) || draft !== ''))) && (
        <textarea
          ref={field}
          class="boxed"
          rows={3}
          // Empty, it stands with its placeholder.
          dir={draft ? 'auto' : undefined}
          enterkeyhint="send"
          disabled={!mayWrite}
          aria-label={texts(isNote ? 'note.label' : 'reply.label')}
          aria-describedby={mayWrite && namesKeys ? 'desk-reply-hint' : undefined}
          aria-invalid={left < 0 || undefined}
          aria-autocomplete={isNote ? undefined : 'list'}
          aria-controls={isListed ? SLASH_LIST_ID : undefined}
          aria-activedescendant={isListed && offered[at] ? slashOptionId(offered[at].replyId) : undefined}
          placeholder={
            isNote
              ? texts('note.placeholder')
              : mayReply
                ? texts('reply.placeholder', { name })
                : texts(thread.state.phase === 'ended' ? 'reply.over' : 'reply.locked')
          }
          onInput={event => {
            desk.setDraft(event.currentTarget.value)
            lookAtCaret()
          }}
          onKeyUp={lookAtCaret}
          onClick={lookAtCaret}
          onCompositionStart={() => {
            isComposing.current = true
          }}
          onCompositionEnd={() => {
            isComposing.current = false
          }}
          onKeyDown={onKeyDown}
        />
      )}
      <div class="sr" role="status">
        {isListed ? texts('canned.count', { count: offered.length }) : ''}
      </div>
      {mayReply && !isNote && workplace && <Sources scope={scope} composer={workplace.composer} />}
      {missing.length > 0 && (
        <p class="missing" role="status">
          {texts('canned.missing')}
          {missing.map(variable => (
            <button key={variable} type="button" class="text-button" onClick={() => select(variable)}>
              {`{${variable}}`}
            </button>
          ))}
        </p>
      )}
      {files && (
        <ChosenFiles
          files={files}
          texts={texts}
          locale={scope.locale}
          announce={text => {
            said.value = text
          }}
        />
      )}
      {mayWrite && (
        <div class="reply-foot">
          <p class="sr" role="status">
            {said.value}
          </p>
          {files && <AttachButton files={files} texts={texts} className="button quiet-button" />}
          {namesKeys && (
            <p id="desk-reply-hint" class="fine only-wide">
              {texts(isNote ? 'note.hint' : holds ? 'reply.hintHeld' : 'reply.hint')}
            </p>
          )}
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
            {texts(isNote ? 'note.save' : 'reply.send')}
          </button>
        </div>
      )}
    </form>
  )
}

/** Articles that go along: the visitor gets a button for each. */
function Sources({ scope, composer }: { scope: DeskScope; composer: ComposerModel }) {
  const { texts } = scope
  const sources = composer.sources.value
  if (sources.length === 0) return null
  return (
    <ul class="labels" aria-label={texts('sources.label')}>
      {sources.map(({ articleId, title }) => (
        <li key={articleId} class="label">
          {texts('source.article', { title })}
          <button
            type="button"
            aria-label={texts('sources.remove', { title })}
            onClick={() => composer.dropSource(articleId)}
          >
            <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function ModeSwitch({ scope, composer }: { scope: DeskScope; composer: ComposerModel }) {
  const { texts } = scope
  const current = composer.mode.value
  return (
    <fieldset class="modes">
      <legend class="sr">{texts('mode.label')}</legend>
      {(['reply', 'note'] as const).map(mode => (
        <label key={mode} data-on={current === mode ? '' : undefined}>
          <input
            type="radio"
            class="sr"
            name="desk-mode"
            checked={current === mode}
            onChange={() => composer.setMode(mode)}
          />
          <span>{texts(`mode.${mode}`)}</span>
          {current !== mode && composer.begun.value.has(mode) && (
            <span class="begun">
              <span class="sr"> {texts('mode.begun')}</span>
            </span>
          )}
        </label>
      ))}
      {current === 'note' && <span class="only-agents">{texts('note.onlyAgents')}</span>}
    </fieldset>
  )
}

/** What the variables of a ready answer stand for here. */
function variablesOf(
  thread: OpenThread,
  details: { readonly pageNow: { readonly page: { readonly name: string } } | null } | null,
  { desk }: DeskScope,
): VariableValues {
  const { brief, row, state } = thread
  return {
    'visitor.name': row?.visitorName || brief?.visitor.name,
    'agent.name': desk.agent.value?.name,
    'ticket.number': state.ticket ? String(state.ticket.number) : undefined,
    'page.name': details?.pageNow?.page.name || brief?.page.name || brief?.page.title,
    ...Object.fromEntries((brief?.slots ?? []).map(slot => [`slot.${slot.name}`, slot.value])),
  }
}

const isOpenToClaim = ({ status, state }: OpenThread) =>
  status === 'ready' && (state.phase === 'queued' || state.phase === 'ticketed' || state.phase === 'live')

/** Says whose turn it is, and makes it this agent's. */
function Claim({ scope, thread, name }: { scope: DeskScope; thread: OpenThread; name: string }) {
  const { desk, texts } = scope
  const { phase, agent, assignment } = thread.state
  // The first press counts for this assignment alone: not for the next one of the same colleague, or of the same name.
  const [sureOf, setSureOf] = useState<number | null>(null)
  if (thread.status !== 'ready') return null
  const other = agent?.name ?? ''
  // "Claim" may turn into "Take over" under the pointer, when a colleague was faster: that takes a second press.
  const isTakeOver = phase === 'live'
  const isSure = sureOf === assignment
  // One's own, handed on a moment ago: taking it back surprises nobody.
  const { transfer } = thread
  const isTakeBack = isTakeOver && transfer?.isOwn === true && transfer.isUnanswered
  if (isTakeBack)
    return (
      <div class="claim">
        <p>{texts('transfer.done', { other })}</p>
        <button
          type="button"
          class="button main"
          disabled={desk.isChanging.value}
          onClick={() => void desk.claim()}
        >
          {texts(desk.isChanging.value ? 'reply.claiming' : 'transfer.takeBack')}
        </button>
      </div>
    )
  const email = thread.state.ticket?.contact?.email ?? thread.answerAt?.email
  const [sentence, action] =
    phase === 'queued'
      ? [texts('reply.waits', { name }), 'reply.claim']
      : phase === 'ticketed'
        ? [
            texts(email ? 'reply.ticketByMail' : 'reply.ticketOnly', { contact: email ?? '' }),
            'reply.claimTicket',
          ]
        : isTakeOver
          ? [texts('reply.with', { other }), 'reply.takeOver']
          : [texts(phase === 'ended' ? 'reply.over' : 'reply.noPerson'), '']
  return (
    <div class="claim" data-ticket={phase === 'ticketed' ? '' : undefined}>
      <p>{sentence}</p>
      {action && (
        <button
          key={action}
          type="button"
          class={isTakeOver || phase === 'ticketed' ? 'button' : 'button main'}
          disabled={desk.isChanging.value}
          onClick={() => {
            if (isTakeOver && !isSure) setSureOf(assignment)
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
