// Why an item stands where it stands, in the order in which it mattered. Pure; words for it belong to the face.

import type { Facts } from '../protocol/facts'
import type { QuestionType } from '../understanding/understand'
import type { Factors } from './ranking'
import type { Reason } from './searchProvider'
import { WEIGHTS } from './weights'

/**
 * The factors that lifted an item, first the one that set it most above the item after it.
 *
 * @param own    what each factor gave this item
 * @param after  what each gave the next one; absent for the last
 */
export function reasonsFor(
  own: Factors,
  after: Factors | undefined,
  facts: Facts,
  questionType: QuestionType,
): readonly Reason[] {
  const lifted = (['page', 'role', 'words', 'questionType'] as const)
    // Some word of a title is on any page: that alone is no reason to name it.
    .filter(kind => own[kind] > (kind === 'page' ? WEIGHTS.pageWords / 2 : 0))
    .map(kind => ({ kind, margin: own[kind] - (after?.[kind] ?? 0) }))
    .sort((a, b) => b.margin - a.margin)
    .map(({ kind }): Reason => {
      if (kind === 'page') return { kind, name: facts.page.name }
      if (kind === 'role') return { kind, role: facts.visitor.role ?? '' }
      return kind === 'words' ? { kind } : { kind, type: questionType }
    })
  return lifted.length ? lifted : [{ kind: 'popular' }]
}
