// How pressing a conversation is when it first comes to people. Pure: brief and the site's rules in, a priority out.
// Owns the first word only: from then on an agent's word stands, and nothing here is asked again.
//
// A brief is what the visitor's device says, and whoever writes one by hand may write anything. So what nobody
// proved (category, tone, reason) lifts to `high` at most, whatever the site's rule says of the category: a liar gains
// the head start of `high` over those who came within it, and nothing over anybody who came before (`queue`).
// `urgent` takes a rule of the site's and a visitor whom a signed token names, or an agent.

import type { Brief, Priority } from '../protocol/records'

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

/**
 * The priority of a conversation that comes into the queue, or becomes a ticket, for the first time.
 *
 * The site's rules come first: the higher one of the category's and the signed role's, `normal` where there is none.
 * Then the words lift it by one step, never to `urgent`: urgency or distress; or frustration, but only once the bot has
 * failed twice, else shouting pays.
 *
 * @param brief     as stored; null when it was erased
 * @param category  as the row has it
 * @param isProved  a signed token names the visitor
 */
export function priorityOf(
  brief: Brief | null,
  category: string,
  isProved: boolean,
  rules: PriorityRules | null,
): Priority {
  const role = brief?.visitor.signed?.includes('role') ? brief.visitor.role : undefined
  const ofRole = ruleOf(rules?.roles, role)
  const ofCategory = ruleOf(rules?.categories, category)
  const asRuled = highest(ofRole, isProved ? ofCategory : ofCategory && lower(ofCategory, MOST_UNPROVED))
  const lifted = hasPressingWords(brief) ? lower(oneAbove(asRuled), MOST_UNPROVED) : asRuled
  return highest(asRuled, lifted)
}

function hasPressingWords(brief: Brief | null): boolean {
  const tone = brief?.tone
  if (!tone) return false
  const isFailed = brief.reason === 'notSolvedTwice'
  return (
    tone.urgency >= STRONG_TONE ||
    tone.distress >= STRONG_TONE ||
    (isFailed && tone.frustration >= STRONG_TONE)
  )
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
