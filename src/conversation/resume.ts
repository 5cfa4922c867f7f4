// What one tab remembers of a conversation with the bot, so that a reload or the next page goes on with it.
// Owns the saved shape; what cannot be read is forgotten, never guessed.

import type { SafeStorage } from '../base/safeStorage'
import type { AnswerSource, BotAnswer, BotState, BotTurn, Choice } from '../bot/botProvider'
import type { EscalationReason } from '../protocol/records'
import type { Tone } from '../understanding/tone'
import type { BegunObjection } from './objecting'
import type { HeldObjection } from './objections'
import type { LocalTurn } from './timeline'

export interface Remembered {
  readonly startedAt: number
  readonly turns: readonly LocalTurn[]
  /** Where the bot's sentences come from, by clientId, beyond the handoff: the server keeps only citations. */
  readonly sources: readonly (readonly [string, AnswerSource])[]
  readonly bot: BotState
  readonly misses: number
  /** What was asked and has no answer yet, oldest first; an agent reads of it. Left out of what older builds kept. */
  readonly unanswered?: readonly string[]
  readonly choices: readonly Choice[]
  readonly expects: BotTurn['expects'] | null
  readonly consent: BotTurn['consent'] | null
  /** An answer that is coming bit by bit: what stands of it, and what stays should nothing more come. */
  readonly arriving?: {
    readonly turns: readonly LocalTurn[]
    readonly left: BotAnswer
    /** What it answers. Left out of what older builds kept. */
    readonly question?: string
  } | null
  readonly draft: string
  /** Words for a dispute that were typed and not saved yet, by its id: as unread as a draft, and as much the visitor's. */
  readonly sides?: Readonly<Record<string, string>> | undefined
  /** Why a person is on offer; null while the bot goes on. */
  readonly offered: EscalationReason | null
  readonly wasDeclined: boolean
  /** For the brief: why a person was offered, and how the visitor sounded at worst. */
  readonly because?: string
  /** The rule that said so, as the journal has it; `visitor`: no rule, their own wish. */
  readonly becauseBy?: string
  readonly tone?: Tone
  /** Of the visitor's latest message. */
  readonly isAngry?: boolean
  readonly category?: string
  /** The policy topic that was last told, with its words. */
  readonly topic?: string
  /** Parts of the brief that the visitor leaves out (`telling`). */
  readonly left?: readonly string[]
  /** The question as the visitor put it for the brief. */
  readonly toldQuestion?: string
  /** Where the visitor goes from here on is told to nobody. */
  readonly hidesPlace?: boolean
  /** Articles that were offered before a message was left, and do not answer it. */
  readonly refused?: readonly { readonly articleId: string; readonly title: string }[]
  /** Own tickets that were offered as well, and do not either. */
  readonly refusedTickets?: readonly { readonly conversationId: string; readonly number: number | null }[]
  /** Objected to before a person was there: goes along with the handoff. */
  readonly contested?: readonly HeldObjection[]
  /** Words for an objection that were typed and not sent yet: as unread as a draft. */
  readonly objecting?: readonly BegunObjection[] | undefined
  /** What was said on offer of how long a ticket usually waits. Milliseconds from when it was left. */
  readonly answerWithinMs?: number
  /** Handed over: the server has the rest. */
  readonly isHandedOver: boolean
}

/** In the tab's storage, as the other names of what is kept: createAssistant puts `asklet:` before. */
export const KEY = 'conversation'
/** Of turns and sources at most this many characters are kept, the newest: session storage is 5 MB for the whole site. */
const MAX_CHARS = 400_000

/** No question of the bot's is open. */
export const NOTHING_ASKED = { choices: [], expects: null, consent: null } as const

export function freshConversation(now: number): Remembered {
  return {
    startedAt: now,
    turns: [],
    sources: [],
    bot: { slots: {}, misses: 0, answered: [] },
    misses: 0,
    ...NOTHING_ASKED,
    draft: '',
    offered: null,
    wasDeclined: false,
    isHandedOver: false,
  }
}

/** What was saved, or null. */
export function recall(tab: SafeStorage): Remembered | null {
  const text = tab.get(KEY)
  if (!text) return null
  try {
    const saved: unknown = JSON.parse(text)
    return isRemembered(saved) ? saved : null
  } catch {
    return null
  }
}

export function remember(tab: SafeStorage, conversation: Remembered): void {
  let { turns, sources } = conversation
  let text = JSON.stringify(conversation)
  while (text.length > MAX_CHARS && turns.length + sources.length > 2) {
    turns = turns.slice(turns.length > 2 ? Math.ceil(turns.length / 4) : 0)
    sources = sources.slice(Math.ceil(sources.length / 4))
    text = JSON.stringify({ ...conversation, turns, sources })
  }
  tab.set(KEY, text)
}

function isRemembered(value: unknown): value is Remembered {
  const saved = value as Remembered | null
  return (
    typeof saved?.startedAt === 'number' &&
    Array.isArray(saved.turns) &&
    saved.turns.every(
      turn =>
        typeof turn?.clientId === 'string' &&
        typeof turn.text === 'string' &&
        typeof turn.at === 'number' &&
        (turn.author?.kind === 'bot' || turn.author?.kind === 'visitor'),
    ) &&
    [
      saved.sources,
      saved.choices,
      saved.unanswered ?? [],
      saved.left ?? [],
      saved.contested ?? [],
      saved.objecting ?? [],
    ].every(list => Array.isArray(list)) &&
    (!saved.arriving || isArriving(saved.arriving)) &&
    typeof saved.bot?.slots === 'object' &&
    saved.bot.slots !== null &&
    typeof saved.draft === 'string' &&
    (saved.objecting ?? []).every(begun => typeof begun?.words === 'string')
  )
}

/** It is taken for an answer as soon as the page is there. */
function isArriving({ turns, left }: Partial<NonNullable<Remembered['arriving']>>): boolean {
  const areObjects = (list: unknown) =>
    Array.isArray(list) && list.every(each => typeof each === 'object' && each !== null)
  const { messages, choices } = left?.turn ?? {}
  const slots = left?.state?.slots
  return [turns, messages, choices].every(areObjects) && typeof slots === 'object' && slots !== null
}
