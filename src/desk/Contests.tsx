// What the visitor objects to and nobody has answered, over the reply: what, in which words, until when, and a form in
// which a person says what came of looking at it.

import { useSignal } from '@preact/signals'
import type { Contest } from '../protocol/contest'
import type { OpenThread } from './deskModel'
import type { DeskScope } from './scope'
import { dayOf, momentText } from './times'

/** As the wire takes it. Characters. */
const MAX_CHARS = 1_000

export function Contests({ scope, thread }: { scope: DeskScope; thread: OpenThread }) {
  const { texts } = scope
  if (thread.contests.length === 0) return null
  return (
    <section class="contests" aria-label={texts('contest.label')}>
      {thread.contests.map(contest => (
        <Objection key={contest.seq} scope={scope} thread={thread} contest={contest} />
      ))}
    </section>
  )
}

function Objection(props: { scope: DeskScope; thread: OpenThread; contest: Contest }) {
  const { scope, thread, contest } = props
  const { desk, texts, locale } = scope
  const { phase } = thread.state
  const isOpen = useSignal(false)
  const outcome = useSignal<'upheld' | 'changed' | null>(null)
  const words = useSignal('')
  const due = thread.row?.contested?.dueAt
  // A colleague who has it answers it; what waits in the queue is claimed first.
  const mayAnswer = thread.isMine || ['ticketed', 'ended', 'bot', 'offered'].includes(phase)
  const canSend = outcome.value !== null && words.value.trim() !== ''
  return (
    <div class="contest">
      <p>
        <b>{texts('contest.objects', { about: texts(`contest.about.${contest.about}`) })}</b>
        {due !== undefined && (
          <span class="fine">
            {' '}
            {texts('contest.due', { time: momentText(due, dayOf(desk.now.value), locale) })}
          </span>
        )}
      </p>
      {contest.words && (
        <p class="words" dir="auto">
          {contest.words}
        </p>
      )}
      {mayAnswer && (
        <button
          type="button"
          class="button"
          aria-expanded={isOpen.value}
          onClick={() => {
            isOpen.value = !isOpen.value
          }}
        >
          {texts('contest.answer')}
        </button>
      )}
      {mayAnswer && isOpen.value && (
        <form
          onSubmit={event => {
            event.preventDefault()
            if (!canSend || !outcome.value) return
            desk.answerContest(contest.seq, outcome.value, words.value)
            // The form goes with what it was for: the keyboard stays in the thread.
            document.querySelector<HTMLElement>('.asklet-desk .thread-who h2')?.focus()
          }}
        >
          <fieldset class="modes">
            <legend class="sr">{texts('contest.outcome')}</legend>
            {(['changed', 'upheld'] as const).map(each => (
              <label key={each} data-on={outcome.value === each ? '' : undefined}>
                <input
                  type="radio"
                  class="sr"
                  name={`contest-${contest.seq}`}
                  checked={outcome.value === each}
                  onChange={() => {
                    outcome.value = each
                  }}
                />
                <span>{texts(`contest.${each}`)}</span>
              </label>
            ))}
          </fieldset>
          <textarea
            class="boxed"
            rows={2}
            dir={words.value ? 'auto' : undefined}
            maxLength={MAX_CHARS}
            aria-label={texts('contest.words')}
            placeholder={texts('contest.words')}
            onInput={event => {
              words.value = event.currentTarget.value
            }}
          />
          <button type="submit" class="button main" disabled={!canSend}>
            {texts('contest.send')}
          </button>
        </form>
      )}
    </div>
  )
}
