// What is kept of people, where, why, for how long, and how it goes: one table of data, which must name every table and
// column that the store has, or nothing compiles. Export and erasure read it (`store/personRows`), and so do
// `asklet privacy --map` and the README. Refuses to know any SQL.

import type { RetentionKind } from './retention'
import type { Tables } from './store/tables'

/**
 * What erasing a person does to a column of theirs. `emptied`: nothing, or nothing of them, stands there any more;
 * `replaced`: something that means nobody; `deleted`: the row goes; `stays`: it tells nothing of anybody by then.
 */
export type Erased = 'emptied' | 'replaced' | 'deleted' | 'stays'

export interface ColumnLine {
  /** In English, for whoever reads the map. */
  readonly holds: string
  /** Whose data it is. `nobody`: counters, states, times without a person. */
  readonly whose: 'visitor' | 'agent' | 'site' | 'nobody'
  readonly erased: Erased
  /** In the export of the person: as it stands, or as the JSON that it is. */
  readonly exported: boolean | 'json'
}

export interface TableLine<Columns extends string = string> {
  /** Why it is kept. */
  readonly why: string
  /** For how long: a kind that the site sets in `retention`, or a sentence. */
  readonly kept: RetentionKind | { readonly until: string }
  /** How rows of a person are found; null: there are none. */
  readonly person: { readonly by: 'conversation' | 'identity'; readonly column: Columns } | null
  readonly columns: Readonly<Record<Columns, ColumnLine>>
}

export type DataMap = { readonly [Name in keyof Tables]: TableLine<keyof Tables[Name] & string> }

// ---- in few words

const line =
  (whose: ColumnLine['whose'], erased: Erased, exported: ColumnLine['exported']) =>
  (holds: string): ColumnLine => ({ holds, whose, erased, exported })
/** A person's own, gone without a rest. */
const own = line('visitor', 'emptied', true)
const ownJson = line('visitor', 'emptied', 'json')
const ownReplaced = line('visitor', 'replaced', true)
/** Of the person while it can be told whose it is; afterwards a time or a state of nobody. */
const fact = line('visitor', 'stays', true)
const inner = line('nobody', 'stays', false)
const agents = line('agent', 'stays', true)
const agentsOwn = line('agent', 'stays', false)
const sites = line('site', 'stays', false)
const gone = line('visitor', 'deleted', true)

const forever = (until: string) => ({ until })

export const dataMap: DataMap = {
  asklet_conversations: {
    why: 'a conversation with people: who has it, what it is about, where the visitor can be reached',
    kept: 'conversations',
    person: { by: 'conversation', column: 'id' },
    columns: {
      id: fact('random id'),
      opener: ownReplaced(
        'identity that opened it: a hash of the device’s secret, or the host’s id of a signed-in user',
      ),
      open_id: ownReplaced('the device’s id of its opening'),
      owner: ownReplaced('identity that may read it: a hash of the device’s secret, or the host’s id'),
      claimed_from: own('the device’s identity, once a signed-in one claimed it'),
      generation: inner('incarnation of the thread'),
      head: fact('number of events'),
      last_at: fact('time of the last event'),
      phase: fact('queued, live, ticketed, ended …'),
      assignment: inner('counts changes of the agent'),
      agent_id: agents('who has it, or had it last'),
      agent_name: agents('their name'),
      ticket_owner: agents('who answers for the ticket'),
      ticket: line(
        'visitor',
        'emptied',
        'json',
      )('number, category, priority, status; the contact of the visitor'),
      contact: ownJson('e-mail address, phone number'),
      wait_started: fact('when the wait began'),
      queued_at: fact('when it came into the queue'),
      joined_at: fact('when an agent came'),
      wait_ms: fact('how long the wait was'),
      priority: fact('how pressing it is'),
      category: own('what it is about'),
      visitor_name: own('name, as the host or a token says'),
      role: own('role, as the host or a token says'),
      page_name: own('what the page was called'),
      question: own('the question'),
      locale: own('what the visitor reads'),
    },
  },
  asklet_events: {
    why: 'the thread: what was said and what happened, in order',
    kept: 'conversations',
    person: { by: 'conversation', column: 'conversation_id' },
    columns: {
      conversation_id: fact('of which conversation'),
      seq: fact('place in the thread; stays, so that no gap tells of a loss'),
      sender: fact('visitor, agent or system'),
      client_id: ownReplaced('the sender’s id of the event'),
      at: fact('time'),
      author: line('visitor', 'emptied', 'json')('name of who spoke'),
      origin: fact('whether the device reported it'),
      said_at: fact('time by the device’s clock'),
      type: fact('message, rated, assigned …'),
      body: ownJson('words, contacts, page, details, rating: all that was said'),
    },
  },
  asklet_agents: {
    why: 'accounts of the desk',
    kept: forever('the account is removed: asklet agent remove'),
    person: null,
    columns: {
      id: agentsOwn('random id'),
      name: agentsOwn('name'),
      name_key: agentsOwn('name in lower case'),
      roles: agentsOwn('agent or lead'),
      password_hash: agentsOwn('scrypt hash'),
    },
  },
  asklet_links: {
    why: 'sign-in links, good once and for 24 hours',
    kept: 'signIns',
    person: null,
    columns: {
      token_hash: agentsOwn('hash of the link'),
      agent_id: agentsOwn('whose'),
      expires_at: inner('time'),
      used_at: inner('time'),
    },
  },
  asklet_sessions: {
    why: 'agents who are signed in, for as long as the session is good',
    kept: 'signIns',
    person: null,
    columns: {
      token_hash: agentsOwn('hash of the cookie'),
      agent_id: agentsOwn('whose'),
      expires_at: inner('time'),
    },
  },
  asklet_presence: {
    why: 'whether a visitor or an agent is there',
    kept: 'visits',
    person: { by: 'identity', column: 'identity' },
    columns: {
      identity: gone('hash of the device’s secret, the host’s id, or an agent’s id'),
      node: line('nobody', 'deleted', false)('which server process'),
      connected: gone('whether connected'),
      seen_at: gone('when last seen'),
    },
  },
  asklet_journal: {
    why: 'records of the journal as nodes of former builds write them; this build moves them into chains',
    kept: 'journal',
    person: null,
    columns: {
      position: inner('order of arrival'),
      id: inner('random id'),
      received_at: inner('time'),
      kind: inner('suggested, answered …'),
      record: line('visitor', 'deleted', false)('masked inputs, rule, reason'),
    },
  },
  asklet_chain: {
    why: 'what was suggested, answered and decided, with the rule and the reason, so that it can be explained and shown to be unchanged',
    kept: 'journal',
    // Records of a device that name no conversation are in the chain of their day: nobody’s, without an id of a person.
    person: { by: 'conversation', column: 'chain' },
    columns: {
      position: inner('order of arrival'),
      chain: fact('of which conversation, or day'),
      n: inner('place in the chain'),
      id: line('visitor', 'stays', false)('random id of the record'),
      at: fact('time'),
      kind: fact('suggested, answered, prioritised …'),
      origin: fact('whether the device reported it'),
      seq: fact('of which event'),
      salt: line('visitor', 'emptied', false)('random, so that a hash tells nothing of what it is of'),
      body: ownJson('masked inputs, rule, reason'),
      hash: inner('of salt and body'),
      link: inner('hash over the entry and the one before'),
    },
  },
  asklet_chain_heads: {
    why: 'the last entry of each chain',
    kept: forever('the chain is'),
    person: null,
    columns: {
      chain: inner('of which conversation, or day'),
      n: inner('place'),
      at: inner('time'),
      link: inner('hash'),
      sealed_n: inner('up to where a root covers it'),
    },
  },
  asklet_roots: {
    why: 'signed daily roots over all chains',
    kept: forever('the database is'),
    person: null,
    columns: {
      n: inner('number'),
      day: inner('day'),
      at: inner('time'),
      heads: inner('number of chains'),
      root: inner('hash'),
      previous: inner('hash'),
      key: inner('id of the key'),
      signature: inner('signature'),
    },
  },
  asklet_root_heads: {
    why: 'what a root covers',
    kept: forever('the database is'),
    person: null,
    columns: {
      root_n: inner('of which root'),
      chain: inner('which chain'),
      n: inner('place'),
      link: inner('hash'),
    },
  },
  asklet_root_keys: {
    why: 'public keys that roots were signed with',
    kept: forever('the database is'),
    person: null,
    columns: { id: inner('id'), public_key: inner('key'), since: inner('time') },
  },
  asklet_rulefiles: {
    why: 'what rules decided by, so that a decision can be computed again',
    kept: forever('the database is'),
    person: null,
    columns: {
      hash: inner('hash'),
      name: sites('name'),
      content: sites('rules, models, hours of the site'),
      at: inner('time'),
    },
  },
  asklet_beside: {
    why: 'where the visitor is now, for the agent; to which team a conversation was given',
    kept: 'visits',
    person: { by: 'conversation', column: 'conversation_id' },
    columns: {
      conversation_id: fact('of which conversation'),
      revision: inner('counts changes of notes and labels'),
      changed_at: inner('time'),
      page: ownJson('masked page facts of where the visitor is'),
      page_at: own('since when'),
      team: sites('name of a team'),
      contests: ownJson(
        'what the visitor objects to and nobody has answered, without words; as long as the conversation',
      ),
    },
  },
  asklet_notes: {
    why: 'what agents note beside a conversation; no visitor’s call reads them',
    kept: 'notes',
    person: { by: 'conversation', column: 'conversation_id' },
    columns: {
      conversation_id: fact('of which conversation'),
      note_id: inner('the desk’s id of the note'),
      n: inner('order'),
      at: fact('time'),
      agent_id: agentsOwn('who wrote it'),
      agent_name: agents('their name'),
      text: ownJson('what an agent wrote about the visitor’s matter'),
      after_seq: inner('place in the thread'),
    },
  },
  asklet_labels: {
    why: 'labels that agents put on a conversation',
    kept: 'notes',
    person: { by: 'conversation', column: 'conversation_id' },
    columns: {
      conversation_id: gone('of which conversation'),
      label: gone('the label'),
      n: line('nobody', 'deleted', false)('order'),
    },
  },
  asklet_canned: {
    why: 'ready answers of the desk',
    kept: forever('a lead removes them'),
    person: null,
    columns: {
      id: inner('id'),
      revision: inner('counts changes'),
      shortcut: sites('shortcut'),
      title: sites('title'),
      text: sites('text'),
      agent_id: agentsOwn('who edited it last'),
      agent_name: agentsOwn('their name'),
      edited_at: inner('time'),
    },
  },
  asklet_settings: {
    why: 'hours that leads set at the desk',
    kept: forever('they are changed'),
    person: null,
    columns: { name: sites('name'), revision: inner('counts changes'), value: sites('value') },
  },
  asklet_agent_states: {
    why: 'who was at the desk, and who is away; of an account for as long as there is one',
    kept: 'signIns',
    person: null,
    columns: {
      agent_id: agentsOwn('id'),
      name: agentsOwn('name'),
      role: agentsOwn('role'),
      teams: agentsOwn('teams'),
      away: agentsOwn('whether away'),
      seen_at: agentsOwn('when last seen'),
    },
  },
  asklet_agent_teams: {
    why: 'teams of accounts',
    kept: forever('the account is removed'),
    person: null,
    columns: { agent_id: agentsOwn('id'), teams: agentsOwn('teams') },
  },
  asklet_agent_skills: {
    why: 'what agents can do, and which languages they speak; of an account for as long as there is one',
    kept: 'signIns',
    person: null,
    columns: { agent_id: agentsOwn('id'), skills: agentsOwn('skills'), languages: agentsOwn('languages') },
  },
  asklet_attachments: {
    why: 'files in conversations; their bytes lie in the folder or bucket of the server',
    kept: 'files',
    person: { by: 'conversation', column: 'conversation_id' },
    columns: {
      id: gone('random id, the name of its bytes'),
      conversation_id: gone('of which conversation'),
      sender: gone('visitor or agent'),
      upload_id: gone('the sender’s id of the upload'),
      name: gone('what it is called'),
      media_type: gone('what it is'),
      bytes: gone('how large'),
      width: gone('pixels'),
      height: gone('pixels'),
      at: gone('time'),
      state: line('nobody', 'deleted', false)('uploading, ready, used, gone'),
    },
  },
  asklet_deliveries: {
    why: 'what is to leave the server by e-mail or webhook, and what became of it; no address and no words',
    kept: 'deliveries',
    person: { by: 'conversation', column: 'conversation_id' },
    columns: {
      id: line('nobody', 'deleted', false)('id, the same for a repeat'),
      conversation_id: gone('of which conversation'),
      seq: gone('of which event'),
      road: gone('e-mail or webhook'),
      kind: gone('what it says'),
      target: line('site', 'deleted', false)('which endpoint of the site'),
      facts: line('visitor', 'deleted', 'json')('numbers and states that it says'),
      created_at: gone('time'),
      due_at: line('nobody', 'deleted', false)('time'),
      state: gone('waiting, sent, dropped …'),
      attempts: line('nobody', 'deleted', false)('number'),
      lease: line('nobody', 'deleted', false)('which node sends it'),
      lease_until: line('nobody', 'deleted', false)('time'),
      address_key: line('visitor', 'deleted', false)('keyed hash of the address that it went to'),
      done_at: gone('time'),
      problem: line('nobody', 'deleted', false)('why it failed'),
    },
  },
  asklet_disputes: {
    why: 'a dispute between two visitors: what is common, and where it stands',
    kept: forever('one of the two sides is; what a side said goes with its conversation'),
    // Of two people: what one side knows of it stands in the events of its own conversation, and is exported there.
    person: null,
    columns: {
      id: inner('random id'),
      revision: inner('counts changes'),
      dispute_key: line(
        'visitor',
        'replaced',
        false,
      )('the site’s reference, and between which conversations or parties'),
      open_key: line('visitor', 'replaced', false)('the same, while it is open'),
      opened_at: inner('time'),
      due_at: inner('time'),
      untold: inner('whether all of it stands in its conversations'),
      state: line('visitor', 'emptied', false)('names, statements, facts of both sides'),
    },
  },
  asklet_dispute_sides: {
    why: 'which conversations belong to a dispute',
    kept: forever('the dispute is'),
    person: { by: 'conversation', column: 'conversation_id' },
    columns: {
      dispute_id: fact('which dispute'),
      side: fact('which side'),
      conversation_id: fact('which conversation'),
      heard: inner('up to which event'),
    },
  },
  asklet_meta: {
    why: 'the database itself',
    kept: forever('the database is'),
    person: null,
    columns: {
      key: inner('name'),
      value: inner('epoch, key of file addresses, lease of the retention sweep, how far reviews have looked'),
    },
  },
  asklet_counters: {
    why: 'numbers of tickets, marks of changes',
    kept: forever('the database is'),
    person: null,
    columns: { name: inner('name'), value: inner('number') },
  },
  asklet_reviews: {
    why: 'answers that leads were asked to judge, and their verdicts',
    kept: forever('its conversation is, or else its record in the journal'),
    person: { by: 'conversation', column: 'conversation_id' },
    columns: {
      item_id: gone('random id'),
      kind: gone('an answer, a handoff, or nothing known'),
      stratum: gone('why it was picked: contested, rated low, by chance …'),
      week: gone('of the sample'),
      at: gone('time of what is judged'),
      conversation_id: gone('of which conversation'),
      seq: gone('of its first event'),
      journal_position: gone('its record in the journal, where there is no conversation'),
      draw: line('nobody', 'deleted', false)('the number that was drawn'),
      chance: line('nobody', 'deleted', false)('how likely it was to be picked'),
      agent_id: line('agent', 'deleted', false)('whose answer it is'),
      revision: line('nobody', 'deleted', false)('counts verdicts'),
      verdict: gone('right, wrong, or what should have been done'),
      article: line('site', 'deleted', false)('where the right answer stands'),
      words: line('agent', 'deleted', false)('what the lead wrote on it'),
      by_id: line('agent', 'deleted', false)('who judged'),
      by_name: line('agent', 'deleted', false)('their name'),
      judged_at: gone('time'),
    },
  },
  asklet_migrations: {
    why: 'which steps the tables have taken',
    kept: forever('the database is'),
    person: null,
    columns: { version: inner('number'), name: inner('name'), applied_at: inner('time') },
  },
}

export interface PlaceLine {
  readonly place: string
  readonly holds: string
  readonly kept: string
  readonly erased: string
}

/** What lies outside the tables. The browser's keys are written down here and held to the client's code by a test. */
export const otherPlaces: { readonly browser: readonly PlaceLine[]; readonly server: readonly PlaceLine[] } =
  {
    browser: [
      {
        place: 'localStorage `asklet:*`',
        holds:
          'with consent: a random visitor id, drafts, the wish not to be asked again; that a conversation waits',
        kept: 'until the visitor or the site forgets',
        erased: '“Forget this device”, forget(), consent denied',
      },
      {
        place: 'sessionStorage `asklet:*`',
        holds: 'of this tab: the conversation with the bot, flow step and details, routes before this page',
        kept: 'until the tab is closed',
        erased: '“Forget this device”, forget(), consent denied',
      },
      {
        place: 'IndexedDB `asklet`',
        holds:
          'once the visitor asks for a person: the secret of this device, words not yet confirmed, a copy of the thread',
        kept: 'until the visitor or the site forgets',
        erased: '“Forget this device”, forget(), signing out',
      },
      {
        place: 'cookies',
        holds: 'none of visitors; the desk’s session for agents (HttpOnly)',
        kept: 'the session',
        erased: 'signing out',
      },
    ],
    server: [
      {
        place: 'attachments folder or bucket',
        holds: 'bytes of files, named by random ids',
        kept: 'retention.files; what no message has for an hour',
        erased: 'with the person, at once',
      },
      {
        place: 'log lines',
        holds: 'events, ids, agents’ ids; never words, names, contacts, secrets or tokens of visitors',
        kept: 'by whoever keeps them',
        erased: 'nothing to erase: an id of a conversation leads to an erased one',
      },
      {
        place: 'memory of a node',
        holds: 'the last rows that were written, answers of the search by masked words, who is connected',
        kept: 'bounded, until the process ends',
        erased: 'rows with the person, at once; masked words of a search with the process',
      },
      {
        place: 'Redis (where one is named)',
        holds: 'counters of calls by hashed identity and by network address; hints between nodes',
        kept: 'seconds to an hour',
        erased: 'they run out by themselves',
      },
      {
        place: 'write-ahead log and free pages of the embedded database',
        holds: 'copies of rows on their way',
        kept: 'until the next checkpoint',
        erased: 'overwritten (secure_delete), the log is cut and the file rewritten when a person is erased',
      },
      {
        place: 'language model (where one is configured)',
        holds: 'masked question, masked page, passages of articles',
        kept: 'by its operator',
        erased: 'by its operator: nothing in it names a person',
      },
    ],
  }
