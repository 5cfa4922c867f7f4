// Fetches the leads' queue when it is asked for: agents never need it. Owns only whether it came.

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Dialog } from './Dialog'
import type { DeskScope } from './scope'
import type { Workplace } from './workplace'

type Part = typeof import('./ReviewDialog')

export function ReviewDoor(props: { scope: DeskScope; workplace: Workplace; onClose(): void }) {
  const { scope, workplace, onClose } = props
  const part = useSignal<Part | 'failed' | null>(null)
  useEffect(() => {
    let isGone = false
    import('./ReviewDialog').then(
      loaded => {
        if (!isGone) part.value = loaded
      },
      () => {
        if (!isGone) part.value = 'failed'
      },
    )
    return () => {
      isGone = true
    }
  }, [])
  if (part.value === null) return null
  if (part.value === 'failed')
    return (
      <Dialog scope={scope} title={scope.texts('review.title')} onClose={onClose}>
        <p role="alert">{scope.texts('review.failed')}</p>
      </Dialog>
    )
  const { ReviewDialog } = part.value
  return (
    <ReviewDialog
      scope={scope}
      parts={workplace.reviews}
      hasLetterKeys={workplace.preferences.hasLetterKeys.value}
      onClose={onClose}
    />
  )
}
