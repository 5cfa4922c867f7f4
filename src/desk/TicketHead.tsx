// What a ticket is, over its thread: how it stands, what it is about, what was promised, which letter did not arrive,
// and on demand what happened to it. Whose it is stands beside the visitor's name. Owns whether the history is shown.

import { useComputed, useSignal } from '@preact/signals'
import type { Author } from '../protocol/records'
import { isOnUs } from '../protocol/ticket'
import type { TicketEntry } from '../protocol/ticketHistory'
import type { TicketLevel, TicketLevels } from '../protocol/wire'
import { Heard } from '../ui/Heard'
import type { OpenThread } from './deskModel'
import { levelNow, minutesUntil } from './levels'
import type { DeskScope } from './scope'
import { dayOf, durationText, momentText } from './times'

export const LEVEL_NAMES = ['firstResponse', 'resolution'] as const satisfies readonly (keyof TicketLevels)[]

export function TicketHead({ scope, thread }: { scope: DeskScope; thread: OpenThread }) {
  const { desk, texts, locale } = scope
  const isOpen = useSignal(false)
  const today = useComputed(() => dayOf(desk.now.value)).value
  const { ticket, phase } = thread.state
  if (!ticket || thread.status !== 'ready') return null
  const details = desk.workplace.value?.details.details.value
  const priority = thread.row?.priority ?? ticket.priority
  const answeredAt = details?.mailedAt
  return (
    <section class="ticket-head" aria-label={texts('brief.ticket')}>
      <div class="ticket-facts">
        <b>{texts('status.ticketed', { number: String(ticket.number) })}</b>
        <span class={isOnUs(ticket.status) ? 'pill' : 'pill good'}>{texts(`ticket.${ticket.status}`)}</span>
        <span class="priority" data-level={priority}>
          <Heard texts={texts} as="row.priority" place="level">
            {texts(priority === 'normal' ? 'priority.normal' : `row.priority.${priority}`)}
          </Heard>
        </span>
        {LEVEL_NAMES.map(of => {
          const level = thread.row?.levels?.[of]
          return level && <LevelPill key={of} scope={scope} of={of} level={level} />
        })}
        <Category
          key={thread.conversationId}
          scope={scope}
          category={ticket.category}
          isOver={phase === 'ended'}
        />
        <button
          type="button"
          class="text-button"
          aria-expanded={isOpen.value}
          aria-controls="desk-history"
          onClick={() => {
            isOpen.value = !isOpen.value
          }}
        >
          {texts('history.title')}
        </button>
      </div>
      <div role="status">
        {details?.undelivered?.map(({ kind, reason, at }) => (
          <p key={at} class="fine trouble">
            {texts('mail.undelivered', {
              what: texts(`mail.kind.${kind}`),
              reason: texts(`mail.reason.${reason}`),
              time: momentText(at, today, locale),
            })}
          </p>
        ))}
      </div>
      {answeredAt !== undefined && (
        <p class="fine">{texts('mail.answeredAt', { time: momentText(answeredAt, today, locale) })}</p>
      )}
      <div id="desk-history" hidden={!isOpen.value}>
        {isOpen.value && <History scope={scope} today={today} />}
      </div>
    </section>
  )
}

/** Chosen of the site's own; what it was before stays to be chosen. */
function Category(props: { scope: DeskScope; category: string; isOver: boolean }) {
  const { scope, category, isOver } = props
  const { texts, desk } = scope
  const workplace = desk.workplace.value
  const hasFailed = useSignal(false)
  if (isOver || !workplace) return category ? <span class="fine">{category}</span> : null
  const all = new Set([
    ...(category ? [category] : []),
    ...(workplace.settings.settings.value?.categories ?? []),
  ])
  return (
    <>
      <label class="ticket-category">
        <span>{texts('brief.category')}</span>
        <select
          class="boxed"
          value={category}
          onChange={async event => {
            const { currentTarget } = event
            hasFailed.value = (await workplace.details.setCategory(currentTarget.value)) !== 'done'
            if (hasFailed.value) currentTarget.value = category
          }}
        >
          {!category && <option value="">{texts('thread.endAsNothing')}</option>}
          {[...all].map(each => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </label>
      <span class="fine trouble" role="status">
        {hasFailed.value ? texts('away.failed') : ''}
      </span>
    </>
  )
}

function LevelPill(props: { scope: DeskScope; of: keyof TicketLevels; level: TicketLevel }) {
  const { scope, of, level } = props
  const { now } = scope.desk
  const words = useComputed(() => levelText(scope, of, level, now.value)).value
  const state = useComputed(() => levelNow(level, now.value)).value
  // What was kept needs no place over the thread; the details say it.
  if (!words || state === 'met') return null
  return (
    <span
      class="priority"
      data-level={state === 'breached' ? 'urgent' : state === 'warning' ? 'high' : undefined}
    >
      {words}
    </span>
  )
}

/** A promise in words, with the moment it is due; '' where nothing is due. */
export function levelText(
  { texts, locale }: DeskScope,
  of: keyof TicketLevels,
  level: TicketLevel,
  now: number,
): string {
  const state = levelNow(level, now)
  const { dueAt } = level
  const due = dueAt === null ? '' : momentText(dueAt, dayOf(now), locale)
  if (state === 'ok') return due && texts(`level.${of}.ok`, { time: due })
  const left = state === 'warning' && dueAt !== null ? durationText(minutesUntil(dueAt, now), locale) : ''
  const words = texts(`level.${of}.${state}`, { time: left })
  return due && (state === 'warning' || state === 'breached') ? `${words} (${due})` : words
}

function History({ scope, today }: { scope: DeskScope; today: number }) {
  const { desk, texts, locale } = scope
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs a tab stop
    <section class="history scroll" aria-label={texts('history.title')} tabIndex={0}>
      <ol>
        {desk.history.value.map(entry => (
          <li key={`${entry.seq} ${entry.what}`}>
            <span>{happened(scope, entry)}</span>
            {entry.by && (
              <span class="fine">
                <bdi>{whoText(scope, entry.by)}</bdi>
              </span>
            )}
            <time class="fine" dateTime={new Date(entry.at).toISOString()}>
              {momentText(entry.at, today, locale)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  )
}

function happened({ texts }: DeskScope, { what, value, because }: TicketEntry): string {
  if (because) return texts(`history.solved.${because.cause}`, { number: String(because.number) })
  const said = what === 'prioritised' ? texts(`priority.${value}`) : String(value ?? '')
  return texts(`history.${what}`, { value: said })
}

function whoText({ texts, desk }: DeskScope, by: Author): string {
  if (by.kind === 'agent') return by.agentId === desk.agent.value?.agentId ? texts('author.own') : by.name
  return by.kind === 'bot'
    ? by.name || texts('author.bot')
    : texts(`author.${by.kind === 'visitor' ? 'visitorRole' : 'system'}`)
}
