// `asklet agent`: accounts for the desk, made and removed by whoever can read the database. An agent signs in by a
// link that works once; a password is typed, never an argument, which a shell would keep.

import { createEnvironment } from '../base/environment'
import { AskletError, describe } from '../base/errors'
import { createAgents, type VerifiedAgent } from '../server/agents'
import { agentRole } from '../server/membership'
import { readArguments } from './arguments'
import type { Output } from './output'
import { isThere, openStore, STORE_OPTIONS, storeArguments } from './storeArguments'

export const AGENT_USAGE =
  'asklet agent add|link|password|teams|skills|remove|list [name] [--lead] [--team billing] [--skills payments,orders] [--languages en,de] [--data asklet.db | --database postgres://…] [--desk https://help.example/desk/]'

const HELP = [
  AGENT_USAGE,
  '',
  '  add <name>       an account, and a sign-in link that works once within 24 hours',
  '  link <name>      another such link',
  '  password <name>  reads a password, from the keyboard or a pipe; ends the sessions of the agent',
  '  teams <name>     gives the agent the teams of --team instead of those of before; without --team none',
  '  skills <name>    gives the agent the --skills and --languages that are named; --skills "" takes all away',
  '  remove <name>    ends the account and its sessions; what the agent wrote stays',
  '  list             ids, names, roles, teams, skills and languages',
  '',
  '  --data   the database file of "asklet serve" (default asklet.db)',
  '  --database  the Postgres of "asklet serve"; ASKLET_DATABASE_URL does as well',
  '  --desk   address of the desk, to print whole links',
  '  --lead   with "add": the agent leads others',
  '  --team   with "add" and "teams", as often as there are teams: whose conversations the agent takes',
  '  --skills     with "add" and "skills": categories that the agent knows, apart by commas',
  '  --languages  with "add" and "skills": what the agent speaks, such as en,pt-BR',
]

const ACTIONS = ['add', 'link', 'password', 'teams', 'skills', 'remove', 'list'] as const

/**
 * @param readPassword  what is typed, or piped in
 * @returns 0. Throws AskletError `cli_usage` for a wrong call, `server_shape` for a name that is taken or unknown.
 */
export async function run(
  args: string[],
  out: Output,
  readPassword: (out: Output) => Promise<string> = typedPassword,
): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      ...STORE_OPTIONS,
      desk: { type: 'string', default: '' },
      lead: { type: 'boolean' },
      team: { type: 'string', multiple: true, default: [] },
      skills: { type: 'string' },
      languages: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    AGENT_USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  const [word, ...words] = positionals
  const action = ACTIONS.find(each => each === word)
  const name = words.join(' ')
  if (action === undefined)
    throw new AskletError(
      'cli_usage',
      `the word after "agent" must be one of ${ACTIONS.join(', ')}, got ${describe(word)}. Call it like this: ${AGENT_USAGE}`,
    )
  if (action !== 'list' && name === '')
    throw new AskletError('cli_usage', `"agent ${action}" needs a name. Call it like this: ${AGENT_USAGE}`)

  // Opening would make an empty one, and the link would be good nowhere.
  const wanted = storeArguments(values, AGENT_USAGE)
  if (action !== 'add' && !isThere(wanted))
    throw new AskletError(
      'cli_usage',
      `--data must name the database of "asklet serve", got none at ${describe(wanted.kind === 'file' ? wanted.file : '')}. Call it like this: ${AGENT_USAGE}`,
    )

  const store = await openStore(wanted)
  try {
    const agents = createAgents(store, createEnvironment())
    if (action === 'list') {
      const all = await agents.list()
      for (const agent of all)
        out.line(
          `${agent.agentId}  ${agent.name}  ${agentRole(agent.roles)}${inTeams(agent)}${withSkills(agent)}`,
        )
      if (all.length === 0) out.line('No agents yet. Add one: asklet agent add "Ada"')
      return 0
    }
    if (action === 'remove') {
      const agent = await agents.remove(name)
      out.line(`Removed ${agent.name} (${agent.agentId}). A desk that is open ends within seconds.`)
      return 0
    }
    if (action === 'teams') {
      const agent = await agents.setTeams(name, values.team)
      out.line(`${agent.name} is in ${agent.teams ? agent.teams.join(', ') : 'no team'}.`)
      return 0
    }
    if (action === 'skills') {
      const change = skillsIn(values)
      if (Object.keys(change).length === 0)
        throw new AskletError(
          'cli_usage',
          `"agent skills" needs --skills or --languages, got neither. Call it like this: ${AGENT_USAGE}`,
        )
      const agent = await agents.setSkills(name, change)
      out.line(`${agent.name}${withSkills(agent) || ' takes whatever comes'}.`)
      return 0
    }
    if (action === 'password') {
      await agents.setPassword(name, await readPassword(out))
      out.line(`${name} signs in with the new password. A desk that is open ends within seconds.`)
      return 0
    }
    if (action === 'add') {
      const role = values.lead ? 'lead' : 'agent'
      const agent = await agents.add({ name, roles: [role], teams: values.team, ...skillsIn(values) })
      out.line(`Added ${agent.name} (${agent.agentId}), ${role}${inTeams(agent)}${withSkills(agent)}.`)
    }
    const link = `${values.desk}#sign-in=${await agents.link(name)}`
    out.line(
      values.desk
        ? `Sign-in link, good once within 24 hours: ${link}`
        : `Open the desk's address with this at its end, good once within 24 hours: ${link}`,
    )
    return 0
  } finally {
    await store.close()
  }
}

const inTeams = ({ teams = [] }: VerifiedAgent) => (teams.length > 0 ? ` in ${teams.join(', ')}` : '')

function withSkills({ skills = [], languages = [] }: VerifiedAgent): string {
  const knows = skills.length > 0 ? [` knows ${skills.join(', ')}`] : []
  const speaks = languages.length > 0 ? [` speaks ${languages.join(', ')}`] : []
  return [...knows, ...speaks].join(' and')
}

/** Apart by commas; an empty text takes all away, and what is not named stays. */
function skillsIn(given: { readonly skills?: string | undefined; readonly languages?: string | undefined }) {
  const list = (text: string) =>
    text
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== '')
  return {
    ...(given.skills !== undefined && { skills: list(given.skills) }),
    ...(given.languages !== undefined && { languages: list(given.languages) }),
  }
}

/** The first line of what comes in. On a terminal nothing of it is shown. */
async function typedPassword(out: Output): Promise<string> {
  const { stdin } = process
  if (stdin.isTTY) {
    out.line('Password (not shown, at least 10 characters):')
    stdin.setRawMode(true)
  }
  let typed = ''
  try {
    for await (const chunk of stdin.setEncoding('utf8') as AsyncIterable<string>) {
      for (const letter of chunk) {
        if (letter === '\r' || letter === '\n') return typed
        // Ctrl+C and Ctrl+D come as letters from a raw terminal.
        if (stdin.isTTY && (letter === '\u0003' || letter === '\u0004'))
          throw new AskletError('cli_usage', 'no password was typed. Nothing was changed.')
        typed = stdin.isTTY && (letter === '\u007f' || letter === '\b') ? typed.slice(0, -1) : typed + letter
      }
    }
    return typed
  } finally {
    if (stdin.isTTY) stdin.setRawMode(false)
    stdin.pause()
  }
}
