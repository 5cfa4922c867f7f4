// The desk of the demo in the middle of a shift: the real window over the real model, which talks to a help desk of a
// few lines. What waits longer than a blink waits until the script says so: a reply that is held stays held.

import { createEnvironment, type Environment } from '../../../src/base/environment'
import { createTexts } from '../../../src/base/texts'
import { mountDeskView } from '../../../src/desk/mountDesk'
import { DESK_TEXTS } from '../../../src/desk/texts'
import { type ScriptedDesk, type ScriptedDeskOptions, type ScriptedTeam, scriptDesk } from './deskScript'
import { scriptedFiles } from './files'
import { type Hands, hands } from './reaching'
import type { Look } from './visitorStage'
import { INES, NOOR, TOMAS } from './workmere'

export interface DeskStage extends Hands {
  readonly desk: ScriptedDesk
  readonly files: ReturnType<typeof scriptedFiles>
  /** Draws the window and asks who is there. */
  begin(): Promise<void>
  /** So much time goes by for whoever waits. Milliseconds. */
  pass(ms: number): void
}

/** What is shorter happens by itself. */
const BLINK_MS = 1_000

const WORKMERE: ScriptedTeam = {
  people: [
    { ...NOOR, role: 'agent', teams: ['payments'], state: 'here', live: 1 },
    { ...TOMAS, role: 'agent', teams: ['payments', 'accounts'], state: 'here', live: 2 },
    { ...INES, role: 'lead', teams: ['accounts'], state: 'away', live: 0 },
  ],
  settings: {
    hours: {
      zone: 'Europe/Berlin',
      week: {
        mon: [['09:00', '18:00']],
        tue: [['09:00', '18:00']],
        wed: [['09:00', '18:00']],
        thu: [['09:00', '18:00']],
        fri: [
          ['09:00', '12:00'],
          ['13:00', '16:00'],
        ],
      },
      closedOn: ['2026-12-25', '2026-12-26'],
    },
    categories: ['withdrawals', 'account', 'disputes', 'verification'],
    labels: ['refund', 'identity', 'first withdrawal'],
    teams: ['payments', 'accounts'],
  },
}

export function deskStage(
  document: Document,
  look: Look,
  pictureUrl: string,
  options: ScriptedDeskOptions,
): DeskStage & { undo(): void } {
  const real = createEnvironment()
  const waiting = new Set<{ readonly ms: number; readonly task: () => void }>()
  const env: Environment = {
    ...real,
    after(ms, task) {
      if (ms < BLINK_MS) return real.after(ms, task)
      const entry = { ms, task }
      waiting.add(entry)
      return () => waiting.delete(entry)
    },
  }
  const files = scriptedFiles(pictureUrl)
  const desk = scriptDesk({ team: WORKMERE, env, createFiles: () => files.model, ...options })
  const element = document.body.appendChild(document.createElement('div'))
  if (look.theme !== 'auto') element.dataset.theme = look.theme
  if (look.density) element.dataset.density = look.density
  element.lang = look.locale
  element.dir = look.dir
  let unmount = () => {}
  return {
    ...hands(element, createTexts(look.locale, look.words, DESK_TEXTS)),
    desk,
    files,
    async begin() {
      unmount = mountDeskView(element, desk.model, look.locale)
      // Also where it is not the locale's: English from right to left shows what was forgotten.
      element.dir = look.dir
      const begun = desk.model.begin()
      if (!options.isOpening) await begun
    },
    pass(ms) {
      for (const entry of [...waiting]) if (entry.ms <= ms && waiting.delete(entry)) entry.task()
    },
    undo() {
      unmount()
      desk.dispose()
      element.remove()
    },
  }
}
