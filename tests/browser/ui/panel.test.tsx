import axe from 'axe-core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import {
  article,
  createFakes,
  message,
  notice,
  set,
  showConversation,
  suggestions,
  texts,
} from '../../../demo/states/script/fakes'
import { createVoice } from '../../../src/base/voice'
import { mountPanel } from '../../../src/ui/mountPanel'
import { hasFocus, mount } from './mounted'

beforeEach(() => page.viewport(1_280, 800))
afterEach(() => {
  document.body.replaceChildren()
})

const field = () => page.getByRole('combobox', { name: 'Search help' })

describe('the window', () => {
  test('opening leads the keyboard to the search field, closing back to the launcher', async () => {
    const { panel, launcher, focused } = mount()
    await hasFocus(field())
    await userEvent.keyboard('{Escape}')
    expect(panel.isOpen.value).toBe(false)
    expect(focused()).toBe(launcher)
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    panel.isOpen.value = true
    await hasFocus(field())
  })

  test('a panel that was open before a reload takes no focus from the page', async () => {
    const input = document.body.appendChild(document.createElement('input'))
    input.focus()
    mount(createFakes(), false)
    await expect.element(page.getByRole('dialog')).toBeVisible()
    expect(document.activeElement).toBe(input)
  })

  test('drawn ahead it is out of sight, out of the keyboard’s way and silent; opening leads to the search field', async () => {
    const fakes = createFakes()
    fakes.panel.isOpen.value = false
    fakes.panel.search.query.value = 'kept from before'
    const { root, launcher, focused, spoken, panel } = mount(fakes, false)
    await new Promise(painted => requestAnimationFrame(() => setTimeout(painted, 50)))
    const dialog = root.querySelector('[role=dialog]')
    expect(dialog?.checkVisibility({ visibilityProperty: true })).toBe(false)
    expect(dialog?.getBoundingClientRect().width, 'laid out already').toBeGreaterThan(300)
    expect(spoken()).toBe('')
    launcher.focus()
    await userEvent.tab()
    expect(dialog?.contains(focused())).toBe(false)
    panel.isOpen.value = true
    await hasFocus(field())
  })

  test('closing it from outside leaves the keyboard where the visitor works', async () => {
    const { panel } = mount()
    const input = document.body.appendChild(document.createElement('input'))
    input.focus()
    panel.isOpen.value = false
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    expect(document.activeElement).toBe(input)
  })

  test('the page hears no key and no typed word', async () => {
    const heard: string[] = []
    const types = [
      'keydown', 'keyup', 'keypress', 'beforeinput', 'input', 'textInput', 'copy', 'beforecopy', 'cut', 'beforecut',
      'paste', 'focusin',
    ] // biome-ignore format: a list to read across
    const listen = (event: Event) => heard.push(event.type)
    for (const type of types) document.addEventListener(type, listen)
    mount()
    await userEvent.type(field(), 'a card?')
    await userEvent.keyboard('{Control>}axv{/Control}')
    await userEvent.keyboard('{Escape}')
    for (const type of types) document.removeEventListener(type, listen)
    expect(heard).toEqual([])
  })

  test('beside the page it is no modal dialog; on a phone it is one and keeps the keyboard inside', async () => {
    const { root } = mount()
    const dialog = root.querySelector('[role=dialog]')
    expect(dialog?.getAttribute('aria-modal')).toBeNull()
    await page.viewport(390, 700)
    await vi.waitFor(() => expect(dialog?.getAttribute('aria-modal')).toBe('true'))
    // Its way in is moving at first.
    await vi.waitFor(() => {
      const box = dialog?.getBoundingClientRect()
      expect([box?.left, box?.top, box?.width, box?.height]).toEqual([0, 0, 390, 700])
    })
    for (let i = 0; i < 8; i++) {
      await userEvent.tab()
      expect(dialog?.contains(root.activeElement)).toBe(true)
    }
    await userEvent.tab({ shift: true })
    expect(dialog?.contains(root.activeElement)).toBe(true)
  })

  test('a laptop’s low window keeps summaries; a small phone gives their room to titles', async () => {
    const fakes = createFakes()
    fakes.panel.search.suggestions.value = suggestions
    const { root } = mount(fakes)
    const seen = () =>
      [...root.querySelectorAll('.greeting ~ .scroll .sub')].filter(sub => sub.checkVisibility()).length
    await expect.element(field()).toBeVisible()
    for (const [width, height, has] of [
      [1_366, 620, true],
      [390, 620, false],
      [740, 400, false],
      [390, 844, true],
    ] as const) {
      await page.viewport(width, height)
      await vi.waitFor(() => expect(seen() > 0, `${width} x ${height}`).toBe(has))
    }
  })

  test('the rules of a hostile page do not reach a word in the panel', async () => {
    const style = document.createElement('style')
    style.textContent =
      '*{color:red!important;font-size:40px!important;text-transform:uppercase!important;letter-spacing:9px!important}'
    document.head.append(style)
    const { root } = mount()
    await expect.element(field()).toBeVisible()
    const heading = root.querySelector('.greeting')
    const seen = heading && getComputedStyle(heading)
    expect(seen?.color).toBe('rgb(23, 26, 33)')
    expect(seen?.textTransform).toBe('none')
    expect(seen?.fontSize).toBe('26px')
    style.remove()
  })

  test('an accent too light for white text gets black text; what is no colour is no accent', async () => {
    const { panel, root } = mount(createFakes({ accent: 'gold' }))
    const token = (name: string) => root.querySelector<HTMLElement>('.asklet')?.style.getPropertyValue(name)
    expect([token('--fill-light'), token('--on-light')]).toEqual(['rgb(255 215 0)', 'rgb(0 0 0)'])
    panel.settings.value = { ...panel.settings.value, accent: 'no colour' }
    expect([token('--fill-light'), token('--on-light')]).toEqual(['rgb(59 76 202)', 'rgb(255 255 255)'])
  })

  test('unmounting takes away nodes and styles, and nothing of others', () => {
    const { root, launcher, unmount } = mount()
    const other = new CSSStyleSheet()
    root.adoptedStyleSheets.push(other)
    unmount()
    expect([...root.children]).toEqual([launcher])
    expect([...root.adoptedStyleSheets]).toEqual([other])
  })

  test('a view whose chunk did not come says so and comes on the next try', async () => {
    const fakes = createFakes()
    fakes.panel.view.value = 'article'
    fakes.panel.reader.article.value = article
    const host = document.body.appendChild(document.createElement('div'))
    const load = vi
      .fn(() => import('../../../src/ui/ArticleView'))
      .mockRejectedValueOnce(new Error('offline'))
    const parts = {
      loadArticleView: load,
      loadConversationView: () => import('../../../src/ui/ConversationView'),
    }
    const root = host.attachShadow({ mode: 'open' })
    const mounted = mountPanel(root, createVoice(document), fakes.panel, texts, parts, host)
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.element(page.getByRole('heading', { name: article.title })).toBeVisible()
    mounted.unmount()
  })
})

describe('search', () => {
  test('each row shows its marked title, its summary and why it is there', async () => {
    const { panel, root } = mount()
    panel.search.suggestions.value = suggestions
    const option = page.getByRole('option', { name: /takes longer than usual/ })
    await expect.element(option).toHaveTextContent('because you are on Withdrawals, as a freelancer')
    expect(root.querySelector('mark')?.textContent).toBe('withdrawal')
  })

  test('arrows go through the rows and back to the field; Enter opens the row under the keyboard', async () => {
    const { panel, calls } = mount()
    panel.search.suggestions.value = suggestions
    await expect.element(field()).toHaveAttribute('aria-expanded', 'true')
    await userEvent.keyboard('{ArrowDown}{ArrowDown}')
    await expect.element(field()).toHaveAttribute('aria-activedescendant', 'suggestion-1')
    await expect.element(page.getByRole('option', { selected: true })).toHaveTextContent('How much can I')
    await userEvent.keyboard('{Enter}')
    expect(calls).toContain('openArticle:withdrawals/limits:daily')
    await userEvent.keyboard('{ArrowUp}{ArrowUp}')
    await expect.element(field()).not.toHaveAttribute('aria-activedescendant')
  })

  test('Enter with no row under the keyboard puts the question to the assistant', async () => {
    const { calls } = mount()
    await userEvent.keyboard('{Enter}')
    await userEvent.type(field(), 'why is it late')
    await userEvent.keyboard('{Enter}')
    expect(calls.filter(call => call.startsWith('ask'))).toEqual(['ask:why is it late'])
  })

  test('Escape clears the words first and closes only then', async () => {
    const { panel } = mount()
    await userEvent.type(field(), 'fee')
    await userEvent.keyboard('{Escape}')
    await expect.element(field()).toHaveValue('')
    expect(panel.isOpen.value).toBe(true)
    await userEvent.keyboard('{Escape}')
    expect(panel.isOpen.value).toBe(false)
  })

  test('while an input method composes, nothing is searched, opened or overwritten', async () => {
    const { panel, root, calls } = mount()
    panel.search.suggestions.value = suggestions
    const input = root.querySelector('input')
    if (!input) throw new Error('no field')
    input.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }))
    input.value = 'にほ'
    input.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }))
    input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, isComposing: true }))
    panel.search.suggestions.value = suggestions.slice(1)
    await expect.element(page.getByRole('option', { name: /longer than usual/ })).not.toBeInTheDocument()
    expect(input.value).toBe('にほ')
    expect(calls).toEqual([])
    input.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: 'にほん' }))
    expect(calls[0]).toBe('type:にほ')
  })

  test('the number of suggestions is spoken in the light DOM once the search rests', async () => {
    const { panel, spoken } = mount()
    panel.search.query.value = 'card'
    panel.search.suggestions.value = suggestions
    await expect.element(page.getByRole('option')).toHaveLength(3)
    expect(spoken()).toBe('')
    panel.search.rests.value = true
    await vi.waitFor(() => expect(spoken()).toBe('3 suggestions'))
    panel.search.rests.value = false
    panel.search.suggestions.value = []
    await expect.element(page.getByRole('option')).toHaveLength(0)
    panel.search.rests.value = true
    await vi.waitFor(() => expect(spoken()).toContain('No article matches'))
  })

  test('a failure offers to try again, and the roads to the assistant and to a person stay', async () => {
    const { panel, calls } = mount()
    panel.search.status.value = 'failed'
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('button', { name: 'Talk to a person' }).click()
    await page.getByRole('button', { name: 'Ask a question' }).click()
    expect(calls).toEqual(expect.arrayContaining(['refresh', 'askForPerson', 'ask']))
  })

  test('who tries the search again by keyboard is in the field when it is on its way', async () => {
    const { panel, focused } = mount()
    panel.search.status.value = 'failed'
    await expect.element(page.getByRole('button', { name: 'Try again' })).toBeVisible()
    ;(page.getByRole('button', { name: 'Try again' }).element() as HTMLElement).focus()
    panel.search.refresh = () => {
      panel.search.status.value = 'stalled'
    }
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(focused()).toBe(page.getByRole('combobox').element()))
  })

  test('without people behind it, no person is offered', async () => {
    mount(createFakes({ hasPeople: false }))
    await expect.element(page.getByRole('button', { name: 'Ask a question' })).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Talk to a person' })).not.toBeInTheDocument()
  })
})

describe('article', () => {
  const openArticle = (headingId: string | null = null) => {
    const mounted = mount()
    mounted.panel.reader.article.value = article
    mounted.panel.reader.headingId.value = headingId
    mounted.panel.view.value = 'article'
    return mounted
  }

  test('the keyboard stands on the title, or on the heading that was asked for', async () => {
    const { panel } = openArticle()
    await hasFocus(page.getByRole('heading', { name: article.title }))
    panel.reader.headingId.value = 'limits'
    await hasFocus(page.getByRole('heading', { name: 'You reached a limit' }))
  })

  test('links to articles open in the panel, links outside go through the one door', async () => {
    const { calls, root } = openArticle()
    await page.getByRole('button', { name: 'daily limits' }).click()
    expect(calls).toContain('openArticle:withdrawals/limits:daily')
    const link = root.querySelector('a')
    expect(link?.rel).toBe('noopener noreferrer nofollow')
    expect(link?.target).toBe('_blank')
    expect(link?.textContent).toContain('(bank.example)')
  })

  test('yes is thanked for, by word and to the ear, and the keyboard is not thrown out; no leads on with the article', async () => {
    const { calls, spoken } = openArticle()
    await page.getByRole('button', { name: 'No' }).click()
    expect(calls).toContain('articleDidNotHelp')
    await page.getByRole('button', { name: 'Yes' }).click()
    expect(calls).toContain('say:yes')
    const thanks = page.getByRole('dialog').getByText('Glad it helped.')
    await expect.element(thanks).toBeVisible()
    await hasFocus(thanks)
    expect(spoken()).toBe('Glad it helped.')
  })

  test('what is missing, late or failed is said', async () => {
    const { panel, calls } = openArticle()
    panel.reader.article.value = null
    for (const [status, words] of [
      ['stalled', 'Loading the article'],
      ['missing', 'not here any more'],
      ['failed', 'could not be loaded'],
    ] as const) {
      panel.reader.status.value = status
      await expect.element(page.getByText(words)).toBeVisible()
    }
    await page.getByRole('button', { name: 'Try again' }).click()
    expect(calls).toContain('reader.retry')
  })

  test('who tries again by keyboard is in the panel still, and reads on where the article comes', async () => {
    const { panel, root, focused } = openArticle()
    const { value: article } = panel.reader.article
    set(panel.reader, { article: null, status: 'failed' })
    await expect.element(page.getByRole('button', { name: 'Try again' })).toBeVisible()
    ;(page.getByRole('button', { name: 'Try again' }).element() as HTMLElement).focus()
    panel.reader.retry = () => {
      panel.reader.status.value = 'stalled'
    }
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('Loading the article')).toBeInTheDocument()
    expect(focused()).toBe(root.querySelector('[role=dialog]'))
    set(panel.reader, { article, status: 'idle' })
    await vi.waitFor(() => expect(focused()?.tagName).toBe('H3'))
  })
})

describe('no state breaks a rule of axe', () => {
  const states: Record<string, (fakes: ReturnType<typeof createFakes>) => void> = {
    results({ panel }) {
      panel.search.query.value = 'withdraw'
      panel.search.suggestions.value = suggestions
      panel.search.active.value = 1
    },
    article({ panel }) {
      panel.reader.article.value = article
      panel.view.value = 'article'
    },
    conversation(fakes) {
      const { conversation } = fakes
      conversation.items.value = [
        notice('n', 'botIntro'),
        message('1', 'visitor', 'Where is it?', { state: { failed: 'closed' } }),
        message('2', 'bot', 'Here.', { citations: [{ articleId: 'a', title: 'A' }] }),
        message('3', 'agent', 'Hello'),
      ]
      conversation.choices.value = [{ id: 'y', label: 'Yes' }]
      conversation.consent.value = {
        action: 'a',
        label: 'Look it up',
        sends: [{ label: 'Number', value: '7' }],
      }
      conversation.phase.value = 'live'
      conversation.agent.value = { agentId: 'a1', name: 'Mina' }
      conversation.isStranded.value = true
      conversation.keeping.value = 'memory'
      showConversation(fakes)
    },
  }
  for (const [name, arrange] of Object.entries(states))
    for (const theme of ['light', 'dark'] as const)
      test(`${name}, ${theme}`, async () => {
        const fakes = createFakes({ theme })
        arrange(fakes)
        const { host, root } = mount(fakes)
        await vi.waitFor(() => expect(root.querySelector('[data-focus]')).not.toBeNull())
        await Promise.all(root.getAnimations().map(animation => animation.finished))
        const { violations } = await axe.run(host, { resultTypes: ['violations'] })
        expect(violations.map(violation => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([])
      })
})
