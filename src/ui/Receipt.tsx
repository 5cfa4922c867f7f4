// What a person is told with a handoff: before it, each part and each earlier message can be left out, and the question
// put otherwise; after it, the same list is what was sent, as the server has it. Under it, apart, what is told from here
// on: a choice, and nothing that was sent.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import type { Telling } from '../conversation/handoff'
import { Contest, Objections } from './Contest'
import type { Scope } from './scope'

interface ReceiptProps {
  readonly scope: Scope
  readonly conversation: ConversationModel
  readonly telling: Telling
}

/** Who is answered in a ticket may be anywhere by then: where they go is told to whom they wait for or talk to. */
const TELLS_PLACE: readonly string[] = ['bot', 'offered', 'queued', 'live']

export function Receipt({ scope, conversation, telling }: ReceiptProps) {
  const { texts, panel } = scope
  const isSent = telling.isSent.value
  const left = telling.left.value
  const turns = telling.turns.value
  const parts = telling.parts.value
  const objected = telling.objections.value.filter(({ state }) => state !== 'withHandoff')
  // As it is typed: what is told of it has no blanks at its ends, and the field must not lose them under the fingers.
  const [question, setQuestion] = useState(parts.find(({ kind }) => kind === 'question')?.value ?? '')
  const leave = (key: string) => (isLeft: boolean) => telling.leave(key, isLeft)
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
              <Kept
                isChoice={!isSent && !part.isFixed}
                isLeft={left.includes(part.key)}
                leave={leave(part.key)}
              >
                <b dir="auto">{part.label || texts(`told.${part.kind}`)}</b>{' '}
                <span class="words" dir="auto">
                  {part.kind === 'locale'
                    ? languageName(part.value, panel.settings.value.locale)
                    : part.value}
                </span>
              </Kept>
              {/* A ticket says it of itself, in one place. */}
              {isSent && part.kind === 'category' && !conversation.ticket.value && (
                <Contest
                  scope={scope}
                  conversation={conversation}
                  objection={{ about: 'category', ...(part.name && { target: part.name }) }}
                />
              )}
            </li>
          ))}
      </ul>
      {!isSent && <Objections scope={scope} conversation={conversation} />}
      {isSent && objected.length > 0 && (
        <ul class="objections">
          {objected.map(({ key, about, words }) => (
            <li key={key}>
              {texts('told.objected', { about: texts(`contest.about.${about}`) })}
              {words && <q dir="auto">{words}</q>}
            </li>
          ))}
        </ul>
      )}
      {turns.length > 0 && (
        <details>
          <summary>
            {texts(isSent ? 'told.turnsSent' : 'told.turns', {
              count: turns.filter(({ key }) => !left.includes(key)).length,
            })}
          </summary>
          {turns.map(({ key, text, isBots }) => (
            <Kept key={key} isChoice={!isSent} isLeft={left.includes(key)} leave={leave(key)}>
              {isBots && <span class="fine">{texts('told.machine')} </span>}
              <span dir="auto">{text}</span>
            </Kept>
          ))}
        </details>
      )}
      {TELLS_PLACE.includes(conversation.phase.value) && (
        <fieldset>
          <legend>{texts('told.fromHere')}</legend>
          <label class="choice">
            <input
              type="checkbox"
              checked={telling.tellsPlace.value}
              onChange={event => telling.setTellsPlace(event.currentTarget.checked)}
            />
            <span>{texts('told.place')}</span>
          </label>
        </fieldset>
      )}
    </div>
  )
}

function languageName(tag: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}

interface KeptProps {
  readonly isChoice: boolean
  readonly isLeft: boolean
  leave(isLeft: boolean): void
  readonly children: ComponentChildren
}

/** It goes along, unless its mark is taken away; no mark where there is nothing to choose. */
function Kept({ isChoice, isLeft, leave, children }: KeptProps) {
  if (!isChoice) return <div>{children}</div>
  return (
    <label class="choice">
      <input type="checkbox" checked={!isLeft} onChange={event => leave(!event.currentTarget.checked)} />
      <span class={isLeft ? 'left' : undefined}>{children}</span>
    </label>
  )
}
