// All rules that decisions can be made again with: the server's, and those of the page whose code is in this package.
// Rankings and answers need the help that they were made from (`openHelpFolders`), and are asked of no other.

import { decide, ESCALATION_RULES, type EscalationSigns } from '../conversation/escalation'
import { NotReplayable, type ReplayRules, SERVER_RULES } from '../server/replay'
import { answerAgain, rankAgain } from './replayHelp'

export const REPLAY_RULES: ReplayRules = {
  ...SERVER_RULES,
  [`ranking@${__VERSION__}`]: rankAgain,
  'bot:': answerAgain,
  'flow:': answerAgain,
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
