// What the agent was handed with the conversation. Everything in it was typed or reported by somebody else:
// text stays text, and addresses become links through `safeLink` only.

import { type Signal, useComputed, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { safeLink } from '../knowledge/safeLink'
import type { PageFacts } from '../protocol/facts'
import type {
  Brief as BriefRecord,
  Contact,
  EscalationReason,
  Priority,
  ScoreWithReasons,
  TicketRecord,
  TriageRecord,
} from '../protocol/records'
import { Bones } from '../ui/Bones'
import type { OpenThread } from './deskModel'
import { Labels } from './Labels'
import type { DeskScope } from './scope'
import { LEVEL_NAMES, levelText } from './TicketHead'
import { dayOf, languageName, listText, momentText } from './times'
import { useLaterPart } from './useLaterPart'

export function Brief({ scope, isOpen }: { scope: DeskScope; isOpen: Signal<boolean> }) {
  const { desk, texts } = scope
  const title = useRef<HTMLHeadingElement>(null)
  const thread = desk.thread.value
  // With the step itself, as everywhere at the desk: the next key never meets the focus on its way.
  useLayoutEffect(() => {
    if (isOpen.value) title.current?.focus()
  }, [isOpen.value])
  if (!thread) return null
  const close = () => {
    isOpen.value = false
    document.getElementById('desk-details')?.focus()
  }
  return (
    <aside
      id="desk-brief"
      class="desk-brief"
      data-open={isOpen.value ? '' : undefined}
      aria-labelledby="desk-brief-title"
      onKeyDown={event => {
        if (event.key === 'Escape' && isOpen.value) {
          event.stopPropagation()
          close()
        }
      }}
    >
      <div class="brief-top">
        <h2 id="desk-brief-title" tabIndex={-1} ref={title}>
          {texts('brief.label')}
        </h2>
        <button type="button" class="button quiet-button only-narrow" onClick={close}>
          {texts('action.close')}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs a tab stop */}
      <div class="scroll brief-body" tabIndex={0}>
        {thread.state.ticket && <Ticket scope={scope} thread={thread} ticket={thread.state.ticket} />}
        <Ended scope={scope} thread={thread} />
        <Pressing scope={scope} thread={thread} />
        {thread.status !== 'failed' && <Labels scope={scope} />}
        {thread.brief ? (
          <BriefParts scope={scope} brief={thread.brief} thread={thread} />
        ) : thread.status === 'loading' ? (
          <Bones kind="facts" count={5} />
        ) : (
          <p class="quiet">{texts('brief.none')}</p>
        )}
        <Earlier scope={scope} />
        <OpenDispute key={thread.conversationId} scope={scope} thread={thread} />
      </div>
    </aside>
  )
}

/** Of two visitors who disagree; few agents ever need it. */
function OpenDispute({ scope, thread }: { scope: DeskScope; thread: OpenThread }) {
  const isAsked = useSignal(false)
  const { phase } = thread.state
  if (thread.hasDispute || thread.status !== 'ready' || (phase !== 'live' && phase !== 'ticketed'))
    return null
  return (
    <>
      <button
        type="button"
        class="text-button"
        onClick={() => {
          isAsked.value = true
        }}
      >
        {scope.texts('dispute.openIt')}
      </button>
      {isAsked.value && (
        <DisputeDoor
          scope={scope}
          thread={thread}
          onClose={() => {
            isAsked.value = false
          }}
        />
      )}
    </>
  )
}

const loadDialog = () => import('./DisputeDialog')

function DisputeDoor(props: { scope: DeskScope; thread: OpenThread; onClose(): void }) {
  const { part, again } = useLaterPart(loadDialog)
  const { texts } = props.scope
  if (part === null) return null
  if (part !== 'failed') return <part.DisputeDialog {...props} />
  return (
    <p class="trouble" role="alert">
      {texts('review.missing')}{' '}
      <button type="button" class="text-button" onClick={again}>
        {texts('action.retry')}
      </button>
    </p>
  )
}

/** Of a newer server's reason nothing is said that nobody has words for. */
const KNOWN_REASONS: readonly string[] = [
  'askedForPerson',
  'policyTopic',
  'notSolvedTwice',
  'flowHandoff',
  'articleDidNotHelp',
] satisfies EscalationReason[]

function BriefParts({ scope, brief, thread }: { scope: DeskScope; brief: BriefRecord; thread: OpenThread }) {
  const { texts } = scope
  const { visitor, page, slots, articlesRead, flow, tone, category, tried = [] } = brief
  const { answerAt, row, state } = thread
  const { phase } = state
  const isVerified = row?.isVerified
  // Who it is was proved, and yet this was only said: before the sign-in, or by a host that signs no more than the id.
  const onlySaid = (fact: string) => isVerified === true && visitor.signed?.includes(fact) === false
  return (
    <>
      {brief.question && (
        <Part title={texts('brief.question')}>
          <blockquote class="asked" dir="auto">
            {brief.question}
          </blockquote>
        </Part>
      )}
      <Part title={texts('brief.reason')}>
        {KNOWN_REASONS.includes(brief.reason) && <p>{texts(`reason.${brief.reason}`)}</p>}
        {/* A rule's own words: English in every language. */}
        {brief.because && (
          <p class="fine" lang="en" dir="ltr">
            {brief.because}
          </p>
        )}
      </Part>
      <Part title={texts('brief.visitor')}>
        <div class="pills">
          <p class={isVerified ? 'pill good' : 'pill'}>
            {texts(
              isVerified === undefined
                ? 'brief.unknownIdentity'
                : isVerified
                  ? 'brief.verified'
                  : 'brief.unverified',
            )}
          </p>
          <Whereabouts scope={scope} />
        </div>
        <dl>
          {/* A ticket says it itself. */}
          {phase !== 'ticketed' && (
            <Fact label={texts('brief.answerAt')}>{answerAt && <ContactLink contact={answerAt} />}</Fact>
          )}
          <Fact label={texts('brief.name')} note={onlySaid('name') && texts('brief.onlySaid')}>
            {visitor.name}
          </Fact>
          <Fact label={texts('brief.role')} note={onlySaid('role') && texts('brief.onlySaid')}>
            {visitor.role}
          </Fact>
          <Fact label={texts('brief.email')} note={onlySaid('email') && texts('brief.onlySaid')}>
            {visitor.email && <Mail address={visitor.email} />}
          </Fact>
          <Fact label={texts('brief.language')}>{languageName(visitor.locale, scope.locale)}</Fact>
          {Object.entries(visitor.attributes).map(([name, value]) => (
            <Fact key={name} label={name} note={onlySaid(`attributes.${name}`) && texts('brief.onlySaid')}>
              {String(value)}
            </Fact>
          ))}
        </dl>
      </Part>
      <Pages scope={scope} start={page} />
      {(category || tone) && (
        <Part title={texts('brief.about')}>
          <dl>
            <Fact label={texts('brief.category')}>{category}</Fact>
            {(['frustration', 'urgency', 'distress'] as const).map(kind =>
              tone?.[kind] ? (
                <Fact key={kind} label={texts(`tone.${kind}`)}>
                  {texts(tone[kind] >= 0.6 ? 'tone.strong' : 'tone.some', {
                    words: listText(tone.evidence, scope.locale),
                  })}
                </Fact>
              ) : null,
            )}
          </dl>
        </Part>
      )}
      {thread.triage && <Triaged scope={scope} triage={thread.triage} />}
      {slots.length > 0 && (
        <Part title={texts('brief.slots')}>
          <dl>
            {slots.map(slot => (
              <Fact key={slot.name} label={slot.label}>
                {slot.value}
              </Fact>
            ))}
          </dl>
        </Part>
      )}
      {flow && (
        <Part title={texts('brief.flow')}>
          <p>{flow.title}</p>
          <p class="fine">{texts('brief.flowStep', { step: flow.step })}</p>
        </Part>
      )}
      <Articles title={texts('brief.tried')} articles={tried} />
      <Articles title={texts('brief.articles')} articles={articlesRead} />
      <p class="fine">{texts('brief.fine')}</p>
    </>
  )
}

/** What the server read of the words: two scores apart, each with what it was read from. */
function Triaged({ scope, triage }: { scope: DeskScope; triage: TriageRecord }) {
  const { texts, locale } = scope
  const share = new Intl.NumberFormat(locale, { style: 'percent' })
  const score = ({ score, reasons }: ScoreWithReasons) => {
    const words = reasons.flatMap(reason => reason.words ?? [])
    return words.length > 0
      ? texts('triage.score', { share: share.format(score), words: listText(words, locale) })
      : share.format(score)
  }
  return (
    <Part title={texts('triage.title')}>
      <dl>
        <Fact label={texts('brief.category')}>
          {texts('triage.sure', { category: triage.category, share: share.format(triage.confidence) })}
        </Fact>
        <Fact label={texts('triage.urgency')}>{triage.urgency.score > 0 && score(triage.urgency)}</Fact>
        <Fact label={texts('triage.complexity')}>
          {triage.complexity.score > 0 && score(triage.complexity)}
        </Fact>
      </dl>
    </Part>
  )
}

/** Where the visitor is now, and where it began: both, because the question may be about either. */
function Pages({ scope, start }: { scope: DeskScope; start: PageFacts }) {
  const { desk, texts, locale } = scope
  const details = desk.workplace.value?.details.details.value
  const today = useComputed(() => dayOf(desk.now.value)).value
  const now = details?.pageNow ?? null
  if (!now) return <Page title={texts('brief.page')} scope={scope} page={start} />
  const isSame = now.page.url === start.url
  return (
    <>
      <Page title={texts('brief.pageNow')} scope={scope} page={now.page}>
        <p class="fine">{texts('brief.since', { time: momentText(now.at, today, locale) })}</p>
      </Page>
      {isSame ? (
        <p class="fine">{texts('brief.samePage')}</p>
      ) : (
        <Page title={texts('brief.pageStart')} scope={scope} page={start} />
      )}
    </>
  )
}

function Page(props: { scope: DeskScope; title: string; page: PageFacts; children?: ComponentChildren }) {
  const { page, scope } = props
  return (
    <Part title={props.title}>
      <p>{page.name || page.title}</p>
      <p class="fine">
        <Address href={page.url}>{page.url}</Address>
      </p>
      {props.children}
      {page.errors?.map(error => (
        <p key={error}>{scope.texts('brief.pageError', { error })}</p>
      ))}
    </Part>
  )
}

function Whereabouts({ scope }: { scope: DeskScope }) {
  const { desk, texts, locale } = scope
  const visitor = desk.workplace.value?.details.details.value?.visitor
  const today = useComputed(() => dayOf(desk.now.value)).value
  if (!visitor) return null
  const { state, seenAt } = visitor
  const time = seenAt === null ? '' : momentText(seenAt, today, locale)
  return (
    <p class={state === 'here' ? 'pill good' : 'pill'} role="status">
      {state === 'here'
        ? texts('brief.here')
        : state === 'unknown'
          ? texts('brief.whereUnknown')
          : time
            ? texts('brief.goneSince', { time })
            : texts('brief.gone')}
    </p>
  )
}

/** How it ended and how it was, and to which team it was handed. */
function Ended({ scope, thread }: { scope: DeskScope; thread: OpenThread }) {
  const { desk, texts } = scope
  const { category, rating } = thread.closing
  const team = desk.workplace.value?.details.details.value?.team
  if (!category && !rating && !team) return null
  return (
    <dl class="part closing">
      <Fact label={texts('brief.team')}>{team}</Fact>
      <Fact label={texts('brief.endedAs')}>{category}</Fact>
      <Fact label={texts('brief.rating')}>
        {rating && (
          <>
            {texts('brief.score', { score: rating.score })}
            {rating.comment && <span class="fine"> {rating.comment}</span>}
          </>
        )}
      </Fact>
    </dl>
  )
}

const PRIORITIES: readonly Priority[] = ['low', 'normal', 'high', 'urgent']

/** The priority that is the agent's to set: none after the end, none on servers that know none of a conversation. */
const settablePriority = ({ desk }: DeskScope, { row, state }: OpenThread) =>
  desk.workplace.value && state.phase !== 'ended' ? row?.priority : undefined

/** How pressing it is. */
function Pressing({ scope, thread }: { scope: DeskScope; thread: OpenThread }) {
  const { desk, texts } = scope
  const hasFailed = useSignal(false)
  const details = desk.workplace.value?.details
  const priority = settablePriority(scope, thread)
  if (!priority || !details) return null
  return (
    <section class="part">
      <label class="pressing">
        <span>{texts('brief.priority')}</span>
        <select
          class="boxed"
          value={priority}
          onChange={async event => {
            const wanted = PRIORITIES.find(each => each === event.currentTarget.value)
            if (wanted) hasFailed.value = (await details.setPriority(wanted)) !== 'done'
          }}
        >
          {PRIORITIES.map(each => (
            <option key={each} value={each}>
              {texts(`priority.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <p class="fine trouble" role="status">
        {hasFailed.value ? texts('away.failed') : ''}
      </p>
    </section>
  )
}

/** Other conversations of the same visitor: each opens in place, and back leads back. */
function Earlier({ scope }: { scope: DeskScope }) {
  const { desk, texts, locale } = scope
  const earlier = desk.workplace.value?.details.details.value?.earlier ?? []
  const today = useComputed(() => dayOf(desk.now.value)).value
  if (earlier.length === 0) return null
  return (
    <Part title={texts('earlier.title')}>
      <ul>
        {earlier.map(past => (
          <li key={past.conversationId}>
            <button type="button" class="past" onClick={() => desk.openEarlier(past.conversationId)}>
              <span class="clamp" dir="auto">
                {past.question || texts('row.noQuestion')}
              </span>
              <span class="fine">
                {[
                  momentText(past.lastAt, today, locale),
                  past.ticketNumber === null
                    ? ''
                    : texts('ticket.number', { number: String(past.ticketNumber) }),
                  past.agentName ? texts('earlier.with', { name: past.agentName }) : '',
                  texts(`phase.${past.phase}`),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Part>
  )
}

/** Newest first. */
function Articles({ title, articles }: { title: string; articles: BriefRecord['articlesRead'] }) {
  return articles.length ? (
    <Part title={title}>
      <ul class="articles">
        {[...articles].reverse().map((article, i) => (
          <li key={i}>{article.title}</li>
        ))}
      </ul>
    </Part>
  ) : null
}

function Ticket(props: { scope: DeskScope; thread: OpenThread; ticket: TicketRecord }) {
  const { scope, thread, ticket } = props
  const { desk, texts } = scope
  const { email, phone } = ticket.contact ?? {}
  const levels = thread.row?.levels
  // By the minute: details that are drawn each second are details that nobody can mark and copy.
  const minute = useComputed(() => Math.floor(desk.now.value / 60_000) * 60_000).value
  return (
    <Part title={texts('brief.ticket')}>
      <dl>
        <Fact label={texts('brief.number')}>#{String(ticket.number)}</Fact>
        <Fact label={texts('brief.status')}>{texts(`ticket.${ticket.status}`)}</Fact>
        <Fact label={texts('brief.owner')}>{ticket.owner?.name}</Fact>
        <Fact label={texts('brief.category')}>{ticket.category}</Fact>
        {LEVEL_NAMES.map(of => {
          const level = levels?.[of]
          return (
            <Fact key={of} label={texts(`level.${of}`)}>
              {level && levelText(scope, of, level, minute)}
            </Fact>
          )
        })}
        {!settablePriority(scope, thread) && (
          <Fact label={texts('brief.priority')}>{texts(`priority.${ticket.priority}`)}</Fact>
        )}
        <Fact label={texts('brief.email')}>{email && <ContactLink contact={{ email }} />}</Fact>
        <Fact label={texts('brief.phone')}>{phone && <ContactLink contact={{ phone }} />}</Fact>
        {!email && !phone && <Fact label={texts('brief.contact')}>{texts('brief.noContact')}</Fact>}
      </dl>
    </Part>
  )
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="part">
      <h3>{title}</h3>
      {children}
    </section>
  )
}

/** A line of facts; nothing when there is no value. */
interface FactProps {
  label: string
  /** Small, after the value. */
  note?: string | false
  children?: ComponentChildren
}

function Fact({ label, note, children }: FactProps) {
  if (children === undefined || children === '' || children === null) return null
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {/* Addresses, numbers and names run their own way. */}
        <bdi>{children}</bdi>
        {note && <span class="fine"> ({note})</span>}
      </dd>
    </div>
  )
}

/** Words of the visitor's: a link only through the one door. */
function ContactLink({ contact: { email, phone } }: { contact: Contact }) {
  if (email) return <Mail address={email} />
  return phone ? <Address href={telTo(phone)}>{phone}</Address> : null
}

/** Where it does not fit its line it breaks behind the sign, not before its last letter. */
function Mail({ address }: { address: string }) {
  const at = address.lastIndexOf('@') + 1
  return (
    <Address href={mailTo(address)}>
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </Address>
  )
}

const telTo = (phone: string) => `tel:${phone.replace(/[^+\d]/g, '')}`

/** An address alone: `?bcc=` and its like are part of the name here, not orders to the mail program. */
const mailTo = (address: string) => `mailto:${address.replace(/[?&#%]/g, encodeURIComponent)}`

function Address({ href, children }: { href: string; children: ComponentChildren }) {
  const safe = safeLink(href)
  return safe ? (
    <a href={safe} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ) : (
    children
  )
}
