// What `--log` says: lines for a person, or JSON for whatever collects logs, by `pino`.

import { describe } from '../base/errors'
import { type LogOption, SECRET_FIELDS } from '../server/operations/logging'
import { optionalPackage } from '../server/optionalPackage'
import { usageError } from './arguments'
import type { Output } from './output'

const PINO_INSTALL = 'npm install pino@10'

/**
 * @param node  of several nodes: which one
 * @throws AskletError `cli_usage`, or `driver_missing` with the line that installs it
 */
export async function logArgument(
  kind: string,
  out: Output,
  node: number | null,
  usage: string,
): Promise<LogOption> {
  if (kind === 'pretty') return line => out.error(line)
  if (kind !== 'json') throw usageError(`--log must be pretty or json, got ${describe(kind)}`, usage)
  const { default: pino } = await optionalPackage(
    () => import('pino'),
    'JSON logs need a package that is not installed',
    PINO_INSTALL,
  )
  const logger = pino(
    {
      name: 'asklet',
      base: { pid: process.pid, ...(node !== null && { node }) },
      formatters: { level: label => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_FIELDS.flatMap(name => [name, `*.${name}`]), censor: '[masked]' },
    },
    { write: record => out.error(record.trimEnd()) },
  )
  return {
    info: (fields, event) => logger.info(fields, event),
    warn: (fields, event) => logger.warn(fields, event),
    error: (fields, event) => logger.error(fields, event),
  }
}
