// The nouns of the live half: who speaks, what an agent is handed, what a ticket is.

import type { PageFacts, VisitorFacts } from './facts'

/** Who said it, as everybody may see it. */
export type Author =
  | { readonly kind: 'visitor'; readonly name?: string }
  | { readonly kind: 'bot'; readonly name?: string }
  | { readonly kind: 'agent'; readonly agentId: string; readonly name: string }
  | { readonly kind: 'system' }

/** Roads to an answer. `live` is a chat with a person in this window. */
export type Channel = 'live' | 'ticket' | 'email' | 'phone'

/** Where a person can be reached when the window is closed. */
export interface Contact {
  readonly email?: string
  readonly phone?: string
}

/** A source that a sentence names: opens the article, at a heading if there is one. */
export interface Citation {
  readonly articleId: string
  readonly title: string
  readonly headingId?: string
  /** What the heading says. */
  readonly headingText?: string
  /** BCP 47, where it is not the reader's: the article is not in theirs. */
  readonly locale?: string
}

/** What an agent receives with a handoff, at most 16 KiB as JSON. Reported by the visitor's device. */
export interface Brief {
  readonly reason: EscalationReason
  /** The rule behind it and what it was decided on, in English: `2 unanswered; anger: "useless"`. */
  readonly because?: string
  readonly page: PageFacts
  readonly visitor: VisitorFacts
  /** Newest last, at most 20. */
  readonly articlesRead: readonly { readonly articleId: string; readonly title: string }[]
  readonly flow?: { readonly id: string; readonly title: string; readonly step: string }
  /** Details the bot collected: label and value as typed. */
  readonly slots: readonly { readonly name: string; readonly label: string; readonly value: string }[]
  /** The site's category for it, as far as the words tell. */
  readonly category?: string
  /** How the visitor sounds, 0 … 1 each, with the words that it was read from. */
  readonly tone?: {
    readonly frustration: number
    readonly urgency: number
    readonly distress: number
    readonly evidence: readonly string[]
  }
  /** Articles that the bot answered from, newest last, at most 10. */
  readonly tried?: readonly { readonly articleId: string; readonly title: string }[]
  /** The question as the visitor first put it. */
  readonly question?: string
  /** Number of bot and visitor turns that follow as events. */
  readonly turns: number
}

export type EscalationReason =
  | 'askedForPerson'
  | 'policyTopic'
  | 'notSolvedTwice'
  | 'flowHandoff'
  | 'articleDidNotHelp'

export type Priority = 'low' | 'normal' | 'high' | 'urgent'

/**
 * Why a rule of the server's decided so: a code of that rule with what it was decided on, no sentence, because whoever
 * asks reads it in a language of theirs.
 */
export interface DecisionReason {
  readonly code: string
  /** Of the visitor's words, or names that the site gave; a few. Gone once they are erased. */
  readonly words?: readonly string[]
  readonly count?: number
}

/** A share of 0 … 1, and what it was read from, the weightiest first. */
export interface ScoreWithReasons {
  readonly score: number
  readonly reasons: readonly DecisionReason[]
}

/** What the words of a ticket say of it, by the rule that is named. */
export interface TriageRecord {
  readonly category: string
  /** How often a category told so is the right one, 0 … 1. */
  readonly confidence: number
  /** How little it can wait. Apart from `complexity`: what is quick to answer may be pressing. */
  readonly urgency: ScoreWithReasons
  /** How much work it is, as far as words tell. */
  readonly complexity: ScoreWithReasons
  /** `triage@1` */
  readonly rule: string
}

/**
 * How a ticket stands (`protocol/ticket`). `open`: no person has answered yet. `waitingOnVisitor`: an agent had the last
 * word. `waitingOnUs`: the visitor had it. `reopened`: was solved, and no agent has answered since.
 */
export type TicketStatus = 'open' | 'waitingOnVisitor' | 'waitingOnUs' | 'solved' | 'reopened'

/** `[from, to]`, server time in milliseconds; `to` is null while it lasts. */
export type TimeSpan = readonly [from: number, to: number | null]

/**
 * A record on a conversation; its thread is that conversation's events. What is optional is not known of tickets from
 * before it was folded, and is in no event: `ticketOpened` says the rest, always as `open`.
 */
export interface TicketRecord {
  /** Counts up from 1001 in a store; shown as `#1001`. */
  readonly number: number
  readonly category: string
  readonly priority: Priority
  readonly status: TicketStatus
  readonly contact?: Contact
  /** Who answers for it: the agent who wrote or took it last. Absent: nobody yet, or nobody any more. */
  readonly owner?: { readonly agentId: string; readonly name: string }
  /** When it was first opened. Server time in milliseconds, as the two that follow. */
  readonly openedAt?: number
  /** An agent's first word to it. */
  readonly firstResponseAt?: number
  /** Absent again once it is reopened. */
  readonly solvedAt?: number
  /** When it was last reopened: from here on its resolution counts anew. */
  readonly reopenedAt?: number
  /** When it waited on us, oldest first: what a service level counts. At most `MAX_TICKET_SPANS`. */
  readonly waitedOnUs?: readonly TimeSpan[]
}

/** When a desk is open, in its own time zone. */
export interface Hours {
  /** IANA name: `Europe/Berlin`. */
  readonly zone: string
  /** Spans `[from, to]` as `HH:MM`, `to` up to `24:00`. A day that is absent is closed. */
  readonly week: Readonly<Partial<Record<Weekday, readonly (readonly [string, string])[]>>>
  /** Dates (`2026-12-25`) on which the desk stays closed. */
  readonly closedOn?: readonly string[] | undefined
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'
