// Where a site's files lie, as the commands are told that read them: the one articles folder of build, train, dev and
// questions, and what check and test find beside the files at hand. One reader, so that an option means the same in
// each and a wrong one is refused in the same words. Looks where files are; of their
// contents it reads only the names of the page's functions.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe } from '../base/errors'
import { canonicalLocale } from '../knowledge/canonicalLocale'
import { usageError } from './arguments'

/** Options that check and test have. */
export const SITE_OPTIONS = {
  help: { type: 'boolean' },
  articles: { type: 'string' },
  flows: { type: 'string' },
  intents: { type: 'string' },
  config: { type: 'string' },
  actions: { type: 'string' },
  locale: { type: 'string', default: 'en' },
} as const

/** Their lines of `--help`. */
export const SITE_HELP = [
  '  --articles <dir>     the articles; default "articles" beside the folder of the files, where there is one',
  '  --flows <dir|file>   the flows; default "flows" beside it',
  '  --intents <dir|file> examples of the site\'s own intents; default "intents" in the articles folder',
  '  --config <file>      asklet.json; default there, or one folder above',
  '  --actions <names|file>  functions that your page registers: names with commas between, or a JSON file of stand-ins',
  '  --locale <tag>       language of articles that name none, default en',
]

export interface SiteArguments {
  /** A folder that is there. */
  readonly articles?: string
  /** A file or folder that is there. */
  readonly flows?: string
  /** A file or folder that is there. */
  readonly intents?: string
  /** A file that is there. */
  readonly config?: string
  readonly actions?: ActionsArgument
  /** BCP 47, in its canonical form. */
  readonly locale: string
}

export interface ActionsArgument {
  readonly names: readonly string[]
  /** JSON of stand-ins; left out where only names were given. */
  readonly file?: string
}

/**
 * @param values  as parsed with SITE_OPTIONS
 * @param first   the first file at hand, from which the others are looked for
 * @param usage   the line that shows how the command is called; part of each error
 * @throws AskletError `cli_usage` for what is named and not there
 */
export function readSiteArguments(
  values: Partial<Record<Exclude<keyof typeof SITE_OPTIONS, 'help'>, string>>,
  first: string | undefined,
  usage: string,
): SiteArguments {
  const near = (...names: readonly string[]) =>
    first === undefined ? undefined : names.map(name => join(dirname(first), name)).find(existsSync)
  const named = (
    option: 'articles' | 'flows' | 'intents' | 'config',
    what: string,
    isFine: (path: string) => boolean,
  ) => {
    const path = values[option]
    if (path !== undefined && !(existsSync(path) && isFine(path)))
      throw usageError(`--${option} must name ${what} that is there, got ${describe(path)}`, usage)
    return path
  }
  const isFolder = (path: string) => statSync(path).isDirectory()
  const beside = near('../articles')
  const articles =
    named('articles', 'a folder', isFolder) ?? (beside && isFolder(beside) ? beside : undefined)
  const flows = named('flows', 'a folder or file', () => true) ?? near('../flows')
  const intents = named('intents', 'a folder or file', () => true)
  const config =
    named('config', 'a file', path => !isFolder(path)) ?? near('../asklet.json', '../../asklet.json')
  const actions = values.actions ?? near('actions.json')
  return {
    ...(articles !== undefined && { articles }),
    ...(flows !== undefined && { flows }),
    ...(intents !== undefined && { intents }),
    ...(config !== undefined && { config }),
    ...(actions !== undefined && { actions: readActionNames(actions, usage) }),
    locale: readLocale(values.locale, usage),
  }
}

/**
 * The articles folder of a command that takes one; whether it holds articles is for who reads it to say.
 *
 * @throws AskletError `cli_usage` when there is none, or more than one
 */
export function readFolder([folder, ...others]: readonly string[], usage: string): string {
  if (!folder || others.length)
    throw usageError(`there must be one articles folder, got ${folder ? others.length + 1 : 'none'}`, usage)
  return folder
}

/**
 * @param tag  as typed; left out: en
 * @returns BCP 47, in its canonical form
 * @throws AskletError `cli_usage` when it is no language tag
 */
export function readLocale(tag: string | undefined, usage: string): string {
  const locale = canonicalLocale(tag ?? 'en')
  if (locale === null)
    throw usageError(`--locale must be a language tag like en or pt-BR, got ${describe(tag)}`, usage)
  return locale
}

function readActionNames(text: string, usage: string): ActionsArgument {
  if (!/[./\\]/.test(text))
    return {
      names: text
        .split(',')
        .map(name => name.trim())
        .filter(Boolean),
    }
  if (!existsSync(text) || statSync(text).isDirectory())
    throw usageError(`--actions must be names or a file that is there, got ${describe(text)}`, usage)
  let json: unknown
  try {
    json = JSON.parse(readFileSync(text, 'utf8'))
  } catch {
    throw usageError(`--actions must name a JSON file, got ${describe(text)}`, usage)
  }
  return { names: Object.keys(json ?? {}), file: text }
}

/**
 * The files that a word of the command line means: itself, or those of a folder, sorted.
 *
 * @param what    of a folder: "the folder must hold <what>"
 * @param ending  `.json`
 * @throws AskletError `cli_usage` when there is nothing
 */
export function filesOf(path: string, what: string, ending: string, usage: string): readonly string[] {
  if (!existsSync(path)) throw usageError(`the file or folder must be there, got ${describe(path)}`, usage)
  if (!statSync(path).isDirectory()) return [path]
  const names = readdirSync(path).filter(name => name.endsWith(ending))
  if (!names.length)
    throw usageError(`the folder must hold ${what} (*${ending}), got none in ${describe(path)}`, usage)
  return names.sort().map(name => join(path, name))
}
