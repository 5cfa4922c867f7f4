// The visitor's ticket in the window: how it stands, what happened to it, and what can be done.

import axe from 'axe-core'
import { beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createFakes, message, showConversation } from '../../../demo/states/script/fakes'
import type { TicketRecord } from '../../../src/protocol/records'
import { hasFocus, mount } from './mounted'

beforeEach(() => page.viewport(1_280, 800))

const AT = Date.UTC(2026, 10, 20, 12)
const TICKET: TicketRecord = {
  number: 1042,
  category: 'withdrawals',
  priority: 'normal',
  status: 'waitingOnVisitor',
  contact: { email: 'mara@workmere.example' },
  owner: { agentId: 'tomas', name: 'Tomás' },
  openedAt: AT,
}

function withTicket(ticket: TicketRecord, phase: 'ticketed' | 'ended' = 'ticketed') {
  const fakes = createFakes()
  const { conversation } = fakes
  conversation.phase.value = phase
  conversation.ticket.value = ticket
  conversation.items.value = [
    message('1', 'visitor', 'Where is it?'),
    message('2', 'agent', 'Which bank is it?'),
  ]
  conversation.ticketHistory.value = [
    { seq: 1, at: AT, what: 'opened', by: { kind: 'visitor' } },
    { seq: 2, at: AT + 60_000, what: 'answered', by: { kind: 'agent', agentId: 'tomas', name: 'Tomás' } },
  ]
  conversation.readAs.value = {
    triage: {
      category: 'withdrawals',
      confidence: 0.9,
      urgency: { score: 0.6, reasons: [{ code: 'urgentWords', words: ['today'] }, { code: 'ofLater' }] },
      complexity: { score: 0, reasons: [] },
      rule: 'triage@1',
    },
    priority: [],
  }
  showConversation(fakes)
  return mount(fakes)
}
const shown = () => page.getByRole('dialog')

test('the line of an open ticket says until when such are usually answered, where that is known', async () => {
  const { conversation } = withTicket({ ...TICKET, status: 'open' })
  await expect.element(shown().getByText('We have it')).toBeVisible()
  expect(
    shown()
      .getByText(/Usually answered/)
      .elements(),
  ).toEqual([])
  conversation.usualBy.value = Date.UTC(2026, 10, 20, 17)
  await expect.element(shown().getByText(/^Usually answered by Nov 20, 2026/)).toBeVisible()
})

test('it says in words whose turn it is; who answers, what happened and why stand under a button', async () => {
  const { host, spoken, conversation } = withTicket(TICKET)
  await expect.element(shown().getByText('Waiting for your reply')).toBeVisible()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('button', { name: 'About this ticket' }).click()
  await expect.element(shown().getByText('Tomás', { exact: true })).toBeVisible()
  expect(
    shown()
      .getByRole('list')
      .elements()
      .find(each => each.className === 'history')?.textContent,
  ).toMatch(/^OpenedYou · .*AnsweredTomás, support · /)
  await page.getByRole('button', { name: 'Why this?' }).click()
  await expect.element(shown().getByText('is quite sure of it')).toBeVisible()
  await expect.element(shown().getByText('words that it is urgent')).toBeVisible()
  const { violations } = await axe.run(host, { resultTypes: ['violations'] })
  expect(violations.map(({ id }) => id)).toEqual([])
  conversation.ticket.value = { ...TICKET, status: 'waitingOnUs' }
  await vi.waitFor(() => expect(spoken()).toBe('You answered; we are on it'))
})

test('Escape closes what is open in it from the inside out, and the window last', async () => {
  withTicket(TICKET)
  const more = page.getByRole('button', { name: 'More' })
  await more.click()
  const about = page.getByRole('button', { name: 'About this ticket' })
  await about.click()
  const why = page.getByRole('button', { name: 'Why this?' })
  await why.click()
  await userEvent.keyboard('{Escape}')
  await expect.element(why).toHaveAttribute('aria-expanded', 'false')
  await expect.element(about).toHaveAttribute('aria-expanded', 'true')
  await userEvent.keyboard('{Escape}')
  await expect.element(about).toHaveAttribute('aria-expanded', 'false')
  await hasFocus(about)
  await userEvent.keyboard('{Escape}')
  await expect.element(more).toHaveAttribute('aria-expanded', 'false')
  await hasFocus(more)
})

test('its category is objected to where it is told, and that it is solved is asked once more', async () => {
  const { calls } = withTicket(TICKET)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('button', { name: 'About this ticket' }).click()
  await page.getByRole('button', { name: 'Why this?' }).click()
  await page.getByRole('button', { name: 'It is sorted wrongly' }).click()
  await page.getByRole('button', { name: 'I want a person to look at it' }).click()
  expect(calls.some(call => call.startsWith('contest:') && call.includes('category'))).toBe(true)
  await page.getByRole('button', { name: 'It is solved' }).click()
  expect(calls).not.toContain('end')
  await page.getByRole('button', { name: 'Yes, close the ticket' }).click()
  expect(calls).toContain('end')
})

test('a solved one is opened again until a day that it names, and says when that is over', async () => {
  const { calls, conversation } = withTicket({ ...TICKET, status: 'solved' }, 'ended')
  conversation.reopening.value = { state: 'possible', until: Date.UTC(2026, 11, 20, 12) }
  await expect.element(shown().getByText('until December 20, 2026')).toBeVisible()
  await page.getByRole('button', { name: 'Open it again' }).click()
  expect(calls).toContain('reopen')
  conversation.reopening.value = { state: 'tooLate' }
  await expect.element(shown().getByText('It can no longer be opened again')).toBeVisible()
  expect(page.getByRole('button', { name: 'Open it again' }).elements()).toEqual([])
})

test('a refused wish to open it again names its reason; the button is there only where it can help', async () => {
  const { conversation } = withTicket({ ...TICKET, status: 'solved' }, 'ended')
  conversation.reopening.value = { state: 'failed', key: 'k', code: 'forbidden', canRetry: false }
  await expect.element(shown().getByText('this conversation belongs to someone else')).toBeVisible()
  const again = page.getByRole('button', { name: 'Open it again' })
  expect(again.elements()).toEqual([])
  conversation.reopening.value = { state: 'failed', key: 'k', code: 'internal', canRetry: true }
  await expect.element(again).toBeVisible()
})

test('on a phone the banner is one line: which one, and how it stands; an answer that came has the room', async () => {
  await page.viewport(390, 740)
  const { host } = withTicket(TICKET)
  const banner = () => host.shadowRoot?.querySelector<HTMLElement>('[part=banner]')
  await vi.waitFor(() => expect(banner()?.innerText).toMatch(/#1042\s*· Waiting for your reply/))
  expect(banner()?.offsetHeight).toBeLessThanOrEqual(56)
  // Where the answer comes is said until there is one, and behind the button.
  await expect.element(shown().getByText('mara@workmere.example')).not.toBeInTheDocument()
  await page.getByRole('button', { name: 'More' }).click()
  await expect.element(shown().getByText('The answer comes here and to mara@workmere.example.')).toBeVisible()
})

test('“Solved” is of a moment, and not since it', async () => {
  const { host } = withTicket({ ...TICKET, status: 'solved' }, 'ended')
  await vi.waitFor(() => expect(host.shadowRoot?.textContent).toMatch(/Solved on Nov 20, 2026/))
})

test('one’s own solved ticket is offered among the answers, and read without leaving the offer', async () => {
  const fakes = createFakes()
  const { conversation, panel } = fakes
  conversation.phase.value = 'offered'
  const road = { available: true, expectedWaitMs: null, opensAt: null, recommended: true, needsContact: null }
  conversation.offer.value = {
    reason: 'askedForPerson',
    checking: false,
    channels: [{ channel: 'ticket', ...road }],
  }
  const asked = {
    conversationId: 'conversation-7',
    phase: 'ended',
    lastAt: AT,
    head: 9,
    question: 'Where is it?',
    ticketNumber: 1_007,
    agentName: 'Noor',
    ticketStatus: 'solved',
  } as const
  conversation.answersFirst.value = [{ asked }]
  panel.past = async () => ({ thread: async () => [message('1', 'agent', 'At your bank.')] }) as never
  showConversation(fakes)
  const { host } = mount(fakes)
  const answer = page.getByRole('button', { name: /You asked this on Nov 20, 2026: see the answer/ })
  await expect.element(answer).toBeVisible()
  const { violations } = await axe.run(host, { resultTypes: ['violations'] })
  expect(violations.map(({ id }) => id)).toEqual([])
  await answer.click()
  await expect.element(page.getByText('At your bank.')).toBeVisible()
  await page.getByRole('button', { name: 'Back' }).click()
  await expect.element(answer).toBeVisible()
})

test('an answer that exists is offered before a message is left, by keyboard, and refused with one press', async () => {
  const fakes = createFakes()
  const { conversation, panel, calls } = fakes
  conversation.phase.value = 'offered'
  conversation.offer.value = {
    reason: 'askedForPerson',
    checking: false,
    channels: [
      {
        channel: 'ticket',
        available: true,
        expectedWaitMs: null,
        opensAt: null,
        recommended: true,
        needsContact: null,
      },
    ],
  }
  panel.openArticle = id => calls.push(`read ${id}`)
  conversation.considerAnswers = () => {
    conversation.answersFirst.value = [{ articleId: 'fees', title: 'Fees and times' }]
    return true
  }
  showConversation(fakes)
  const { host, spoken } = mount(fakes)
  const road = page.getByRole('button', { name: /Leave a message/ })
  await expect.element(road).toBeVisible()
  const refuse = page.getByRole('button', { name: 'No, send my message' })
  await vi.waitFor(async () => {
    conversation.answersFirst.value = null
    ;(road.element() as HTMLElement).click()
    await expect.element(refuse, { timeout: 200 }).toBeVisible()
  })
  await vi.waitFor(() => expect(spoken()).toContain('Does one of these answer it?'))
  const { violations } = await axe.run(host, { resultTypes: ['violations'] })
  expect(violations.map(({ id }) => id)).toEqual([])
  ;(road.element() as HTMLElement).focus()
  await userEvent.tab()
  await userEvent.keyboard('{Enter}')
  expect(calls).toContain('read fees')
  await userEvent.tab()
  await hasFocus(refuse)
  calls.length = 0
  await userEvent.keyboard('{Enter}')
  expect(calls.filter(call => /^(refuse|chooseChannel)/.test(call))).toEqual([
    'refuseAnswers',
    'chooseChannel:ticket',
  ])
})
