// Making a dispute of the open conversation and another one. Loaded when an agent asks for it. What is typed is the
// model's, and outlives a dialog that is closed; both visitors are told at once, so the form says so.

import { useSignal } from '@preact/signals'
import { MAX_PARTY_CHARS, MAX_REFERENCE_CHARS } from '../protocol/limits'
import { Dialog } from './Dialog'
import type { OpenThread } from './deskModel'
import type { OpenedDispute } from './disputeModel'
import { type DisputeForm, maySend, otherSides, partiesOf } from './disputeOpening'
import { type DeskScope, visitorName } from './scope'

export function DisputeDialog(props: { scope: DeskScope; thread: OpenThread; onClose(): void }) {
  const { scope, thread, onClose } = props
  const { desk, texts } = scope
  const { conversationId } = thread
  const model = desk.workplace.value?.disputes
  const looked = useSignal('')
  const isUnderWay = useSignal(false)
  const went = useSignal<OpenedDispute | null>(null)
  if (!model) return null
  const form = model.formOf(conversationId)
  const change = (to: Partial<DisputeForm>) => {
    went.value = null
    model.changeForm(conversationId, to)
  }
  const rows = otherSides(desk.rows.value, conversationId, looked.value, form.other)
  const other = desk.rows.value.find(row => row.conversationId === form.other)
  const ownName = visitorName(scope, thread.row?.visitorName ?? thread.brief?.visitor.name)
  const parties = partiesOf(form, [thread.row?.role ?? thread.brief?.visitor.role ?? '', other?.role ?? ''])
  const canSend = maySend(form, parties)

  const open = async () => {
    if (!canSend || isUnderWay.value) return
    isUnderWay.value = true
    went.value = await model.open(conversationId, { ...form, own: parties[0], theirs: parties[1] })
    isUnderWay.value = false
    if (went.value === 'done') onClose()
  }

  return (
    <Dialog scope={scope} title={texts('dispute.open')} onClose={onClose}>
      <form
        class="dialog-body-form"
        onSubmit={event => {
          event.preventDefault()
          void open()
        }}
      >
        <p class="fine">{texts('dispute.tells')}</p>
        <fieldset>
          <legend>{texts('dispute.other')}</legend>
          <input
            type="search"
            class="boxed"
            aria-label={texts('dispute.find')}
            placeholder={texts('dispute.find')}
            value={looked.value}
            dir={looked.value ? 'auto' : undefined}
            onKeyDown={event => {
              // Enter here looks, it opens nothing.
              if (event.key === 'Enter' && !event.isComposing) event.preventDefault()
            }}
            onInput={event => {
              looked.value = event.currentTarget.value
            }}
          />
          {rows.length === 0 && <p class="quiet">{texts('dispute.nobody')}</p>}
          {rows.map(row => (
            <label key={row.conversationId} class="pick">
              <input
                type="radio"
                name="desk-dispute-other"
                checked={form.other === row.conversationId}
                onChange={() => change({ other: row.conversationId })}
              />
              <span>
                <b>
                  <bdi>{visitorName(scope, row.visitorName)}</bdi>
                </b>{' '}
                {row.ticketNumber !== null && <span class="fine">#{String(row.ticketNumber)}</span>}
                <span class="fine clamp" dir="auto">
                  {row.question}
                </span>
              </span>
            </label>
          ))}
        </fieldset>
        <Field
          label={texts('dispute.reference')}
          value={form.reference}
          max={MAX_REFERENCE_CHARS}
          onInput={reference => change({ reference })}
        />
        <Field
          label={texts('dispute.party', { name: ownName })}
          value={form.own}
          hint={parties[0]}
          max={MAX_PARTY_CHARS}
          onInput={own => change({ own })}
        />
        <Field
          label={texts('dispute.party', {
            name: other ? visitorName(scope, other.visitorName) : texts('dispute.otherSide'),
          })}
          value={form.theirs}
          hint={parties[1]}
          max={MAX_PARTY_CHARS}
          onInput={theirs => change({ theirs })}
        />
        <div class="dialog-foot">
          <p class="fine trouble" role="alert">
            {went.value && went.value !== 'done' ? texts(`dispute.open.${went.value}`) : ''}
          </p>
          <button type="submit" class="button main" disabled={!canSend || isUnderWay.value}>
            {texts('dispute.open')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function Field(props: {
  label: string
  value: string
  max: number
  /** What stands for an empty one. */
  hint?: string
  onInput(text: string): void
}) {
  const { label, value, max, hint, onInput } = props
  return (
    <label class="field">
      <span>{label}</span>
      <input
        class="boxed"
        maxLength={max}
        value={value}
        placeholder={hint}
        dir={value ? 'auto' : undefined}
        onInput={event => onInput(event.currentTarget.value)}
      />
    </label>
  )
}
