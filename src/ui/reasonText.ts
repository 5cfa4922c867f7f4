// Why a suggestion is shown, as one short line. Pure.

import type { Texts } from '../base/texts'
import type { Reason } from '../search/searchProvider'

/**
 * One line for the reasons of a suggestion, '' when there is none to tell.
 *
 * Where the visitor is and who they are comes first: matched words are marked in the title already,
 * so page and role are what the visitor could not have guessed.
 */
export function reasonText(reasons: readonly Reason[], texts: Texts): string {
  const find = <K extends Reason['kind']>(kind: K) =>
    reasons.find((reason): reason is Extract<Reason, { kind: K }> => reason.kind === kind)
  const page = find('page')
  const role = find('role')
  if (page && role) return texts('reason.pageRole', { name: page.name, role: role.role })
  if (page) return texts('reason.page', { name: page.name })
  if (role) return texts('reason.role', { role: role.role })
  for (const reason of reasons) {
    if (reason.kind === 'words' || reason.kind === 'popular') return texts(`reason.${reason.kind}`)
    // Other question types lift an article too, but no sentence about them would help the visitor choose.
    if (reason.kind === 'questionType' && (reason.type === 'howto' || reason.type === 'why'))
      return texts(`reason.${reason.type}`)
  }
  return ''
}
