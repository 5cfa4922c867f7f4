// "I want a person to look at it": an objection to what a machine did, with or without words. What comes of it stands
// in the conversation.

import { useEffect, useRef, useState } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import type { ContestedBody } from '../protocol/events'
import type { Scope } from './scope'

interface ContestProps {
  readonly scope: Scope
  readonly conversation: ConversationModel
  readonly objection: Pick<ContestedBody, 'about' | 'target'>
}

export function Contest({ scope, conversation, objection }: ContestProps) {
  const { texts, panel, announce } = scope
  const [step, setStep] = useState<'' | 'asking' | 'sent'>('')
  const field = useRef<HTMLTextAreaElement>(null)
  const said = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (step === 'asking') field.current?.focus()
    if (step === 'sent') said.current?.focus()
  }, [step])
  if (!panel.settings.value.hasPeople) return null
  const send = () => {
    const words = field.current?.value.trim()
    setStep('sent')
    announce(texts('why.contested'))
    void conversation.contest({ ...objection, ...(words && { words }) })
  }
  if (step === 'sent')
    return (
      <p ref={said} class="fine" tabIndex={-1}>
        {texts('why.contested')}
      </p>
    )
  return (
    <>
      <button
        type="button"
        class="text-button"
        aria-expanded={step === 'asking'}
        onClick={() => setStep(step ? '' : 'asking')}
      >
        {texts(`why.wrong.${objection.about}`)}
      </button>
      {step === 'asking' && (
        <form
          onSubmit={event => {
            event.preventDefault()
            send()
          }}
        >
          <label>
            <span class="fine">{texts('why.words')}</span>
            <textarea ref={field} class="field boxed" rows={2} maxLength={1_000} dir="auto" />
          </label>
          <button type="submit" class="button">
            {texts('why.contest')}
          </button>
        </form>
      )}
    </>
  )
}
