// Fetches the leads' queue when it is asked for: agents never need it. Says so while it is on its way.

import { Bones } from '../ui/Bones'
import { Dialog } from './Dialog'
import type { DeskScope } from './scope'
import { useLaterPart } from './useLaterPart'
import type { Workplace } from './workplace'

const load = () => import('./ReviewDialog')

export function ReviewDoor(props: { scope: DeskScope; workplace: Workplace; onClose(): void }) {
  const { scope, workplace, onClose } = props
  const { texts } = scope
  const { part, again } = useLaterPart(load)
  if (part === null || part === 'failed')
    return (
      <Dialog scope={scope} title={texts('review.title')} isWide onClose={onClose}>
        {part === null ? (
          <Bones kind="chat" count={2} text={texts('review.loading')} isSaid />
        ) : (
          <div class="review-none">
            <p role="alert">{texts('review.missing')}</p>
            <button type="button" class="button" onClick={again}>
              {texts('review.retry')}
            </button>
          </div>
        )}
      </Dialog>
    )
  const { ReviewDialog } = part
  return (
    <ReviewDialog
      scope={scope}
      parts={workplace.reviews}
      hasLetterKeys={workplace.preferences.hasLetterKeys.value}
      onClose={onClose}
    />
  )
}
