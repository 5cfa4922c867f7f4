// What leads judge: answers of bot and agents, and handoffs, a sample of each, and what is made of their verdicts.
// Types and the table of what can be said of which kind; no rule of who is asked what.

/** `missed`: the bot said that it does not know. */
export const REVIEW_KINDS = ['answer', 'missed', 'handoff', 'agent'] as const
export type ReviewKind = (typeof REVIEW_KINDS)[number]

/** Parts of all there is to judge, each taken at a rate of its own: the first that holds for an item is its. */
export const STRATA = [
  'contested',
  'lowRated',
  'notSolved',
  'lowConfidence',
  'missed',
  'answers',
  'handoffs',
  'agents',
] as const
export type ReviewStratum = (typeof STRATA)[number]

export const VERDICTS = [
  'right',
  'wrong',
  'shouldHaveAsked',
  'shouldHaveHandedOver',
  'shouldHaveAnswered',
] as const
export type Verdict = (typeof VERDICTS)[number]

/** What can be said of each kind, in the order of the keys 1, 2, 3 …; others are refused. */
export const VERDICTS_OF: Readonly<Record<ReviewKind, readonly Verdict[]>> = {
  answer: ['right', 'wrong', 'shouldHaveAsked', 'shouldHaveHandedOver'],
  missed: ['right', 'shouldHaveAnswered', 'shouldHaveAsked', 'shouldHaveHandedOver'],
  handoff: ['right', 'shouldHaveAnswered', 'shouldHaveAsked'],
  agent: ['right', 'wrong', 'shouldHaveAsked'],
}

/** Where the answer stands, or should have come from. */
export interface ReviewedArticle {
  readonly articleId: string
  readonly title: string
  readonly headingId?: string
  readonly headingText?: string
}

/** Who spoke, and no more: who the agent was does not count (R5). */
export interface ReviewedTurn {
  readonly by: 'visitor' | 'bot' | 'agent'
  readonly text: string
}

/** One thing to judge. All words of people in it are masked as derived copies are. */
export interface ReviewItem {
  readonly itemId: string
  readonly kind: ReviewKind
  readonly stratum: ReviewStratum
  readonly at: number
  /** 0: nobody has judged it. */
  readonly revision: number
  readonly question: string
  /** What was said before the question, oldest first. */
  readonly before: readonly ReviewedTurn[]
  /** Empty where only that there was one is known. */
  readonly answer: readonly string[]
  readonly sources: readonly ReviewedArticle[]
  /** Which rule decided, and on what. */
  readonly rule?: string
  readonly because?: string
  /** How sure the bot was, 0 … 1. */
  readonly confidence?: number
  readonly route?: string
  readonly role?: string
  /** BCP 47, of the visitor. */
  readonly locale?: string
  readonly verdict: Verdict | null
  readonly article: ReviewedArticle | null
  readonly words: string
}

/** A share of all there is, worked out of the sample: between `low` and `high` in 95 of 100 such samples. */
export interface ReviewEstimate {
  readonly right: number
  readonly low: number
  readonly high: number
  readonly judged: number
}

export interface ReviewFigures {
  /** Of so many days. */
  readonly days: number
  readonly judged: number
  readonly waiting: number
  /** In the order of `STRATA`, those that hold anything. */
  readonly strata: readonly {
    readonly stratum: ReviewStratum
    readonly judged: number
    readonly waiting: number
    readonly right: number
  }[]
  /** Of the bot's turns, the agents' answers, the handoffs; null: nobody has judged any. */
  readonly bot: ReviewEstimate | null
  readonly agents: ReviewEstimate | null
  readonly handoffs: ReviewEstimate | null
}
