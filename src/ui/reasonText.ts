// Why a suggestion is shown, as one short line. Pure.

import type { Texts } from '../base/texts'
import type { Reason } from '../search/searchProvider'

/** Reasons and question types that have a sentence without a name in it. */
const TOLD: readonly string[] = ['error', 'recent', 'words', 'popular', 'howto', 'why']

/**
 * What a list says once over all its rows, of the line of each: that of the first row, where half of them and more have
 * it, else ''. A row that has no reason must not seem to have this one: then it is said row by row.
 */
export function sharedReason(lines: readonly string[]): string {
  const [first = ''] = lines
  const alike = lines.filter(line => line === first).length
  return alike > 1 && alike * 2 >= lines.length && lines.every(Boolean) ? first : ''
}

/**
 * One line for the reasons of a suggestion, '' when there is none to tell.
 *
 * An error that the page shows is what somebody looks for who opens help beside it, where it lifted the suggestion
 * most. Then comes where the visitor is and who they are: matched words are marked in the title already, so page
 * and role are what the visitor could not have guessed.
 */
export function reasonText(reasons: readonly Reason[], texts: Texts): string {
  if (reasons[0]?.kind === 'error') return texts('reason.error')
  const find = <K extends Reason['kind']>(kind: K) =>
    reasons.find((reason): reason is Extract<Reason, { kind: K }> => reason.kind === kind)
  const page = find('page')
  const role = find('role')
  if (page && role) return texts('reason.pageRole', { name: page.name, role: role.role })
  if (page) return texts('reason.page', { name: page.name })
  if (role) return texts('reason.role', { role: role.role })
  for (const reason of reasons) {
    const told = reason.kind === 'questionType' ? reason.type : reason.kind
    // Other question types lift an article too, but no sentence about them would help the visitor choose.
    if (TOLD.includes(told)) return texts(`reason.${told}`)
  }
  return ''
}
