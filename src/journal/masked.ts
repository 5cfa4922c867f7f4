// What leaves the page, or is kept by the server, of the inputs of a decision: masked as derived copies are, and the
// names of those that were, because nothing can be computed again from a mask. Pure.

import { redact } from '../base/redact'
import type { JournalEntry, JournalValue } from './record'

function maskedValue(value: JournalValue, mask: (text: string) => string): JournalValue {
  if (typeof value === 'string') return mask(value)
  return Array.isArray(value) ? value.map(mask) : value
}

/**
 * `record` with masked inputs, rule, outcome and reason. What another masked before stays named, and so does an outcome
 * that was masked: made again it would be another one.
 *
 * @param mask  of one text, as derived copies are
 */
export function masked<Entry extends JournalEntry>(
  record: Entry,
  mask: (text: string) => string = text => redact(text, 'derived'),
): Entry {
  const names = new Set(record.masked)
  const entries = Object.entries(record.inputs).map(([name, value]): [string, JournalValue] => {
    const safe = maskedValue(value, mask)
    if (JSON.stringify(safe) !== JSON.stringify(value)) names.add(name)
    return [name, safe]
  })
  const outcome = record.outcome === undefined ? undefined : mask(record.outcome)
  if (outcome !== record.outcome) names.add('outcome')
  return {
    ...record,
    inputs: Object.fromEntries(entries),
    ...(names.size > 0 && { masked: [...names] }),
    rule: mask(record.rule),
    ...(outcome !== undefined && { outcome }),
    reason: mask(record.reason),
  }
}
