// What both sides of a dispute may take as given: what the site says, and what both pages showed alike. Where they
// differ, or one alone says it, the mediator reads who said what and neither side does. Pure.
//
// Only the names that the site lists as common are compared. Whatever a device reports it may also guess: of any other
// name an agreement would tell one side what the other side's page shows.

import type { DisputeFacts } from '../protocol/deskRecords'
import { MAX_DISPUTE_FACTS } from '../protocol/limits'

export type SaidFacts = Readonly<Record<string, string>>

/** What a seam may say: shown as text, numbers and yes or no included. */
export type HostFacts = Readonly<Record<string, string | number | boolean>>

const MAX_FACT_CHARS = 300
const MAX_FACT_NAME_CHARS = 60

export interface CommonFactsInput {
  /** The site's own: stands above what any page says. */
  readonly host: SaidFacts
  /** What each side's page said last, in the order of the parties. */
  readonly pages: readonly [SaidFacts, SaidFacts]
  /** Names that a page's word is taken for at all. */
  readonly names: readonly string[]
}

export function commonFacts({ host, pages, names }: CommonFactsInput): DisputeFacts {
  const common: Record<string, string> = { ...host }
  const differing: DisputeFacts['differing'][number][] = []
  const [first, second] = pages
  for (const name of names) {
    const said = [saidOf(first, name), saidOf(second, name)] as const
    const site = saidOf(host, name)
    if (said[0] === null && said[1] === null) continue
    if (site === null && said[0] !== null && said[0] === said[1]) {
      if (Object.keys(common).length < MAX_DISPUTE_FACTS) common[name] = said[0]
      continue
    }
    const contradicts = said.some(value => value !== null && value !== site)
    if (contradicts) differing.push({ name, site, said })
  }
  return { common, differing }
}

/** As text, without what could not be shown or stored; the first `MAX_DISPUTE_FACTS`. */
export function plainFacts(facts: HostFacts): SaidFacts {
  const entries = Object.entries(facts).flatMap(([name, value]): [string, string][] => {
    const isShown = typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
    const text = String(value).replaceAll('\0', '').trim()
    const fits = name !== '__proto__' && name !== '' && name.length <= MAX_FACT_NAME_CHARS
    return isShown && fits && text !== '' && text.length <= MAX_FACT_CHARS ? [[name, text]] : []
  })
  return Object.fromEntries(entries.slice(0, MAX_DISPUTE_FACTS))
}

function saidOf(facts: SaidFacts, name: string): string | null {
  const value = Object.hasOwn(facts, name) ? facts[name]?.trim() : ''
  return value ? value : null
}
