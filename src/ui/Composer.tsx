// Where the visitor writes. The draft is the conversation's; this owns the caret and the field's height.

import { useLayoutEffect, useRef } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import { Icon } from './icons'
import type { Scope } from './scope'
import { useFocusHeir } from './useFocusHeir'

/** An arrow upwards, on the grid of icons.tsx. */
const SEND = 'M10 16V4.5m-5 5l5-5 5 5'

/** From here on the rest is counted: early enough to shorten a thought. Characters. */
const COUNT_LEFT = 400

/** Labels are written to stand within a sentence, too. */
const sentenceCase = (label: string) => label.slice(0, 1).toUpperCase() + label.slice(1)

export function Composer({
  scope,
  conversation,
  part,
}: {
  scope: Scope
  conversation: ConversationModel
  /** What shows files, once it is here. */
  part: typeof import('./Files') | undefined
}) {
  const { texts } = scope
  const ref = useFocusHeir<HTMLFormElement>()
  const field = useRef<HTMLTextAreaElement>(null)
  const isComposing = useRef(false)
  const draft = conversation.draft.value
  const expects = conversation.expects.value
  const agent = conversation.agent.value
  const left = conversation.maxChars - draft.length
  const files = conversation.files.value
  const canSend = (draft.trim() !== '' || files?.ready.value.length) && left >= 0 && !files?.isUploading.value

  // Not a `value` prop: see SearchBox. The height follows the words up to the five lines of the style sheet.
  useLayoutEffect(() => {
    const { current } = field
    if (!current) return
    if (!isComposing.current && current.value !== draft) current.value = draft
    current.style.height = 'auto'
    current.style.height = `${current.scrollHeight}px`
  }, [draft])

  const send = () => {
    if (!canSend) return
    // The draft is the conversation's to clear: it keeps words that it cannot place yet.
    void conversation.send(draft.trim())
    field.current?.focus()
  }

  const type = (event: InputEvent) => {
    conversation.setDraft((event.currentTarget as HTMLTextAreaElement).value)
    conversation.typing()
  }

  return (
    <form
      ref={ref}
      class="composer"
      part="composer"
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      {part && files && (
        <part.ComposerFiles
          files={files}
          texts={texts}
          locale={scope.panel.settings.value.locale}
          announce={scope.announce}
        />
      )}
      <textarea
        ref={field}
        class="field"
        data-focus
        rows={1}
        // Empty, it shows words of the panel.
        dir={draft ? 'auto' : undefined}
        aria-label={expects?.label ?? texts('chat.label')}
        aria-describedby={left <= COUNT_LEFT ? 'chars-left' : undefined}
        aria-invalid={left < 0 || undefined}
        placeholder={
          (expects && sentenceCase(expects.label)) ??
          (agent
            ? texts('chat.placeholderPerson', { name: agent.name })
            : texts(conversation.phase.value === 'bot' ? 'chat.placeholderBot' : 'chat.label'))
        }
        inputMode={expects?.inputMode ?? 'text'}
        enterkeyhint="send"
        onInput={type}
        onCompositionStart={() => {
          isComposing.current = true
        }}
        onCompositionEnd={() => {
          isComposing.current = false
        }}
        onKeyDown={event => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing || isComposing.current) return
          event.preventDefault()
          send()
        }}
      />
      <button
        type="submit"
        class="round send"
        part="send"
        aria-label={texts('chat.send')}
        disabled={!canSend}
      >
        <Icon d={SEND} />
      </button>
      {left <= COUNT_LEFT && (
        <div id="chars-left" class={left < 0 ? 'fine trouble' : 'fine'}>
          {left < 0 ? texts('chat.tooLong', { count: -left }) : texts('chat.left', { count: left })}
        </div>
      )}
    </form>
  )
}
