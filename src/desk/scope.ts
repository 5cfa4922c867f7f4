// What every component of one desk is handed. No global state: two desks on a page share nothing.

import type { Texts } from '../base/texts'
import type { DeskNotice } from './assignmentModel'
import type { DeskModel, DeskNews } from './deskModel'

export interface DeskScope {
  readonly desk: DeskModel
  readonly texts: Texts
  /** BCP 47, for times. */
  readonly locale: string
}

/** How the visitor is called where no name is known. Numbers and ids say nothing to a person. */
export function visitorName(scope: DeskScope, name: string | undefined): string {
  return name?.trim() || scope.texts('visitor.unnamed')
}

/** One sentence. Who waits for a team waits for it by name: it may be no concern of this agent's. */
export function newsText(texts: Texts, { kind, visitorName: name, team }: DeskNews): string {
  const who = name.trim() || texts('visitor.unnamed')
  return kind === 'waiting' && team
    ? texts('news.waitingTeam', { name: who, team })
    : texts(`news.${kind}`, { name: who })
}

/** Why a change of whose it is did not happen. */
export function noticeText({ texts }: DeskScope, notice: DeskNotice): string {
  return texts(`notice.${notice.name}`, notice.name === 'taken' ? { name: notice.agentName } : {})
}

/** Why own words were not taken. */
export function reasonText({ texts }: DeskScope, code: string): string {
  const key = `failed.${code}`
  const reason = texts(key)
  return reason === key ? texts('failed.other', { code }) : reason
}
