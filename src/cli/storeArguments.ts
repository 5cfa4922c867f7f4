// Which database a command means: a file of this machine, or a Postgres that several nodes share. One place, so
// that `serve` and `agent` cannot mean two.

import { existsSync } from 'node:fs'
import { describe } from '../base/errors'
import type { HelpDeskStore } from '../server/store/helpDeskStore'
import { usageError } from './arguments'

export const STORE_OPTIONS = {
  data: { type: 'string' },
  database: { type: 'string' },
} as const

/** Where a password does not show in a list of processes. */
export const DATABASE_VARIABLE = 'ASKLET_DATABASE_URL'

export type StoreArguments =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string }

/** @throws AskletError `cli_usage` for two databases at once, or an address that is none */
export function storeArguments(
  values: { readonly data?: string | undefined; readonly database?: string | undefined },
  usage: string,
  variable = process.env[DATABASE_VARIABLE],
): StoreArguments {
  const { data } = values
  if (data !== undefined && values.database !== undefined)
    throw usageError('--data (a file) and --database (a Postgres) must not stand together', usage)
  // A file that is named wins over the environment: who types it means it.
  const url = values.database ?? (data === undefined ? variable : undefined)
  if (url === undefined) return { kind: 'file', file: data ?? 'asklet.db' }
  const scheme = URL.canParse(url) ? new URL(url).protocol : null
  if (scheme !== 'postgres:' && scheme !== 'postgresql:')
    throw usageError(
      // Never the address: it may hold a password.
      `--database must begin with postgres://, got ${scheme === null ? 'no address' : describe(`${scheme}//…`)}. A file is named by --data`,
      usage,
    )
  return { kind: 'postgres', url }
}

/** False: opening it would make an empty one. A Postgres is there, or opening it says why not. */
export const isThere = (store: StoreArguments): boolean => store.kind === 'postgres' || existsSync(store.file)

/** How the same database is named on another command line. A Postgres' address stays in the environment. */
export const asArgument = (store: StoreArguments): string =>
  store.kind === 'file' ? `--data ${store.file}` : `--database "$${DATABASE_VARIABLE}"`

/** Where `asklet serve` puts the files of conversations when nothing else is said. */
export const filesBeside = (file: string): string => `${file.replace(/\.db$/, '')}.files`

export async function openStore(store: StoreArguments): Promise<HelpDeskStore> {
  if (store.kind === 'file')
    return (await import('../server/store/openSqlStore')).openSqlStore({ file: store.file })
  return (await import('../server/store/openPostgresStore')).openPostgresStore({ url: store.url })
}
