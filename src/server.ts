// The door for servers in Node: mount the help desk, open its store, sign visitors in.

export type { Agents, NewAgent, VerifiedAgent, VerifyAgent } from './server/agents'
export type { LanguageModelOptions } from './server/answersModel'
export {
  type AttachedHelpDesk,
  attachHelpDesk,
  type HelpDeskHealth,
  type HelpDeskOptions,
  type LimitOptions,
} from './server/attachHelpDesk'
export { type Broker, type BrokerOptions, createBroker } from './server/broker'
export type { DisputeSeam, HostDispute, HostParty } from './server/disputes'
export type { AttachmentStore, StoredContent } from './server/files/attachmentStore'
export { folderAttachments } from './server/files/folderAttachments'
export { type S3AttachmentsOptions, s3Attachments } from './server/files/s3Attachments'
export { dropSlowBody, HTTP_LIMITS, MAX_CONNECTIONS } from './server/http'
export type { AgentRole } from './server/membership'
export type { LogOption, StructuredLogger } from './server/operations/logging'
export { type Meter, type PrometheusOptions, prometheus } from './server/operations/prometheus'
export type { Readiness } from './server/operations/readiness'
export { WEBHOOK_EVENTS, type WebhookEvent, type WebhookFacts } from './server/outbound/deliveriesOf'
export type { MailOptions } from './server/outbound/mail'
export type { WebhookOptions } from './server/outbound/webhooks'
export {
  type SignedVisitorsOptions,
  type SigningKey,
  type SignVisitorOptions,
  signedVisitors,
  signVisitor,
} from './server/signedVisitors'
export { SOCKET_OPTIONS } from './server/socketDoor'
export type { FailedDelivery } from './server/store/deliveries'
export type { DeskRecordStore } from './server/store/deskRecordStore'
export type { DisputeStore } from './server/store/disputeStore'
export type { HelpDeskStore } from './server/store/helpDeskStore'
export { type OpenPostgresStoreOptions, openPostgresStore } from './server/store/openPostgresStore'
export { type OpenSqlStoreOptions, openSqlStore } from './server/store/openSqlStore'
export { type OpenStoreOptions, openStore } from './server/store/openStore'
export type { RefusedToken, VerifiedVisitor, VerifyVisitor } from './server/visitorIdentity'
