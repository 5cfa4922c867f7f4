// A copy of the conversation to keep: to the clipboard, as a file, or by the site's own e-mail where it offers that.
// The file is made here and handed to the browser: no request, no address of a page, nothing a policy must allow.

import { useEffect, useState } from 'preact/hooks'
import type { PastConversations } from '../assistant/pastConversations'
import type { ConversationModel } from '../conversation/conversationModel'
import { ContactForm } from './ContactForm'
import { CopyButton } from './CopyButton'
import type { Scope } from './scope'
import { transcriptFile } from './transcriptFile'

/** The browser has read it by then. Milliseconds. */
const REVOKE_AFTER_MS = 10_000

type Mail = '' | 'asking' | 'sending' | 'sent' | 'handed' | 'failed'

export function Transcript({ scope, conversation }: { scope: Scope; conversation: ConversationModel }) {
  const { texts, panel, announce } = scope
  const [mail, setMail] = useState<Mail>('')
  const [past, setPast] = useState<{ site?: PastConversations }>({})
  useEffect(() => {
    // Without it the copy is not offered by e-mail, and all else works.
    panel.past().then(
      site => setPast({ site }),
      () => {},
    )
  }, [])
  const download = () => {
    const last = conversation.items.value.at(-1)
    const file = new Blob([conversation.transcript()], { type: 'text/plain;charset=utf-8' })
    const url = URL.createObjectURL(file)
    // Never in the page: its listeners would hear the press, and its router take it for a link.
    const link = document.createElement('a')
    link.href = url
    link.download = transcriptFile(
      panel.settings.value.name,
      conversation.ticket.value?.number ?? null,
      last?.at ?? 0,
    )
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS)
  }
  const say = (state: Mail) => {
    setMail(state)
    announce(texts(`keep.${state}`))
  }
  const send = (email: string) => {
    say('sending')
    past.site?.sendTranscript(conversation, email).then(say, () => say('failed'))
  }
  const isBusy = mail === 'sending'
  return (
    <div class="keep">
      <CopyButton label={texts('link.copy')} texts={texts} text={conversation.transcript} />
      <button type="button" class="text-button" onClick={download}>
        {texts('keep.download')}
      </button>
      {past.site?.hearsTranscript() && (
        <button
          type="button"
          class="text-button"
          aria-expanded={mail === 'asking'}
          aria-disabled={isBusy || undefined}
          onClick={() => !isBusy && setMail(mail === 'asking' ? '' : 'asking')}
        >
          {texts('keep.mail')}
        </button>
      )}
      {mail === 'asking' && (
        <ContactForm
          kind="email"
          scope={scope}
          value={conversation.contact.value?.email}
          give={({ email }) => email && send(email)}
        />
      )}
      {mail && mail !== 'asking' && (
        <p class={mail === 'failed' ? 'fine trouble' : 'fine'}>{texts(`keep.${mail}`)}</p>
      )}
    </div>
  )
}
