// Addresses that mail may go to or come from. Pure. Stricter than what a form takes: what is not plainly one address
// is written to by nobody, because a mail server may read it as two, or as a header.

import { domainToASCII } from 'node:url'
import { AskletError } from '../../base/errors'

const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u
/** One inbox under two names, in which dots say nothing. */
const GOOGLE = ['gmail.com', 'googlemail.com']
/** RFC 5321, 4.5.3.1. */
const MAX_CHARS = 254
const MAX_LOCAL_CHARS = 64

/** The address as it is written to; null: none that is. */
export function mailAddress(given: string): string | null {
  const at = given.lastIndexOf('@')
  const local = given.slice(0, at)
  const labels = given.slice(at + 1).split('.')
  const isOne =
    at > 0 &&
    given.length <= MAX_CHARS &&
    local.length <= MAX_LOCAL_CHARS &&
    LOCAL.test(local) &&
    labels.length > 1 &&
    labels.every(label => LABEL.test(label))
  return isOne ? given : null
}

/**
 * For counting: letters' case, what stands behind a plus, two ways to write one domain, and dots where they mean nothing
 * do not make another person's inbox.
 */
export function inboxOf(address: string): string {
  const [local = '', given = ''] = address.normalize('NFC').toLowerCase().split('@')
  const domain = domainToASCII(given) || given
  const name = local.replace(/\+.*$/, '')
  return GOOGLE.includes(domain) ? `${name.replaceAll('.', '')}@gmail.com` : `${name}@${domain}`
}

/** Whom mail comes from: `Example help <help@shop.example>`. */
export interface MailSenderName {
  readonly name: string
  readonly address: string
}

/** @throws AskletError `server_shape` */
export function senderName(given: unknown, option: string): MailSenderName {
  const [, name = '', angled, bare] =
    typeof given === 'string'
      ? (/^(?:"?([^"<>\r\n]*?)"?\s*<([^<>\s]+)>|([^<>\s]+))$/.exec(given.trim()) ?? [])
      : []
  const address = mailAddress(angled ?? bare ?? '')
  if (address === null)
    throw new AskletError(
      'server_shape',
      `${option} must be an address like "Example help <help@shop.example>", got ${typeof given === 'string' ? JSON.stringify(given.slice(0, 80)) : `a value of type ${typeof given}`}.`,
    )
  return { name, address }
}
