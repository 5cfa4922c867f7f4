// The door for servers in Node: mount the help desk, open its store, sign visitors in.

export type { Agents, NewAgent, VerifiedAgent, VerifyAgent } from './server/agents'
export {
  type AttachedHelpDesk,
  attachHelpDesk,
  type HelpDeskHealth,
  type HelpDeskOptions,
} from './server/attachHelpDesk'
export { signedVisitors, signVisitor } from './server/signedVisitors'
export { SOCKET_OPTIONS } from './server/socketDoor'
export type { HelpDeskStore } from './server/store/helpDeskStore'
export { type OpenSqlStoreOptions, openSqlStore } from './server/store/openSqlStore'
export type { VerifiedVisitor, VerifyVisitor } from './server/visitorIdentity'
