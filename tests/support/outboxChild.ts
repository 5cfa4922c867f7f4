// A process of its own with a ticket to acknowledge: for a test that kills it while it sends.
//
//   node outboxChild.mjs <file> <port of the mail server>

import { createMailSender, readMailOptions } from '../../src/server/outbound/mail'
import { openSmtp } from '../../src/server/outbound/smtp'
import { openSqlStore } from '../../src/server/store/openSqlStore'
import { openOutbox } from './outbox'

const [file = '', port = ''] = process.argv.slice(2)
const url = `smtp://127.0.0.1:${port}`
const outbox = await openOutbox({ mail: true, webhooks: [] }, await openSqlStore({ file }))
const settings = readMailOptions({ url, from: 'help@shop.example', pageUrl: 'https://shop.example/help' })
const transport = await openSmtp({ url })
await outbox.ticket('conversation-1', 'mia@example.com')
await outbox
  .dispatcher({
    mail: createMailSender({ store: outbox.store, settings, transport, hours: async () => null }),
  })
  .run()
