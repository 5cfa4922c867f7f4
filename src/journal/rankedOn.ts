// What a ranking or an answer was made on, as the journal has it: all that search and bot look at of page and visitor,
// and by which files and which code, so that the same can be done again (`asklet audit --help-dir`). Pure; comes with
// the sender, because nobody else needs it. Of what does not fit, or is not told to servers, only the names go along.

import type { Facts } from '../protocol/facts'
import type { JournalRecord } from './record'

/** Of a manifest: names with the hash of what each file holds. */
export interface NamedFiles {
  readonly locales: readonly { readonly index: string }[]
  readonly flows?: string
  readonly model?: string
}

/** All files that answers are made of: a manifest that says the same is the same help. */
export const filesNamed = ({ locales, flows, model }: NamedFiles): string =>
  [...locales.map(({ index }) => index), flows, model].filter(Boolean).join(' ')

/** By reference, when it was decided. */
export interface RankedOn {
  readonly facts: Facts
  /** Files of the help. Undefined: not known. */
  readonly from: NamedFiles | undefined
}

/** UTF-16 units. Inputs hold 2 KiB, of which names of articles and files need a half. */
const MAX_WORDS = 400
const MAX_PAGE = 300
/** As many as a record's outcome may have. */
const MAX_OUTCOME = 200

/** As the journal compares it: how it was answered, and by which articles. */
export const outcomeOf = (rule: string, articleIds: readonly string[]): string =>
  [rule.split('@')[0], ...articleIds].join(' ').slice(0, MAX_OUTCOME)

export function rankedOn<Kept extends JournalRecord>(record: Kept, { facts, from }: RankedOn): Kept {
  const { page, visitor } = facts
  const { errors = [], recentRoutes = [], headings, route, data } = page
  const words = record.kind === 'suggested' ? 'query' : 'question'
  const typed = String(record.inputs[words] ?? '')
  const shown = [...headings, ...errors].join(' ').length <= MAX_PAGE
  const kept = {
    ...(shown && headings.length > 0 && { headings }),
    ...(shown && errors.length > 0 && { errors }),
  }
  const left = [
    ...(record.masked ?? []),
    ...(typed.length > MAX_WORDS ? [words] : []),
    ...(shown ? [] : ['headings', 'errors']),
    ...(recentRoutes.length > 0 ? ['recentRoutes'] : []),
    ...(Object.keys(data).length > 0 ? ['data'] : []),
    ...(Object.keys(visitor.attributes).length > 0 ? ['attributes'] : []),
  ]
  const { articleIds = [] } = record.inputs
  const outcome = outcomeOf(record.rule, Array.isArray(articleIds) ? articleIds : [])
  return {
    ...record,
    outcome,
    inputs: {
      ...record.inputs,
      [words]: typed.slice(0, MAX_WORDS),
      route,
      role: visitor.role ?? '',
      locale: visitor.locale,
      rules: __RULES__,
      ...(from && { from: filesNamed(from) }),
      ...kept,
    },
    ...(left.length > 0 && { masked: left }),
  }
}
