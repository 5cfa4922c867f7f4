// All rules that decisions can be made again with: the server's, and those of the page that are in this package.

import { type ReplayRules, SERVER_RULES } from '../server/replay'

export const REPLAY_RULES: ReplayRules = { ...SERVER_RULES }
