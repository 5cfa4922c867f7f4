// What is asked and offered once a person's conversation is over.

import axe from 'axe-core'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createFakes, message, notice, showConversation } from '../../../demo/states/script/fakes'
import type { Rating } from '../../../src/conversation/rating'
import { hasFocus, mount } from './mounted'

beforeEach(() => page.viewport(1_280, 800))

const UNASKED: Rating = { score: undefined, comment: '', state: 'unasked', key: '' }

function over(arrange: (fakes: ReturnType<typeof createFakes>) => void = () => {}) {
  const fakes = createFakes()
  const { conversation } = fakes
  conversation.phase.value = 'ended'
  conversation.items.value = [
    message('1', 'agent', 'It is on its way.'),
    notice('2', 'endedByAgent', { name: 'Mina' }),
  ]
  conversation.rating.value = UNASKED
  arrange(fakes)
  showConversation(fakes)
  return mount(fakes)
}
/** In the window; the same is said through the live region. */
const shown = () => page.getByRole('dialog')
const choice = (name: string) => page.getByRole('radio', { name, exact: true })

describe('How was it?', () => {
  test('five named choices are one stop of the keyboard; arrows move, and only a press is saved', async () => {
    const { calls, spoken } = over()
    await expect.element(page.getByRole('radiogroup', { name: 'How was it?' })).toBeVisible()
    expect(
      page
        .getByRole('radio')
        .elements()
        .map(each => each.textContent),
    ).toEqual(['Very bad', 'Bad', 'So-so', 'Good', 'Very good'])
    await vi.waitFor(() => expect(spoken()).toBe('How was it?'))
    ;(choice('So-so').element() as HTMLElement).focus()
    await userEvent.keyboard('{ArrowRight}')
    await hasFocus(choice('Good'))
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowLeft}')
    await hasFocus(choice('Very good'))
    expect(calls.filter(call => call.startsWith('rate'))).toEqual([])
    await userEvent.keyboard(' ')
    expect(calls).toContain('rate:5:')
    await userEvent.tab()
    await hasFocus(page.getByRole('button', { name: 'No, thanks' }))
  })

  test('the five stand in one row at 320 px, each as large as a finger, with its whole name', async () => {
    await page.viewport(320, 640)
    over()
    await expect.element(choice('Very bad')).toBeVisible()
    const all = page.getByRole('radio').elements() as HTMLElement[]
    expect(new Set(all.map(each => each.offsetTop)).size).toBe(1)
    for (const each of all) {
      expect(Math.min(each.offsetWidth, each.offsetHeight)).toBeGreaterThanOrEqual(44)
      expect(each.scrollWidth).toBeLessThanOrEqual(each.clientWidth)
    }
  })

  test('the choice is kept at once; the comment goes with it, counted, and then thanks are all', async () => {
    const { calls, conversation, spoken } = over()
    await choice('Good').click()
    conversation.rating.value = { ...UNASKED, score: 4, state: 'onItsWay' }
    await expect.element(choice('Good')).toHaveAttribute('aria-checked', 'true')
    await expect.element(shown().getByText('sent as soon as there is a connection')).toBeVisible()
    conversation.rating.value = { ...UNASKED, score: 4, state: 'stored' }
    await vi.waitFor(() => expect(spoken()).toBe('Thank you. Your answer is saved.'))
    const comment = page.getByRole('textbox', { name: 'Anything you want to add? (optional)' })
    await userEvent.fill(comment, 'x'.repeat(1_003))
    await expect.element(shown().getByText('3 characters too many')).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Send', exact: true })).toBeDisabled()
    await userEvent.fill(comment, 'Quick and kind')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    expect(calls).toContain('rate:4:Quick and kind')
    conversation.rating.value = { ...UNASKED, score: 4, comment: 'Quick and kind', state: 'stored' }
    await expect.element(comment).not.toBeInTheDocument()
    // The field had the keyboard, and is gone with its words.
    await hasFocus(page.getByRole('log', { name: 'Conversation' }))
    await expect.element(shown().getByText('Thank you. Your answer is saved.')).toBeVisible()
  })

  test('"No, thanks" takes the question away, and the keyboard stays in the conversation', async () => {
    const { calls, conversation, root } = over()
    await page.getByRole('button', { name: 'No, thanks' }).click()
    expect(calls).toContain('rate:null')
    conversation.rating.value = { ...UNASKED, score: null, state: 'onItsWay' }
    await expect.element(page.getByRole('radiogroup')).not.toBeInTheDocument()
    expect(root.activeElement?.getAttribute('role')).toBe('log')
  })

  test('what was answered before this page came is not asked again', async () => {
    over(({ conversation }) => {
      conversation.rating.value = { ...UNASKED, score: 2, state: 'stored' }
    })
    await expect.element(page.getByRole('button', { name: 'Ask something else' })).toBeVisible()
    expect(page.getByRole('radiogroup').elements()).toEqual([])
  })

  test('a server that does not take it is no thanks', async () => {
    const { conversation } = over()
    await choice('Bad').click()
    conversation.rating.value = { ...UNASKED, score: 2, state: 'failed' }
    await expect.element(shown().getByText('could not be saved')).toBeVisible()
  })

  test('no rule of axe is broken, unanswered or answered', async () => {
    const { conversation, host } = over()
    await expect.element(page.getByRole('radiogroup')).toBeVisible()
    const broken = async () =>
      (await axe.run(host, { resultTypes: ['violations'] })).violations.map(({ id }) => id)
    expect(await broken()).toEqual([])
    conversation.rating.value = { ...UNASKED, score: 4, state: 'stored' }
    await expect.element(page.getByRole('textbox')).toBeVisible()
    expect(await broken()).toEqual([])
  })
})

describe('a copy to keep', () => {
  test('the file holds what was said, comes from the page itself, and no listener of the page hears the press', async () => {
    const files: Blob[] = []
    const made = vi.spyOn(URL, 'createObjectURL').mockImplementation(blob => {
      files.push(blob as Blob)
      return 'blob:made'
    })
    const names: string[] = []
    const press = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      names.push(`${this.download} ${this.href} ${this.isConnected}`)
    })
    over()
    await page.getByRole('button', { name: 'Save as a text file' }).click()
    expect(names).toEqual(['fairhand-help-2026-11-20.txt blob:made false'])
    expect(await files[0]?.text()).toBe('You 14:02: Where is my money?')
    made.mockRestore()
    press.mockRestore()
  })

  test('e-mail is offered only where the site takes it, with the address that is known, and says what came of it', async () => {
    over()
    await expect.element(page.getByRole('button', { name: 'Save as a text file' })).toBeVisible()
    expect(page.getByRole('button', { name: 'Send by e-mail' }).elements()).toEqual([])
    const sent: string[] = []
    const { spoken } = over(({ panel, conversation }) => {
      let tries = 0
      panel.past = async () => ({
        list: async () => [],
        thread: async () => [],
        files: () => Promise.reject(new Error('not asked for')),
        openDispute: async () => null,
        hearsTranscript: () => true,
        async sendTranscript(_, email) {
          if (++tries === 1) throw new Error('down')
          sent.push(email)
          return 'sent' as const
        },
      })
      conversation.contact.value = { email: 'ann@example.org' }
    })
    const send = async () => {
      await page.getByRole('button', { name: 'Send by e-mail' }).click()
      const address = page.getByRole('textbox', { name: 'Your e-mail address' })
      await expect.element(address).toHaveValue('ann@example.org')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
    }
    await send()
    await expect.element(shown().getByText('It could not be sent.')).toBeVisible()
    await send()
    await vi.waitFor(() => expect(spoken()).toBe('Sent.'))
    expect(sent).toEqual(['ann@example.org'])
  })
})

describe('while a person is waited for or there', () => {
  const live = (arrange: (fakes: ReturnType<typeof createFakes>) => void = () => {}) => {
    const fakes = createFakes()
    fakes.conversation.phase.value = 'live'
    fakes.conversation.agent.value = { agentId: 'a1', name: 'Noor' }
    arrange(fakes)
    showConversation(fakes)
    return mount(fakes)
  }

  test('whether the agent is here stands there once and is said when it changes; not known is not "here"', async () => {
    const { conversation, spoken } = live()
    await expect.element(shown().getByText('Noor, support')).toBeVisible()
    expect(shown().getByText('Noor is here').elements()).toEqual([])
    conversation.agentPresence.value = 'here'
    await expect.element(shown().getByText('Noor is here')).toBeVisible()
    expect(spoken()).toBe('')
    conversation.agentPresence.value = 'away'
    await expect.element(shown().getByText('Noor is away for a moment')).toBeVisible()
    await vi.waitFor(() => expect(spoken()).toBe('Noor is away for a moment'))
    conversation.agentPresence.value = 'gone'
    await expect.element(shown().getByText('Noor lost the connection.')).toBeVisible()
    conversation.agentPresence.value = null
    await expect.element(shown().getByText('Noor lost the connection.')).not.toBeInTheDocument()
  })

  const more = () => page.getByRole('button', { name: 'More', exact: true })

  test('on a phone who is there is one line; what one can do opens under it, and Escape closes that first', async () => {
    await page.viewport(320, 640)
    const { conversation, root, calls } = live()
    conversation.agentPresence.value = 'here'
    await expect.element(shown().getByText('Noor is here')).toBeVisible()
    const banner = root.querySelector('.banner') as HTMLElement
    expect(banner.offsetHeight).toBeLessThanOrEqual(56)
    await more().click()
    for (const name of ['Leave your e-mail, in case you are gone', 'Keep a copy', 'End the conversation'])
      await expect.element(page.getByRole('button', { name })).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await hasFocus(more())
    await expect.element(page.getByRole('button', { name: 'End the conversation' })).not.toBeInTheDocument()
    expect(calls).not.toContain('close')
  })

  test('who talks leaves an address once, and it is promised when the server has it; it can be changed', async () => {
    const { calls, conversation } = live()
    await more().click()
    await page.getByRole('button', { name: 'Leave your e-mail, in case you are gone' }).click()
    await expect.element(shown().getByText('The conversation goes on here.')).toBeVisible()
    await userEvent.fill(page.getByRole('textbox', { name: 'Your e-mail address' }), 'ann@example.org')
    await userEvent.keyboard('{Enter}')
    expect(calls).toContain('giveContact:{"email":"ann@example.org"}')
    const contact = { email: 'ann@example.org' }
    conversation.contact.value = contact
    conversation.answerAt.value = { contact, state: 'onItsWay' }
    await expect.element(shown().getByText('Saving ann@example.org…')).toBeVisible()
    conversation.answerAt.value = { contact, state: 'stored' }
    await expect.element(shown().getByText('If you are gone, we answer to ann@example.org.')).toBeVisible()
    await page.getByRole('button', { name: 'Change' }).click()
    await expect
      .element(page.getByRole('textbox', { name: 'Your e-mail address' }))
      .toHaveValue('ann@example.org')
    conversation.answerAt.value = { contact, state: 'failed' }
    await expect.element(shown().getByText('ann@example.org could not be saved.')).toBeVisible()
  })

  const waits = () =>
    live(({ conversation }) => {
      conversation.phase.value = 'queued'
      conversation.agent.value = null
      conversation.place.value = 2
    })

  test('the place is said when one comes and with each step forward, not with each minute', async () => {
    const { conversation, spoken } = waits()
    await vi.waitFor(() => expect(spoken()).toMatch(/^You are number 2 in the queue\. /))
    const said = spoken()
    conversation.expectedWaitMs.value = 9 * 60_000
    await expect.element(shown().getByText(/9 min/)).toBeVisible()
    expect(spoken()).toBe(said)
    conversation.place.value = 1
    await vi.waitFor(() => expect(spoken()).not.toBe(said))
  })

  test('who cannot wait leaves an address and reads that the place is kept; nothing ends by it', async () => {
    const { calls, conversation } = waits()
    expect(page.getByRole('button', { name: 'End waiting' }).elements()).toEqual([])
    await page.getByRole('button', { name: 'If you cannot wait: leave your e-mail' }).click()
    await expect
      .element(shown().getByText('Your place is kept. We answer there if you are gone.'))
      .toBeVisible()
    await userEvent.fill(page.getByRole('textbox', { name: 'Your e-mail address' }), 'ann@example.org')
    await userEvent.keyboard('{Enter}')
    conversation.answerAt.value = { contact: { email: 'ann@example.org' }, state: 'stored' }
    await expect.element(shown().getByText('If you are gone, we answer to ann@example.org.')).toBeVisible()
    await expect.element(shown().getByText('You are number 2 in the queue.')).toBeVisible()
    expect(calls.filter(call => /^(giveContact|answerByMail|cancel)/.test(call))).toEqual([
      'giveContact:{"email":"ann@example.org"}',
    ])
  })

  test('ending the wait for an e-mail is a second act, asked once more, and kept to the same address', async () => {
    const { calls, conversation } = waits()
    conversation.answerAt.value = { contact: { email: 'ann@example.org' }, state: 'stored' }
    const end = page.getByRole('button', { name: 'End waiting, answer by e-mail' })
    await end.click()
    await page.getByRole('button', { name: 'Keep my place' }).click()
    await hasFocus(end)
    expect(calls.filter(call => call.startsWith('answerByMail'))).toEqual([])
    await end.click()
    await page.getByRole('button', { name: 'Yes, end waiting' }).click()
    expect(calls).toContain('answerByMail:{"email":"ann@example.org"}')
  })

  test('no rule of axe is broken', async () => {
    const { host } = live(({ conversation }) => {
      conversation.agentPresence.value = 'gone'
      conversation.answerAt.value = { contact: { email: 'ann@example.org' }, state: 'stored' }
    })
    await more().click()
    await page.getByRole('button', { name: 'Keep a copy' }).click()
    await page.getByRole('button', { name: 'Change' }).click()
    await expect.element(page.getByRole('button', { name: 'Save as a text file' })).toBeVisible()
    const { violations } = await axe.run(host, { resultTypes: ['violations'] })
    expect(violations.map(({ id }) => id)).toEqual([])
  })
})
