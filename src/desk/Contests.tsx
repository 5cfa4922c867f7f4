// What the visitor objects to and nobody has answered, over the reply: what it was and who said it, in which words, until when, and a form in
// which a person says what came of looking at it. An answer that did not get through stands here with its objection.

import { useSignal } from '@preact/signals'
import { type ContestForm, contestFormId, EMPTY_CONTEST_FORM, type ToAnswer } from './contestAnswers'
import type { OpenThread } from './deskModel'
import { Markdown } from './Markdown'
import { type DeskScope, reasonText } from './scope'
import { dayOf, momentText } from './times'
import { whoOf } from './whoOf'

/** As the wire takes it. Characters. */
const MAX_CHARS = 1_000

interface ContestsProps {
  readonly scope: DeskScope
  readonly thread: OpenThread
  /** As the visitor is called. */
  readonly visitor: string
  /** Leads to a line of the thread. */
  show(seq: number): void
}

export function Contests({ scope, thread, ...more }: ContestsProps) {
  const { texts } = scope
  if (thread.contests.length === 0) return null
  return (
    <section class="contests" aria-label={texts('contest.label')}>
      {thread.contests.map(contest => (
        <Objection
          key={contestFormId(thread.conversationId, contest.seq)}
          scope={scope}
          thread={thread}
          contest={contest}
          {...more}
        />
      ))}
    </section>
  )
}

interface ObjectionProps {
  readonly scope: DeskScope
  readonly thread: OpenThread
  readonly contest: ToAnswer
}

type ShownProps = ObjectionProps & Pick<ContestsProps, 'visitor' | 'show'>

function Objection({ scope, thread, contest, visitor, show }: ShownProps) {
  const { desk, texts, locale } = scope
  const { phase } = thread.state
  const form = formOf(scope, thread, contest)
  const isOpen = useSignal(form.words !== '')
  const due = thread.row?.contested?.dueAt
  // A colleague who has it answers it; what waits in the queue is claimed first.
  const open = () => {
    isOpen.value = true
  }
  const mayAnswer = thread.isMine || ['ticketed', 'ended', 'bot', 'offered'].includes(phase)
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
      <Meant scope={scope} thread={thread} contest={contest} visitor={visitor} show={show} />
      {contest.words && (
        <p class="words" dir="auto">
          {contest.words}
        </p>
      )}
      <div role="alert">{contest.stuck && <NotSent scope={scope} contest={contest} onRevise={open} />}</div>
      {mayAnswer && !contest.stuck && (
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
      {mayAnswer && !contest.stuck && isOpen.value && (
        <AnswerForm scope={scope} thread={thread} contest={contest} />
      )}
    </div>
  )
}

/** Enough to know it by; all of it stands in the thread. Characters. */
const MAX_QUOTED = 200

/** What is objected to: the message with who said it, else what was decided. */
function Meant({ scope, thread, contest, visitor, show }: ShownProps) {
  const { texts } = scope
  const { about, meant, target } = contest
  if (about !== 'answer')
    return typeof target === 'string' ? (
      <p class="fine">
        {texts('contest.was')} <bdi>{target.replaceAll(',', ', ')}</bdi>
      </p>
    ) : null
  const item = thread.items.find(({ seq }) => seq !== null && seq === meant)
  if (item?.kind !== 'message')
    return target !== undefined && thread.status === 'ready' ? (
      <p class="fine">{texts('contest.gone')}</p>
    ) : null
  const { name, role } = whoOf(scope, item, visitor)
  const { text } = item
  const quoted = text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text
  return (
    <figure class="meant">
      <figcaption class="fine">
        <bdi>{name}</bdi> {role}
      </figcaption>
      <blockquote dir="auto">{item.format === 'markdown' ? <Markdown text={quoted} /> : quoted}</blockquote>
      <button type="button" class="text-button" onClick={() => show(item.seq ?? 0)}>
        {texts('contest.show')}
      </button>
    </figure>
  )
}

const formOf = ({ desk }: DeskScope, { conversationId }: OpenThread, { seq }: ToAnswer): ContestForm =>
  desk.workplace.value?.contestForms.of(contestFormId(conversationId, seq)) ?? EMPTY_CONTEST_FORM

/** The form goes with what it was for: the keyboard stays in the thread. */
const focusThread = () => document.querySelector<HTMLElement>('.asklet-desk .thread-who h2')?.focus()

function NotSent(props: { scope: DeskScope; contest: ToAnswer; onRevise(): void }) {
  const { scope, contest, onRevise } = props
  const { desk, texts } = scope
  const { seq, stuck } = contest
  if (!stuck) return null
  const { key, state, outcome, words } = stuck
  return (
    <>
      <p class="fine">{texts('contest.said', { outcome: texts(`contest.${outcome}`) })}</p>
      <p class="words" dir="auto">
        {words}
      </p>
      <div class="fine trouble">
        <span>
          {state === 'needsConfirm'
            ? texts('state.needsConfirm')
            : texts('state.failed', { reason: reasonText(scope, state.failed) })}
        </span>
        <button
          type="button"
          class="text-button"
          onClick={() => {
            desk.retry(key)
            focusThread()
          }}
        >
          {texts('action.retry')}
        </button>
        <button
          type="button"
          class="text-button"
          onClick={() => {
            desk.reviseContest(seq)
            onRevise()
            focusThread()
          }}
        >
          {texts('contest.revise')}
        </button>
      </div>
    </>
  )
}

function AnswerForm({ scope, thread, contest }: ObjectionProps) {
  const { desk, texts } = scope
  const id = contestFormId(thread.conversationId, contest.seq)
  const { outcome, words } = formOf(scope, thread, contest)
  const change = (to: Partial<ContestForm>) => desk.workplace.value?.contestForms.change(id, to)
  const canSend = outcome !== '' && words.trim() !== ''
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (!canSend) return
        desk.answerContest(contest.seq, outcome, words)
        focusThread()
      }}
    >
      <fieldset class="verdicts">
        <legend class="sr">{texts('contest.outcome')}</legend>
        {(['changed', 'upheld'] as const).map(each => (
          <label key={each} class="pick">
            <input
              type="radio"
              name={`contest-${contest.seq}`}
              checked={outcome === each}
              onChange={() => change({ outcome: each })}
            />
            <span>{texts(`contest.${each}`)}</span>
          </label>
        ))}
      </fieldset>
      <textarea
        class="boxed"
        rows={2}
        value={words}
        dir={words ? 'auto' : undefined}
        maxLength={MAX_CHARS}
        aria-label={texts('contest.words')}
        placeholder={texts('contest.words')}
        onInput={event => change({ words: event.currentTarget.value })}
      />
      <button type="submit" class="button main" disabled={!canSend}>
        {texts('contest.send')}
      </button>
    </form>
  )
}
