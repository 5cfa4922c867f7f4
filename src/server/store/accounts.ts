// Accounts of agents with their teams and skills, as a query. They stand in a table of their own: a node of a former build that
// still runs has `select *` from the accounts prepared.

import { countChange } from './beside'
import type { Connection } from './statements'

export function accounts(db: Connection) {
  return db
    .selectFrom('asklet_agents')
    .leftJoin('asklet_agent_teams', 'asklet_agent_teams.agent_id', 'asklet_agents.id')
    .leftJoin('asklet_agent_skills', 'asklet_agent_skills.agent_id', 'asklet_agents.id')
    .select([
      'asklet_agents.id',
      'asklet_agents.name',
      'asklet_agents.roles',
      'asklet_agents.password_hash',
      'asklet_agent_teams.teams',
      'asklet_agent_skills.skills',
      'asklet_agent_skills.languages',
    ])
}

export type AccountRecord = Awaited<ReturnType<ReturnType<typeof accounts>['execute']>>[number]

/** S35. Nothing is written where nothing changes: an agent is seen with each connection. */
export async function putSkills(
  on: Connection,
  agentId: string,
  change: { readonly skills?: readonly string[]; readonly languages?: readonly string[] },
): Promise<void> {
  const there = await on
    .selectFrom('asklet_agent_skills')
    .select(['skills', 'languages'])
    .where('agent_id', '=', agentId)
    .executeTakeFirst()
  const said = (list: readonly string[] | undefined, before: string | undefined) =>
    list ? JSON.stringify(list) : (before ?? '[]')
  const skills = said(change.skills, there?.skills)
  const languages = said(change.languages, there?.languages)
  if (there?.skills === skills && there.languages === languages) return
  await on
    .insertInto('asklet_agent_skills')
    .values({ agent_id: agentId, skills, languages })
    .onConflict(c => c.column('agent_id').doUpdateSet({ skills, languages }))
    .execute()
  countChange(on, 'people')
}
