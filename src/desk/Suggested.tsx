// What the site's help says to the visitor's last words, above the field. Insert puts a quotation into the draft,
// where the agent edits it; the article goes along as a source that the visitor can open.

import { useSignal } from '@preact/signals'
import type { Reason } from '../search/searchProvider'
import type { DeskScope } from './scope'

export function Suggested({ scope, onInsert }: { scope: DeskScope; onInsert(): void }) {
  const { desk, texts } = scope
  const workplace = desk.workplace.value
  const isOpen = useSignal(false)
  const suggestions = workplace?.suggestions.suggestions.value ?? []
  if (!workplace || suggestions.length === 0) return null
  return (
    <section class="suggested" aria-label={texts('suggested.label')}>
      <button
        type="button"
        class="text-button"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value
        }}
      >
        {texts('suggested.show', { count: suggestions.length })}
      </button>
      {isOpen.value && (
        <ul>
          {suggestions.map(({ citation, text, reasons }) => (
            <li key={citation.articleId}>
              <div>
                <b>
                  <bdi>{citation.title}</bdi>
                </b>
                {citation.headingText && (
                  <span class="fine">
                    {' '}
                    › <bdi>{citation.headingText}</bdi>
                  </span>
                )}
                <p class="clamp" dir="auto">
                  {text}
                </p>
                <p class="fine">
                  {reasons
                    .slice(0, 2)
                    .map(reason => reasonText(scope, reason))
                    .join(' · ')}
                </p>
              </div>
              <button
                type="button"
                class="button"
                aria-label={texts('suggested.insertNamed', { title: citation.title })}
                onClick={() => {
                  workplace.composer.quote(text, citation)
                  isOpen.value = false
                  onInsert()
                }}
              >
                {texts('suggested.insert')}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function reasonText({ texts }: DeskScope, reason: Reason): string {
  switch (reason.kind) {
    case 'page':
      return texts('why.page', { name: reason.name })
    case 'error':
      return texts('why.error', { text: reason.text })
    case 'role':
      return texts('why.role', { role: reason.role })
    case 'recent':
      return texts('why.recent')
    case 'questionType':
      return texts('why.questionType')
    case 'popular':
      return texts('why.popular')
    default:
      return texts('why.words')
  }
}
