// The journal's chain as pure functions: how a record is written down, hashed, linked to the one before it, and how
// the heads of a day come under one root. Owns the bytes that are hashed; they are law (J3 to J6 in PROTOCOL.md) and
// never change under one version. Knows no table and no clock.
//
//   entry 1            entry 2            entry 3
//   H(salt, body) ─┐   H(salt, body) ─┐   H(salt, body) ─┐        day's root (signed)
//   link ──────────┴─> link ──────────┴─> link ──────────┴─ head ─┐   over all heads that moved,
//                                                other heads ─────┴── and over the root before it

import { createHash } from 'node:crypto'
import type { JournalRecord } from '../journal/record'

export const CHAIN_VERSION = 'asklet-chain@1'

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/**
 * J3. One text for one value: keys sorted by their UTF-16 code units, no white space, numbers and texts as
 * `JSON.stringify` writes them, which is what RFC 8785 asks for. A lone half of a surrogate pair, which UTF-8 cannot
 * hold, is escaped by `JSON.stringify`; `undefined` is left out.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(each => canonical(each ?? null)).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

/** What an entry is besides its words: all of it outlives an erasure. */
export interface EntryPlace {
  /** A conversation's id, or `visits:2026-11-23` for what devices said before any conversation. */
  readonly chain: string
  /** 1, 2, 3 … without gaps. */
  readonly n: number
  readonly id: string
  /** Server time, never earlier than the entry before. */
  readonly at: number
  readonly kind: string
  readonly origin: 'device' | null
  /** The event that the decision made, or was made about; null: none. */
  readonly seq: number | null
}

export interface ChainEntry extends EntryPlace {
  /** Null once erased, together with `body`. */
  readonly salt: string | null
  readonly body: string | null
  readonly hash: string
  readonly link: string
}

/** Rules of the entries `erased` (J8): somebody asked for it, or it was kept for as long as the site says. */
export const ERASURE = 'erasure@1'
export const RETENTION = 'retention@1'

/** The head of a chain without entries. */
export const NO_LINK = ''

export const bodyHash = (salt: string, body: string): string => sha256(`${salt}\n${body}`)

/** J4. */
export function linkAfter(before: string, place: EntryPlace, hash: string): string {
  const { chain, n, id, at, kind, origin, seq } = place
  return sha256(canonical([CHAIN_VERSION, before, chain, n, id, at, kind, origin, seq, hash]))
}

export function newEntry(place: EntryPlace, record: JournalRecord, before: string, salt: string): ChainEntry {
  const body = canonical(record)
  const hash = bodyHash(salt, body)
  return { ...place, salt, body, hash, link: linkAfter(before, place, hash) }
}

/** The chain of what a device says before it has a conversation: by UTC day, because nobody owns it. */
export const visitsChain = (at: number): string => `visits:${utcDay(at)}`

export const utcDay = (at: number): string => new Date(at).toISOString().slice(0, 10)

export interface Head {
  readonly chain: string
  readonly n: number
  readonly link: string
}

/** J5. Leaves by chain id, nodes and leaves told apart, a node without a neighbour goes up as it is (RFC 6962). */
export function merkleRoot(heads: readonly Head[]): string {
  let level = [...heads]
    .sort((a, b) => (a.chain < b.chain ? -1 : 1))
    .map(({ chain, n, link }) => sha256(`leaf\n${canonical([chain, n, link])}`))
  if (level.length === 0) return sha256('none')
  while (level.length > 1) {
    const above: string[] = []
    for (let i = 0; i < level.length; i += 2) {
      const right = level[i + 1]
      above.push(right === undefined ? (level[i] as string) : sha256(`node\n${level[i]}\n${right}`))
    }
    level = above
  }
  return level[0] as string
}

/** J6. What is signed, and what the next root names as the one before it. */
export interface RootStatement {
  /** 1, 2, 3 … without gaps. */
  readonly n: number
  /** The last UTC day that it covers. */
  readonly day: string
  readonly at: number
  readonly heads: number
  readonly root: string
  /** `statementHash` of the root before; '' for the first. */
  readonly previous: string
  /** Which key signed: the first 16 hexadecimal digits of the SHA-256 of its DER. */
  readonly key: string
}

export interface SignedRoot extends RootStatement {
  /** Ed25519 over `statementText`, base64. */
  readonly signature: string
}

export function statementText({ n, day, at, heads, root, previous, key }: RootStatement): string {
  return canonical({ v: CHAIN_VERSION, n, day, at, heads, root, previous, key })
}

export const statementHash = (root: RootStatement): string => sha256(statementText(root))
