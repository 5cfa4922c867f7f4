// The visitor's earlier conversations in the first view.

import { signal } from '@preact/signals'
import axe from 'axe-core'
import { beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createFakes, message, notice, suggestions } from '../../../demo/states/script/fakes'
import type { PastConversation } from '../../../src/assistant/pastConversations'
import german from '../../../src/assistant/texts/de.json'
import { createTexts } from '../../../src/base/texts'
import type { AttachmentsModel } from '../../../src/live/attachmentsModel'
import { hasFocus, mount } from './mounted'

beforeEach(() => page.viewport(1_280, 800))

const past = (n: number, more: Partial<PastConversation> = {}): PastConversation => ({
  conversationId: `conversation-${n}`,
  phase: 'ended',
  lastAt: Date.UTC(2026, 10, 20, 12),
  head: 5,
  question: `Question ${n}`,
  ticketNumber: null,
  agentName: null,
  ...more,
})

const NO_TRANSCRIPT = {
  openDispute: async () => null,
  hearsTranscript: () => false,
  sendTranscript: async () => 'sent' as const,
  files: async (): Promise<AttachmentsModel> => Promise.reject(new Error('chunk blocked')),
}

function home(
  list: readonly PastConversation[] | null,
  arrange: (fakes: ReturnType<typeof createFakes>) => void = () => {},
  locale: 'en' | 'de' = 'en',
) {
  const fakes = createFakes({ locale })
  fakes.panel.mayHavePast = () => true
  fakes.panel.past = async () => ({
    ...NO_TRANSCRIPT,
    list: async () => list,
    thread: async () => [
      message('1', 'visitor', 'Where is it?'),
      message('2', 'agent', 'On its *way*.'),
      notice('3', 'endedByAgent', { name: 'Mina' }),
    ],
  })
  arrange(fakes)
  return mount(fakes, true, locale === 'de' ? createTexts('de', german) : undefined)
}

/** As long as the demo's own, with the reason under each. */
const suggested = [
  'Withdraw your earnings to a bank account',
  'Why is the withdraw button grey?',
  'Withdrawal fees and times',
  'Understand your balance',
].map((title, row) => ({
  ...(suggestions[0] as (typeof suggestions)[0]),
  articleId: `article-${row}`,
  title,
  highlights: [],
  reasons: [{ kind: 'page' as const, name: `Withdrawals ${row}` }],
}))

test('the newest says what it was about, how it stands and when; the others come on request, and go', async () => {
  const { host } = home([
    past(1, { phase: 'live', agentName: 'Noor' }),
    past(2, { phase: 'ticketed', ticketNumber: 1001 }),
    past(3, { phase: 'ticketed', ticketNumber: 1002, agentName: 'Mina' }),
    past(4),
    past(5, { phase: 'bot' }),
  ])
  const list = page.getByRole('region', { name: 'Your conversations' })
  await expect.element(list).toBeVisible()
  const rows = () =>
    list
      .getByRole('listitem')
      .elements()
      .map(each => each.textContent)
  expect(rows()).toEqual(['Question 1With Noor · Nov 20, 2026'])
  const all = page.getByRole('button', { name: 'Your conversations (4)' })
  await all.click()
  expect(rows()).toEqual([
    'Question 1With Noor · Nov 20, 2026',
    'Question 2Ticket #1001, open · Nov 20, 2026',
    'Question 3Ticket #1002, answered by Mina · Nov 20, 2026',
    'Question 4Ended · Nov 20, 2026',
  ])
  await expect.element(all).toHaveAttribute('aria-expanded', 'true')
  const { violations } = await axe.run(host, { resultTypes: ['violations'] })
  expect(violations.map(({ id }) => id)).toEqual([])
  await all.click()
  expect(rows().length).toBe(1)
})

test('tickets say how they stand in words, and the one that waits for the visitor comes first and is marked', async () => {
  const ticket = { phase: 'ticketed', category: 'withdrawals' } as const
  const { host } = home([
    past(1, { ...ticket, ticketNumber: 1005, ticketStatus: 'open', category: 'general' }),
    past(2, { ...ticket, ticketNumber: 1004, ticketStatus: 'waitingOnUs', agentName: 'Mina' }),
    past(3, { ...ticket, ticketNumber: 1003, ticketStatus: 'waitingOnVisitor', agentName: 'Mina' }),
    past(4, { ticketNumber: 1002, ticketStatus: 'solved', agentName: 'Mina' }),
    past(5, { ...ticket, ticketNumber: 1001, ticketStatus: 'reopened', agentName: 'Mina' }),
  ])
  await page.getByRole('button', { name: 'Your conversations (5)' }).click()
  const rows = page.getByRole('region', { name: 'Your conversations' }).getByRole('listitem')
  expect(rows.elements().map(each => each.textContent)).toEqual([
    'Question 3Ticket #1003: waiting for your reply · withdrawals · Nov 20, 2026Your turn',
    'Question 1Ticket #1005: we have it · Nov 20, 2026',
    'Question 2Ticket #1004: you answered, we are on it · withdrawals · Nov 20, 2026',
    'Question 4Ticket #1002: solved · Nov 20, 2026',
    'Question 5Ticket #1001: open again · withdrawals · Nov 20, 2026',
  ])
  const { violations } = await axe.run(host, { resultTypes: ['violations'] })
  expect(violations.map(({ id }) => id)).toEqual([])
})

test('a solved ticket leads from its thread to the window where it can be opened again', async () => {
  const { calls } = home([past(1, { ticketNumber: 1002, ticketStatus: 'solved', agentName: 'Mina' })])
  await page.getByRole('button', { name: /Question 1/ }).click()
  await page.getByRole('button', { name: 'Not solved? Go to the ticket' }).click()
  await vi.waitFor(() => expect(calls).toContain('join:conversation-1:ended'))
})

test('at least three suggestions are in sight above it, on a small phone too', async () => {
  for (const [width, height] of [
    [320, 568],
    [390, 844],
  ] as const) {
    await page.viewport(width, height)
    const { root } = home([past(1, { phase: 'ticketed', ticketNumber: 1001 }), past(2)], ({ panel }) => {
      panel.search.suggestions.value = suggested
    })
    await expect.element(page.getByRole('region', { name: 'Your conversations' })).toBeVisible()
    await vi.waitFor(() => {
      const edge = root.querySelector('.roads')?.getBoundingClientRect().top ?? 0
      const titles = [...root.querySelectorAll('.row-title')]
      const inSight = titles.filter(title => title.getBoundingClientRect().bottom <= edge)
      expect(inSight.length, `${width} x ${height}`).toBeGreaterThanOrEqual(3)
    })
  }
})

test('it is found by headings, and what its button opens comes after the button', async () => {
  const { root } = home([past(1), past(2)])
  const heading = page.getByRole('heading', { level: 3, name: 'Your conversations (2)' })
  await expect.element(heading).toBeVisible()
  const all = heading.getByRole('button').element()
  const rows = root.querySelector('.past ul') as Element
  expect(all.getAttribute('aria-controls')).toBe(rows.id)
  expect(all.compareDocumentPosition(rows) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy()
  home([past(1)])
  await expect
    .element(page.getByRole('heading', { level: 3, name: 'Your conversations', exact: true }))
    .toBeVisible()
})

/** Long in every part. */
const longest = Array.from({ length: 5 }, (_, n) =>
  past(n, {
    phase: 'ticketed',
    ticketNumber: 100_201 + n,
    agentName: 'Marie-Theres',
    question: `Meine Auszahlung vom ${n + 1}. November ist noch immer nicht auf meinem Konto angekommen`,
  }),
)

test('all of them at once leave their own button, what is under them and a suggestion within a low panel', async () => {
  for (const [width, height] of [
    [1_280, 600],
    [320, 600],
    [320, 568],
  ] as const) {
    await page.viewport(width, height)
    const { root, launcher } = home(
      longest,
      ({ panel }) => {
        panel.search.suggestions.value = suggested
      },
      'de',
    )
    // The panel stands above it.
    launcher.className = 'launcher'
    const all = page.getByRole('button', { name: 'Ihre Unterhaltungen (5)' })
    await all.click()
    await vi.waitFor(() => {
      const size = `${width} x ${height}`
      const box = (css: string) => (root.querySelector(css) as Element).getBoundingClientRect()
      expect(root.querySelectorAll('.past li').length, size).toBe(5)
      const roads = box('.roads')
      expect(roads.bottom, size).toBeLessThanOrEqual(box('.panel').bottom)
      expect(all.element().getBoundingClientRect().bottom, size).toBeLessThanOrEqual(roads.bottom)
      expect(box('.row-title').bottom, size).toBeLessThanOrEqual(roads.top)
    })
    // Each of them is reached, down to the last.
    const roads = root.querySelector('.roads') as Element
    for (const each of roads.querySelectorAll('button')) {
      each.focus()
      each.scrollIntoView({ block: 'nearest' })
      // Scrolling stops at whole pixels.
      expect(each.getBoundingClientRect().bottom).toBeLessThanOrEqual(
        roads.getBoundingClientRect().bottom + 1,
      )
    }
  }
})

test('how it stands and since when are read in whole, in a narrow window and with long words', async () => {
  await page.viewport(320, 568)
  const { root } = home(longest, () => {}, 'de')
  await page.getByRole('button', { name: 'Ihre Unterhaltungen (5)' }).click()
  await vi.waitFor(() => expect(root.querySelectorAll('.past li').length).toBe(5))
  for (const small of root.querySelectorAll('.past small')) {
    expect(small.scrollWidth).toBeLessThanOrEqual(small.clientWidth)
    expect(small.getBoundingClientRect().bottom).toBeLessThanOrEqual(
      small.closest('button')?.getBoundingClientRect().bottom ?? 0,
    )
    expect(small.querySelector('time')?.getClientRects().length).toBe(1)
  }
})

test('what is new in a conversation is said on the button while its row is out of sight', async () => {
  const withNews = (here: number) =>
    home([past(1, { phase: 'live' }), past(2, { phase: 'live' })], ({ panel, conversation }) => {
      conversation.conversationId.value = `conversation-${here}`
      panel.conversation.value = conversation
      panel.unread.value = 2
    })
  const all = page.getByRole('button', { name: /Your conversations/ })
  const news = () => page.getByRole('button', { name: /2 new messages/ }).elements()
  // The newest has a row of its own, unless the phone is small.
  for (const [width, height, here] of [
    [1_280, 600, 1],
    [390, 844, 1],
    [320, 568, 1],
    [1_280, 600, 2],
  ] as const) {
    await page.viewport(width, height)
    withNews(here)
    await expect.element(all).toBeVisible()
    const hasRow = width > 320 && here === 1
    await vi.waitFor(() => {
      expect(news().length, `${width} x ${height}, ${here}`).toBe(1)
      expect(news()[0] === all.element(), `${width} x ${height}, ${here}`).toBe(!hasRow)
    })
    await all.click()
    await vi.waitFor(() => {
      expect(news().length).toBe(1)
      expect(news()[0]).not.toBe(all.element())
    })
  }
})

test('the conversation that the first view goes on with is not listed once more', async () => {
  home([past(1, { phase: 'live' }), past(2)], ({ panel, conversation }) => {
    conversation.conversationId.value = 'conversation-1'
    conversation.items.value = [message('1', 'visitor', 'Question 1')]
    panel.conversation.value = conversation
    panel.unread.value = 2
  })
  await expect.element(page.getByRole('button', { name: /Continue/ })).toHaveTextContent('2 new messages')
  await expect.element(page.getByRole('button', { name: /Question 2/ })).toBeVisible()
  expect(page.getByRole('button', { name: /Question 1/ }).elements()).toEqual([])
})

test('one that goes on is gone on with, by keyboard too, and what is new in it is counted', async () => {
  const { calls } = home([past(1, { phase: 'ticketed', ticketNumber: 1001 })], ({ panel, conversation }) => {
    conversation.conversationId.value = 'conversation-1'
    panel.conversation.value = conversation
    panel.unread.value = 2
  })
  const row = page.getByRole('button', { name: /Question 1/ })
  await expect.element(row).toHaveTextContent('2 new messages')
  ;(row.element() as HTMLElement).focus()
  await userEvent.keyboard('{Enter}')
  expect(calls).toContain('join:conversation-1:ticketed')
})

test('one that is over is read in the same window, leads back, and can be asked about again', async () => {
  const { conversation } = home([past(1)])
  await page.getByRole('button', { name: /Question 1/ }).click()
  const thread = page.getByRole('region', { name: 'Question 1' })
  await expect.element(thread).toBeVisible()
  await expect.element(thread).toHaveTextContent('Where is it?')
  await hasFocus(thread)
  expect(page.getByRole('textbox').elements()).toEqual([])
  await page.getByRole('button', { name: 'Ask again about this' }).click()
  await vi.waitFor(() => expect(conversation.draft.value).toBe('Question 1'))
  await page.getByRole('button', { name: 'Back' }).click()
  await expect.element(page.getByRole('region', { name: 'Your conversations' })).toBeVisible()
})

test('its files are where they were sent, by name where they cannot be had', async () => {
  const invoice = {
    attachmentId: 'file-0002',
    name: 'invoice.pdf',
    mediaType: 'application/pdf',
    bytes: 45_678,
  }
  const thread = async () => [message('1', 'agent', 'Here it is.', { attachments: [invoice] })]
  const open = async (files: () => Promise<AttachmentsModel>) => {
    const { unmount } = home([past(1)], ({ panel }) => {
      panel.past = async () => ({ ...NO_TRANSCRIPT, files, list: async () => [past(1)], thread })
    })
    await page.getByRole('button', { name: /Question 1/ }).click()
    await expect.element(page.getByRole('region', { name: 'Question 1' })).toHaveTextContent('invoice.pdf')
    return unmount
  }
  const unmount = await open(NO_TRANSCRIPT.files)
  expect(page.getByRole('link').elements()).toEqual([])
  unmount()
  const urls = signal(new Map([['file-0002', 'https://help.example/file/file-0002']]))
  await open(async () => ({ urls, want() {}, dispose() {} }) as unknown as AttachmentsModel)
  await expect.element(page.getByRole('link', { name: /invoice.pdf/ })).toBeVisible()
})

test('where there are none, or nobody answers, the first view is as ever', async () => {
  for (const none of [[], null]) {
    home(none)
    await expect.element(page.getByRole('button', { name: 'Ask a question' })).toBeVisible()
    await vi.waitFor(() =>
      expect(page.getByRole('region', { name: 'Your conversations' }).elements()).toEqual([]),
    )
  }
})
