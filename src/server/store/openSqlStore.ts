// The default store: one SQLite file inside this process. Finds a driver: Node's own where it has one, else
// libsql, else says what to install. Owns durability settings; the tables are sqlStore's.

import { createRequire } from 'node:module'
import type { Kysely } from 'kysely'
import { AskletError } from '../../base/errors'
import { optionalPackage } from '../optionalPackage'
import type { HelpDeskStore } from './helpDeskStore'
import { scrubFile } from './scrubFile'
import type { Tables } from './tables'

/** The part of `node:sqlite` and of libsql that both have. */
interface EmbeddedDatabase {
  exec(text: string): unknown
  prepare(text: string): EmbeddedStatement
  close(): unknown
}
interface EmbeddedStatement {
  reader?: boolean
  /** libsql only: rows as lists. */
  raw?(on: boolean): unknown
  columns?(): readonly { readonly name: string }[]
  all(...parameters: unknown[]): unknown[]
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint }
}

export type DriverName = 'node:sqlite' | 'libsql'

export interface OpenSqlStoreOptions {
  /** Path of the file, made when absent; `:memory:` for tests. */
  readonly file: string
  /** Which driver; default the first that is there. */
  readonly driver?: DriverName
}

/** What the operator types when a driver is absent. */
export const SQLITE_INSTALL = 'npm install kysely@0.28 libsql@0.5'

/**
 * Opens (or makes) the SQLite store.
 *
 * @throws AskletError `driver_missing` with the exact install line, `store_newer`, or `store_unavailable`
 */
export async function openSqlStore({ file, driver }: OpenSqlStoreOptions): Promise<HelpDeskStore> {
  const [{ Kysely, SqliteDialect }, { createSqlStore }, open] = await Promise.all([
    optional(() => import('kysely')),
    optional(() => import('./sqlStore')),
    findDriver(driver),
  ])
  let database: EmbeddedDatabase
  try {
    database = open(file)
    // FULL: the commit is on the disk before anyone is told (D7). WAL: readers of other processes do not wait.
    // While it opens, another process that makes the same tables is waited for.
    // A message changes a page in each of three trees, and thousands of conversations take turns: with room for
    // them in memory (8 MB), and a longer log (16 MB, under load: `checkpoints`), fewer are read and written again
    // and again.
    // What is erased is overwritten where it stood (S34).
    database.exec(
      'pragma busy_timeout = 2000; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -8000; pragma wal_autocheckpoint = 4000; pragma secure_delete = on',
    )
  } catch (error) {
    throw new AskletError(
      'store_unavailable',
      `cannot open the database ${file} (${error instanceof Error ? error.message : String(error)}). Does its folder exist, and may this user write there?`,
      { cause: error },
    )
  }
  const dialect = new SqliteDialect({ database: forKysely(database) })
  try {
    const store = await createSqlStore({
      db: new Kysely<Tables>({ dialect }),
      name: file,
      dialect: 'sqlite',
      lanes: 1,
      scrub: scrubOf(database, file, driver),
    })
    // From here on a wait inside SQLite would stop every socket of this process: `groupCommit` waits outside.
    database.exec('pragma busy_timeout = 50')
    return store
  } catch (error) {
    database.close()
    throw error
  }
}

function scrubOf(
  database: EmbeddedDatabase,
  file: string,
  driver: DriverName | undefined,
): () => Promise<boolean> {
  if (file === ':memory:')
    return async () => {
      database.exec('vacuum')
      return true
    }
  const isOwn = driver !== 'libsql' && nodeSqlite() !== null
  // Looked for when it is needed: a server in one file of its own finds it beside that file, or does not scrub.
  return async () => scrubFile(file, isOwn ? null : createRequire(import.meta.url).resolve('libsql'))
}

/** The bare tables of a file that no store has open: for what no store does, as `asklet audit --tamper`. */
export async function openTables(file: string): Promise<Kysely<Tables>> {
  const [{ Kysely, SqliteDialect }, open] = await Promise.all([import('kysely'), findDriver(undefined)])
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: forKysely(open(file)) }) })
}

/** The file as it is, without our settings and tables: for copies and for looking at them. */
export async function openDatabase(
  file: string,
): Promise<Pick<EmbeddedDatabase, 'exec' | 'prepare' | 'close'>> {
  return (await findDriver(undefined))(file)
}

/** The drivers that this installation has, for the contract suite. */
export async function sqliteDrivers(): Promise<DriverName[]> {
  const found: DriverName[] = []
  if (nodeSqlite()) found.push('node:sqlite')
  try {
    await import('libsql')
    found.push('libsql')
  } catch {}
  return found
}

type DatabaseConstructor = new (file: string) => EmbeddedDatabase

function nodeSqlite(): DatabaseConstructor | null {
  // Asked for by name at run time: a static import would fail on every Node that has none.
  const lookUp: ((name: string) => unknown) | undefined = process.getBuiltinModule
  const found = lookUp?.('node:sqlite') as { DatabaseSync?: DatabaseConstructor } | undefined
  return found?.DatabaseSync ?? null
}

async function findDriver(wanted: DriverName | undefined): Promise<(file: string) => EmbeddedDatabase> {
  const own = wanted === 'libsql' ? null : nodeSqlite()
  if (own) return file => new own(file)
  if (wanted === 'node:sqlite')
    throw new AskletError(
      'driver_missing',
      `this Node (${process.version}) has no node:sqlite. Use Node 22.13 or newer, or install another driver: ${SQLITE_INSTALL}`,
    )
  const { default: Libsql } = await optional(() => import('libsql'))
  return file => new Libsql(file) as unknown as EmbeddedDatabase
}

function optional<T>(load: () => Promise<T>): Promise<T> {
  return optionalPackage(load, 'the SQLite store needs packages that are not installed', SQLITE_INSTALL)
}

/**
 * Both drivers as kysely's SqliteDialect expects one. Statements are kept by text: a handful of texts make up
 * nearly all calls, and preparing costs more than running.
 */
function forKysely(database: EmbeddedDatabase) {
  const kept = new Map<string, ReturnType<typeof adapt>>()
  const adapt = (statement: EmbeddedStatement) => {
    const columns = statement.columns?.().map(({ name }) => name) ?? []
    const reader = statement.reader ?? columns.length > 0
    // libsql builds an object of a row slower than it hands out a list, and slower than we build one of that.
    const isRaw = reader && statement.raw !== undefined
    if (isRaw) statement.raw?.(true)
    // libsql takes all parameters as one list, which costs less than hundreds of arguments; node:sqlite reads a
    // list as one parameter.
    const spread = statement.raw === undefined
    const all = (parameters: readonly unknown[]) => {
      const rows = spread ? statement.all(...parameters) : statement.all(parameters)
      return isRaw ? rows.map(row => named(columns, row as readonly unknown[])) : rows
    }
    return {
      reader,
      all,
      run: (parameters: readonly unknown[]) =>
        spread ? statement.run(...parameters) : statement.run(parameters),
      iterate: (parameters: readonly unknown[]) => all(parameters)[Symbol.iterator](),
    }
  }
  return {
    close: () => {
      // The driver may let go of the file only when its statements are collected. Whoever copies the file of a
      // closed store must have all of it, so what the log holds is moved there now.
      try {
        database.exec('pragma wal_checkpoint(truncate)')
      } catch {
        // Another process reads: the log stays, and counts.
      }
      kept.clear()
      database.close()
    },
    prepare(text: string) {
      // A deferred transaction that reads before it writes fails at once when another process wrote between.
      const asked = text === 'begin' ? 'begin immediate' : text
      let statement = kept.get(asked)
      if (!statement) {
        statement = adapt(database.prepare(asked))
        if (kept.size < 200) kept.set(asked, statement)
      }
      return statement
    },
  }
}

function named(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let n = 0; n < columns.length; n++) row[columns[n] as string] = values[n]
  return row
}
