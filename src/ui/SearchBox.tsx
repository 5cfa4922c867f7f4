// Search field and suggestions: the ARIA combobox pattern with its list always in sight.
// Owns nothing but the caret: query, rows and the active row are searchModel's.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Suggestion } from '../search/searchProvider'
import { Bones } from './Bones'
import { highlighted } from './highlighted'
import { ARTICLE, CLOSE, Icon, QUESTION, SEARCH } from './icons'
import { languageMark } from './languageMark'
import { reasonText, sharedReason } from './reasonText'
import { StatusLine } from './StatusLine'
import type { Scope } from './scope'
import { A_WHILE, useSaid } from './useSaid'

const LIST = 'suggestions'
const rowId = (row: number) => `suggestion-${row}`

export function SearchBox({ scope }: { scope: Scope }) {
  const { panel, texts } = scope
  const { search } = panel
  const { locale, readerLocale } = panel.settings.value
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const isComposing = useRef(false)
  const [part, setPart] = useState<typeof import('./Completion')>()
  const query = search.query.value
  const rows = search.suggestions.value
  const reasons = rows.map(row => reasonText(row.reasons, texts))
  const shared = sharedReason(reasons)
  const active = search.active.value
  const status = search.status.value

  // Not a `value` prop: a render in the middle of an input method's composition would throw its text away.
  useLayoutEffect(() => {
    if (input.current && !isComposing.current && input.current.value !== query) input.current.value = query
  }, [query])

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [active])

  // The way to try again is gone with what failed.
  useLayoutEffect(() => scope.arrived(), [status === 'failed'])

  useSaid(scope, status === 'stalled' && texts('search.stalled'), A_WHILE)
  const rests = search.rests.value
  useEffect(() => {
    if (rests && panel.isOpen.value && query)
      scope.announce(rows.length ? texts('search.results', { count: rows.length }) : texts('search.none'))
  }, [rests])

  const open = (row: Suggestion) => panel.openArticle(row.articleId, row.headingId)

  const type = () => {
    if (isComposing.current || !input.current) return
    search.type(input.current.value)
    scope.prefetch()
    // Without it the list says the same.
    import('./Completion').then(setPart, () => {})
  }

  const press = (event: KeyboardEvent) => {
    if (event.isComposing || isComposing.current) return
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const row = rows[active]
    if (step) search.move(step)
    else if (event.key === 'Enter') {
      if (row) open(row)
      else if (query.trim()) void panel.ask(query.trim())
    } else if (event.key === 'Escape' && query) search.type('')
    else return
    event.preventDefault()
  }

  return (
    <>
      <div class="search">
        <Icon d={SEARCH} />
        <input
          ref={input}
          class="field"
          part="search"
          data-focus
          type="text"
          dir={query ? 'auto' : undefined}
          role="combobox"
          aria-label={texts('search.label')}
          aria-autocomplete="list"
          aria-expanded={rows.length > 0}
          aria-controls={rows.length ? LIST : undefined}
          aria-activedescendant={rows[active] ? rowId(active) : undefined}
          placeholder={texts('search.placeholder')}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          inputMode="search"
          enterkeyhint="search"
          onInput={type}
          onKeyDown={press}
          onCompositionStart={() => {
            isComposing.current = true
          }}
          onCompositionEnd={() => {
            isComposing.current = false
            type()
          }}
        />
        {part && <part.Completion scope={scope} field={input} />}
        {query && (
          <button
            type="button"
            class="round small"
            aria-label={texts('search.clear')}
            onClick={() => {
              search.type('')
              input.current?.focus()
            }}
          >
            <Icon d={CLOSE} />
          </button>
        )}
      </div>
      <div class="scroll grow" ref={list}>
        {(rows.length > 0 || status === 'stalled') && (
          <h3 class="caption">
            {texts(status === 'stalled' ? 'search.stalled' : query ? 'search.results' : 'search.suggested', {
              count: rows.length,
            })}
            {shared && <span class="reason"> {shared}</span>}
          </h3>
        )}
        {part && <part.WhyThese scope={scope} />}
        {status === 'failed' ? (
          <StatusLine text={texts('search.failed')} scope={scope} retry={() => search.refresh()} />
        ) : (
          !rows.length &&
          (status === 'idle' ? (
            query && <StatusLine text={texts('search.none')} scope={scope} icon={SEARCH} isSaid />
          ) : (
            <Bones kind="rows" />
          ))
        )}
        {rows.length > 0 && (
          <div
            id={LIST}
            class="rows"
            part="suggestions"
            role="listbox"
            aria-label={texts('search.suggestions')}
          >
            {rows.map((row, i) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard is on the field (aria-activedescendant)
              <div
                key={row.articleId + row.title}
                id={rowId(i)}
                class="row"
                part="suggestion"
                role="option"
                tabIndex={-1}
                aria-selected={i === active}
                onClick={() => open(row)}
              >
                <Icon d={row.kind === 'question' ? QUESTION : ARTICLE} />
                <div lang={row.locale ?? readerLocale}>
                  <Title row={row} />
                  {row.headingText && row.headingText !== row.title && (
                    <div class="sub" dir="auto">
                      {row.headingText}
                    </div>
                  )}
                  {row.summary && (
                    <div class="sub clamp" dir="auto">
                      {row.summary}
                    </div>
                  )}
                  <div class="reason" lang={locale}>
                    {[languageMark(row.locale, locale, texts), reasons[i] !== shared && reasons[i]]
                      .filter(Boolean)
                      .join(' · ')}
                  </div>
                </div>
              </div>
            ))}
          </div>
        )}
      </div>
    </>
  )
}

function Title({ row }: { row: Suggestion }) {
  return (
    <div class="row-title" dir="auto">
      {highlighted(row.title, row.highlights).map(piece =>
        piece.isMarked ? <mark>{piece.text}</mark> : piece.text,
      )}
    </div>
  )
}
