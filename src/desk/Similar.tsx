// Solved tickets that are like this one, above the field: why each is shown, and what was answered there. One is opened
// to be read, or its answer goes into the draft, which says that it was suggested; one that does not fit is put away.

import { useSignal } from '@preact/signals'
import { parseMessage } from '../knowledge/fromMarkdown'
import { plainText } from '../knowledge/plainText'
import type { SimilarTicket } from '../protocol/deskRecords'
import type { DeskScope } from './scope'
import { dayOf, momentText } from './times'

export function Similar({ scope, onInsert }: { scope: DeskScope; onInsert(): void }) {
  const { desk, texts, locale } = scope
  const model = desk.workplace.value?.similar
  const isOpen = useSignal(false)
  const tickets = model?.tickets.value ?? []
  if (!model || tickets.length === 0) return null
  const today = dayOf(desk.now.value)
  return (
    <section class="suggested" aria-label={texts('similar.label')}>
      <button
        type="button"
        class="text-button"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value
        }}
      >
        {texts('similar.show', { count: tickets.length })}
      </button>
      {isOpen.value && (
        <>
          <ul>
            {tickets.map(ticket => {
              const number = String(ticket.number)
              return (
                <li key={ticket.conversationId} class="similar">
                  <div>
                    <p class="fine">
                      <b>#{number}</b>{' '}
                      {texts('similar.solved', { time: momentText(ticket.solvedAt, today, locale) })}
                      {' · '}
                      {reasonsText(scope, ticket)}
                    </p>
                    <p class="clamp" dir="auto">
                      {ticket.question}
                    </p>
                    <p class="fine clamp">
                      {ticket.answer.by && <bdi>{ticket.answer.by}: </bdi>}
                      <bdi>{saidIn(ticket.answer)}</bdi>
                    </p>
                  </div>
                  <div class="actions">
                    <button
                      type="button"
                      class="button"
                      aria-label={texts('similar.useNamed', { number })}
                      onClick={() => {
                        model.take(ticket)
                        isOpen.value = false
                        onInsert()
                      }}
                    >
                      {texts('similar.use')}
                    </button>
                    <button
                      type="button"
                      class="text-button"
                      aria-label={texts('similar.openNamed', { number })}
                      onClick={() => desk.openSimilar(ticket.conversationId)}
                    >
                      {texts('similar.open')}
                    </button>
                    <button
                      type="button"
                      class="text-button"
                      aria-label={texts('similar.notNamed', { number })}
                      onClick={() => {
                        model.refuse(ticket)
                        onInsert()
                      }}
                    >
                      {texts('similar.not')}
                    </button>
                  </div>
                </li>
              )
            })}
          </ul>
          <p class="fine">{texts('similar.check')}</p>
        </>
      )}
    </section>
  )
}

/** Two lines of it: what an agent wrote as Markdown is read as its words, without marks. */
export const saidIn = ({ format, text }: SimilarTicket['answer']): string =>
  format === 'markdown' ? plainText(parseMessage(text)) : text

function reasonsText({ texts, locale }: DeskScope, { reasons, category }: SimilarTicket): string {
  return reasons
    .map(({ kind, words = [] }) =>
      texts(`similar.because.${kind}`, { words: new Intl.ListFormat(locale).format(words), category }),
    )
    .join(' · ')
}
