// Accounts of agents with their teams, as a query. Teams stand in a table of their own: a node of a former build that
// still runs has `select *` from the accounts prepared.

import type { Connection } from './statements'

export function accounts(db: Connection) {
  return db
    .selectFrom('asklet_agents')
    .leftJoin('asklet_agent_teams', 'asklet_agent_teams.agent_id', 'asklet_agents.id')
    .select([
      'asklet_agents.id',
      'asklet_agents.name',
      'asklet_agents.roles',
      'asklet_agents.password_hash',
      'asklet_agent_teams.teams',
    ])
}

export type AccountRecord = Awaited<ReturnType<ReturnType<typeof accounts>['execute']>>[number]
