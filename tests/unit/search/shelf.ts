// A small shelf of articles of a freelance marketplace, for judging order by hand.
import type { Article } from '../../../src/knowledge/article'
import { readIndex } from '../../../src/knowledge/assembleIndex'
import { buildIndex } from '../../../src/knowledge/buildIndex'
import { type IndexedArticle, slug } from '../../../src/knowledge/indexFile'
import type { Facts } from '../../../src/protocol/facts'
import { searchable } from '../../../src/search/expansion'
import { near } from '../../../src/search/typos'
import { bareIndexed } from '../../../src/testing/bareArticle'

type Sketch = Partial<IndexedArticle> & { id: string; title: string; body?: Record<string, string> }

export const sketch = ({ body = {}, ...given }: Sketch): IndexedArticle =>
  bareIndexed({
    sections: Object.entries(body).map(([headingText, text]) => ({
      headingId: slug(headingText),
      headingText,
      text,
    })),
    ...given,
  })

/** The article file that belongs to an indexed article. */
export function articleFile({ sections, file: _, ...meta }: IndexedArticle): Article {
  return {
    ...meta,
    content: sections.flatMap(({ headingId, headingText, text }) => [
      ...(headingText ? [{ t: 'h' as const, n: 2 as const, id: headingId, c: [headingText] }] : []),
      { t: 'p' as const, c: [text] },
    ]),
  }
}

export const shelf: readonly IndexedArticle[] = [
  sketch({
    id: 'payments/add-a-card',
    title: 'Add a payment card',
    summary: 'Save a card to pay freelancers.',
    roles: ['client'],
    pages: ['/billing'],
    questions: ['How do I pay with a credit card?'],
    body: {
      '': 'Open Billing and press Add card. Enter the number.',
      'Replace a card': 'Delete the old one first.',
    },
  }),
  sketch({
    id: 'payments/withdraw',
    title: 'Withdraw your earnings',
    roles: ['freelancer'],
    pages: ['/earnings', '/earnings/*'],
    questions: ['How do I get paid out?'],
    body: { '': 'Choose a bank account and press Withdraw.', 'Set up a bank account': 'Enter your IBAN.' },
  }),
  sketch({
    id: 'payments/withdrawal-delayed',
    title: 'Your withdrawal is delayed',
    kind: 'troubleshoot',
    roles: ['freelancer'],
    pages: ['/earnings/*'],
    questions: ['Why has my money not arrived?'],
    body: { '': 'Banks take up to three working days. A holiday adds one.' },
  }),
  sketch({
    id: 'payments/invoices',
    title: 'Download an invoice',
    pages: ['/billing', '/contracts/*'],
    body: {
      '': 'Every payment has an invoice. Invoices are PDF files.',
      'Change the invoice address': 'Open Settings.',
    },
  }),
  sketch({
    id: 'contracts/end',
    title: 'End a contract',
    pages: ['/contracts/:id'],
    body: { '': 'Open the contract and press End. Unpaid milestones are returned.' },
  }),
  sketch({
    id: 'contracts/refunds',
    title: 'Refund policy',
    kind: 'policy',
    roles: ['client'],
    body: { '': 'A milestone that was not delivered is refunded in full.' },
  }),
  sketch({
    id: 'account/sign-in',
    title: 'Sign in with two steps',
    order: -5,
    body: { '': 'Use an app that shows codes. Your e-mail address is the second way.' },
  }),
  sketch({
    id: 'account/email',
    title: 'Change your e-mail address',
    body: { '': 'Open Settings and type the new address. We send a code.' },
  }),
  sketch({
    id: 'profile/photo',
    title: 'Upload a profile photo',
    roles: ['freelancer'],
    pages: ['/profile'],
    body: { '': 'A square photo works best.' },
  }),
  sketch({
    id: 'jobs/post',
    title: 'Post a job',
    roles: ['client'],
    pages: ['/jobs/new'],
    body: { '': 'Say what you need and press Post.' },
  }),
]

export function factsAt(route = '/', name = 'Home', role?: string): Facts {
  return {
    page: {
      url: `https://host.example${route}`,
      route,
      title: name,
      name,
      headings: [],
      language: 'en',
      data: {},
    },
    visitor: { locale: 'en', ...(role && { role }), attributes: {} },
  }
}

export const shelfIndex = (articles = shelf) =>
  readIndex(JSON.parse(JSON.stringify(buildIndex(articles, { locale: 'en' }))))
export const shelfSearchable = (articles = shelf) => searchable(shelfIndex(articles), near)
