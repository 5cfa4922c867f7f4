// Fetches what leads see of mail and webhooks when it is asked for. Says so while it is on its way.

import { Bones } from '../ui/Bones'
import { Dialog } from './Dialog'
import type { DeskScope } from './scope'
import { useLaterPart } from './useLaterPart'
import type { Workplace } from './workplace'

const load = () => import('./Deliveries')

export function DeliveriesDoor(props: { scope: DeskScope; workplace: Workplace; onClose(): void }) {
  const { scope, workplace, onClose } = props
  const { texts } = scope
  const { part, again } = useLaterPart(load)
  if (part !== null && part !== 'failed')
    return <part.Deliveries scope={scope} line={workplace.reviews.line} onClose={onClose} />
  return (
    <Dialog scope={scope} title={texts('deliveries.title')} isWide onClose={onClose}>
      {part === null ? (
        <Bones kind="rows" count={3} text={texts('deliveries.loading')} isSaid />
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
}
