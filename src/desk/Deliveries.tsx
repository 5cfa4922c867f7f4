// Mail and webhooks that wait or were given up, for leads: where to, why not, when again, and two buttons. A chunk of
// its own. Reads the model and calls it.

import { useEffect, useMemo } from 'preact/hooks'
import type { DeliveryRow } from '../protocol/deskRecords'
import { Bones } from '../ui/Bones'
import { Dialog } from './Dialog'
import { createDeliveriesModel, type DeliveriesModel } from './deliveriesModel'
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
  return (
    <Dialog scope={scope} title={texts('deliveries.title')} isWide onClose={onClose}>
      <p class="fine" role="status">
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
          <Part key={state} scope={scope} model={model} state={state} onClose={onClose} />
        ))}
    </Dialog>
  )
}

interface PartProps {
  readonly scope: DeskScope
  readonly model: DeliveriesModel
  readonly state: DeliveryRow['state']
  onClose(): void
}

function Part({ scope, model, state, onClose }: PartProps) {
  const { texts } = scope
  const rows = model.rows.value.filter(row => row.state === state)
  if (rows.length === 0) return null
  const more = model.totals.value[state] - rows.length
  return (
    <section class="part">
      <h3>{texts(`deliveries.${state}`, { count: model.totals.value[state] })}</h3>
      <ul class="book">
        {rows.map(row => (
          <li key={row.deliveryId}>
            <Delivery scope={scope} model={model} row={row} onClose={onClose} />
          </li>
        ))}
      </ul>
      {more > 0 && <p class="fine">{texts('deliveries.more', { count: more })}</p>}
    </section>
  )
}

function Delivery(props: { scope: DeskScope; model: DeliveriesModel; row: DeliveryRow; onClose(): void }) {
  const { scope, model, row, onClose } = props
  const { desk, texts, locale } = scope
  const at = (moment: number) => momentText(moment, dayOf(desk.now.value), locale)
  const isBusy = model.busy.value !== null
  const about =
    row.ticketNumber === null
      ? texts(`deliveries.road.${row.road}`)
      : texts('ticket.number', { number: String(row.ticketNumber) })
  const buttons = ['retry', 'giveUp'] as const
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
      {buttons.map(act => (
        <button
          key={act}
          type="button"
          class="button"
          disabled={isBusy}
          aria-label={texts(`deliveries.${act}.of`, { what: `${about}, ${row.to}` })}
          onClick={() => void model.act(row.deliveryId, act)}
        >
          {texts(`deliveries.${act}`)}
        </button>
      ))}
    </>
  )
}
