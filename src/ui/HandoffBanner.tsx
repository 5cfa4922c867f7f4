// What stands between the visitor and a person right now: place in the queue, who is here, a lost link.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import type { Contact } from '../protocol/records'
import { ContactForm } from './ContactForm'
import { CopyButton } from './CopyButton'
import { ALERT, CLOCK, TICKET } from './handoffIcons'
import { Icon, PERSON } from './icons'
import type { Scope } from './scope'
import { useAfterwards } from './useAfterwards'
import { useFocusHeir } from './useFocusHeir'
import { minutesSaid, waitWords } from './waitWords'

export function HandoffBanner({ scope, conversation }: { scope: Scope; conversation: ConversationModel }) {
  const { texts } = scope
  const phase = conversation.phase.value
  return (
    <div class="banners">
      <LinkBanner scope={scope} conversation={conversation} />
      {phase === 'queued' && <QueueBanner scope={scope} conversation={conversation} />}
      {phase === 'live' && <LiveBanner scope={scope} conversation={conversation} />}
      {phase === 'ticketed' && <TicketBanner scope={scope} conversation={conversation} />}
      {conversation.keeping.value === 'memory' && phase !== 'ended' && (
        <div class="banner">{texts('chat.memory')}</div>
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
  if (conversation.isStranded.value)
    return (
      <div class="banner warning" part="banner" role="status">
        <Icon d={ALERT} />
        <div>
          <p>
            {contactEmail ? texts('link.stranded', { email: contactEmail }) : texts('link.strandedNoEmail')}
          </p>
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
  return conversation.isCutOff.value ? (
    <div class="banner warning" part="banner" role="status">
      <Icon d={ALERT} />
      <p>{texts('link.cut')}</p>
    </div>
  ) : null
}

/** A copy to keep, of what was said until now: what offers it is fetched when it is wanted. */
function KeepCopy({ scope, conversation }: BannerProps) {
  const [isWanted, setIsWanted] = useState(false)
  const afterwards = useAfterwards(scope, isWanted)
  return (
    <>
      <button
        type="button"
        class="text-button"
        aria-expanded={isWanted}
        onClick={() => setIsWanted(!isWanted)}
      >
        {scope.texts('keep.open')}
      </button>
      {isWanted && afterwards && <afterwards.Transcript scope={scope} conversation={conversation} />}
    </>
  )
}

/** A form behind a button, with what is known filled in. */
function MailForm(props: BannerProps & { label: string; warning?: string; give(contact: Contact): void }) {
  const { scope, conversation, label, warning, give } = props
  const [isWanted, setIsWanted] = useState(false)
  return (
    <>
      <button
        type="button"
        class="text-button"
        aria-expanded={isWanted}
        onClick={() => setIsWanted(!isWanted)}
      >
        {label}
      </button>
      {isWanted && (
        <div class="asked">
          {warning && <p class="fine">{warning}</p>}
          <ContactForm
            kind="email"
            texts={scope.texts}
            value={conversation.contact.value?.email}
            give={contact => {
              setIsWanted(false)
              give(contact)
            }}
          />
        </div>
      )}
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
  const { texts } = scope
  const ref = useFocusHeir<HTMLDivElement>()
  const place = conversation.place.value
  const wait = waitWords(conversation.expectedWaitMs.value, conversation.expectedRange.value)
  return (
    <div ref={ref} class="banner" part="banner">
      <Icon d={CLOCK} />
      <div>
        <p>
          <b>{place === null ? texts('queue.waiting') : texts('queue.place', { place })}</b>{' '}
          {texts(`queue.${wait.name.toLowerCase()}`, { ...wait.values, count: minutesSaid(wait) })}
        </p>
        <p class="fine">{texts('queue.read')}</p>
        <div class="side">
          <button type="button" class="text-button" onClick={() => void conversation.cancelWaiting()}>
            {texts('queue.cancel')}
          </button>
          <MailForm
            scope={scope}
            conversation={conversation}
            label={texts('queue.mail')}
            warning={texts('queue.mailWarning')}
            give={contact => void conversation.answerByMail(contact)}
          />
        </div>
      </div>
    </div>
  )
}

function LiveBanner({ scope, conversation }: BannerProps) {
  const { texts } = scope
  const ref = useFocusHeir<HTMLDivElement>()
  const agent = conversation.agent.value
  const { email, phone } = conversation.contact.value ?? {}
  const contact = email ?? phone
  const [isSure, setIsSure] = useState(false)
  return (
    <div ref={ref} class="banner" part="banner">
      <i class="face">
        <Icon d={PERSON} />
      </i>
      <p class="grow-x">
        <b>{agent && texts('author.agent', { name: agent.name })}</b>
        <Presence scope={scope} conversation={conversation} />
      </p>
      {/* Asked twice: one slip of the finger would send a person away. */}
      {isSure ? (
        <>
          <button type="button" class="text-button danger" onClick={() => void conversation.end()}>
            {texts('chat.endSure')}
          </button>
          <button type="button" class="text-button" onClick={() => setIsSure(false)}>
            {texts('chat.endNot')}
          </button>
        </>
      ) : (
        <button type="button" class="text-button" onClick={() => setIsSure(true)}>
          {texts('chat.end')}
        </button>
      )}
      <div class="side">
        {contact && <span class="fine">{texts('live.mailGiven', { contact })}</span>}
        <MailForm
          key={contact}
          scope={scope}
          conversation={conversation}
          label={texts(contact ? 'live.mailChange' : 'live.mail')}
          give={given => void conversation.giveContact(given)}
        />
        <KeepCopy scope={scope} conversation={conversation} />
      </div>
    </div>
  )
}

function TicketBanner({ scope, conversation }: BannerProps) {
  const { texts } = scope
  const ticket = conversation.ticket.value
  if (!ticket) return null
  const number = String(ticket.number)
  const contact = ticket.contact?.email ?? ticket.contact?.phone
  const isEmpty = !conversation.items.value.some(
    item => item.kind === 'message' && item.author.kind === 'visitor',
  )
  return (
    <div class="banner" part="banner">
      <Icon d={TICKET} />
      <div>
        <p>
          {contact
            ? texts('notice.ticketOpened', { number, contact })
            : texts('notice.ticketOpenedNoContact', { number })}
        </p>
        {isEmpty && <p>{texts('ticket.empty')}</p>}
        {!contact && (
          <ContactForm kind="email" texts={texts} give={given => void conversation.giveContact(given)} />
        )}
        <KeepCopy scope={scope} conversation={conversation} />
      </div>
    </div>
  )
}
