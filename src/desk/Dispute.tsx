// A dispute beside the thread, over the reply: how it stands, what a mediator can do, what differs, and both sides'
// words. In that order: what is decided with stays in sight on a low window. The same in either side's conversation
// and in the mediator's thread. Loaded where a conversation has one.

import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { DisputeReport } from '../protocol/deskRecords'
import { type DisputePhase, isDisputeOver } from '../protocol/dispute'
import { MAX_MESSAGE_CHARS, MAX_OUTCOME_CHARS } from '../protocol/limits'
import type { Outcome } from './deskLine'
import type { OpenThread } from './deskModel'
import type { DisputeDraft, DisputeModel } from './disputeModel'
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
  if (!model) return null
  const dispute = model.dispute.value
  if (!dispute) return <NotThere scope={scope} model={model} />
  const { number, reference } = dispute
  const title = texts('dispute.title', { number: String(number), reference })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs a tab stop
    <section class="dispute" aria-label={title} tabIndex={0}>
      <button
        type="button"
        class="text-button"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value
        }}
      >
        {title}
      </button>
      <p class="fine">{stateText(scope, dispute)}</p>
      {isOpen.value && <Body scope={scope} thread={thread} dispute={dispute} model={model} />}
    </section>
  )
}

/** A mediator who reads no dispute would take the conversation for one without. */
function NotThere({ scope, model }: { scope: DeskScope; model: DisputeModel }) {
  const { texts } = scope
  const hasFailed = model.status.value === 'failed'
  return (
    <div class="dispute">
      <p class={hasFailed ? 'trouble' : 'quiet'} role={hasFailed ? 'alert' : 'status'}>
        {texts(hasFailed ? 'dispute.failed' : 'dispute.loading')}
      </p>
      {hasFailed && (
        <button type="button" class="text-button" onClick={() => void model.refresh()}>
          {texts('action.retry')}
        </button>
      )}
    </div>
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
      {decision ? (
        <Told
          title={texts(decision.cause === 'agreed' ? 'dispute.agreed' : 'dispute.byMediator')}
          {...decision}
        />
      ) : (
        proposal && <Told title={texts('dispute.proposed')} {...proposal} />
      )}
      {!isDisputeOver(phase) && phase !== 'stating' && (
        <Acts key={dispute.disputeId} scope={scope} dispute={dispute} model={model} />
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
      <div class="sides">
        {sides.map(({ party, name, conversationId, statement, isShared, accepts }) => (
          <figure key={party}>
            <figcaption>
              <b dir="auto">{name ? texts('dispute.side', { party, name }) : party}</b>
              {accepts !== null && (
                <span class="fine"> {texts(accepts ? 'dispute.accepts' : 'dispute.declines')}</span>
              )}
            </figcaption>
            {statement ? (
              <blockquote dir="auto">{statement}</blockquote>
            ) : (
              <p class="quiet">{texts(silence(statement, phase))}</p>
            )}
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
      {threadId !== thread.conversationId && (
        <button type="button" class="text-button" onClick={() => goTo(threadId)}>
          {texts('dispute.thread')}
        </button>
      )}
    </div>
  )
}

/** Erasing leaves that somebody spoke (V11): nothing is said of who was not asked to their end. */
function silence(statement: string | null, phase: DisputePhase): string {
  if (statement !== null) return 'dispute.erased'
  return phase === 'stating' ? 'dispute.notYet' : 'dispute.silent'
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

/** What scrolls into sight under a resting finger is not pressed by its second tap. */
const DOUBLE_PRESS_MS = 500

/**
 * Proposing asks both sides; deciding asks nobody and ends it. So it is asked for once more, where no second press of
 * the first one lands, and what is changed meanwhile, here or by others, takes the question away.
 */
function Acts({ scope, dispute, model }: Pick<BodyProps, 'scope' | 'dispute' | 'model'>) {
  const { desk, texts } = scope
  const { outcome, words } = model.draft.value
  const isOpen = useSignal(outcome !== '' || words !== '')
  const isSure = useSignal(false)
  const wasSure = useRef(false)
  const went = useSignal<Outcome | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const decide = useRef<HTMLButtonElement>(null)
  const mayDecide = useSignal(false)
  const not = useRef<HTMLButtonElement>(null)
  const { phase, revision } = dispute
  const isBusy = model.isMediating.value
  const canSend = outcome.trim() !== '' && !isBusy
  useEffect(() => {
    isSure.value = false
  }, [revision])
  useEffect(() => {
    mayDecide.value = false
    if (!isSure.value) return
    const timer = setTimeout(() => {
      mayDecide.value = true
    }, DOUBLE_PRESS_MS)
    return () => clearTimeout(timer)
  }, [isSure.value])
  // The button that was pressed is gone, or another one asks: the keyboard goes to the one that changes nothing.
  useLayoutEffect(() => {
    if (isSure.value) not.current?.focus()
    else if (wasSure.current && document.activeElement === document.body) decide.current?.focus()
    wasSure.current = isSure.value
  }, [isSure.value])
  const isLead = desk.workplace.value?.people.isLead.value === true
  if (phase === 'escalated' && !isLead) return <p class="fine">{texts('dispute.forLeads')}</p>
  const change = (to: Partial<DisputeDraft>) => {
    isSure.value = false
    went.value = null
    model.change(to)
  }
  const act = async (kind: 'propose' | 'decide' | 'escalate') => {
    isSure.value = false
    went.value = await model.mediate(
      kind === 'escalate' ? { kind } : { kind, outcome: outcome.trim(), words: words.trim() },
    )
    if (went.value === 'done') field.current?.focus()
  }
  return (
    <div class="mediating">
      <button
        type="button"
        class="button"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value
          isSure.value = false
        }}
      >
        {texts('dispute.act')}
      </button>
      {isOpen.value && (
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
            value={outcome}
            dir={outcome ? 'auto' : undefined}
            onInput={event => change({ outcome: event.currentTarget.value })}
          />
          <label for="dispute-words">{texts('dispute.why')}</label>
          <textarea
            id="dispute-words"
            class="field"
            rows={2}
            maxLength={MAX_MESSAGE_CHARS}
            value={words}
            dir={words ? 'auto' : undefined}
            onInput={event => change({ words: event.currentTarget.value })}
          />
          <div class="actions">
            <button type="submit" class="button main" disabled={!canSend}>
              {texts('dispute.propose')}
            </button>
            <button
              type="button"
              class="button"
              ref={decide}
              aria-expanded={isSure.value}
              disabled={!canSend}
              onClick={() => {
                isSure.value = true
                not.current?.focus()
              }}
            >
              {texts('dispute.decide')}
            </button>
            {phase === 'mediating' && (
              <button type="button" class="button" disabled={isBusy} onClick={() => void act('escalate')}>
                {texts('dispute.handUp')}
              </button>
            )}
          </div>
          {isSure.value && (
            <fieldset
              class="deciding"
              aria-label={texts('dispute.sure')}
              onKeyDown={event => {
                if (event.key !== 'Escape') return
                event.preventDefault()
                isSure.value = false
                decide.current?.focus()
              }}
            >
              <p>{texts('dispute.sure')}</p>
              <div class="actions">
                <button
                  type="button"
                  class="button"
                  ref={not}
                  onClick={() => {
                    isSure.value = false
                    decide.current?.focus()
                  }}
                >
                  {texts('dispute.not')}
                </button>
                <button
                  type="button"
                  class="button danger"
                  disabled={!mayDecide.value || isBusy}
                  onClick={() => void act('decide')}
                >
                  {texts('dispute.decideSure')}
                </button>
              </div>
            </fieldset>
          )}
        </form>
      )}
      <p class="fine" role="status">
        {went.value === 'changed' && texts('dispute.changed')}
        {went.value === 'noAnswer' && texts('notice.noAnswer')}
        {went.value === 'refused' && texts('notice.refused')}
      </p>
    </div>
  )
}
