// The chunk "Dispute", fetched where a conversation has one, or a page names what there could be one about.

import { useEffect, useState } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import type { Scope } from './scope'

export type DisputePart = typeof import('./Dispute')

/** Undefined until it is needed and here; one that did not come is asked for with the next dispute. */
export function useDispute(scope: Scope, conversation: ConversationModel, about: string | null) {
  const [part, setPart] = useState<{ part?: DisputePart }>({})
  const isNeeded = conversation.dispute.value !== null || about !== null
  useEffect(() => {
    if (!isNeeded || part.part) return
    import('./Dispute').then(
      came => {
        scope.addStyles(came.styles)
        scope.panel.addTexts(came.words)
        setPart({ part: came })
      },
      () => {},
    )
  }, [isNeeded])
  return part.part
}
