// Chooses the command. Owns the exit codes: 0 it worked, 1 the command found or met a failure, 2 it was called
// in a way that cannot work. Each command is loaded when it is called, so that `asklet build` needs no server.

import { AskletError, describe } from '../base/errors'
import type { CheckConfig } from './check'
import type { Output } from './output'

/** What every command file exports. */
export interface Command {
  run(args: string[], out: Output): Promise<number>
}

interface Entry {
  /** What it does, for `asklet --help`. */
  readonly does: string
  load(): Promise<Command>
}

export type Commands = Readonly<Record<string, Entry>>

/** @param checkConfig  what a configuration may hold, for `asklet check`; the room of commands does not know */
export function createCommands(checkConfig?: CheckConfig): Commands {
  return {
    build: {
      does: 'Markdown articles -> the built help that a site serves',
      load: () => import('./build'),
    },
    import: {
      does: 'Zendesk, a site, Notion, GitBook, Markdown, CSV or JSON Lines -> Markdown articles',
      load: () => import('./importArticles'),
    },
    check: {
      does: 'configuration and flows: every problem with file and line',
      load: async () => {
        const [{ createCheck }, { serverProblems }] = await Promise.all([
          import('./check'),
          import('../server/helpDeskConfig'),
        ])
        return createCheck(checkConfig && (json => [...checkConfig(json), ...serverProblems(json)]))
      },
    },
    dev: {
      does: 'a preview of an articles folder while it is written: suggestions with their reasons, and what to mend',
      load: () => import('./dev'),
    },
    questions: {
      does: 'what people ask, section by section: a language model of yours drafts it, or what is missing',
      load: () => import('./questions'),
    },
    train: {
      does: 'flows and examples -> how well messages are told apart, what is mixed up, and what would help',
      load: () => import('./train'),
    },
    evaluate: {
      does: 'queries with their right articles -> how well built help finds them; a gate for CI',
      load: () => import('./evaluate'),
    },
    flows: {
      does: 'packs of flows that any site can start from: list them, add one to a help folder',
      load: () => import('./flows'),
    },
    test: {
      does: 'transcripts of conversations -> does the bot still answer as they say; a gate for CI',
      load: () => import('./test'),
    },
    serve: {
      does: 'the help desk server: one node with an embedded store, or several on one Postgres',
      load: () => import('./serve'),
    },
    audit: {
      does: 'is the journal as it was, and would the same be decided again; signed roots to keep elsewhere',
      load: () => import('./audit'),
    },
    replay: {
      does: 'a stored conversation -> a transcript that fails until the bot does better',
      load: () => import('./replay'),
    },
    backup: {
      does: 'a copy of all that a help desk keeps, made while it serves',
      load: () => import('./backup'),
    },
    restore: {
      does: 'such a copy -> the database of a help desk, where there is none yet',
      load: () => import('./restore'),
    },
    review: {
      does: 'verdicts of leads -> cases of "asklet test" and "asklet evaluate"',
      load: () => import('./review'),
    },
    agent: {
      does: 'accounts of the desk: add, link, password, remove, list',
      load: () => import('./agent'),
    },
    export: {
      does: 'everything that is kept of a person: a page, JSON and their files',
      load: () => import('./exportPerson'),
    },
    erase: {
      does: 'everything that is kept of a person, gone',
      load: () => import('./erase'),
    },
    privacy: {
      does: 'what is kept of people, why, for how long: the data map',
      load: () => import('./privacy'),
    },
  }
}

/**
 * Runs one command line.
 *
 * @param args      without `node` and the script
 * @param commands  replaced in tests
 * @returns the exit code. Never rejects: what goes wrong is said on `out`.
 */
export async function main(
  args: readonly string[],
  out: Output,
  commands = createCommands(),
): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const write = name === undefined ? out.error : out.line
    for (const line of helpLines(commands)) write(line)
    return name === undefined ? 2 : 0
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined
  try {
    if (!entry) {
      throw new AskletError(
        'cli_usage',
        `the first word must be a command, got ${describe(name)}. ${suggestion(name, commands)}`,
      )
    }
    const command = await entry.load()
    return await command.run(rest, out)
  } catch (error) {
    out.error(sentenceOf(error))
    return error instanceof AskletError && error.code === 'cli_usage' ? 2 : 1
  }
}

function helpLines(commands: Commands): string[] {
  const names = Object.keys(commands)
  const width = Math.max(...names.map(name => name.length))
  return [
    'asklet <command> …',
    '',
    ...names.map(name => `  ${name.padEnd(width)}  ${commands[name]?.does ?? ''}`),
    '',
    'asklet <command> --help says more. Exit code 0: it worked. 1: it found or met a failure. 2: wrong call.',
  ]
}

function suggestion(name: string, commands: Commands): string {
  const near = Object.keys(commands).find(
    command => command.startsWith(name.slice(0, 3)) || name.startsWith(command.slice(0, 3)),
  )
  return `${near ? `Did you mean "asklet ${near}"? ` : ''}"asklet --help" lists all commands.`
}

/** Our own errors are a sentence; the system's get the file they are about; a bug keeps its stack. */
function sentenceOf(error: unknown): string {
  if (error instanceof AskletError) return error.message
  if (!(error instanceof Error)) return `asklet: ${String(error)}`
  return 'code' in error && 'path' in error
    ? `asklet: ${error.message}`
    : `asklet: ${error.stack ?? error.message}`
}
