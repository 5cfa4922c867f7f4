// Mail over SMTP, by `nodemailer`: its home. Owns what an answer of the mail server means: refused for good, or to be
// tried again. TLS is insisted on, except for a server on this machine.

import { AskletError, describe } from '../../base/errors'
import { optionalPackage } from '../optionalPackage'
import { MailRefused, type MailTransport } from './mail'

export const MAIL_INSTALL = 'npm install nodemailer@10'

/** A server that is slower than this is tried again; all of them are far below the lease. */
const CONNECT_WITHIN_MS = 10_000
const SILENT_AT_MOST_MS = 15_000

export interface SmtpOptions {
  readonly url: string
  readonly ca?: string
}

/** @throws AskletError `server_shape` for an address that is none, `driver_missing` without the package */
export async function openSmtp({ url, ca }: SmtpOptions): Promise<MailTransport> {
  const server = serverOf(url)
  const { createTransport } = await optionalPackage(
    () => import('nodemailer'),
    'mail needs a package that is not installed',
    MAIL_INSTALL,
  )
  const transport = createTransport({
    ...server,
    connectionTimeout: CONNECT_WITHIN_MS,
    greetingTimeout: CONNECT_WITHIN_MS,
    socketTimeout: SILENT_AT_MOST_MS,
    dnsTimeout: CONNECT_WITHIN_MS,
    // A body is text: never the content of a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
  })
  return {
    async send({ to, from, replyTo, messageId, threadId, subject, text, html, headers }) {
      try {
        await transport.sendMail({
          from: { ...from },
          to: { name: '', address: to },
          ...(replyTo && { replyTo: { ...replyTo } }),
          subject,
          text,
          html,
          messageId,
          references: threadId,
          inReplyTo: threadId,
          headers: { ...headers },
        })
      } catch (error) {
        throw refusalOf(error)
      }
    },
    close: () => transport.close(),
  }
}

/** @throws AskletError `server_shape`, without the address: it holds a password */
export function serverOf(given: unknown) {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : null
  const isImplicit = url?.protocol === 'smtps:'
  if (!url?.hostname || !(isImplicit || url.protocol === 'smtp:'))
    throw new AskletError(
      'server_shape',
      `the address of a mail server must be like smtp://user:password@mail.example:587 or smtps://…:465, got ${url ? describe(url.protocol) : 'no address'}.`,
    )
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isImplicit ? 465 : 587) : Number(url.port),
    secure: isImplicit,
    requireTLS: !isImplicit && !isHere,
    ...(url.username && {
      auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    }),
  }
}

/** 5xx to the envelope or the message is for good. To signing in it is not: an operator mends that. */
export function refusalOf(error: unknown): MailRefused {
  const { responseCode, code } = (error ?? {}) as { responseCode?: unknown; code?: unknown }
  const status = typeof responseCode === 'number' ? responseCode : null
  const isOfMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  // Never the server's words: they repeat the address.
  const what = typeof code === 'string' ? code : 'error'
  return new MailRefused(
    isOfMail && status !== null && status >= 500,
    `the mail server refused it (${what}${status === null ? '' : ` ${status}`})`,
    isOfMail && status !== null,
  )
}
