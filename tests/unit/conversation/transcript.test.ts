import { expect, test } from 'vitest'
import { createTexts } from '../../../src/base/texts'
import type { TimelineItem } from '../../../src/conversation/timeline'
import { transcriptLines, transcriptText } from '../../../src/conversation/transcript'
import type { Author } from '../../../src/protocol/records'
import { english } from '../../english'

const texts = createTexts('en', english)
const AT = Date.UTC(2026, 10, 20, 14, 2)
const said = (author: Author, text: string, more: object = {}): TimelineItem => ({
  kind: 'message',
  key: text,
  seq: null,
  author,
  text,
  format: 'plain',
  citations: [],
  source: null,
  at: AT,
  state: null,
  fromDevice: false,
  ...more,
})

test('a copy names who said what and when, which lines a machine said, and what happened', () => {
  const lines = transcriptLines(
    [
      said({ kind: 'bot' }, 'See this article.', {
        source: { kind: 'article', citations: [], model: 'whole' },
      }),
      said({ kind: 'visitor' }, 'Where is it?'),
      {
        kind: 'notice',
        key: 'n',
        seq: 3,
        name: 'ticketOpened',
        values: { number: 1001, contact: 'ann@example.org' },
        at: AT,
      },
      said({ kind: 'agent', agentId: 'a', name: 'Noor' }, 'On its way.'),
    ],
    texts,
    'Fairhand Help',
  )
  expect(transcriptText(lines, texts).split('\n')).toEqual([
    '[2026-11-20 14:02] Fairhand Help (automatic assistant): See this article. (Worded by a language model, checked against the article)',
    '[2026-11-20 14:02] You: Where is it?',
    '[2026-11-20 14:02] Ticket #1001 is open. We answer to ann@example.org.',
    '[2026-11-20 14:02] Noor, support: On its way.',
  ])
  expect(lines.map(({ who }) => who)).toEqual(['bot', 'visitor', 'notice', 'agent'])
})

test('files are named behind the words, and once where there are none', () => {
  const attachments = [
    { attachmentId: 'f1', name: 'invoice.pdf', mediaType: 'application/pdf', bytes: 10 },
    { attachmentId: 'f2', name: 'screen.png', mediaType: 'image/png', bytes: 10 },
  ]
  const lines = transcriptLines(
    [
      said({ kind: 'visitor' }, 'Here they are', { attachments }),
      said({ kind: 'visitor' }, 'invoice.pdf, screen.png', { attachments }),
    ],
    texts,
    'Fairhand Help',
  )
  expect(lines.map(({ text }) => text)).toEqual([
    'Here they are [invoice.pdf, screen.png]',
    'invoice.pdf, screen.png',
  ])
})
