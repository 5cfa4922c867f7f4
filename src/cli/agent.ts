// `asklet agent`: accounts for the desk, made by whoever can read the database. No password travels: an agent
// signs in by a link that works once.

import { existsSync } from 'node:fs'
import { createEnvironment } from '../base/environment'
import { AskletError, describe } from '../base/errors'
import { createAgents } from '../server/agents'
import { openSqlStore } from '../server/store/openSqlStore'
import { readArguments } from './arguments'
import type { Output } from './output'

export const AGENT_USAGE =
  'asklet agent add|link|list [name] [--data asklet.db] [--desk https://help.example/desk/]'

const HELP = [
  AGENT_USAGE,
  '',
  '  add <name>   an account, and a sign-in link that works once within 24 hours',
  '  link <name>  another such link',
  '  list         names and ids',
  '',
  '  --data   the database file of "asklet serve" (default asklet.db)',
  '  --desk   address of the desk, to print whole links',
  '  --role   a role of the agent; may be repeated',
]

/** @returns 0. Throws AskletError `cli_usage` for a wrong call, `server_shape` for a name that is taken or unknown. */
export async function run(args: string[], out: Output): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      data: { type: 'string', default: 'asklet.db' },
      desk: { type: 'string', default: '' },
      role: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
    AGENT_USAGE,
  )
  if (values.help) {
    for (const line of HELP) out.line(line)
    return 0
  }
  const [action, ...words] = positionals
  const name = words.join(' ')
  if (action !== 'add' && action !== 'link' && action !== 'list')
    throw new AskletError(
      'cli_usage',
      `the word after "agent" must be add, link or list, got ${describe(action)}. Call it like this: ${AGENT_USAGE}`,
    )
  if (action !== 'list' && name === '')
    throw new AskletError('cli_usage', `"agent ${action}" needs a name. Call it like this: ${AGENT_USAGE}`)

  // Opening would make an empty one, and the link would be good nowhere.
  if (action !== 'add' && !existsSync(values.data))
    throw new AskletError(
      'cli_usage',
      `--data must name the database of "asklet serve", got none at ${describe(values.data)}. Call it like this: ${AGENT_USAGE}`,
    )

  const store = await openSqlStore({ file: values.data })
  try {
    const agents = createAgents(store, createEnvironment())
    if (action === 'list') {
      const all = await agents.list()
      for (const agent of all)
        out.line(`${agent.agentId}  ${agent.name}  ${agent.roles.join(', ')}`.trimEnd())
      if (all.length === 0) out.line('No agents yet. Add one: asklet agent add "Ada"')
      return 0
    }
    if (action === 'add') {
      const agent = await agents.add({ name, roles: values.role ?? [] })
      out.line(`Added ${agent.name} (${agent.agentId}).`)
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
