// Why an item stands where it stands, in the order in which it mattered. Pure; words for it belong to the face.

import type { Facts } from '../protocol/facts'
import type { QuestionType } from '../understanding/understand'
import type { Factors } from './ranking'
import type { Reason } from './searchProvider'
import * as WEIGHTS from './weights'

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
  const lifted = (['error', 'page', 'recent', 'role', 'words', 'questionType'] as const)
    // Some word of any article is on any page: that alone is no reason to name it.
    .filter(kind => own[kind] > (kind === 'page' ? WEIGHTS.pageText : 0))
    .map(kind => ({ kind, margin: own[kind] - (after?.[kind] ?? 0) }))
    .sort((a, b) => b.margin - a.margin)
    .map(({ kind }): Reason => {
      if (kind === 'page') return { kind, name: facts.page.name }
      if (kind === 'error') return { kind, text: facts.page.errors?.[0] ?? '' }
      if (kind === 'role') return { kind, role: facts.visitor.role ?? '' }
      return kind === 'questionType' ? { kind, type: questionType } : { kind }
    })
  return lifted.length ? lifted : [{ kind: 'popular' }]
}
