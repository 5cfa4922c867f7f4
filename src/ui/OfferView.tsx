// The roads to a person: which are open, how long each takes, and the address that some of them need.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Texts } from '../base/texts'
import type { ChannelOffer, ConversationModel } from '../conversation/conversationModel'
import type { Channel, Contact } from '../protocol/records'
import { Bones } from './Bones'
import { ContactForm } from './ContactForm'
import { MAIL, PHONE, TICKET } from './handoffIcons'
import { CHAT, Icon } from './icons'
import type { Scope } from './scope'
import { useChunk } from './useChunk'
import { useFocusHeir } from './useFocusHeir'
import { A_WHILE, useSaid } from './useSaid'
import { minutesSaid, spanText, waitWords } from './waitWords'

const ICONS: Readonly<Record<Channel, string>> = { live: CHAT, ticket: TICKET, email: MAIL, phone: PHONE }

const loadAnswersFirst = () => import('./AnswersFirst')
const loadWhy = () => import('./Why')

export function OfferView({ scope, conversation }: { scope: Scope; conversation: ConversationModel }) {
  const { texts, panel } = scope
  const [asking, setAsking] = useState<Channel | null>(null)
  const isBusy = useRef(false)
  const ref = useFocusHeir<HTMLElement>()
  const offer = conversation.offer.value
  const why = useChunk(scope, loadWhy)
  // Without it a message is left at once.
  const hasTicket = offer?.channels.some(({ channel }) => channel === 'ticket')
  const first = useChunk(scope, loadAnswersFirst, hasTicket === true)
  const isConsidering = conversation.answersFirst.value !== null
  const telling = conversation.telling.value
  useEffect(() => {
    conversation.setChoosing(asking !== null || isConsidering)
    return () => conversation.setChoosing(false)
  }, [asking, isConsidering])
  const locale = panel.settings.value.locale
  // Once they are known, and again where one opens or closes; the wait alone changes with every minute.
  const open = offer?.channels.map(({ channel, available }) => available && channel).join()
  const listed = new Intl.ListFormat(locale, { type: 'unit' })
  const parts = (road: ChannelOffer) =>
    [texts(`offer.${road.channel}`), waitText(road, texts, locale)].filter(part => part !== '')
  const said = useMemo(
    () =>
      offer &&
      [
        texts('offer.title'),
        texts(`offer.reason.${offer.reason}`),
        ...offer.channels.map(road => listed.format(parts(road))),
      ].join('\n'),
    [open, offer?.reason, offer?.checking],
  )
  useSaid(scope, !offer?.checking && said)
  useSaid(scope, offer?.checking && texts('offer.checking'), A_WHILE)
  if (!offer) return null

  const choose = async (channel: Channel, contact?: Contact) => {
    if (isBusy.current) return
    isBusy.current = true
    await conversation.chooseChannel(channel, contact).finally(() => {
      isBusy.current = false
    })
  }
  const take = (road: ChannelOffer) => {
    if (road.needsContact) setAsking(asking === road.channel ? null : road.channel)
    else void choose(road.channel)
  }
  return (
    <section ref={ref} class="card" part="offer" aria-label={texts('offer.title')}>
      <h3>{texts('offer.title')}</h3>
      <p class="quiet">{texts(`offer.reason.${offer.reason}`)}</p>
      {offer.checking && (
        <>
          <p class="fine">{texts('offer.checking')}</p>
          <Bones kind="rows" />
        </>
      )}
      {offer.channels.map(road => {
        const isAsked = asking === road.channel && road.needsContact
        return (
          <div key={road.channel} class="channel">
            <button
              type="button"
              class="road"
              disabled={!road.available}
              aria-expanded={road.needsContact ? !!isAsked : undefined}
              onClick={() => {
                // What answers it already is offered first, where the part that shows it is here.
                if (road.channel !== 'ticket' || isAsked || !first || !conversation.considerAnswers())
                  take(road)
              }}
            >
              <Icon d={ICONS[road.channel]} />
              <span>
                {texts(`offer.${road.channel}`)}
                <small>{waitText(road, texts, locale)}</small>
              </span>
              {road.recommended && (
                <b class="tag">
                  {texts(road.because ? `offer.because.${road.because}` : 'offer.recommended')}
                </b>
              )}
            </button>
            {first && isConsidering && road.channel === 'ticket' && (
              <first.AnswersFirst scope={scope} conversation={conversation} goOn={() => take(road)} />
            )}
            {isAsked && (
              <ContactForm
                kind={isAsked}
                scope={scope}
                give={contact => void choose(road.channel, contact)}
              />
            )}
          </div>
        )
      })}
      {why && <why.Objections scope={scope} conversation={conversation} />}
      {why && !offer.checking && (
        <>
          {telling && (
            <why.Disclosure label={texts(telling.isSent.value ? 'told.open' : 'told.look')}>
              <why.Receipt scope={scope} conversation={conversation} telling={telling} />
            </why.Disclosure>
          )}
          <why.WhyOffer scope={scope} conversation={conversation} />
        </>
      )}
      <button type="button" class="text-button" onClick={() => conversation.stayWithBot()}>
        {texts('offer.stay')}
      </button>
    </section>
  )
}

function waitText(road: ChannelOffer, texts: Texts, locale: string): string {
  if (!road.available) {
    if (road.isUnknown) return texts('offer.liveUnreachable')
    if (road.opensAt === null) return texts('offer.liveClosed')
    const time = new Intl.DateTimeFormat(locale, { weekday: 'long', hour: 'numeric', minute: '2-digit' })
    return texts('offer.liveOpens', { time: time.format(road.opensAt) })
  }
  if (road.channel === 'ticket' && road.answerWithinMs !== undefined) {
    const time = spanText(road.answerWithinMs, locale)
    return time === null ? texts('offer.ticketUnknown') : texts('offer.ticketUsual', { time })
  }
  if (road.channel !== 'live') return ''
  const wait = waitWords(road.expectedWaitMs, road.expectedRange)
  return texts(`offer.live${wait.name}`, { ...wait.values, count: minutesSaid(wait) })
}
