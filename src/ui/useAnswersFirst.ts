// The chunk "AnswersFirst", fetched with the offer of a message: without it the message is left at once.

import { useEffect, useState } from 'preact/hooks'
import type { ConversationModel } from '../conversation/conversationModel'
import type { Scope } from './scope'

export type AnswersFirstPart = typeof import('./AnswersFirst')

export function useAnswersFirst(scope: Scope, conversation: ConversationModel): AnswersFirstPart | undefined {
  const [part, setPart] = useState<{ first?: AnswersFirstPart }>({})
  const isNeeded = conversation.offer.value?.channels.some(({ channel }) => channel === 'ticket') === true
  useEffect(() => {
    if (!isNeeded || part.first) return
    import('./AnswersFirst').then(
      first => {
        scope.addStyles(first.styles)
        scope.panel.addTexts(first.words)
        setPart({ first })
      },
      () => {},
    )
  }, [isNeeded])
  return part.first
}
