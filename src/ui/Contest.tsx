// "I want a person to look at it": an objection to what a machine did, with or without words; and once it was made, where
// it is, by what the conversation has of it: on its way, with a person, waiting for one to be chosen, or not sent.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import type { Contested } from '../conversation/handoff'
import type { Objection } from '../conversation/objections'
import type { ContestedBody } from '../protocol/events'
import type { Scope } from './scope'

interface ContestProps {
  readonly scope: Scope
  /** Null: there is none yet. */
  readonly conversation: ConversationModel | null
  readonly objection: Pick<ContestedBody, 'about' | 'target'>
  /** Where there may be no conversation to say it in. */
  raise?(objection: Omit<ContestedBody, 'type'>): Promise<Contested>
}

export function Contest({ scope, conversation, objection, raise = conversation?.contest }: ContestProps) {
  const { texts, panel, announce } = scope
  const { about, target } = objection
  const [isAsking, setIsAsking] = useState(false)
  const [step, setStep] = useState<'' | 'sending' | 'failed'>('')
  const open = useRef<HTMLButtonElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const said = useRef<HTMLDivElement>(null)
  // What it was about is compared, not who pressed: the same thing can be objected to in two places.
  const mine = conversation?.telling.value?.objections.value.findLast(
    each => each.about === about && String(each.target ?? '') === String(target ?? ''),
  )
  const wasThere = useRef(mine !== undefined)
  const isOver = conversation?.phase.value === 'ended' && about !== 'suggestion'
  // What knows of objections comes with the part for people; by the press it should be here.
  useEffect(() => conversation?.prepareForPerson(), [])
  useEffect(() => {
    if (isAsking) field.current?.focus()
  }, [isAsking])
  useEffect(() => {
    // The keyboard goes on with what stands in the place of what it pressed.
    if (!wasThere.current && mine && step === 'sending') said.current?.focus()
    if (wasThere.current && !mine) open.current?.focus()
    wasThere.current = mine !== undefined
    if (mine) {
      setIsAsking(false)
      setStep('')
    }
  }, [mine?.key])
  if (!panel.settings.value.hasPeople || !raise) return null
  const send = async () => {
    if (step === 'sending') return
    const words = field.current?.value.trim()
    setStep('sending')
    const became = await raise({ ...objection, ...(words && { words }) }).catch(() => 'failed' as const)
    announce(texts(`why.became.${became}`))
    if (became === 'failed') setStep('failed')
  }
  if (mine && conversation)
    return (
      <div ref={said} class="objection" tabIndex={-1}>
        <Stands scope={scope} conversation={conversation} mine={mine} />
      </div>
    )
  if (isOver) return null
  return (
    <>
      <button
        ref={open}
        type="button"
        class="text-button"
        aria-expanded={isAsking}
        onClick={() => setIsAsking(!isAsking)}
      >
        {texts(`why.wrong.${about}`)}
      </button>
      {isAsking && (
        <form
          onSubmit={event => {
            event.preventDefault()
            void send()
          }}
        >
          <label>
            <span class="fine">{texts('why.words')}</span>
            <textarea ref={field} class="field boxed" rows={2} maxLength={1_000} dir="auto" />
          </label>
          {step === 'failed' && <p class="fine trouble">{texts('why.became.failed')}</p>}
          <button type="submit" class="button" aria-disabled={step === 'sending' || undefined}>
            {texts('why.contest')}
          </button>
        </form>
      )}
    </>
  )
}

interface StandsProps {
  readonly scope: Scope
  readonly conversation: ConversationModel
  readonly mine: Objection
}

/** In words, and with what can be done about it. */
function Stands({ scope: { texts, panel }, conversation, mine }: StandsProps) {
  const { state, answer, at, key } = mine
  const day = (moment: number) =>
    new Intl.DateTimeFormat(panel.settings.value.locale, { dateStyle: 'long' }).format(moment)
  const takeBack = (
    <button type="button" class="text-button" onClick={() => conversation.telling.value?.takeBack(key)}>
      {texts('why.takeBack')}
    </button>
  )
  if (answer) return <p class="fine">{texts('why.answered', { time: day(answer.at) })}</p>
  if (state === 'withHandoff')
    return (
      <>
        <p class="fine">{texts('why.became.withHandoff')}</p>
        {!conversation.offer.value && (
          <button type="button" class="text-button" onClick={() => void conversation.askForPerson()}>
            {texts('why.choose')}
          </button>
        )}
        {mine.isHeld && takeBack}
      </>
    )
  if (mine.isHeld)
    return (
      <>
        <p class="fine trouble">{texts('why.became.failed')}</p>
        <button type="button" class="text-button" onClick={() => conversation.retry(key)}>
          {texts('retry')}
        </button>
        {takeBack}
      </>
    )
  return (
    <p class="fine">
      {texts(state === 'queued' || state === 'sending' ? 'why.became.sent' : 'why.asked', {
        time: at === null ? '' : day(at),
      })}
    </p>
  )
}

/** Once it is over, why nothing can be objected to there any more, and what can be done instead. */
export function NoContest({ scope, conversation }: { scope: Scope; conversation: ConversationModel }) {
  const { texts, panel } = scope
  if (conversation.phase.value !== 'ended' || !panel.settings.value.hasPeople) return null
  return <p class="fine">{texts('why.over')}</p>
}

/** What goes along with the next handoff, in sight of who chooses it. */
export function Objections({ scope, conversation }: { scope: Scope; conversation: ConversationModel }) {
  const { texts } = scope
  const telling = conversation.telling.value
  const open = telling?.objections.value.filter(({ state }) => state === 'withHandoff') ?? []
  if (!telling || open.length === 0) return null
  return (
    <ul class="objections">
      {open.map(({ key, about, words, isHeld }) => (
        <li key={key}>
          {texts('why.goesAlong', { about: texts(`contest.about.${about}`) })}
          {words && <q dir="auto">{words}</q>}
          {isHeld && (
            <button type="button" class="text-button" onClick={() => telling.takeBack(key)}>
              {texts('why.takeBack')}
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}
