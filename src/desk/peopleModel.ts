// Who works at this desk, and whether this agent is there or away. Owns the last list.

import { computed } from '@preact/signals-core'
import type { ReadonlySignal } from '../base/signal'
import type { DeskPerson } from '../protocol/deskRecords'
import { parsePeople } from '../protocol/parseDesk'
import { PROTOCOL_VERSION } from '../protocol/version'
import { type DeskLine, type Outcome, outcomeOf } from './deskLine'
import { createSharedFact } from './sharedFact'

export interface PeopleModel {
  /** Null: not known, as with servers that do not say. */
  readonly people: ReadonlySignal<readonly DeskPerson[] | null>
  readonly colleagues: ReadonlySignal<readonly DeskPerson[]>
  readonly me: ReadonlySignal<DeskPerson | null>
  readonly isLead: ReadonlySignal<boolean>
  setAway(isAway: boolean): Promise<Outcome>
  refresh(): Promise<void>
  dispose(): void
}

export function createPeopleModel(line: DeskLine): PeopleModel {
  const { agentId } = line.agent
  const fact = createSharedFact<readonly DeskPerson[]>(line, 'people', async () => {
    const reply = await line.request('people', { v: PROTOCOL_VERSION })
    return reply.ok ? parsePeople(reply.people) : null
  })
  const me = computed(() => fact.value.value?.find(person => person.agentId === agentId) ?? null)
  return {
    people: fact.value,
    colleagues: computed(() => (fact.value.value ?? []).filter(person => person.agentId !== agentId)),
    me,
    isLead: computed(() => me.value?.role === 'lead'),
    async setAway(isAway) {
      const reply = await line.request('presence', { v: PROTOCOL_VERSION, state: isAway ? 'away' : 'here' })
      await fact.refresh()
      return outcomeOf(reply)
    },
    refresh: fact.refresh,
    dispose: fact.dispose,
  }
}
