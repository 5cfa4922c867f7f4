// How pressing a conversation is when it first comes to people. Pure: brief and the site's rules in, a priority out.
// Owns the first word only: from then on an agent's word stands, and nothing here is asked again.
//
// A brief is what the visitor's device says, and whoever writes one by hand may write anything. So what nobody
// proved (category, tone, reason) lifts to `high` at most, whatever the site's rule says of the category: a liar gains
// the head start of `high` over those who came within it, and nothing over anybody who came before (`queue`).
// `urgent` takes a rule of the site's and a visitor whom a signed token names, or an agent.
//
// Each decision says what it was made on: tone with the words that raised it, a rule with the name it stands under.

import type { Brief, DecisionReason, Priority } from '../protocol/records'
import { reasonWords } from '../understanding/triage'

/** Least pressing first. */
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const satisfies readonly Priority[]

/** What the site says in `asklet.json`, as read by `protocol/config`. */
export interface PriorityRules {
  readonly categories?: Readonly<Record<string, Priority>> | undefined
  /** Of roles that a token signs; one that is only said counts nothing. */
  readonly roles?: Readonly<Record<string, Priority>> | undefined
}

/** From this share on a tone is meant; the same as offers a person unasked (`conversation/escalation`). */
const STRONG_TONE = 0.6

/** The most that words without proof are worth. */
const MOST_UNPROVED: Priority = 'high'

/** Raised when what is below changes, so that an old decision can be told from a new one. */
export const PRIORITY_RULE = 'priority@1'

/** A decision as it is journalled, and made again from its inputs. */
export interface PriorityDecision {
  readonly value: Priority
  /** Of the value: none of `normal` that nobody asked to be anything else. */
  readonly reasons: readonly DecisionReason[]
  readonly rule: typeof PRIORITY_RULE
  /** The site's rule for category and role: no words ever bring it below. */
  readonly least: Priority
}

/**
 * The priority of a conversation that comes into the queue, or becomes a ticket, for the first time.
 *
 * The site's rules come first: the higher one of the category's and the signed role's, `normal` where there is none.
 * Then the words lift it by one step, never to `urgent`: urgency or distress; or frustration, but only once the bot has
 * failed twice, else shouting pays. Words lower nothing.
 *
 * @param brief     as stored; null when it was erased
 * @param category  as the row has it
 * @param isProved  a signed token names the visitor
 * @param heard     reasons of urgency that the server read from the same words: a device that told no tone has them too
 */
export function priorityOf(
  brief: Brief | null,
  category: string,
  isProved: boolean,
  rules: PriorityRules | null,
  heard: readonly DecisionReason[] = [],
): PriorityDecision {
  const role = brief?.visitor.signed?.includes('role') ? brief.visitor.role : undefined
  const ofRole = ruleOf(rules?.roles, role)
  const full = ruleOf(rules?.categories, category)
  const ofCategory = full && !isProved ? lower(full, MOST_UNPROVED) : full
  const least = highest(ofRole, ofCategory)
  const pressing = pressingWords(brief, heard)
  const lifted = pressing ? lower(oneAbove(least), MOST_UNPROVED) : least
  const value = highest(least, lifted)
  const reasons: DecisionReason[] = []
  if (ofRole === least) reasons.push({ code: 'roleRule', words: reasonWords([role ?? '']) })
  if (ofCategory === least) reasons.push({ code: 'categoryRule', words: reasonWords([category]) })
  if (ofCategory !== full) reasons.push({ code: 'notSignedIn' })
  if (pressing && value !== least) reasons.push(pressing)
  return { value, reasons, rule: PRIORITY_RULE, least }
}

/**
 * What a later look makes of it: the higher one, or null where nothing changes. What an agent said stands; calmer words
 * than before lower nothing, so that nobody loses a place by a polite "thank you".
 */
export function raisedPriority(
  held: { readonly priority: Priority | null; readonly byAgent: boolean },
  decision: PriorityDecision,
): PriorityDecision | null {
  return held.byAgent || rank(decision.value) <= rank(held.priority ?? 'normal') ? null : decision
}

/** The words that make it pressing, and as what they were read; null: none do. */
function pressingWords(brief: Brief | null, heard: readonly DecisionReason[]): DecisionReason | null {
  const { tone } = brief ?? {}
  const said = { distress: tone?.distress, urgentWords: tone?.urgency, anger: tone?.frustration }
  const isFailed = brief?.reason === 'notSolvedTwice'
  for (const code of ['distress', 'urgentWords', ...(isFailed ? (['anger'] as const) : [])] as const) {
    const read = heard.find(reason => reason.code === code)
    if (read) return { code, ...(read.words && { words: reasonWords(read.words) }) }
    if ((said[code] ?? 0) >= STRONG_TONE)
      return { code, ...(tone?.evidence.length && { words: reasonWords(tone.evidence) }) }
  }
  return null
}

/** Own keys only: a category named `constructor` has no rule. */
function ruleOf(rules: Readonly<Record<string, Priority>> | undefined, name: string | undefined) {
  return rules && name !== undefined && Object.hasOwn(rules, name) ? rules[name] : undefined
}

const rank = (priority: Priority) => PRIORITIES.indexOf(priority)
const lower = (a: Priority, b: Priority): Priority => (rank(a) < rank(b) ? a : b)
const oneAbove = (priority: Priority): Priority => PRIORITIES[rank(priority) + 1] ?? priority

/** Of those that are there; `normal` of none. */
function highest(a: Priority | undefined, b: Priority | undefined): Priority {
  if (a === undefined || b === undefined) return a ?? b ?? 'normal'
  return rank(a) > rank(b) ? a : b
}
