// What leaves the server, put together from the options of `attachHelpDesk`: the rule that fills the outbox, and the
// dispatcher that empties it.

import type { Clock } from '../../base/environment'
import { AskletError, describe } from '../../base/errors'
import type { Hours } from '../../protocol/records'
import type { Log } from '../conversations'
import type { ServiceLevels } from '../serviceLevels'
import type { AppendRequest, HelpDeskStore } from '../store/helpDeskStore'
import { deliveriesOf, type OutboundRules } from './deliveriesOf'
import { createDispatcher, type Dispatcher } from './dispatcher'
import { createMailSender, type MailOptions, type MailTransport, readMailOptions } from './mail'
import { openSmtp, serverOf } from './smtp'
import { createWebhookSender, readEndpoints, type WebhookOptions } from './webhooks'

export interface OutboundOptions {
  readonly store: HelpDeskStore
  readonly clock: Clock
  random(): number
  randomId(): string
  readonly mail?: MailOptions
  readonly webhooks?: readonly WebhookOptions[]
  /** As they are now: leads may have set others than the configuration has. */
  hours(): Promise<Hours | null>
  readonly levels?: ServiceLevels | null
  readonly log: Log
}

export interface Outbound extends Dispatcher {
  /** For every append. */
  readonly deliveries: NonNullable<AppendRequest['deliveries']>
}

/** Null: nothing leaves this server. @throws AskletError `server_shape` */
export function createOutbound(options: OutboundOptions): Outbound | null {
  const { store, clock, mail, webhooks = [], log } = options
  const endpoints = readEndpoints(webhooks)
  if (mail === undefined && endpoints.length === 0) return null
  const rules: OutboundRules = { mail: mail !== undefined, webhooks: endpoints }
  const mailing = mail && mailingOf(mail, log)
  const dispatcher = createDispatcher({
    ...options,
    senders: {
      ...(mailing && { mail: createMailSender({ ...options, ...mailing }) }),
      ...(endpoints.length > 0 && { webhook: createWebhookSender({ endpoints, store, clock }).send }),
    },
    targets: { webhook: endpoints.map(({ key }) => key) },
  })
  return {
    run: dispatcher.run,
    async close() {
      await dispatcher.close()
      mailing?.transport.close()
    },
    deliveries: (before, _row, events) => deliveriesOf(rules, before, events),
  }
}

function mailingOf(mail: MailOptions, log: Log) {
  if (mail === null || typeof mail !== 'object')
    throw new AskletError(
      'server_shape',
      `options.mail must be { url, from, pageUrl }, got ${describe(mail)}.`,
    )
  const settings = readMailOptions(mail)
  serverOf(mail.url)
  const opened = openSmtp(mail)
  // Said at once: what waits in the outbox would say it two seconds after the first ticket.
  opened.catch(error =>
    log({
      level: 'error',
      event: 'mail',
      reason: error instanceof AskletError ? error.message : 'unknown',
    }),
  )
  const transport: MailTransport = {
    send: async letter => (await opened).send(letter),
    close: () =>
      void opened.then(
        smtp => smtp.close(),
        () => {},
      ),
  }
  return { settings, transport }
}
