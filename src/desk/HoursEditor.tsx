// When the desk is open: a week with its zone, closed days, always, or what the configuration file says.

import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import type { Outcome } from './deskLine'
import { formOf, type HoursField, type HoursForm, type HoursProblem, hoursOf, WEEKDAYS } from './hoursForm'
import type { DeskScope } from './scope'
import type { SettingsModel } from './settingsModel'

type Choice = 'week' | 'always' | 'file'

export function HoursEditor(props: {
  scope: DeskScope
  model: SettingsModel
  /** Set to whether closing would lose what was typed. */
  isEdited: Signal<boolean>
}) {
  const { scope, model, isEdited } = props
  const { texts } = scope
  const settings = model.settings.value
  const id = useId()
  // What was there when it was opened: a colleague's change meanwhile is told, not typed over.
  const expected = useSignal(settings?.hoursRevision ?? 0)
  const choice = useSignal<Choice>(
    settings && !settings.hoursAreOwn ? 'file' : settings?.hours ? 'week' : 'always',
  )
  const form = useSignal<HoursForm>(
    formOf(settings?.hours ?? null, Intl.DateTimeFormat().resolvedOptions().timeZone),
  )
  const problems = useSignal<Readonly<Partial<Record<HoursField, HoursProblem>>>>({})
  const said = useSignal<Outcome | 'wrong' | null>(null)

  // An attribute that is no property: published bundles set properties only.
  useEffect(() => {
    document.getElementById(`${id}-zone`)?.setAttribute('list', `${id}-zones`)
  }, [choice.value])

  const save = async () => {
    const read = hoursOf(form.value)
    problems.value = choice.value === 'week' ? (read.problems ?? {}) : {}
    if (choice.value === 'week' && read.problems) {
      said.value = 'wrong'
      const first = Object.keys(read.problems)[0]
      document.getElementById(`${id}-${first}`)?.focus()
      return
    }
    const hours = choice.value === 'week' ? (read.hours ?? null) : choice.value === 'always' ? null : 'file'
    said.value = await model.saveHours(hours, expected.value)
    if (said.value === 'done') isEdited.value = false
    // Saved, or told that somebody else did: from here on it is about what holds now.
    if (said.value === 'done' || said.value === 'changed')
      expected.value = model.settings.value?.hoursRevision ?? expected.value
  }

  const field = (name: HoursField, value: string, set: (value: string) => void, label: string) => {
    const problem = problems.value[name]
    return (
      <div key={name} class="field hours-field">
        <label for={`${id}-${name}`}>{label}</label>
        <input
          id={`${id}-${name}`}
          class="boxed"
          value={value}
          // Spans, dates and zones: read from left to right in every language.
          dir={value ? 'ltr' : undefined}
          placeholder={
            name === 'zone' ? 'Europe/Berlin' : name === 'closedOn' ? '2026-12-25' : texts('hours.closed')
          }
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${id}-${name}-problem` : undefined}
          onInput={event => set(event.currentTarget.value)}
        />
        {problem && (
          <p id={`${id}-${name}-problem`} class="fine trouble">
            {texts(`hours.${problem.problem}`, { words: problem.words })}
          </p>
        )}
      </div>
    )
  }

  return (
    <form
      class="dialog-body-form"
      onInput={() => {
        isEdited.value = true
      }}
      onSubmit={event => {
        event.preventDefault()
        void save()
      }}
    >
      <fieldset>
        <legend>{texts('hours.when')}</legend>
        {(['week', 'always', 'file'] as const).map(each => (
          <label key={each} class="pick">
            <input
              type="radio"
              name={`${id}-choice`}
              checked={choice.value === each}
              onChange={() => {
                choice.value = each
              }}
            />
            {texts(`hours.${each}`)}
          </label>
        ))}
      </fieldset>
      {choice.value === 'week' && (
        <>
          {field(
            'zone',
            form.value.zone,
            zone => {
              form.value = { ...form.value, zone }
            },
            texts('hours.zone'),
          )}
          <datalist id={`${id}-zones`}>
            {zones().map(zone => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <fieldset class="week">
            <legend>{texts('hours.weekHint')}</legend>
            {WEEKDAYS.map(day =>
              field(
                day,
                form.value.days[day],
                typed => {
                  form.value = { ...form.value, days: { ...form.value.days, [day]: typed } }
                },
                texts(`day.${day}`),
              ),
            )}
          </fieldset>
          {field(
            'closedOn',
            form.value.closedOn.replaceAll('\n', ', '),
            closedOn => {
              form.value = { ...form.value, closedOn }
            },
            texts('hours.closedOn'),
          )}
        </>
      )}
      <div class="dialog-foot">
        <p class={said.value === 'done' ? 'fine' : 'fine trouble'} role="status">
          {said.value ? texts(`hours.said.${said.value}`) : ''}
        </p>
        <button type="submit" class="button main">
          {texts('hours.save')}
        </button>
      </div>
    </form>
  )
}

function zones(): readonly string[] {
  try {
    return Intl.supportedValuesOf('timeZone')
  } catch {
    return []
  }
}
