// A dispute in the window of one side: what can be said, and what stands of the other.

import axe from 'axe-core'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createFakes, message, showConversation } from '../../../demo/states/script/fakes'
import { createDisputeShown } from '../../../src/conversation/disputeShown'
import type { EventBody } from '../../../src/protocol/events'
import { mount } from './mounted'

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
  const tell = (...more: EventBody[]) => {
    conversation.dispute.value = createDisputeShown()(
      more.map((body, n) => ({
        conversationId: 'conversation-1',
        seq: n + 1,
        clientId: `event-${n}`,
        at: n,
        author: { kind: 'system' },
        body,
      })),
      [],
    )
  }
  tell(...bodies)
  showConversation(fakes)
  return { ...mount(fakes), said, tell }
}
const card = () => page.getByRole('region', { name: 'Dispute #1042: C-20418' })
const button = (name: string) => page.getByRole('button', { name, exact: true })

describe('a dispute in the panel', () => {
  test('one’s own side is written, saved by keyboard, and can be changed until it is shared', async () => {
    const { said, tell, spoken } = disputed(opened)
    await expect.element(card()).toBeVisible()
    await vi.waitFor(() => expect(spoken()).toContain('Each of you says how you see it.'))
    expect((button('Save my side').element() as HTMLButtonElement).disabled).toBe(true)
    await page.getByLabelText('Your side').fill('It came late.')
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    expect(said).toEqual([{ type: 'disputeStated', disputeId, text: 'It came late.' }])
    tell(opened, { type: 'disputeStated', disputeId, text: 'It came late.' })
    await userEvent.click(button('Change my words'))
    await expect.element(page.getByLabelText('Your side')).toHaveValue('It came late.')
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

  test('it is taken back at the second press alone', async () => {
    const { said } = disputed(opened)
    await userEvent.click(button('Take the dispute back'))
    expect(said).toEqual([])
    await userEvent.click(button('Yes, take it back'))
    expect(said).toEqual([{ type: 'disputeWithdrawn', disputeId }])
  })
})
