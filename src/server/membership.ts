// Who may do what: the one place where that is decided, for every call of every carrier. Knowing an id grants
// nothing (D1). Pure; the store asks it inside its transactions too.

import type { DeskCalls, RefusalCode, VisitorCalls } from '../protocol/wire'
import type { ConversationRow } from './store/helpDeskStore'

/** What an agent may be. Everybody whom `verifyAgent` lets in is an agent; a lead may do whatever an agent may. */
export const AGENT_ROLES = ['agent', 'lead'] as const
export type AgentRole = (typeof AGENT_ROLES)[number]

/** Who asks, as proved at the door: a visitor's identities, or an agent. */
export type Member =
  | {
      readonly kind: 'visitor'
      /** `user:<id>` first when a token proved it, then `anon:<hash of the secret>`. */
      readonly identities: readonly [string, ...string[]]
    }
  | { readonly kind: 'agent'; readonly agentId: string; readonly role: AgentRole }

/** `upload` is no call of a socket: its body is the file. */
export type CallName = keyof VisitorCalls | keyof DeskCalls | 'upload'

/**
 * `anyone`: about no conversation that exists. `owner`: the conversation must be the visitor's own.
 * A role: this one or a higher one, in every conversation. Absent: no call of that side.
 */
interface Right {
  readonly visitor?: 'anyone' | 'owner'
  readonly agent?: AgentRole
}

export const RIGHTS: Readonly<Record<CallName, Right>> = {
  availability: { visitor: 'anyone' },
  // Anybody opens; one that is there already is answered to its owner only.
  open: { visitor: 'owner' },
  send: { visitor: 'owner', agent: 'agent' },
  sync: { visitor: 'owner', agent: 'agent' },
  typing: { visitor: 'owner', agent: 'agent' },
  fileUrls: { visitor: 'owner', agent: 'agent' },
  upload: { visitor: 'owner', agent: 'agent' },
  queue: { agent: 'agent' },
  claim: { agent: 'agent' },
  release: { agent: 'agent' },
  conversations: { visitor: 'anyone' },
  page: { visitor: 'owner' },
  details: { agent: 'agent' },
  note: { agent: 'agent' },
  label: { agent: 'agent' },
  transfer: { agent: 'agent' },
  presence: { agent: 'agent' },
  people: { agent: 'agent' },
  replies: { agent: 'agent' },
  saveReply: { agent: 'lead' },
  dropReply: { agent: 'lead' },
  settings: { agent: 'agent' },
  saveHours: { agent: 'lead' },
  setPriority: { agent: 'agent' },
  setCategory: { agent: 'agent' },
  openTicket: { agent: 'agent' },
  similar: { agent: 'agent' },
  usedSimilar: { agent: 'agent' },
  openDispute: { visitor: 'owner', agent: 'agent' },
  dispute: { agent: 'agent' },
  // Of one that was handed up leads alone: `disputeRules` says so, which knows its phase.
  mediate: { agent: 'agent' },
  deliveries: { agent: 'lead' },
  deliver: { agent: 'lead' },
  reviews: { agent: 'lead' },
  judge: { agent: 'lead' },
}

/** Null when `member` may. `row`: the conversation that the call is about, null when it is about none. */
export function authorise(member: Member, call: CallName, row: ConversationRow | null): RefusalCode | null {
  const right = Object.hasOwn(RIGHTS, call) ? RIGHTS[call] : {}
  if (member.kind === 'agent')
    return right.agent && rank(member.role) >= rank(right.agent) ? null : 'forbidden'
  if (right.visitor === 'anyone') return null
  if (right.visitor !== 'owner') return 'forbidden'
  // The secret that opened it stops counting once a signed-in visitor has claimed it: whoever uses the same
  // computer next holds that secret.
  return row === null || member.identities.includes(row.owner) ? null : 'forbidden'
}

/** A signed-in visitor who also holds the anonymous secret of the owner takes the conversation over, for good. */
export function claimBy(member: Member, row: ConversationRow): { from: string; to: string } | null {
  if (member.kind !== 'visitor') return null
  const [first] = member.identities
  const claims = first.startsWith('user:') && row.owner.startsWith('anon:')
  return claims && member.identities.includes(row.owner) ? { from: row.owner, to: first } : null
}

/** Private articles are for the very role that a token proves. */
export function mayReadArticles(provedRole: string | undefined, role: string): boolean {
  return provedRole !== undefined && provedRole !== '' && provedRole === role
}

/** A host's own words among the roles mean nothing here. */
export function agentRole(roles: readonly string[] | undefined): AgentRole {
  return roles?.includes('lead') ? 'lead' : 'agent'
}

const rank = (role: AgentRole) => AGENT_ROLES.indexOf(role)
