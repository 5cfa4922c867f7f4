// One mail to a visitor: subject, plain text and the same as HTML. Pure. An acknowledgement goes to whatever address a
// stranger typed: it holds the number and the address of the site's page, and nothing that anybody wrote (O6).

import { directionOf } from '../../base/locales'
import type { DisputeMail } from './deliveriesOf'
import type { MailWords } from './mailWords'

export type Letter =
  | {
      readonly kind: 'acknowledged'
      /** When the desk opens again, in its zone; null: it is open, or nobody knows. */
      readonly opensAt: number | null
      readonly zone: string | null
      /** The site's own promise; null: none. */
      readonly firstAnswerHours: number | null
      /** The moment that the site's service level names; said instead of hours and opening. */
      readonly answerBy: number | null
      /** When such a ticket is usually answered, as measured: said where the site promises nothing. Null: not known. */
      readonly usualBy: number | null
    }
  | {
      readonly kind: 'answered'
      readonly answers: readonly {
        readonly agent: string
        readonly text: string
        readonly hasFiles: boolean
      }[]
    }
  | { readonly kind: 'solved' }
  /** Until when something is asked for, or due; null: no time. */
  | { readonly kind: DisputeMail; readonly until: number | null; readonly zone: string | null }

export interface LetterFrame {
  readonly number: number
  readonly pageUrl: string
  /** Whether somebody reads what is answered to the mail. */
  readonly isReplyRead: boolean
}

export interface WrittenLetter {
  readonly subject: string
  readonly text: string
  readonly html: string
}

type Part =
  | { readonly paragraph: string }
  | { readonly quote: string }
  | { readonly link: string }
  | { readonly small: string }

export function writeLetter(letter: Letter, frame: LetterFrame, words: MailWords): WrittenLetter {
  const { locale, texts } = words
  // As text: a number would get its thousands set apart.
  const number = String(frame.number)
  const parts: Part[] = [
    ...bodyOf(letter, number, words),
    { paragraph: texts('see') },
    { link: frame.pageUrl },
    ...(frame.isReplyRead ? [] : [{ paragraph: texts('notRead') }]),
    { small: texts('why', { number }) },
  ]
  const subject = texts(SUBJECTS[letter.kind], { number })
  return {
    subject,
    text: parts.map(asText).join('\n\n').concat('\n'),
    html: `<!doctype html><html lang="${escaped(locale)}" dir="${directionOf(locale)}"><head><meta charset="utf-8"><title>${escaped(subject)}</title></head><body>${parts.map(asHtml).join('')}</body></html>`,
  }
}

const SUBJECTS = {
  acknowledged: 'ackSubject',
  answered: 'answerSubject',
  solved: 'solvedSubject',
  disputeAsked: 'disputeSubject',
  disputeShared: 'disputeSubject',
  disputeProposed: 'disputeSubject',
  disputeDecided: 'disputeSubject',
} as const satisfies Record<Letter['kind'], string>

const DISPUTE_BODIES = {
  disputeAsked: 'disputeAsked',
  disputeShared: 'disputeShared',
  disputeProposed: 'disputeProposed',
  disputeDecided: 'disputeDecided',
} as const satisfies Record<DisputeMail, string>

function bodyOf(letter: Letter, number: string, { locale, texts }: MailWords): Part[] {
  switch (letter.kind) {
    case 'acknowledged': {
      const { opensAt, zone, firstAnswerHours, answerBy, usualBy } = letter
      const parts: Part[] = [{ paragraph: texts('ackBody', { number }) }]
      if (answerBy !== null)
        return [...parts, { paragraph: texts('answerBy', { time: timeOf(answerBy, zone, locale) }) }]
      if (firstAnswerHours !== null) parts.push({ paragraph: texts('within', { count: firstAnswerHours }) })
      else if (usualBy !== null)
        parts.push({ paragraph: texts('usualBy', { time: timeOf(usualBy, zone, locale) }) })
      if (opensAt !== null) parts.push({ paragraph: texts('opens', { time: timeOf(opensAt, zone, locale) }) })
      return parts
    }
    case 'answered': {
      const parts: Part[] = []
      let last = ''
      for (const { agent, text } of letter.answers) {
        if (agent !== last) parts.push({ paragraph: texts('wrote', { name: agent }) })
        last = agent
        parts.push({ quote: text })
      }
      if (letter.answers.some(({ hasFiles }) => hasFiles)) parts.push({ paragraph: texts('files') })
      return parts
    }
    case 'solved':
      return [{ paragraph: texts('solvedBody', { number }) }, { paragraph: texts('notSolved') }]
    default: {
      const { kind, until, zone } = letter
      const time = until === null ? '' : timeOf(until, zone, locale)
      return [{ paragraph: texts(DISPUTE_BODIES[kind], { number, time }) }]
    }
  }
}

function timeOf(at: number, zone: string | null, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...(zone !== null && { timeZone: zone }),
  }).format(at)
}

function asText(part: Part): string {
  if ('quote' in part) return visible(part.quote)
  if ('link' in part) return part.link
  return visible('small' in part ? part.small : part.paragraph)
}

function asHtml(part: Part): string {
  if ('quote' in part)
    return `<blockquote dir="auto" style="margin:0 0 1em;white-space:pre-wrap">${escaped(visible(part.quote))}</blockquote>`
  if ('link' in part)
    return `<p><a dir="ltr" rel="noopener noreferrer" href="${escaped(part.link)}">${escaped(part.link)}</a></p>`
  if ('small' in part) return `<p><small>${escaped(visible(part.small))}</small></p>`
  return `<p>${escaped(visible(part.paragraph))}</p>`
}

/** Without what is not seen: a mail program may take a control character for something. Line breaks and tabs stay. */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string) => text.replace(/[&<>"']/g, letter => ENTITIES[letter] ?? letter)
