// The list of conversations. One tab stop: up and down, Home and End walk through all rows, Enter opens.

import { useComputed, useSignal } from '@preact/signals'
import { type ComponentChildren, Fragment } from 'preact'
import type { TicketLevels } from '../protocol/wire'
import { Bones } from '../ui/Bones'
import { Heard } from '../ui/Heard'
import type { DeskRow } from './deskModel'
import { minutesUntil, pressingLevel } from './levels'
import { type QueueSection, queueSections, rowsInOrder } from './queueSections'
import { type DeskScope, visitorName } from './scope'
import { dayOf, durationText, fitText, shortMomentText, waitText } from './times'

export function Queue({ scope }: { scope: DeskScope }) {
  const { desk, texts } = scope
  const focused = useSignal<string | null>(null)
  const today = useComputed(() => dayOf(desk.now.value)).value
  // By the minute: rows that change places each second are rows that nobody hits.
  const minute = useComputed(() => Math.floor(desk.now.value / 60_000) * 60_000).value
  const sections = queueSections(desk.rows.value, desk.totals.value, minute)
  const order = rowsInOrder(sections).map(row => row.conversationId)
  const openId = desk.openId.value
  const isListed = (id: string | null): id is string => id !== null && order.includes(id)
  const tabStop = [focused.value, openId].find(isListed) ?? order[0]

  const walk = (event: KeyboardEvent) => {
    const at = order.indexOf(tabStop ?? '')
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: order.length - 1 }[event.key]
    const id = to === undefined ? undefined : order[Math.min(order.length - 1, Math.max(0, to))]
    if (id === undefined) return
    event.preventDefault()
    focused.value = id
    const rows = (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[data-row]')
    for (const row of rows) if (row.dataset.row === id) row.focus()
  }

  if (desk.queueStatus.value === 'loading')
    return <Bones kind="rows" count={5} text={texts('queue.loading')} isSaid />
  if (sections.length === 0) return <p class="quiet empty">{texts('queue.empty')}</p>
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the buttons inside
    <div class="scroll" onKeyDown={walk}>
      {sections.map(section => (
        <Section key={section.name} scope={scope} section={section}>
          {row => (
            <Row
              scope={scope}
              row={row}
              today={today}
              isOpen={row.conversationId === openId}
              isTabStop={row.conversationId === tabStop}
              onFocus={() => {
                focused.value = row.conversationId
              }}
            />
          )}
        </Section>
      ))}
    </div>
  )
}

function Section(props: {
  scope: DeskScope
  section: QueueSection
  children: (row: DeskRow) => ComponentChildren
}) {
  const { texts } = props.scope
  const { name, rows, total } = props.section
  const more = total - rows.length
  return (
    <section aria-labelledby={`desk-${name}`}>
      <h2 id={`desk-${name}`} class="caption">
        {texts(`section.${name}`)} <span class="count">{texts('section.count', { count: total })}</span>
      </h2>
      {name === 'waiting' && props.scope.desk.next.value && (
        <button type="button" class="button take-next" onClick={() => void props.scope.desk.takeNext()}>
          {texts('queue.takeNext')}
        </button>
      )}
      <ul>
        {rows.map(row => (
          <li key={row.conversationId}>{props.children(row)}</li>
        ))}
      </ul>
      {more > 0 && <p class="fine more">{texts(`more.${name}`, { count: more })}</p>}
    </section>
  )
}

function Row(props: {
  scope: DeskScope
  row: DeskRow
  today: number
  isOpen: boolean
  isTabStop: boolean
  onFocus: () => void
}) {
  const { scope, row, isOpen, isTabStop, onFocus } = props
  const { desk, texts } = scope
  const name = visitorName(scope, row.visitorName)
  const where = [
    row.ticketNumber === null ? '' : texts('ticket.number', { number: String(row.ticketNumber) }),
    // Right behind the number: whose turn it is decides whether a row is opened.
    row.phase === 'ticketed' && row.ticketStatus ? texts(`ticket.${row.ticketStatus}`) : '',
    // Before what may be long: the line is cut at its end.
    row.team ? texts(row.isForMyTeam ? 'row.myTeam' : 'row.team', { team: row.team }) : '',
    row.fits ? texts('row.fits', { why: fitText(row.fits.reasons, scope.locale) }) : '',
    // Who reads that it fits them need not read that it is theirs to take.
    row.suggestedFor && !row.fits && row.suggestedFor.agentId !== desk.agent.value?.agentId
      ? texts('row.suggestedFor', { name: row.suggestedFor.name })
      : '',
    row.role,
    row.pageName,
    row.agent && !row.isMine ? texts('row.with', { name: row.agent.name }) : '',
    row.ticketOwner && row.phase === 'ticketed' && !row.isOwnTicket
      ? texts('row.with', { name: row.ticketOwner.name })
      : '',
  ]
  return (
    <button
      type="button"
      class="row"
      data-row={row.conversationId}
      data-my-team={row.isForMyTeam ? '' : undefined}
      data-new={row.isNew || row.unread > 0 ? '' : undefined}
      aria-current={isOpen ? 'true' : undefined}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={onFocus}
      onClick={() => desk.open(row.conversationId)}
    >
      <span class="face" aria-hidden="true">
        {[...name][0]?.toUpperCase()}
      </span>
      <span class="row-body">
        <span class="row-line">
          <span class="row-title" dir="auto">
            {name}
          </span>
          {row.waitingSince === null ? (
            <span class="fine">{shortMomentText(row.lastAt, props.today, scope.locale)}</span>
          ) : (
            <Wait scope={scope} since={row.waitingSince} />
          )}
        </span>
        {/* The first line is the name's: what else is pressing stands under it, so that names are told apart. */}
        <span class="row-line row-facts">
          {row.contested && (
            <span class="priority" data-level={row.contested.dueAt < desk.now.value ? 'urgent' : 'high'}>
              {texts(row.contested.dueAt < desk.now.value ? 'row.contestedLate' : 'row.contested')}
            </span>
          )}
          {row.levels && <Due scope={scope} levels={row.levels} />}
          {row.priority && row.priority !== 'normal' && (
            <span class="priority" data-level={row.priority}>
              <Heard texts={texts} as="row.priority" place="level">
                {texts(`row.priority.${row.priority}`)}
              </Heard>
            </span>
          )}
          <span class="sub clamp-1">
            {where.filter(Boolean).map((each, i) => (
              <Fragment key={each}>
                {i > 0 && ' · '}
                <bdi>{each}</bdi>
              </Fragment>
            ))}
          </span>
          {row.unread > 0 ? (
            <span class="badge">
              <span aria-hidden="true">{row.unread}</span>
              <span class="sr">{texts('row.unread', { count: row.unread })}</span>
            </span>
          ) : (
            row.isNew && <span class="sr">{texts('row.new')}</span>
          )}
        </span>
        <span class="row-question clamp" dir="auto">
          {row.question || texts('row.noQuestion')}
        </span>
      </span>
    </button>
  )
}

/** What is late, or soon will be, in words; by the desk's own clock, for nobody is asked each second. */
export function Due({ scope, levels }: { scope: DeskScope; levels: TicketLevels }) {
  const { desk, texts } = scope
  const pressing = useComputed(() => pressingLevel(levels, desk.now.value)).value
  const minutes = useComputed(() =>
    pressing?.state === 'warning' && pressing.dueAt !== null
      ? minutesUntil(pressing.dueAt, desk.now.value)
      : 0,
  ).value
  if (!pressing) return null
  return (
    <span class="priority" data-level={pressing.state === 'breached' ? 'urgent' : 'high'}>
      {texts(`level.${pressing.of}.${pressing.state}`, { time: durationText(minutes, scope.locale) })}
    </span>
  )
}

/** Ticks by itself, so that the rest of the list need not be drawn each second. */
function Wait({ scope, since }: { scope: DeskScope; since: number }) {
  const { desk, texts } = scope
  return (
    <span class="wait">
      <Heard texts={texts} as="row.waited" place="time">
        {waitText(since, desk.now.value, scope.locale)}
      </Heard>
    </span>
  )
}
