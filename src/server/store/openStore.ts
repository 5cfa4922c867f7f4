// One door for whoever is told where the data is: a command line or a configuration.

import type { HelpDeskStore } from './helpDeskStore'
import { openPostgresStore } from './openPostgresStore'
import { openSqlStore } from './openSqlStore'

export interface OpenStoreOptions {
  /** The path of a SQLite file, made when absent, or `postgres://user:password@host:5432/database`. */
  readonly data: string
}

/**
 * Opens the store that `data` names.
 *
 * @throws AskletError `driver_missing` with the install line, `store_newer`, or `store_unavailable`
 */
export function openStore({ data }: OpenStoreOptions): Promise<HelpDeskStore> {
  return isPostgresUrl(data) ? openPostgresStore({ url: data }) : openSqlStore({ file: data })
}

export function isPostgresUrl(data: string): boolean {
  return /^postgres(ql)?:\/\//i.test(data)
}
