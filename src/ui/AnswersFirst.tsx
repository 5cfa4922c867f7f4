// What answers a question already, before it is left as a message: to be read, taken, or refused with one press.
// Entry of the chunk "AnswersFirst". Never a wall: the refusal goes on where the visitor was.

import type { ConversationModel } from '../conversation/conversationModel'
import css from './answersFirst.css?inline'
import english from './first.en.json'
import { ARTICLE, Icon } from './icons'
import type { Scope } from './scope'
import { useFocusHeir } from './useFocusHeir'
import { useSaid } from './useSaid'

/** Adopted by the panel when this chunk arrives. */
export const styles = css
/** English of what this chunk says. */
export const words = english

interface AnswersFirstProps {
  readonly scope: Scope
  readonly conversation: ConversationModel
  /** To the message, as it would have been without this. */
  goOn(): void
}

export function AnswersFirst({ scope, conversation, goOn }: AnswersFirstProps) {
  const { texts, panel, announce } = scope
  const ref = useFocusHeir<HTMLElement>()
  const answers = conversation.answersFirst.value ?? []
  useSaid(scope, [texts('first.title'), ...answers.map(({ title }) => title)].join('\n'))
  return (
    <section ref={ref} class="first" aria-labelledby="first-title">
      <p id="first-title">{texts('first.title')}</p>
      <ul>
        {answers.map(({ articleId, title, headingId, headingText }) => (
          <li key={articleId}>
            <button type="button" class="source" onClick={() => panel.openArticle(articleId, headingId)}>
              <Icon d={ARTICLE} />
              <span dir="auto">
                {title}
                {headingText && <small class="fine">{headingText}</small>}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div class="actions">
        <button
          type="button"
          class="button"
          onClick={() => {
            conversation.refuseAnswers()
            goOn()
          }}
        >
          {texts('first.refuse')}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            conversation.answersHelped()
            announce(texts('first.helped'))
          }}
        >
          {texts('first.solved')}
        </button>
      </div>
    </section>
  )
}
