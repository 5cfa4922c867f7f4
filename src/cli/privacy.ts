// `asklet privacy`: what is kept of people, as the code has it.

import { AskletError } from '../base/errors'
import { readArguments } from './arguments'
import { mapHtml, mapMarkdown } from './dataMapPage'
import type { Output } from './output'

const USAGE = 'asklet privacy --map [--html]'

/** @returns 0. Throws AskletError `cli_usage` for a wrong call. */
export async function run(args: string[], out: Output): Promise<number> {
  const { values } = readArguments(
    args,
    { map: { type: 'boolean' }, html: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    USAGE,
  )
  if (values.help) {
    for (const line of [
      USAGE,
      '',
      '  --map   every table and column: whose it is, why, how long it is kept, how it is erased and exported. Markdown',
      '  --html  the same as a page',
    ])
      out.line(line)
    return 0
  }
  if (!values.map) throw new AskletError('cli_usage', `say what: --map. Call it like this: ${USAGE}`)
  out.line((values.html ? mapHtml() : mapMarkdown()).trimEnd())
  return 0
}
