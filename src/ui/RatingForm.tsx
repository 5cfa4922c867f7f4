// "How was it?", asked once where a person took part. The answer is the conversation's; this owns which choice the
// keyboard stands on and the comment as long as it is typed.
// Arrows only move: a choice is saved at the press, and whoever walks past "very bad" has not said so.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { Texts } from '../base/texts'
import type { ConversationModel } from '../conversation/conversationModel'
import type { Score } from '../conversation/rating'
import { MAX_COMMENT_CHARS } from '../protocol/limits'
import type { Scope } from './scope'
import { useFocusHeir } from './useFocusHeir'
import { A_WHILE, useSaid } from './useSaid'

const SCORES = [1, 2, 3, 4, 5] as const

/** From here on the rest is counted. Characters. */
const COUNT_LEFT = 200

export function RatingForm({ scope, conversation }: { scope: Scope; conversation: ConversationModel }) {
  const rating = conversation.rating.value
  // Answered before this was shown: on an earlier page, in another tab, on another device. Never asked twice.
  const [wasAsked] = useState(rating?.score === undefined)
  return rating && wasAsked && rating.score !== null ? (
    <Asked scope={scope} conversation={conversation} />
  ) : null
}

function Asked({ scope, conversation }: { scope: Scope; conversation: ConversationModel }) {
  const { texts } = scope
  const ref = useFocusHeir<HTMLElement>()
  const group = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState<number>(2)
  const {
    score,
    comment: given,
    state,
  } = conversation.rating.value ?? { score: undefined, comment: '', state: 'unasked' }
  // Here, so that it outlives a score that is not saved: its field goes meanwhile.
  const [comment, setComment] = useState('')
  const isLate = useLate(state === 'onItsWay')
  const status =
    state === 'unasked' || (state === 'onItsWay' && !isLate)
      ? ''
      : texts(`rating.${state === 'stored' ? 'thanks' : state}`)
  useSaid(scope, state === 'unasked' ? texts('rating.title') : status)
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const isTurned = getComputedStyle(event.currentTarget as Element).direction === 'rtl'
    const sideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight'
    const next = (at + (sideways && isTurned ? -step : step) + SCORES.length) % SCORES.length
    setAt(next)
    group.current?.querySelectorAll<HTMLElement>('[role=radio]')[next]?.focus()
  }
  const choose = (chosen: Score, index: number) => {
    setAt(index)
    if (chosen !== score || state === 'failed') void conversation.rate(chosen, given)
  }
  return (
    <section ref={ref} class="card" part="rating" aria-labelledby="rating-title">
      <h3 id="rating-title">{texts('rating.title')}</h3>
      <div ref={group} class="scores" role="radiogroup" aria-labelledby="rating-title" onKeyDown={move}>
        {SCORES.map((each, index) => (
          // biome-ignore lint/a11y/useSemanticElements: arrows choose in a native one, and each choice is saved
          <button
            key={each}
            type="button"
            class="score"
            role="radio"
            aria-checked={each === score}
            tabIndex={index === at ? 0 : -1}
            onClick={() => choose(each, index)}
          >
            {texts(`rating.${each}`)}
          </button>
        ))}
      </div>
      {score === undefined ? (
        <button type="button" class="text-button" onClick={() => void conversation.rate(null)}>
          {texts('rating.no')}
        </button>
      ) : (
        <>
          <p class={state === 'failed' ? 'fine trouble' : 'fine'}>{status}</p>
          {!given && state !== 'failed' && (
            <CommentForm
              texts={texts}
              comment={comment}
              change={setComment}
              send={() => void conversation.rate(score, comment)}
            />
          )}
        </>
      )}
    </section>
  )
}

interface CommentFormProps {
  readonly texts: Texts
  readonly comment: string
  change(comment: string): void
  send(): void
}

/** Goes when its words are sent, and the keyboard with it to the log. */
function CommentForm({ texts, comment, change, send }: CommentFormProps) {
  const ref = useFocusHeir<HTMLFormElement>()
  const left = MAX_COMMENT_CHARS - comment.length
  return (
    <form
      ref={ref}
      onSubmit={event => {
        event.preventDefault()
        if (comment.trim() && left >= 0) send()
      }}
    >
      <label for="rating-comment">{texts('rating.comment')}</label>
      <textarea
        id="rating-comment"
        class="field boxed comment"
        rows={2}
        value={comment}
        dir={comment ? 'auto' : undefined}
        aria-describedby="rating-left"
        aria-invalid={left < 0 || undefined}
        onInput={event => change(event.currentTarget.value)}
      />
      <p id="rating-left" class={left < 0 ? 'fine trouble' : 'fine'}>
        {left < 0
          ? texts('rating.tooLong', { count: -left })
          : left <= COUNT_LEFT && texts('rating.left', { count: left })}
      </p>
      <button type="submit" class="button main" disabled={!comment.trim() || left < 0}>
        {texts('rating.send')}
      </button>
    </form>
  )
}

/** That it takes longer than it should: what the server has in a moment is said once, as kept. */
function useLate(isWaiting: boolean): boolean {
  const [isLate, setIsLate] = useState(false)
  useEffect(() => {
    setIsLate(false)
    if (!isWaiting) return
    const timer = setTimeout(setIsLate, A_WHILE, true)
    return () => clearTimeout(timer)
  }, [isWaiting])
  return isLate
}

const STEPS: Readonly<Record<string, number>> = {
  __proto__: null as never,
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
}
