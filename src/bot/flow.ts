// A guided conversation as data: what a flow file holds, once it has been parsed.
// Written by the site as JSON, checked by flowSchema and flowLint at build time, run by flowEngine in the page.
// Types only; knows no text, no search, no host.

import type { ContentTree } from '../knowledge/contentTree'

export type SlotType = 'text' | 'number' | 'money' | 'date' | 'email' | 'id' | 'choice'

/** One detail that a flow collects once. */
export interface FlowSlot {
  /** What people call it, in the middle of a sentence: `contract number`. */
  readonly label: string
  readonly type: SlotType
  /** For `id`: a regular expression, found anywhere in the visitor's words, case ignored. `C-\d{3,8}` */
  readonly pattern?: string
  /**
   * For `choice`: at least two. Branches compare `value`; people and agents read `label`. A value of one plain word is
   * heard in the words that begin the flow: `cancel` in "cancel my order".
   */
  readonly options?: readonly { readonly value: string; readonly label: string }[]
  /** Shown when the words could not be read: `It looks like C-20418.` */
  readonly hint?: string
  /**
   * Where it may already be known, first hit wins: `visitor.email`, `visitor.name`, `visitor.role`,
   * `page.name`, `page.<data name>` (`data-asklet-contract` is `page.contract`), `attributes.<name>`.
   */
  readonly from?: readonly string[]
}

/** Holds when every part that is given holds; within a part, one of the values is enough. */
export interface FlowCondition {
  readonly role?: readonly string[]
  /** Route patterns as in an article's `pages`. */
  readonly page?: readonly string[]
  /** Slot -> values; `*` = it is known, whatever it is. Case is ignored. */
  readonly slot?: Readonly<Record<string, readonly string[]>>
}

/** Every step may speak first. Places: `{slot}`, `{page.name}`, `{visitor.name}`, `{visitor.role}`. */
interface Speaking {
  /** Plain words, once a file was built. */
  readonly say: readonly string[]
  /**
   * The same with their marks, made of the file's Markdown when it was built: by index, null where there are none.
   * A flow without trees says its words as they stand.
   */
  readonly trees?: readonly (ContentTree | null)[]
}

/** Speaks and goes on. */
export interface SayStep extends Speaking {
  readonly next: string
}
/** Asks for one slot, unless it is known; three unreadable answers lead to a person. */
export interface AskStep extends Speaking {
  readonly ask: string
  /** Ask even when it is known: needed where a flow comes back for another value. */
  readonly again?: true
  readonly next: string
}
/** First branch whose condition holds; else `next`. */
export interface BranchStep extends Speaking {
  readonly branch: readonly { readonly when: FlowCondition; readonly next: string }[]
  readonly next: string
}
/** Runs a function of the host, after the visitor's yes. */
export interface ActionStep extends Speaking {
  readonly action: string
  /** Slots handed to the action; shown to the visitor before. Unknown ones are left out. */
  readonly sends: readonly string[]
  /** Slot -> name in the action's result. */
  readonly saves: Readonly<Record<string, string>>
  readonly next: string
  /** The action rejected, is not there, or took too long. */
  readonly failed: string
  /** The visitor said no. */
  readonly refused: string
}
/** Names an article as the source of what it says. */
export interface ArticleStep extends Speaking {
  /** Article id, with `#heading` if it opens there. */
  readonly article: string
  readonly next: string
}
/** Asks whether this answered the question (`say` replaces the usual words). */
export interface SolvedStep extends Speaking {
  readonly solved: true
  /** Default: a good word, and the flow is over. */
  readonly yes?: string
  readonly no: string
}
/** A person takes over, with every slot. */
export interface HandoffStep extends Speaking {
  /** The desk's category for it. */
  readonly handoff: string
}
export interface EndStep extends Speaking {
  readonly end: true
}

export type FlowStep =
  | SayStep
  | AskStep
  | BranchStep
  | ActionStep
  | ArticleStep
  | SolvedStep
  | HandoffStep
  | EndStep

export interface Flow {
  readonly id: string
  /** What people call it: shown as source and as a choice. */
  readonly title: string
  /** Things people say when they need it, in their words. */
  readonly startsWith: readonly string[]
  /** Relevance: a visitor known to have another role is not led into it. Empty = everyone. */
  readonly roles: readonly string[]
  /** Routes on which it is likelier. Empty = no difference. */
  readonly pages: readonly string[]
  /** The site's policy topic that this flow serves: it then collects details before the person comes. */
  readonly policyTopic?: string
  readonly slots: Readonly<Record<string, FlowSlot>>
  /** Step to begin with: the first one in the file. */
  readonly start: string
  readonly steps: Readonly<Record<string, FlowStep>>
}

/** The step of that name; nothing inherited from Object counts as one. */
export function stepOf(flow: Flow, name: string): FlowStep | undefined {
  return Object.hasOwn(flow.steps, name) ? flow.steps[name] : undefined
}

/** The slot of that name. */
export function slotOf(flow: Flow, name: string): FlowSlot | undefined {
  return Object.hasOwn(flow.slots, name) ? flow.slots[name] : undefined
}
