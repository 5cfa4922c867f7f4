// Is it time to offer a person? Pure: what was read, what was answered and what is known of the site go in, a reason
// comes out. Every decision names its rule and what it was decided on, for the visitor, the agent and the journal.
//
//   before the answer       asked for · distress · the second angry message in a row
//   at once                 the answer calls for one · a policy topic that no flow has taken up
//   after `afterMisses`     questions without an answer (two); one fewer for each of: anger, urgency, much at stake,
//                           a visitor whom the site hurries for; one more while nobody is there; twice as many once
//                           the visitor has declined. Never unasked before the first miss …
//   … but with anger        an answer that the bot is not sure of

import type { BotTurn } from '../bot/botProvider'
import type { Config } from '../protocol/config'
import type { Facts } from '../protocol/facts'
import type { EscalationReason } from '../protocol/records'
import { soundsAngry } from '../understanding/tone'
import type { Reading } from '../understanding/understand'

/** What the site says about when a person comes. */
export type EscalationConfig = NonNullable<Config['escalation']>

/** Raised when a rule below changes, so that old journals stay readable. */
export const ESCALATION_RULES = 'escalation@4'

/** Two questions in a row without an answer: the third would be an insult. */
const AFTER_MISSES = 2
/** From here on a visitor is in a hurry, or in distress: one word of a list. Tone is 0 … 1. */
const STRONG_TONE = 0.6
/** An answer less sure than this does not calm an angry visitor. */
const SURE_ANSWER = 0.6

export interface EscalationDecision {
  readonly reason: EscalationReason
  /** What it was decided on, for the agent and the journal: `2 unanswered; anger: "useless"`. */
  readonly because: string
}

export interface EscalationSigns {
  /** What the bot answered; undefined while it has not: what words alone call for waits for no answer. */
  readonly turn:
    | (Pick<BotTurn, 'escalate' | 'missed' | 'confidence'> & Partial<Pick<BotTurn, 'messages'>>)
    | undefined
  /** Questions without an answer so far, this turn included. */
  readonly misses: number
  /** Of the visitor's words, where the site reads them. */
  readonly reading?: Reading | null
  /** The visitor's message before this one was angry, too. */
  readonly wasAngry?: boolean
  /** The visitor chose to stay with the bot: only asking again, or a new rule of the site, offers at once. */
  readonly wasDeclined?: boolean
  readonly facts?: Facts
  readonly config?: EscalationConfig | undefined
  /** Can a person be there now? Undefined: not known. */
  readonly isAnybodyThere?: boolean | undefined
}

/** The first rule that holds, or null: the bot goes on. */
export function decide(signs: EscalationSigns): EscalationDecision | null {
  const { turn, misses, reading, wasAngry, wasDeclined, config = {} } = signs
  const topic = reading ? policyTopicIn(reading) : undefined
  // A flow collects what a person needs before it hands over by itself.
  const isTakenUp = !turn || turn.messages?.some(({ source }) => source.kind === 'flow')
  if (reading?.wantsPerson) return { reason: 'askedForPerson', because: 'asked for a person' }
  if (topic !== undefined && (turn?.escalate ? turn.escalate === 'policyTopic' : !isTakenUp))
    return { reason: 'policyTopic', because: topic }
  if (turn?.escalate) return { reason: turn.escalate, because: 'the answer calls for a person' }
  const tone = reading?.tone
  const words = tone?.evidence.map(word => `"${word}"`).join(', ')
  if (tone && tone.distress >= STRONG_TONE) return { reason: 'policyTopic', because: `distress: ${words}` }

  const isAngry = tone !== undefined && soundsAngry(tone)
  if (!turn?.missed) {
    const { confidence = 1 } = turn ?? {}
    const isUnsure = confidence < SURE_ANSWER
    return isAngry && (isUnsure || wasAngry) && !wasDeclined
      ? {
          reason: 'notSolvedTwice',
          because: `${isUnsure ? 'unsure answer' : 'still angry'}; anger: ${words}`,
        }
      : null
  }
  const hurries = [
    isAngry && `anger: ${words}`,
    tone !== undefined && tone.urgency >= STRONG_TONE && `urgent: ${words}`,
    ...stakes(signs),
  ].filter(Boolean)
  const patience = Math.max(1, (config.afterMisses ?? AFTER_MISSES) - hurries.length)
  const bar = patience * (wasDeclined ? 2 : 1) + (signs.isAnybodyThere === false ? 1 : 0)
  return misses < bar
    ? null
    : { reason: 'notSolvedTwice', because: [`${misses} unanswered`, ...hurries].join('; ') }
}

/**
 * All that `decide` looks at, as one text for the journal: from it the same is decided again. Nothing else of page and
 * visitor, and no words but those that were heard.
 */
export function signsOf({ turn, reading, facts, config, ...rest }: EscalationSigns): string {
  const only = (names: readonly string[], from: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(names.flatMap(name => (Object.hasOwn(from, name) ? [[name, from[name]]] : [])))
  const { policyTopics = [], policySigns = [], tone, wantsPerson } = reading ?? {}
  return JSON.stringify({
    ...rest,
    ...(turn && {
      turn: {
        escalate: turn.escalate,
        missed: turn.missed,
        confidence: turn.confidence,
        messages: turn.messages?.map(({ source: { kind } }) => ({ source: { kind } })),
      },
    }),
    ...(reading && {
      reading: {
        policyTopics: policyTopics.slice(0, 1),
        policySigns: policySigns.slice(0, 1),
        tone,
        wantsPerson,
      },
    }),
    ...(config && {
      config,
      ...(facts && {
        facts: {
          page: { data: only(config.valueAtStake ? [config.valueAtStake.fact] : [], facts.page.data) },
          visitor: {
            role: facts.visitor.role,
            attributes: only(Object.keys(config.attributes ?? {}), facts.visitor.attributes),
          },
        },
      }),
    }),
  })
}

/** The first policy topic of a reading with the words that say so: `topic: payment: "charged twice"`. */
export function policyTopicIn({ policyTopics: [topic], policySigns = [] }: Reading): string | undefined {
  const words = policySigns[0]?.evidence.map(word => `"${word}"`).join(', ')
  return topic === undefined ? undefined : `topic: ${topic}${words ? `: ${words}` : ''}`
}

/** What of page and visitor makes the site hurry. */
function* stakes({ facts, config = {} }: EscalationSigns): Generator<string> {
  if (!facts) return
  const { page, visitor } = facts
  const { valueAtStake, roles, attributes = {} } = config
  if (valueAtStake) {
    const { fact, atLeast } = valueAtStake
    const value = Object.hasOwn(page.data, fact) ? amountOf(page.data[fact] as string) : Number.NaN
    if (value >= atLeast) yield `at stake: ${page.data[fact]}`
  }
  if (visitor.role !== undefined && roles?.includes(visitor.role)) yield `role: ${visitor.role}`
  for (const [name, values] of Object.entries(attributes)) {
    const value = Object.hasOwn(visitor.attributes, name) ? String(visitor.attributes[name]) : undefined
    if (value !== undefined && values.includes(value)) yield `${name}: ${value}`
  }
}

/** `1,250.50 USD`, `€ 1.250,50`, `1250`: the number in it; NaN for none. */
export function amountOf(text: string): number {
  const digits = /\d[\d.,' \u00a0\u202f]*/.exec(text)?.[0].replace(/[' \u00a0\u202f]/g, '') ?? ''
  // The last mark with one or two digits behind it parts the cents; all others group.
  const cents = /[.,](\d{1,2})$/.exec(digits)
  const whole = (cents ? digits.slice(0, cents.index) : digits).replace(/[.,]/g, '')
  return whole ? Number(cents ? `${whole}.${cents[1]}` : whole) : Number.NaN
}
