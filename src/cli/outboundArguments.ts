// What the command line and the environment say of mail and webhooks. Passwords and secrets stand in the environment
// alone: a list of processes shows every flag.

import type { HelpDeskOptions } from '../server/attachHelpDesk'
import { usageError } from './arguments'

export const OUTBOUND_OPTIONS = {
  'mail-from': { type: 'string' },
  'mail-reply-to': { type: 'string' },
  'page-url': { type: 'string' },
  'first-answer-hours': { type: 'string' },
  webhook: { type: 'string', multiple: true },
  'webhook-text': { type: 'boolean' },
} as const

export const SMTP_VARIABLE = 'ASKLET_SMTP_URL'
export const WEBHOOK_VARIABLE = 'ASKLET_WEBHOOK_SECRET'

export const OUTBOUND_HELP: readonly string[] = [
  '  --mail-from, --page-url  mail to visitors about their tickets: whom it comes from ("Help <help@shop.example>"),',
  `             and the page that it leads back to; the mail server stands in ${SMTP_VARIABLE}`,
  '  --mail-reply-to  where answers to it go (default: the mail says that nobody reads them)',
  '  --first-answer-hours  what the acknowledgement promises, in hours of your opening times, or serviceLevel:',
  '             the moment that "serviceLevels" of asklet.json names (default: nothing)',
  `  --webhook  https address that is told what happens, may be repeated; signed with ${WEBHOOK_VARIABLE}`,
  '  --webhook-text  with the words of messages',
]

export interface OutboundValues {
  readonly 'mail-from'?: string
  readonly 'mail-reply-to'?: string
  readonly 'page-url'?: string
  readonly 'first-answer-hours'?: string
  readonly webhook?: readonly string[]
  readonly 'webhook-text'?: boolean
}

/** @throws AskletError `cli_usage` for half of either */
export function outboundArguments(
  values: OutboundValues,
  usage: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Pick<HelpDeskOptions, 'mail' | 'webhooks'> {
  const { 'mail-from': from, 'mail-reply-to': replyTo, 'page-url': pageUrl, webhook = [] } = values
  const hours = values['first-answer-hours']
  const { [SMTP_VARIABLE]: url, [WEBHOOK_VARIABLE]: secret } = environment
  const isMailNamed =
    from !== undefined || pageUrl !== undefined || replyTo !== undefined || hours !== undefined
  if (isMailNamed && (url === undefined || from === undefined || pageUrl === undefined))
    throw usageError(
      `--mail-from, --page-url and ${SMTP_VARIABLE} in the environment stand together: whom mail comes from, where it leads back to, and the server that takes it`,
      usage,
    )
  if (webhook.length > 0 && secret === undefined)
    throw usageError(
      `--webhook needs ${WEBHOOK_VARIABLE} in the environment, which its receiver has too`,
      usage,
    )
  return {
    ...(from !== undefined &&
      pageUrl !== undefined &&
      url !== undefined && {
        mail: {
          url,
          from,
          pageUrl,
          ...(replyTo !== undefined && { replyTo }),
          ...(hours !== undefined && {
            firstAnswerHours: hours === 'serviceLevel' ? hours : Number(hours),
          }),
        },
      }),
    ...(secret !== undefined &&
      webhook.length > 0 && {
        webhooks: webhook.map(address => ({
          url: address,
          secret,
          ...(values['webhook-text'] && { includeText: true }),
        })),
      }),
  }
}
