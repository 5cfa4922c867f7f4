// Labels on the open conversation: those that are on it, and a combobox for one more, with those in use to choose
// from. The list follows the keys as APG has it; what is typed and is no label yet becomes one.

import { useSignal } from '@preact/signals'
import { useId, useRef } from 'preact/hooks'
import { MAX_LABEL_CHARS } from '../protocol/limits'
import type { DeskScope } from './scope'
import { useInSight } from './useInSight'

export function Labels({ scope }: { scope: DeskScope }) {
  const { desk, texts } = scope
  const workplace = desk.workplace.value
  const details = workplace?.details.details.value
  const typed = useSignal('')
  const isOpen = useSignal(false)
  const active = useSignal(-1)
  const said = useSignal('')
  const field = useRef<HTMLInputElement>(null)
  const list = useInSight(active.value)
  const id = useId()
  if (!workplace || !details) return null
  const { labels } = details
  const wanted = typed.value.trim().toLowerCase()
  const suggested = (workplace.settings.settings.value?.labels ?? [])
    .filter(label => !labels.includes(label) && label.toLowerCase().includes(wanted))
    .slice(0, 8)
  const isListed = isOpen.value && suggested.length > 0

  const change = async (label: string, on: boolean) => {
    const outcome = await workplace.details.setLabel(label, on)
    said.value =
      outcome === 'done' ? texts(on ? 'labels.added' : 'labels.removed', { label }) : texts('labels.failed')
  }
  const add = (label: string) => {
    if (!label.trim()) return
    typed.value = ''
    isOpen.value = false
    active.value = -1
    void change(label, true)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const count = suggested.length
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && count > 0) {
      isOpen.value = true
      const step = event.key === 'ArrowDown' ? 1 : -1
      active.value = (Math.max(active.value, step > 0 ? -1 : 0) + step + count) % count
    } else if (event.key === 'Enter' && !event.isComposing) {
      add((isListed && suggested[active.value]) || typed.value)
    } else if (event.key === 'Escape' && (isListed || typed.value)) {
      isOpen.value = false
      active.value = -1
      if (!isListed) typed.value = ''
      event.stopPropagation()
    } else return
    event.preventDefault()
  }

  return (
    <section class="part" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>{texts('labels.title')}</h3>
      {labels.length > 0 && (
        <ul class="labels">
          {labels.map(label => (
            <li key={label} class="label">
              {label}
              <button
                type="button"
                aria-label={texts('labels.remove', { label })}
                onClick={() => {
                  field.current?.focus()
                  void change(label, false)
                }}
              >
                <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="combo">
        <input
          ref={field}
          class="boxed"
          role="combobox"
          maxLength={MAX_LABEL_CHARS}
          aria-label={texts('labels.add')}
          aria-autocomplete="list"
          aria-expanded={isListed}
          aria-controls={`${id}-list`}
          aria-activedescendant={isListed && active.value >= 0 ? `${id}-${active.value}` : undefined}
          placeholder={texts('labels.add')}
          dir={typed.value ? 'auto' : undefined}
          value={typed.value}
          onInput={event => {
            typed.value = event.currentTarget.value
            isOpen.value = true
            active.value = -1
          }}
          onBlur={() => {
            isOpen.value = false
          }}
          onKeyDown={onKeyDown}
        />
        <div
          ref={list}
          id={`${id}-list`}
          role="listbox"
          class="scroll"
          tabIndex={-1}
          aria-label={texts('labels.suggested')}
          hidden={!isListed}
        >
          {isListed &&
            suggested.map((label, i) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
              <div
                key={label}
                id={`${id}-${i}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === active.value}
                // The field must not lose the focus before the click comes.
                onPointerDown={event => event.preventDefault()}
                onMouseDown={event => event.preventDefault()}
                onClick={() => add(label)}
              >
                {label}
              </div>
            ))}
        </div>
      </div>
      <p class="sr" role="status">
        {isListed ? texts('labels.count', { count: suggested.length }) : said.value}
      </p>
    </section>
  )
}
