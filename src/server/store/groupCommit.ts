// Many waiting writes, one commit. A single durable commit costs an fsync (0.5 to 3 ms); a batch costs the
// same one, so that thousands of messages a second fit behind a disk that syncs hundreds of times. Opens and
// appends share their statements too (`batch`); other writes run one after the other, each in a savepoint.
//
//   waiting: a b c          | begin  lock  read  plan  write  commit+fsync | answer a b c
//   waiting meanwhile: d e  |                                              | begin  lock …
//
// Nobody is answered before the commit. Where the database takes several writers, several batches are under
// way at once, but never two that touch the same conversation: its writes keep the order they came in.

import { CompiledQuery } from 'kysely'
import { AskletError } from '../../base/errors'
import { type BatchWrite, type OpenOutcome, type PlannedBatch, planBatch } from './batch'
import { saveMarks } from './beside'
import { filesIn } from './files'
import type { AppendOutcome, AppendRequest, ConversationRow, OpenRequest } from './helpDeskStore'
import type { RowMemory } from './rowMemory'
import type { Connection, Runner, Statements } from './statements'

/** Beyond this a batch delays its first write more than it spares the last one. */
const MAX_BATCH = 256
/** A lost race with another node's transaction: nothing happened, and nobody was told otherwise. */
const MAX_TRIES = 5

/** Another process writes to the SQLite file: a backup is done in this time, and a visitor still waits for it. */
const LOCKED_PATIENCE_MS = 5_000
/** A database that hangs is found out by the batch under way; what waits behind it is told with it. */
const GIVE_UP_AFTER_MS = 3_000

/**
 * After a key that was there already, keys are looked up for so long before rows are written: repeats come together,
 * when a line or a server comes back.
 */
const LOOK_UP_FOR_MS = 1_000

const BEGIN = CompiledQuery.raw('begin')
const COMMIT = CompiledQuery.raw('commit')
const ROLLBACK = CompiledQuery.raw('rollback')
const SAVEPOINT = CompiledQuery.raw('savepoint asklet_write')
const RELEASE = CompiledQuery.raw('release savepoint asklet_write')
const UNDO = CompiledQuery.raw('rollback to savepoint asklet_write')

/** Any other write, with a connection inside the transaction. */
interface OtherWrite {
  readonly kind: 'other'
  /** The conversation that it changes, if it changes one. */
  readonly conversationId: string | null
  /** Rows of other conversations change with it. */
  readonly changesOthers: boolean
  run(on: Connection): Promise<unknown>
}

interface Waiting {
  readonly write: BatchWrite | OtherWrite
  /** Writes of one key keep their order. */
  readonly key: string | null
  /** By `performance.now()`, milliseconds. */
  readonly since: number
  resolve(value: never): void
  reject(error: unknown): void
}

/** What a write must not overtake: the others to its conversation, or those that name the same thing. */
export type WriteOrder =
  | { readonly conversationId: string; readonly changesOthers?: true }
  | { readonly orderedBy: string }

export interface GroupCommit {
  open(request: OpenRequest): Promise<OpenOutcome>
  append(request: AppendRequest): Promise<AppendOutcome>
  write<T>(run: (on: Connection) => Promise<T>, order?: WriteOrder): Promise<T>
  /** Resolves when nothing waits; later writes reject. */
  close(): Promise<void>
}

export interface GroupCommitOptions {
  readonly db: Connection
  readonly statements: Statements
  /** Batches under way at once; 1 where the database has one writer. */
  readonly lanes: number
  /**
   * For a database inside this process, where doing a batch twice costs less than asking before each: rows are
   * remembered, and that a key is there already is found out by the unique index. Null: both are read first.
   */
  readonly memory: RowMemory | null
  /** With the number of writes, when they are answered. */
  onCommitted?(writes: number): void
}

export function createGroupCommit({
  db,
  statements,
  lanes,
  memory,
  onCommitted,
}: GroupCommitOptions): GroupCommit {
  let waiting: Waiting[] = []
  /** Keys of the batches under way. */
  const busy = new Set<string>()
  const running = new Set<Promise<void>>()
  let isGathering = false
  let closed = false
  /** By `performance.now()`. */
  let looksUpUntil = memory ? 0 : Number.POSITIVE_INFINITY

  function enqueue<T>(write: Waiting['write'], key: string | null): Promise<T> {
    if (closed) return Promise.reject(new AskletError('store_unavailable', 'the store was closed.'))
    return new Promise<T>((resolve, reject) => {
      waiting.push({ write, key, since: performance.now(), resolve, reject })
      gather()
    })
  }

  /** One turn of the event loop: every frame that the sockets have read by then joins the batch. */
  function gather() {
    if (isGathering || waiting.length === 0 || running.size >= lanes) return
    isGathering = true
    setImmediate(() => {
      isGathering = false
      const batch = take()
      if (batch.length === 0) return
      const held = batch.flatMap(({ key }) => key ?? [])
      for (const key of held) busy.add(key)
      const work = commit(batch).finally(() => {
        for (const key of held) busy.delete(key)
        running.delete(work)
        gather()
      })
      running.add(work)
      gather()
    })
  }

  /** In order of arrival; what must wait for another batch keeps its place, and so does all behind it. */
  function take(): Waiting[] {
    const batch: Waiting[] = []
    let left: Waiting[] = []
    const held = new Set<string>()
    const inBatch = new Map<string, boolean>()
    for (const [n, one] of waiting.entries()) {
      if (batch.length >= MAX_BATCH) {
        left = left.concat(waiting.slice(n))
        break
      }
      const { key } = one
      const isOther = one.write.kind === 'other'
      if (key !== null) {
        // The rows of a batch are read once: another kind of write to the same row comes with the next one.
        if (busy.has(key) || held.has(key) || (inBatch.get(key) ?? isOther) !== isOther) {
          held.add(key)
          left.push(one)
          continue
        }
        inBatch.set(key, isOther)
      }
      batch.push(one)
    }
    waiting = left
    return batch
  }

  /** Settles every write of the batch; never rejects. */
  async function commit(batch: readonly Waiting[]): Promise<void> {
    const started = performance.now()
    for (let tries = 1; ; tries++) {
      try {
        const guesses = performance.now() >= looksUpUntil
        const answers = await inTransaction(batch, on => together(on, batch, guesses))
          .catch(error => {
            if (!isOfOneWrite(error) || !guesses) throw error
            looksUpUntil = performance.now() + LOOK_UP_FOR_MS
            return inTransaction(batch, on => together(on, batch, false))
          })
          .catch(error => {
            if (!isOfOneWrite(error)) throw error
            return inTransaction(batch, on => oneByOne(on, batch))
          })
        for (const [n, one] of batch.entries()) {
          const answer = answers[n]
          if (answer && 'value' in answer) one.resolve(answer.value as never)
          else one.reject(unavailable(answer?.threw))
        }
        onCommitted?.(batch.length)
        return
      } catch (error) {
        const asksAgain = isLocked(error)
          ? performance.now() - started < LOCKED_PATIENCE_MS
          : isLostRace(error) && tries < MAX_TRIES
        if (asksAgain) {
          await pause(tries)
          continue
        }
        // Who already waited long behind it is not made to find out again.
        const tooLong = performance.now() - GIVE_UP_AFTER_MS
        const given = waiting.filter(one => one.since < tooLong)
        waiting = waiting.filter(one => one.since >= tooLong)
        for (const one of [...batch, ...given]) one.reject(unavailable(error))
        return
      }
    }
  }

  function inTransaction(
    batch: readonly Waiting[],
    run: (on: Inside) => Promise<Done>,
  ): Promise<readonly Answer[]> {
    const work = async (runner: Runner, builder: Connection | null) => {
      try {
        await runner.executeQuery(BEGIN)
        memory?.trust(await statements.version(runner))
        const { answers, rows, touched, forgetsAll } = await run({ runner, builder })
        if (builder) await saveMarks(builder)
        await runner.executeQuery(COMMIT)
        for (const row of rows) memory?.keep(row)
        for (const conversationId of touched) memory?.forget(conversationId)
        if (forgetsAll) memory?.clear()
        return answers
      } catch (error) {
        // Whether it was committed may be unknown.
        memory?.clear()
        try {
          await runner.executeQuery(ROLLBACK)
        } catch {
          // Some failures end the transaction by themselves, and a broken connection takes no rollback either.
        }
        throw error
      }
    }
    // The query builder's way to a connection made 15 of 49 kB of garbage for a lone message, and took a quarter of its
    // time. Batches of opens and appends have their statements compiled: they take the driver's own.
    return batch.some(({ write }) => write.kind === 'other')
      ? db.connection().execute(builder => work(builder, builder))
      : db.getExecutor().provideConnection(connection => work(connection, null))
  }

  async function together(on: Inside, batch: readonly Waiting[], guesses: boolean): Promise<Done> {
    const writes = batch.flatMap(({ write }) => (write.kind === 'other' ? [] : [write]))
    const planned = writes.length > 0 ? await planAndSave(on.runner, writes, batch, guesses) : null
    // Where nobody opens or appends, the rows of what else is written are held all the same.
    if (!planned) await readRows(on.runner, rowsWanted(batch))
    const touched: string[] = []
    const answers: Answer[] = []
    let next = 0
    for (const { write } of batch) {
      if (write.kind !== 'other') {
        answers.push(planned?.answers[next++] ?? { threw: new Error('no answer') })
        continue
      }
      if (write.conversationId !== null) touched.push(write.conversationId)
      answers.push(await inSavepoint(on.runner, () => write.run(builderOf(on))))
    }
    const forgetsAll = batch.some(({ write }) => write.kind === 'other' && write.changesOthers)
    return { answers, rows: planned ? rowsAfter(planned) : [], touched, forgetsAll }
  }

  /** S13: something in the batch is refused by the database. Alone, only that one fails. */
  async function oneByOne(on: Inside, batch: readonly Waiting[]): Promise<Done> {
    const answers: Answer[] = []
    for (const one of batch)
      answers.push(
        await inSavepoint(on.runner, async () => {
          const [answer] = (await together(on, [one], false)).answers
          if (answer && 'value' in answer) return answer.value
          throw answer?.threw
        }),
      )
    // What failed before this emptied the memory; which of these held is not asked.
    return { answers, rows: [], touched: [], forgetsAll: false }
  }

  async function readRows(on: Runner, ids: ReadonlySet<string>): Promise<Map<string, ConversationRow>> {
    const found = new Map<string, ConversationRow>()
    const unknown: string[] = []
    for (const id of ids) {
      const row = memory?.get(id)
      if (row) found.set(id, row)
      else unknown.push(id)
    }
    if (unknown.length > 0) for (const [id, row] of await statements.rows(on, unknown)) found.set(id, row)
    return found
  }

  // Locks are taken in one order on every node: rows by id, then the counter. Whoever waits for one holds none
  // that comes later. Two nodes that open the same at once meet at the unique index instead: the second one's
  // batch is done again, and finds the first one's conversation.
  async function planAndSave(
    on: Runner,
    writes: readonly BatchWrite[],
    batch: readonly Waiting[],
    guesses: boolean,
  ): Promise<PlannedBatch> {
    const opens = writes.flatMap(write => (write.kind === 'open' ? [write.request] : []))
    const appends = writes.flatMap(write => (write.kind === 'append' ? [write.request] : []))
    const opened = opens.length > 0 ? await statements.opened(on, opens) : new Map<string, never>()
    const rows = await readRows(on, rowsWanted(batch))
    const numbers: number[] = []
    const named = appends.flatMap(filesNamed)
    const files = named.length > 0 ? await statements.files(on, named) : NO_FILES
    const known = new Map(guesses || appends.length === 0 ? [] : await statements.known(on, appends))
    let planned = planBatch(writes, { rows, known, opened, numbers, files })
    // What is refused now may have been stored when it was not (S3), and no index would say so. With its keys known,
    // what stands behind it may be refused.
    const lookedUp = new Set(guesses ? [] : appends)
    for (;;) {
      const refused = writes
        .flatMap((write, n) => doubted(write, planned.answers[n]))
        .filter(request => !lookedUp.has(request))
      if (refused.length === 0) break
      for (const request of refused) lookedUp.add(request)
      for (const [id, keys] of await statements.known(on, refused))
        known.set(id, new Map([...(known.get(id) ?? []), ...keys]))
      planned = planBatch(writes, { rows, known, opened, numbers, files })
    }
    // Planned again with the numbers: only now is it known how many are needed, and a refusal takes none.
    while (planned.numbersTaken > numbers.length) {
      numbers.push(...(await statements.reserveNumbers(on, planned.numbersTaken - numbers.length)))
      planned = planBatch(writes, { rows, known, opened, numbers, files })
    }
    await statements.save(on, planned)
    return planned
  }

  return {
    open: request => enqueue({ kind: 'open', request }, null),
    append: request => enqueue({ kind: 'append', request }, request.conversationId),
    write(run, order) {
      const conversationId = order && 'conversationId' in order ? order.conversationId : null
      const key = order && 'orderedBy' in order ? order.orderedBy : conversationId
      const changesOthers = order !== undefined && 'changesOthers' in order && order.changesOthers === true
      return enqueue({ kind: 'other', conversationId, changesOthers, run }, key)
    },
    async close() {
      closed = true
      while (running.size > 0 || waiting.length > 0) {
        if (running.size > 0) await Promise.all(running)
        else await new Promise(setImmediate)
      }
    },
  }
}

/** A connection inside a transaction; with a query builder where a write of the batch asks for one. */
interface Inside {
  readonly runner: Runner
  readonly builder: Connection | null
}

function builderOf({ builder }: Inside): Connection {
  if (!builder) throw new Error('a batch with such a write begins on a connection with a query builder')
  return builder
}

type Answer = { readonly value: unknown } | { readonly threw: unknown }

/** A transaction before its commit. */
interface Done {
  readonly answers: readonly Answer[]
  /** As they are after it. */
  readonly rows: readonly ConversationRow[]
  /** Conversations whose row was changed in some other way. */
  readonly touched: readonly string[]
  readonly forgetsAll: boolean
}

const NO_FILES = new Map<string, never>()

function filesNamed({ drafts }: AppendRequest): string[] {
  return drafts.flatMap(({ body }) => filesIn(body)?.map(({ attachmentId }) => attachmentId) ?? [])
}

/** The append, where its answer is a refusal. */
function doubted(write: BatchWrite, answer: PlannedBatch['answers'][number] | undefined): AppendRequest[] {
  const isStored = answer && 'value' in answer && 'ok' in answer.value && answer.value.ok
  return write.kind === 'append' && !isStored ? [write.request] : []
}

function rowsAfter({ fresh, changed }: PlannedBatch): ConversationRow[] {
  const rows = new Map(fresh.map(({ row }) => [row.conversationId, row]))
  for (const [conversationId, { row }] of changed) rows.set(conversationId, row)
  return [...rows.values()]
}

async function inSavepoint(on: Runner, run: () => Promise<unknown>): Promise<Answer> {
  await on.executeQuery(SAVEPOINT)
  try {
    const value = await run()
    await on.executeQuery(RELEASE)
    return { value }
  } catch (threw) {
    // Not this write's own trouble: the whole transaction is to be repeated, or has failed.
    if (isLostRace(threw) || !isOfOneWrite(threw)) throw threw
    await on.executeQuery(UNDO)
    await on.executeQuery(RELEASE)
    return { threw }
  }
}

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

/** Another node's transaction came first: serialization_failure, deadlock_detected. */
function isLostRace(error: unknown): boolean {
  return codeOf(error) === '40001' || codeOf(error) === '40P01'
}

/** SQLite: another process has the file. Nothing was written; asked again without stopping this process. */
function isLocked(error: unknown): boolean {
  if (/^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))) return true
  const number = (error as { errcode?: unknown } | null)?.errcode
  return typeof number === 'number' && [5, 6].includes(number & 0xff)
}

/**
 * Whose fault is it? A value or a constraint is one write's; the disk, a lock or the connection is the whole
 * batch's, and asking 256 times more would only make it wait 256 times longer.
 */
function isOfOneWrite(error: unknown): boolean {
  if (error instanceof AskletError) return true
  const code = codeOf(error)
  // Postgres: 22 data, 23 constraint, 21 cardinality, 42 wrong text, 54 too large.
  if (/^[0-9A-Z]{5}$/.test(code)) return /^(21|22|23|42|54)/.test(code)
  if (code.startsWith('SQLITE_')) return /^SQLITE_(CONSTRAINT|MISMATCH|RANGE|TOOBIG|ERROR)/.test(code)
  // node:sqlite has one code for all, and SQLite's number beside it: 1 error, 18 too big, 19 constraint, 20, 25.
  const number = (error as { errcode?: unknown } | null)?.errcode
  if (typeof number === 'number') return [1, 18, 19, 20, 25].includes(number & 0xff)
  // A driver that cannot send a value says so without asking the database; a broken connection has a code or
  // says what it is.
  return error instanceof TypeError || error instanceof RangeError
}

function pause(tries: number): Promise<void> {
  return new Promise(done => setTimeout(done, Math.random() * Math.min(200, 20 * 2 ** tries)))
}

/** What a caller sees of a database's trouble: one code, the cause kept for the log of the operator. */
export function unavailable(error: unknown): AskletError {
  if (error instanceof AskletError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new AskletError(
    'store_unavailable',
    `the database did not take it (${reason}). It is safe to repeat the call.`,
    { cause: error },
  )
}

/** Conversations whose rows this batch needs: to plan by, or for the lock alone, which later would be out of order. */
function rowsWanted(batch: readonly Waiting[]): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const { write } of batch) {
    if (write.kind === 'append') ids.add(write.request.conversationId)
    if (write.kind === 'other' && write.conversationId !== null) ids.add(write.conversationId)
  }
  return ids
}
