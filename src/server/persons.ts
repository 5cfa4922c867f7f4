// What a person may ask of the help desk: everything that it keeps of them, and that it forgets them. Joins the store's
// rows and the bytes of files. Refuses to decide who may ask: whoever holds the server does.

import type { Clock } from '../base/environment'
import { AskletError, describe } from '../base/errors'
import type { Log } from './conversations'
import type { AttachmentStore } from './files/attachmentStore'
import { type Exported, exportPerson, type KeepFile } from './personExport'
import type { HelpDeskStore } from './store/helpDeskStore'
import type { Person, PersonQuery } from './store/personRows'

export type { Person, PersonQuery }

export interface ErasedPerson {
  readonly conversations: number
  readonly files: number
  /**
   * No byte of it is left in the files of the database. False: another process has the embedded database just now, or
   * the disk has no room to rewrite it, and the next erasing does it; or it is a Postgres, whose `vacuum` and log do it in
   * their time.
   */
  readonly isScrubbed: boolean
}

export interface Persons {
  find(query: PersonQuery): Promise<Person>
  /** @throws AskletError `store_unavailable` where it cannot be said whether all is gone: ask again */
  erase(query: PersonQuery): Promise<ErasedPerson>
  /**
   * @param locale    of the page that reads without a program; default English
   * @param keepFile  takes each file as it comes; without it all are in memory
   */
  exportPerson(query: PersonQuery, locale?: string, keepFile?: KeepFile): Promise<Exported>
  /** Of conversations that are erased already. */
  removeFiles(attachmentIds: readonly string[]): Promise<void>
}

export interface PersonsOptions {
  readonly store: HelpDeskStore
  /** Null: this server has no place for files. */
  readonly bytes: AttachmentStore | null
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

export function createPersons({ store, bytes, clock, log }: PersonsOptions): Persons {
  const persons: Persons = {
    async find(query) {
      check(query)
      return store.findPerson(query)
    },

    async erase(query) {
      const person = await persons.find(query)
      const { count, attachmentIds } = await store.erasePerson(person, (await store.now?.()) ?? clock.now())
      await persons.removeFiles(attachmentIds)
      const isScrubbed = count > 0 || person.identities.length > 0 ? await store.scrub() : true
      // Not who: the line would be the last that is kept of them.
      log({
        level: 'info',
        event: 'personErased',
        conversations: count,
        files: attachmentIds.length,
        isScrubbed,
      })
      return { conversations: count, files: attachmentIds.length, isScrubbed }
    },

    exportPerson: async (query, locale, keepFile) =>
      exportPerson(store, bytes, await persons.find(query), clock.now(), locale, keepFile),

    async removeFiles(attachmentIds) {
      if (attachmentIds.length === 0) return
      await Promise.all(attachmentIds.map(attachmentId => bytes?.remove(attachmentId)))
      // Without a place for files here, a node that has one removes the bytes, by its sweep.
      if (bytes) await store.forgetFiles(attachmentIds)
    },
  }
  return persons
}

/** @throws AskletError `server_shape` */
function check(query: PersonQuery): void {
  const entries = Object.entries(Object(query) as Readonly<Record<string, unknown>>)
  const [first] = entries
  if (
    entries.length !== 1 ||
    !first ||
    !['visitorId', 'contact', 'conversationId'].includes(first[0]) ||
    typeof first[1] !== 'string' ||
    first[1].trim() === ''
  )
    throw new AskletError(
      'server_shape',
      `a person is named by one of { visitorId }, { contact } and { conversationId }, got ${describe(query)}.`,
    )
}
