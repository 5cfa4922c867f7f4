// A dispute in the window of one side: how it stands, what both read, this side's own words, the mediator's proposal and
// the outcome. Knows of the other side what was shared with both, and has nothing else to show.
// Entry of the chunk "Dispute", fetched where there is one, or a page names what there could be one about.

import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import type { DisputeShown } from '../conversation/disputeShown'
import type { DisputePhase } from '../protocol/dispute'
import { MAX_MESSAGE_CHARS } from '../protocol/limits'
import css from './dispute.css?inline'
import english from './dispute.en.json'
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
  return about && id ? <Opening {...props} about={about} conversationId={id} /> : null
}

/** Pressed, it opens on the server, and comes back as an event. */
function Opening({ scope, about, conversationId }: Props & { about: string; conversationId: string }) {
  const { panel, texts } = scope
  const ref = useFocusHeir<HTMLDivElement>()
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
    <div ref={ref}>
      {state !== 'openRefused' && (
        <button
          type="button"
          class="text-button"
          aria-disabled={state === 'opening' || undefined}
          onClick={() => state !== 'opening' && void open()}
        >
          {texts('dispute.open', { reference: about })}
        </button>
      )}
      {text && <p class={state === 'opening' ? 'fine' : 'fine trouble'}>{text}</p>}
    </div>
  )
}

interface CardProps extends Props {
  readonly dispute: DisputeShown
}

function Card(props: CardProps) {
  const { scope, dispute } = props
  const { texts } = scope
  const { number, reference, phase, facts, statements, decision, proposal, sending, isOver } = dispute
  const other = otherOf(dispute)
  const status = statusOf(props)
  useSaid(scope, `${texts('dispute.title', { number: String(number), reference })}\n${status}`)
  useSaid(scope, sending === 'onItsWay' && texts('dispute.onItsWay'), A_WHILE)
  useSaid(scope, sending === 'stuck' && texts('dispute.stuck'))
  useSaid(
    scope,
    !isOver && proposal && `${texts('dispute.proposal')}: ${proposal.outcome}\n${proposal.words}`,
  )
  return (
    <section class="card dispute" part="dispute" aria-labelledby="dispute-title">
      <h3 id="dispute-title">{texts('dispute.title', { number: String(number), reference })}</h3>
      <p>{status}</p>
      {decision && <Outcome outcome={decision.outcome} words={decision.words} />}
      {Object.keys(facts).length > 0 && (
        <>
          <p class="fine">{texts('dispute.facts')}</p>
          <dl>
            {Object.entries(facts).map(([name, value]) => (
              <div key={name}>
                <dt dir="auto">{name}</dt>
                <dd dir="auto">{value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {statements.map(({ party, text, erased }) => (
        <figure key={party}>
          <figcaption dir="auto">{party === dispute.you ? texts('dispute.you') : other}</figcaption>
          <blockquote dir="auto">{erased ? texts('dispute.erased') : text}</blockquote>
        </figure>
      ))}
      {phase !== 'stating' &&
        phase !== 'withdrawn' &&
        statements.every(({ party }) => party === dispute.you) && (
          <p class="fine">{texts('dispute.silent', { other })}</p>
        )}
      {!isOver && !dispute.isShared && <OwnSide {...props} other={other} />}
      {!isOver && proposal && <Proposal key={proposal.proposal} {...props} other={other} asked={proposal} />}
      {sending === 'stuck' && <Stuck {...props} />}
      {!isOver && <p class="fine">{texts('dispute.private', { other })}</p>}
      {dispute.isOpener && phase === 'stating' && <TakeBack {...props} />}
    </section>
  )
}

function statusOf({ scope, dispute }: CardProps): string {
  const { panel, texts } = scope
  const { phase, respondBy, decideBy, decision, yours } = dispute
  const day = new Intl.DateTimeFormat(panel.settings.value.locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  const by: Readonly<Record<DisputePhase, () => string>> = {
    stating: () =>
      texts(yours === null ? 'dispute.stating' : 'dispute.stated', {
        time: day.format(respondBy),
        other: otherOf(dispute),
      }),
    mediating: () => texts('dispute.mediating', { time: day.format(decideBy ?? respondBy) }),
    escalated: () => texts('dispute.escalated'),
    decided: () => texts(decision?.cause === 'agreed' ? 'dispute.agreed' : 'dispute.decided'),
    withdrawn: () => texts('dispute.withdrawn'),
  }
  return by[phase]()
}

/** By name where the site says it, else by its word for the side. */
function otherOf({ parties, you }: DisputeShown): string {
  const other = parties.find(({ party }) => party !== you)
  return other?.name || other?.party || ''
}

function Outcome({ outcome, words }: { outcome: string; words: string }) {
  return (
    <div class="outcome">
      <b dir="auto">{outcome}</b>
      {words && <p dir="auto">{words}</p>}
    </div>
  )
}

/** The field goes when its words are saved, and comes back with them to be changed. */
function OwnSide({ scope, conversation, dispute, other }: CardProps & { other: string }) {
  const { texts } = scope
  const { yours, phase, disputeId } = dispute
  const [typed, setTyped] = useState<string | null>(yours === null ? '' : null)
  if (typed === null)
    return (
      <figure>
        <figcaption>{texts('dispute.yours')}</figcaption>
        <blockquote dir="auto">{yours}</blockquote>
        {phase === 'stating' && (
          <button type="button" class="text-button" onClick={() => setTyped(yours ?? '')}>
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
        if (!canSave) return
        void conversation.sayToDispute({ type: 'disputeStated', disputeId, text: typed })
        setTyped(null)
      }}
    >
      <label for="dispute-side">{texts('dispute.yours')}</label>
      {phase !== 'stating' && (
        <p id="dispute-late" class="fine">
          {texts('dispute.late', { other })}
        </p>
      )}
      <textarea
        id="dispute-side"
        class="field boxed"
        rows={4}
        value={typed}
        dir={typed ? 'auto' : undefined}
        aria-describedby={phase === 'stating' ? 'dispute-left' : 'dispute-late dispute-left'}
        aria-invalid={over > 0 || undefined}
        onInput={event => setTyped(event.currentTarget.value)}
      />
      <p id="dispute-left" class="fine trouble">
        {over > 0 && texts('dispute.tooLong', { count: over })}
      </p>
      <button type="submit" class="button main" disabled={!canSave}>
        {texts('dispute.save')}
      </button>
    </SideForm>
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
  const note = texts(`dispute.${accepts === null ? 'asked' : accepts ? 'accepted' : 'declined'}`, { other })
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

function Stuck({ scope, conversation, dispute }: CardProps) {
  const ref = useFocusHeir<HTMLParagraphElement>()
  const { stuckId } = dispute
  return (
    <p ref={ref} class="fine trouble">
      {scope.texts('dispute.stuck')}
      <button type="button" class="text-button" onClick={() => stuckId && conversation.retry(stuckId)}>
        {scope.texts('dispute.again')}
      </button>
    </p>
  )
}

/** Asked twice: it ends it for both. */
function TakeBack({ scope, conversation, dispute }: CardProps) {
  const { texts } = scope
  const ref = useFocusHeir<HTMLDivElement>()
  const [isAsked, setIsAsked] = useState(false)
  const { disputeId } = dispute
  if (!isAsked)
    return (
      <div ref={ref}>
        <button type="button" class="text-button" onClick={() => setIsAsked(true)}>
          {texts('dispute.takeBack')}
        </button>
      </div>
    )
  return (
    <div ref={ref} class="actions">
      <button
        type="button"
        class="button danger"
        onClick={() => void conversation.sayToDispute({ type: 'disputeWithdrawn', disputeId })}
      >
        {texts('dispute.takeBackSure')}
      </button>
      <button type="button" class="button" onClick={() => setIsAsked(false)}>
        {texts('dispute.takeBackNot')}
      </button>
    </div>
  )
}
