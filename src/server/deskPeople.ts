// Who is at the desk: here, away or gone, in which teams, with how many conversations; and what visitors are told of
// the agent who has theirs. Being away is the store's to know, so that it holds in all tabs and on all nodes.

import type { AgentRef, DeskPerson } from '../protocol/deskRecords'
import type { Pushes } from '../protocol/wire'
import type { Push } from './conversations'
import type { DeskAnswers } from './deskRecords'
import { agentRole } from './membership'
import { shared } from './sharedAnswer'
import type { SeenAgent } from './store/deskRecordStore'
import type { ConversationRow, HelpDeskStore } from './store/helpDeskStore'

/** An agent with what the desk shows of them. */
export interface AgentAtDesk extends AgentRef {
  readonly roles?: readonly string[]
  readonly teams?: readonly string[]
  readonly skills?: readonly string[] | undefined
  readonly languages?: readonly string[] | undefined
}

export type DeskPeopleName = 'presence' | 'people'

export interface DeskPeople {
  readonly desk: DeskAnswers<DeskPeopleName>
  /** They have connected, under this name. */
  seen(agent: AgentAtDesk): Promise<void>
  /** They signed in anew. */
  cameBack(agent: AgentAtDesk): Promise<void>
  /** The store knows that they have come or gone, or are away. */
  changed(agentId: string): void
  /** Another node says that somebody's state changed. */
  heardChange(): void
  /** Another text whenever somebody is here, away or gone who was not before. */
  states(): Promise<string>
  /** Who takes new conversations just now. */
  here(): Promise<readonly DeskPerson[]>
  /** Those that somebody serves, in order. */
  teams(): Promise<readonly string[]>
  /** To whom a conversation would go; `problem` says why nobody takes it there. */
  targetOf(to: { readonly agentId: string } | { readonly team: string }): Promise<{
    readonly agent: AgentRef | null
    readonly team?: string
    readonly problem: string | null
  }>
  /** Tells the visitor of a live conversation how its agent is. A question to the store every few seconds at most. */
  tellVisitor(row: ConversationRow): Promise<void>
  /** Every few seconds, with the agents who have live conversations: tells their visitors what changed since. */
  look(talking: readonly string[]): Promise<void>
}

export interface DeskPeopleOptions {
  readonly store: HelpDeskStore
  now(): number
  push(push: Push): void
  /** Runs now, and once more at the end of the window when it was asked for again meanwhile. */
  gathered(run: () => unknown, windowMs: () => number): () => void
  background(run: () => Promise<unknown>): void
  /** How many agents this node tells. */
  agentsHere(): number
  /** Connected to this node. */
  isHere(agentId: string): boolean
  aliveSince(): number
}

type AgentState = Pushes['agentPresence']['state']

/** Without an account, somebody who has not been at the desk for so long works elsewhere now. */
const FORGET_PERSON_MS = 30 * 24 * 60 * 60_000
/** What the last look found is true for visitors who come before the next one. */
const KNOWN_FOR_MS = 6_000
/** From one look to the next, less what one takes: a hint from another node in between is no second look. */
const DOUBTED_FOR_MS = 4_000
const GATHER_MS = 250
const GATHER_MORE_MS_PER_AGENT = 10

export function createDeskPeople(options: DeskPeopleOptions): DeskPeople {
  const { store, now, push, gathered, background, agentsHere, isHere, aliveSince } = options
  /** What this node's visitors know of agents who have live conversations. */
  const told = new Map<
    string,
    {
      readonly state: AgentState
      readonly at: number
      /** Conversations whose visitors were told, each with its assignment; of one who is here it may stay empty. */
      readonly knownTo: Map<string, number>
    }
  >()
  /** Found gone, and when that was first asked for: a desk that is loaded anew is back at the next look. */
  const doubted = new Map<string, number>()

  const readPeople = shared(() => store.people(aliveSince(), now() - FORGET_PERSON_MS))
  async function people(): Promise<readonly DeskPerson[]> {
    return (await readPeople()).map(({ online, away, skills, languages, ...person }) => ({
      ...person,
      ...(skills.length > 0 && { skills }),
      ...(languages.length > 0 && { languages }),
      state: online || isHere(person.agentId) ? (away ? 'away' : 'here') : 'gone',
    }))
  }
  async function statesOf(agentIds: readonly string[]): Promise<ReadonlyMap<string, AgentState>> {
    const found = new Map((await people()).map(({ agentId, state }) => [agentId, state]))
    return new Map(agentIds.map(id => [id, found.get(id) ?? (isHere(id) ? 'here' : 'gone')]))
  }

  const tellDesk = gathered(
    () => push({ name: 'deskChanged', to: 'desk', payload: { what: 'people' } }),
    () => GATHER_MS + agentsHere() * GATHER_MORE_MS_PER_AGENT,
  )

  function tell(
    { conversationId, claimedFrom, assignment, agent }: ConversationRow,
    state: AgentState,
  ): void {
    if (state !== 'here') told.get(agent?.agentId ?? '')?.knownTo.set(conversationId, assignment)
    push({
      name: 'agentPresence',
      to: { conversationId, side: 'visitor', ...(claimedFrom !== null && { notTo: claimedFrom }) },
      // Each node finds it out by itself, for its own visitors.
      local: true,
      payload: { conversationId, state },
    })
  }

  /**
   * Keeps what visitors know, and tells all of those of an agent who is in another state now. Of who is away or gone
   * also those who do not know it: another node may have given the agent a conversation since, and after `assigned` a
   * page believes that its agent is here.
   */
  async function learn(states: ReadonlyMap<string, AgentState>): Promise<void> {
    const asked: string[] = []
    for (const [agentId, state] of states) {
      const before = told.get(agentId)
      // Of whom nothing was told yet a page believes that they are here.
      const isSame = (before?.state ?? 'here') === state
      told.set(agentId, { state, at: now(), knownTo: (isSame && before?.knownTo) || new Map() })
      if (!isSame || state !== 'here') asked.push(agentId)
    }
    if (asked.length === 0) return
    const rows = await store.talkingWith(asked)
    for (const row of rows) {
      const known = told.get(row.agent?.agentId ?? '')
      if (known && known.knownTo.get(row.conversationId) !== row.assignment) tell(row, known.state)
    }
    const goOn = new Set(rows.map(({ conversationId }) => conversationId))
    for (const agentId of asked)
      for (const id of told.get(agentId)?.knownTo.keys() ?? [])
        if (!goOn.has(id)) told.get(agentId)?.knownTo.delete(id)
  }

  async function lookAt(agentIds: readonly string[]): Promise<void> {
    if (agentIds.length === 0) return
    await learn(await sureOf(agentIds))
  }

  /** Without those who may only be between two connections: of them what was known before stands. */
  async function sureOf(agentIds: readonly string[]): Promise<ReadonlyMap<string, AgentState>> {
    const at = now()
    const found = new Map(await statesOf(agentIds))
    for (const [agentId, state] of found) {
      const isNew = state === 'gone' && told.get(agentId)?.state !== 'gone'
      const since = doubted.get(agentId) ?? at
      if (isNew && at - since < DOUBTED_FOR_MS) {
        doubted.set(agentId, since)
        found.delete(agentId)
      } else doubted.delete(agentId)
    }
    return found
  }

  const seenAs = ({ agentId, name, roles, teams = [], skills, languages }: AgentAtDesk): SeenAgent => ({
    agentId,
    name,
    role: agentRole(roles),
    teams,
    ...(skills && { skills }),
    ...(languages && { languages }),
    at: now(),
  })
  async function setAway(agent: AgentAtDesk, away: boolean): Promise<void> {
    await store.setAway(seenAs(agent), away)
    changed(agent.agentId)
  }

  function changed(agentId: string): void {
    tellDesk()
    // Who has gone is found by the looks, which wait for one who only loads the desk anew.
    if (told.has(agentId) && isHere(agentId)) background(() => lookAt([agentId]))
  }

  return {
    desk: {
      async presence(session, _member, { state }) {
        await setAway(session, state === 'away')
        return { ok: true }
      },
      people: async () => ({ ok: true, people: await people() }),
    },

    async seen(agent) {
      await store.agentSeen(seenAs(agent))
      changed(agent.agentId)
    },
    cameBack: agent => setAway(agent, false),
    changed,
    heardChange: () => background(() => lookAt([...told.keys()])),

    // Not how many are here: who is away and then gone, because their node died, was not among those either.
    states: async () =>
      (await people())
        .map(({ agentId, state }) => `${agentId} ${state}`)
        .sort()
        .join(),

    here: async () => (await people()).filter(({ state }) => state === 'here'),

    teams: async () => [...new Set((await people()).flatMap(person => person.teams))].sort(),

    async targetOf(to) {
      const all = await people()
      if ('team' in to) {
        const isServed = all.some(({ teams }) => teams.includes(to.team))
        return {
          agent: null,
          team: to.team,
          problem: isServed ? null : `nobody serves the team ${JSON.stringify(to.team)}`,
        }
      }
      const person = all.find(({ agentId }) => agentId === to.agentId)
      if (!person) return { agent: { agentId: to.agentId, name: '' }, problem: 'there is no such agent' }
      const { agentId, name, state } = person
      const problem = state === 'here' ? null : `${name} is ${state === 'away' ? 'away' : 'not at the desk'}`
      return { agent: { agentId, name }, problem }
    },

    async tellVisitor(row) {
      if (row.phase !== 'live' || !row.agent) return
      const { agentId } = row.agent
      const known = told.get(agentId)
      if (known && now() - known.at < KNOWN_FOR_MS) return tell(row, known.state)
      const states = await sureOf([agentId])
      await learn(states)
      // Of whom nothing was told a page believes that they are here: the next look tells it, where they are not.
      const state = states.get(agentId) ?? known?.state
      if (state) tell(row, state)
    },

    async look(talking) {
      for (const agentId of [...told.keys()]) if (!talking.includes(agentId)) told.delete(agentId)
      for (const agentId of doubted.keys()) if (!talking.includes(agentId)) doubted.delete(agentId)
      await lookAt(talking)
    },
  }
}
