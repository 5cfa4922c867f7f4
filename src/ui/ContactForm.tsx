// One address to be reached at, checked before it is handed on.

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Contact } from '../protocol/records'
import { contactFrom } from './contactCheck'
import type { Scope } from './scope'
import { useFocusHeir } from './useFocusHeir'
import { useSaid } from './useSaid'

interface ContactFormProps {
  readonly kind: 'email' | 'phone'
  readonly scope: Scope
  /** Known already: to be confirmed or changed. */
  readonly value?: string | undefined
  give(contact: Contact): void
}

const ATTRIBUTES = {
  email: { type: 'email', autocomplete: 'email', dir: 'ltr' },
  phone: { type: 'tel', autocomplete: 'tel', dir: 'ltr' },
} as const

export function ContactForm({ kind, scope, value, give }: ContactFormProps) {
  const { texts } = scope
  const ref = useFocusHeir<HTMLFormElement>()
  const field = useRef<HTMLInputElement>(null)
  const [isBad, setIsBad] = useState(false)
  useSaid(scope, isBad && texts('offer.contactBad'))
  useLayoutEffect(() => {
    if (value && field.current) field.current.value = value
  }, [])
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const contact = contactFrom(kind, field.current?.value ?? '')
    setIsBad(!contact)
    if (contact) give(contact)
    else field.current?.focus()
  }
  return (
    <form ref={ref} class="contact" noValidate onSubmit={submit}>
      <label for={`contact-${kind}`}>{texts(`offer.${kind}.label`)}</label>
      <div class="line">
        <input
          ref={field}
          id={`contact-${kind}`}
          class="field boxed"
          {...ATTRIBUTES[kind]}
          maxLength={254}
          aria-invalid={isBad || undefined}
          aria-describedby={isBad ? 'contact-bad' : undefined}
        />
        <button type="submit" class="button main">
          {texts('offer.confirm')}
        </button>
      </div>
      {isBad && (
        <p id="contact-bad" class="fine trouble">
          {texts('offer.contactBad')}
        </p>
      )}
    </form>
  )
}
