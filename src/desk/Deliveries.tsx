// Mail and webhooks that wait or were given up, for leads: where to, why not, when again, and two buttons, of which the one that
// cannot be taken back asks once more. A chunk of
// its own. Reads the model and calls it.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { DeliveryRow } from '../protocol/deskRecords'
import { Bones } from '../ui/Bones'
import { Dialog } from './Dialog'
import { createDeliveriesModel, type DeliveriesModel, type DeliveryAct } from './deliveriesModel'
import type { ReviewParts } from './reviewModel'
import type { DeskScope } from './scope'
import { dayOf, momentText } from './times'

export function Deliveries(props: { scope: DeskScope; line: ReviewParts['line']; onClose(): void }) {
  const { scope, line, onClose } = props
  const { texts } = scope
  const model = useMemo(() => createDeliveriesModel(line), [])
  useEffect(() => void model.load(), [])
  const said = model.outcome.value
  const status = model.status.value
  const sentence = useRef<HTMLParagraphElement>(null)
  const last = useRef<string | null>(null)
  const act = (deliveryId: string, what: DeliveryAct) => {
    last.current = deliveryId
    void model.act(deliveryId, what)
  }
  // The row goes with what was done, or stands elsewhere: the keyboard goes on with it, else with what became of it.
  useEffect(() => {
    const dialog = sentence.current?.closest('dialog')
    if (last.current === null || model.busy.value !== null || !dialog) return
    const { current: deliveryId } = last
    last.current = null
    const { activeElement: active } = document
    if (active !== dialog && dialog.contains(active)) return
    const row = [...dialog.querySelectorAll<HTMLElement>('[data-delivery]')].find(
      ({ dataset }) => dataset.delivery === deliveryId,
    )
    const next = row?.querySelector<HTMLElement>('[data-act=retry]') ?? sentence.current
    next?.focus()
  }, [model.busy.value])
  return (
    <Dialog scope={scope} title={texts('deliveries.title')} isWide onClose={onClose}>
      <p class="fine" role="status" tabIndex={-1} ref={sentence}>
        {said && texts(`deliveries.${said.act}.${said.outcome}`)}
      </p>
      {status === 'loading' && <Bones kind="rows" count={3} text={texts('deliveries.loading')} isSaid />}
      {status === 'failed' && (
        <div class="review-none">
          <p role="alert">{texts('deliveries.unreachable')}</p>
          <button type="button" class="button" onClick={() => void model.load()}>
            {texts('review.retry')}
          </button>
        </div>
      )}
      {status === 'ready' && model.rows.value.length === 0 && <p class="quiet">{texts('deliveries.none')}</p>}
      {status === 'ready' &&
        (['failed', 'waiting'] as const).map(state => (
          <Part key={state} scope={scope} model={model} state={state} act={act} onClose={onClose} />
        ))}
    </Dialog>
  )
}

interface PartProps {
  readonly scope: DeskScope
  readonly model: DeliveriesModel
  readonly state: DeliveryRow['state']
  act(deliveryId: string, act: DeliveryAct): void
  onClose(): void
}

function Part({ scope, model, state, act, onClose }: PartProps) {
  const { texts } = scope
  const rows = model.rows.value.filter(row => row.state === state)
  if (rows.length === 0) return null
  const more = model.totals.value[state] - rows.length
  return (
    <section class="part">
      <h3>{texts(`deliveries.${state}`, { count: model.totals.value[state] })}</h3>
      <ul class="book">
        {rows.map(row => (
          <li key={row.deliveryId} data-delivery={row.deliveryId}>
            <Delivery scope={scope} model={model} row={row} act={act} onClose={onClose} />
          </li>
        ))}
      </ul>
      {more > 0 && <p class="fine">{texts('deliveries.more', { count: more })}</p>}
    </section>
  )
}

type DeliveryProps = Omit<PartProps, 'state'> & { readonly row: DeliveryRow }

function Delivery({ scope, model, row, act, onClose }: DeliveryProps) {
  const { desk, texts, locale } = scope
  const at = (moment: number) => momentText(moment, dayOf(desk.now.value), locale)
  const isBusy = model.busy.value !== null
  const about =
    row.ticketNumber === null
      ? texts(`deliveries.road.${row.road}`)
      : texts('ticket.number', { number: String(row.ticketNumber) })
  const what = `${about}, ${row.to}`
  const [isAsking, setIsAsking] = useState(false)
  const giveUp = useRef<HTMLButtonElement>(null)
  const keep = useRef<HTMLButtonElement>(null)
  const wasAsking = useRef(false)
  // The button that was pressed is gone: the keyboard goes on in its place, at the one that changes nothing.
  useLayoutEffect(() => {
    if (isAsking) keep.current?.focus()
    else if (wasAsking.current) giveUp.current?.focus()
    wasAsking.current = isAsking
  }, [isAsking])
  return (
    <>
      <div>
        <b>{about}</b>{' '}
        <span class="fine">
          {row.ticketNumber !== null && `${texts(`deliveries.road.${row.road}`)} · `}
          <bdi dir="ltr">{row.to || texts('deliveries.nobody')}</bdi>
        </span>
        {row.reason && (
          <p lang="en" dir="ltr">
            {row.reason}
          </p>
        )}
        <p class="fine">
          {texts('deliveries.tries', { count: row.attempts })}
          {row.nextAt !== null && ` · ${texts('deliveries.next', { time: at(row.nextAt) })}`}
        </p>
      </div>
      <button
        type="button"
        class="button"
        onClick={() => {
          desk.open(row.conversationId)
          onClose()
        }}
      >
        {texts('team.open')}
      </button>
      <button
        type="button"
        class="button"
        data-act="retry"
        // Not disabled: a button that cannot be pressed loses the keyboard.
        aria-disabled={isBusy || undefined}
        aria-label={texts('deliveries.retry.of', { what })}
        onClick={() => isBusy || act(row.deliveryId, 'retry')}
      >
        {texts('deliveries.retry')}
      </button>
      {isAsking ? (
        <>
          <button
            key="keep"
            ref={keep}
            type="button"
            class="button"
            aria-label={texts('deliveries.keep.of', { what })}
            onClick={() => setIsAsking(false)}
            onKeyDown={event => leaveBy(event, () => setIsAsking(false))}
          >
            {texts('deliveries.keep')}
          </button>
          <button
            key="sure"
            type="button"
            class="button danger"
            aria-disabled={isBusy || undefined}
            aria-label={texts('deliveries.giveUpSure.of', { what })}
            onClick={() => {
              if (isBusy) return
              setIsAsking(false)
              act(row.deliveryId, 'giveUp')
            }}
            onKeyDown={event => leaveBy(event, () => setIsAsking(false))}
          >
            {texts('deliveries.giveUpSure')}
          </button>
        </>
      ) : (
        <button
          key="ask"
          ref={giveUp}
          type="button"
          class="button"
          aria-disabled={isBusy || undefined}
          aria-label={texts('deliveries.giveUp.of', { what })}
          onClick={() => isBusy || setIsAsking(true)}
        >
          {texts('deliveries.giveUp')}
        </button>
      )}
    </>
  )
}

/** Escape takes the question back, and not the dialog. */
function leaveBy(event: KeyboardEvent, leave: () => void) {
  if (event.key !== 'Escape') return
  event.preventDefault()
  event.stopPropagation()
  leave()
}
