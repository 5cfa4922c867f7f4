// Handing the open conversation to a colleague or a team, with a note for whoever gets it. Stays until it is known that
// the conversation went; the words are the composer's, and outlive a dialog that is closed.

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { DeskPerson } from '../protocol/deskRecords'
import { MAX_MESSAGE_CHARS } from '../protocol/limits'
import type { TransferTarget } from './assignmentModel'
import { Dialog } from './Dialog'
import type { OpenThread } from './deskModel'
import { type DeskScope, noticeText } from './scope'
import { listText } from './times'

export function TransferDialog(props: { scope: DeskScope; thread: OpenThread; onClose(): void }) {
  const { scope, thread, onClose } = props

  const { desk, texts } = scope
  const workplace = desk.workplace.value
  const to = useSignal<TransferTarget | null>(null)
  const isUnderWay = useSignal(false)
  const composer = workplace?.composer
  const note = composer?.transferNote.value ?? ''
  const notice = desk.notice.value
  // Who is here is a fact of moments: the list may be old.
  useEffect(() => void workplace?.people.refresh(), [])
  const order = { here: 0, away: 1, gone: 2 }
  const colleagues = [...(workplace?.people.colleagues.value ?? [])].sort(
    (a, b) => order[a.state] - order[b.state] || a.live - b.live || (a.name < b.name ? -1 : 1),
  )
  const teams = workplace?.settings.settings.value?.teams ?? []
  const isTo = (agentId: string) => to.value !== null && 'agentId' in to.value && to.value.agentId === agentId

  const hand = async () => {
    const { conversationId, isMine } = thread
    if (!to.value || isUnderWay.value || !isMine) return
    isUnderWay.value = true
    const isDone = await desk.transfer(to.value, note)
    isUnderWay.value = false
    if (!isDone) return
    composer?.setTransferNote(conversationId, '')
    onClose()
  }

  return (
    <Dialog scope={scope} title={texts('transfer.title')} onClose={onClose}>
      <form
        class="dialog-body-form"
        onSubmit={event => {
          event.preventDefault()
          void hand()
        }}
      >
        <fieldset>
          <legend>{texts('transfer.people')}</legend>
          {colleagues.length === 0 && <p class="quiet">{texts('transfer.nobody')}</p>}
          {colleagues.map(person => (
            <label key={person.agentId} class="pick">
              <input
                type="radio"
                name="desk-transfer"
                disabled={person.state === 'gone'}
                checked={isTo(person.agentId)}
                onChange={() => {
                  to.value = { agentId: person.agentId }
                }}
              />
              <Person scope={scope} person={person} />
            </label>
          ))}
        </fieldset>
        {teams.length > 0 && (
          <fieldset>
            <legend>{texts('transfer.teams')}</legend>
            {teams.map(team => (
              <label key={team} class="pick">
                <input
                  type="radio"
                  name="desk-transfer"
                  checked={to.value !== null && 'team' in to.value && to.value.team === team}
                  onChange={() => {
                    to.value = { team }
                  }}
                />
                <b>{team}</b>
              </label>
            ))}
            <p class="fine">{texts('transfer.teamHint')}</p>
          </fieldset>
        )}
        <label class="field">
          <span>{texts('transfer.note')}</span>
          <textarea
            class="boxed"
            rows={2}
            maxLength={MAX_MESSAGE_CHARS}
            value={note}
            dir={note ? 'auto' : undefined}
            readOnly={isUnderWay.value}
            onInput={event => composer?.setTransferNote(thread.conversationId, event.currentTarget.value)}
          />
        </label>
        <div class="dialog-foot">
          <p class="fine trouble" role="alert">
            {isUnderWay.value
              ? ''
              : notice
                ? noticeText(scope, notice)
                : thread.isMine
                  ? ''
                  : texts('transfer.notMine')}
          </p>
          <button
            type="submit"
            class="button main"
            disabled={!to.value || isUnderWay.value || !thread.isMine}
          >
            {texts(isUnderWay.value ? 'transfer.busy' : 'transfer.send')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** Name, whether they are there, and how much they have to do. */
export function Person({ scope, person }: { scope: DeskScope; person: DeskPerson }) {
  const { texts } = scope
  return (
    <span class="person">
      <b>
        <bdi>{person.name}</bdi>
      </b>
      {person.role === 'lead' && <span class="fine">{texts('person.lead')}</span>}
      <span class={`state ${person.state}`}>{texts(`person.${person.state}`)}</span>
      {person.teams.length > 0 && <span class="fine">{listText(person.teams, scope.locale)}</span>}
      <span class="fine">{texts('person.live', { count: person.live })}</span>
    </span>
  )
}
