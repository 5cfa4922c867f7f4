// Whether a store still holds what it once held: chains, roots, signatures, gap-free events, decisions that must be
// there, and decisions made again. Reads only, page by page, also while nodes write. Says what is broken and where; to
// mend is nobody's.
//
// What it cannot see: whoever can write to the database may put an entry behind the last one, and may rewrite what no
// root covers yet. What a root covers they cannot, without its key; nor what was published of it.

import { createHash, createPublicKey, verify } from 'node:crypto'
import type { JournalRecord } from '../journal/record'
import type { StoredEvent } from '../protocol/events'
import {
  bodyHash,
  type ChainEntry,
  canonical,
  type Head,
  linkAfter,
  merkleRoot,
  NO_LINK,
  RETENTION,
  type SignedRoot,
  sha256,
  statementHash,
  statementText,
} from './journalChain'
import {
  decisionFor,
  decisionIn,
  type ReplayRules,
  type RuleFileOf,
  replayEntry,
  SERVER_RULES,
} from './replay'
import type { HelpDeskStore } from './store/helpDeskStore'
import type { ChainHead } from './store/journalStore'

/** What the store holds that it cannot have held. */
export interface Finding {
  /** A conversation, a day's chain, or `roots`. */
  readonly where: string
  /** Entry, event or root; null: the whole. */
  readonly n: number | null
  readonly what: string
}

export interface AuditReport {
  readonly records: number
  readonly chains: number
  readonly conversations: number
  readonly events: number
  readonly roots: number
  /** Heads that moved since the last root. */
  readonly unsealed: number
  /** Entries whose words were erased. */
  readonly erased: number
  /** Entries that a device says. */
  readonly ofDevices: number
  readonly broken: readonly Finding[]
  readonly replay: {
    readonly equal: number
    /** Of these, by kind. */
    readonly equalOf: ReadonlyMap<string, number>
    readonly differ: number
    /** Records of devices that say what their rule does not. */
    readonly devicesDiffer: number
    /** What no machine decided. */
    readonly byPeople: number
    /** How many, by why not. */
    readonly notReplayable: ReadonlyMap<string, number>
  }
}

export interface AuditOptions {
  readonly rules?: ReplayRules
  /** Roots that were published: each must be there as it was. */
  readonly published?: readonly SignedRoot[]
  /** Keys that may have signed, by id; without it those of the store, which who writes to it may change. */
  readonly trustedKeys?: ReadonlySet<string>
  /** Built files besides those of the store, by hash. */
  readonly files?: RuleFileOf
}

const PAGE = 500
/** A root is made within this time of what it covers, whatever the clocks of several nodes say. */
const SLACK_MS = 60 * 60_000

export async function audit(
  store: HelpDeskStore,
  { rules = SERVER_RULES, published = [], trustedKeys, files }: AuditOptions = {},
): Promise<AuditReport> {
  const broken: Finding[] = []
  const fail = (where: string, n: number | null, what: string) => void broken.push({ where, n, what })
  const notReplayable = new Map<string, number>()
  const counts = { records: 0, chains: 0, conversations: 0, events: 0, erased: 0, ofDevices: 0, unsealed: 0 }
  const equalOf = new Map<string, number>()
  const replay = { equal: 0, differ: 0, devicesDiffer: 0, byPeople: 0 }

  let roots = await allOf<SignedRoot>(
    (after, limit) => store.roots(after, limit),
    root => root.n,
    0,
  )
  let sealed = await checkRoots(store, roots, published, trustedKeys, fail)
  const since = await store.journalSince()
  // Read once each: what is said of one is not said a second time.
  const ofFiles: Finding[] = []
  const file = await ruleFiles(store, files, (where, n, what) => void ofFiles.push({ where, n, what }))

  /** What a conversation's events ask of its chain. */
  interface Thread {
    readonly head: number
    readonly events: ReadonlyMap<number, StoredEvent>
    readonly isErased: boolean
  }

  async function readThread(conversationId: string): Promise<Thread | null> {
    const events = new Map<number, StoredEvent>()
    let after = 0
    let isErased = false
    for (;;) {
      const page = await store.read(conversationId, after, PAGE)
      if (!page) return null
      for (const event of page.events) {
        if (event.seq !== after + 1) fail(conversationId, event.seq, `event ${after + 1} is not there`)
        after = event.seq
        counts.events++
        if (event.seq === 1) isErased = event.body.type === 'redacted'
        // What a rule decided; the words of a long conversation need no place here.
        if (event.body.type !== 'message') events.set(event.seq, event)
        else events.set(event.seq, NOTHING)
      }
      if (page.events.length === 0 || after >= page.row.head) {
        if (after !== page.row.head) fail(conversationId, after, `events end before ${page.row.head}`)
        return { head: after, events, isErased }
      }
    }
  }

  const readHeads = () =>
    allOf<ChainHead>(
      (after, limit) => store.chainHeads(after, limit),
      head => head.chain,
      '',
    )
  const heads = await readHeads()
  const headOf = new Map(heads.map(head => [head.chain, head]))
  const orderOf = new Map(heads.map((head, index) => [head.chain, index]))
  /** As it is now: an entry may have come since all heads were read. */
  async function freshHead(chain: string): Promise<ChainHead | undefined> {
    const index = orderOf.get(chain)
    if (index === undefined) return (await readHeads()).find(head => head.chain === chain)
    const before = heads[index - 1]?.chain ?? ''
    return (await store.chainHeads(before, 2)).find(head => head.chain === chain)
  }

  /**
   * A chain and the conversation that it is about. What is found is looked at once more before it is said: a root, an
   * erasing or a message may have come between one reading and the next.
   */
  async function look(chain: string, isConversation: boolean) {
    const before = { counts: { ...counts }, replay: { ...replay }, from: broken.length }
    const maps = [notReplayable, equalOf].map(map => [map, [...map]] as const)
    await checkChain(chain, isConversation ? await readThread(chain) : null, false)
    if (broken.length === before.from) return
    broken.length = before.from
    Object.assign(counts, before.counts)
    Object.assign(replay, before.replay)
    for (const [map, entries] of maps) {
      map.clear()
      for (const [key, count] of entries) map.set(key, count)
    }
    const newer = await store.roots(roots.at(-1)?.n ?? 0, PAGE)
    if (newer.length > 0) {
      roots = [...roots, ...newer]
      sealed = await checkRoots(store, roots, [], trustedKeys, () => {})
    }
    await checkChain(chain, isConversation ? await readThread(chain) : null, true)
  }

  async function checkChain(chain: string, thread: Thread | null, isAgain: boolean) {
    let last: ChainEntry | null = null
    let before = NO_LINK
    const covered = sealed.get(chain)
    const decided = new Set<string>()
    let missingBodies: number[] = []
    let n = 0
    for (;;) {
      const entries = await store.chain(chain, last?.n ?? 0, PAGE)
      for (const entry of entries) {
        n++
        counts.records++
        if (entry.origin === 'device') counts.ofDevices++
        if (entry.n !== n) {
          fail(chain, entry.n, `entry ${n} is not there`)
          n = entry.n
        }
        if (linkAfter(before, entry, entry.hash) !== entry.link)
          fail(chain, entry.n, 'its link does not follow from what it is and the one before')
        if (last && entry.at < last.at) fail(chain, entry.n, 'it is earlier than the one before')
        for (const [at, root] of covered?.get(entry.n) ?? [])
          if (at !== entry.link) fail(chain, entry.n, `root ${root} covers another entry in its place`)
        if (entry.salt === null || entry.body === null) {
          if (entry.salt !== null || entry.body !== null) fail(chain, entry.n, 'half of it was erased')
          counts.erased++
          missingBodies.push(entry.n)
        } else if (bodyHash(entry.salt, entry.body) !== entry.hash) {
          fail(chain, entry.n, 'its words are not those that were hashed')
        } else {
          const record = recordIn(entry)
          if (!record) fail(chain, entry.n, 'its words are not those of its kind')
          else await checkRecord(entry, record)
        }
        decided.add(`${entry.seq} ${entry.kind}`)
        before = entry.link
        last = entry
      }
      if (entries.length < PAGE) break
    }
    if (missingBodies.length > 0)
      fail(chain, missingBodies[0] ?? null, 'its words are missing, and nothing says that they were erased')
    await checkEnd(chain, last, covered, isAgain)
    if (thread) checkDecisions(chain, thread, decided)

    async function checkRecord(entry: ChainEntry, record: JournalRecord) {
      if (entry.kind === 'erased' && entry.origin === null) {
        const upTo = Number(record.inputs.upTo)
        missingBodies = missingBodies.filter(missing => missing > upTo)
        // The journal may be kept for less long than the words that it is about.
        if (thread && !thread.isErased && !(record.rule === RETENTION && record.inputs.kept === 'journal'))
          fail(chain, entry.n, 'it says that the conversation was erased, and its words are there')
      }
      if (entry.seq !== null && thread && entry.seq <= thread.head) {
        const event = thread.events.get(entry.seq)
        if (!event) fail(chain, entry.n, `event ${entry.seq}, which it is about, is not there`)
        else {
          const told = decisionIn(event)
          // A category may be a person's own word, which is masked here.
          if (told && told.kind === entry.kind && told.outcome !== record.outcome && !record.masked)
            fail(chain, entry.n, `it decided ${record.outcome}, and event ${entry.seq} says ${told.outcome}`)
        }
      }
      const replayed = await replayEntry(record, file, rules)
      if (replayed.result === 'equal') {
        replay.equal++
        equalOf.set(entry.kind, (equalOf.get(entry.kind) ?? 0) + 1)
      } else if (replayed.result === 'byPeople') replay.byPeople++
      else if (replayed.result === 'notReplayable')
        notReplayable.set(replayed.why, (notReplayable.get(replayed.why) ?? 0) + 1)
      // Whoever writes by hand what a page would can say anything: that breaks no journal of the server's.
      else if (replayed.result === 'differs' && entry.origin === 'device') replay.devicesDiffer++
      else if (replayed.result === 'differs') {
        replay.differ++
        fail(chain, entry.n, `${record.rule} decided ${record.outcome}, and decides ${replayed.got} now`)
      }
    }
  }

  async function checkEnd(
    chain: string,
    last: ChainEntry | null,
    covered: ReadonlyMap<number, readonly (readonly [string, number])[]> | undefined,
    isAgain: boolean,
  ) {
    const isEnd = (head: ChainHead | undefined) =>
      (head?.n ?? 0) === (last?.n ?? 0) && (head?.link ?? NO_LINK) === (last?.link ?? NO_LINK)
    let head = headOf.get(chain)
    if (isAgain || !isEnd(head)) head = await freshHead(chain)
    // Written on meanwhile: what was read lies behind the head of now.
    if (!isEnd(head)) {
      const here = last && head && head.n > last.n ? await store.chain(chain, last.n, PAGE) : []
      if (here.at(-1)?.link !== head?.link || here.length === 0)
        fail(chain, last?.n ?? null, head ? `its head is entry ${head.n}, another one` : 'it has no head')
    }
    const coveredTo = Math.max(0, ...(covered?.keys() ?? []))
    if (coveredTo > (last?.n ?? 0)) fail(chain, last?.n ?? null, `a root covers it up to entry ${coveredTo}`)
    if (!head) return
    if (head.sealedN !== coveredTo)
      fail(chain, head.n, `it is said to be covered up to ${head.sealedN}, and roots cover ${coveredTo}`)
    if (head.n > coveredTo) counts.unsealed++
    const newest = roots.at(-1)
    const first = last && head.n > coveredTo ? (await store.chain(chain, coveredTo, 1))[0] : undefined
    if (newest && first && first.at < newest.at - SLACK_MS)
      fail(chain, first.n, `it is older than root ${newest.n}, which does not cover it`)
  }

  function checkDecisions(chain: string, { events }: Thread, decided: ReadonlySet<string>) {
    for (const event of events.values()) {
      const kind = decisionFor(event)
      if (kind !== null && event.at > since && !decided.has(`${event.seq} ${kind}`))
        fail(chain, event.seq, `event ${event.seq} (${event.body.type}) has no decision beside it`)
    }
  }

  const conversations = new Set<string>()
  for (let after = ''; ; ) {
    const ids = await store.conversationIds(after, PAGE)
    for (const id of ids) {
      conversations.add(id)
      counts.conversations++
      await look(id, true)
    }
    const last = ids.at(-1)
    if (last === undefined) break
    after = last
  }
  const chainIds = await allOf<string>(
    (after, limit) => store.chainIds(after, limit),
    id => id,
    '',
  )
  const chains = new Set([...chainIds, ...headOf.keys(), ...sealed.keys()])
  counts.chains = chains.size
  for (const chain of chains) {
    if (conversations.has(chain)) continue
    if (!/^visits:\d{4}-\d\d-\d\d$/.test(chain)) fail(chain, null, 'its conversation is not there')
    await look(chain, false)
  }
  broken.push(...ofFiles)
  return { ...counts, roots: roots.length, broken, replay: { ...replay, equalOf, notReplayable } }
}

/** Stands for words, which no rule decided. */
const NOTHING = { at: -1, seq: 0, body: { type: 'redacted', target: 0 } } as unknown as StoredEvent

function recordIn({ body, id, kind }: ChainEntry): JournalRecord | null {
  try {
    const record = JSON.parse(body ?? '') as JournalRecord
    return canonical(record) === body && record.id === id && record.kind === kind ? record : null
  } catch {
    return null
  }
}

/** Place and link of every head that a root covers, by chain and entry. */
type Sealed = ReadonlyMap<string, ReadonlyMap<number, readonly (readonly [string, number])[]>>

async function checkRoots(
  store: HelpDeskStore,
  roots: readonly SignedRoot[],
  published: readonly SignedRoot[],
  trusted: ReadonlySet<string> | undefined,
  fail: (where: string, n: number | null, what: string) => void,
): Promise<Sealed> {
  const keys = new Map((await store.rootKeys()).map(key => [key.id, key.publicKey]))
  const sealed = new Map<string, Map<number, (readonly [string, number])[]>>()
  let before: SignedRoot | null = null
  for (const [index, root] of roots.entries()) {
    if (root.n !== index + 1) fail('roots', root.n, `root ${index + 1} is not there`)
    if (root.previous !== (before ? statementHash(before) : ''))
      fail('roots', root.n, 'it does not follow the root before')
    const key = keys.get(root.key)
    if (trusted && !trusted.has(root.key))
      fail('roots', root.n, `its key ${root.key} is none of those trusted`)
    else if (key === undefined) fail('roots', root.n, `its public key ${root.key} is not there`)
    else if (!isSigned(root, key)) fail('roots', root.n, 'its signature is not that of its key')
    const heads: readonly Head[] = await store.rootHeads(root.n)
    if (heads.length !== root.heads || merkleRoot(heads) !== root.root)
      fail('roots', root.n, 'it is not the root of the heads that it covers')
    for (const { chain, n, link } of heads) {
      const places = sealed.get(chain) ?? new Map<number, (readonly [string, number])[]>()
      places.set(n, [...(places.get(n) ?? []), [link, root.n]])
      sealed.set(chain, places)
    }
    before = root
  }
  const byNumber = new Map(roots.map(root => [root.n, root]))
  for (const root of published) {
    const here = byNumber.get(root.n)
    if (!here || statementText(here) !== statementText(root))
      fail(
        'roots',
        root.n,
        here ? 'it is another one than was published' : 'it was published, and is not there',
      )
  }
  return sealed
}

/** The id of a public key (J6). */
export const keyId = (spki: Buffer): string => createHash('sha256').update(spki).digest('hex').slice(0, 16)

function isSigned(root: SignedRoot, publicKey: string): boolean {
  try {
    const spki = Buffer.from(publicKey, 'base64')
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    return (
      keyId(spki) === root.key &&
      verify(null, Buffer.from(statementText(root)), key, Buffer.from(root.signature, 'base64'))
    )
  } catch {
    return false
  }
}

/** Read once each; a content that is not the one of its hash decides nothing. */
export async function ruleFiles(
  store: HelpDeskStore,
  built: RuleFileOf | undefined,
  fail: (where: string, n: number | null, what: string) => void,
): Promise<(hash: string) => Promise<unknown>> {
  const kept = new Map<string, unknown>()
  return async hash => {
    if (!kept.has(hash)) {
      const found = await store.ruleFile(hash)
      const isWhole = found && sha256(found.content) === hash
      if (found && !isWhole) fail(`rule file ${found.name}`, null, 'it is not what its hash says')
      kept.set(hash, isWhole ? JSON.parse(found.content) : await built?.(hash))
    }
    return kept.get(hash)
  }
}

async function allOf<Item>(
  read: (after: never, limit: number) => Promise<readonly Item[]>,
  keyOf: (item: Item) => string | number,
  first: string | number,
): Promise<Item[]> {
  const all: Item[] = []
  for (let after = first; ; ) {
    const page = await read(after as never, PAGE)
    for (const item of page) all.push(item)
    const last = page.at(-1)
    if (page.length < PAGE || last === undefined) return all
    after = keyOf(last)
  }
}
