import { beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createFakes, message, notice, showConversation } from '../../../demo/states/script/fakes'
import { hasFocus, mount } from './mounted'

beforeEach(() => page.viewport(1_280, 800))

function open(arrange: (fakes: ReturnType<typeof createFakes>) => void = () => {}) {
  const fakes = createFakes()
  arrange(fakes)
  showConversation(fakes)
  return mount(fakes)
}

const field = (name = 'Your message') => page.getByRole('textbox', { name })

describe('writing', () => {
  test('Enter sends what was typed, Shift and Enter starts a new line', async () => {
    const { calls, conversation } = open()
    await userEvent.fill(field(), 'one')
    await userEvent.keyboard('{Shift>}{Enter}{/Shift}two')
    expect(conversation.draft.value).toBe('one\ntwo')
    await userEvent.keyboard('{Enter}')
    expect(calls).toContain('send:one\ntwo')
    await expect.element(field()).toHaveValue('')
    await hasFocus(field())
  })

  test('Enter that ends a composition does not send', async () => {
    const { calls, root } = open()
    await userEvent.fill(field(), 'にほん')
    const area = root.querySelector('textarea')
    area?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, isComposing: true }))
    expect(calls.filter(call => call.startsWith('send'))).toEqual([])
  })

  test('a draft is there again when the view comes back', async () => {
    open(({ conversation }) => {
      conversation.draft.value = 'half a thought'
    })
    await expect.element(field()).toHaveValue('half a thought')
  })

  test('near 4 000 characters the rest is counted, and beyond it nothing is sent', async () => {
    const { conversation } = open()
    conversation.draft.value = 'x'.repeat(3_900)
    await expect.element(page.getByText('100 characters left')).toBeVisible()
    conversation.draft.value = 'x'.repeat(4_002)
    await expect.element(page.getByText('2 characters too many')).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Send' })).toBeDisabled()
  })

  test('the field grows with the words up to five lines', async () => {
    const { conversation, root } = open()
    await expect.element(field()).toBeVisible()
    const height = () => root.querySelector('textarea')?.offsetHeight ?? 0
    const one = height()
    conversation.draft.value = 'a\nb\nc'
    await vi.waitFor(() => expect(height()).toBeGreaterThan(one + 30))
    conversation.draft.value = 'a\n'.repeat(30)
    await vi.waitFor(() => expect(height()).toBeLessThanOrEqual(one + 4 * 22 + 2))
  })

  test('what the bot asks for names the field and its keyboard', async () => {
    open(({ conversation }) => {
      conversation.expects.value = { slot: 'amount', label: 'Amount in EUR', inputMode: 'decimal' }
    })
    await expect.element(field('Amount in EUR')).toHaveAttribute('inputmode', 'decimal')
  })

  test('the field’s placeholder begins as a sentence does, whatever the flow calls what it asks for', async () => {
    const { conversation } = open()
    await expect.element(field()).toHaveAttribute('placeholder', 'Ask the assistant')
    conversation.expects.value = { slot: 'order', label: 'order number' }
    await expect.element(field('order number')).toHaveAttribute('placeholder', 'Order number')
  })
})

describe('reading', () => {
  test('history is not spoken; new words of others are, with the name where the speaker changes', async () => {
    const { conversation, spoken } = open(fakes => {
      fakes.conversation.items.value = [message('1', 'bot', 'Old answer')]
    })
    await expect.element(page.getByText('Old answer')).toBeVisible()
    expect(spoken()).toBe('')
    const add = (...items: ReturnType<typeof message>[]) => {
      conversation.items.value = [...conversation.items.value, ...items]
    }
    add(message('2', 'visitor', 'Mine'))
    add(message('3', 'agent', 'Hello'))
    await vi.waitFor(() => expect(spoken()).toBe('Mina, support: Hello'))
    add(message('4', 'agent', 'Still there?'))
    await vi.waitFor(() => expect(spoken()).toBe('Still there?'))
    add(notice('5', 'endedByAgent', { name: 'Mina' }))
    await vi.waitFor(() => expect(spoken()).toBe('Mina ended the conversation'))
  })

  test('a conversation with a person that is picked up is not read out; what was said behind one’s last words is', async () => {
    const { conversation, spoken } = open(fakes => {
      fakes.conversation.items.value = [notice('intro', 'botIntro')]
    })
    await expect.element(field()).toBeVisible()
    conversation.items.value = [
      message('1', 'agent', 'Read long ago', { seq: 1 }),
      message('2', 'visitor', 'Mine', { seq: 2 }),
      message('3', 'agent', 'New', { seq: 3 }),
    ]
    await vi.waitFor(() => expect(spoken()).toBe('Mina, support: New'))
  })

  test('an answer that comes bit by bit grows in one place, and is spoken once it is whole, with whose words they are', async () => {
    const { conversation, spoken, root } = open()
    const source = (model: 'whole' | 'stopped') => ({
      kind: 'article' as const,
      citations: [{ articleId: 'w', title: 'Delays' }],
      model,
    })
    conversation.isThinking.value = true
    conversation.arriving.value = []
    await expect.element(page.getByText('Looking for an answer…')).toBeVisible()
    conversation.arriving.value = [message('1', 'bot', 'Two days.', { source: source('whole') })]
    await expect.element(page.getByText('Writing…')).toBeVisible()
    const bubble = root.querySelector('.bubble')
    conversation.arriving.value = [message('1', 'bot', 'Two days. Or three.', { source: source('whole') })]
    await expect.element(page.getByText('Two days. Or three.')).toBeVisible()
    expect(spoken()).not.toContain('Two days')
    conversation.items.value = [
      message('1', 'bot', 'Two days. Or three. Not four.', { source: source('whole') }),
    ]
    conversation.arriving.value = null
    conversation.isThinking.value = false
    await vi.waitFor(() =>
      expect(spoken()).toBe(
        'Fairhand Help (automatic assistant): Two days. Or three. Not four.\nWorded by a language model, checked against the article',
      ),
    )
    expect([bubble?.isConnected, root.querySelectorAll('.bubble').length]).toEqual([true, 1])
    expect(page.getByRole('button', { name: 'Stop' }).query()).toBeNull()
  })

  test('what is under way can be stopped by keyboard, which is not thrown out by that; what cannot has no button', async () => {
    const { conversation, calls, focused } = open()
    conversation.isThinking.value = true
    await expect.element(page.getByText('Looking for an answer…')).toBeVisible()
    expect(page.getByRole('button', { name: 'Stop' }).query()).toBeNull()
    conversation.arriving.value = []
    await expect.element(page.getByRole('button', { name: 'Stop' })).toBeVisible()
    await userEvent.click(field())
    await userEvent.tab({ shift: true })
    await hasFocus(page.getByRole('button', { name: 'Stop' }))
    await userEvent.keyboard('{Enter}')
    expect(calls.filter(call => call.startsWith('stopAnswer'))).toHaveLength(1)
    conversation.arriving.value = null
    conversation.isThinking.value = false
    await vi.waitFor(() => expect(focused()?.getAttribute('role')).toBe('log'))
  })

  test('an answer’s source opens the article', async () => {
    const { calls } = open(({ conversation }) => {
      conversation.items.value = [
        message('1', 'bot', 'Two days.', {
          citations: [{ articleId: 'w/d', title: 'Delays', headingId: 'h' }],
        }),
      ]
    })
    await page.getByRole('button', { name: 'From: Delays' }).click()
    expect(calls).toContain('openArticle:w/d:h')
  })

  test('two sources of one article are told apart by their headings', async () => {
    const { calls } = open(({ conversation }) => {
      conversation.items.value = [
        message('1', 'bot', 'Wait a week.', {
          citations: [
            { articleId: 'w/d', title: 'Delays', headingId: 'a', headingText: 'At the bank' },
            { articleId: 'w/d', title: 'Delays', headingId: 'b', headingText: 'On weekends' },
          ],
        }),
      ]
    })
    await expect.element(page.getByRole('button', { name: 'From: Delays At the bank' })).toBeVisible()
    await page.getByRole('button', { name: 'From: Delays On weekends' }).click()
    expect(calls).toContain('openArticle:w/d:b')
  })

  test('where the words of one turn come from is said once, under the last', async () => {
    const flow = { source: { kind: 'flow', flowId: 'f', step: 'a', title: 'Withdrawals' } } as const
    const { root } = open(({ conversation }) => {
      conversation.items.value = [
        message('1', 'bot', 'I see.', flow),
        message('2', 'bot', 'Which one is it?', flow),
        message('3', 'visitor', 'W-1'),
        message('4', 'bot', 'Thank you.', flow),
      ]
    })
    await vi.waitFor(() => expect(root.querySelectorAll('.message')).toHaveLength(4))
    const isNamed = [...root.querySelectorAll('.message')].map(
      ({ textContent }) => textContent?.includes('Guided help: Withdrawals') ?? false,
    )
    expect(isNamed).toEqual([false, true, false, true])
  })

  test('a table that is wider than the window scrolls by itself, and by keyboard', async () => {
    await page.viewport(390, 844)
    const wide = Array.from({ length: 9 }, (_, i) => [`Column${i}`])
    const { root } = open(({ conversation }) => {
      conversation.items.value = [
        message('1', 'bot', 'The fees', {
          source: {
            kind: 'article',
            citations: [],
            tree: [{ t: 'table', head: wide, rows: [wide] }],
          },
        }),
      ]
    })
    await vi.waitFor(() => expect(root.querySelector('table')).not.toBeNull())
    const [log, table] = ['[role=log]', '.wide'].map(which => root.querySelector(which) as HTMLElement)
    expect(log?.scrollWidth).toBe(log?.clientWidth)
    expect(table?.scrollWidth).toBeGreaterThan(table?.clientWidth ?? 0)
    expect(table?.tabIndex).toBe(0)
  })

  test('words are words: markup in a message is shown, not run', async () => {
    const { root } = open(({ conversation }) => {
      conversation.items.value = [
        message('1', 'agent', '<img src=x onerror=alert(1)>', { format: 'markdown' }),
      ]
    })
    await expect.element(page.getByText('<img src=x onerror=alert(1)>')).toBeVisible()
    expect(root.querySelector('img')).toBeNull()
  })

  test('an agent’s Markdown becomes formatted text when its reader is there', async () => {
    const fakes = createFakes()
    fakes.panel.parseMarkdown = async () => [{ t: 'p', c: [{ t: 'b', c: ['important'] }] }]
    fakes.conversation.items.value = [message('1', 'agent', '**important**')]
    showConversation(fakes)
    const { root } = mount(fakes)
    await vi.waitFor(() => expect(root.querySelector('strong')?.textContent).toBe('important'))
  })

  test('what a flow says comes with its marks; its links open articles, and what the visitor typed stays text', async () => {
    const { calls, root } = open(({ conversation }) => {
      conversation.items.value = [
        message('1', 'bot', 'Open the fees for <b>me</b>.', {
          source: {
            kind: 'flow',
            flowId: 'f',
            step: 'a',
            tree: [
              {
                t: 'p',
                c: [
                  { t: 'b', c: ['Open '] },
                  { t: 'ref', id: 'w/fees', h: 'who', c: ['the fees'] },
                  ' for <b>me</b>.',
                ],
              },
              { t: 'p', c: [{ t: 'a', href: 'javascript:alert(1)', c: ['here'] }] },
            ],
          },
        }),
      ]
    })
    await vi.waitFor(() => expect(root.querySelector('strong')?.textContent).toBe('Open '))
    expect(root.querySelector('.bubble')?.textContent).toBe('Open the fees for <b>me</b>.here')
    expect(root.querySelector('.bubble a')).toBeNull()
    await page.getByRole('button', { name: 'the fees' }).click()
    expect(calls).toContain('openArticle:w/fees:who')
  })

  test('a long history starts with its newest 50 items and shows earlier ones on request', async () => {
    const { root } = open(({ conversation }) => {
      conversation.items.value = Array.from({ length: 120 }, (_, i) => message(`${i}`, 'bot', `line ${i}`))
    })
    await expect.element(page.getByText('line 119')).toBeVisible()
    expect(root.querySelectorAll('.message')).toHaveLength(50)
    await page.getByRole('button', { name: 'Show earlier messages' }).click()
    await vi.waitFor(() => expect(root.querySelectorAll('.message')).toHaveLength(100))
    await page.getByRole('button', { name: 'Show earlier messages' }).click()
    // It goes with the oldest line, and leaves the keyboard where one reads on.
    await hasFocus(page.getByRole('log', { name: 'Conversation' }))
  })

  test('the newest line is in sight, and stays there when more comes', async () => {
    const { conversation } = open(fakes => {
      fakes.conversation.items.value = Array.from({ length: 40 }, (_, i) =>
        message(`${i}`, 'bot', `line ${i}`),
      )
    })
    await expect.element(page.getByText('line 39')).toBeInViewport()
    conversation.items.value = [...conversation.items.value, message('new', 'agent', 'newest')]
    await expect.element(page.getByText('newest')).toBeInViewport()
  })

  test('what is shown in an open panel counts as seen', async () => {
    const { panel, conversation, calls } = open()
    await vi.waitFor(() => expect(calls).toContain('seen'))
    panel.isOpen.value = false
    calls.length = 0
    conversation.items.value = [message('1', 'agent', 'Hello?')]
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
    expect(calls).not.toContain('seen')
  })
})

describe('the keyboard', () => {
  test('an answer by keyboard leaves it in the panel, and the next choices are one Tab away', async () => {
    const { conversation, focused } = open(fakes => {
      fakes.conversation.choices.value = [{ id: 'a', label: 'First' }]
    })
    const first = page.getByRole('button', { name: 'First' })
    await expect.element(first).toBeVisible()
    ;(first.element() as HTMLElement).focus()
    conversation.choices.value = []
    await vi.waitFor(() => expect(focused()?.getAttribute('role')).toBe('log'))
    conversation.choices.value = [{ id: 'b', label: 'Second' }]
    await expect.element(page.getByRole('button', { name: 'Second' })).toBeVisible()
    await userEvent.tab()
    await hasFocus(page.getByRole('button', { name: 'Second' }))
  })

  test('when the other side ends the conversation, it is not thrown out of the panel', async () => {
    const { conversation, focused } = open()
    await userEvent.fill(field(), 'and then')
    conversation.phase.value = 'ended'
    await vi.waitFor(() => expect(focused()?.getAttribute('role')).toBe('log'))
  })

  test('a question that leads from search to the conversation leads it to the composer', async () => {
    const fakes = createFakes()
    mount(fakes)
    showConversation(fakes)
    await hasFocus(field())
  })
})

describe('delivery', () => {
  test('only what the server said is claimed, under the line it is about', async () => {
    const { root } = open(({ conversation }) => {
      conversation.items.value = [
        message('1', 'visitor', 'a', { state: 'read' }),
        message('2', 'visitor', 'b', { state: 'delivered' }),
        message('3', 'visitor', 'c', { state: 'queued' }),
      ]
      conversation.phase.value = 'live'
    })
    await expect.element(page.getByText('Waiting to be sent')).toBeVisible()
    const said = [...root.querySelectorAll('.message')].map(
      item => item.querySelector('.fine')?.textContent ?? '',
    )
    expect(said).toEqual(['', 'Delivered', 'Waiting to be sent'])
  })

  test('words that could not be sent say why, and can be tried again or thrown away', async () => {
    const { calls } = open(({ conversation }) => {
      conversation.items.value = [message('m1', 'visitor', 'a', { state: { failed: 'closed' } })]
    })
    await expect.element(page.getByText('Not sent: the conversation was closed')).toBeVisible()
    await page.getByRole('button', { name: 'Retry' }).click()
    await page.getByRole('button', { name: 'Discard' }).click()
    expect(calls).toEqual(expect.arrayContaining(['retry:m1', 'discard:m1']))
  })

  test('a code without a sentence of its own is never shown as a key', async () => {
    open(({ conversation }) => {
      conversation.items.value = [message('m1', 'visitor', 'a', { state: { failed: 'new_code' } })]
    })
    await expect.element(page.getByText('Not sent: the server refused it')).toBeVisible()
  })

  test('old words are asked about before they go out', async () => {
    const { calls } = open(({ conversation }) => {
      conversation.items.value = [message('m1', 'visitor', 'a', { state: 'needsConfirm' })]
    })
    await page.getByRole('button', { name: 'Send now' }).click()
    expect(calls).toContain('retry:m1')
  })
})

describe('on the way to a person', () => {
  test('there is one button to ask for one: the bot’s where it has one, else the one below', async () => {
    const { conversation } = open()
    const person = page.getByRole('button', { name: 'Talk to a person' })
    await expect.element(person).toBeVisible()
    conversation.choices.value = [{ id: 'person', label: 'Talk to a person' }]
    await expect
      .element(page.getByRole('listitem').getByRole('button', { name: 'Talk to a person' }))
      .toBeVisible()
    expect(person.elements()).toHaveLength(1)
  })

  test.each(['pressed', 'replaced by the bot’s'])(
    'the button below leaves the focus in the panel when it is %s',
    async how => {
      const { root, conversation } = open()
      const person = page.getByRole('button', { name: 'Talk to a person' })
      await expect.element(person).toBeVisible()
      ;(person.element() as HTMLElement).focus()
      expect(root.activeElement).toBe(person.element())
      if (how === 'pressed') conversation.phase.value = 'offered'
      else conversation.choices.value = [{ id: 'person', label: 'Talk to a person' }]
      await vi.waitFor(() => expect(root.activeElement?.getAttribute('role')).toBe('log'))
    },
  )

  const choosing = (calls: readonly string[]) => calls.findLast(call => call.startsWith('setChoosing'))
  const offer = {
    reason: 'askedForPerson',
    checking: false,
    channels: [
      {
        channel: 'live',
        available: true,
        expectedWaitMs: 130_000,
        opensAt: null,
        recommended: true,
        needsContact: null,
      },
      {
        channel: 'ticket',
        available: true,
        expectedWaitMs: null,
        opensAt: null,
        recommended: false,
        needsContact: 'email',
      },
      {
        channel: 'phone',
        available: false,
        expectedWaitMs: null,
        opensAt: null,
        recommended: false,
        needsContact: 'phone',
      },
    ],
  } as const

  test('each road says its wait; a closed one cannot be chosen', async () => {
    const { calls } = open(({ conversation }) => {
      conversation.phase.value = 'offered'
      conversation.offer.value = offer
    })
    await expect.element(page.getByRole('button', { name: /call-back/ })).toBeDisabled()
    await page.getByRole('button', { name: /Chat now.*about 3 min wait/ }).click()
    expect(calls).toContain('chooseChannel:live')
  })

  test('who waits already has what reads a person’s marks: their first words do not change their looks', async () => {
    const read = vi.fn(async () => null)
    open(({ panel, conversation }) => {
      Object.assign(panel, { parseMarkdown: read })
      conversation.phase.value = 'queued'
    })
    await vi.waitFor(() => expect(read).toHaveBeenCalledExactlyOnceWith(''))
  })

  test('a ticket asks for an address, and an incomplete one is not taken', async () => {
    const { calls, spoken } = open(({ conversation }) => {
      conversation.phase.value = 'offered'
      conversation.offer.value = offer
    })
    await page.getByRole('button', { name: /Leave a message/ }).click()
    await vi.waitFor(() => expect(choosing(calls)).toBe('setChoosing:true'))
    await userEvent.fill(field('Your e-mail address'), 'ana@')
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(spoken()).toContain('does not look complete'))
    await expect.element(field('Your e-mail address')).toHaveAttribute('aria-invalid', 'true')
    await userEvent.fill(field('Your e-mail address'), 'ana@mail.example')
    await userEvent.keyboard('{Enter}')
    expect(calls).toContain('chooseChannel:ticket:{"email":"ana@mail.example"}')
  })

  test.each(['closed', 'gone'])('the card is one that is filled in until the form is %s', async how => {
    const { calls, conversation } = open(fakes => {
      fakes.conversation.phase.value = 'offered'
      fakes.conversation.offer.value = offer
    })
    const ticket = page.getByRole('button', { name: /Leave a message/ })
    await ticket.click()
    await vi.waitFor(() => expect(choosing(calls)).toBe('setChoosing:true'))
    if (how === 'closed') await ticket.click()
    else conversation.phase.value = 'bot'
    await vi.waitFor(() => expect(choosing(calls)).toBe('setChoosing:false'))
  })

  test('consent lists every value that would be sent, before it is', async () => {
    const { calls } = open(({ conversation }) => {
      conversation.consent.value = {
        action: 'a',
        label: 'Look it up',
        sends: [{ label: 'Withdrawal', value: 'WD-4471' }],
      }
    })
    await expect
      .element(page.getByRole('region', { name: 'Allow this?' }))
      .toHaveTextContent('WithdrawalWD-4471')
    await page.getByRole('button', { name: 'No, thanks' }).click()
    expect(calls).toContain('answerConsent:false')
  })

  test('the queue shows the place, and an unknown wait is called unknown', async () => {
    const { calls, conversation } = open(fakes => {
      fakes.conversation.phase.value = 'queued'
      fakes.conversation.place.value = 2
    })
    // What a screen reader is told stands beside the panel.
    const shown = page.getByRole('dialog')
    await expect.element(shown.getByText('You are number 2 in the queue.')).toBeVisible()
    await expect.element(shown.getByText('We do not know how long it will take.')).toBeVisible()
    conversation.expectedWaitMs.value = 20_000
    await expect.element(page.getByText('Usually about 1 min.')).toBeVisible()
    conversation.expectedRange.value = { lowMs: 250_000, highMs: 500_000 }
    await expect.element(page.getByText('Most likely 4 to 9 minutes.')).toBeVisible()
    await page.getByRole('button', { name: 'Leave the queue' }).click()
    expect(calls).toContain('cancelWaiting')
  })

  test('a ticket’s number is shown as it is written, and an address can still be left', async () => {
    const { calls } = open(({ conversation }) => {
      conversation.phase.value = 'ticketed'
      conversation.ticket.value = { number: 1001, category: 'x', priority: 'normal', status: 'open' }
    })
    await expect.element(page.getByText('#1001')).toBeVisible()
    await userEvent.fill(field('Your e-mail address'), 'a@b.example')
    await userEvent.keyboard('{Enter}')
    expect(calls).toContain('giveContact:{"email":"a@b.example"}')
  })

  test('one slip does not send a person away', async () => {
    const { calls } = open(({ conversation }) => {
      conversation.phase.value = 'live'
      conversation.agent.value = { agentId: 'a1', name: 'Mina' }
    })
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('button', { name: 'End the conversation' }).click()
    // The keyboard stands where a second press of the same key ends nothing.
    await hasFocus(page.getByRole('button', { name: 'Stay' }))
    expect(calls).not.toContain('end')
    await page.getByRole('button', { name: 'End it now' }).click()
    expect(calls).toContain('end')
  })

  test('out of reach, the text can be taken along and an address is named', async () => {
    const { root } = open(({ conversation }) => {
      conversation.isStranded.value = true
    })
    await expect.element(page.getByText(/write to help@fairhand.example/)).toBeVisible()
    expect(root.querySelector<HTMLAnchorElement>('a[href^="mailto:"]')?.href).toBe(
      'mailto:help@fairhand.example',
    )
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValueOnce(new Error('not allowed'))
    await page.getByRole('button', { name: 'Copy the conversation' }).click()
    await expect.element(field('Copy the conversation')).toHaveValue('You 14:02: Where is my money?')
    write.mockRestore()
  })

  test('after the end there is a way on', async () => {
    const { calls } = open(({ conversation }) => {
      conversation.phase.value = 'ended'
    })
    await expect.element(field()).not.toBeInTheDocument()
    await page.getByRole('button', { name: 'Ask something else' }).click()
    expect(calls).toContain('askAgain')
  })

  test('what cannot be kept is said before it is lost', async () => {
    open(({ conversation }) => {
      conversation.keeping.value = 'memory'
    })
    await expect.element(page.getByText(/refuses storage/)).toBeVisible()
  })
})
