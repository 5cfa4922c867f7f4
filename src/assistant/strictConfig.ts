// The whole check of a configuration, with its sentences. A chunk of its own: fetched where something may be wrong
// (a developer's machine, a key nobody knows, a file that is none), and where a site names who words answers.

import { AskletError } from '../base/errors'
import { type Config, parseConfig, readConfig } from '../protocol/config'

/**
 * @param given   the configuration, or the text of its file
 * @param source  its address, for the sentence
 * @param warns   of keys that nobody reads, in the console
 * @param status  of the answer that brought it
 * @throws AskletError `config_missing`, `config_syntax`, `config_shape`
 */
export function strictConfig(given: unknown, source: string, warns: boolean, status: number): Config {
  if (status < 200 || status > 299) {
    throw new AskletError(
      'config_missing',
      `${source} answered ${status}. Put asklet.json there, or name it with data-config or options.config.`,
    )
  }
  const { config, unknown } =
    typeof given === 'string' ? readConfig(given, source) : parseConfig(given, source)
  if (unknown.length && warns) {
    console.warn(`Asklet: nobody reads these keys of ${source}: ${unknown.join(', ')}. Misspelt?`)
  }
  return config
}
