// A dispute beside the thread, over the reply: both sides' words, what both read and what differs, and what a mediator
// can do. The same in either side's conversation and in the mediator's thread. Loaded where a conversation has one.

import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { DisputeReport } from '../protocol/deskRecords'
import { isDisputeOver } from '../protocol/dispute'
import { MAX_MESSAGE_CHARS, MAX_OUTCOME_CHARS } from '../protocol/limits'
import type { Outcome } from './deskLine'
import type { OpenThread } from './deskModel'
import type { DisputeModel } from './disputeModel'
import type { DeskScope } from './scope'
import { dayOf, momentText } from './times'

interface Props {
  readonly scope: DeskScope
  readonly thread: OpenThread
}

export function Dispute({ scope, thread }: Props) {
  const { desk, texts } = scope
  const model = desk.workplace.value?.disputes
  const isOpen = useSignal(true)
  useEffect(() => model?.watch(thread.conversationId), [model, thread.conversationId])
  const dispute = model?.dispute.value
  if (!model || !dispute) return null
  const { number, reference } = dispute
  return (
    <section class="dispute" aria-label={texts('dispute.title', { number: String(number), reference })}>
      <button
        type="button"
        class="text-button"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value
        }}
      >
        {texts('dispute.title', { number: String(number), reference })}
      </button>
      <p class="fine">{stateText(scope, dispute)}</p>
      {isOpen.value && <Body scope={scope} thread={thread} dispute={dispute} model={model} />}
    </section>
  )
}

function stateText(
  { texts, desk, locale }: DeskScope,
  { phase, respondBy, decideBy, escalation }: DisputeReport,
) {
  const time = momentText(decideBy ?? respondBy, dayOf(desk.now.value), locale)
  if (phase === 'escalated') return texts(escalation === 'late' ? 'dispute.late' : 'dispute.handedUp')
  return texts(`dispute.${phase}`, { time })
}

interface BodyProps extends Props {
  readonly dispute: DisputeReport
  readonly model: DisputeModel
}

function Body({ scope, thread, dispute, model }: BodyProps) {
  const { desk, texts } = scope
  const { sides, facts, proposal, decision, phase, threadId } = dispute
  const common = Object.entries(facts.common)
  const goTo = (conversationId: string) => desk.open(conversationId)
  return (
    <div class="dispute-body">
      <div class="sides">
        {sides.map(({ party, name, conversationId, statement, isShared, accepts }) => (
          <figure key={party}>
            <figcaption>
              <b dir="auto">{name ? texts('dispute.side', { party, name }) : party}</b>
              {accepts !== null && (
                <span class="fine"> {texts(accepts ? 'dispute.accepts' : 'dispute.declines')}</span>
              )}
            </figcaption>
            <blockquote dir="auto">{statement || texts('dispute.silent')}</blockquote>
            {statement && !isShared && <p class="fine">{texts('dispute.unshared')}</p>}
            {conversationId !== thread.conversationId && (
              <button type="button" class="text-button" onClick={() => goTo(conversationId)}>
                {texts('dispute.goTo', { party })}
              </button>
            )}
          </figure>
        ))}
      </div>
      {common.length > 0 && (
        <Facts title={texts('dispute.common')}>
          {common.map(([key, value]) => (
            <div key={key}>
              <dt dir="auto">{key}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ))}
        </Facts>
      )}
      {facts.differing.length > 0 && (
        <Facts title={texts('dispute.differing')}>
          {facts.differing.map(({ name, site, said }) => (
            <div key={name}>
              <dt dir="auto">{name}</dt>
              {site !== null && (
                <dd dir="auto">{texts('dispute.says', { party: texts('dispute.site'), value: site })}</dd>
              )}
              {said.map(
                (value, n) =>
                  value !== null && (
                    <dd key={sides[n]?.party} dir="auto">
                      {texts('dispute.says', { party: sides[n]?.party ?? '', value })}
                    </dd>
                  ),
              )}
            </div>
          ))}
        </Facts>
      )}
      {decision ? (
        <Told
          title={texts(decision.cause === 'agreed' ? 'dispute.agreed' : 'dispute.byMediator')}
          {...decision}
        />
      ) : (
        proposal && <Told title={texts('dispute.proposed')} {...proposal} />
      )}
      {threadId !== thread.conversationId && (
        <button type="button" class="text-button" onClick={() => goTo(threadId)}>
          {texts('dispute.thread')}
        </button>
      )}
      {!isDisputeOver(phase) && phase !== 'stating' && <Acts scope={scope} dispute={dispute} model={model} />}
    </div>
  )
}

function Facts({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div>
      <p class="fine">{title}</p>
      <dl>{children}</dl>
    </div>
  )
}

function Told({ title, outcome, words }: { title: string; outcome: string; words: string }) {
  return (
    <div class="told">
      <p class="fine">{title}</p>
      <b dir="auto">{outcome}</b>
      {words && <p dir="auto">{words}</p>}
    </div>
  )
}

/** Proposing asks both sides; deciding asks nobody and ends it, so it is pressed twice. */
function Acts({ scope, dispute, model }: Pick<BodyProps, 'scope' | 'dispute' | 'model'>) {
  const { desk, texts } = scope
  const outcome = useSignal('')
  const words = useSignal('')
  const isSure = useSignal(false)
  const went = useSignal<Outcome | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const isLead = desk.workplace.value?.people.isLead.value === true
  const { phase } = dispute
  if (phase === 'escalated' && !isLead) return <p class="fine">{texts('dispute.forLeads')}</p>
  const canSend = outcome.value.trim() !== ''
  const act = async (kind: 'propose' | 'decide' | 'escalate') => {
    isSure.value = false
    const done = await model.mediate(
      kind === 'escalate' ? { kind } : { kind, outcome: outcome.value.trim(), words: words.value.trim() },
    )
    went.value = done
    if (done !== 'done' || kind === 'escalate') return
    outcome.value = ''
    words.value = ''
    field.current?.focus()
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (canSend) void act('propose')
      }}
    >
      <label for="dispute-outcome">{texts('dispute.outcome')}</label>
      <input
        id="dispute-outcome"
        ref={field}
        class="field"
        maxLength={MAX_OUTCOME_CHARS}
        value={outcome.value}
        onInput={event => {
          outcome.value = event.currentTarget.value
        }}
      />
      <label for="dispute-words">{texts('dispute.why')}</label>
      <textarea
        id="dispute-words"
        class="field"
        rows={2}
        maxLength={MAX_MESSAGE_CHARS}
        value={words.value}
        onInput={event => {
          words.value = event.currentTarget.value
        }}
      />
      <div class="actions">
        <button type="submit" class="button main" disabled={!canSend}>
          {texts('dispute.propose')}
        </button>
        <button
          type="button"
          class="button"
          disabled={!canSend}
          onClick={() => {
            if (isSure.value) void act('decide')
            else isSure.value = true
          }}
        >
          {texts(isSure.value ? 'dispute.decideSure' : 'dispute.decide')}
        </button>
        {phase === 'mediating' && (
          <button type="button" class="button" onClick={() => void act('escalate')}>
            {texts('dispute.handUp')}
          </button>
        )}
      </div>
      <p class="fine" role="status">
        {went.value === 'changed' && texts('dispute.changed')}
        {went.value === 'noAnswer' && texts('notice.noAnswer')}
        {went.value === 'refused' && texts('notice.refused')}
      </p>
    </form>
  )
}
