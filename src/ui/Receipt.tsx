// What a person is told with a handoff: before it, each part can be left out and the question put otherwise; after it,
// the same list is what was sent, as the server has it.

import { useState } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import type { Telling } from '../conversation/handoff'
import type { ToldPart } from '../conversation/telling'
import { Contest } from './Contest'
import type { Scope } from './scope'

interface ReceiptProps {
  readonly scope: Scope
  readonly conversation: ConversationModel
  readonly telling: Telling
}

export function Receipt({ scope, conversation, telling }: ReceiptProps) {
  const { texts } = scope
  const isSent = telling.isSent.value
  const left = telling.left.value
  const turns = telling.turns.value
  const parts = telling.parts.value
  // As it is typed: what is told of it has no blanks at its ends, and the field must not lose them under the fingers.
  const [question, setQuestion] = useState(parts.find(({ kind }) => kind === 'question')?.value ?? '')
  return (
    <div class="receipt">
      <p class="fine">{texts(isSent ? 'told.sent' : 'told.before')}</p>
      {!isSent && (
        <label class="asked">
          <span class="fine">{texts('told.question')}</span>
          <textarea
            class="field boxed"
            rows={2}
            dir="auto"
            maxLength={1_000}
            value={question}
            onInput={({ currentTarget: { value } }) => {
              setQuestion(value)
              telling.setQuestion(value)
            }}
          />
        </label>
      )}
      <ul>
        {parts
          .filter(({ kind }) => isSent || kind !== 'question')
          .map(part => (
            <li key={part.key}>
              <Part
                scope={scope}
                part={part}
                isSent={isSent}
                isLeft={left.includes(part.key)}
                leave={isLeft => telling.leave(part.key, isLeft)}
              />
              {isSent && part.kind === 'category' && (
                <Contest scope={scope} conversation={conversation} objection={{ about: 'category' }} />
              )}
            </li>
          ))}
      </ul>
      {isSent && conversation.ticket.value && (
        <Contest scope={scope} conversation={conversation} objection={{ about: 'priority' }} />
      )}
      {turns.length > 0 && (
        <details>
          <summary>{texts('told.turns', { count: turns.length })}</summary>
          {turns.map((words, n) => (
            <p key={n} dir="auto">
              {words}
            </p>
          ))}
        </details>
      )}
      <label class="choice">
        <input
          type="checkbox"
          checked={telling.tellsPlace.value}
          onChange={event => telling.setTellsPlace(event.currentTarget.checked)}
        />
        <span>{texts('told.place')}</span>
      </label>
    </div>
  )
}

interface PartProps {
  readonly scope: Scope
  readonly part: ToldPart
  readonly isSent: boolean
  readonly isLeft: boolean
  leave(isLeft: boolean): void
}

function Part({ scope: { texts }, part, isSent, isLeft, leave }: PartProps) {
  const { kind, label, value, isFixed } = part
  const name = label || texts(`told.${kind}`)
  const said = (
    <span class={isLeft && !isSent ? 'left' : undefined}>
      <b dir="auto">{name}</b>{' '}
      <span class="words" dir="auto">
        {value}
      </span>
    </span>
  )
  if (isSent || isFixed) return said
  return (
    <label class="choice">
      <input type="checkbox" checked={!isLeft} onChange={event => leave(!event.currentTarget.checked)} />
      {said}
    </label>
  )
}
