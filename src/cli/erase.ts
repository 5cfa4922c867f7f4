// `asklet erase`: everything that the help desk keeps of a person, gone; first it says what that is. Works beside a running
// server too.

import { readArguments } from './arguments'
import type { Output } from './output'
import { PERSON_HELP, PERSON_OPTIONS, personQuery, withPersons } from './personArguments'

const USAGE =
  'asklet erase --visitor <id> | --contact <address> | --conversation <id> [--yes] [--data asklet.db | --database postgres://…]'

/** @returns 0. Throws AskletError `cli_usage` for a wrong call, `store_unavailable` where it cannot be said whether all is gone. */
export async function run(args: string[], out: Output): Promise<number> {
  const { values } = readArguments(
    args,
    { ...PERSON_OPTIONS, yes: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    USAGE,
  )
  if (values.help) {
    for (const line of [
      USAGE,
      '',
      ...PERSON_HELP,
      '  --yes           does it; without it only what would go is said',
      '',
      'What a person may want to have first: asklet export. It cannot be taken back.',
    ])
      out.line(line)
    return 0
  }
  const query = personQuery(values, USAGE)
  return withPersons(values, USAGE, out, async persons => {
    const { conversationIds, identities } = await persons.find(query)
    if (conversationIds.length === 0 && identities.length <= 1 && !values.yes) {
      out.line('Nothing is kept of this person.')
      return 0
    }
    if (!values.yes) {
      out.line(
        `${counted(conversationIds.length, 'conversation')} would be erased: ${conversationIds.join(', ')}`,
      )
      out.line('Nothing was changed. Say --yes to erase: it cannot be taken back.')
      return 0
    }
    const { conversations, files, isScrubbed } = await persons.erase(query)
    out.line(`Erased ${counted(conversations, 'conversation')} with ${counted(files, 'file')}.`)
    if (values.data === undefined && (values.database ?? process.env.ASKLET_DATABASE_URL) !== undefined)
      out.line(
        'Postgres overwrites it in its own time: autovacuum, the write-ahead log, replicas and backups keep copies until they are recycled.',
      )
    else if (!isScrubbed)
      out.line(
        'Another process reads the database just now: copies may stand in its log until that is cut. Run this once more later.',
      )
    else out.line('Its bytes are overwritten. Backups of before hold it still.')
    return 0
  })
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`
