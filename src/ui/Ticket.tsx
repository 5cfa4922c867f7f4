// The visitor's ticket: how it stands in words, who answers for it, what happened to it, and what can be done: close it,
// open it again, object. Shows what the fold says and decides nothing.
// Entry of the chunk "Ticket", fetched where a conversation is one.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Texts } from '../base/texts'
import type { ConversationModel } from '../conversation/conversationModel'
import { authorText } from '../conversation/disclosure'
import { named, wordFor } from '../conversation/named'
import { NO_CATEGORY } from '../protocol/category'
import type { TicketRecord } from '../protocol/records'
import type { TicketEntry } from '../protocol/ticketHistory'
import { Sure } from './Sure'
import type { Scope } from './scope'
import css from './ticket.css?inline'
import english from './ticket.en.json'
import { useChunk } from './useChunk'
import { useFocusHeir } from './useFocusHeir'
import { useSaid } from './useSaid'

/** Adopted by the panel when this chunk arrives. */
export const styles = css
/** English of what this chunk says. */
export const words = english

interface Props {
  readonly scope: Scope
  readonly conversation: ConversationModel
}

/** While it is open, in the banner's one line: how it stands; where the answer comes, until there is one. */
export function TicketLine(props: Props) {
  const { scope, conversation } = props
  const { texts, panel } = scope
  const ticket = conversation.ticket.value
  const usualBy = conversation.usualBy.value
  const sentence = useStanding(props)
  if (!ticket) return null
  const contact = ticket.contact?.email ?? ticket.contact?.phone
  return (
    <>
      <span data-status={ticket.status}>
        · <span>{sentence}</span>
      </span>
      {usualBy !== null && (
        <small class="fine">
          {texts('ticket.usualBy', { time: momentOf(panel.settings.value.locale).format(usualBy) })}
        </small>
      )}
      {!contact && <small class="fine">{texts('ticket.answersHere')}</small>}
      {contact && ticket.status === 'open' && (
        <small class="fine">{texts('ticket.answersTo', { contact })}</small>
      )}
    </>
  )
}

/** While it is open, behind the banner's button. `children`: what can be done besides. */
export function Ticket({ children, ...props }: Props & { children?: ComponentChildren }) {
  const { scope, conversation } = props
  const ticket = conversation.ticket.value
  if (!ticket) return null
  const isTalking = conversation.phase.value !== 'ticketed'
  const contact = ticket.contact?.email ?? ticket.contact?.phone
  return (
    <div class="ticket">
      {isTalking ? (
        <Stands {...props} ticket={ticket} />
      ) : (
        contact && <p class="fine">{scope.texts('ticket.answersTo', { contact })}</p>
      )}
      <About {...props} ticket={ticket} />
      <div class="side">
        {/* Who talks to a person ends the talk, which solves it. */}
        {!isTalking && (
          <Sure
            texts={scope.texts}
            act="ticket.solved"
            sure="ticket.solvedSure"
            not="ticket.solvedNot"
            do={() => void conversation.end()}
          />
        )}
        {children}
      </div>
    </div>
  )
}

/** Once it is over: at the end of the log, over the question how it was. */
export function OverTicket(props: Props) {
  const { scope, conversation } = props
  const ref = useFocusHeir<HTMLElement>()
  const ticket = conversation.ticket.value
  if (!ticket) return null
  const number = String(ticket.number)
  return (
    <section ref={ref} class="card ticket" part="ticket" aria-label={scope.texts('ticket.name', { number })}>
      <h3>{scope.texts('ticket.name', { number })}</h3>
      <Stands {...props} ticket={ticket} />
      <Again {...props} number={number} />
      <About {...props} ticket={ticket} />
    </section>
  )
}

interface TicketProps extends Props {
  readonly ticket: TicketRecord
}

/** How it stands, in words. Told when it changes; who opens the window reads it. */
function useStanding({ scope: { texts, announce }, conversation }: Props): string {
  const status = conversation.ticket.value?.status
  const sentence = status ? texts(`ticket.is.${status}`) : ''
  const before = useRef(status)
  useEffect(() => {
    if (before.current !== status) announce(sentence)
    before.current = status
  }, [status])
  return sentence
}

function Stands({ ticket: { status, openedAt }, ...props }: TicketProps) {
  const { texts, panel } = props.scope
  const sentence = useStanding(props)
  const since =
    props.conversation.ticketHistory.value.findLast(({ what }) => MOVES.includes(what))?.at ?? openedAt
  return (
    <p class="stands" data-status={status}>
      <b>{sentence}</b>{' '}
      {since !== undefined && (
        <small>
          {texts(status === 'solved' ? 'ticket.on' : 'ticket.since', {
            time: momentOf(panel.settings.value.locale).format(since),
          })}
        </small>
      )}
    </p>
  )
}

const loadWhy = () => import('./Why')

/** From each of these on it stands as it does. */
const MOVES: readonly TicketEntry['what'][] = ['opened', 'answered', 'waiting', 'solved', 'reopened']

function Again({ scope, conversation, number }: Props & { number: string }) {
  const { texts, panel } = scope
  const reopening = conversation.reopening.value
  const sentence =
    reopening &&
    (reopening.state === 'possible'
      ? texts('ticket.reopenUntil', {
          time: new Intl.DateTimeFormat(panel.settings.value.locale, { dateStyle: 'long' }).format(
            reopening.until,
          ),
        })
      : reopening.state === 'failed' && !reopening.canRetry
        ? texts('ticket.reopen.refused', {
            number,
            reason: wordFor(texts, `state.failed.${reopening.code}`, texts('state.failed.other')),
          })
        : texts(`ticket.reopen.${reopening.state}`, { number }))
  useSaid(scope, reopening?.state !== 'possible' && sentence)
  if (!reopening) return null
  const hasFailed = reopening.state === 'failed'
  return (
    <div class="again">
      <p class={hasFailed ? 'trouble' : undefined}>{sentence}</p>
      {(reopening.state === 'possible' || (hasFailed && reopening.canRetry)) && (
        <AgainButton press={() => void conversation.reopen()}>{texts('ticket.reopen')}</AgainButton>
      )}
    </div>
  )
}

/** Goes while the wish is on its way: whoever pressed it by keyboard goes on in the log. */
function AgainButton({ press, children }: { press(): void; children: ComponentChildren }) {
  const ref = useFocusHeir<HTMLButtonElement>()
  return (
    <button ref={ref} type="button" class="button" onClick={press}>
      {children}
    </button>
  )
}

/** All else about it, under a button. */
function About({ scope, conversation, ticket }: TicketProps) {
  const { texts, panel } = scope
  const why = useChunk(scope, loadWhy)
  if (!why) return null
  const { name, locale } = panel.settings.value
  const moment = momentOf(locale)
  const history = conversation.ticketHistory.value
  const category = ticket.category && ticket.category !== NO_CATEGORY ? ticket.category : null
  return (
    <why.Disclosure label={texts('ticket.about')}>
      <dl>
        <Fact label={texts('ticket.number')}>#{String(ticket.number)}</Fact>
        <Fact label={texts('ticket.owner')}>{ticket.owner?.name ?? texts('ticket.noOwner')}</Fact>
        {category && <Fact label={texts('ticket.category')}>{named(texts, 'category', category)}</Fact>}
      </dl>
      <why.WhySorted scope={scope} conversation={conversation} category={category} />
      {history.length > 0 && (
        <>
          <h3>{texts('ticket.history')}</h3>
          <ol class="history">
            {history.map(entry => (
              <li key={`${entry.seq}${entry.what}`}>
                {entry.because
                  ? texts(`ticket.did.solved.${entry.because.cause}`, {
                      number: String(entry.because.number),
                    })
                  : texts(`ticket.did.${entry.what}`, { value: saidValue(entry, texts) })}
                <small>
                  {entry.by && (
                    <>
                      <bdi>{authorText(entry.by, texts, name)}</bdi> ·{' '}
                    </>
                  )}
                  <time>{moment.format(entry.at)}</time>
                </small>
              </li>
            ))}
          </ol>
        </>
      )}
    </why.Disclosure>
  )
}

/** A category by what people call it. */
const saidValue = ({ what, value = '' }: TicketEntry, texts: Texts) =>
  what === 'categorised' ? named(texts, 'category', String(value)) : String(value)

function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  )
}

const momentOf = (locale: string) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
