import { describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { briefOf, GRACE, type ScriptedDesk, scriptDesk } from '../../../demo/states/script/deskScript'
import { mountDesk } from '../../../src/desk/mountDesk'
import { violations } from './deskAxe'
import { closeDesk, LUCA, MIA, openDesk, reply, showDesk } from './openDesk'

let desk: ScriptedDesk

const row = (name: string) => page.getByRole('button', { name: new RegExp(`^. ?${name}|^${name}`) })
const rowOf = (id: string) => document.querySelector<HTMLElement>(`[data-row='${id}']`)

async function claim(id: string) {
  desk.model.open(id)
  await page.getByRole('button', { name: 'Claim conversation' }).click()
  await expect.element(reply()).toBeEnabled()
}

describe('the list', () => {
  test('has one tab stop; down moves through all sections, Enter opens', async () => {
    desk = await openDesk()
    await expect.element(row('Mia Okafor')).toBeVisible()
    expect(document.querySelectorAll('[data-row][tabindex="0"]')).toHaveLength(1)
    rowOf(MIA)?.focus()
    await userEvent.keyboard('{ArrowDown}{ArrowDown}')
    expect(document.activeElement).toBe(rowOf(LUCA))
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('heading', { level: 2, name: 'Luca Brandt' })).toBeVisible()
    // Mine already: the keyboard is where the answer is written.
    await expect.element(reply()).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    expect(document.activeElement).toBe(rowOf(LUCA))
  })

  test('on a phone the sentence that nobody waits is seen once, and lies over nothing', async () => {
    // 1,280 x 800, four times as large.
    await page.viewport(320, 200)
    desk = scriptDesk({ signedIn: true })
    showDesk(desk)
    await desk.model.begin()
    await expect.element(page.getByText('All quiet')).toBeVisible()
    const said = page.getByText('Nobody waits, and nothing is open.')
    await expect.element(said).toBeInTheDocument()
    const { width, height } = said.element().getBoundingClientRect()
    expect([width, height]).toEqual([1, 1])
    const edges = (selector: string) =>
      document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect()
    expect(edges('.desk-pick .lead').top).toBeGreaterThanOrEqual(edges('.desk-top').bottom)
    expect(edges('.desk-pick .quiet').bottom).toBeLessThanOrEqual(200)
  })

  test('before it has come nobody says that it is quiet; then that is said, and what comes next', async () => {
    desk = scriptDesk({ signedIn: true })
    showDesk(desk)
    desk.refuse('queue', 'store_unavailable')
    await desk.model.begin()
    await expect.element(page.getByText('Loading the list…')).toBeInTheDocument()
    expect(document.querySelector('.desk-main')?.textContent).toBe('')
    desk.refuse('queue', null)
    await desk.model.refresh()
    await expect.element(page.getByText('All quiet')).toBeVisible()
    await expect.element(page.getByText('New questions appear here by themselves.')).toBeVisible()
  })

  test('a name that is too long is cut at its own end, and begins where all others do', async () => {
    desk = await openDesk()
    const name = 'אבגדה וזחטי כלמנס עפצקר שתאבג דהוזח טיכלמ נסעפצ'
    desk.openConversation({ id: 'conv-gad-0009', brief: briefOf({ name }) })
    desk.say('conv-gad-0009', { kind: 'visitor' }, { type: 'handoffReady', channel: 'live' })
    await expect.element(page.getByText(name).first()).toBeInTheDocument()
    desk.model.open('conv-gad-0009')
    await expect.element(page.getByRole('heading', { name })).toBeVisible()
    for (const selector of ['.row-title', '.thread-who h2']) {
      const title = [...document.querySelectorAll<HTMLElement>(selector)].find(
        each => each.textContent?.trim() === name,
      )
      if (!title) throw new Error(`${selector} must hold the name, got none.`)
      title.style.inlineSize = '120px'
      const box = title.getBoundingClientRect()
      const first = document.createRange()
      const text = document.createTreeWalker(title, NodeFilter.SHOW_TEXT).nextNode()
      if (!text) throw new Error(`${selector} must hold text, got none.`)
      first.setStart(text, 0)
      first.setEnd(text, 1)
      const sign = first.getBoundingClientRect()
      expect(getComputedStyle(title).textAlign).toBe('left')
      expect(title.scrollWidth).toBeGreaterThan(title.clientWidth)
      expect(sign.left).toBeGreaterThanOrEqual(box.left - 1)
      expect(sign.right).toBeLessThanOrEqual(box.right + 1)
    }
  })

  test('says how many more there are than it shows, in words and in the heading', async () => {
    desk = await openDesk()
    await expect.element(row('Mia Okafor')).toBeVisible()
    const waiting = rowOf(MIA)?.closest('section')
    const shown = waiting?.querySelectorAll('[data-row]').length ?? 0
    expect(document.querySelector('.more')).toBeNull()
    desk.crowd({ waiting: 2_310, tickets: 1 })
    await expect.element(page.getByText('And 2,310 more wait.')).toBeVisible()
    await expect.element(page.getByText('And 1 more ticket.')).toBeInTheDocument()
    await expect
      .element(page.getByRole('heading', { name: `Waiting ${(2_310 + shown).toLocaleString('en')}` }))
      .toBeVisible()
    expect(waiting?.querySelectorAll('[data-row]')).toHaveLength(shown)
    // And Luca's words.
    expect(document.title).toContain(`(${2_310 + shown + 1})`)
    expect(await violations()).toEqual([])
    desk.crowd({})
    await expect.element(page.getByText('more wait')).not.toBeInTheDocument()
  })

  test('says in the title how many conversations want somebody', async () => {
    desk = await openDesk()
    await vi.waitFor(() => expect(document.title).toBe('(3) Asklet desk'))
    closeDesk()
    expect(document.title).toBe('Asklet desk')
  })

  test('tells screen readers who has begun to wait', async () => {
    desk = await openDesk()
    await expect.element(row('Mia Okafor')).toBeVisible()
    desk.openConversation({ id: 'conv-noor-0009', brief: briefOf({ name: 'Noor' }) })
    desk.say('conv-noor-0009', { kind: 'visitor' }, { type: 'handoffReady', channel: 'live' })
    await expect.element(page.getByText('Noor is waiting.')).toBeInTheDocument()
  })
})

describe('the conversation', () => {
  test('what was said before is not read out, what comes is, with the name where the speaker changes', async () => {
    desk = await openDesk()
    await claim(MIA)
    const heard = () =>
      [...document.querySelectorAll('.stack [role=status]')]
        .map(status => status.textContent)
        .join(' ')
        .trim()
    expect(heard()).not.toContain('Mia')
    desk.say(MIA, { kind: 'visitor' }, { type: 'message', text: 'The bank says no.', format: 'plain' })
    await vi.waitFor(() => expect(heard()).toBe('Mia Okafor: The bank says no.'))
    desk.say(MIA, { kind: 'visitor' }, { type: 'message', text: 'Twice.', format: 'plain' })
    await vi.waitFor(() => expect(heard()).toBe('Twice.'))
    expect(page.getByRole('log').element().getAttribute('aria-live')).toBe('off')
  })

  test('on its way it is no stop for the keyboard, and nothing says that it is gone; erased, it says so', async () => {
    desk = await openDesk()
    const log = () => page.getByRole('log').element()
    desk.refuse('sync', 'store_unavailable')
    desk.model.open(MIA)
    await expect.element(page.getByText('Loading the conversation…')).toBeInTheDocument()
    expect(log().getAttribute('tabindex')).toBeNull()
    expect(document.querySelector('.desk-thread')?.textContent).not.toContain('erased')
    desk.refuse('sync', 'forbidden')
    desk.model.open('conv-anon-0002')
    await expect.element(page.getByText('This conversation cannot be shown.')).toBeVisible()
    await expect.element(page.getByText('Pick another one from the list.')).toBeVisible()
    expect(log().getAttribute('tabindex')).toBeNull()
  })

  test('cannot be written to before it is claimed; claiming leads the keyboard to the reply', async () => {
    desk = await openDesk()
    desk.model.open(MIA)
    await expect.element(page.getByRole('textbox', { name: 'Your reply' })).toBeDisabled()
    await page.getByRole('button', { name: 'Claim conversation' }).click()
    await expect.element(reply()).toHaveFocus()
    await userEvent.keyboard('Hello{Shift>}{Enter}{/Shift}Mia{Enter}')
    await vi.waitFor(() => expect(desk.texts(MIA).at(-1)).toBe('Hello\nMia'))
    await expect.element(page.getByText('Sent', { exact: true })).toBeVisible()
    await expect.element(reply()).toHaveValue('')
  })

  test('shows who took it when a colleague was faster', async () => {
    desk = await openDesk()
    desk.model.open(MIA)
    await expect.element(page.getByRole('button', { name: 'Claim conversation' })).toBeVisible()
    desk.refuse('claim', 'stale_assignment')
    desk.say(
      MIA,
      { kind: 'agent', ...GRACE },
      { type: 'assigned', assignment: 1, agent: GRACE, cause: 'claimed' },
    )
    void desk.model.claim()
    await expect.element(page.getByRole('alert')).toHaveTextContent('Grace Hopper took it.')
    await expect.element(page.getByRole('button', { name: 'Take over' })).toBeVisible()
  })

  test('"Take over" asks again once the conversation went back and was taken anew, by the same name, too', async () => {
    desk = await openDesk(MIA)
    const grace = { kind: 'agent', ...GRACE } as const
    await expect.element(page.getByRole('button', { name: 'Claim conversation' })).toBeVisible()
    desk.say(MIA, grace, { type: 'assigned', assignment: 1, agent: GRACE, cause: 'claimed' })
    await page.getByRole('button', { name: 'Take over', exact: true }).click()
    await expect.element(page.getByRole('button', { name: 'Yes, take over from Grace Hopper' })).toBeVisible()
    desk.say(MIA, grace, { type: 'assigned', assignment: 2, agent: null, cause: 'handedOn' })
    await expect.element(page.getByRole('button', { name: 'Claim conversation' })).toBeVisible()
    desk.say(MIA, grace, { type: 'assigned', assignment: 3, agent: GRACE, cause: 'claimed' })
    await page.getByRole('button', { name: 'Take over', exact: true }).click()
    expect(desk.asked('claim')).toEqual([])
    await expect.element(page.getByRole('button', { name: 'Yes, take over from Grace Hopper' })).toBeVisible()
  })

  test('names keys to the eyes and to screen readers alike: with any fine pointer, else to nobody', async () => {
    const media = vi.spyOn(window, 'matchMedia')
    const pointers = (...fits: string[]) =>
      media.mockImplementation(query => ({ ...listless, media: query, matches: fits.includes(query) }))
    const listless = {
      onchange: null,
      addListener() {},
      removeListener() {},
      addEventListener() {},
      removeEventListener() {},
      dispatchEvent: () => false,
    } satisfies Omit<MediaQueryList, 'media' | 'matches'>
    const hint = () => document.getElementById('desk-reply-hint')
    try {
      // A tablet with a keyboard that has a touch pad.
      pointers('(pointer: coarse)', '(any-pointer: fine)')
      desk = await openDesk()
      await claim(MIA)
      expect(hint()?.getBoundingClientRect().height).toBeGreaterThan(0)
      expect(reply().element().getAttribute('aria-describedby')).toBe('desk-reply-hint')
      // A phone.
      closeDesk()
      pointers('(pointer: coarse)')
      desk = await openDesk()
      await claim(MIA)
      expect(hint()).toBeNull()
      expect(reply().element().hasAttribute('aria-describedby')).toBe(false)
    } finally {
      media.mockRestore()
    }
  })

  test("says of the bot's turns that the visitor's device reported them, and carries each seq", async () => {
    desk = await openDesk()
    desk.model.open(MIA)
    await expect
      .element(page.getByText("reported by the visitor's device", { exact: true }).first())
      .toBeVisible()
    const seqs = [...document.querySelectorAll<HTMLElement>('[role=log] [data-seq]')].map(
      item => item.dataset.seq,
    )
    expect(seqs).toEqual(['1', '2', '3', '4', '5', '6', '7'])
  })

  test('keeps refused words with their reason, to try again or to discard', async () => {
    desk = await openDesk()
    await claim(MIA)
    desk.refuse('send', 'forbidden')
    await reply().fill('Refused')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('log').getByText('Not sent: you may not write here.')).toBeVisible()
    desk.refuse('send', null)
    await page.getByRole('button', { name: 'Try again' }).click()
    await vi.waitFor(() => expect(desk.texts(MIA).at(-1)).toBe('Refused'))
    await expect
      .element(page.getByRole('log').getByText('Not sent: you may not write here.'))
      .not.toBeInTheDocument()
  })

  test('previews Markdown as it will be shown, and ends only when asked twice', async () => {
    desk = await openDesk()
    desk.model.open(LUCA)
    await reply().fill('**Bold** and [a link](https://x.example/a)')
    await page.getByRole('button', { name: 'Preview' }).click()
    const preview = page.getByRole('region', { name: 'Preview of your reply' })
    await expect.element(preview.getByText('Bold')).toBeVisible()
    expect(preview.element().querySelector('strong')?.textContent).toBe('Bold')
    await page.getByRole('button', { name: 'End', exact: true }).click()
    await page.getByRole('button', { name: 'Yes, end it' }).click()
    await expect.element(page.getByRole('log').getByText('Ada Byron ended the conversation')).toBeVisible()
  })
})

describe('a ticket', () => {
  const SARA = 'conv-sara-0004'
  const button = (name: string) => page.getByRole('button', { name, exact: true })

  test('[D39] is answered as it is; sorted, solved and opened again [D41, D42] without a claim', async () => {
    desk = await openDesk()
    desk.details(SARA, { undelivered: [{ kind: 'answered', reason: 'refused', at: Date.now() }] })
    desk.model.open(SARA)
    await expect
      .element(page.getByText(/^Goes to the ticket, and by e-mail to sara@lind\.example/))
      .toBeVisible()
    await expect.element(page.getByText(/^Not delivered by e-mail: our answer/)).toBeVisible()
    await expect.element(reply()).toHaveFocus()
    await page.getByLabelText('Category').selectOptions('payments')
    await vi.waitFor(() => expect(desk.model.thread.value?.state.ticket?.category).toBe('payments'))
    await reply().fill('Which account is it?')
    await userEvent.keyboard('{Enter}')
    const head = page.getByRole('region', { name: 'Ticket', exact: true })
    await expect.element(head.getByText('awaiting visitor')).toBeVisible()
    page.getByRole('heading', { level: 2, name: 'Sara Lind' }).element().focus()
    await userEvent.keyboard('e')
    await button('Yes, it is solved').click()
    await button('Reopen').click()
    await expect.element(head.getByText('reopened')).toBeVisible()
    await expect.element(reply()).toHaveFocus()
    await button('History').click()
    const told = [...document.querySelectorAll('.history li > span:first-child')].map(
      each => each.textContent,
    )
    expect(told).toEqual(['Opened', 'Category: payments', 'Answered', 'Solved', 'Reopened'])
    expect(desk.asked('claim')).toEqual([])
    expect(await violations()).toEqual([])
  })

  test('[D43] is made of a live conversation, and the keyboard stays in the thread', async () => {
    desk = await openDesk()
    desk.model.open(LUCA)
    await button('Make it a ticket').click()
    await expect.element(button('Solve')).toBeVisible()
    expect(document.activeElement?.closest('.desk-thread')).not.toBeNull()
  })
})

describe('who it is', () => {
  test('of a proved visitor, what no token signed is marked as only said', async () => {
    desk = await openDesk()
    const base = briefOf({ role: 'client' })
    const visitor = { ...base.visitor, name: 'Vera Lind', email: 'vera@x.example', signed: ['role', 'name'] }
    desk.openConversation({ id: 'conv-vera-0010', isVerified: true, brief: { ...base, visitor } })
    desk.say('conv-vera-0010', { kind: 'visitor' }, { type: 'handoffReady', channel: 'live' })
    desk.model.open('conv-vera-0010')
    await expect.element(page.getByText('Identity verified')).toBeVisible()
    const facts = () => [...document.querySelectorAll('.asklet-desk dd')].map(each => each.textContent)
    await vi.waitFor(() => expect(facts()).toContain('vera@x.example (not verified)'))
    expect(facts()).toContain('Vera Lind')
    expect(facts()).toContain('client')
  })
})

test('the trouble that the visitor’s page showed stands beside the page', async () => {
  desk = await openDesk()
  const errors = ['Card was declined', 'Session ends soon']
  desk.openConversation({ id: 'conv-vera-0011', brief: briefOf({ name: 'Vera', page: { errors } }) })
  desk.say('conv-vera-0011', { kind: 'visitor' }, { type: 'handoffReady', channel: 'live' })
  desk.model.open('conv-vera-0011')
  await expect.element(page.getByText('Error on the page: Card was declined')).toBeVisible()
  await expect.element(page.getByText('Error on the page: Session ends soon')).toBeVisible()
})

describe('what hostile visitors type', () => {
  const EVIL = '<img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>'

  test('is shown as text everywhere, and makes no link that is not safe', async () => {
    desk = await openDesk()
    const base = briefOf({ name: EVIL, role: EVIL, question: EVIL })
    desk.openConversation({
      id: 'conv-evil-0666',
      brief: {
        ...base,
        page: { ...base.page, name: EVIL, errors: [EVIL], url: 'javascript:globalThis.pwned=1' },
        visitor: {
          ...base.visitor,
          email: 'a@b.example?bcc=all@b.example',
          attributes: { [EVIL.slice(0, 50)]: EVIL },
        },
        slots: [{ name: 's', label: EVIL, value: EVIL }],
        articlesRead: [{ articleId: '../../x', title: EVIL }],
      },
    })
    desk.say('conv-evil-0666', { kind: 'visitor' }, { type: 'handoffReady', channel: 'live' })
    desk.say('conv-evil-0666', { kind: 'visitor' }, { type: 'message', text: EVIL, format: 'plain' })
    desk.say(
      'conv-evil-0666',
      { kind: 'agent', ...GRACE },
      {
        type: 'message',
        text: `${EVIL} [x](javascript:alert(1)) ![y](https://t.example/p.png)`,
        format: 'markdown',
      },
    )
    desk.model.open('conv-evil-0666')
    await expect.element(page.getByRole('log')).toHaveTextContent('onerror')
    const root = document.querySelector('.asklet-desk')
    expect(root?.querySelectorAll('img, script, iframe, object, form[action]')).toHaveLength(0)
    for (const link of root?.querySelectorAll('a') ?? []) {
      expect(link.href).toMatch(/^(https?|mailto|tel):/)
      expect(link.rel).toContain('noopener')
      expect(link.search).toBe('')
    }
    expect((globalThis as { pwned?: number }).pwned).toBeUndefined()
  })
})

describe('signing in', () => {
  test('a wrong password is said, and the form stays', async () => {
    desk = await openDesk(null, false)
    desk.setPassword({ ok: false, problem: 'refused' })
    await expect.element(page.getByRole('textbox', { name: 'Name' })).toHaveFocus()
    await userEvent.keyboard('Ada{Tab}wrong{Enter}')
    await expect.element(page.getByRole('alert')).toHaveTextContent('do not go together')
    await expect.element(page.getByRole('textbox', { name: 'Name' })).toHaveValue('Ada')
  })

  test('a link is out of the address bar before anything is asked of the server', async () => {
    const asked: string[] = []
    const realFetch = globalThis.fetch
    globalThis.fetch = async (input, init) => {
      asked.push(`${String(input)} ${String(init?.body)} ${location.hash}`)
      return new Response('{"ok":false,"code":"unauthenticated","retry":false}', { status: 401 })
    }
    try {
      history.replaceState(null, '', '#sign-in=one-time-token')
      const element = document.body.appendChild(document.createElement('div'))
      const mounted = mountDesk(element)
      expect(location.hash).toBe('')
      await expect.element(page.getByRole('alert')).toHaveTextContent('That sign-in link was used before')
      expect(asked).toEqual(['/asklet/v1/desk/signin {"link":"one-time-token"} '])
      mounted.unmount()
      expect(element.innerHTML).toBe('')
      element.remove()
    } finally {
      globalThis.fetch = realFetch
    }
  })
})

describe('everybody can use it', () => {
  test.each([
    [1_440, 900],
    [820, 1_180],
    [390, 844],
  ])('no accessibility violation and no sideways scrolling at %i x %i', async (width, height) => {
    await page.viewport(width, height)
    desk = await openDesk()
    await expect.element(row('Mia Okafor')).toBeVisible()
    expect(await violations()).toEqual([])
    await claim(MIA)
    expect(await violations()).toEqual([])
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
  })

  test('on a phone one thing is shown at a time, and back leads to the row it came from', async () => {
    await page.viewport(390, 844)
    desk = await openDesk()
    await row('Luca Brandt').click()
    await expect.element(row('Luca Brandt')).not.toBeInTheDocument()
    await page.getByRole('button', { name: 'Details' }).click()
    await expect.element(page.getByRole('heading', { name: 'Details' })).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('button', { name: 'Details' })).toHaveFocus()
    await page.getByRole('button', { name: 'Back to the list' }).click()
    await vi.waitFor(() => expect(document.activeElement).toBe(rowOf(LUCA)))
  })
})

describe('files', () => {
  test('dropped anywhere in the thread they are taken, elsewhere nobody is led away from the desk by one', async () => {
    desk = await openDesk()
    await claim(MIA)
    await expect.element(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
    const drop = (selector: string, name = 'drop') => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['a'], 'note.txt', { type: 'text/plain' }))
      const event = new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true })
      document.querySelector(selector)?.dispatchEvent(event)
      return event.defaultPrevented
    }
    const items = () => desk.model.files.value?.items.value.map(({ name }) => name)
    expect(drop('.desk-queue')).toBe(true)
    expect(items()).toEqual([])
    expect(drop('.log')).toBe(true)
    expect(items()).toEqual(['note.txt'])
    desk.model.workplace.value?.composer.setMode('note')
    expect(drop('.log')).toBe(true)
    expect(items()).toEqual(['note.txt'])
    drop('.log', 'dragover')
    await expect.element(page.getByText(/^No file can be sent from here now/)).toBeVisible()
  })

  test('the desk draws what a visitor showed, and has a button for its own, once the conversation is the agent’s', async () => {
    desk = await openDesk()
    const attachment = {
      attachmentId: 'file-0001',
      name: 'invoice.pdf',
      mediaType: 'application/pdf',
      bytes: 45_678,
    }
    desk.say(
      MIA,
      { kind: 'visitor' },
      {
        type: 'message',
        text: 'invoice.pdf',
        format: 'plain',
        attachments: [attachment],
      },
    )
    await claim(MIA)
    await expect.element(page.getByRole('link', { name: 'Download invoice.pdf 46 kB' })).toBeVisible()
    expect([...document.querySelectorAll('.words')].map(({ textContent }) => textContent)).not.toContain(
      'invoice.pdf',
    )
    await expect.element(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
    expect(await violations()).toEqual([])
  })
})
