// The store for several nodes: one Postgres that all of them write to. Owns the connections: their time limits,
// what becomes of a broken one, and that a commit is on the disk before anyone is told. Tables and statements
// are sqlStore's.

import type { PostgresPool } from 'kysely'
import type { PoolClient } from 'pg'
import { AskletError, describe } from '../../base/errors'
import { optionalPackage } from '../optionalPackage'
import type { HelpDeskStore } from './helpDeskStore'
import type { Tables } from './tables'

export interface OpenPostgresStoreOptions {
  /** `postgres://user:password@host:5432/database`; what `pg` reads from the environment fills the gaps. */
  readonly url: string
  /** Connections of this node, default 8: half for writes under way, the rest for reads. At least 2. */
  readonly poolSize?: number
  /** Longer than this for one statement, milliseconds, and the connection is given up. Default 7 000. */
  readonly statementTimeoutMs?: number
}

/** What the operator types when the driver is absent. */
export const POSTGRES_INSTALL = 'npm install kysely@0.28 pg@8'

/** More would be sooner served by waiting: a local database connects within milliseconds. */
const CONNECT_WITHIN_MS = 3_000
/** A node that stands still in the middle of a transaction must let go of its rows before visitors give up. */
const IDLE_IN_TRANSACTION_MS = 10_000
/** Between two data centres a silent line is dropped after a few minutes: find out before a visitor does. */
const KEEP_ALIVE_AFTER_MS = 10_000
/** Texts that each connection keeps prepared. What varies by size is asked for in powers of two. */
const MAX_PREPARED = 200

/**
 * Opens the Postgres store, and makes its tables on first use; several nodes may do so at once.
 *
 * @throws AskletError `driver_missing` with the install line, `store_newer`, or `store_unavailable` with host
 *         and database, never with the password
 */
export async function openPostgresStore(options: OpenPostgresStoreOptions): Promise<HelpDeskStore> {
  const { url, poolSize = 8, statementTimeoutMs = 7_000 } = options
  const address = parsed(url)
  if (!Number.isInteger(poolSize) || poolSize < 2)
    throw new AskletError(
      'server_shape',
      `poolSize must be a whole number of at least 2, got ${describe(poolSize)}.`,
    )
  const [{ Kysely, PostgresDialect }, { createSqlStore }, { default: pg }] = await Promise.all([
    optional(() => import('kysely')),
    optional(() => import('./sqlStore')),
    optional(() => import('pg')),
  ])
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: 'asklet',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    // The server gives up first, so that a slow statement ends there too; our own limit is for a silent server.
    statement_timeout: statementTimeoutMs - 500,
    query_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  })
  // Without a listener a connection that breaks while nobody uses it would end the process. Whoever uses it
  // next gets a new one, whoever uses it now is told by the query.
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: guarded(pool) }) })
  // An index over millions of events takes minutes, and nodes that start meanwhile wait for it.
  const patience = new pg.Pool({
    connectionString: url,
    max: 1,
    application_name: 'asklet migration',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: 0,
    keepAlive: true,
  })
  patience.on('error', () => {})
  const patient = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: guarded(patience) }) })
  try {
    return await createSqlStore({
      db,
      patient,
      name: address.name,
      dialect: 'postgres',
      lanes: Math.min(4, Math.floor(poolSize / 2)),
    })
  } catch (error) {
    await db.destroy().catch(() => {})
    if (error instanceof AskletError && error.code !== 'store_unavailable') throw error
    throw new AskletError(
      'store_unavailable',
      `cannot use the database ${address.name} (${address.withoutPassword(reasonOf(error))}). Is it running and reachable from here, and are user and password right?`,
    )
  } finally {
    await patient.destroy().catch(() => {})
  }
}

interface Address {
  /** Host and database, for sentences. */
  readonly name: string
  withoutPassword(text: string): string
}

function parsed(url: string): Address {
  let read: URL
  try {
    read = new URL(url)
    if (!/^postgres(ql)?:$/.test(read.protocol)) throw new Error('another protocol')
  } catch {
    // The value is not shown: it may hold a password.
    throw new AskletError(
      'store_unavailable',
      'the address of the database cannot be read. It looks like this: postgres://user:password@host:5432/database (in a password, write @ as %40, / as %2F, # as %23).',
    )
  }
  const host = read.searchParams.get('host') ?? (read.host || 'localhost')
  const database = decodeURIComponent(read.pathname.slice(1)) || 'postgres'
  const secrets = [read.password, decodeURIComponent(read.password), read.searchParams.get('password')]
  return {
    name: `${database} on ${host}`,
    withoutPassword: text =>
      secrets.reduce<string>((kept, secret) => (secret ? kept.replaceAll(secret, '***') : kept), text),
  }
}

/** A failed connect to a name with several addresses has its reasons inside. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}

interface Pool {
  connect(): Promise<PoolClient>
  end(): Promise<void>
}

/**
 * The pool as kysely sees it. A connection is made fit before its first use, and thrown away when it broke: in
 * the pool it would fail, or hang, for the next one.
 */
function guarded(pool: Pool): PostgresPool {
  const fit = new WeakSet<PoolClient>()
  const names = new Map<string, string>()

  /** Prepared under a name of ours, so that the server parses each text once a connection. */
  function nameOf(text: string): string | undefined {
    let name = names.get(text)
    if (name === undefined && names.size < MAX_PREPARED) {
      name = `asklet_${names.size}`
      names.set(text, name)
    }
    return name
  }

  const lend = (client: PoolClient) => {
    let broken: Error | null = null
    return {
      async query(text: string, parameters: readonly unknown[]) {
        // Not even the rollback: it would wait for as long as the statement before it did.
        if (broken) throw broken
        const values = parameters.map(sendable)
        const name = values.length > 0 ? nameOf(text) : undefined
        try {
          return await client.query({ text, values, ...(name !== undefined && { name }) })
        } catch (error) {
          if (isBroken(error)) broken = error instanceof Error ? error : new Error(String(error))
          throw error
        }
      },
      release: () => client.release(broken ?? false),
    }
  }

  return {
    async connect() {
      const client = await pool.connect()
      if (!fit.has(client)) {
        try {
          await makeFit(client)
          fit.add(client)
        } catch (error) {
          client.release(true)
          throw error
        }
      }
      return lend(client) as unknown as Awaited<ReturnType<PostgresPool['connect']>>
    },
    end: () => pool.end(),
  }
}

/** D7: answered means on the disk, whatever is set for the database or the user. */
async function makeFit(client: PoolClient): Promise<void> {
  await client.query('set synchronous_commit = on')
  const { rows } = await client.query('show synchronous_commit')
  const value = (rows[0] as { synchronous_commit?: string } | undefined)?.synchronous_commit
  if (value !== 'on')
    throw new AskletError(
      'store_unavailable',
      `the database does not keep synchronous_commit on (got ${describe(value)}). Connect without a pooler that shares sessions.`,
    )
}

/** What Postgres would refuse, and refuse again each time it is repeated: a NUL, a fraction in a whole number. */
function sendable(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '') : value
  return typeof value === 'number' && !Number.isInteger(value) ? Math.trunc(value) : value
}

/** An answer of the server leaves the connection good, unless it says that it closes (57P, 08, 25P03). */
function isBroken(error: unknown): boolean {
  const { code, severity } = error as { code?: unknown; severity?: unknown }
  if (typeof code !== 'string' || typeof severity !== 'string') return true
  return severity === 'FATAL' || severity === 'PANIC' || /^(57P|08|25P03)/.test(code)
}

function optional<T>(load: () => Promise<T>): Promise<T> {
  return optionalPackage(load, 'the Postgres store needs packages that are not installed', POSTGRES_INSTALL)
}
