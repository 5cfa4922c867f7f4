// `asklet export`: everything that the help desk keeps of a person, as a folder: `export.json`, `index.html`, their files.

import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe } from '../base/errors'
import { readArguments, usageError } from './arguments'
import type { Output } from './output'
import { PERSON_HELP, PERSON_OPTIONS, personQuery, withPersons } from './personArguments'

const USAGE =
  'asklet export --visitor <id> | --contact <address> | --conversation <id> --out <folder> [--locale en] [--data asklet.db | --database postgres://…]'

/** @returns 0. Throws AskletError `cli_usage` for a wrong call, or a folder that holds something. */
export async function run(args: string[], out: Output): Promise<number> {
  const { values } = readArguments(
    args,
    {
      ...PERSON_OPTIONS,
      out: { type: 'string' },
      locale: { type: 'string', default: 'en' },
      help: { type: 'boolean', short: 'h' },
    },
    USAGE,
  )
  if (values.help) {
    for (const line of [
      USAGE,
      '',
      ...PERSON_HELP,
      '  --out           a folder that is new or empty',
      '  --locale        of the page: ar de en es fr he ja pt',
    ])
      out.line(line)
    return 0
  }
  const query = personQuery(values, USAGE)
  const { out: folder } = values
  if (folder === undefined) throw usageError('--out must name a folder', USAGE)
  // Two people in one folder would be told of each other.
  const there = await readdir(folder).catch(() => [])
  if (there.length > 0)
    throw usageError(`--out must name a folder that is new or empty, got ${describe(folder)}`, USAGE)
  return withPersons(values, USAGE, out, async persons => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const write = async (path: string, content: string | AsyncIterable<Uint8Array>) => {
      const whole = join(folder, path)
      await mkdir(dirname(whole), { recursive: true, mode: 0o700 })
      await writeFile(whole, content, { mode: 0o600 })
    }
    const { data, html } = await persons.exportPerson(query, values.locale, write)
    await write('export.json', `${JSON.stringify(data, null, 2)}\n`)
    await write('index.html', html)
    const missing = data.files.filter(({ path }) => path === null).length
    out.line(
      `${data.person.conversationIds.length} conversations and ${data.files.length - missing} files are in ${folder}: index.html to read, export.json for programs.`,
    )
    if (missing > 0)
      out.error(`asklet: ${missing} files could not be read. Name their folder by --attachments.`)
    return 0
  })
}
