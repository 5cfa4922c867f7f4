// The agents' window over a scripted morning, in a page that is as it was after each test.

import { afterEach, beforeEach } from 'vitest'
import { page } from 'vitest/browser'
import { type ScriptedDesk, scriptDesk, scriptMorning } from '../../../demo/states/script/deskScript'
import { mountDeskView } from '../../../src/desk/mountDesk'

export const MIA = 'conv-mia-0001'
export const LUCA = 'conv-luca-0003'

let undo = () => {}

/** The window alone: who signs in, and to what, is the test's. */
export function showDesk(desk: ScriptedDesk): void {
  document.title = 'Asklet desk'
  const element = document.body.appendChild(document.createElement('div'))
  const unmount = mountDeskView(element, desk.model)
  undo = () => {
    unmount()
    desk.dispose()
    element.remove()
  }
}

/** @param id  of the conversation that is open in it */
export async function openDesk(id: string | null = null, signedIn = true): Promise<ScriptedDesk> {
  const desk = scriptDesk({ signedIn })
  scriptMorning(desk)
  showDesk(desk)
  await desk.model.begin()
  if (id) desk.model.open(id)
  return desk
}

export function closeDesk(): void {
  undo()
  undo = () => {}
}

beforeEach(() => page.viewport(1_440, 900))
afterEach(closeDesk)

export const reply = () => page.getByRole('textbox', { name: 'Your reply' })
