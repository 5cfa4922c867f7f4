// What a conversation is worth when it first comes to people: its category and scores from the visitor's words (D44),
// and its priority (D28). Reads the stored thread and what the same call adds to it; decides nothing twice, stores
// nothing: `plans` puts both in front of what brings the conversation to the desk.

import type { JournalEntry } from '../journal/record'
import { NO_CATEGORY } from '../protocol/category'
import type { Draft, StoredEvent } from '../protocol/events'
import { SYNC_PAGE } from '../protocol/limits'
import type { Brief, TriageRecord } from '../protocol/records'
import type { CategoryWords } from '../understanding/languages/language'
import { loadLanguage } from '../understanding/languages/language'
import { loadTriageWords } from '../understanding/languages/triageWords'
import type { PolicyTopic } from '../understanding/policyTopics'
import { createTriage, followsTriage, type Triage } from '../understanding/triage'
import { priorityDecision, triageDecision } from './decisions'
import { type PriorityDecision, type PriorityRules, priorityOf } from './priority'
import type { KeepRules } from './ruleFiles'
import type { ConversationRow, HelpDeskStore } from './store/helpDeskStore'

/** The site's own words, as `asklet.json` has them. */
export interface TriageRules {
  readonly categories: readonly CategoryWords[]
  readonly policyTopics: readonly PolicyTopic[]
}

export interface FirstLook {
  readonly priority: PriorityDecision
  /** Null: the words say nothing, somebody has looked already, or the desk reads no words. */
  readonly triage: TriageRecord | null
  /** How both were decided (J1). */
  readonly journal: { readonly priority: JournalEntry; readonly triage?: JournalEntry }
}

export interface FirstLookOptions {
  readonly store: Pick<HelpDeskStore, 'read'>
  readonly priorities: PriorityRules | null
  /** Null: words are not read here, and of the tone stands what the device says. */
  readonly triage: TriageRules | null
  readonly keepRules: KeepRules
}

export type LookFirst = (
  conversationId: string,
  isProved: boolean,
  drafts: readonly Draft[],
  /** Whether it is theirs who ask: of another one no word is read. */
  isTheirs: (row: ConversationRow) => boolean,
) => Promise<FirstLook | null>

/** @returns null for a conversation that there is not, or that is not theirs */
export function createFirstLook(options: FirstLookOptions): LookFirst {
  const { store, priorities, triage: rules, keepRules } = options
  const compiled = new Map<string, Triage>()
  async function triageIn(locale: string, own: TriageRules): Promise<Triage> {
    const language = await loadLanguage(locale)
    const made =
      compiled.get(language.locale) ??
      createTriage({ language, words: await loadTriageWords(language.locale), ...own })
    compiled.set(language.locale, made)
    return made
  }

  /** Behind the first page: who wrote for long with the bot, came to people and comes again. */
  async function isKnownAfter(conversationId: string, seq: number): Promise<boolean> {
    for (let after = seq; ; ) {
      const events = (await store.read(conversationId, after, SYNC_PAGE))?.events ?? []
      const last = events.at(-1)
      if (events.some(isTriage)) return true
      if (!last) return false
      after = last.seq
    }
  }

  return async (conversationId, isProved, drafts, isTheirs) => {
    const page = await store.read(conversationId, 0, rules ? SYNC_PAGE : 1)
    if (!page || !isTheirs(page.row)) return null
    const { events, row } = page
    const [opened] = events
    const brief = opened?.body.type === 'opened' ? opened.body.brief : null
    const isKnown =
      events.some(isTriage) ||
      (events.length === SYNC_PAGE && (await isKnownAfter(conversationId, SYNC_PAGE)))
    const read = rules && brief && !isKnown ? await triageIn(brief.visitor.locale, rules) : null
    const triage = read && brief ? read(inputOf(brief, [...wordsOf(events), ...wordsOf(drafts)])) : null
    const category = triage && followsTriage(row.category, triage) ? triage.category : row.category
    const heard = triage?.urgency.reasons ?? []
    const priority = priorityOf(brief, category, isProved, priorities, heard)
    const kept = await keepRules('priorities', priorities)
    const told = triage && saysSomething(triage) ? triage : null
    return {
      priority,
      triage: told,
      journal: {
        priority: priorityDecision(brief, category, isProved, kept, priority.value, heard),
        ...(told && { triage: triageDecision(told) }),
      },
    }
  }
}

const isTriage = ({ body }: StoredEvent) => body.type === 'triaged'

/** The visitor's own words, oldest first; what a bot said is no sign of what somebody needs. */
function wordsOf(events: readonly (Draft | StoredEvent)[]): string[] {
  return events.flatMap(event => {
    const isBots = 'author' in event ? event.author.kind !== 'visitor' : event.as === 'bot'
    return event.body.type === 'message' && !isBots ? [event.body.text] : []
  })
}

function inputOf(brief: Brief, words: readonly string[]) {
  const [first = '', ...rest] = words
  const question = brief.question ?? first
  return {
    question,
    later: question === first ? rest : words,
    tone: brief.tone ?? null,
    page: brief.page,
    tried: (brief.tried ?? []).length,
    details: brief.slots.map(({ value }) => value),
  }
}

/** That nothing is known needs no saying: it would be an event in every thread. */
function saysSomething({ category, urgency, complexity }: TriageRecord): boolean {
  return category !== NO_CATEGORY || urgency.score > 0 || complexity.score > 0
}
