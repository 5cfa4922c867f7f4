import { describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { DELIVERIES } from '../../../demo/states/script/deliveries'
import { ADA, briefOf, GRACE, type ScriptedDesk } from '../../../demo/states/script/deskScript'
import { REVIEWS, TO_JUDGE } from '../../../demo/states/script/reviews'
import type { CannedReply } from '../../../src/protocol/deskRecords'
import { violations } from './deskAxe'
import { LUCA, MIA, openDesk, reply } from './openDesk'

const EVIL = '<img src=x onerror="globalThis.pwned=1">'

let desk: ScriptedDesk

const note = () => page.getByRole('textbox', { name: 'Your note, only agents see it' })
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const canned = (shortcut: string, title: string, text: string): CannedReply => ({
  replyId: `reply-${shortcut}`,
  revision: 1,
  shortcut,
  title,
  text,
  editedBy: GRACE,
  editedAt: Date.now(),
})

describe('a reply that is held', () => {
  test('says when it goes, is not read out each second, and comes back into the field by Ctrl+Z', async () => {
    desk = await openDesk(LUCA)
    desk.model.workplace.value?.preferences.setHoldsReplies(true)
    await reply().fill('Hello Luke')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText(/^Sends in \d s$/)).toBeInTheDocument()
    expect(document.querySelector('.seconds')?.getAttribute('aria-hidden')).toBe('true')
    expect(await violations()).toEqual([])
    await userEvent.keyboard('{Control>}z{/Control}')
    await expect.element(reply()).toHaveValue('Hello Luke')
    expect(desk.texts(LUCA)).not.toContain('Hello Luke')
    await userEvent.keyboard('{Control>}{Enter}{/Control}')
    await vi.waitFor(() => expect(desk.texts(LUCA).at(-1)).toBe('Hello Luke'))
  })

  test('comes back by the button too, and the keyboard is in the field', async () => {
    desk = await openDesk(LUCA)
    desk.model.workplace.value?.preferences.setHoldsReplies(true)
    await reply().fill('Hello Luke')
    await userEvent.keyboard('{Enter}')
    await button('Undo').click()
    await expect.element(reply()).toHaveFocus()
    await expect.element(reply()).toHaveValue('Hello Luke')
  })
})

describe('notes', () => {
  test('are another field in another colour, and never a message; they stand where they were written', async () => {
    desk = await openDesk(LUCA)
    await reply().fill('Half a reply')
    await page.getByText('Note', { exact: true }).click()
    await expect.element(note()).toHaveFocus()
    await expect.element(note()).toHaveValue('')
    await expect.element(page.getByText('Only agents see this')).toBeVisible()
    const before = desk.texts(LUCA)
    await userEvent.keyboard(`Calls **twice** a day ${EVIL}{Enter}`)
    await expect.element(page.getByText('Note, only agents see it')).toBeVisible()
    const shown = document.querySelector('[data-note]')
    expect(shown?.querySelector('strong')?.textContent).toBe('twice')
    expect(shown?.querySelector('img')).toBeNull()
    expect(desk.texts(LUCA)).toEqual(before)
    expect(await violations()).toEqual([])
    await page.getByText('Reply', { exact: true }).click()
    await expect.element(reply()).toHaveValue('Half a reply')
  })

  test('may be written where somebody else has the conversation', async () => {
    desk = await openDesk('conv-omar-0005')
    await page.getByText('Note', { exact: true }).click()
    await note().fill('I know this one')
    await button('Save note').click()
    await vi.waitFor(() => expect(desk.asked('note')).toHaveLength(1))
    await expect.element(page.getByText('I know this one')).toBeVisible()
  })
})

describe('the details', () => {
  test('say where the visitor is and was, the language by name, and open earlier conversations in place', async () => {
    desk = await openDesk(MIA)
    const start = briefOf({}).page
    desk.details(MIA, {
      visitor: { state: 'gone', seenAt: Date.now() - 60_000 },
      pageNow: { at: Date.now(), page: { ...start, name: EVIL, url: 'https://market.example/other' } },
      earlier: [
        {
          conversationId: 'conv-jun-0006',
          phase: 'ended',
          lastAt: Date.now() - 86_400_000,
          head: 4,
          question: 'Thanks, solved!',
          ticketNumber: 1001,
          agentName: 'Grace Hopper',
        },
      ],
    })
    const aside = page.getByRole('complementary')
    await expect.element(aside.getByText('Page now')).toBeVisible()
    await expect.element(aside.getByText('Page at the start')).toBeVisible()
    await expect.element(aside.getByText(/^Not on the site since/)).toBeVisible()
    await expect.element(aside.getByText('British English')).toBeInTheDocument()
    expect(document.querySelector('.desk-brief img')).toBeNull()
    expect(await violations()).toEqual([])
    await aside.getByRole('button', { name: /Thanks, solved!/ }).click()
    await expect.element(page.getByRole('heading', { level: 2, name: 'Jun' })).toBeVisible()
    await button('Back').click()
    await expect.element(page.getByRole('heading', { level: 2, name: 'Mia Okafor' })).toBeVisible()
  })

  test('a ticket says its priority once: where it can be changed', async () => {
    desk = await openDesk()
    const ticket = { number: 1050, category: 'account', priority: 'high', status: 'open' } as const
    desk.openConversation(
      { id: 'conv-tove-0011', brief: briefOf({ name: 'Tove' }), row: { priority: 'high' } },
      1,
      [[{ kind: 'system' }, { type: 'ticketOpened', cause: 'nobodyThere', ticket }, 1]],
    )
    desk.model.open('conv-tove-0011')
    const aside = page.getByRole('complementary')
    await expect.element(aside.getByRole('combobox', { name: 'Priority' })).toBeVisible()
    expect(aside.getByText('Priority', { exact: true }).elements()).toHaveLength(1)
  })

  test('a label is chosen by keyboard from those in use, or is a new one, and goes by its button', async () => {
    desk = await openDesk(MIA)
    const field = page.getByRole('combobox', { name: 'Add a label' })
    await field.fill('re')
    await expect.element(page.getByRole('option', { name: 'refund' })).toBeVisible()
    expect(await violations()).toEqual([])
    await userEvent.keyboard('{ArrowDown}{Enter}')
    await expect.element(button('Remove label refund')).toBeVisible()
    await field.fill(EVIL.slice(0, 39))
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(desk.asked('label')).toHaveLength(2))
    expect(document.querySelector('.desk-brief img')).toBeNull()
    await button('Remove label refund').click()
    await expect.element(button('Remove label refund')).not.toBeInTheDocument()
    await expect.element(field).toHaveFocus()
  })
})

describe('ready answers', () => {
  test('a slash opens the list; keys choose; what has no value stops sending until it is filled', async () => {
    desk = await openDesk(LUCA)
    desk.setReplies([
      canned('refund', 'How refunds work', 'Hi {visitor.name}, order {slot.order} is on its way.'),
      canned('welcome', 'Hello', 'Welcome!'),
    ])
    await vi.waitFor(() => expect(desk.model.workplace.value?.replies.replies.value).toHaveLength(2))
    await reply().fill('/')
    await expect.element(page.getByRole('option', { name: /refund/ })).toBeVisible()
    await expect.element(page.getByText(/^2 ready answers/)).toBeInTheDocument()
    expect(await violations()).toEqual([])
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('option', { name: /refund/ })).not.toBeInTheDocument()
    // Escape was for the list: the conversation is still open.
    await expect.element(reply()).toHaveFocus()
    await reply().fill('')
    await reply().fill('/wel')
    await userEvent.keyboard('{Tab}')
    await expect.element(reply()).toHaveValue('Welcome!')
    await reply().fill('/ref')
    await userEvent.keyboard('{Enter}')
    await expect.element(reply()).toHaveValue('Hi Luca Brandt, order {slot.order} is on its way.')
    await expect.element(button('{slot.order}')).toBeVisible()
    await expect.element(button('Send')).toBeDisabled()
    // The place is selected: it is typed over.
    await userEvent.keyboard('W-7{Enter}')
    await vi.waitFor(() => expect(desk.texts(LUCA).at(-1)).toBe('Hi Luca Brandt, order W-7 is on its way.'))
    expect(ADA.name).toBe('Ada Byron')
  })
})

test('in a list longer than its room the active one stays in sight', async () => {
  desk = await openDesk(LUCA)
  desk.setReplies(Array.from({ length: 20 }, (_, n) => canned(`answer-${n + 10}`, `Answer ${n}`, 'Text')))
  await vi.waitFor(() => expect(desk.model.workplace.value?.replies.replies.value).toHaveLength(20))
  await reply().fill('/answer')
  await userEvent.keyboard('{ArrowUp}')
  await vi.waitFor(() => {
    const option = document.querySelector('.slash [aria-selected="true"]')?.getBoundingClientRect()
    const room = document.querySelector('.slash [role="listbox"]')?.getBoundingClientRect()
    expect(option?.bottom).toBeLessThanOrEqual((room?.bottom ?? 0) + 1)
  })
})

describe('handing on and ending', () => {
  test('a conversation goes to a colleague with a note, and is taken back while nothing was written', async () => {
    desk = await openDesk(LUCA)
    await button('Transfer').click()
    const dialog = page.getByRole('dialog', { name: 'Transfer this conversation' })
    await expect.element(dialog.getByText('Grace Hopper')).toBeVisible()
    await expect.element(dialog.getByText('2 conversations')).toBeVisible()
    expect(await violations()).toEqual([])
    await dialog.getByRole('radio', { name: /Grace Hopper/ }).click()
    await dialog.getByRole('textbox', { name: /^Note for them/ }).fill('VAT number, June invoice')
    await dialog.getByRole('button', { name: 'Transfer' }).click()
    await expect.element(page.getByText('You handed it to Grace Hopper.')).toBeVisible()
    await expect.element(page.getByRole('log').getByText('Ada Byron handed it to Grace Hopper')).toBeVisible()
    expect(desk.asked('note')).toMatchObject([{ text: 'VAT number, June invoice' }])
    await button('Take back').click()
    await expect.element(reply()).toBeEnabled()
  })

  test('Escape closes the dialog and not the conversation, and the keyboard is back where it was', async () => {
    desk = await openDesk(LUCA)
    await button('Transfer').click()
    await expect.element(page.getByRole('dialog')).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    await expect.element(button('Transfer')).toHaveFocus()
  })

  test('a take-over closes no dialog: the note is still there, and what happened is said in it', async () => {
    desk = await openDesk(LUCA)
    await button('Transfer').click()
    const dialog = page.getByRole('dialog', { name: 'Transfer this conversation' })
    const words = dialog.getByRole('textbox', { name: /^Note for them/ })
    await words.fill('VAT number')
    desk.say(
      LUCA,
      { kind: 'agent', ...GRACE },
      { type: 'assigned', assignment: 9, agent: GRACE, cause: 'claimed' },
    )
    await expect.element(dialog.getByText(/^You do not have this conversation any more/)).toBeVisible()
    await expect.element(words).toHaveValue('VAT number')
    await expect.element(dialog.getByRole('button', { name: 'Transfer' })).toBeDisabled()
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  })

  test('a dialog with changed words asks before it loses them; a press that only ends beside it is none', async () => {
    desk = await openDesk(LUCA)
    desk.promote()
    await button('Team').click()
    await page.getByRole('tab', { name: 'Ready answers' }).click()
    await button('New ready answer').click()
    await page.getByRole('textbox', { name: 'Title' }).fill('Refund')
    // What was typed outlives a look at another tab.
    await page.getByRole('tab', { name: 'Now' }).click()
    await page.getByRole('tab', { name: 'Ready answers' }).click()
    await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Refund')
    document.querySelector('dialog')?.click()
    await expect.element(page.getByText('What you changed here is not saved.')).not.toBeInTheDocument()
    await userEvent.keyboard('{Escape}')
    await expect.element(button('Go on writing')).toHaveFocus()
    expect(await violations()).toEqual([])
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Refund')
    await button('Close').click()
    await button('Close and lose it').click()
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  })

  test('ending names what it was about, and the next one begins with the same', async () => {
    desk = await openDesk(LUCA)
    await button('End').click()
    await page.getByRole('combobox', { name: 'What it was about' }).selectOptions('account')
    expect(await violations()).toEqual([])
    await button('Yes, end it').click()
    await vi.waitFor(() =>
      expect(desk.asked('send').at(-1)).toMatchObject({
        drafts: [{ body: { type: 'ended', category: 'account' } }],
      }),
    )
    expect(desk.model.workplace.value?.preferences.lastCategory.value).toBe('account')
  })

  test('away says what it means', async () => {
    desk = await openDesk(LUCA)
    const away = page.getByRole('switch', { name: 'Away' })
    await away.click()
    await expect.element(page.getByText(/^You are away: you get nothing new/)).toBeVisible()
    await expect.element(away).toHaveAttribute('aria-checked', 'true')
    expect(await violations()).toEqual([])
  })
})

describe('the help of the site', () => {
  test('what fits the last words is put into the field as a quotation, with its article for the visitor', async () => {
    desk = await openDesk()
    desk.help([
      { articleId: 'invoices/vat', title: 'VAT on invoices', text: `Old ones stay. ${EVIL}`, score: 0.9 },
    ])
    desk.model.open(LUCA)
    await button('1 article of your help fits').click()
    expect(await violations()).toEqual([])
    await button('Insert from VAT on invoices').click()
    await expect.element(reply()).toHaveFocus()
    await userEvent.keyboard('As it says.{Enter}')
    await vi.waitFor(() =>
      expect(desk.asked('send').at(-1)).toMatchObject({
        drafts: [
          {
            body: {
              text: expect.stringMatching(/^> Old ones stay\.[\s\S]*As it says\.$/),
              citations: [{ articleId: 'invoices/vat', title: 'VAT on invoices' }],
            },
          },
        ],
      }),
    )
    expect(document.querySelector('.asklet-desk img')).toBeNull()
  })
})

describe('the team', () => {
  test('a lead sees who waits and who is there, and takes over after a second press', async () => {
    desk = await openDesk()
    desk.promote()
    await button('Team').click()
    const dialog = page.getByRole('dialog', { name: 'Team' })
    await expect.element(dialog.getByText('Grace Hopper')).toBeVisible()
    await expect.element(dialog.getByText('Mia Okafor')).toBeVisible()
    expect(await violations()).toEqual([])
    await dialog.getByRole('button', { name: 'Take over Omar Haddad' }).click()
    await dialog.getByRole('button', { name: 'Yes, take over from Grace Hopper' }).click()
    await expect.element(page.getByRole('heading', { level: 2, name: 'Omar Haddad' })).toBeVisible()
    await expect.element(reply()).toBeEnabled()
  })

  test('hours are told wrong by field, and saved', async () => {
    desk = await openDesk()
    desk.promote()
    await button('Team').click()
    await page.getByRole('tab', { name: 'Now' }).click()
    await userEvent.keyboard('{ArrowRight}{ArrowRight}')
    await expect.element(page.getByRole('tab', { name: 'Hours' })).toHaveFocus()
    await page.getByRole('radio', { name: 'By the week' }).click()
    await page.getByRole('textbox', { name: 'Monday' }).fill('17-9')
    await button('Save hours').click()
    await expect.element(page.getByText('“17-9” ends before it begins.')).toBeVisible()
    await expect.element(page.getByRole('textbox', { name: 'Monday' })).toHaveFocus()
    expect(await violations()).toEqual([])
    await page.getByRole('textbox', { name: 'Monday' }).fill('9-17')
    await button('Save hours').click()
    await expect.element(page.getByText('Saved. It holds at once.')).toBeVisible()
    expect(desk.asked('saveHours').at(-1)).toMatchObject({
      expected: 0,
      hours: { zone: 'Europe/Berlin', week: { mon: [['09:00', '17:00']] } },
    })
  })

  test('of a ready answer that somebody changed meanwhile both texts are shown, and mine is saved on my word', async () => {
    desk = await openDesk()
    desk.promote()
    const first = canned('refund', 'Refunds', 'First text')
    desk.setReplies([first])
    await button('Team').click()
    await page.getByRole('tab', { name: 'Ready answers' }).click()
    await button('Edit /refund').click()
    await page.getByRole('textbox', { name: 'Text (Markdown)' }).fill('My text')
    desk.setReplies([{ ...first, revision: 2, text: `Their text ${EVIL}` }])
    desk.refuse('saveReply', 'stale_assignment')
    await button('Save').click()
    await expect.element(page.getByText('Grace Hopper changed it meanwhile. Theirs:')).toBeVisible()
    await expect.element(page.getByText('Their text')).toBeVisible()
    await expect.element(page.getByRole('textbox', { name: 'Text (Markdown)' })).toHaveValue('My text')
    expect(await violations()).toEqual([])
    expect(document.querySelector('.asklet-desk img')).toBeNull()
    desk.refuse('saveReply', null)
    await button('Save mine').click()
    await vi.waitFor(() =>
      expect(desk.asked('saveReply').at(-1)).toMatchObject({ expected: 2, text: 'My text' }),
    )
  })

  test('in the book the keyboard goes where the work goes on, and what was not deleted is said', async () => {
    desk = await openDesk()
    desk.promote()
    desk.setReplies([canned('refund', 'Refunds', 'Text')])
    await button('Team').click()
    await page.getByRole('tab', { name: 'Ready answers' }).click()
    await button('Edit /refund').click()
    await expect.element(page.getByRole('textbox', { name: /^Shortcut/ })).toHaveFocus()
    await button('Cancel').click()
    await expect.element(button('Edit /refund')).toHaveFocus()
    desk.refuse('dropReply', 'stale_assignment')
    await button('Delete /refund').click()
    await button('Yes, delete /refund').click()
    await expect.element(page.getByText(/^Not deleted: somebody changed it/)).toBeVisible()
  })

  test('who is no lead reads the ready answers and changes none', async () => {
    desk = await openDesk()
    desk.setReplies([canned('refund', 'Refunds', 'Text')])
    await button('Team').click()
    await page.getByRole('tab', { name: 'Ready answers' }).click()
    await expect.element(page.getByText('/refund')).toBeVisible()
    await expect.element(button('Edit /refund')).not.toBeInTheDocument()
    await expect.element(page.getByRole('tab', { name: 'Hours' })).not.toBeInTheDocument()
  })
})

describe('the keyboard moves with the step, not after its picture: a quick next key meets it there', () => {
  /** Drawn, and nothing painted yet. */
  const drawn = async () => {
    for (let turn = 0; turn < 20; turn++) await null
  }
  const press = (name: string | RegExp) => button(name).element() as HTMLButtonElement
  const focused = () => document.activeElement?.textContent

  test('asked whether to end, and not', async () => {
    desk = await openDesk(LUCA)
    await expect.element(button('End')).toBeVisible()
    press('End').click()
    await drawn()
    expect(focused()).toBe('Keep it open')
    press('Keep it open').click()
    await drawn()
    expect(focused()).toBe('End')
  })

  test('into a dialog and back to what opened it', async () => {
    desk = await openDesk(LUCA)
    press('Keys').focus()
    press('Keys').click()
    await drawn()
    expect(document.activeElement?.closest('dialog')).not.toBeNull()
    press('Close').click()
    await drawn()
    expect(document.querySelector('dialog')).toBeNull()
    expect(focused()).toBe('Keys')
  })

  test('from a preview back into the field, behind its words', async () => {
    desk = await openDesk(LUCA)
    await reply().fill('{slot.order} it is')
    await button('Preview').click()
    press('{slot.order}').click()
    await drawn()
    const field = reply().element() as HTMLTextAreaElement
    expect(document.activeElement).toBe(field)
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe('{slot.order}')
  })

  test('to the reply of a conversation, or to its name', async () => {
    desk = await openDesk(MIA)
    await expect.element(page.getByRole('heading', { level: 2, name: 'Mia Okafor' })).toHaveFocus()
    desk.model.open(LUCA)
    await expect.element(reply()).toHaveFocus()
    desk.model.open(MIA)
    await drawn()
    expect(document.activeElement?.tagName).toBe('H2')
  })

  test('Enter takes what the list shows for the last letter', async () => {
    desk = await openDesk(LUCA)
    desk.setReplies([
      canned('aa', 'One', 'First'),
      canned('ab', 'Two', 'Second'),
      canned('abc', 'Three', 'Third'),
    ])
    await reply().fill('/a')
    await expect.element(page.getByRole('option', { name: /Three/ })).toBeVisible()
    await userEvent.keyboard('{ArrowDown}{ArrowDown}')
    const field = reply().element() as HTMLTextAreaElement
    field.setRangeText('b', 2, 2, 'end')
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    await drawn()
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
    await expect.element(reply()).toHaveValue('Second')
  })
})

describe('an objection', () => {
  test('quotes what it is about with who said it, and leads there, also to what is not drawn yet', async () => {
    const desk = await openDesk(MIA)
    await expect.element(page.getByRole('log').getByText('Are you there?')).toBeVisible()
    for (let n = 0; n < 250; n++)
      desk.say(MIA, { kind: 'visitor' }, { type: 'message', text: `Line ${n}.`, format: 'plain' })
    desk.say(MIA, { kind: 'visitor' }, { type: 'contested', about: 'answer', target: 3 })
    const objections = page.getByRole('region', { name: 'Objections' })
    await expect.element(objections.getByText('Milo')).toBeVisible()
    await expect.element(objections.getByText(/within 3 working days/)).toBeVisible()
    expect(document.querySelector('.log [data-seq="3"]')).toBeNull()
    await objections.getByRole('button', { name: 'Show it in the conversation' }).click()
    await vi.waitFor(() => {
      const line = document.querySelector<HTMLElement>('.log [data-seq="3"]')
      expect(document.activeElement).toBe(line)
      const log = line?.closest('.stack')?.getBoundingClientRect()
      const box = line?.getBoundingClientRect()
      expect(box && log && box.top >= log.top && box.bottom <= log.bottom).toBe(true)
    })
  })

  test('to what is no message says what was decided; to what is gone says so', async () => {
    const desk = await openDesk(MIA)
    await expect.element(page.getByRole('log').getByText('Are you there?')).toBeVisible()
    desk.say(MIA, { kind: 'visitor' }, { type: 'contested', about: 'category', target: 'payouts' })
    desk.say(MIA, { kind: 'visitor' }, { type: 'contested', about: 'answer', target: 'nowhere' })
    const objections = page.getByRole('region', { name: 'Objections' })
    await expect.element(objections.getByText('payouts')).toBeVisible()
    await expect.element(objections.getByText(/not in this conversation any more/)).toBeVisible()
    expect(page.getByRole('button', { name: 'Show it in the conversation' }).elements()).toEqual([])
  })
})

describe('what did not go out', () => {
  const opened = async () => {
    const desk = await openDesk(MIA)
    desk.setDeliveries(DELIVERIES)
    desk.promote()
    await page.getByRole('button', { name: 'Outgoing' }).click()
    return desk
  }
  const giveUp = () => page.getByRole('button', { name: /^Give up: .*1004/ })

  test('giving up asks once more, where no second press lands, and Escape takes that back alone', async () => {
    const desk = await opened()
    await giveUp().click()
    const keep = page.getByRole('button', { name: /^Do not give up: .*1004/ })
    await expect.element(keep).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    await expect.element(giveUp()).toHaveFocus()
    await userEvent.keyboard('{Enter}{Enter}')
    await expect.element(giveUp()).toHaveFocus()
    expect(desk.asked('deliver')).toEqual([])
    await giveUp().click()
    desk.setDeliveries({ ...DELIVERIES, failed: 0, rows: DELIVERIES.rows.slice(1) })
    await page.getByRole('button', { name: /^Yes, give it up: .*1004/ }).click()
    await expect.element(page.getByText('Given up; it is not tried again.')).toHaveFocus()
  })

  test('after another try the keyboard is with the row, wherever it stands now', async () => {
    const desk = await opened()
    const rows = DELIVERIES.rows.map(row => ({ ...row, state: 'waiting' as const }))
    desk.setDeliveries({ failed: 0, waiting: 8, rows })
    const retry = page.getByRole('button', { name: /^Try again: .*1004/ })
    await retry.click()
    await expect.element(page.getByText('It is tried again now.')).toBeVisible()
    await expect.element(page.getByRole('heading', { name: 'Waiting: 8' })).toBeVisible()
    await expect.element(retry).toHaveFocus()
  })
})

describe('a dispute', () => {
  test('no word is so long that it widens what it stands in', async () => {
    const desk = await openDesk(MIA)
    await expect.element(page.getByRole('log').getByText('Are you there?')).toBeVisible()
    const long = (letter: string) => letter.repeat(160)
    desk.setDispute({
      disputeId: 'dispute-long',
      revision: 1,
      number: 1042,
      reference: long('R'),
      phase: 'mediating',
      opener: null,
      openedAt: 0,
      respondBy: 1,
      decideBy: 2,
      threadId: 'thread-long',
      sides: ['a', 'b'].map(letter => ({
        party: long(letter),
        name: long('N'),
        conversationId: `conversation-${letter}`,
        statement: long(letter),
        isShared: true,
        accepts: null,
      })),
      facts: {
        common: { [long('k')]: long('v') },
        differing: [{ name: long('d'), site: long('s'), said: [long('x'), long('y')] }],
      },
      proposal: { proposal: 1, outcome: long('O'), words: long('W') },
      escalation: null,
      decision: null,
    })
    const opened = {
      type: 'disputeOpened',
      disputeId: 'dispute-long',
      number: 1042,
      reference: 'R',
      you: 'a',
      opener: 'a',
      parties: [{ party: 'a' }, { party: 'b' }],
      facts: {},
      respondBy: 1,
    } as const
    desk.say(MIA, { kind: 'system' }, opened)
    await page.getByRole('button', { name: 'Propose or decide' }).click()
    for (const width of [1_440, 390]) {
      await page.viewport(width, 900)
      const section = document.querySelector<HTMLElement>('.dispute')
      if (!section) throw new Error('The dispute must be drawn, got none.')
      const edge = section.getBoundingClientRect().right
      const beyond = [...section.querySelectorAll('*')].filter(
        each => each.getBoundingClientRect().right > edge + 1,
      )
      expect(beyond.map(each => each.outerHTML.slice(0, 60))).toEqual([])
      expect(section.scrollWidth).toBeLessThanOrEqual(section.clientWidth)
    }
  })
})

test('keys lead through mine and to the list of keys; none fires in a word', async () => {
  desk = await openDesk(LUCA)
  await expect.element(reply()).toHaveFocus()
  await userEvent.keyboard('jk?')
  await expect.element(reply()).toHaveValue('jk?')
  await userEvent.keyboard('{F2}')
  await expect.element(note()).toHaveFocus()
  const row = document.querySelector<HTMLElement>('[data-row][tabindex="0"]')
  row?.focus()
  row?.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, cancelable: true }))
  await expect.element(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  expect(await violations()).toEqual([])
})

describe('what leads judge', () => {
  test('by keys alone: a digit chooses, Enter saves and the next one has the keyboard, s passes over', async () => {
    desk = await openDesk(null)
    desk.promote()
    desk.setReviews(REVIEWS)
    await button('Review').click()
    const head = page.getByRole('heading', { name: 'The bot answered' })
    await expect.element(head).toHaveFocus()
    await userEvent.keyboard('2')
    await expect.element(page.getByRole('radio', { name: 'Wrong' })).toHaveFocus()
    await expect.element(page.getByRole('radio', { name: 'Wrong' })).toBeChecked()
    await expect.element(page.getByRole('radio', { name: 'No article says it' })).toBeInTheDocument()
    // Digits in a field are words.
    await page.getByRole('searchbox', { name: 'Search your help' }).fill('1')
    await expect.element(page.getByRole('radio', { name: 'Wrong' })).toBeChecked()
    await page.getByRole('radio', { name: 'Wrong' }).click()
    desk.setReviews({
      ...REVIEWS,
      item: { ...TO_JUDGE, itemId: 'review-item-0002', kind: 'handoff', answer: [] },
    })
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('heading', { name: 'Handed over to a person' })).toHaveFocus()
    expect(desk.asked('judge')).toMatchObject([
      { itemId: 'review-item-0001', expected: 0, verdict: 'wrong', article: null, words: '' },
    ])
    expect(await violations()).toEqual([])
    desk.setReviews({ ...REVIEWS, item: null, waiting: 0 })
    await userEvent.keyboard('s')
    await expect.element(page.getByText('Passed over: 1')).toBeInTheDocument()
    expect(desk.asked('reviews').at(-1)).toMatchObject({ skipped: ['review-item-0002'] })
  })

  test('a verdict, and one that the server refuses, leave the page where it is; the next one begins at its head', async () => {
    desk = await openDesk(LUCA)
    const answer = Array.from({ length: 60 }, (_, n) => `Line ${n} of a long answer.`)
    desk.setReviews({ ...REVIEWS, item: { ...TO_JUDGE, answer } })
    desk.promote()
    await button('Review').click()
    await expect.element(page.getByText('Line 59 of a long answer.')).toBeInTheDocument()
    const dialog = document.querySelector('dialog')
    if (!dialog) throw new Error('The dialog must be open, got none.')
    // Until it says where it is by itself.
    await vi.waitFor(() => expect(document.activeElement?.closest('dialog')).toBe(dialog))
    page.getByRole('radio', { name: 'Right', exact: true }).element().scrollIntoView({ block: 'center' })
    const at = dialog.scrollTop
    expect(at).toBeGreaterThan(300)
    await page.getByRole('radio', { name: 'Right', exact: true }).click()
    expect(dialog.scrollTop).toBe(at)
    desk.refuse('judge', 'store_unavailable')
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(desk.asked('judge')).toHaveLength(1))
    await expect.element(page.getByRole('radio', { name: 'Right', exact: true })).toBeChecked()
    expect(Math.abs(dialog.scrollTop - at)).toBeLessThan(120)
    desk.refuse('judge', null)
    desk.setReviews({ ...REVIEWS, item: { ...TO_JUDGE, answer, itemId: 'review-item-0002' } })
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(desk.asked('judge')).toHaveLength(2))
    await vi.waitFor(() => expect(dialog.scrollTop).toBe(0))
  })

  test('agents are not offered it', async () => {
    desk = await openDesk(LUCA)
    await expect.element(button('Preferences')).toBeInTheDocument()
    expect(page.getByRole('button', { name: 'Review', exact: true }).elements()).toEqual([])
  })
})
