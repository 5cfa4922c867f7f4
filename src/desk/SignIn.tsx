// The door of the desk: name and password. Links are taken by mountDesk, before anything is shown.
// The password lives in the field alone: no signal, no state, gone with the form.

import { useLayoutEffect, useRef } from 'preact/hooks'
import type { DeskScope } from './scope'

export function SignIn({ scope }: { scope: DeskScope }) {
  const { desk, texts } = scope
  const first = useRef<HTMLInputElement>(null)
  const problem = desk.signInProblem.value
  const isBusy = desk.isSigningIn.value
  useLayoutEffect(() => first.current?.focus(), [])

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    void desk.signIn({ name: String(form.get('name')).trim(), password: String(form.get('password')) })
  }

  return (
    <main class="desk-lobby">
      <form class="sign-in" onSubmit={submit} aria-labelledby="desk-sign-in">
        <h1 id="desk-sign-in">{texts('signIn.title')}</h1>
        <div role="alert">{problem && <p class="banner warning">{texts(`signIn.${problem}`)}</p>}</div>
        <label>
          <span>{texts('signIn.name')}</span>
          <input
            ref={first}
            class="boxed"
            name="name"
            autocomplete="username"
            autocapitalize="none"
            dir="auto"
            required
          />
        </label>
        <label>
          <span>{texts('signIn.password')}</span>
          <input
            class="boxed"
            name="password"
            type="password"
            dir="ltr"
            autocomplete="current-password"
            required
          />
        </label>
        <button type="submit" class="button main" disabled={isBusy}>
          {texts(isBusy ? 'signIn.busy' : 'signIn.submit')}
        </button>
        <p class="fine">{texts('signIn.hint')}</p>
      </form>
    </main>
  )
}
