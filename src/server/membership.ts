// Who may read and write a conversation: the one place where that is decided, for every call and carrier.

import type { RefusalCode } from '../protocol/wire'
import type { ConversationRow } from './store/helpDeskStore'

/** Who asks, as proved at the door: a visitor's identities, or an agent. */
export type Member =
  | {
      readonly kind: 'visitor'
      /** `user:<id>` first when a token proved it, then `anon:<hash of the secret>`. */
      readonly identities: readonly [string, ...string[]]
    }
  | { readonly kind: 'agent'; readonly agentId: string }

/** Null when `member` belongs to the conversation. Knowing its id grants nothing (D1). */
export function authorise(member: Member, row: ConversationRow): RefusalCode | null {
  if (member.kind === 'agent') return null
  const { identities } = member
  return identities.includes(row.owner) || (row.claimedFrom !== null && identities.includes(row.claimedFrom))
    ? null
    : 'forbidden'
}

/** A signed-in visitor who also holds the anonymous secret of the owner takes the conversation over. */
export function claimBy(member: Member, row: ConversationRow): { from: string; to: string } | null {
  if (member.kind !== 'visitor') return null
  const [first] = member.identities
  const claims = first.startsWith('user:') && row.owner.startsWith('anon:')
  return claims && member.identities.includes(row.owner) ? { from: row.owner, to: first } : null
}
