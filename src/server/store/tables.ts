// The tables as kysely sees them. Only types both SQLite and Postgres have: text, integer, bigint.

import type { Generated } from 'kysely'

export interface Tables {
  asklet_meta: { key: string; value: string }
  asklet_counters: { name: string; value: number }
  asklet_conversations: {
    id: string
    opener: string
    open_id: string
    owner: string
    claimed_from: string | null
    generation: number
    head: number
    last_at: number
    phase: string
    assignment: number
    agent_id: string | null
    agent_name: string | null
    ticket: string | null
    /** The agentId of who answers for the ticket, to be found by; null also where a build before this column wrote it. */
    ticket_owner: string | null
    contact: string | null
    wait_started: number | null
    queued_at: number | null
    /** When an agent last came to a waiting visitor, and how long that wait was. */
    joined_at: number | null
    wait_ms: number | null
    /** Null: nobody has said one, or a node of a build before this column made the row. */
    priority: string | null
    category: string
    visitor_name: string
    role: string
    page_name: string
    question: string
    /** What the visitor reads, BCP 47; empty: not known. */
    locale: Generated<string>
  }
  asklet_events: {
    conversation_id: string
    seq: number
    sender: string
    client_id: string
    at: number
    author: string
    origin: string | null
    said_at: number | null
    type: string
    /** JSON; null once erased. */
    body: string | null
  }
  asklet_agents: {
    id: string
    name: string
    /** Lower case: two agents may not differ in case alone. */
    name_key: string
    roles: string
    password_hash: string | null
  }
  asklet_links: { token_hash: string; agent_id: string; expires_at: number; used_at: number | null }
  asklet_sessions: { token_hash: string; agent_id: string; expires_at: number }
  asklet_presence: { identity: string; node: string; connected: number; seen_at: number }
  asklet_journal: {
    position: Generated<number>
    id: string
    received_at: number
    kind: string
    record: string
  }
  /** What happened and was decided, one chain a conversation (J2). `asklet_journal` is of former builds. */
  asklet_chain: {
    position: Generated<number>
    chain: string
    n: number
    id: string
    at: number
    kind: string
    origin: string | null
    seq: number | null
    /** Null once erased, with its body. */
    salt: string | null
    body: string | null
    hash: string
    link: string
  }
  /** The last entry of each chain, and how far it was when a root last covered it. */
  asklet_chain_heads: { chain: string; n: number; at: number; link: string; sealed_n: number }
  asklet_roots: {
    n: number
    day: string
    at: number
    heads: number
    root: string
    previous: string
    key: string
    signature: string
  }
  /** What a root covers. */
  asklet_root_heads: { root_n: number; chain: string; n: number; link: string }
  /** Public keys that roots were signed with; none is ever removed. */
  asklet_root_keys: { id: string; public_key: string; since: number }
  /** What rules decided by, by the hash of its canonical JSON: without it nothing is computed again. */
  asklet_rulefiles: { hash: string; name: string; content: string; at: number }
  /** What stands beside the events of a conversation, where there is anything. */
  asklet_beside: {
    conversation_id: string
    /** Of notes and labels. */
    revision: number
    changed_at: number
    /** JSON: where the visitor is, and since when that is known. */
    page: string | null
    page_at: number | null
    team: string | null
    /** JSON: what the visitor objects to and nobody has answered, without words; null: nothing. */
    contests: string | null
  }
  asklet_notes: {
    conversation_id: string
    note_id: string
    /** In the order of writing: 1, 2, 3 … */
    n: number
    at: number
    agent_id: string
    agent_name: string
    /** Null once erased. */
    text: string | null
    after_seq: number
  }
  asklet_labels: { conversation_id: string; label: string; n: number }
  asklet_canned: {
    id: string
    revision: number
    shortcut: string
    title: string
    text: string
    agent_id: string
    agent_name: string
    edited_at: number
  }
  /** `value` is JSON; null: as if it had never been set. */
  asklet_settings: { name: string; revision: number; value: string | null }
  /** Who was at the desk, whoever verified them. */
  asklet_agent_states: {
    agent_id: string
    name: string
    role: string
    teams: string
    away: number
    seen_at: number
  }
  /** Of accounts. `teams` is JSON. */
  asklet_agent_teams: { agent_id: string; teams: string }
  /** Of accounts, and of agents whom the host verifies. JSON. */
  asklet_agent_skills: { agent_id: string; skills: string; languages: string }
  asklet_attachments: {
    id: string
    conversation_id: string
    sender: string
    /** Its own id once it is gone. */
    upload_id: string
    name: string
    media_type: string
    bytes: number
    width: number | null
    height: number | null
    /** When its upload began. */
    at: number
    state: string
  }
  /** What is to leave the server, and what became of it; no address and no words (`store/deliveries`). */
  asklet_deliveries: {
    id: string
    conversation_id: string
    seq: number
    road: string
    kind: string
    target: string | null
    /** JSON. */
    facts: string | null
    created_at: number
    due_at: number
    state: string
    attempts: number
    /** Whoever sends it just now, and until when nobody else does. */
    lease: string | null
    lease_until: number | null
    /** A keyed hash of the address that it went to, for the limit of each. */
    address_key: string | null
    done_at: number | null
    problem: string | null
  }
  asklet_disputes: {
    id: string
    revision: number
    /** What it is about, and between whom. */
    dispute_key: string
    /** The same while it is open, null afterwards: of each key one is open. */
    open_key: string | null
    opened_at: number
    due_at: number | null
    /** 1: not all that was told of it stands in its conversations yet. */
    untold: number
    /** JSON: `DisputeState`. */
    state: string
  }
  /** 0 and 1 the sides, 2 the mediator's thread. */
  asklet_dispute_sides: { dispute_id: string; side: number; conversation_id: string; heard: number }
  /** What leads are asked to judge (R1 to R7): where it stands, and what they said. Goes with its conversation. */
  asklet_reviews: {
    item_id: string
    kind: string
    stratum: string
    week: number
    at: number
    /** Where it is read: a conversation and the seq of its first event, or a place in the journal. */
    conversation_id: string | null
    seq: number | null
    journal_position: number | null
    /** Of a billion, both; a chance of 0: judged, and out of the sample since. */
    draw: number
    chance: number
    /** Whose answer it is. */
    agent_id: string | null
    revision: number
    verdict: string | null
    /** JSON, both. */
    article: string | null
    words: string | null
    by_id: string | null
    by_name: string | null
    judged_at: number | null
  }
  asklet_migrations: { version: number; name: string; applied_at: string }
}
