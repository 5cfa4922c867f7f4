// What answers a question already, before it is left as a message: to be read, taken, or refused with one press.
// Entry of the chunk "AnswersFirst". Never a wall: the refusal goes on where the visitor was.

import type { ConversationModel } from '../conversation/conversationModel'
import type { PastConversation } from '../protocol/deskRecords'
import css from './answersFirst.css?inline'
import english from './first.en.json'
import { TICKET } from './handoffIcons'
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
  useSaid(
    scope,
    [
      texts('first.title'),
      ...answers.map(answer => ('asked' in answer ? askedText(scope, answer.asked) : answer.title)),
    ].join('\n'),
  )
  return (
    <section ref={ref} class="first" aria-labelledby="first-title">
      <p id="first-title">{texts('first.title')}</p>
      <ul>
        {answers.map(answer =>
          'asked' in answer ? (
            <li key={answer.asked.conversationId}>
              <button type="button" class="source" onClick={() => scope.readPast(answer.asked)}>
                <Icon d={TICKET} />
                <span>
                  {askedText(scope, answer.asked)}
                  <small class="fine" dir="auto">
                    {answer.asked.question}
                  </small>
                </span>
              </button>
            </li>
          ) : (
            <li key={answer.articleId}>
              <button
                type="button"
                class="source"
                onClick={() => panel.openArticle(answer.articleId, answer.headingId)}
              >
                <Icon d={ARTICLE} />
                <span dir="auto">
                  {answer.title}
                  {answer.headingText && <small class="fine">{answer.headingText}</small>}
                </span>
              </button>
            </li>
          ),
        )}
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

/** Of the visitor's own: when, and that there is an answer. */
function askedText({ texts, panel }: Scope, { lastAt }: PastConversation): string {
  const day = new Intl.DateTimeFormat(panel.settings.value.locale, { dateStyle: 'medium' })
  return texts('first.asked', { date: day.format(lastAt) })
}
