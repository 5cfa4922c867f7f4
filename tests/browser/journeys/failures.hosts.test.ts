// Pages that fight, swap, forbid and refuse. The panel looks and works as elsewhere, and leaves nothing behind.

import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import type { Watched, WatchOptions } from '../../../demo/people'
import { createStage } from './failureStage'

const stage = createStage()

interface Asklets {
  Asklet?: (...call: unknown[]) => unknown
  PartnerHelp?: (...call: unknown[]) => unknown
  keysHeard: number
}

async function host(name: string, options: WatchOptions = {}): Promise<Watched> {
  const watched = await stage.page(options)
  await watched.page.goto(`${stage.demo.address}/hosts/${name}.html`)
  return watched
}

/** By role and name only where the page's own styles leave it visible. */
const help = (page: Page) => page.getByRole('button', { name: /^Help/ })
const dialog = (page: Page) => page.getByRole('dialog')

async function openHelp({ page }: Watched): Promise<void> {
  await help(page).click()
  await dialog(page).getByRole('option').first().waitFor()
}

/** How everything in the shadow root looks and where it stands, by a readable path. */
function looks(page: Page): Promise<Record<string, string>> {
  return page.evaluate(() => {
    const names = [
      'display', 'position', 'direction', 'visibility', 'opacity', 'color', 'background-color', 'font-family',
      'font-size', 'font-weight', 'font-style', 'line-height', 'letter-spacing', 'word-spacing', 'text-transform',
      'text-align', 'text-indent', 'white-space', 'cursor', 'padding', 'margin', 'border-radius', 'width', 'height',
    ] // biome-ignore format: a list to read across
    const root = document.querySelector('asklet-root')
    const found: Record<string, string> = {}
    const visit = (element: Element, path: string) => {
      const style = getComputedStyle(element)
      const { x, y } = element.getBoundingClientRect()
      for (const name of names) found[`${path} ${name}`] = style.getPropertyValue(name)
      found[`${path} place`] = `${Math.round(x)} ${Math.round(y)}`
      for (const [i, child] of Array.from(element.children).entries())
        visit(child, `${path} > ${child.localName}${i}`)
    }
    for (const child of Array.from(root?.shadowRoot?.children ?? [])) visit(child, child.className)
    return found
  })
}

const differing = (a: Record<string, string>, b: Record<string, string>) =>
  Object.keys({ ...a, ...b })
    .filter(key => a[key] !== b[key])
    .map(key => `${key}: ${a[key]} | ${b[key]}`)

describe('a page that fights', () => {
  test('with !important, z-index, right-to-left, huge type and patched prototypes: launcher and panel look the same', async () => {
    const [plain, hostile] = [await host('plain'), await host('hostile')]
    for (const { page } of [plain, hostile]) await help(page).waitFor()
    expect(differing(await looks(plain.page), await looks(hostile.page))).toEqual([])
    for (const one of [plain, hostile]) {
      await openHelp(one)
      await one.page.mouse.move(5, 5)
    }
    expect(differing(await looks(plain.page), await looks(hostile.page))).toEqual([])
  })

  test('and styles all elements finds none of its own moved: what speaks to screen readers takes no place', async () => {
    const { page } = await host('hostile')
    await help(page).click()
    await page.getByRole('dialog').waitFor()
    const places = () =>
      page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement
        return [...document.querySelectorAll('body, body *')]
          .map(element => element.getBoundingClientRect())
          .map(({ x, y, width, height }) => [x, y, width, height].join(' '))
          .concat(`${scrollWidth} ${scrollHeight}`)
      })
    const region = page.locator('[data-asklet=status]')
    await page.addStyleTag({
      content:
        '* { display: block !important; position: static !important; width: 200px !important; min-height: 40px !important; visibility: hidden !important }',
    })
    const withIt = await places()
    expect(await region.evaluate(element => getComputedStyle(element).visibility)).toBe('visible')
    await region.evaluate(element => element.remove())
    expect(await places()).toEqual(withIt)
  })

  test('hears no key that is typed in the panel, and takes none away', async () => {
    const hostile = await host('hostile')
    const { page } = hostile
    await openHelp(hostile)
    const before = await page.evaluate(() => (window as unknown as Asklets).keysHeard)
    const search = dialog(page).getByRole('combobox')
    await search.pressSequentially('k/fee')
    expect(await search.inputValue()).toBe('k/fee')
    await search.fill('fee')
    await dialog(page).getByRole('option').filter({ hasText: /fee/i }).first().waitFor()
    await search.press('ArrowDown')
    await search.press('Enter')
    await dialog(page).getByText('Did this solve it?').waitFor()
    expect(await page.evaluate(() => (window as unknown as Asklets).keysHeard)).toBe(before)
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'hidden' })
    await page.locator('#typed').pressSequentially('a')
    expect(await page.evaluate(() => (window as unknown as Asklets).keysHeard)).toBeGreaterThan(before)
  })

  test('does not hinder a question to the bot', async () => {
    const hostile = await host('hostile')
    await openHelp(hostile)
    const panel = dialog(hostile.page)
    await panel.getByRole('button', { name: 'Ask a question' }).click()
    await panel.getByRole('textbox').last().fill('How do I add a card?')
    await panel.getByRole('textbox').last().press('Enter')
    await panel.getByRole('log').locator('[data-author=bot]').first().waitFor()
  })

  test.each([
    ['#ffd23f', 'black'],
    ['#0f6b5c', 'white'],
    ['#f5f5f5', 'black'],
    ['#c2185b', 'white'],
  ])('the launcher on the accent %s is written in %s', async (accent, ink) => {
    const { page } = await stage.page()
    await page.route('**/hosts/plain.html', async route => {
      const response = await route.fetch()
      const html = (await response.text()).replace('data-role', `data-accent="${accent}" data-role`)
      await route.fulfill({ response, body: html })
    })
    await page.goto(`${stage.demo.address}/hosts/plain.html`)
    const painted = await help(page).evaluate(button => {
      const context = document.createElement('canvas').getContext('2d')
      if (!context) return ''
      context.fillStyle = getComputedStyle(button).color
      context.fillRect(0, 0, 1, 1)
      return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].join()
    })
    expect(painted).toBe(ink === 'white' ? '255,255,255' : '0,0,0')
  })
})

describe('a page that changes', () => {
  test('replaces its body: the launcher stays, the open panel stays open, the tag that runs again adds nothing', async () => {
    const swap = await host('swap')
    const { page } = swap
    await page.locator('#swap').click()
    await help(page).waitFor()
    await openHelp(swap)
    await dialog(page).getByRole('combobox').fill('refund')
    await page.locator('#swap').click()
    await page.getByText('Go on from body 2').waitFor()
    expect(await dialog(page).getByRole('combobox').inputValue()).toBe('refund')
    await dialog(page)
      .getByRole('option')
      .filter({ hasText: /refund/i })
      .first()
      .waitFor()
    expect(await page.locator('asklet-root').count()).toBe(1)
  })

  test('has two tags with a global each, and the first one twice: two assistants that share nothing', async () => {
    const { page } = await host('two')
    await page.getByRole('button', { name: 'Partner help' }).waitFor()
    await help(page).waitFor()
    expect(await page.locator('asklet-root').count()).toBe(2)
    await page.evaluate(() => (window as unknown as Asklets).PartnerHelp?.('search', 'refund'))
    const panels = page.getByRole('dialog')
    await panels.getByRole('option').first().waitFor()
    expect(await panels.count()).toBe(1)
    await page.evaluate(() => (window as unknown as Asklets).Asklet?.('open'))
    await expect.poll(() => panels.count()).toBe(2)
    const queries = await panels
      .getByRole('combobox')
      .evaluateAll(fields => fields.map(field => (field as HTMLInputElement).value).sort())
    expect(queries).toEqual(['', 'refund'])
    await page.evaluate(() => (window as unknown as Asklets).PartnerHelp?.('destroy'))
    await expect.poll(() => page.locator('asklet-root').count()).toBe(1)
    await panels.getByRole('option').first().waitFor()
  })
})

describe('destroy', () => {
  test('leaves no node, no global, no request and no effect, even under a conversation with a person', async () => {
    const visitor = await stage.visitor('client')
    const sockets: boolean[] = []
    visitor.page.on('websocket', socket => {
      const at = sockets.push(true) - 1
      socket.on('close', () => {
        sockets[at] = false
      })
    })
    await stage.agent()
    await visitor.goTo('/payments')
    const nodesOfPage = () =>
      visitor.page.evaluate(() => document.querySelectorAll(':not(asklet-root, [data-asklet])').length)
    const nodes = await nodesOfPage()
    await visitor.openHelp()
    await visitor.button('Ask a question').click()
    await visitor.say('This page will throw the assistant out')
    await visitor.button('Talk to a person').last().click()
    await visitor.button(/^Chat now/).click()
    await visitor.page
      .getByText(/in the queue/)
      .first()
      .waitFor()
    await visitor.page.clock.install()

    await visitor.page.evaluate(() => {
      const all = window as unknown as Asklets & { kept?: unknown }
      all.kept = all.Asklet
      all.Asklet?.('destroy')
    })
    expect(await visitor.page.locator('asklet-root').count()).toBe(0)
    expect(await visitor.page.locator('[data-asklet]').count()).toBe(0)
    expect(await nodesOfPage()).toBe(nodes)
    expect(await visitor.page.evaluate(() => 'Asklet' in window)).toBe(false)
    await expect.poll(() => sockets).toEqual(sockets.map(() => false))

    const before = visitor.requests.length
    await visitor.page.evaluate(() => {
      const { kept } = window as unknown as { kept(...call: unknown[]): unknown }
      kept('open')
      kept('ask', 'Is anybody there?')
      history.pushState(null, '', '/payments?after')
      document.dispatchEvent(new Event('visibilitychange'))
      window.dispatchEvent(new Event('online'))
    })
    await visitor.page.clock.fastForward(30_000)
    await visitor.page.waitForTimeout(3_000)
    const own = visitor.requests.slice(before).filter(url => !url.endsWith('/favicon.svg'))
    expect(own).toEqual([])
    expect(await visitor.page.locator('asklet-root').count()).toBe(0)
    expect(sockets.every(isOpen => !isOpen)).toBe(true)
  })

  test('before the panel’s code is there takes the button away and nothing comes after it', async () => {
    const { page, requests } = await host('plain')
    await help(page).waitFor()
    await page.route('**/panel-*.js', async route => {
      await page.evaluate(() => (window as unknown as Asklets).Asklet?.('destroy'))
      await route.continue()
    })
    await help(page).click()
    await expect.poll(() => page.locator('asklet-root').count()).toBe(0)
    await page.waitForTimeout(1_000)
    expect(await page.locator('asklet-root').count()).toBe(0)
    expect(await dialog(page).count()).toBe(0)
    expect(requests.filter(url => url.includes('/help/'))).toEqual([])
  })
})

describe('a page that forbids', () => {
  test('every Trusted Types policy and inline style: search, article, bot, person and Markdown work without a report', async () => {
    const agent = await stage.agent()
    const visitor = await stage.visitor()
    const response = await visitor.page.goto(`${stage.demo.address}/withdrawals`)
    const policy = response?.headers()['content-security-policy']
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'")
    expect(policy).toContain("style-src 'self'")
    await visitor.openHelp()
    await visitor.options.first().click()
    await visitor.page.getByText('Did this solve it?').waitFor()
    await visitor.button('Back').click()
    await visitor.button('Ask a question').click()
    await visitor.say('Strict pages are pages too')
    await visitor.log.locator('[data-author=bot]').first().waitFor()
    await visitor.button('Talk to a person').last().click()
    await visitor.button(/^Chat now/).click()
    await visitor.page
      .getByText(/in the queue/)
      .first()
      .waitFor()
    await agent.take('Strict pages are pages too')
    await agent.reply('**Bold** and <b onclick="alert(1)">raw</b>')
    await visitor.log.locator('[data-author=agent] strong').first().waitFor()
    expect([...visitor.cspReports, ...agent.cspReports]).toEqual([])
  })

  test('all storage: everything works, and the panel says that closing loses what is not yet sent', async () => {
    const agent = await stage.agent()
    const visitor = await stage.visitor()
    await visitor.page.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('The operation is insecure.', 'SecurityError')
          },
        })
      }
    })
    await visitor.goTo('/withdrawals')
    await visitor.openHelp()
    await visitor.options.first().waitFor()
    await visitor.button('Ask a question').click()
    await visitor.say('Storage is refused here')
    await visitor.button('Talk to a person').last().click()
    await visitor.button(/^Chat now/).click()
    await visitor.page
      .getByText('This browser refuses storage: closing the page loses what is not yet sent.')
      .waitFor()
    await agent.take('Storage is refused here')
    await agent.reply('It works all the same.')
    await visitor.log.getByText('It works all the same.').waitFor()
  })
})

describe('a page that is above everything', () => {
  // By its class: the page has a dialog of its own.
  const panelOf = (page: Page) => page.locator('asklet-root .panel')
  const inPanel = (page: Page) =>
    page.evaluate(() => {
      const root = document.querySelector('asklet-root')
      return { within: root?.parentElement?.localName, has: root === document.activeElement }
    })

  test('with a modal dialog: help that is asked for in it is typed into, and gives the focus back', async () => {
    const one = await host('modal')
    const { page } = one
    await help(page).waitFor()
    await page.locator('#open').click()
    await page.locator('#ask').click()
    const search = panelOf(page).getByRole('combobox')
    await expect.poll(() => inPanel(page)).toEqual({ within: 'dialog', has: true })
    await search.pressSequentially('fee')
    await panelOf(page).getByRole('option').filter({ hasText: /fee/i }).first().click()
    await panelOf(page).getByText('Did this solve it?').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => inPanel(page)).toEqual({ within: 'html', has: false })
    expect(
      await page.locator('#pay').evaluate(at => (at as HTMLDialogElement).open),
      'one thing closes',
    ).toBe(true)
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('ask')
    const left = await page.locator('asklet-root').evaluate(at => at.getAttributeNames().join())
    expect(left).not.toContain('popover')
  })

  test('with a modal dialog that opens and closes beside help: what is typed and read stays', async () => {
    const one = await host('modal')
    const { page } = one
    await help(page).click()
    await panelOf(page).getByRole('option').first().waitFor()
    await panelOf(page).getByRole('combobox').pressSequentially('fee')
    await panelOf(page).getByRole('option').filter({ hasText: /fee/i }).first().waitFor()
    await page.locator('#open').click()
    await expect.poll(() => inPanel(page)).toEqual({ within: 'dialog', has: false })
    expect(await page.evaluate(() => document.activeElement?.id), 'the dialog keeps the focus').toBe('card')
    expect(await panelOf(page).getByRole('combobox').inputValue()).toBe('fee')
    await panelOf(page).getByRole('option').first().click()
    await panelOf(page).getByText('Did this solve it?').waitFor()
    await page.locator('#close').click()
    await expect.poll(async () => (await inPanel(page)).within).toBe('html')
    await panelOf(page).getByText('Did this solve it?').waitFor()
    // Taken out of the page without being closed, as a view library does.
    await page.locator('#open').click()
    await expect.poll(async () => (await inPanel(page)).within).toBe('dialog')
    await page.locator('#pay').evaluate(at => at.remove())
    await expect.poll(async () => (await inPanel(page)).within).toBe('html')
    await panelOf(page).getByRole('button', { name: 'Close help' }).click()
    await panelOf(page).waitFor({ state: 'hidden' })
    await page.evaluate(() => (window as unknown as Asklets).Asklet?.('destroy'))
    expect(await page.locator('asklet-root, [data-asklet]').count()).toBe(0)
  })

  test('with an element that fills the screen, and a cover of the highest z-index: help is on top', async () => {
    const one = await host('modal')
    const { page } = one
    await help(page).waitFor()
    await page.locator('#whole').click()
    await page.locator('#askFilm').click()
    await panelOf(page).getByRole('combobox').pressSequentially('fee')
    await panelOf(page).getByRole('option').filter({ hasText: /fee/i }).first().click()
    await panelOf(page).getByText('Did this solve it?').waitFor()
    await page.evaluate(() => document.exitFullscreen())
    await page.locator('#cover').dispatchEvent('click')
    await panelOf(page).getByRole('button', { name: 'Back' }).click()
    await panelOf(page).getByRole('combobox').waitFor()
  })
})
