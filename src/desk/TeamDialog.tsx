// The desk as a whole: who waits, who is there, the ready answers, and for leads the hours. Tabs as APG has them.

import { useSignal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import { Dialog } from './Dialog'
import type { DeskRow } from './deskModel'
import { HoursEditor } from './HoursEditor'
import { ReplyBook } from './ReplyBook'
import { type DeskScope, visitorName } from './scope'
import { Person } from './TransferDialog'
import { waitText } from './times'
import type { Workplace } from './workplace'

type Tab = 'now' | 'book' | 'hours'

export function TeamDialog(props: { scope: DeskScope; workplace: Workplace; onClose(): void }) {
  const { scope, workplace, onClose } = props
  const { texts } = scope
  const id = useId()
  const tab = useSignal<Tab>('now')
  const isBookEdited = useSignal(false)
  const isHoursEdited = useSignal(false)
  const isLead = workplace.people.isLead.value
  const tabs: readonly Tab[] =
    isLead && workplace.settings.settings.value ? ['now', 'book', 'hours'] : ['now', 'book']
  useEffect(() => void workplace.people.refresh(), [])

  const walk = (event: KeyboardEvent) => {
    const at = tabs.indexOf(tab.value)
    // Tabs stand as they are read.
    const step = getComputedStyle(event.currentTarget as Element).direction === 'rtl' ? -1 : 1
    const to = { ArrowRight: at + step, ArrowLeft: at - step, Home: 0, End: tabs.length - 1 }[event.key]
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length]
    if (!next) return
    event.preventDefault()
    tab.value = next
    document.getElementById(`${id}-${next}`)?.focus()
  }

  return (
    <Dialog
      scope={scope}
      title={texts('team.title')}
      isWide
      isEdited={isBookEdited.value || isHoursEdited.value}
      onClose={onClose}
    >
      <div role="tablist" class="tabs" aria-label={texts('team.title')} onKeyDown={walk}>
        {tabs.map(each => (
          <button
            key={each}
            id={`${id}-${each}`}
            type="button"
            role="tab"
            aria-selected={tab.value === each}
            aria-controls={`${id}-panel`}
            tabIndex={tab.value === each ? 0 : -1}
            onClick={() => {
              tab.value = each
            }}
          >
            {texts(`team.${each}`)}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${tab.value}`} class="tab-panel">
        {tab.value === 'now' && (
          <Now scope={scope} workplace={workplace} mayTakeOver={isLead} onClose={onClose} />
        )}
        {/* Out of sight, not gone: who looks at another tab finds their words again. */}
        <div hidden={tab.value !== 'book'}>
          <ReplyBook scope={scope} model={workplace.replies} mayEdit={isLead} isEdited={isBookEdited} />
        </div>
        {tabs.includes('hours') && (
          <div hidden={tab.value !== 'hours'}>
            <HoursEditor scope={scope} model={workplace.settings} isEdited={isHoursEdited} />
          </div>
        )}
      </div>
    </Dialog>
  )
}

/** Who waits, the most pressing first; who works here, and what they have. */
function Now(props: { scope: DeskScope; workplace: Workplace; mayTakeOver: boolean; onClose(): void }) {
  const { scope, workplace, mayTakeOver, onClose } = props
  const { desk, texts } = scope
  // In the server's order: by priority, and by wait.
  const waiting = desk.rows.value.filter(row => row.phase === 'queued')
  const heldBy = (agentId: string) =>
    desk.rows.value.filter(row => row.phase === 'live' && row.agent?.agentId === agentId)
  const people = workplace.people.people.value ?? []
  const openRow = (row: DeskRow) => {
    desk.open(row.conversationId)
    onClose()
  }
  return (
    <>
      <section class="part">
        <h3>{texts('team.waiting', { count: desk.totals.value?.waiting ?? waiting.length })}</h3>
        {waiting.length === 0 && <p class="quiet">{texts('team.nobodyWaits')}</p>}
        <ul class="book">
          {waiting.slice(0, 20).map(row => (
            <li key={row.conversationId}>
              <div>
                <b>{visitorName(scope, row.visitorName)}</b>{' '}
                <span class="wait">
                  {waitText(row.waitingSince ?? desk.now.value, desk.now.value, scope.locale)}
                </span>
                {row.team && (
                  <span class="fine">
                    {' '}
                    {texts(row.isForMyTeam ? 'row.myTeam' : 'row.team', { team: row.team })}
                  </span>
                )}
                <p class="clamp-1" dir="auto">
                  {row.question || texts('row.noQuestion')}
                </p>
              </div>
              <button type="button" class="button" onClick={() => openRow(row)}>
                {texts('team.open')}
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section class="part">
        <h3>{texts('team.people')}</h3>
        <ul class="book">
          {people.map(person => (
            <li key={person.agentId}>
              <div>
                <Person scope={scope} person={person} />
                {heldBy(person.agentId).map(row => (
                  <Held
                    key={row.conversationId}
                    scope={scope}
                    row={row}
                    mayTakeOver={mayTakeOver && !row.isMine}
                    onOpen={() => openRow(row)}
                    onTaken={onClose}
                  />
                ))}
              </div>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

/** A conversation of a colleague; taking it over takes a second press, as in the thread. */
function Held(props: {
  scope: DeskScope
  row: DeskRow
  mayTakeOver: boolean
  onOpen(): void
  onTaken(): void
}) {
  const { scope, row } = props
  const { desk, texts } = scope
  const isSure = useSignal(false)
  const name = visitorName(scope, row.visitorName)
  return (
    <div class="held-by">
      <button type="button" class="text-button" onClick={props.onOpen}>
        {name}
      </button>
      <span class="fine clamp-1" dir="auto">
        {row.question}
      </span>
      {props.mayTakeOver && (
        <button
          type="button"
          class="button"
          onBlur={() => {
            isSure.value = false
          }}
          onClick={() => {
            if (!isSure.value) {
              isSure.value = true
              return
            }
            void desk.takeOver(row.conversationId)
            props.onTaken()
          }}
        >
          {isSure.value
            ? texts('reply.takeOverSure', { other: row.agent?.name ?? '' })
            : texts('team.takeOver', { name })}
        </button>
      )}
    </div>
  )
}
