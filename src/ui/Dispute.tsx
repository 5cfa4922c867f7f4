// A dispute in the window of one side: how it stands, what both read, this side's own words, the mediator's proposal and
// the outcome. Knows of the other side what was shared with both, and has nothing else to show.
// Entry of the chunk "Dispute", fetched where there is one, or a page names what there could be one about.

import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { TextValues } from '../base/texts'
import type { ConversationModel } from '../conversation/conversationModel'
import type { DisputeShown, StuckWord } from '../conversation/disputeShown'
import type { TypedDispute } from '../conversation/handoff'
import { named, wordFor } from '../conversation/named'
import type { DisputePhase } from '../protocol/dispute'
import { MAX_MESSAGE_CHARS } from '../protocol/limits'
import { CopyButton } from './CopyButton'
import css from './dispute.css?inline'
import english from './dispute.en.json'
import { Sure } from './Sure'
import type { Scope } from './scope'
import { useFocusHeir } from './useFocusHeir'
import { A_WHILE, useSaid } from './useSaid'

/** Adopted by the panel when this chunk arrives. */
export const styles = css
/** English of what this chunk says: nobody else shows it. */
export const words = english

interface Props {
  readonly scope: Scope
  readonly conversation: ConversationModel
}

/** `about`: what the page names; null: nothing. */
export function Dispute({ about, ...props }: Props & { about: string | null }) {
  const { scope, conversation } = props
  useLayoutEffect(() => scope.arrived(), [])
  const dispute = conversation.dispute.value
  if (dispute) return <Card {...props} dispute={dispute} />
  const id = conversation.conversationId.value
  // Another page names another matter: what was refused of the last one says nothing of it.
  return about && id ? <Opening key={about} {...props} about={about} conversationId={id} /> : null
}

/** Pressed, it opens on the server, and comes back as an event. */
function Opening({ scope, about, conversationId }: Props & { about: string; conversationId: string }) {
  const { panel, texts } = scope
  const [state, setState] = useState<'' | 'opening' | 'openFailed' | 'openRefused'>('')
  const text = state && texts(`dispute.${state}`)
  useSaid(scope, text)
  const open = async () => {
    setState('opening')
    const answer = await panel
      .past()
      .then(past => past.openDispute(conversationId, about))
      .catch(() => null)
    if (answer !== 'opened') setState(answer ? 'openRefused' : 'openFailed')
  }
  return (
    <div>
      {state !== 'openRefused' && (
        <OpenButton isBusy={state === 'opening'} open={() => void open()}>
          {texts('dispute.open', { reference: about })}
        </OpenButton>
      )}
      {text && <p class={state === 'opening' ? 'fine' : 'fine trouble'}>{text}</p>}
    </div>
  )
}

/** Goes with what it was for: whoever pressed it by keyboard goes on in the log. */
function OpenButton(props: { isBusy: boolean; open(): void; children: ComponentChildren }) {
  const ref = useFocusHeir<HTMLButtonElement>()
  return (
    <button
      ref={ref}
      type="button"
      class="text-button"
      aria-disabled={props.isBusy || undefined}
      onClick={() => props.isBusy || props.open()}
    >
      {props.children}
    </button>
  )
}

interface CardProps extends Props {
  readonly dispute: TypedDispute
}

function Card(props: CardProps) {
  const { scope, dispute } = props
  const { texts } = scope
  const { number, reference, phase, facts, statements, decision, proposal, sending, stuck, isOver } = dispute
  const other = otherOf(props)
  const status = statusOf(props)
  const ref = useInSight(`${phase}${dispute.yours === null}`, props.conversation)
  useSaid(scope, `${texts('dispute.title', { number: String(number), reference })}\n${status}`)
  useSaid(scope, sending === 'onItsWay' && texts('dispute.onItsWay'), A_WHILE)
  useSaid(scope, stuck && stuckText(stuck, texts))
  useSaid(
    scope,
    !isOver && proposal && `${texts('dispute.proposal')}: ${proposal.outcome}\n${proposal.words}`,
  )
  return (
    <section ref={ref} class="card dispute" part="dispute" aria-labelledby="dispute-title">
      <h3 id="dispute-title">{texts('dispute.title', { number: String(number), reference })}</h3>
      <p>{status}</p>
      {decision && <Outcome outcome={decision.outcome} words={decision.words} />}
      {Object.keys(facts).length > 0 && (
        <>
          <p class="fine">{texts('dispute.facts')}</p>
          <dl>
            {Object.entries(facts).map(([name, value]) => (
              <div key={name}>
                <dt dir="auto">{named(texts, 'fact', name)}</dt>
                <dd dir="auto">{value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {statements.map(({ party, text, erased }) => (
        <figure key={party}>
          <figcaption dir="auto">
            {party === dispute.you ? texts('dispute.you') : asSentences(other, scope)}
          </figcaption>
          <blockquote dir="auto">{erased ? texts('dispute.erased') : text}</blockquote>
        </figure>
      ))}
      {phase !== 'stating' &&
        phase !== 'withdrawn' &&
        statements.every(({ party }) => party === dispute.you) && (
          <p class="fine">{withOther(scope, 'dispute.silent', { other })}</p>
        )}
      {!isOver && !dispute.isShared ? <OwnSide {...props} other={other} /> : <Unsaved {...props} />}
      {!isOver && proposal && <Proposal key={proposal.proposal} {...props} other={other} asked={proposal} />}
      {stuck &&
        (stuck.words !== null && (isOver || dispute.isShared) && !stuck.canRetry ? (
          <Left {...props} words={stuck.words} drop={() => props.conversation.discard(stuck.clientId)} />
        ) : (
          <Stuck {...props} stuck={stuck} />
        ))}
      {!isOver && <p class="fine">{withOther(scope, 'dispute.private', { other })}</p>}
      {dispute.isOpener && phase === 'stating' && <TakeBack key={String(dispute.isTakenBack)} {...props} />}
    </section>
  )
}

/** Over the card, under the edge of what scrolls. Pixels. */
const GAP = 12
/** Title and state. Pixels. */
const HEAD = 112

/**
 * It stands at the end of a log that is laid out from its end, and is often higher than it: it arrives with its title and
 * state in sight, comes back to them when they change, and makes room for a message that came before it. Whoever is at
 * work in it is left alone.
 */
function useInSight(state: string, conversation: ConversationModel) {
  const ref = useRef<HTMLElement>(null)
  const newest = conversation.items.value.at(-1)?.key
  const before = useRef({ state: '', newest })
  useEffect(() => {
    const was = before.current
    before.current = { state, newest }
    const card = ref.current
    const log = card?.closest('[role=log]')
    if (!card || !log || card.contains((card.getRootNode() as ShadowRoot).activeElement)) return
    const isMessage = was.state === state && was.newest !== newest
    const gap = isMessage ? log.clientHeight - Math.min(HEAD, card.offsetHeight) : GAP
    log.scrollTop += card.getBoundingClientRect().top - log.getBoundingClientRect().top - gap
  }, [state, newest])
  return ref
}

function statusOf(props: CardProps): string {
  const { scope, dispute } = props
  const { panel, texts } = scope
  const { phase, respondBy, decideBy, decision, yours } = dispute
  const day = new Intl.DateTimeFormat(panel.settings.value.locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  const by: Readonly<Record<DisputePhase, () => string>> = {
    stating: () =>
      withOther(scope, yours === null ? 'dispute.stating' : 'dispute.stated', {
        time: day.format(respondBy),
        other: otherOf(props),
      }),
    mediating: () => texts('dispute.mediating', { time: day.format(decideBy ?? respondBy) }),
    escalated: () => texts('dispute.escalated'),
    decided: () => texts(decision?.cause === 'agreed' ? 'dispute.agreed' : 'dispute.decided'),
    withdrawn: () => texts('dispute.withdrawn'),
  }
  return by[phase]()
}

/** By name where the site says it, else by the site's words for the side; its id in the code is nobody's name. */
function otherOf({ dispute: { parties, you }, scope: { texts } }: CardProps): string {
  const { party = '', name } = parties.find(other => other.party !== you) ?? {}
  return name
    ? texts('dispute.named', { name })
    : wordFor(texts, `party.${party}`, texts('dispute.otherSide'))
}

/** The other side may have no name to begin a sentence with. */
function asSentences(text: string, { panel }: Scope): string {
  const { locale } = panel.settings.value
  return text.replace(
    /(^|[.!?]\s)(\p{Ll})/gu,
    (_, before: string, letter: string) => before + letter.toLocaleUpperCase(locale),
  )
}

function withOther(scope: Scope, key: string, values: TextValues): string {
  return asSentences(scope.texts(key, values), scope)
}

function Outcome({ outcome, words }: { outcome: string; words: string }) {
  return (
    <div class="outcome">
      <b dir="auto">{outcome}</b>
      {words && <p dir="auto">{words}</p>}
    </div>
  )
}

/** The field goes when its words are saved, and comes back with them to be changed. What stands in it is the model's. */
function OwnSide({ scope, conversation, dispute, other }: CardProps & { other: string }) {
  const { texts } = scope
  const { yours, phase, disputeId } = dispute
  const typed = dispute.typed ?? (yours === null ? '' : null)
  const field = useRef<HTMLTextAreaElement>(null)
  const isAskedFor = useRef(false)
  // Pressed, the button is gone: on with the words that it was about.
  useLayoutEffect(() => {
    if (isAskedFor.current && typed !== null) field.current?.focus()
    isAskedFor.current = false
  }, [typed === null])
  if (typed === null)
    return (
      <figure>
        <figcaption>{texts('dispute.yours')}</figcaption>
        <blockquote dir="auto">{yours}</blockquote>
        {phase === 'stating' && (
          <button
            type="button"
            class="text-button"
            onClick={() => {
              isAskedFor.current = true
              dispute.type(yours ?? '')
            }}
          >
            {texts('dispute.change')}
          </button>
        )}
      </figure>
    )
  const over = typed.length - MAX_MESSAGE_CHARS
  const canSave = typed.trim() !== '' && over <= 0
  return (
    <SideForm
      submit={() => {
        if (canSave) void conversation.sayToDispute({ type: 'disputeStated', disputeId, text: typed })
      }}
    >
      <label for="dispute-side">{texts('dispute.yours')}</label>
      {phase !== 'stating' && (
        <p id="dispute-late" class="fine">
          {withOther(scope, 'dispute.late', { other })}
        </p>
      )}
      <textarea
        ref={field}
        id="dispute-side"
        class="field boxed"
        rows={4}
        value={typed}
        dir={typed ? 'auto' : undefined}
        aria-describedby={phase === 'stating' ? 'dispute-left' : 'dispute-late dispute-left'}
        aria-invalid={over > 0 || undefined}
        onInput={event => dispute.type(event.currentTarget.value)}
      />
      <p id="dispute-left" class="fine trouble">
        {over > 0 && texts('dispute.tooLong', { count: over })}
      </p>
      <div class="actions">
        <button type="submit" class="button main" disabled={!canSave}>
          {texts('dispute.save')}
        </button>
        {yours !== null && (
          <button type="button" class="button" onClick={() => dispute.type(null)}>
            {texts('dispute.leave')}
          </button>
        )}
      </div>
    </SideForm>
  )
}

/** What was being typed when the sides were shared, or it ended: nobody reads it unless it is said, and it is not lost. */
function Unsaved(props: CardProps) {
  const { typed, yours, type } = props.dispute
  const left = typed?.trim() && typed !== yours ? typed : ''
  return left ? <Left {...props} words={left} drop={() => type(null)} /> : null
}

/** To be read, copied, and said as anything else is. */
function Left({ scope, conversation, words, drop }: CardProps & { words: string; drop(): void }) {
  const { texts } = scope
  const ref = useFocusHeir<HTMLElement>()
  useSaid(scope, texts('dispute.unsaved'))
  return (
    <figure ref={ref}>
      <figcaption class="fine">{texts('dispute.unsaved')}</figcaption>
      <blockquote dir="auto">{words}</blockquote>
      <div class="actions">
        <CopyButton label={texts('action.copy')} texts={texts} text={() => words} />
        <button
          type="button"
          class="button"
          onClick={event => {
            const { draft } = conversation
            conversation.setDraft(draft.value ? `${draft.value}\n\n${words}` : words)
            const root = event.currentTarget.getRootNode() as ShadowRoot
            drop()
            root.querySelector<HTMLElement>('[data-focus]')?.focus()
          }}
        >
          {texts('dispute.asMessage')}
        </button>
        <button type="button" class="button" onClick={drop}>
          {texts('action.discard')}
        </button>
      </div>
    </figure>
  )
}

/** Whoever saves by keyboard goes on in the log. */
function SideForm({ submit, children }: { submit(): void; children: ComponentChildren }) {
  const ref = useFocusHeir<HTMLFormElement>()
  return (
    <form
      ref={ref}
      onSubmit={event => {
        event.preventDefault()
        submit()
      }}
    >
      {children}
    </form>
  )
}

function Proposal({
  scope,
  conversation,
  dispute,
  other,
  asked,
}: CardProps & { other: string; asked: NonNullable<DisputeShown['proposal']> }) {
  const { texts } = scope
  const { disputeId } = dispute
  const { proposal, outcome, words: why, accepts } = asked
  const answer = (yes: boolean) =>
    accepts !== yes &&
    void conversation.sayToDispute({ type: 'disputeAnswered', disputeId, proposal, accepts: yes })
  const note = withOther(scope, `dispute.${accepts === null ? 'asked' : accepts ? 'accepted' : 'declined'}`, {
    other,
  })
  useSaid(scope, note)
  return (
    <div class="proposal">
      <p class="fine">{texts('dispute.proposal')}</p>
      <Outcome outcome={outcome} words={why} />
      <p class="fine">{note}</p>
      <div class="actions">
        <button
          type="button"
          class={accepts === false ? 'button' : 'button main'}
          aria-pressed={accepts === true}
          onClick={() => answer(true)}
        >
          {texts('dispute.accept')}
        </button>
        <button type="button" class="button" aria-pressed={accepts === false} onClick={() => answer(false)}>
          {texts('dispute.decline')}
        </button>
      </div>
    </div>
  )
}

/** With what the server said of it; of a fault on the way nobody knows more. */
function stuckText({ code, canRetry }: StuckWord, texts: Scope['texts']): string {
  const reason = wordFor(texts, `state.failed.${code}`, canRetry ? '' : texts('state.failed.other'))
  return reason ? texts('state.failed', { reason }) : texts('dispute.stuck')
}

/** Once more where that can help; else its words go back to where they can be changed. */
function Stuck({ scope, conversation, dispute, stuck }: CardProps & { stuck: StuckWord }) {
  const { texts } = scope
  const ref = useFocusHeir<HTMLDivElement>()
  const { clientId, canRetry, words } = stuck
  const hasWords = words !== null && dispute.typed === null
  return (
    <div ref={ref}>
      <p class="fine trouble">{stuckText(stuck, texts)}</p>
      <div class="actions">
        {canRetry && (
          <button type="button" class="text-button" onClick={() => conversation.retry(clientId)}>
            {texts('dispute.again')}
          </button>
        )}
        <button
          type="button"
          class="text-button"
          onClick={() => {
            if (hasWords) dispute.type(words)
            conversation.discard(clientId)
          }}
        >
          {texts(hasWords ? 'dispute.back' : 'action.discard')}
        </button>
      </div>
    </div>
  )
}

/** Asked twice: it ends it for both. Once it is said nothing is left to press. */
function TakeBack({ scope: { texts }, conversation, dispute }: CardProps) {
  const ref = useFocusHeir<HTMLDivElement>()
  const { disputeId } = dispute
  return (
    <div ref={ref} class="actions">
      {dispute.isTakenBack ? (
        <p class="fine">{texts('dispute.onItsWay')}</p>
      ) : (
        <Sure
          texts={texts}
          act="dispute.takeBack"
          sure="dispute.takeBackSure"
          not="dispute.takeBackNot"
          danger
          do={() => void conversation.sayToDispute({ type: 'disputeWithdrawn', disputeId })}
        />
      )}
    </div>
  )
}
