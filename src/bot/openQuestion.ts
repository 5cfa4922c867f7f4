// What the bot knows of flows before it needs to run one: is one waiting, was a yes typed, which buttons are always
// there. Apart from flowEngine, so that an answer from an article does not wait for the engine. Pure.

import type { Texts } from '../base/texts'
import { plain } from '../understanding/normalise'
import type { Replies } from '../understanding/replies'
import type { BotState, Choice } from './botProvider'
import { type Flow, stepOf } from './flow'

/** Is the flow of this state waiting for the visitor? A flow that handed over or whose step is gone is not. */
export function isWaiting(flow: Flow | undefined, state: BotState): flow is Flow {
  const step = flow && state.flow && stepOf(flow, state.flow.step)
  return Boolean(step && ('ask' in step || 'solved' in step || 'action' in step))
}

/** A button that every conversation knows: `back`, `stop`, `person`. */
export function way(id: 'back' | 'stop' | 'person', texts: Texts): Choice {
  return { id, label: texts(id === 'person' ? 'chat.person' : `bot.${id}`) }
}

/** Yes or no, pressed or typed; undefined: neither. */
export function yesOrNo(
  input: { readonly kind: string; readonly id?: string; readonly text?: string },
  texts: Texts,
  replies: Replies,
): boolean | undefined {
  if (input.kind === 'choice') return input.id === 'yes' ? true : input.id === 'no' ? false : undefined
  const { text = '' } = input
  const words = plain(text).replace(/[.!]+$/, '')
  if (words === plain(texts('bot.yes')) || words === plain(texts('consent.allow'))) return true
  if (words === plain(texts('bot.no')) || words === plain(texts('consent.refuse'))) return false
  return replies.yesOrNo(text)
}
