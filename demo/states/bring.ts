// Brings one state about in this page, and says when it stands: everything is drawn, nothing moves any more. A state
// that cannot be reached is an error with what was looked for.

import type { View } from '../../src/assistant/panelModel'
import type { Phase } from '../../src/protocol/phase'
import { type StateId, type Surface, stateOf } from './catalogue'
import { DESK_SCRIPTS } from './desk'
import { deskStage } from './script/deskStage'
import { type Hands, isSeen, settled } from './script/reaching'
import { type Look, visitorStage } from './script/visitorStage'
import { PICTURE, VISITOR_SCRIPTS, type VisitorScript } from './visitor'

export type { Look }

/** What a state turned out to be. */
export interface Standing {
  readonly surface: Surface
  /** Of the panel, where it is open. */
  readonly view: View | null
  /** Of the visitor's conversation, or the one that is open at the desk. */
  readonly phase: Phase | null
  /** Takes the face away again. */
  undo(): void
}

/** @throws Error  where there is no such state, or its script could not bring it about */
export async function bring(document: Document, id: string, look: Look): Promise<Standing> {
  const state = stateOf(id)
  if (!state) throw new Error(`There is no state “${id}”; demo/states/catalogue.ts lists them all.`)
  if (state.surface === 'desk') {
    const script = scriptOf(DESK_SCRIPTS, state.id)
    const stage = deskStage(document, look, PICTURE, script.options ?? {})
    return stands(document, stage, script, script.arrange(stage), () => ({
      surface: state.surface,
      view: null,
      phase: stage.desk.model.thread.value?.state.phase ?? null,
      undo: stage.undo,
    }))
  }
  const stage = visitorStage(document, look)
  const script = scriptOf(VISITOR_SCRIPTS, state.id)
  return stands(document, stage, script, script.arrange(stage), () => ({
    surface: state.surface,
    view: stage.panel.isOpen.value ? stage.panel.view.value : null,
    phase: stage.panel.conversation.value?.phase.value ?? null,
    undo: stage.undo,
  }))
}

const scriptOf = <Script>(scripts: Readonly<Partial<Record<StateId, Script>>>, id: StateId): Script => {
  const script = scripts[id]
  if (!script) throw new Error(`The state “${id}” has no script.`)
  return script
}

async function stands(
  document: Document,
  stage: Hands & { undo(): void },
  { shows, says }: Pick<VisitorScript, 'shows' | 'says'>,
  arranged: void | Promise<void>,
  standing: () => Standing,
): Promise<Standing> {
  try {
    await arranged
    // As far as its first place that is filled in.
    const words = says ? (stage.texts(says).split(/\{\w+\}/)[0] ?? '') : ''
    await stage.until(`${shows}${words && ` saying “${words}”`}`, () =>
      [...stage.root.querySelectorAll(shows)].find(each => isSeen(each) && each.textContent?.includes(words)),
    )
    await settled(document, stage.root)
    return standing()
  } catch (error) {
    stage.undo()
    throw error
  }
}
