// All rules that decisions can be made again with: the server's, and those of the page whose code is in this package and
// whose inputs the journal holds whole. Not among them: the ranking and the answers, whose index the record names by the
// build's version alone.

import { decide, ESCALATION_RULES, type EscalationSigns } from '../conversation/escalation'
import { NotReplayable, type ReplayRules, SERVER_RULES } from '../server/replay'

export const REPLAY_RULES: ReplayRules = {
  ...SERVER_RULES,
  [ESCALATION_RULES]: ({ signs }) => {
    if (typeof signs !== 'string') throw new NotReplayable('its signs were not kept')
    let read: EscalationSigns
    try {
      read = JSON.parse(signs) as EscalationSigns
    } catch {
      throw new NotReplayable('its signs cannot be read')
    }
    return decide(read)?.reason ?? 'nothing'
  },
}
