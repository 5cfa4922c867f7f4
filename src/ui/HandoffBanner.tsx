// What stands between the visitor and a person right now: place in the queue, who is here, a lost link.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import { ContactForm } from './ContactForm'
import { CopyButton } from './CopyButton'
import { ALERT, CLOCK, MORE, TICKET } from './handoffIcons'
import { Icon, PERSON } from './icons'
import { Sure } from './Sure'
import type { Scope } from './scope'
import { useChunk } from './useChunk'
import { useFocusHeir } from './useFocusHeir'
import { useSaid } from './useSaid'
import { minutesSaid, waitWords } from './waitWords'

export const loadAfterwards = () => import('./Afterwards')
export const loadTicket = () => import('./Ticket')
const loadWhy = () => import('./Why')

export function HandoffBanner({ scope, conversation }: { scope: Scope; conversation: ConversationModel }) {
  const { texts, panel } = scope
  const phase = conversation.phase.value
  const willWrite = phase === 'queued' || phase === 'live'
  useEffect(() => {
    // A person writes with marks: what reads them is here before the first words are, which would change their looks.
    if (willWrite) void panel.parseMarkdown('')
  }, [willWrite])
  return (
    <div class="banners">
      <LinkBanner scope={scope} conversation={conversation} />
      {phase === 'queued' && <QueueBanner scope={scope} conversation={conversation} />}
      {phase === 'live' && <LiveBanner scope={scope} conversation={conversation} />}
      {phase === 'ticketed' && <TicketBanner scope={scope} conversation={conversation} />}
      {conversation.keeping.value === 'memory' && phase !== 'ended' && (
        <div class="banner">
          <Icon d={ALERT} />
          <p>{texts('chat.memory')}</p>
        </div>
      )}
    </div>
  )
}

interface BannerProps {
  scope: Scope
  conversation: ConversationModel
}

function LinkBanner({ scope, conversation }: BannerProps) {
  const { texts, panel } = scope
  const { contactEmail } = panel.settings.value
  const isStranded = conversation.isStranded.value
  const isAway = isStranded || conversation.isCutOff.value
  const wasAway = useRef(isAway)
  if (isAway) wasAway.current = true
  const sentence = isStranded
    ? contactEmail
      ? texts('link.stranded', { email: contactEmail })
      : texts('link.strandedNoEmail')
    : isAway && texts('link.cut')
  useSaid(scope, sentence || (wasAway.current && texts('link.back')))
  if (isStranded)
    return (
      <div class="banner warning" part="banner">
        <Icon d={ALERT} />
        <div>
          <p>{sentence}</p>
          <div class="actions">
            <CopyButton
              label={texts('link.copy')}
              texts={texts}
              text={() => [conversation.transcript(), conversation.draft.value].join('\n').trim()}
            />
            {contactEmail && (
              <a class="text-button" href={`mailto:${encodeURI(contactEmail)}`}>
                {texts('offer.email')}
              </a>
            )}
          </div>
        </div>
      </div>
    )
  return isAway ? (
    <div class="banner warning" part="banner">
      <Icon d={ALERT} />
      <p>{sentence}</p>
    </div>
  ) : null
}

/** A button, and below it what it opens, until it is pressed again. */
function Opened(props: { label: string; children(close: () => void): ComponentChildren }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <button type="button" class="text-button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {props.label}
      </button>
      {isOpen && props.children(() => setIsOpen(false))}
    </>
  )
}

/** A copy to keep, of what was said until now: what offers it is fetched when it is wanted. */
const KeepCopy = (props: BannerProps) => (
  <Opened label={props.scope.texts('keep.open')}>{() => <Copies {...props} />}</Opened>
)

function Copies(props: BannerProps) {
  const afterwards = useChunk(props.scope, loadAfterwards)
  return afterwards ? <afterwards.Transcript {...props} /> : null
}

/**
 * The one place for an address while somebody waits or talks: nothing else changes by it. What the server will do with
 * it is said where it is asked for, and promised where the server has it.
 */
function IfGone({ scope, conversation, label }: BannerProps & { label: string }) {
  const { texts } = scope
  const { contact, state } = conversation.answerAt.value ?? {}
  const address = contact?.email ?? contact?.phone
  return (
    <>
      {address && (
        <span class={state === 'failed' ? 'fine trouble' : 'fine'}>
          {texts(`gone.${state}`, { contact: address })}
        </span>
      )}
      <Opened key={address} label={texts(address ? 'gone.change' : label)}>
        {close => (
          <div class="asked">
            <p class="fine">{texts(conversation.phase.value === 'live' ? 'gone.live' : 'gone.queued')}</p>
            <ContactForm
              kind="email"
              scope={scope}
              value={conversation.contact.value?.email}
              give={given => {
                close()
                void conversation.giveContact(given)
              }}
            />
          </div>
        )}
      </Opened>
    </>
  )
}

/** Said once: here while it changes, and to screen readers when it does. */
function Presence({ scope: { texts, announce }, conversation }: BannerProps) {
  const state = conversation.agentPresence.value
  const name = conversation.agent.value?.name
  const sentence = state && name ? texts(`presence.${state}`, { name }) : ''
  const before = useRef(state)
  useEffect(() => {
    // Who has just come is announced as such.
    if (sentence && (state !== 'here' || before.current)) announce(sentence)
    before.current = state
  }, [sentence])
  return sentence ? <small class={state === 'gone' ? 'trouble' : 'fine'}>{sentence}</small> : null
}

function QueueBanner({ scope, conversation }: BannerProps) {
  const { texts, announce } = scope
  const ref = useFocusHeir<HTMLDivElement>()
  const place = conversation.place.value
  const email = conversation.answerAt.value?.contact.email
  const wait = waitWords(conversation.expectedWaitMs.value, conversation.expectedRange.value)
  const where = place === null ? texts('queue.waiting') : texts('queue.place', { place })
  const howLong = texts(`queue.${wait.name.toLowerCase()}`, { ...wait.values, count: minutesSaid(wait) })
  // Each step forward; the wait alone changes with every minute.
  useEffect(() => {
    if (place !== null) announce(`${where} ${howLong}`)
  }, [place])
  return (
    <div ref={ref} class="banner" part="banner">
      <Icon d={CLOCK} />
      <div>
        <p>
          <b>{where}</b> {howLong}
        </p>
        <p class="fine">{texts('queue.read')}</p>
        <div class="side">
          <IfGone scope={scope} conversation={conversation} label="gone.mail" />
        </div>
        <div class="side">
          {email && (
            <Sure
              texts={texts}
              act="queue.byMail"
              sure="queue.byMailSure"
              not="queue.byMailNot"
              do={() => void conversation.answerByMail({ email })}
            />
          )}
          <button type="button" class="text-button" onClick={() => void conversation.cancelWaiting()}>
            {texts('queue.cancel')}
          </button>
        </div>
      </div>
    </div>
  )
}

/** One line. What one can do stands behind a button, so that a phone has its height for what is said. */
function LineBanner(props: {
  scope: Scope
  sign: ComponentChildren
  line: ComponentChildren
  /** What is asked for, or must not be missed: in sight. */
  under?: ComponentChildren
  /** Behind the button. */
  children: ComponentChildren
}) {
  const ref = useFocusHeir<HTMLDivElement>()
  const more = useRef<HTMLButtonElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what is open in here, before it closes the panel
    <div
      ref={ref}
      class="banner person"
      part="banner"
      onKeyDown={event => {
        if (event.key !== 'Escape' || !isOpen || event.defaultPrevented) return
        event.preventDefault()
        setIsOpen(false)
        more.current?.focus()
      }}
    >
      {props.sign}
      <p class="who">{props.line}</p>
      <button
        ref={more}
        type="button"
        class="round"
        aria-label={props.scope.texts('live.more')}
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon d={MORE} />
      </button>
      {props.under && <div class="under">{props.under}</div>}
      {isOpen && <div class="side">{props.children}</div>}
    </div>
  )
}

/** Who is here. */
function LiveBanner({ scope, conversation }: BannerProps) {
  const { texts } = scope
  const name = conversation.agent.value?.name ?? ''
  const [initial] = name.trim()
  return (
    <LineBanner
      scope={scope}
      sign={
        <i class="face" aria-hidden="true">
          {initial?.toLocaleUpperCase() ?? <Icon d={PERSON} />}
        </i>
      }
      line={
        <>
          <b>{name && texts('author.agent', { name })}</b>
          <Presence scope={scope} conversation={conversation} />
        </>
      }
    >
      <TicketPart scope={scope} conversation={conversation} />
      <IfGone scope={scope} conversation={conversation} label="gone.mailLive" />
      <KeepCopy scope={scope} conversation={conversation} />
      <Sure
        texts={texts}
        act="chat.end"
        sure="chat.endSure"
        not="chat.endNot"
        danger
        do={() => void conversation.end()}
      />
    </LineBanner>
  )
}

/** Which one it is, and how it stands. */
function TicketBanner({ scope, conversation }: BannerProps) {
  const { texts } = scope
  const part = useChunk(scope, loadTicket)
  const ticket = conversation.ticket.value
  if (!ticket) return null
  const isEmpty = !conversation.items.value.some(
    item => item.kind === 'message' && item.author.kind === 'visitor',
  )
  const hasContact = ticket.contact?.email ?? ticket.contact?.phone
  return (
    <LineBanner
      scope={scope}
      sign={<Icon d={TICKET} />}
      line={
        <>
          <b>#{String(ticket.number)}</b>
          {part && <part.TicketLine scope={scope} conversation={conversation} />}
        </>
      }
      under={
        (isEmpty || !hasContact) && (
          <>
            {isEmpty && <p>{texts('ticket.empty')}</p>}
            {!hasContact && (
              <ContactForm kind="email" scope={scope} give={given => void conversation.giveContact(given)} />
            )}
          </>
        )
      }
    >
      <TicketPart scope={scope} conversation={conversation}>
        <KeepCopy scope={scope} conversation={conversation} />
      </TicketPart>
      <Told scope={scope} conversation={conversation} />
    </LineBanner>
  )
}

/** How the ticket stands, and what can be done with it. */
function TicketPart({ children, ...props }: BannerProps & { children?: ComponentChildren }) {
  const part = useChunk(props.scope, loadTicket, props.conversation.ticket.value !== null)
  return part ? <part.Ticket {...props}>{children}</part.Ticket> : <div class="side">{children}</div>
}

/** What was sent with a ticket, whose line in the log this banner stands for. */
function Told({ scope, conversation }: BannerProps) {
  const why = useChunk(scope, loadWhy)
  const telling = conversation.telling.value
  if (!why || !telling?.isSent.value) return null
  return (
    <why.Disclosure label={scope.texts('told.open')}>
      <why.Receipt scope={scope} conversation={conversation} telling={telling} />
    </why.Disclosure>
  )
}
