// The people of the marketplace and what they say: the words of every conversation in the gallery.

import type { AnswerSource } from '../../../src/bot/botProvider'
import type { LocalTurn } from '../../../src/conversation/timeline'
import type { Article } from '../../../src/knowledge/article'
import { plainText } from '../../../src/knowledge/plainText'
import type { Attachment } from '../../../src/protocol/attachments'
import type { Citation } from '../../../src/protocol/records'
import type { Suggestion } from '../../../src/search/searchProvider'
import { addMethod, balance, delayed, fees, section, toBank } from './articles'
import { minutesAgo } from './time'

export const NOOR = { agentId: 'noor', name: 'Noor' }
export const TOMAS = { agentId: 'tomas', name: 'Tomás' }
export const INES = { agentId: 'ines', name: 'Inês' }

let turns = 0
const turn = (kind: 'visitor' | 'bot', text: string, source: AnswerSource | null, at: number): LocalTurn => ({
  clientId: `turn-${++turns}`,
  author: { kind },
  text,
  source,
  at,
})
export const asked = (text: string, ago = 3): LocalTurn => turn('visitor', text, null, minutesAgo(ago))
export const answered = (text: string, source: AnswerSource | null, ago = 3): LocalTurn =>
  turn('bot', text, source, minutesAgo(ago))

/** The section of an article as the bot quotes it. */
export function quoted(
  article: Article,
  headingId: string,
  headingText: string,
  model?: 'whole' | 'stopped' | 'cut',
): AnswerSource & { readonly kind: 'article' } {
  return {
    kind: 'article',
    citations: [cite(article, headingId, headingText)],
    tree: section(article, headingId),
    ...(model && { model }),
  }
}
export const cite = ({ id, title }: Article, headingId: string, headingText: string): Citation => ({
  articleId: id,
  title,
  headingId,
  headingText,
})
export const said = (source: AnswerSource): string => plainText(source.tree ?? [])

export const GUIDED: AnswerSource & { readonly kind: 'flow' } = {
  kind: 'flow',
  flowId: 'withdrawal-delayed',
  step: 'number',
  title: 'Find a late withdrawal',
}
export const ASKLET: AnswerSource = { kind: 'asklet' }

const suggest = (
  article: Article,
  more: Partial<Suggestion> & Pick<Suggestion, 'reasons'>,
  title = article.title,
): Suggestion => ({
  kind: title === article.title ? 'article' : 'question',
  articleId: article.id,
  title,
  summary: article.summary,
  highlights: [],
  score: 1,
  ...more,
})
/** Ranges of each word of `text` that begins with one of `words`. */
const marked = (text: string, words: readonly string[]): Suggestion['highlights'] =>
  words.flatMap(word => {
    const at = text.toLowerCase().indexOf(word)
    return at < 0 ? [] : [[at, at + word.length] as const]
  })

const PAGE = { kind: 'page', name: 'Withdrawals' } as const
const ROLE = { kind: 'role', role: 'freelancer' } as const

/** On the page of withdrawals, as a freelancer, before a key is pressed. */
export const forThisPage: readonly Suggestion[] = [
  suggest(toBank, { reasons: [PAGE, ROLE] }),
  suggest(delayed, { reasons: [PAGE] }, 'Why is the withdraw button grey?'),
  suggest(fees, { reasons: [{ kind: 'recent' }] }),
  suggest(balance, { reasons: [ROLE] }),
  suggest(addMethod, { reasons: [{ kind: 'popular' }] }),
]
/** What “withdraw” finds there. */
export const found: readonly Suggestion[] = [
  suggest(delayed, {
    reasons: [{ kind: 'words' }, PAGE],
    highlights: marked(delayed.title, ['withdraw']),
  }),
  suggest(
    delayed,
    {
      reasons: [{ kind: 'error', text: 'This withdrawal is on hold' }],
      headingId: 'what-the-status-means',
      headingText: 'What the status means',
      highlights: marked('Why has my withdrawal not arrived?', ['withdraw']),
    },
    'Why has my withdrawal not arrived?',
  ),
  suggest(toBank, {
    reasons: [{ kind: 'questionType', type: 'howto' }, { kind: 'words' }],
    highlights: marked(toBank.title, ['withdraw']),
  }),
  suggest(fees, { reasons: [{ kind: 'words' }], highlights: marked(fees.title, ['withdraw']) }),
]

export const SCREENSHOT: Attachment = {
  attachmentId: 'file-screenshot',
  name: 'withdrawals-16-june.png',
  mediaType: 'image/png',
  bytes: 184_320,
  width: 640,
  height: 280,
}
export const STATEMENT: Attachment = {
  attachmentId: 'file-statement',
  name: 'bank-statement-june.pdf',
  mediaType: 'application/pdf',
  bytes: 92_160,
}
