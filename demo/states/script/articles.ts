// A few of the demo's help articles, read from the files that `asklet build` reads, so that the gallery shows what the
// marketplace shows. Owns no words of its own but a picture and a line of code, which no article of the demo has.

import type { Article } from '../../../src/knowledge/article'
import type { ContentTree } from '../../../src/knowledge/contentTree'
import { fromMarkdown } from '../../../src/knowledge/fromMarkdown'
import documentsText from '../../help/articles/verification/how-we-handle-your-documents.md?raw'
import addMethodText from '../../help/articles/withdrawals/add-a-payout-method.md?raw'
import balanceText from '../../help/articles/withdrawals/understand-your-balance.md?raw'
import toBankText from '../../help/articles/withdrawals/withdraw-to-a-bank-account.md?raw'
import delayedText from '../../help/articles/withdrawals/withdrawal-delayed.md?raw'
import feesText from '../../help/articles/withdrawals/withdrawal-fees-and-times.md?raw'
import { articleOf } from './articleOf'

const FOLDER = 'https://articles.invalid/'

function read(id: string, text: string): Article {
  const [, head = '', body = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? []
  const fact = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1] ?? ''
  const title = fact('title')
  return articleOf({
    id,
    title,
    summary: fact('summary'),
    kind: 'troubleshoot',
    content: fromMarkdown(body, {
      title,
      resolveLink(href) {
        const { origin, pathname, hash } = new URL(href, FOLDER + id)
        if (!FOLDER.startsWith(origin)) return null
        return { id: pathname.slice(1).replace(/\.md$/, ''), ...(hash && { heading: hash.slice(1) }) }
      },
    }),
  })
}

export const delayed = read('withdrawals/withdrawal-delayed', delayedText)
export const toBank = read('withdrawals/withdraw-to-a-bank-account', toBankText)
export const fees = read('withdrawals/withdrawal-fees-and-times', feesText)
export const addMethod = read('withdrawals/add-a-payout-method', addMethodText)
export const balance = read('withdrawals/understand-your-balance', balanceText)
export const documents = read('verification/how-we-handle-your-documents', documentsText)

/** With what an article may hold besides. `pictureUrl`: an address of the page's own. */
export function withPicture(article: Article, pictureUrl: string): Article {
  const [first, ...rest] = article.content
  const extra: ContentTree = [
    {
      t: 'p',
      c: [
        { t: 'img', src: pictureUrl, alt: 'The list of withdrawals with its status column', w: 640, h: 280 },
      ],
    },
    { t: 'p', c: ['The trace number is the last part of this line:'] },
    { t: 'pre', x: 'W-7731  2026-06-16  1,240.00 USD  TRACE 0042-8841-WM-7731-20260616-DE' },
    { t: 'quote', c: [{ t: 'p', c: ['Public holidays in your country do not count as business days.'] }] },
  ]
  return { ...article, content: [...(first ? [first] : []), ...extra, ...rest] }
}

/** The blocks of an article from the heading `id` on, as far as the next one: what the bot quotes. */
export function section({ content }: Article, id: string): ContentTree {
  const from = content.findIndex(block => block.t === 'h' && block.id === id)
  if (from < 0) throw new Error(`The article has no heading "${id}".`)
  const length = content.slice(from + 1).findIndex(block => block.t === 'h')
  return content.slice(from + 1, length < 0 ? undefined : from + 1 + length)
}
