// The open conversation: who, in which state, what was said, and the reply. All words are text nodes; only an
// agent's Markdown is read as more, through the content tree.

import { type Signal, useComputed, useSignal } from '@preact/signals'
import { type ComponentChildren, Fragment } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { DeliveryState, TimelineItem } from '../conversation/timeline'
import { Bones } from '../ui/Bones'
import { isNamesOnly, MessageFiles } from '../ui/Files'
import { BACK, Icon, QUESTION } from '../ui/icons'
import { newLines, sameLines } from '../ui/newLines'
import { useNewest } from '../ui/useNewest'
import { Contests } from './Contests'
import type { HeldReply, OpenThread, PendingEnd } from './deskModel'
import { EmptyState } from './EmptyState'
import { HOLD_MS } from './hold'
import { Markdown } from './Markdown'
import { Reply } from './Reply'
import { type DeskScope, noticeText, reasonText, visitorName } from './scope'
import { TicketHead } from './TicketHead'
import { TransferDialog } from './TransferDialog'
import { type ThreadNote, withNotes } from './threadNotes'
import { dayOf, momentText, waitText } from './times'
import { useLaterPart } from './useLaterPart'
import { isOwn, type Message, whoOf } from './whoOf'

/** More than a screen holds, few enough to paint at once; older ones come on request. */
const SHOWN_AT_FIRST = 100

export interface ThreadProps {
  readonly scope: DeskScope
  readonly isBriefOpen: Signal<boolean>
  /** Gives the keyboard back to the list. */
  toList(): void
}

export function Thread({ scope, isBriefOpen, toList }: ThreadProps) {
  const { desk, texts } = scope
  const thread = desk.thread.value
  const title = useRef<HTMLHeadingElement>(null)
  const isTransferring = useSignal(false)
  const wasTransferring = useRef(false)
  const wasBriefOpen = useRef(false)
  const isOverFiles = useSignal(false)
  const isRefused = useSignal(false)
  /** The line that somebody wants to see, by its seq. */
  const wanted = useSignal<number | null>(null)
  const name = visitorName(scope, thread?.row?.visitorName ?? thread?.brief?.visitor.name)
  const isMine = thread?.isMine
  // The reply, drawn before this, has taken the focus itself where it can be written in.
  useLayoutEffect(() => {
    if (!title.current?.closest('.desk-thread')?.contains(document.activeElement)) title.current?.focus()
  }, [])
  // What opened the dialog may be gone with the conversation: the keyboard stays in the thread.
  useLayoutEffect(() => {
    if (wasTransferring.current && !isTransferring.value && document.activeElement === document.body)
      title.current?.focus()
    wasTransferring.current = isTransferring.value
  }, [isTransferring.value, isMine])
  if (!thread) return null
  const notice = desk.notice.value

  /** The whole thread takes what the field under it takes, which saw it first. */
  const onDrag = (event: DragEvent) => {
    if (event.defaultPrevented || !hasFiles(event)) return
    const files = desk.files.value
    const isReply = desk.workplace.value?.composer.mode.value === 'reply'
    const takes = thread.mayReply && isReply && files?.accepts.value ? files : null
    // Else the browser would leave the desk for the file, also where none is taken.
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = takes ? 'copy' : 'none'
    isOverFiles.value = event.type === 'dragover' && takes !== null
    isRefused.value = event.type === 'dragover' && takes === null
    if (event.type === 'drop') takes?.add([...(event.dataTransfer?.files ?? [])])
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leads out from wherever the focus is inside
    <div
      class="desk-thread"
      data-over={isOverFiles.value ? '' : undefined}
      onDragOver={onDrag}
      onDrop={onDrag}
      onDragLeave={() => {
        isOverFiles.value = false
        isRefused.value = false
      }}
      onKeyDown={event => {
        if (event.key === 'Escape' && !event.defaultPrevented) toList()
      }}
    >
      <header class="thread-top">
        <button
          type="button"
          class="button quiet-button only-phone"
          aria-label={texts('thread.back')}
          onClick={toList}
        >
          <Icon d={BACK} />
        </button>
        <div class="thread-who">
          <h2 tabIndex={-1} ref={title} dir="auto">
            {name}
          </h2>
          <p class="fine">
            <Status scope={scope} thread={thread} />
          </p>
        </div>
        <button
          type="button"
          id="desk-details"
          class="button only-narrow"
          aria-expanded={isBriefOpen.value}
          aria-controls="desk-brief"
          // The press itself takes the focus out of the details, which closes them: it means them as they were before.
          onPointerDown={() => {
            wasBriefOpen.current = isBriefOpen.value
          }}
          onClick={({ detail }) => {
            isBriefOpen.value = !(detail === 0 ? isBriefOpen.value : wasBriefOpen.current)
          }}
        >
          {texts('thread.details')}
        </button>
        {(thread.isMine || isOpenTicket(thread)) && (
          <Ending
            key={thread.isMine ? 'live' : 'ticket'}
            scope={scope}
            thread={thread}
            focusTitle={() => title.current?.focus()}
            openTransfer={() => {
              desk.dismissNotice()
              isTransferring.value = true
            }}
          />
        )}
        {thread.status === 'ready' && (thread.state.phase === 'queued' || thread.mayReopen) && (
          <div class="actions">
            {thread.mayReopen ? (
              <button
                type="button"
                class="button"
                disabled={desk.isChanging.value}
                onClick={() => void desk.reopen()}
              >
                {texts('thread.reopen')}
              </button>
            ) : (
              <MakeTicket scope={scope} thread={thread} focusTitle={() => title.current?.focus()} />
            )}
          </div>
        )}
        {/* Not in what goes with the conversation: a colleague who takes it over takes no sentence with it. */}
        {isTransferring.value && (
          <TransferDialog
            scope={scope}
            thread={thread}
            onClose={() => {
              isTransferring.value = false
            }}
          />
        )}
      </header>
      <div role="alert">
        {notice && (
          <p class="banner warning">
            <span>{noticeText(scope, notice)}</span>
            <button type="button" class="text-button" onClick={() => desk.dismissNotice()}>
              {texts('action.close')}
            </button>
          </p>
        )}
      </div>
      <div role="status">{isRefused.value && <p class="banner warning">{texts('file.notHere')}</p>}</div>
      <TicketHead scope={scope} thread={thread} />
      {thread.cameFrom !== null && (
        <div class="visiting">
          <span>{texts(thread.cameAs === 'similar' ? 'thread.similarOne' : 'thread.earlierOne')}</span>
          <button type="button" class="text-button" onClick={() => desk.back()}>
            {texts('thread.backToOpen')}
          </button>
        </div>
      )}
      <Log scope={scope} thread={thread} name={name} wanted={wanted} />
      {thread.hasDispute && <DisputePart scope={scope} thread={thread} />}
      <Contests
        scope={scope}
        thread={thread}
        visitor={name}
        show={seq => {
          wanted.value = seq
        }}
      />
      <Reply scope={scope} thread={thread} name={name} />
    </div>
  )
}

/** Most conversations have none: its part comes with the first that does. */
function DisputePart({ scope, thread }: { scope: DeskScope; thread: OpenThread }) {
  const { texts } = scope
  const { part, again } = useLaterPart(loadDispute)
  if (part === null) return null
  if (part === 'failed')
    return (
      <div class="dispute" role="alert">
        <p>{texts('dispute.failed')}</p>
        <Act onClick={again}>{texts('action.retry')}</Act>
      </div>
    )
  return <part.Dispute scope={scope} thread={thread} />
}

const loadDispute = () => import('./Dispute')

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') === true

function Status({ scope, thread }: { scope: DeskScope; thread: OpenThread }) {
  const { desk, texts } = scope
  const { phase, agent, waitingSince, ticket } = thread.state
  if (thread.status !== 'ready') return <>{'\u00a0'}</>
  const { transfer } = thread
  if (thread.isMine)
    return (
      <>
        {transfer?.from && !transfer.isOwn
          ? texts('status.handed', { name: transfer.from })
          : texts('status.mine')}
      </>
    )
  if (phase === 'live') return <>{texts('status.other', { name: agent?.name ?? '' })}</>
  if (phase === 'queued') {
    const time = waitText(waitingSince ?? desk.now.value, desk.now.value, scope.locale)
    const team = thread.row?.team
    return <>{texts(team ? 'status.queuedTeam' : 'status.queued', { time, team: team ?? '' })}</>
  }
  if (phase === 'ticketed') {
    const owner = ticket?.owner
    if (!owner) return <>{texts('status.ticketOfNobody')}</>
    return (
      <>
        {owner.agentId === desk.agent.value?.agentId
          ? texts('status.ticketMine')
          : texts('notice.owned', { name: owner.name })}
      </>
    )
  }
  return <>{texts(`status.${phase}`)}</>
}

const isOpenTicket = ({ state, mayReply }: OpenThread) => state.phase === 'ticketed' && mayReply

/** Of who waits, and of the own live conversation: the visitor need not stay. */
function MakeTicket(props: { scope: DeskScope; thread: OpenThread; focusTitle(): void }) {
  const { scope, thread, focusTitle } = props
  const { desk, texts } = scope
  return (
    <button
      type="button"
      class="button"
      disabled={desk.isChanging.value}
      onClick={async () => {
        await desk.openTicket()
        // Where there was a field already, nothing takes the keyboard that the button had.
        if (document.activeElement === document.body) focusTitle()
      }}
    >
      {texts(thread.state.ticket ? 'thread.backToTicket' : 'thread.makeTicket')}
    </button>
  )
}

/** Handing back and ending, or solving; both ask once more, because the visitor sees it at once. */
function Ending(props: { scope: DeskScope; thread: OpenThread; openTransfer(): void; focusTitle(): void }) {
  const { scope, thread, openTransfer, focusTitle } = props
  const { desk, texts } = scope
  const { isMine } = thread
  const pending: PendingEnd | null = thread.ending
  const workplace = desk.workplace.value
  const categories = workplace?.settings.settings.value?.categories ?? []
  const last = thread.state.ticket?.category || (workplace?.preferences.lastCategory.value ?? '')
  const isAsking = useSignal(false)
  const category = useSignal(categories.includes(last) ? last : '')
  const keep = useRef<HTMLButtonElement>(null)
  const ask = useRef<HTMLButtonElement>(null)
  const wasAsking = useRef(false)
  useLayoutEffect(() => {
    if (isAsking.value) keep.current?.focus()
    else if (wasAsking.current) ask.current?.focus()
    wasAsking.current = isAsking.value
  }, [isAsking.value])
  if (pending)
    return (
      <div class="actions">
        <span class="sure" role="status">
          {texts(
            pending.isStuck
              ? 'thread.endStuck'
              : desk.link.value === 'online'
                ? 'thread.ending'
                : 'thread.endWaits',
          )}
        </span>
        {pending.isStuck && (
          <button type="button" class="button" onClick={() => desk.retry(pending.key)}>
            {texts('action.retry')}
          </button>
        )}
        {(pending.mayWithdraw || pending.isStuck) && (
          <button
            type="button"
            class="button"
            onClick={() => {
              if (pending.isStuck) desk.discard(pending.key)
              else desk.keepOpen()
              focusTitle()
            }}
          >
            {texts('thread.endNo')}
          </button>
        )}
      </div>
    )
  if (isAsking.value)
    return (
      <fieldset
        class="actions"
        aria-label={texts(isMine ? 'thread.endSure' : 'thread.solveSure')}
        onKeyDown={event => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          isAsking.value = false
        }}
      >
        <span class="sure">{texts(isMine ? 'thread.endSure' : 'thread.solveSure')}</span>
        {categories.length > 0 && (
          <label class="end-as">
            <span class="sr">{texts('thread.endAs')}</span>
            <select
              class="boxed"
              value={category.value}
              onChange={event => {
                category.value = event.currentTarget.value
              }}
            >
              <option value="">{texts('thread.endAsNothing')}</option>
              {categories.map(each => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </label>
        )}
        <div class="dialog-foot">
          <button
            type="button"
            class={isMine ? 'button danger' : 'button main'}
            onClick={() => {
              desk.end(category.value)
              isAsking.value = false
              // The buttons are gone in a moment, and with them the keyboard's place.
              focusTitle()
            }}
          >
            {texts(isMine ? 'thread.endYes' : 'thread.solveYes')}
          </button>
          <button
            type="button"
            class="button"
            ref={keep}
            onClick={() => {
              isAsking.value = false
            }}
          >
            {texts('thread.endNo')}
          </button>
        </div>
      </fieldset>
    )
  return (
    <div class="actions">
      {isMine && (
        <>
          {workplace?.people.people.value && (
            <button type="button" class="button" disabled={desk.isChanging.value} onClick={openTransfer}>
              {texts('transfer.open')}
            </button>
          )}
          <button
            type="button"
            class="button"
            disabled={desk.isChanging.value}
            onClick={() => void desk.release()}
          >
            {texts('thread.release')}
          </button>
          <MakeTicket scope={scope} thread={thread} focusTitle={focusTitle} />
        </>
      )}
      <button
        type="button"
        id="desk-end"
        class="button"
        ref={ask}
        onClick={() => {
          isAsking.value = true
        }}
      >
        {texts(isMine ? 'thread.end' : 'thread.solve')}
      </button>
    </div>
  )
}

interface LogProps {
  readonly scope: DeskScope
  readonly thread: OpenThread
  readonly name: string
  readonly wanted: Signal<number | null>
}

function Log({ scope, thread, name, wanted }: LogProps) {
  const { desk, texts } = scope
  // Not `now`: a hundred messages need not be drawn again each second.
  const today = useComputed(() => dayOf(desk.now.value)).value
  const { items, status, seenBefore } = thread
  // While a long one comes page by page its first words stand: to draw the newest hundred anew for each of fifty
  // pages takes longer than all of them take to come. One's own words on their way are always shown.
  const drawn = useRef(0)
  if (status !== 'loading' || drawn.current === 0 || items.at(-1)?.seq === null) drawn.current = items.length
  const [from, showEarlier, showFrom] = useNewest(drawn.current, SHOWN_AT_FIRST)
  const log = useRef<HTMLDivElement>(null)
  const seq = wanted.value
  useLayoutEffect(() => {
    if (seq === null) return
    const at = items.findIndex(item => item.seq === seq)
    if (at >= 0 && at < from) return showFrom(at)
    wanted.value = null
    const line = log.current?.querySelector<HTMLElement>(`[data-seq="${seq}"]`)
    if (!line) return
    line.tabIndex = -1
    line.focus({ preventScroll: true })
    line.scrollIntoView({ block: 'center' })
  }, [seq, from])
  const shown = items.slice(from, drawn.current)
  const lastOwn = items.findLast(item => item.kind === 'message' && item.state !== null)
  const firstNew =
    seenBefore > 0
      ? shown.find(
          item => item.seq !== null && item.seq > seenBefore && item.kind === 'message' && !item.state,
        )
      : undefined
  return (
    // Laid out from the end: the newest line stays in sight while words come in, and an agent who has scrolled
    // up stays where they are.
    <div class="stack scroll">
      <div class="stack-body">
        {status === 'loading' &&
          (items.length === 0 ? (
            <Bones kind="chat" count={5} text={texts('thread.loading')} isSaid />
          ) : (
            <p class="quiet" role="status">
              {texts('thread.loading')}
            </p>
          ))}
        {status === 'failed' && (
          <EmptyState icon={QUESTION} title={texts('thread.failed')} hint={texts('thread.failedHint')} />
        )}
        {from > 0 && (
          <button type="button" class="text-button earlier" onClick={showEarlier}>
            {texts('thread.earlier')}
          </button>
        )}
        <Spoken key={thread.conversationId} scope={scope} thread={thread} name={name} />
        <div
          ref={log}
          role="log"
          class="log"
          // Spoken beside it: a log would read out all that is there when it is opened, and each change of a mark.
          aria-live="off"
          // A scrolling region needs a tab stop; where nothing was said there is nothing to scroll, and none to see.
          tabIndex={shown.length > 0 ? 0 : undefined}
          aria-label={texts('thread.label', { name })}
        >
          {withNotes(shown, thread.notes, from === 0).map(entry => {
            if (entry.kind === 'note')
              return <NoteItem key={`note ${entry.note.key}`} scope={scope} note={entry.note} today={today} />
            const { item, before } = entry
            return (
              <Fragment key={item.key}>
                {item === firstNew && <p class="new-line">{texts('thread.new')}</p>}
                {item.kind === 'notice' ? (
                  <Notice scope={scope} item={item} today={today} />
                ) : (
                  <MessageItem
                    scope={scope}
                    message={item}
                    today={today}
                    visitor={name}
                    isFirstOfTurn={item === firstNew || !isSameTurn(before, item)}
                    showsState={item === lastOwn || !isSettled(item.state)}
                    held={thread.held?.key === item.key ? thread.held : null}
                  />
                )}
              </Fragment>
            )
          })}
        </div>
        {/* Comes and goes with every pause: there to be read, not said. */}
        <p class="typing fine">{thread.isVisitorTyping ? texts('thread.typing', { name }) : ''}</p>
      </div>
    </div>
  )
}

/**
 * What a screen reader is told of the open conversation: new words and events, each once, with a name where the
 * speaker changes; that a reply is held; what went wrong with one's own words. Not what stood there before.
 */
function Spoken({ scope, thread, name }: { scope: DeskScope; thread: OpenThread; name: string }) {
  const { texts } = scope
  const { items, status, held } = thread
  const known = useRef<readonly TimelineItem[] | null>(null)
  const speaker = useRef('')
  const listOf = (names: readonly string[]) => new Intl.ListFormat(scope.locale).format(names)
  const said = useSignal({ number: 0, lines: [] as readonly string[] })
  const say = (lines: readonly string[]) => {
    if (lines.length) said.value = { number: said.value.number + 1, lines }
  }
  useEffect(() => {
    if (status !== 'ready') return
    const before = known.current ?? items
    known.current = items
    say([
      ...newLines(before, items, isOwn).flatMap(item => {
        const who = item.kind === 'message' ? whoOf(scope, item, name).name : ''
        const isNewSpeaker = who !== speaker.current
        speaker.current = who
        if (item.kind === 'notice') return eventText(scope, item)
        if (isOwn(item)) return []
        const words = [
          item.text || listOf((item.attachments ?? []).map(file => file.name)),
          item.draftedBy ? texts('author.drafted') : '',
        ]
          .filter(Boolean)
          .join('\n')
        return isNewSpeaker ? texts('said.by', { name: who, text: words }) : words
      }),
      ...items.slice(sameLines(before, items)).flatMap(item => {
        const trouble = troubleOf(scope, item)
        const was = trouble && before.find(({ key }) => key === item.key)
        return was && troubleOf(scope, was) === trouble ? [] : trouble || []
      }),
    ])
  }, [items, status])
  useEffect(() => {
    if (held) say([texts(held.mayTakeBack ? 'held.said' : 'held.elsewhere')])
  }, [held?.key])
  return (
    <div class="sr" role="status">
      {said.value.number > 0 && <span key={said.value.number}>{said.value.lines.join('\n')}</span>}
    </div>
  )
}

/** '' where nothing is wrong with it. */
function troubleOf(scope: DeskScope, item: TimelineItem): string {
  if (item.kind !== 'message' || item.state === null) return ''
  const { state } = item
  if (state === 'needsConfirm') return scope.texts('state.needsConfirm')
  return typeof state === 'object'
    ? scope.texts('state.failed', { reason: reasonText(scope, state.failed) })
    : ''
}

function eventText({ texts }: DeskScope, item: Extract<TimelineItem, { kind: 'notice' }>): string {
  // As they are written: a ticket's number has no thousands separator.
  const values = Object.fromEntries(Object.entries(item.values).map(([key, value]) => [key, String(value)]))
  if (values.about) values.about = texts(`contest.about.${values.about}`)
  return texts(`notice.${item.name}`, values)
}

function Notice(props: { scope: DeskScope; item: Extract<TimelineItem, { kind: 'notice' }>; today: number }) {
  const { scope, item, today } = props
  const { locale } = scope
  const time = momentText(item.at, today, locale)
  return (
    <p class="notice" data-seq={item.seq ?? undefined} title={titleOf(scope, item.seq, time)}>
      {eventText(scope, item)}
    </p>
  )
}

/** Unlike any message: by its words, its shape and its colour. */
function NoteItem({ scope, note, today }: { scope: DeskScope; note: ThreadNote; today: number }) {
  const { desk, texts, locale } = scope
  const notes = desk.workplace.value?.notes
  const { state } = note
  return (
    <article
      class="note"
      data-note={note.key}
      data-state={state === 'waiting' ? state : state ? 'failed' : undefined}
    >
      <h3 class="author">
        <span class="note-mark">{texts('note.mark')}</span>{' '}
        <bdi>
          <b>{note.isOwn ? texts('author.own') : note.by.name}</b>
        </bdi>{' '}
        <time>{momentText(note.at, today, locale)}</time>
      </h3>
      <div class="note-body" dir="auto">
        <Markdown text={note.text} />
      </div>
      {state === 'waiting' && <p class="fine">{texts('note.waiting')}</p>}
      {state !== null && typeof state === 'object' && (
        <div class="fine trouble">
          <span>{texts('note.failed', { reason: reasonText(scope, state.failed) })}</span>
          <Act onClick={() => notes?.retry(note.key)}>{texts('action.retry')}</Act>
          <Act onClick={() => notes?.discard(note.key)}>{texts('action.discard')}</Act>
        </div>
      )}
    </article>
  )
}

function MessageItem(props: {
  scope: DeskScope
  message: Message
  today: number
  visitor: string
  isFirstOfTurn: boolean
  showsState: boolean
  held: HeldReply | null
}) {
  const { scope, message, visitor, isFirstOfTurn } = props
  const { texts, locale } = scope
  const { author, state, attachments } = message
  const files = scope.desk.files.value
  const who = whoOf(scope, message, visitor)
  const time = momentText(message.at, props.today, locale)
  return (
    <article
      class={`message ${isOwn(message) ? 'own' : author.kind}`}
      data-author={message.author.kind}
      data-seq={message.seq ?? undefined}
      data-held={props.held ? '' : undefined}
      data-state={typeof state === 'object' ? (state ? 'failed' : undefined) : state}
      title={titleOf(scope, message.seq, time)}
    >
      <h3 class={isFirstOfTurn ? 'author' : 'sr'}>
        <b>
          <bdi>{who.name}</bdi>
        </b>
        {who.role && <span> {who.role}</span>}
        {message.fromDevice && author.kind === 'bot' && <span class="tag">{texts('author.fromDevice')}</span>}{' '}
        <time>{time}</time>
      </h3>
      {!(attachments && files && isNamesOnly(message.text, attachments)) && (
        <div class="bubble">
          {message.format === 'markdown' ? (
            <div dir="auto">
              <Markdown text={message.text} />
            </div>
          ) : (
            <p class="words" dir="auto">
              {message.text}
            </p>
          )}
        </div>
      )}
      {attachments && files && (
        <MessageFiles attachments={attachments} files={files} texts={texts} locale={locale} />
      )}
      {message.draftedBy && <p class="fine">{texts('author.drafted')}</p>}
      {message.citations.map(({ articleId, headingId, title }) => (
        <p key={`${articleId}#${headingId ?? ''}`} class="fine">
          {texts('source.article', { title })}
        </p>
      ))}
      {props.held ? (
        <Held scope={scope} held={props.held} />
      ) : (
        state !== null && props.showsState && <Delivery scope={scope} message={message} state={state} />
      )}
    </article>
  )
}

/** Ticks by itself. What is read out says it once; seconds would be read out one by one. */
function Held({ scope, held }: { scope: DeskScope; held: HeldReply }) {
  const { desk, texts } = scope
  const seconds = Math.ceil((held.until - desk.now.value) / 1_000)
  if (seconds <= 0) return <p class="fine">{texts('state.queued')}</p>
  return (
    <div class="fine held">
      <span class="sr">{texts(held.mayTakeBack ? 'held.said' : 'held.elsewhere')}</span>
      <span class="seconds" aria-hidden="true">
        {texts('held.countdown', { count: Math.min(seconds, HOLD_MS / 1_000) })}
      </span>
      {held.mayTakeBack && (
        <Act
          onClick={() => {
            if (desk.takeBack()) focusReply()
          }}
        >
          {texts('action.undo')}
        </Act>
      )}
    </div>
  )
}

const focusReply = () => document.querySelector<HTMLElement>('.asklet-desk .reply textarea')?.focus()

function Delivery({ scope, message, state }: { scope: DeskScope; message: Message; state: DeliveryState }) {
  const { desk, texts } = scope
  const hasFailed = typeof state === 'object'
  if (!hasFailed && state !== 'needsConfirm') return <p class="fine">{texts(`state.${state}`)}</p>
  return (
    <div class="fine trouble">
      <span>
        {hasFailed
          ? texts('state.failed', { reason: reasonText(scope, state.failed) })
          : texts(`state.${state}`)}
      </span>
      <Act onClick={() => desk.retry(message.key)}>
        {texts(hasFailed ? 'action.retry' : 'action.sendNow')}
      </Act>
      <Act onClick={() => desk.discard(message.key)}>{texts('action.discard')}</Act>
    </div>
  )
}

function Act({ onClick, children }: { onClick: () => void; children: ComponentChildren }) {
  return (
    <button type="button" class="text-button" onClick={onClick}>
      {children}
    </button>
  )
}

const titleOf = ({ texts }: DeskScope, seq: number | null, time: string) =>
  seq === null ? time : texts('message.at', { number: String(seq), time })

const isSettled = (state: DeliveryState | null) =>
  state === null || state === 'sent' || state === 'delivered' || state === 'read'

function isSameTurn(before: TimelineItem | undefined, item: Message): boolean {
  if (before?.kind !== 'message' || before.fromDevice !== item.fromDevice) return false
  const [a, b] = [before.author, item.author]
  return a.kind === 'agent' && b.kind === 'agent' ? a.agentId === b.agentId : a.kind === b.kind
}
