// What this device keeps, in plain words, and one button that ends it, with one question before. A chunk of its own.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Kept } from '../assistant/deviceKeeping'
import css from './kept.css?inline'
import english from './kept.en.json'
import { OnItsWay, StatusLine } from './StatusLine'
import type { Scope } from './scope'

/** What this view says, until the site has words of its own. */
export const words = english

const THINGS = ['isOpen', 'search', 'talk', 'routes', 'offers', 'people'] as const

type Step = 'looking' | 'failed' | 'shown' | 'asking' | 'erasing' | 'notDone'

/** The list, the button, the question, the result; the result is said to screen readers too. */
export function KeptView({ scope }: { scope: Scope }) {
  const { panel, texts, addStyles } = scope
  useLayoutEffect(() => addStyles(css), [])
  const [step, setStep] = useState<Step>('looking')
  const [kept, setKept] = useState<Kept | null>(null)
  const [done, setDone] = useState('')
  /** Where the keyboard goes with a step that took its button away. */
  const place = useRef<HTMLElement>(null)
  // With the step itself: a key pressed right after it never meets the focus on its way.
  useLayoutEffect(() => {
    const { current } = place
    // Whoever is at work elsewhere in the page is left there.
    if (current && isHere(current)) current.focus()
  }, [step])
  const look = async () => {
    setStep('looking')
    try {
      setKept(await (await panel.device()).kept())
      setStep('shown')
    } catch {
      setStep('failed')
    }
  }
  useEffect(() => {
    void look()
  }, [])
  const erase = async () => {
    setStep('erasing')
    try {
      const { unsent } = await (await panel.device()).forget()
      const sentence = texts(unsent ? 'kept.doneUnsent' : 'kept.done', unsent ? { count: unsent } : {})
      setDone(sentence)
      scope.announce(sentence)
      setStep('shown')
    } catch {
      setStep('notDone')
      scope.announce(texts('kept.notDone'))
    }
  }
  if (step === 'looking' || step === 'erasing')
    return (
      <OnItsWay
        kind="article"
        scope={scope}
        text={texts(step === 'looking' ? 'kept.looking' : 'kept.erasing')}
      />
    )
  if (step === 'failed')
    return <StatusLine text={texts('kept.failed')} scope={scope} retry={() => void look()} />
  const things = kept ? THINGS.filter(name => kept[name]) : []
  const isNothing = !kept?.unsent && !things.length
  return (
    <section class="kept scroll" aria-labelledby="kept-title">
      <h3 id="kept-title" tabIndex={-1} data-focus ref={step === 'asking' ? null : (place as never)}>
        {texts('kept.title')}
      </h3>
      {done || isNothing ? (
        <p>{done || texts('kept.nothing')}</p>
      ) : (
        <>
          <ul>
            {things.map(name => (
              <li key={name}>{texts(`kept.${name}`)}</li>
            ))}
            {kept && kept.unsent > 0 && <li>{texts('kept.unsent', { count: kept.unsent })}</li>}
          </ul>
          {kept?.isWithPerson && <p>{texts('kept.withPerson')}</p>}
        </>
      )}
      <p class="sub">{texts('kept.honest')}</p>
      {step === 'notDone' && <p class="failed">{texts('kept.notDone')}</p>}
      {!done &&
        !isNothing &&
        (step === 'asking' ? (
          <section aria-label={texts('kept.sure')}>
            <p>{texts('kept.sure')}</p>
            <div class="acts">
              <button type="button" class="button erase" onClick={() => void erase()}>
                {texts('kept.erase')}
              </button>
              <button type="button" class="button" ref={place as never} onClick={() => setStep('shown')}>
                {texts('kept.leave')}
              </button>
            </div>
          </section>
        ) : (
          <button type="button" class="button" onClick={() => setStep('asking')}>
            {texts('kept.forget')}
          </button>
        ))}
    </section>
  )
}

/** The focus is in the panel, or was lost with a button that went. */
function isHere(element: HTMLElement): boolean {
  const { host } = element.getRootNode() as ShadowRoot
  const { activeElement, body } = element.ownerDocument
  return !activeElement || activeElement === host || activeElement === body
}
