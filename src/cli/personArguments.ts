// Which person a command means, and where the bytes of their files lie: one place for `erase` and `export`.

import { describe } from '../base/errors'
import type { AttachmentStore } from '../server/files/attachmentStore'
import { folderAttachments } from '../server/files/folderAttachments'
import { createPersons, type PersonQuery, type Persons } from '../server/persons'
import { usageError } from './arguments'
import type { Output } from './output'
import { isThere, openStore, STORE_OPTIONS, storeArguments } from './storeArguments'

export const PERSON_OPTIONS = {
  ...STORE_OPTIONS,
  visitor: { type: 'string' },
  contact: { type: 'string' },
  conversation: { type: 'string' },
  attachments: { type: 'string' },
} as const

interface PersonValues {
  readonly visitor?: string
  readonly contact?: string
  readonly conversation?: string
  readonly attachments?: string
  readonly data?: string
  readonly database?: string
}

export const PERSON_HELP = [
  '  --visitor       the id of a signed-in user as your tokens name them; anon:… for a device',
  '  --contact       an e-mail address or phone number that was given: the conversations it was given in',
  '  --conversation  one conversation',
  '  --data          the database file of "asklet serve" (default asklet.db)',
  '  --database      the Postgres of "asklet serve"; ASKLET_DATABASE_URL does as well',
  '  --attachments   the folder of their files (default: beside the data file, its name with .files). Files in a bucket',
  '                  are removed by the next sweep of a running server.',
]

/** @throws AskletError `cli_usage` for none, or several at once */
export function personQuery(values: PersonValues, usage: string): PersonQuery {
  const said = [values.visitor, values.contact, values.conversation].filter(each => each !== undefined)
  if (said.length !== 1 || said[0]?.trim() === '')
    throw usageError(
      `one of --visitor, --contact and --conversation says who, got ${said.length === 0 ? 'none' : describe(said.join(' and '))}`,
      usage,
    )
  if (values.visitor !== undefined) return { visitorId: values.visitor }
  if (values.contact !== undefined) return { contact: values.contact }
  return { conversationId: values.conversation as string }
}

/** With the store open, and closed behind it. */
export async function withPersons<T>(
  values: PersonValues,
  usage: string,
  out: Output,
  run: (persons: Persons) => Promise<T>,
): Promise<T> {
  const wanted = storeArguments(values, usage)
  // Opening would make an empty one, and say that nothing is kept.
  if (!isThere(wanted))
    throw usageError(
      `--data must name the database of "asklet serve", got none at ${describe(wanted.kind === 'file' ? wanted.file : '')}`,
      usage,
    )
  const folder =
    values.attachments ?? (wanted.kind === 'file' ? `${wanted.file.replace(/\.db$/, '')}.files` : undefined)
  const bytes: AttachmentStore | null = folder === undefined ? null : folderAttachments(folder)
  const store = await openStore(wanted)
  try {
    return await run(
      createPersons({
        store,
        bytes,
        clock: { now: () => Date.now() },
        log: ({ level, event }) => {
          if (level !== 'info') out.error(`asklet: ${event}`)
        },
      }),
    )
  } finally {
    await store.close()
  }
}
