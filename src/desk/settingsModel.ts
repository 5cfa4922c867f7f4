// What leads set for all: hours, and the words that conversations are filed under. Owns the last answer.

import type { ReadonlySignal } from '../base/signal'
import type { DeskSettings } from '../protocol/deskRecords'
import { parseSettings } from '../protocol/parseDesk'
import type { Hours } from '../protocol/records'
import { PROTOCOL_VERSION } from '../protocol/version'
import { type DeskLine, type Outcome, outcomeOf } from './deskLine'
import { createSharedFact } from './sharedFact'

export interface SettingsModel {
  /** Null: not known, as with servers that do not say. */
  readonly settings: ReadonlySignal<DeskSettings | null>
  /** @param expected  the revision that was edited */
  saveHours(hours: Hours | null | 'file', expected: number): Promise<Outcome>
  refresh(): Promise<void>
  dispose(): void
}

export function createSettingsModel(line: DeskLine): SettingsModel {
  const fact = createSharedFact<DeskSettings>(line, 'settings', async () => {
    const reply = await line.request('settings', { v: PROTOCOL_VERSION })
    return reply.ok ? parseSettings(reply.settings) : null
  })
  return {
    settings: fact.value,
    async saveHours(hours, expected) {
      const reply = await line.request('saveHours', { v: PROTOCOL_VERSION, expected, hours })
      await fact.refresh()
      return outcomeOf(reply)
    },
    refresh: fact.refresh,
    dispose: fact.dispose,
  }
}
