// The timeline as a list: one item a message, each with its author, so that it reads as one unit.
// Knows no model: the visitor's panel and the desk hand in items and what can be done with them.

import { Fragment } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Texts } from '../base/texts'
import { authorText, machineText, owedText } from '../conversation/disclosure'
import type { DeliveryState, TimelineItem } from '../conversation/timeline'
import type { AttachmentsModel } from '../live/attachmentsModel'
import type { Author } from '../protocol/records'
import type { MarkdownParts } from './AgentText'
import { ARTICLE, Icon } from './icons'
import { languageMark } from './languageMark'
import { useFocusHeir } from './useFocusHeir'
import { useNewest } from './useNewest'
import { Words } from './Words'

type Message = Extract<TimelineItem, { kind: 'message' }>

/** More than a screen holds, few enough to paint at once; older ones come on request. */
const SHOWN_AT_FIRST = 50

export interface MessageListProps {
  readonly items: readonly TimelineItem[]
  readonly texts: Texts
  /** BCP 47, for times. */
  readonly locale: string
  /** What the bot is called where a message does not say. */
  readonly botName: string
  /** Whose messages are one's own: at the end side, with their delivery state. */
  readonly own: 'visitor' | 'agent'
  readonly markdown: MarkdownParts
  /** Shows what only a person's conversation has; until its chunk is here, words stand as they were written. */
  readonly handoff: Pick<typeof import('./Handoff'), 'AgentText' | 'Delivery' | 'FileNames'> | undefined
  /** Shows files, where there are any and its chunk is here; without it they have their names. */
  readonly files?: { readonly part: typeof import('./Files'); readonly model: AttachmentsModel } | undefined
  /** Why a line is there, under it. */
  readonly explain?: import('./Why').Explain | undefined
  retry(key: string): void
  discard(key: string): void
}

export function MessageList(props: MessageListProps) {
  const { items, texts, locale, botName, own, markdown, handoff, files, retry, discard } = props
  // Making one takes longer than drawing a message.
  const [day, time] = useMemo(
    () => [
      new Intl.DateTimeFormat(locale, { dateStyle: 'long' }),
      new Intl.DateTimeFormat(locale, { timeStyle: 'short' }),
    ],
    [locale],
  )
  const [from, showEarlier] = useNewest(items.length, SHOWN_AT_FIRST)
  const lastArrived = items.findLast(
    item => item.kind === 'message' && item.author.kind === own && isSettled(item.state),
  )
  return (
    <>
      {from > 0 && <Earlier label={texts('chat.earlier')} show={showEarlier} />}
      <ol class="log" part="log">
        {items.slice(from).map((item, i, shown) => {
          const before = shown[i - 1]
          const origin = originText(item, texts)
          return (
            <Fragment key={item.key}>
              {before && !isSameDay(before.at, item.at) && <li class="notice">{day.format(item.at)}</li>}
              {item.kind === 'notice' ? (
                <li class="notice">
                  {noticeText(item, texts, botName)}
                  {props.explain?.(item, undefined)}
                  {handoff && (
                    <handoff.Delivery {...props} item={item} copied={noticeText(item, texts, botName)} />
                  )}
                </li>
              ) : (
                <MessageItem
                  {...{ texts, locale, botName, own, markdown, handoff, files, retry, discard, time }}
                  message={item}
                  next={shown[i + 1]}
                  explain={props.explain}
                  isFirstOfTurn={
                    before?.kind !== 'message' || speaker(before.author) !== speaker(item.author)
                  }
                  isLastArrived={item === lastArrived}
                  origin={origin === originText(shown[i + 1], texts) ? '' : origin}
                />
              )}
            </Fragment>
          )
        })}
      </ol>
    </>
  )
}

/** Goes with the oldest line that it shows. */
function Earlier({ label, show }: { label: string; show(): void }) {
  const ref = useFocusHeir<HTMLButtonElement>()
  return (
    <button ref={ref} type="button" class="text-button earlier" onClick={show}>
      {label}
    </button>
  )
}

interface MessageItemProps extends Omit<MessageListProps, 'items'> {
  message: Message
  next: TimelineItem | undefined
  time: Intl.DateTimeFormat
  isFirstOfTurn: boolean
  isLastArrived: boolean
  /** '' where the next message says it, or nothing is to be said. */
  origin: string
}

/** Reads texts and has no state, so that it is drawn anew only where a property or a text is another one. */
function MessageItem(props: MessageItemProps) {
  const { message, texts, isFirstOfTurn, isLastArrived, own, markdown, handoff, files } = props
  const { author, source, attachments } = message
  const isOwn = author.kind === own
  // Read implies all before it: a tick under every line would be noise. Trouble is shown where it is.
  const showsState = isOwn && message.state && (isLastArrived || !isSettled(message.state))
  return (
    <li
      class={`message ${isOwn ? 'own' : author.kind}`}
      part={isOwn ? 'message own' : 'message'}
      data-author={author.kind}
      data-seq={message.seq ?? undefined}
    >
      <div class={isFirstOfTurn && !isOwn ? 'author' : 'sr'}>
        {authorText(author, texts, props.botName)} <time>{props.time.format(message.at)}</time>
      </div>
      {!(attachments && files?.part.isNamesOnly(message.text, attachments)) && (
        <div class="bubble">
          {message.format === 'markdown' && handoff ? (
            <handoff.AgentText text={message.text} markdown={markdown} />
          ) : (
            <Words
              text={message.text}
              tree={source?.tree}
              markdown={markdown}
              lang={source?.kind === 'article' ? message.citations[0]?.locale : undefined}
            />
          )}
        </div>
      )}
      {attachments &&
        (files ? (
          <files.part.MessageFiles
            attachments={attachments}
            files={files.model}
            texts={texts}
            locale={props.locale}
          />
        ) : (
          handoff && <handoff.FileNames text={message.text} attachments={attachments} />
        ))}
      {props.origin && <div class="fine">{props.origin}</div>}
      {message.citations.map(citation => (
        <button
          key={citation.articleId + citation.headingId}
          type="button"
          class="source"
          onClick={() => markdown.openArticle(citation.articleId, citation.headingId)}
        >
          <Icon d={ARTICLE} />
          <span>
            {texts('source.article', { title: citation.title })}
            {citation.headingText && (
              <small class="fine" lang={citation.locale} dir="auto">
                {citation.headingText}
              </small>
            )}
            {citation.locale && (
              <small class="fine">{languageMark(citation.locale, props.locale, texts)}</small>
            )}
          </span>
        </button>
      ))}
      {props.explain?.(message, props.next)}
      {showsState && handoff && <handoff.Delivery {...props} item={message} copied={message.text} />}
    </li>
  )
}

const isSettled = (state: DeliveryState | null) =>
  state === 'sent' || state === 'delivered' || state === 'read'

/** Of moments that stand beside each other in a list. */
const isSameDay = (a: number, b: number) =>
  Math.abs(a - b) < 86_400_000 && new Date(a).getDate() === new Date(b).getDate()

const speaker = (author: Author) => (author.kind === 'agent' ? author.agentId : author.kind)

/** Where a message comes from beyond the articles that it cites; '' where that goes without saying. */
function originText(item: TimelineItem | undefined, texts: Texts): string {
  const source = item?.kind === 'message' ? item.source : null
  return source?.kind === 'site'
    ? texts('source.site', { name: source.name })
    : source?.kind === 'flow'
      ? texts('source.flow', { title: source.title ?? source.flowId })
      : item?.kind === 'message'
        ? machineText(item, texts)
        : ''
}

/** What happened, in words. Numbers go in as they are written: a ticket's number has no thousands separator. */
export function noticeText(
  item: Extract<TimelineItem, { kind: 'notice' }>,
  texts: Texts,
  botName: string,
): string {
  if (item.name === 'botIntro') return owedText(texts, 'notice.botIntro', botName)
  const values: Record<string, string> = { name: botName }
  for (const [name, value] of Object.entries(item.values)) values[name] = String(value)
  if (values.about) values.about = texts(`contest.about.${values.about}`)
  const hasNoContact = item.name === 'ticketOpened' && !values.contact
  return texts(`notice.${item.name}${hasNoContact ? 'NoContact' : ''}`, values)
}
