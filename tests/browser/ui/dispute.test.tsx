// A dispute in the window of one side: what can be said, and what stands of the other.

import { signal } from '@preact/signals'
import axe from 'axe-core'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createFakes, message, showConversation, writable } from '../../../demo/states/script/fakes'
import { createDisputeShown } from '../../../src/conversation/disputeShown'
import type { OutboxRow } from '../../../src/live/outbox'
import type { EventBody } from '../../../src/protocol/events'
import { hasFocus, mount } from './mounted'

beforeEach(() => page.viewport(1_280, 800))

const disputeId = 'dispute-0001'
const opened: EventBody = {
  type: 'disputeOpened',
  disputeId,
  number: 1042,
  reference: 'C-20418',
  you: 'client',
  opener: 'client',
  parties: [{ party: 'client' }, { party: 'freelancer', name: 'Jonas' }],
  facts: { contract: 'C-20418' },
  respondBy: Date.UTC(2030, 0, 1),
}
const stated: EventBody = { type: 'disputeStated', disputeId, text: 'It came late.' }
const shared: EventBody = {
  type: 'disputeShared',
  disputeId,
  statements: [
    { party: 'client', text: 'It came late.' },
    { party: 'freelancer', text: '<b>It came in time.</b>' },
  ],
  facts: { contract: 'C-20418' },
  decideBy: Date.UTC(2030, 0, 5),
}
const proposed: EventBody = {
  type: 'disputeProposed',
  disputeId,
  proposal: 2,
  outcome: 'Half',
  words: 'Why.',
}

function disputed(...bodies: EventBody[]) {
  const fakes = createFakes()
  const { conversation } = fakes
  conversation.phase.value = 'ticketed'
  conversation.items.value = [message('1', 'visitor', 'About my contract.')]
  const said: unknown[] = []
  conversation.sayToDispute = async body => void said.push(body)
  let rows: readonly OutboxRow[] = []
  const tell = (...more: EventBody[]) => {
    const before = conversation.dispute.value
    const shown = createDisputeShown()(
      more.map((body, n) => ({
        conversationId: 'conversation-1',
        seq: n + 1,
        clientId: `event-${n}`,
        at: n,
        author: { kind: 'system' },
        body,
      })),
      rows,
      before?.typed ? { [disputeId]: before.typed } : {},
    )
    writable(conversation, shown)
  }
  /** As it lies in the outbox, refused. */
  const refused = (body: EventBody, failed: string, ...more: EventBody[]) => {
    rows = [{ clientId: 'row-00001', draft: { clientId: 'row-00001', body }, state: { failed } } as OutboxRow]
    tell(...bodies, ...more)
  }
  tell(...bodies)
  showConversation(fakes)
  return { ...mount(fakes), said, tell, refused }
}
const card = () => page.getByRole('region', { name: 'Dispute #1042: C-20418' })
const field = () => page.getByRole('textbox', { name: 'Your side' })
const button = (name: string) => page.getByRole('button', { name, exact: true })

describe('a dispute in the panel', () => {
  test('one’s own side is written, saved by keyboard, and can be changed until it is shared', async () => {
    const { said, tell, spoken, conversation } = disputed(opened)
    await expect.element(card()).toBeVisible()
    await vi.waitFor(() => expect(spoken()).toContain('Each of you says how you see it.'))
    expect((button('Save my side').element() as HTMLButtonElement).disabled).toBe(true)
    await field().fill('It came late.')
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    expect(said).toEqual([{ type: 'disputeStated', disputeId, text: 'It came late.' }])
    tell(opened, { type: 'disputeStated', disputeId, text: 'It came late.' })
    conversation.dispute.value?.type(null)
    await userEvent.click(button('Change my words'))
    await expect.element(field()).toHaveValue('It came late.')
    // Where the button was are now the words: whoever pressed it types on.
    await hasFocus(field())
    await userEvent.click(button('Leave them as they were'))
    await expect.element(button('Change my words')).toBeVisible()
  })

  test('the other side saves while one is typing: the words stay, and can be sent as a message', async () => {
    const { tell, conversation, focused, voice } = disputed(opened, stated)
    await userEvent.click(button('Change my words'))
    await field().fill('It came nine days la')
    tell(opened, stated, shared)
    await expect.element(card().getByText('It came nine days la')).toBeVisible()
    await vi.waitFor(() => expect(voice.element.textContent).toContain('Nobody has read it.'))
    conversation.draft.value = 'Hello'
    await userEvent.click(button('Use as a message'))
    expect(conversation.draft.value).toBe('Hello\n\nIt came nine days la')
    await expect.element(button('Use as a message')).not.toBeInTheDocument()
    expect(focused()?.matches('.composer textarea')).toBe(true)
  })

  test('what the server refuses for good says why and goes back to the field; nothing is tried for ever', async () => {
    const { refused, calls, spoken, host } = disputed(opened)
    refused(stated, 'closed')
    await expect.element(card().getByText('Not sent: the conversation was closed')).toBeVisible()
    await vi.waitFor(() => expect(spoken()).toBe('Not sent: the conversation was closed'))
    expect(button('Try again').elements()).toEqual([])
    const { violations } = await axe.run(host, { resultTypes: ['violations'] })
    expect(violations.map(({ id }) => id)).toEqual([])
    await userEvent.click(button('Put my words back in the field'))
    expect(calls).toContain('discard:row-00001')
    await expect.element(field()).toHaveValue('It came late.')
    refused({ type: 'disputeWithdrawn', disputeId }, 'internal')
    await userEvent.click(button('Try again'))
    expect(calls).toContain('retry:row-00001')
    await expect.element(button('Discard')).toBeVisible()
  })

  test('words that nobody took before it ended can be copied and said as a message', async () => {
    const closed: EventBody = { type: 'disputeClosed', disputeId, cause: 'withdrawn' }
    const { tell, refused, conversation, calls, focused } = disputed(opened)
    await field().fill('It came nine days la')
    tell(opened, closed)
    await expect.element(card().getByText('It came nine days la')).toBeVisible()
    await expect.element(card().getByRole('button', { name: 'Copy', exact: true })).toBeVisible()
    await userEvent.click(card().getByRole('button', { name: 'Discard' }))
    expect(card().getByText('It came nine days la').elements()).toEqual([])
    tell(opened, closed)
    refused(stated, 'closed', closed)
    await expect.element(card().getByText('It came late.')).toBeVisible()
    expect(button('Put my words back in the field').elements()).toEqual([])
    await expect.element(card().getByRole('button', { name: 'Copy', exact: true })).toBeVisible()
    await userEvent.click(button('Use as a message'))
    expect(conversation.draft.value).toBe('It came late.')
    expect(calls).toContain('discard:row-00001')
    expect(focused()?.matches('.composer textarea')).toBe(true)
  })

  test('from right to left names of facts and sides begin at the right, whatever script they are in', async () => {
    const { panel, root } = disputed(opened, stated, shared)
    panel.settings.value = { ...panel.settings.value, dir: 'rtl' }
    await expect.element(card()).toBeVisible()
    await vi.waitFor(() => {
      const named = [...root.querySelectorAll<HTMLElement>('.dispute :is(dt, figcaption)')]
      expect(named.length).toBeGreaterThan(2)
      expect(named.map(each => getComputedStyle(each).textAlign)).toEqual(named.map(() => 'right'))
    })
  })

  test('a side without a name is “the other side”, never the word that the code has for it', async () => {
    const nameless = { ...opened, parties: [{ party: 'client' }, { party: 'freelancer' }] }
    disputed(nameless, stated)
    await expect
      .element(card().getByText('The other side reads it once both have written', { exact: false }))
      .toBeVisible()
    expect(card().element().textContent).not.toMatch(/freelancer/i)
  })

  test('what both said stands as text, and the proposal is answered', async () => {
    const { said, tell, host } = disputed(opened, shared, proposed)
    await expect.element(card().getByText('<b>It came in time.</b>')).toBeVisible()
    await expect.element(card().getByText('Jonas', { exact: true })).toBeVisible()
    await userEvent.click(button('Decline'))
    expect(said).toEqual([{ type: 'disputeAnswered', disputeId, proposal: 2, accepts: false }])
    tell(opened, shared, proposed, { type: 'disputeAnswered', disputeId, proposal: 2, accepts: false })
    await expect.element(button('Decline')).toHaveAttribute('aria-pressed', 'true')
    await expect
      .element(card().getByText('The mediator reads that, and Jonas does not.', { exact: false }))
      .toBeVisible()
    tell(opened, shared, proposed, {
      type: 'disputeDecided',
      disputeId,
      cause: 'decided',
      outcome: 'A third',
      words: '',
    })
    await expect.element(card().getByText('The mediator has decided')).toBeVisible()
    await expect.element(button('Accept')).not.toBeInTheDocument()
    const { violations } = await axe.run(host, { resultTypes: ['violations'] })
    expect(violations.map(({ id }) => id)).toEqual([])
  })

  test('it is withdrawn at a second, other press alone: pressed twice in a row nothing happens', async () => {
    const { said, tell, focused } = disputed(opened)
    const withdraw = button('Withdraw the dispute')
    await userEvent.dblClick(withdraw)
    await expect.element(withdraw).toBeVisible()
    ;(withdraw.element() as HTMLElement).focus()
    await userEvent.keyboard('{Enter}')
    await hasFocus(button('Do not withdraw it'))
    await userEvent.keyboard('{Enter}')
    await hasFocus(withdraw)
    expect(said).toEqual([])
    await userEvent.keyboard('{Enter}')
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    expect(said).toEqual([{ type: 'disputeWithdrawn', disputeId }])
    tell(opened, { type: 'disputeClosed', disputeId, cause: 'withdrawn' })
    await expect.element(card().getByText('The dispute was withdrawn.', { exact: false })).toBeVisible()
    // Nobody is thrown out of the window by what is gone.
    await vi.waitFor(() => expect(focused()?.getAttribute('role')).toBe('log'))
  })
})

test('it arrives with its title in sight, in a window lower than it, and makes room for a message over it', async () => {
  await page.viewport(390, 640)
  const { conversation, host } = disputed(opened, stated, shared, proposed)
  const log = () => host.shadowRoot?.querySelector('[role=log]')?.getBoundingClientRect() ?? new DOMRect()
  const title = () => card().getByRole('heading', { name: 'Dispute #1042' }).element().getBoundingClientRect()
  await expect.element(card()).toBeVisible()
  await vi.waitFor(() => {
    expect(card().element().getBoundingClientRect().height).toBeGreaterThan(log().height)
    expect(title().top).toBeGreaterThanOrEqual(log().top)
    expect(title().top).toBeLessThan(log().top + 60)
  })
  conversation.items.value = [
    ...conversation.items.value,
    message('2', 'visitor', 'I have one more thing to say.'),
  ]
  const said = page.getByText('I have one more thing to say.')
  await vi.waitFor(() => {
    const { top, bottom } = said.element().getBoundingClientRect()
    expect(top).toBeGreaterThanOrEqual(log().top)
    expect(bottom).toBeLessThan(log().bottom)
    expect(title().bottom).toBeLessThan(log().bottom)
  })
})

test('an offer of a dispute that is refused leaves the keyboard in the window, and another page has its own', async () => {
  const fakes = createFakes()
  const { conversation, panel } = fakes
  conversation.phase.value = 'ticketed'
  conversation.items.value = [message('1', 'visitor', 'About my contract.')]
  conversation.conversationId.value = 'conversation-1'
  conversation.ticket.value = { number: 1042, category: 'contracts', priority: 'normal', status: 'open' }
  let about = 'C-20418'
  panel.disputeAbout = () => about
  const moves = signal(0)
  conversation.telling.value = { moves, isSent: signal(false) } as never
  panel.past = async () => ({ openDispute: async () => 'refused' }) as never
  showConversation(fakes)
  const { focused, host } = mount(fakes)
  const offer = button('Open a dispute about C-20418')
  await expect.element(offer).toBeVisible()
  ;(offer.element() as HTMLElement).focus()
  await userEvent.keyboard('{Enter}')
  await vi.waitFor(() => expect(host.shadowRoot?.textContent).toContain('nothing here that you could open'))
  expect(focused()?.getAttribute('role')).toBe('log')
  about = 'C-99'
  moves.value++
  await expect.element(button('Open a dispute about C-99')).toBeVisible()
  expect(host.shadowRoot?.textContent).not.toContain('nothing here that you could open')
})
