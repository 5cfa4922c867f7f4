// What the server's rules decide by (hours, timers, the site's priorities), kept in the store under the hash of its
// canonical JSON, so that a decision names what it was made by and can be made again when the file has changed.

import { canonical, sha256 } from './journalChain'
import type { HelpDeskStore } from './store/helpDeskStore'

/** Resolves with the hash once the content is in the store: a decision that names it is stored after it. */
export type KeepRules = (name: 'priorities' | 'hours' | 'timers' | string, rules: unknown) => Promise<string>

export function createRuleFiles(store: Pick<HelpDeskStore, 'keepRuleFile'>, now: () => number): KeepRules {
  const kept = new Set<string>()
  return async (name, rules) => {
    const content = canonical(rules ?? null)
    const hash = sha256(content)
    if (!kept.has(hash)) {
      await store.keepRuleFile({ hash, name, content, at: now() })
      kept.add(hash)
    }
    return hash
  }
}
