// "I want a person to look at it": an objection to what a machine did, with or without words; and once it was made, where
// it is, by what the conversation has of it: on its way, with a person, waiting for one to be chosen, or not sent. What is
// typed is the conversation's to keep: a view that is left, and a sending that fails, lose nothing.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import type { Contested } from '../conversation/handoff'
import type { ObjectedTo } from '../conversation/objecting'
import type { Objection } from '../conversation/objections'
import type { ContestedBody } from '../protocol/events'
import { CopyButton } from './CopyButton'
import type { Scope } from './scope'
import { useFocusHeir } from './useFocusHeir'

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
  // What it was about is compared, not who pressed: the same thing can be objected to in two places.
  const isSame = (each: ObjectedTo) =>
    each.about === about && String(each.target ?? '') === String(target ?? '')
  /** Until there is a conversation that keeps it. */
  const [early, setEarly] = useState('')
  const words = conversation?.objecting.value.find(isSame)?.words ?? early
  const [isAsking, setIsAsking] = useState(words !== '')
  const [step, setStep] = useState<'' | 'sending' | 'failed'>('')
  const open = useRef<HTMLButtonElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const said = useRef<HTMLDivElement>(null)
  const isAskedFor = useRef(false)
  const mine = conversation?.telling.value?.objections.value.findLast(isSame)
  const wasThere = useRef(mine !== undefined)
  const isOver = conversation?.phase.value === 'ended' && about !== 'suggestion'
  // What knows of objections comes with the part for people; by the press it should be here.
  useEffect(() => conversation?.prepareForPerson(), [])
  useEffect(() => {
    if (!conversation || !early) return
    conversation.typeObjection(objection, early)
    setEarly('')
  }, [conversation, early])
  useEffect(() => {
    // What was left half-written opens by itself, and takes the keyboard from nobody.
    if (isAsking && isAskedFor.current) field.current?.focus()
    isAskedFor.current = false
  }, [isAsking])
  useEffect(() => {
    // The keyboard goes on with what stands in the place of what it pressed.
    if (!wasThere.current && mine && step === 'sending') said.current?.focus()
    if (wasThere.current && !mine) (field.current ?? open.current)?.focus()
    wasThere.current = mine !== undefined
    if (mine) {
      setIsAsking(false)
      setStep('')
    }
  }, [mine?.key])
  if (!panel.settings.value.hasPeople || !raise) return null
  const type = (to: string) =>
    conversation ? conversation.typeObjection(objection, to || null) : setEarly(to)
  const ask = (is: boolean) => {
    isAskedFor.current = is
    setIsAsking(is)
    // Words need somebody who keeps them.
    if (is && !conversation) panel.prefetchConversation()
  }
  const send = async () => {
    if (step === 'sending') return
    const given = words.trim()
    setStep('sending')
    const became = await raise({ ...objection, ...(given && { words: given }) }).catch(
      () => 'failed' as const,
    )
    announce(texts(`why.became.${became}`))
    setStep(became === 'failed' ? 'failed' : '')
    if (became === 'failed' || said.current || !field.current) return
    ask(false)
    open.current?.focus()
  }
  if (mine && conversation)
    return (
      <div ref={said} class="objection" tabIndex={-1}>
        <Stands
          scope={scope}
          conversation={conversation}
          mine={mine}
          stay={() => said.current?.focus()}
          revise={() => {
            if (mine.words) type(mine.words)
            setIsAsking(true)
          }}
        />
      </div>
    )
  if (isOver && conversation)
    return words.trim() ? (
      <Unsent scope={scope} conversation={conversation} words={words} type={type} />
    ) : null
  return (
    <>
      <button
        ref={open}
        type="button"
        class="text-button"
        aria-expanded={isAsking}
        onClick={() => ask(!isAsking)}
      >
        {texts(`why.wrong.${about}`)}
      </button>
      {isAsking && (
        <WordsForm
          submit={() => void send()}
          leave={() => {
            ask(false)
            open.current?.focus()
          }}
        >
          <label>
            <span class="fine">{texts('why.words')}</span>
            <textarea
              ref={field}
              class="field boxed"
              rows={2}
              maxLength={1_000}
              dir="auto"
              value={words}
              onInput={event => type(event.currentTarget.value)}
            />
          </label>
          {step === 'failed' && <p class="fine trouble">{texts('why.became.failed')}</p>}
          <button type="submit" class="button" aria-disabled={step === 'sending' || undefined}>
            {texts('why.contest')}
          </button>
        </WordsForm>
      )}
    </>
  )
}

/** Goes with the end of the conversation, too: whoever types in it goes on in the log. */
function WordsForm(props: { submit(): void; leave(): void; children: ComponentChildren }) {
  const ref = useFocusHeir<HTMLFormElement>()
  return (
    <form
      ref={ref}
      onSubmit={event => {
        event.preventDefault()
        props.submit()
      }}
      onKeyDown={event => {
        if (event.key !== 'Escape' || event.isComposing) return
        event.preventDefault()
        props.leave()
      }}
    >
      {props.children}
    </form>
  )
}

interface UnsentProps {
  readonly scope: Scope
  readonly conversation: ConversationModel
  readonly words: string
  type(words: string): void
}

/** What was being typed when the conversation ended: it can be said as anything else can. */
function Unsent({ scope: { texts }, conversation, words, type }: UnsentProps) {
  const ref = useFocusHeir<HTMLDivElement>()
  return (
    <div ref={ref} class="objection">
      <p class="fine">{texts('why.unsent')}</p>
      <p class="words" dir="auto">
        {words}
      </p>
      <CopyButton label={texts('action.copy')} texts={texts} text={() => words} />
      <button
        type="button"
        class="text-button"
        onClick={({ currentTarget }) => {
          const draft = conversation.draft.value
          conversation.setDraft(draft ? `${draft}\n\n${words}` : words)
          const root = currentTarget.getRootNode() as ShadowRoot
          type('')
          root.querySelector<HTMLElement>('[data-focus]')?.focus()
        }}
      >
        {texts('why.asMessage')}
      </button>
      <button type="button" class="text-button" onClick={() => type('')}>
        {texts('action.discard')}
      </button>
    </div>
  )
}

interface StandsProps {
  readonly scope: Scope
  readonly conversation: ConversationModel
  readonly mine: Objection
  /** The button that was pressed goes: the keyboard stays with what it was about. */
  stay(): void
  /** Its words go back to where they can be changed. */
  revise(): void
}

/** In words, and with what can be done about it. */
function Stands({ scope: { texts, panel }, conversation, mine, stay, revise }: StandsProps) {
  const { state, answer, at, key, words } = mine
  const day = (moment: number) =>
    new Intl.DateTimeFormat(panel.settings.value.locale, { dateStyle: 'long' }).format(moment)
  const takeBack = () => conversation.telling.value?.takeBack(key)
  const takeBackButton = (
    <button type="button" class="text-button" onClick={takeBack}>
      {texts('why.takeBack')}
    </button>
  )
  if (answer) return <p class="fine">{texts('why.answered', { time: day(answer.at) })}</p>
  if (state === 'withHandoff')
    return (
      <>
        <p class="fine">{texts('why.became.withHandoff')}</p>
        {!conversation.offer.value && (
          <button
            type="button"
            class="text-button"
            onClick={() => {
              stay()
              void conversation.askForPerson()
            }}
          >
            {texts('why.choose')}
          </button>
        )}
        {mine.isHeld && takeBackButton}
      </>
    )
  if (mine.isHeld) {
    const { isForGood } = mine
    return (
      <>
        <p class="fine trouble">{texts(`why.became.${isForGood ? 'refused' : 'failed'}`)}</p>
        {words && (
          <p class="words" dir="auto">
            {words}
          </p>
        )}
        {!isForGood && (
          <button
            type="button"
            class="text-button"
            onClick={() => {
              stay()
              conversation.retry(key)
            }}
          >
            {texts('retry')}
          </button>
        )}
        {isForGood && words ? (
          <button
            type="button"
            class="text-button"
            onClick={() => {
              revise()
              takeBack()
            }}
          >
            {texts('why.back')}
          </button>
        ) : (
          takeBackButton
        )}
      </>
    )
  }
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
