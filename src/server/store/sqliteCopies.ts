// A whole copy of a SQLite database while others write to it, and the look at a copy before anybody trusts it. The
// driver is `openSqlStore`'s.

import { AskletError } from '../../base/errors'
import { optionalPackage } from '../optionalPackage'
import { openDatabase, SQLITE_INSTALL } from './openSqlStore'

export interface CopyFacts {
  readonly conversations: number
  readonly events: number
  /** The shape of its tables. */
  readonly shape: number
}

/**
 * Copies `from` as it is at one moment into the new file `to`, at the pace of the disk; writers go on meanwhile.
 *
 * @throws AskletError `store_unavailable`
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const database = await openDatabase(from)
  try {
    database.exec('pragma busy_timeout = 10000')
    // One statement, one moment; and what is left over of deleted rows stays behind.
    database.exec(`vacuum into '${to.replaceAll("'", "''")}'`)
  } catch (error) {
    throw unreadable(`cannot copy ${from}`, error)
  } finally {
    database.close()
  }
}

/** @throws AskletError `store_unavailable` for a file that is damaged or none of ours, `store_newer` */
export async function checkDatabase(file: string): Promise<CopyFacts> {
  const { migrations } = await optionalPackage(
    () => import('./migrations'),
    'the SQLite store needs packages that are not installed',
    SQLITE_INSTALL,
  )
  const database = await openDatabase(file)
  try {
    const one = (text: string) =>
      Object.values((database.prepare(text).all()[0] ?? {}) as object)[0] as unknown
    const integrity = one('pragma integrity_check')
    if (integrity !== 'ok') throw unreadable(`${file} is damaged`, integrity)
    const shape = Number(one('select max(version) as shape from asklet_migrations'))
    const newest = migrations.at(-1)?.version ?? 0
    if (shape > newest)
      throw new AskletError(
        'store_newer',
        `${file} has shape ${shape}, this build knows shapes up to ${newest}. Run the newer build.`,
      )
    return {
      conversations: Number(one('select count(*) as n from asklet_conversations')),
      events: Number(one('select count(*) as n from asklet_events')),
      shape,
    }
  } catch (error) {
    throw unreadable(`${file} is no database of Asklet that can be read`, error)
  } finally {
    database.close()
  }
}

function unreadable(what: string, error: unknown): AskletError {
  if (error instanceof AskletError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new AskletError('store_unavailable', `${what} (${reason}).`, { cause: error })
}
